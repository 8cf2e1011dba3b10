"""ZIP archives: their members, within limits."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from parsers.model import ParserError

MAX_MEMBERS = 60
_LAST_NUMBER = re.compile(r"(.*?)(\d{1,30})(\D*)", re.DOTALL)
_YEAR = re.compile(r"20\d\d")
MAX_UNPACKED = 120_000_000  # bytes of all members together
_FAULTS = (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, RuntimeError, NotImplementedError)


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files in a ZIP. Raises ParserError if it is broken, encrypted or unpacks to too much
    (sizes are counted while unpacking: what the directory claims is not believed)."""
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if entry.filename and not entry.is_dir()]
            for entry in entries[:MAX_MEMBERS]:
                name = _name(entry)
                if "__MACOSX/" in name or name.rsplit("/", 1)[-1].startswith((".", "~$")):
                    continue
                with archive.open(entry) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise ParserError(f"the archive unpacks to more than {MAX_UNPACKED} bytes")
                yield name, content
            if len(entries) > MAX_MEMBERS:
                raise ParserError(f"only the first {MAX_MEMBERS} of {len(entries)} members were read")
    except _FAULTS as error:
        if isinstance(error, ParserError):
            raise
        raise ParserError(f"expected a readable ZIP archive: {error}") from error


def _name(entry: zipfile.ZipInfo) -> str:
    """A member's name; archives made on Chinese systems write GBK without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def shown_by(page: str, markup: str, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those of an archive's `pictures` (by member's name) that the page in its member `page` names, by their address
    as seen from it."""
    found: dict[str, bytes] = {}
    for name, held in pictures.items():
        address = posixpath.relpath(name, posixpath.dirname(page) or ".")
        for written in (address, quote(address), address.replace("/", "\\")):
            if written in markup:
                found[written] = found[f"./{written}"] = held
    return found


def in_pages(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Names of pictures, those that differ only in their last number together, in its order: pages of one document.
    Years are no numbers of pages."""
    groups: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for name in names:
        stem, dot, ending = name.rpartition(".")
        found = _LAST_NUMBER.fullmatch(stem if dot else name)
        if found is None or _YEAR.fullmatch(found[2]):
            groups[name, ""] = [(0, name)]
        else:
            groups.setdefault((found[1], found[3] + ending.lower()), []).append((int(found[2]), name))
    return [tuple(name for _, name in sorted(group)) for group in groups.values()]
