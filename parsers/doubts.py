"""Rows whose printed shape is not that of their table: read only if they cannot have been shifted.

A lost cell and a blank one look alike once a row is padded to the table's width. Where that may have happened a row
counts only if all its figures are equal (a shift changes nothing) or its own total confirms the places.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from parsers.columns import PROCEEDINGS
from parsers.model import Cell, Number
from parsers.rows import Row
from parsers.values import parse_value

_FULL_WIDTH = re.compile("[\uff10-\uff19]")


def doubt_shapes(rows: Sequence[Row]) -> None:
    """Leave unread the rows of one table that lost or gained a cell and could be read shifted."""
    usual: dict[int, int] = {}  # asked for only by a row that lacks something
    for row in rows:
        if not row.cells or row.table == "disputes":
            continue
        kept = len(row.cells)
        if len(row.values) < kept or not 0 < _filled(row.values) < kept:
            continue  # every place is taken, or none, or one cell spans them all
        even = row.table == "proactive" or len({cell.colspan for cell in row.values}) == 1
        usual = usual or _usual_lengths(rows)
        if row.exact and even and len(row.values) == usual.get(kept):
            continue
        others = [r for r in rows if r.cells and r.grid == row.grid]
        if not row.exact and not any(len(r.values) > len(r.cells) for r in others):
            continue  # nothing is padded here: an empty cell is an empty cell
        if len(others) > 4 and all(_filled(r.values) < len(r.cells) for r in others):
            continue  # the last column is empty throughout
        if row.table == "proactive" or not _stands(row.cells):
            row.reason = f"a cell is missing or empty among its {kept} and the row may be shifted"
            row.cells = {}
    _doubt_disputes([row for row in rows if row.table == "disputes"])


def doubt_broken(rows: Sequence[Row]) -> None:
    """Leave unread what lines of a PDF say in full-width digits: these break anywhere, so a line may hold the end of a
    figure of the row above."""
    loose = [row for row in rows if not row.exact]
    broken = {row.table for row in loose if any(_FULL_WIDTH.search(cell.text) for cell in row.values)}
    for row in loose:
        if row.table in broken and row.cells:
            row.reason = "its figures are in full-width digits, which a PDF without lines may break between two rows"
            row.cells = {}


def _usual_lengths(rows: Sequence[Row]) -> dict[int, int]:
    """For each number of columns how many value cells a row of the table has most often."""
    counts: dict[int, Counter[int]] = {}
    for row in rows:
        kept = 7 if row.table == "requests" else len(row.cells)
        if kept:
            counts.setdefault(kept, Counter())[len(row.values)] += 1
    return {key: tally.most_common(1)[0][0] for key, tally in counts.items()}


def _filled(values: Sequence[Cell]) -> int:
    """The number of value cells up to the last one that is not empty."""
    if values and values[-1].text:
        return len(values)
    return next((at for at in range(len(values), 0, -1) if values[at - 1].text), 0)


def _numbers(cells: dict[str, Cell]) -> dict[str, Number | None]:
    return {code: parse_value(cell.text, change=code == "change").number for code, cell in cells.items()}


def _stands(cells: dict[str, Cell]) -> bool:
    numbers = _numbers(cells)
    known = {value for value in numbers.values() if value is not None}
    if len(known) <= 1:
        return True
    total = numbers.pop("total", None)
    return total is not None and sum(value for value in numbers.values() if value is not None) == total


def _doubt_disputes(rows: Sequence[Row]) -> None:
    """The fifteen cells are one printed row; padded and its last cell empty, the totals have to confirm the places."""
    by_proceeding = {row.code: row for row in rows if row.cells}
    last = by_proceeding.get(PROCEEDINGS[-1])
    if last is None or not last.padded or last.cells["total"].text:
        return
    if not any(cell.text for row in by_proceeding.values() for cell in row.cells.values()):
        return
    for row in by_proceeding.values():
        if row is last or not _stands(row.cells):
            row.reason, row.cells = "its last cell is empty and its totals do not confirm the places", {}
