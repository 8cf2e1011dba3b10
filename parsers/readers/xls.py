"""What an XLS file says beside its values: hidden rows and columns, formulas without a result, percentages.

The library that reads the values gives no formats. Records of the workbook's stream as in [MS-XLS] (BIFF8), the stream
as in [MS-CFB]; what is not understood is left out, never guessed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from parsers.readers.xlsx import PERCENT, Unseen, is_percentage, is_scaled

_END_OF_CHAIN = 0xFFFFFFFA  # and all above: no sector
_BOF, _EOF, _SHEET, _FORMAT, _XF, _ROW, _COLUMNS = 0x809, 0x0A, 0x85, 0x41E, 0xE0, 0x208, 0x7D
_NUMBER, _RK, _MANY_RK, _FORMULA = 0x203, 0x27E, 0xBD, 0x06
_FORMULA_TEXT = b"\x00", b"\xff\xff"  # ends of a result that is a string, which follows in a record of its own


class _Record(NamedTuple):
    kind: int
    at: int
    data: bytes


def unseen_in_xls(data: bytes) -> dict[str, Unseen]:
    """By sheet name, as `parsers.readers.xlsx.unseen` does for XLSX; {} where the stream cannot be found."""
    stream = _stream(data)
    sheets: dict[int, str] = {}
    formats: dict[int, str] = {}
    numbers: list[int] = []  # of the format of each XF
    found: dict[str, Unseen] = {}
    current: Unseen | None = None
    depth = 0
    try:
        for record in _records(stream):
            if record.kind == _BOF:
                depth += 1
                if depth == 1 and record.at in sheets:
                    current = found.setdefault(sheets[record.at], Unseen())
            elif record.kind == _EOF:
                depth -= 1
            elif record.kind == _SHEET:
                sheets[struct.unpack_from("<I", record.data)[0]] = _text(record.data[6], record.data[7:])
            elif record.kind == _FORMAT:
                number, length = struct.unpack_from("<HH", record.data)
                formats[number] = _text(length, record.data[4:])
            elif record.kind == _XF:
                numbers.append(struct.unpack_from("<HH", record.data)[1])
            elif current is not None and depth == 1:
                _note(record, current, [_shown_as(formats, number) for number in numbers])
    except (struct.error, IndexError):
        return found
    return found
