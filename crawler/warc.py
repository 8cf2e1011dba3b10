"""The WARC of a run: every request and response as they went over the wire, in a file that no crash can break.

A run writes `warc/<name>.warc.gz.open`, each record a gzip member of its own, and renames it when it closes. What a
killed run left is put in order by the next crawl (crawler.recovery); a lock on the open file tells a dead writer from
a living one. Rows of `fetches` name the final file from the start.
"""

from __future__ import annotations

import fcntl
import os
import threading
import zlib
from base64 import b32encode
from datetime import datetime
from hashlib import sha256
from http.client import responses
from pathlib import Path
from typing import IO, NamedTuple
from uuid import uuid4

from crawler.errors import CrawlerError
from db.packing import Packed, member

FOLDER = "warc"
OPEN = ".open"
LARGEST = 1 << 30  # bytes of one file; readers and backups like them smaller than disks
FIELDS = "application/warc-fields"
HTTP = "application/http; msgtype="
HOP_BY_HOP = frozenset({"transfer-encoding", "connection", "keep-alive", "proxy-connection", "trailer", "upgrade"})


class Told(NamedTuple):
    """What the row of a fetch says and HTTP does not: it stands in the record too, in fields of our own, so that the
    row can be written again from it. `asked`: the address before redirects; `result`: what a failure is to a look.
    """

    column: str
    purpose: str
    asked: str
    result: str = ""

    def fields(self) -> dict[str, str]:
        """As named fields of a record (WARC 1.1 lets others stand beside its own)."""
        return {f"OGIWatch-{name.capitalize()}": value for name, value in self._asdict().items() if value}


class Warc:
    """Writes the records of one run, from one thread at a time: packing and hashing leave other threads alone."""

    def __init__(self, home: Path, name: str, software: str) -> None:
        self._folder = home / FOLDER
        self._base = name
        self._software = software
        self._part = 0
        self._file: IO[bytes] | None = None
        self._end = 0  # bytes written to it
        self._path = self._folder
        self._lock = threading.Lock()

    @property
    def file(self) -> str:
        """The name, inside the WARC folder, that the file being written will have."""
        return self._path.name.removesuffix(OPEN)

    def exchange(
        self,
        *,
        url: str,
        at: datetime,
        request: tuple[str, list[tuple[str, str]], bytes],
        response: tuple[int, str, list[tuple[str, str]], bytes | Packed] | None,
        told: Told,
        ip: str = "",
        error: str = "",
    ) -> tuple[str, int]:
        """Write one exchange: `request` is (method, headers, body), `response` (status, protocol, headers, wire body).

        Without a response the record is a `metadata` record that holds `error`. Returns the file's name and the offset
        of the response (or metadata) record. Raises CrawlerError if it cannot be written.
        """
        return self._write(_exchange(url, at, request, response, told, ip, error), at)

    def drawn(self, *, url: str, at: datetime, body: bytes, maker: str, of: bytes, told: Told) -> tuple[str, int]:
        """Write what scripts made of a page: a `conversion` record, and a `metadata` record that says so.

        `of` is the page as it was sent. Returns and raises as `exchange` does.
        """
        made, packed = _record(
            "conversion", at, (body,), "text/html; charset=utf-8",
            {"WARC-Target-URI": url, "WARC-Payload-Digest": digest(body)} | told.fields(),
        )  # fmt: skip
        words = f"description: the document after its scripts ran, not what was sent\r\nmaker: {maker}\r\n"
        words += f"made-of: {digest(of)}\r\n"
        about = {"WARC-Target-URI": url, "WARC-Refers-To": made}
        return self._write(packed + _record("metadata", at, (words.encode(),), FIELDS, about)[1], at)

    def _write(self, packed: bytes, at: datetime) -> tuple[str, int]:
        with self._lock:
            try:
                if self._file is None or self._end > LARGEST:
                    self._open(at)
                offset = self._end
                self._append(packed)
            except OSError as failure:
                raise CrawlerError(f"{self._path}: cannot be written: {failure.strerror or failure}") from failure
            return self.file, offset

    def close(self) -> None:
        """End the file under its final name; without a record there is none."""
        if self._file is None:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._path.rename(self._path.with_name(self.file))
        self._file.close()
        self._file = None

    def _open(self, at: datetime) -> None:
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        while True:
            self._part += 1
            name = f"{self._base}-{self._part:03}.warc.gz"
            self._path = self._folder / (name + OPEN)
            if (self._folder / name).exists():
                continue
            try:
                self._file = self._path.open("xb")
                break
            except FileExistsError:
                continue
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._end = 0
        info = f"software: {self._software}\r\nformat: WARC File Format 1.1\r\nrobots: obey\r\n"
        self._append(_record("warcinfo", at, (info.encode(),), FIELDS, {"WARC-Filename": name})[1])

    def _append(self, packed: bytes) -> None:
        assert self._file is not None
        self._file.write(packed)
        self._file.flush()
        self._end += len(packed)


