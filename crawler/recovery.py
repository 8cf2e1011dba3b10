"""What a killed run left is put in order: its WARC ends with a whole record, and each exchange in it has its row.

Rows of fetches wait for the next thing that a visit keeps (crawler.notes), so a kill can lose the last of them; their
records stand in the WARC, which is written first, and say all that the rows do.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlite_utils import Database
from warcio.archiveiterator import ArchiveIterator

from crawler.options import PAGES, Options
from crawler.warc import FOLDER, OPEN, Told
from db.archive import Archive
from db.crawl_rows import store_fetch
from db.transactions import write
from registry.model import Fetched, LookResult


def recover(home: Path, db: Database, archive: Archive) -> list[str]:
    """Close what killed runs left open: cut back to the last whole record, given its rows, renamed; the names.

    Files that a living process writes are left alone. Killed itself, it is done again. Raises DatabaseError.
    """
    closed = []
    for path in sorted((home / FOLDER).glob(f"*.warc.gz{OPEN}")):
        with path.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if not path.exists():  # closed by its writer, or by another that recovers
                continue
            end = whole_length(file)
            if end == 0:
                path.unlink()
                continue
            file.truncate(end)
            os.fsync(file.fileno())
            final = path.with_name(path.name.removesuffix(OPEN))
            file.seek(0)
            write_rows(file, final.name, db, archive)
            path.rename(final)
            closed.append(final.name)
    return closed


def write_rows(file: IO[bytes], name: str, db: Database, archive: Archive) -> int:
    """Write the rows of fetches whose records stand in the WARC `name` and which no row speaks of; how many.

    Such a row belongs to no look: its visit has none. Raises DatabaseError, ArchiveError.
    """
    with write(db):
        known = {offset for (offset,) in db.conn.execute("SELECT warc_offset FROM fetches WHERE warc_file = ?", [name])}
        columns = {column for (column,) in db.conn.execute("SELECT id FROM columns")}
        made = 0
        for offset, told, fetched in _exchanges(file):
            if offset in known or told.column not in columns:
                continue
            sha256 = archive.put(fetched.body) if fetched.body else ""
            store_fetch(db, fetched, column_id=told.column, sha256=sha256, warc_file=name, warc_offset=offset)
            made += 1
        return made


def _exchanges(file: IO[bytes]) -> Iterator[tuple[int, Told, Fetched]]:
    """Each exchange of a WARC of ours: where it stands, what its row says beyond HTTP, and what came."""
    records = ArchiveIterator(file)
    for record in records:
        given = record.rec_headers
        column, purpose, asked = (given.get_header(f"OGIWatch-{name}") for name in ("Column", "Purpose", "Asked"))
        if not column:
            continue
        told = Told(column, purpose, asked, given.get_header("OGIWatch-Result") or "")
        at = datetime.fromisoformat(given.get_header("WARC-Date"))
        body, fault = _body(record, purpose) if record.rec_type != "metadata" else (b"", told.result)
        status = int(record.http_headers.get_statuscode()) if record.rec_type == "response" and not fault else None
        fetched = Fetched(asked, at, purpose, status, given.get_header("WARC-Target-URI"), body=body, error=fault)
        yield records.get_record_offset(), told, fetched


def _body(record: Any, purpose: str) -> tuple[bytes, str]:
    """What was sent, unpacked as it was for its row; and what kept it from being unpacked."""
    most = Options.page_bytes if purpose in PAGES else Options.document_bytes
    try:
        body = record.content_stream().read(most + 1)
    except (EOFError, OSError, zlib.error):
        return b"", str(LookResult.DECODING)
    return (body, "") if len(body) <= most else (b"", str(LookResult.TOO_LARGE))


def whole_length(file: IO[bytes]) -> int:
    """How many bytes from the start are whole gzip members."""
    end = 0
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    buffer = b""
    position = 0  # of the end of what was handed to the unpacker
    while True:
        buffer = buffer or file.read(1 << 16)
        if not buffer:
            return end
        try:
            unpacker.decompress(buffer)
        except zlib.error:
            return end
        if unpacker.eof:
            position += len(buffer) - len(unpacker.unused_data)
            end, buffer = position, unpacker.unused_data
            unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        else:
            position += len(buffer)
            buffer = b""
