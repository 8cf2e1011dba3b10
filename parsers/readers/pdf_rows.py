"""Which figures of a column belong to which row of a table without lines: by their height on the page alone.

In one table all cells are either centred on their row, or begin at its top. So each figure's lines have to lie just
where the row's label says; what lies elsewhere belongs to no row for certain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from parsers.readers.pdf_labels import Label
from parsers.readers.pdf_words import Line

_NEAR = 0.3  # heights of a letter by which a cell may miss its row
_PITCH = 2.3  # heights of a letter between two lines of a cell at most
_EVEN = 0.2  # heights of a letter by which the lines of a cell may be spaced unevenly
_MOST = 8  # lines of one cell
Cells = dict[int, list[Line]]  # the lines of each row's cell
Placed = tuple[Cells, list[Line]]  # and those that are in none


def placed(rows: Sequence[Label], columns: Sequence[Sequence[Line]]) -> list[Placed] | None:
    """For each column the lines of each row's cell, by the one way of setting that explains more; None where two ways
    explain as much and not the same."""
    ways = [[_centred(rows, lines) for lines in columns], [_topped(rows, lines) for lines in columns]]
    lost = [sum(len(left) for _, left in way) for way in ways]
    if lost[0] == lost[1] and ways[0] != ways[1]:
        return None
    return ways[0] if lost[0] <= lost[1] else ways[1]


def _centred(rows: Sequence[Label], lines: Sequence[Line]) -> Placed:
    return _matched(rows, lines, lambda row, cell: (cell[0][0].y + cell[-1][0].y) / 2 - row.middle, 0.5)


def _topped(rows: Sequence[Label], lines: Sequence[Line]) -> Placed:
    return _matched(rows, lines, lambda row, cell: cell[0][0].y - row.ys[0], 1.0)


def _matched(
    rows: Sequence[Label], lines: Sequence[Line], miss: Callable[[Label, list[Line]], float], share: float
) -> Placed:
    """The fewest lines left over, then the most cells: each cell of lines that follow each other fits one row."""
    best: list[tuple[int, int, tuple[tuple[int, int, int], ...]]] = [(0, 0, ())]
    for end in range(1, len(lines) + 1):
        lost, cells, chosen = best[end - 1]
        options = [(lost + 1, cells, chosen)]
        for size in range(1, min(_MOST, end) + 1):
            cell = list(lines[end - size : end])
            if not _is_even(cell):
                break
            lost, cells, chosen = best[end - size]
            row = _row(rows, cell, miss, share)
            if row is not None and (not chosen or chosen[-1][0] < row):
                options.append((lost, cells - 1, (*chosen, (row, end - size, end))))
        best.append(min(options, key=lambda option: option[:2]))
    found = {row: list(lines[start:end]) for row, start, end in best[-1][2]}
    kept = {id(line) for cell in found.values() for line in cell}
    return found, [line for line in lines if id(line) not in kept]


def _is_even(cell: Sequence[Line]) -> bool:
    steps = [b[0].y - a[0].y for a, b in pairwise(cell)]
    size = cell[0][0].size
    if any(abs(line[0].size - size) > size * 0.15 for line in cell):
        return False
    return not steps or (max(steps) <= size * _PITCH and max(steps) - min(steps) <= size * _EVEN)


def _row(
    rows: Sequence[Label], cell: list[Line], miss: Callable[[Label, list[Line]], float], share: float
) -> int | None:
    """The one row that a cell lies at, if it leaves its neighbours the room that so many lines take."""
    size = cell[0][0].size
    fitting = [n for n, row in enumerate(rows) if abs(miss(row, cell)) <= size * _NEAR]
    if len(fitting) != 1 or len(cell) == 1:
        return fitting[0] if len(fitting) == 1 else None
    n = fitting[0]
    row = rows[n]
    pitch = (cell[-1][0].y - cell[0][0].y) / (len(cell) - 1)
    if share < 1:
        need = pitch * (len(cell) + 1) / 2 - size * _NEAR
        near = [abs(other.middle - row.middle) for other in rows[max(n - 1, 0) : n + 2] if other is not row]
    else:
        need = pitch * len(cell) - size * _NEAR
        near = [other.ys[0] - row.ys[0] for other in rows[n + 1 : n + 2]]
    return n if all(distance >= need for distance in near) else None
