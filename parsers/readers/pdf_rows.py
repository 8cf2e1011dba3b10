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
_FAR = 0.6  # the same where the rows stand so far apart that no other is meant
_SHARE = 0.3  # of the room between two rows' labels, at most, for that
_TELLING = 6  # cells that show how a table's cells are set, at least
_MOSTLY = 0.9  # of them, for a way of setting
_SELDOM = 0.5  # of them, for any other
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
    best = [n for n, count in enumerate(lost) if count == min(lost)]
    if len(best) > 1:
        best = _shown(rows, [[cells for cells, _ in ways[n]] for n in best], best)
    return [_agreed(lines, [ways[n][at][0] for n in best]) for at, lines in enumerate(columns)]


def _shown(rows: Sequence[Label], found: Sequence[Sequence[Cells]], ways: list[int]) -> list[int]:
    """The one of these ways that the cells show on which all agree and that tell the ways apart; else all of them."""
    misses: list[list[bool]] = []
    for columns in zip(*found, strict=True):
        for row, cell in columns[0].items():
            if all(cells.get(row) == cell for cells in columns):
                near = cell[0][0].size * _NEAR
                misses.append([abs(_WAYS[n](rows[row], cell)) <= near for n in ways])
    telling = [fits for fits in misses if not all(fits)]
    counts = [sum(fits[at] for fits in telling) for at in range(len(ways))]
    if len(telling) < _TELLING or max(counts) < len(telling) * _MOSTLY:
        return ways
    chosen = counts.index(max(counts))
    others = [count for at, count in enumerate(counts) if at != chosen]
    return [ways[chosen]] if max(others) <= len(telling) * _SELDOM else ways


def is_beyond(row: Label, cell: Sequence[Line]) -> bool:
    """Whether lines of a cell, which has several, stand above or below the lines of its row's label."""
    near = cell[0][0].size * _NEAR
    return len(cell) > 1 and not (row.ys[0] - near <= cell[0][0].y and cell[-1][0].y <= row.ys[-1] + near)


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
    top, bottom, size = cell[0][0].y, cell[-1][0].y, cell[0][0].size
    beside = [
        n for n, row in enumerate(rows)
        if row.ys[0] - _reach(rows, n, -1, size) <= bottom and top <= row.ys[-1] + _reach(rows, n, 1, size)
    ]  # fmt: skip
    if len(beside) != 1:
        return None
    row, near = rows[beside[0]], size * _NEAR
    if row.ys[0] - near <= top and bottom <= row.ys[-1] + near:
        return beside[0]
    if any(top - near <= y <= bottom + near for y in strange):
        return None
    missed = miss(row, cell)
    return beside[0] if abs(missed) <= _reach(rows, beside[0], 1 if missed > 0 else -1, size) else None


def _reach(rows: Sequence[Label], n: int, side: int, size: float) -> float:
    """How far above (-1) or below (1) a row's label its figures may stand."""
    above, below = (n - 1, n) if side < 0 else (n, n + 1)
    if above < 0 or below >= len(rows):
        return size * _NEAR
    room = rows[below].ys[0] - rows[above].ys[-1]
    return min(max(size * _NEAR, room * _SHARE), size * _FAR)
