"""Grids to strips: one strip is what stands in one printed row, whatever the format, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from parsers.model import Cell, Grid, record
from parsers.values import looks_like_value
from parsers.vocabulary import Hit, Kind, lookup


@record
class Strip:
    """Cells of a printed row. `exact`: they come from a real table row, so blanks and positions are to be trusted."""

    cells: tuple[Cell, ...]
    grid: int
    exact: bool
    width: int = 0  # columns of the whole grid


def strips(grid: Grid) -> Iterator[Strip]:
    """The rows of an exact grid, or the stream of an inexact one cut anew wherever a label follows a value."""
    if grid.exact:
        yield from _rows(grid)
    else:
        yield from _stream(grid)


def _rows(grid: Grid) -> Iterator[Strip]:
    for _, row in groupby(grid.cells, attrgetter("row")):
        yield Strip(tuple(row), grid.index, True, grid.columns)


def _stream(grid: Grid) -> Iterator[Strip]:
    """A strip ends where a label comes after a value, or on a new line after blanks (padding to the full width)."""
    held: list[Cell] = []
    seen_value = False
    for cell in grid.cells:
        blank = not cell.text
        if not blank and _is_label(cell) and held:
            new_line = cell.row != held[-1].row
            if seen_value or (new_line and not held[-1].text):
                if cell.row == held[-1].row and not lookup(cell.text):
                    held = _without_margin(held)  # what cuts its line may be a figure nobody can read
                start = len(held)
                while start > 1 and not held[start - 1].text and held[start - 1].row == cell.row:
                    start -= 1  # empty cells in front of a label are its row's, not the one's before
                yield Strip(tuple(held[:start]), grid.index, False)
                held, seen_value = held[start:], False
        if not blank and held and not seen_value:
            seen_value = not _is_label(cell)
        held.append(cell)
    if held:
        yield Strip(tuple(held), grid.index, False)


def _without_margin(held: list[Cell]) -> list[Cell]:
    """A row cut inside its line, without the blanks before its first figure: they may stand for a label's merged cells,
    and counted as figures they would make a row of the right length out of the wrong ones."""
    last = max((i for i, cell in enumerate(held) if cell.text and lookup(cell.text)), default=-1)
    return [cell for i, cell in enumerate(held) if i <= last or cell.text or any(c.text for c in held[last + 1 : i])]


def _is_label(cell: Cell) -> bool:
    """A text that is not a value. Words for none (未制作规章) are values unless a form prints them (无法提供)."""
    return bool(lookup(cell.text)) or not looks_like_value(cell.text)


@lru_cache(maxsize=4096)
def row_hits(text: str) -> tuple[Hit, ...]:
    """The readings of `text` as the label of a row."""
    return tuple(hit for hit in lookup(text) if hit.kind is Kind.ROW)
