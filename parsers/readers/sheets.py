"""Spreadsheets (XLSX, XLS): a visible sheet is a grid, merged cells are spans, hidden rows and columns left out."""

from __future__ import annotations

import io
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from types import TracebackType

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from parsers.folding import fold
from parsers.model import Block, Cell, Document, Grid, ParserError, Place, Problem
from parsers.readers.xls import unseen_in_xls
from parsers.readers.xlsx import Unseen, unseen

MAX_SHEETS = 30
MAX_CELLS = 60_000  # of one sheet; a report has under 2,000
_NOTHING = Unseen()
_FAULTS = (CalamineError, OSError, ValueError)
Range = tuple[tuple[int, int], tuple[int, int]]  # first row and column, last row and column


class _NoPanic:
    """Makes a ParserError of a panic of the library, which is written in Rust: it is no Exception."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None and kind.__name__ == "PanicException":
            raise ParserError(f"expected a readable XLSX or XLS workbook: {error}") from error


def read_sheets(data: bytes) -> Document:
    """A Document with a heading Block (the sheet's name) and a Grid for each visible sheet that is not empty. Raises
    ParserError if the workbook cannot be opened."""
    with _NoPanic():
        return _read(data)


def _read(data: bytes) -> Document:
    beside = unseen(data, MAX_CELLS) if data.startswith(b"PK") else unseen_in_xls(data, MAX_CELLS)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise ParserError("expected a workbook without a password") from error
    except _FAULTS as error:
        raise ParserError(f"expected a readable XLSX or XLS workbook: {error}") from error
    parts: list[Block | Grid] = []
    problems: list[Problem] = []
    offset = grids = 0
    names = [sheet.name for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]
    if len(names) > MAX_SHEETS:
        problems.append(Problem("too_large", f"only the first {MAX_SHEETS} of {len(names)} sheets were read", "sheets"))
    for name in names[:MAX_SHEETS]:
        try:
            grid = _sheet(book, name, beside, grids)
        except ParserError as error:
            problems.append(Problem("too_large", str(error), name))
            continue
        if not any(cell.text for cell in grid.cells):
            continue
        if name and not name.lower().startswith("sheet"):
            parts.append(Block(name, offset))
            offset += len(name) + 1
        parts.append(grid)
        grids += 1
    return Document("sheet", tuple(parts), problems=tuple(problems))


def _sheet(book: CalamineWorkbook, name: str, beside: Mapping[str, Unseen], index: int) -> Grid:
    """One sheet; ParserError if it is too large or broken."""
    more = beside.get(name, _NOTHING)
    if more.too_large:
        raise ParserError(f"the sheet {name!r} has more than {MAX_CELLS} cells")
    try:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > MAX_CELLS:
            raise ParserError(f"the sheet {name!r} has more than {MAX_CELLS} cells")
        rows = sheet.to_python(skip_empty_area=False)
        merged = sheet.merged_cell_ranges or []
    except _FAULTS as error:
        if isinstance(error, ParserError):
            raise
        raise ParserError(f"expected a readable sheet {name!r}: {error}") from error
    texts = [[shown(value) for value in row] for row in rows]
    for (r, c), text in more.texts.items():  # also right of and below the last value
        texts.extend([] for _ in range(len(texts), r + 1))
        texts[r].extend("" for _ in range(len(texts[r]), c + 1))
        texts[r][c] = text
    return _grid(texts, merged, more, index, name)


def _grid(rows: Sequence[Sequence[str]], merged: Sequence[Range], more: Unseen, index: int, name: str) -> Grid:
    merged = [(start, (min(end[0], len(rows) - 1), end[1])) for start, end in merged if start[0] < len(rows)]
    area = sum((end[0] - start[0] + 1) * (end[1] - start[1] + 1) for start, end in merged)
    if area > MAX_CELLS:
        raise ParserError(f"the merged cells of a sheet cover {area} cells; at most {MAX_CELLS} are read")
    spans = dict(merged)
    covered = {
        (r, c)
        for (r0, c0), (r1, c1) in merged
        for r in range(r0, r1 + 1)
        for c in range(c0, c1 + 1)
        if (r, c) != (r0, c0)
    }
    filled = [max((i + 1 for i, text in enumerate(row) if text), default=0) for row in rows]
    width = max([*filled, *(end[1] + 1 for end in spans.values())], default=0)
    down = [r for r in range(len(rows)) if r not in more.rows]
    across = [c for c in range(min(width, MAX_CELLS)) if c not in more.columns]
    cells: list[Cell] = []
    for row, r in enumerate(down):
        for column, c in enumerate(across):
            if (r, c) in covered:
                continue
            r1, c1 = spans.get((r, c), (r, c))
            text = rows[r][c] if c < len(rows[r]) else ""
            height = bisect_right(down, r1) - bisect_left(down, r) if r1 > r else 1
            breadth = bisect_right(across, c1) - bisect_left(across, c) if c1 > c else 1
            cells.append(Cell(text, row, column, height, breadth, Place(index, r, c, sheet=name)))
    return Grid(index, tuple(cells), len(down), len(across))


def shown(value: object) -> str:
    """A cell's value as text: whole numbers without a point, amounts without the noise of binary fractions."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.10f}".rstrip("0")
    return fold(str(value)) if not isinstance(value, str) else value.strip()