def _exchange(
    url: str,
    at: datetime,
    request: tuple[str, list[tuple[str, str]], bytes],
    response: tuple[int, str, list[tuple[str, str]], bytes | Packed] | None,
    ours: Told,
    ip: str,
    error: str,
) -> bytes:
    """The records of one exchange: the response (or what it failed with) and the request."""
    told = {"WARC-Target-URI": url}
    if response is not None:
        status, protocol, headers, body = response
        body = body if isinstance(body, Packed) else Packed(body)
        more = told | {"WARC-Payload-Digest": digest(body)} | ({"WARC-IP-Address": ip} if ip else {}) | ours.fields()
        head = _head(f"{protocol} {status} {responses.get(status, 'Unknown')}", _end_to_end(headers, len(body.data)))
        made, first = _record("response", at, (head, body), HTTP + "response", more)
    else:
        made, first = _record("metadata", at, (f"error: {error}\r\n".encode(),), FIELDS, told | ours.fields())
    method, headers, sent = request
    block = (_head(f"{method} {_target(url)} HTTP/1.1", headers), sent)
    return first + _record("request", at, block, HTTP + "request", told | {"WARC-Concurrent-To": made})[1]


def _head(line: str, headers: list[tuple[str, str]]) -> bytes:
    """The head of an HTTP message; letters beyond ASCII in it go as the bytes they came as."""
    head = "".join([f"{line}\r\n", *(f"{name}: {value}\r\n" for name, value in headers), "\r\n"])
    return head.encode("latin-1", "replace")


def _record(
    kind: str, at: datetime, block: tuple[bytes | Packed, ...], mime: str, told: dict[str, str]
) -> tuple[str, bytes]:
    """One record (WARC 1.1, sections 4 and 5) as a gzip member of its own, with its id.

    Written here and not by warcio's writer, which takes seven times the time that is not packing and hashing, under the
    interpreter's lock, and writes `%C3%A9` where a server sent the byte E9.
    """
    made = f"<urn:uuid:{uuid4()}>"
    fields = {"WARC-Type": kind, "WARC-Record-ID": made, "WARC-Date": warc_date(at)} | told
    length = sum(len(part.data if isinstance(part, Packed) else part) for part in block)
    fields |= {"WARC-Block-Digest": digest(*block), "Content-Type": mime, "Content-Length": str(length)}
    head = "".join(["WARC/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in fields.items()), "\r\n"])
    return made, member(head.encode(), *block, b"\r\n\r\n")


def exchange_at(home: Path, file: str, offset: int) -> bytes:
    """The two records of one exchange as they stand in a WARC of the home: response (or metadata) and request, each a
    gzip member. Raises CrawlerError where they are not there whole.
    """
    path = home / FOLDER / file
    if not path.exists():  # its run still writes it, or was killed and not tidied up yet
        path = path.with_name(file + OPEN)
    found = b""
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            for _ in range(2):
                length = member_length(stream)
                stream.seek(offset)
                found += stream.read(length)
                offset += length
                stream.seek(offset)
    except OSError as error:
        raise CrawlerError(f"{path}: cannot be read: {error.strerror or error}") from error
    if not found or not length:
        raise CrawlerError(f"{path}: expected two whole records at byte {offset}")
    return found


def member_length(stream: IO[bytes]) -> int:
    """How many bytes the gzip member at the stream's place takes; 0 if it is not whole."""
    unpacker, length = zlib.decompressobj(zlib.MAX_WBITS | 16), 0
    while data := stream.read(1 << 16):
        try:
            unpacker.decompress(data)
        except zlib.error:
            return 0
        if unpacker.eof:
            return length + len(data) - len(unpacker.unused_data)
        length += len(data)
    return 0


def digest(*parts: bytes | Packed) -> str:
    """The digest of what the parts are together, as WARC 1.1 writes it."""
    if len(parts) == 1 and isinstance(parts[0], Packed):
        made = parts[0].sha256
    else:
        hashed = sha256()
        for part in parts:
            hashed.update(part.data if isinstance(part, Packed) else part)
        made = hashed.digest()
    return "sha256:" + b32encode(made).decode()


def warc_date(at: datetime) -> str:
    """An instant as WARC-Date."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _target(url: str) -> str:
    return "/" + url.split("://", 1)[-1].partition("/")[2]


def _end_to_end(headers: list[tuple[str, str]], length: int) -> list[tuple[str, str]]:
    """The headers without those of the connection, and with the length of what is recorded."""
    kept = [(k, v) for k, v in headers if k.lower() not in HOP_BY_HOP and k.lower() != "content-length"]
    return [*kept, ("Content-Length", str(length))]
