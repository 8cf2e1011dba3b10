"""Tables laid out otherwise than the form, brought back to its shape where that cannot be mistaken."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from parsers.folding import core
from parsers.model import Cell, Grid, Place, State
from parsers.values import looks_like_value, parse_value
from parsers.vocabulary import Kind, lookup


def reshaped(grid: Grid) -> Grid:
    """The grid with rows and columns exchanged back, repeated cells merged again, and a shared zero in each row."""
    if not grid.exact and _is_written_out(grid):
        grid = replace(grid, exact=True)
    if not grid.exact or not grid.cells:
        return grid
    if _is_turned(grid):
        cells = (replace(c, row=c.column, column=c.row, place=_printed(c)) for c in grid.cells)
        return Grid(grid.index, tuple(sorted(cells, key=lambda c: (c.row, c.column))), grid.columns, grid.rows)
    if (half := _half(grid)) is not None:
        return _stacked(grid, half)
    if _repeats(grid):
        grid = _merged(grid)
    if any(cell.rowspan > 1 and _is_zero(cell.text) for cell in grid.cells):
        return _shared(grid)
    return grid


def _is_written_out(grid: Grid) -> bool:
    """Lines of text of equally many cells, merged ones repeated in each of their places: columns are to be trusted."""
    return bool(grid.cells) and len(grid.cells) == grid.rows * grid.columns and _repeats(grid)


def _printed(cell: Cell) -> Place:
    """Where a cell stands in the document, before it is moved."""
    return cell.place or Place(row=cell.row, column=cell.column)


def _is_turned(grid: Grid) -> bool:
    """Labels of rows along the top and headings of columns down the side, one cell each, of one table."""
    if grid.columns < 3 or grid.rows < 4 or len(grid.cells) != grid.rows * grid.columns:
        return False
    table = "requests" if grid.columns > 5 else "proactive"
    top = (c.text for c in grid.cells if c.row == 0 < c.column)
    side = (c.text for c in grid.cells if c.column == 0 < c.row)
    return (
        all(_names(text, table, Kind.ROW) for text in top)
        and all(_names(text, table, Kind.COLUMN) for text in side)
        and all(c.rowspan * c.colspan == 1 for c in grid.cells)
    )


def _names(text: str, table: str, kind: Kind) -> bool:
    return any(hit.table == table and hit.kind is kind for hit in lookup(text))


def _half(grid: Grid) -> int | None:
    """The column where the sheet's heading begins again (指标 单位 数量 指标 单位 数量); None if it does not."""
    if grid.columns < 4 or grid.columns % 2 or any(c.rowspan > 1 for c in grid.cells):
        return None
    half = grid.columns // 2
    for row in range(min(3, grid.rows)):
        texts = [core(cell.text) for cell in grid.cells if cell.row == row]
        if len(texts) == grid.columns and texts[:half] == texts[half:] and _names(texts[0], "indicators", Kind.CLAUSE):
            return half
    return None


def _stacked(grid: Grid, half: int) -> Grid:
    """The right half of a sheet below its left half; what spans both stands in the left one."""
    left = [c for c in grid.cells if c.column < half]
    right = [
        replace(c, row=c.row + grid.rows, column=c.column - half, place=_printed(c))
        for c in grid.cells
        if c.column >= half
    ]
    return Grid(grid.index, tuple(left + right), grid.rows * 2, half)


def _repeats(grid: Grid) -> bool:
    """Merged cells that an editor wrote out: what opens a block or names all applicants stands in a row thrice."""
    texts: dict[int, list[str]] = {}
    for cell in grid.cells:
        texts.setdefault(cell.row, []).append("" if cell.text.isdigit() else cell.text)
    for printed in texts.values():
        if len(printed) - printed.count("") < 3:
            continue
        row = [core(text) for text in printed]
        for i, (word, following) in enumerate(pairwise(row)):
            if word and word == following and _opens(word) and row.index(word) == i and row.count(word) >= 3:
                return True
    return False


@lru_cache(maxsize=4096)
def _opens(word: str) -> bool:
    return any(
        hit.kind is Kind.CLAUSE or hit.code == "applicants" or (hit.kind is Kind.GROUP and hit.table == "disputes")
        for hit in lookup(word)
    )


def _merged(grid: Grid) -> Grid:
    """Equal neighbours that are no values as one cell; values too, where the heading above them was one cell."""
    slots = {(c.row, c.column): c for c in grid.cells}
    out: list[Cell] = []
    wide: list[tuple[int, int]] = []  # columns from, to that one heading spans
    for r in range(grid.rows):
        row = [slots[r, c] for c in range(grid.columns) if (r, c) in slots]
        heading = not any(looks_like_value(cell.text) for cell in row)
        spans: list[tuple[int, int]] = []
        i = 0
        while i < len(row):
            end = i + 1
            while end < len(row) and row[end].text == row[i].text and row[i].text and _may_merge(row, i, end, wide):
                end += 1
            cell = row[i]
            last = row[end - 1]
            width = last.column + last.colspan - cell.column
            if heading and width > 1:
                spans.append((cell.column, cell.column + width))
            above = slots.get((r - 1, cell.column))
            repeated = heading and above is not None and above.text == cell.text and not _is_clause(cell.text)
            if not repeated:
                out.append(replace(cell, colspan=width))
            i = end
        if heading:
            wide = spans
    return Grid(grid.index, tuple(out), grid.rows, grid.columns)


def _may_merge(row: list[Cell], start: int, end: int, wide: list[tuple[int, int]]) -> bool:
    if not looks_like_value(row[start].text):
        return True
    return any(a <= row[start].column and row[end].column < b for a, b in wide)


def _is_clause(text: str) -> bool:
    return any(hit.kind is Kind.CLAUSE for hit in lookup(text))


def _is_zero(text: str) -> bool:
    value = parse_value(text)
    return value.number == 0 or (value.state is State.PLACEHOLDER and looks_like_value(text))


def _shared(grid: Grid) -> Grid:
    """A zero (or a dash) that spans rows stands in each of them; of another figure nobody knows whose it is."""
    cells = list(grid.cells)
    for cell in grid.cells:
        if cell.rowspan > 1 and _is_zero(cell.text):
            lower = range(cell.row + 1, cell.row + cell.rowspan)
            cells.extend(replace(cell, row=r, rowspan=1, place=_printed(cell)) for r in lower)
    cells.sort(key=lambda c: (c.row, c.column))
    return Grid(grid.index, tuple(cells), grid.rows, grid.columns)
