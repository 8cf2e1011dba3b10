"""Grids to strips: one strip is what stands in one printed row, whatever the format, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress, count, pairwise
from operator import attrgetter, ne

from parsers.model import Cell, Grid, record
from parsers.values import looks_like_value
from parsers.vocabulary import lookup

_ROW = attrgetter("row")


@record
class Strip:
    """Cells of a printed row, and their texts, '' for figures. `exact`: they come from a real table row, so blanks and
    positions are to be trusted."""

    cells: tuple[Cell, ...]
    words: tuple[str, ...]
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
    cells, words = grid.cells, _words(grid.cells)
    rows = [*map(_ROW, cells)]
    starts = [0, *compress(count(1), map(ne, rows, rows[1:])), len(cells)]
    for start, end in pairwise(starts) if cells else ():
        yield Strip(cells[start:end], words[start:end], grid.index, True, grid.columns)


def _words(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(["" if (text := cell.text).isdigit() else text for cell in cells])


def shortened(strip: Strip, length: int) -> Strip:
    """The last cells of a strip."""
    return Strip(strip.cells[-length:], strip.words[-length:], strip.grid, strip.exact, strip.width)


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
                yield Strip(tuple(held[:start]), _words(held[:start]), grid.index, False)
                held, seen_value = held[start:], False
        if not blank and held and not seen_value:
            seen_value = not _is_label(cell)
        held.append(cell)
    if held:
        yield Strip(tuple(held), _words(held), grid.index, False)


def _without_margin(held: list[Cell]) -> list[Cell]:
    """A row cut inside its line, without the blanks before its first figure: they may stand for a label's merged cells,
    and counted as figures they would make a row of the right length out of the wrong ones."""
    last = max((i for i, cell in enumerate(held) if cell.text and lookup(cell.text)), default=-1)
    return [cell for i, cell in enumerate(held) if i <= last or cell.text or any(c.text for c in held[last + 1 : i])]


def _is_label(cell: Cell) -> bool:
    """A text that is not a value. Words for none (未制作规章) are values unless a form prints them (无法提供)."""
    return bool(lookup(cell.text)) or not looks_like_value(cell.text)
