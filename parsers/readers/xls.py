"""What an XLS file says beside its values, as `parsers.readers.xlsx` finds it in XLSX; the library gives values alone.

The records are those of [MS-XLS] (BIFF8), their stream is found as in [MS-CFB]; what is not understood is left out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from parsers.readers.xlsx import Unseen, as_printed

_BOF, _EOF, _SHEET, _FORMAT, _XF, _ROW, _COLUMNS = 0x809, 0x0A, 0x85, 0x41E, 0xE0, 0x208, 0x7D
_NUMBER, _RK, _ROW_OF_RK, _FORMULA = 0x203, 0x27E, 0xBD, 0x06
_BUILT_IN = {9: "0%", 10: "0.00%"}  # number formats that no record defines
_NO_SECTOR = 0xFFFFFFFA  # this and all above
_LAST_COLUMN = 255


def unseen_in_xls(data: bytes, max_cells: int) -> dict[str, Unseen]:
    """By sheet name; {} for a file whose stream or records are not understood. A sheet that spans more than `max_cells`
    is only said to be too large."""
    try:
        stream = _stream(data, "Workbook")
        sheets: dict[int, str] = {}
        formats = dict(_BUILT_IN)
        looks: list[int] = []  # the format of each kind of cell
        for kind, record in _records(stream, 0):
            if kind == _SHEET:
                sheets[struct.unpack_from("<I", record)[0]] = _text(record[6], record[7:])
            elif kind == _FORMAT:
                number, length = struct.unpack_from("<HH", record)
                formats[number] = _text(length, record[4:])
            elif kind == _XF:
                looks.append(struct.unpack_from("<H", record, 2)[0])
        codes = {at: formats[number] for at, number in enumerate(looks) if number in formats}
        return {name: _sheet(stream, at, codes, max_cells) for at, name in sheets.items()}
    except (struct.error, IndexError):
        return {}


def _sheet(stream: bytes, at: int, codes: Mapping[int, str], max_cells: int) -> Unseen:
    found = Unseen()
    bottom = right = 0
    for kind, record in _records(stream, at):
        if kind == _ROW and record[12] & 0x20:
            found.rows.add(struct.unpack_from("<H", record)[0])
        elif kind == _COLUMNS and record[8] & 1:
            first, last = struct.unpack_from("<HH", record)
            found.columns.update(range(first, min(last, _LAST_COLUMN) + 1))
        elif kind == _FORMULA and _has_no_result(record):
            row, column = struct.unpack_from("<HH", record)
            bottom, right = max(bottom, row + 1), max(right, column + 1)
            found.texts[row, column] = "="
        else:
            for row, column, look, value in _numbers(kind, record):
                bottom, right = max(bottom, row + 1), max(right, column + 1)
                if look in codes and (text := as_printed(value, codes[look])):
                    found.texts[row, column] = text
        if bottom * right > max_cells:
            return Unseen(too_large=True)
    return found


def _numbers(kind: int, record: bytes) -> Iterator[tuple[int, int, int, float]]:
    """Row, column, kind of cell and value of the numbers in a record."""
    if kind == _NUMBER or (kind == _FORMULA and record[12:14] != b"\xff\xff"):
        yield struct.unpack_from("<HHHd", record)
    elif kind == _RK:
        row, column, look, packed = struct.unpack_from("<HHHI", record)
        yield row, column, look, _unpacked(packed)
    elif kind == _ROW_OF_RK:
        row, column = struct.unpack_from("<HH", record)
        for at, (look, packed) in enumerate(struct.iter_unpack("<HI", record[4:-2])):
            yield row, column + at, look, _unpacked(packed)


def _unpacked(packed: int) -> float:
    """A number in 30 bits: whole, or the upper half of a double; by its lowest bit a hundredth of that."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed >> 31 else 0))
    else:
        value = struct.unpack("<d", struct.pack("<II", 0, packed & ~3))[0]
    return value / 100 if packed & 1 else value


def _has_no_result(record: bytes) -> bool:
    """Whether a formula was never computed: programs that write tables leave an empty text, or 0 and the mark that it
    is to be computed on opening."""
    if record[12:14] == b"\xff\xff":
        return record[6] == 3
    return bool(record[14] & 2) and not any(record[6:14])


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of the records of a sheet, or of the workbook itself, without those of charts inside it."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _text(length: int, characters: bytes) -> str:
    wide = characters[0] & 1
    return characters[1 : 1 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _stream(data: bytes, name: str) -> bytes:
    """The stream of that name in an OLE file; b"" if there is none. Raises struct.error for a broken one."""
    size = 1 << struct.unpack_from("<H", data, 30)[0] % 16
    if size not in (512, 4096):
        return b""
    tables = list(struct.unpack_from("<109I", data, 76))
    following = struct.unpack_from("<I", data, 68)[0]
    while following < _NO_SECTOR and len(tables) <= 109 + len(data) // (size * size // 4):
        *more, following = struct.unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        tables += more
    chains = [n for table in tables if table < _NO_SECTOR for n in _words(data, table, size)]

    def content(sector: int) -> bytes:
        sectors: list[bytes] = []
        while sector < len(chains) and len(sectors) <= len(chains):
            sectors.append(data[(sector + 1) * size : (sector + 2) * size])
            sector = chains[sector]
        return b"".join(sectors)

    directory = content(struct.unpack_from("<I", data, 48)[0])
    wanted = name.encode("utf-16-le")
    for at in range(0, len(directory) - 127, 128):
        if directory[at : at + len(wanted) + 2] == wanted + b"\0\0":
            start, length = struct.unpack_from("<IQ", directory, at + 116)
            return content(start)[:length]
    return b""


def _words(data: bytes, sector: int, size: int) -> tuple[int, ...]:
    return struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)
