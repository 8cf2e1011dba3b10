"""Spreadsheets (XLSX, XLS): each sheet is a grid, merged cells are spans."""

from __future__ import annotations

import io

from python_calamine import CalamineError, CalamineWorkbook

from parsers.folding import fold
from parsers.model import Block, Cell, Document, Grid, ParserError, Place

MAX_SHEETS = 30
MAX_CELLS = 60_000  # of one sheet; a report has under 2,000


def read_sheets(data: bytes) -> Document:
    """A Document with a heading Block (the sheet's name) and a Grid for each sheet that is not empty. Raises
    ParserError if the workbook cannot be opened."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, OSError, ValueError) as error:
        raise ParserError(f"expected a readable XLSX or XLS workbook: {error}") from error
    parts: list[Block | Grid] = []
    offset = 0
    for name in book.sheet_names[:MAX_SHEETS]:
        try:
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
        except (CalamineError, OSError, ValueError) as error:
            raise ParserError(f"expected a readable sheet {name!r}: {error}") from error
        if not any(value not in ("", None) for row in rows for value in row):
            continue
        if sum(len(row) for row in rows) > MAX_CELLS:
            raise ParserError(f"the sheet {name!r} has more than {MAX_CELLS} cells")
        if name and not name.lower().startswith("sheet"):
            parts.append(Block(name, offset))
            offset += len(name) + 1
        index = sum(isinstance(part, Grid) for part in parts)
        parts.append(_grid(rows, merged, index))
    return Document("sheet", tuple(parts))


def _grid(rows: list[list[object]], merged: list[tuple[tuple[int, int], tuple[int, int]]], index: int) -> Grid:
    spans = dict(merged)
    covered = {
        (r, c)
        for (r0, c0), (r1, c1) in merged
        for r in range(r0, r1 + 1)
        for c in range(c0, c1 + 1)
        if (r, c) != (r0, c0)
    }
    filled = [max((i + 1 for i, value in enumerate(row) if value not in ("", None)), default=0) for row in rows]
    width = max([*filled, *(end[1] + 1 for end in spans.values())], default=0)
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        for c in range(width):
            if (r, c) in covered:
                continue
            r1, c1 = spans.get((r, c), (r, c))
            text = shown(row[c]) if c < len(row) else ""
            cells.append(Cell(text, r, c, r1 - r + 1, c1 - c + 1, Place(index, r, c)))
    return Grid(index, tuple(cells), len(rows), width)


def shown(value: object) -> str:
    """A cell's value as text: whole numbers without a point, amounts without the noise of binary fractions."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.10f}".rstrip("0")
    return fold(str(value)) if not isinstance(value, str) else value
