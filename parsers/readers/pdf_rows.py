"""Which figures of a column belong to which row of a table without lines: by their height on the page alone.

A row is a band of the page, apart from its neighbours, and all its cells stand in it: at its top, its middle or its
bottom, but all in the same way. So the lines of a figure lie beside the lines of its row's label, or the other way
round where the figure takes more of them; what lies beside no label, or beside two, belongs to no row for certain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from parsers.readers.pdf_labels import Label
from parsers.readers.pdf_words import Line

_NEAR = 0.45  # heights of a letter by which baselines on one level may differ: fonts stand differently in their lines
_PITCH = 2.3  # heights of a letter between two lines of a cell at most
_LOOSER = 1.15  # times the labels' own lines that those of a figure may be apart
_EVEN = 0.2  # heights of a letter by which the lines of a cell may be spaced unevenly
_MOST = 8  # lines of one cell
Cells = dict[int, list[Line]]  # the lines of each row's cell
Placed = tuple[Cells, list[Line]]  # and those that are in none
_Miss = Callable[[Label, Sequence[Line]], float]
_WAYS: tuple[_Miss, ...] = (
    lambda row, cell: (cell[0][0].y + cell[-1][0].y) / 2 - row.middle,
    lambda row, cell: cell[0][0].y - row.ys[0],
    lambda row, cell: cell[-1][0].y - row.ys[-1],
)  # how far a cell is from the middle, the top, and the bottom of its row's label


def placed(rows: Sequence[Label], columns: Sequence[Sequence[Line]], strange: Sequence[float]) -> list[Placed]:
    """For each column the lines of each row's cell, by the one way of setting that explains most; where several explain
    as much, what they agree on. `strange`: the levels of words between the rows that are no label."""
    steps = [b - a for row in rows if row.words for a, b in pairwise(row.ys) if b - a <= row.words[0].size * _PITCH]
    pitch = max(steps) * _LOOSER if steps else float("inf")
    ways = [[_matched(rows, lines, miss, strange, pitch) for lines in columns] for miss in _WAYS]
    lost = [sum(left for _, left in way) for way in ways]
    best = [way for way, count in zip(ways, lost, strict=True) if count == min(lost)]
    return [_agreed(lines, [way[at][0] for way in best]) for at, lines in enumerate(columns)]


def _agreed(lines: Sequence[Line], ways: Sequence[Cells]) -> Placed:
    cells = {row: cell for row, cell in ways[0].items() if all(way.get(row) == cell for way in ways)}
    kept = {id(line) for cell in cells.values() for line in cell}
    return cells, [line for line in lines if id(line) not in kept]


def _matched(
    rows: Sequence[Label], lines: Sequence[Line], miss: _Miss, strange: Sequence[float], pitch: float
) -> tuple[Cells, int]:
    """The fewest lines left over, then the most cells: each cell of lines that follow each other fits one row."""
    best: list[tuple[int, int, tuple[tuple[int, int, int], ...]]] = [(0, 0, ())]
    for end in range(1, len(lines) + 1):
        lost, cells, chosen = best[end - 1]
        options = [(lost + 1, cells, chosen)]
        for size in range(1, min(_MOST, end) + 1):
            cell = lines[end - size : end]
            if not _is_even(cell, pitch):
                break
            lost, cells, chosen = best[end - size]
            row = _row(rows, cell, miss, strange)
            if row is not None and (not chosen or chosen[-1][0] < row):
                options.append((lost, cells - 1, (*chosen, (row, end - size, end))))
        best.append(min(options, key=lambda option: option[:2]))
    return {row: list(lines[start:end]) for row, start, end in best[-1][2]}, best[-1][0]


def _is_even(cell: Sequence[Line], pitch: float) -> bool:
    steps = [b[0].y - a[0].y for a, b in pairwise(cell)]
    size = cell[0][0].size
    if any(abs(line[0].size - size) > size * 0.15 for line in cell):
        return False
    return not steps or (max(steps) <= min(size * _PITCH, pitch) and max(steps) - min(steps) <= size * _EVEN)


def _row(rows: Sequence[Label], cell: Sequence[Line], miss: _Miss, strange: Sequence[float]) -> int | None:
    """The one row that a cell lies beside."""
    top, bottom, near = cell[0][0].y, cell[-1][0].y, cell[0][0].size * _NEAR
    beside = [n for n, row in enumerate(rows) if row.ys[0] - near <= bottom and top <= row.ys[-1] + near]
    if len(beside) != 1:
        return None
    row = rows[beside[0]]
    if row.ys[0] - near <= top and bottom <= row.ys[-1] + near:
        return beside[0]
    if any(top - near <= y <= bottom + near for y in strange):
        return None
    return beside[0] if abs(miss(row, cell)) <= near else None
