"""Tables that lines rule on a PDF page: their cells with true spans, and the text in each."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges
from pdfplumber.utils import filter_edges

from parsers.model import PICTURE, UNSURE
from parsers.readers.pdf_page import UNKNOWN, Box, Letter, Sheet, line_edge

_NEAR = 3.0  # points within which two lines are one, as pdfplumber has it
_MAX_EDGES = 4000  # of one page; a table of 30 rows and 10 columns has 600
_BROKEN_NUMBER = re.compile(r"[+-]?\d[\d,.]*(?:\n[\d,.]+)+(?:\n?(?:万?元|件))?")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DOUBT = 0.9  # confidence of a figure put together round one that is struck out
_FIGURE = frozenset("0123456789.,+-%")
_TOUCHING = 0.12  # heights of a letter between two digits of one figure at most
_BLANK = 0.3  # heights of a letter between two letters that are parted by a blank


@dataclass(slots=True)
class Slot:
    """A cell of a table: its box, place and spans, the letters in it, its page if that is not its table's."""

    box: Box
    row: int
    column: int
    rowspan: int
    colspan: int
    letters: list[Letter] = field(default_factory=list)
    text: str = ""
    page: int | None = None
    confidence: float = 1.0


@dataclass(slots=True)
class Ruled:
    """A ruled table, or one without `lines`: its box, cells, number of rows and the left sides of its columns."""

    box: Box
    slots: list[Slot]
    rows: int
    lefts: list[float]
    lines: bool = True


def ruled_tables(sheet: Sheet) -> list[Ruled]:
    """The ruled tables of a page from top to bottom, their texts filled in. Letters in them are taken off the page.
    What lines part into rows alone is none: a frame, or a table whose columns nothing rules."""
    edges = filter_edges(sheet.edges, min_length=1)
    if len(edges) > _MAX_EDGES:
        return []
    edges = filter_edges(merge_edges(edges, _NEAR, _NEAR, _NEAR, _NEAR), min_length=_NEAR)
    edges = [*edges, *_open_ends(edges)]
    edges.extend(_open_sides(edges))
    cells = intersections_to_cells(edges_to_intersections(edges, _NEAR, _NEAR))
    tables = [table for group in cells_to_tables(cells) if len((table := _table(group)).lefts) > 1]
    for table in tables:
        _fill(table, sheet)
    return tables


def _open_ends(edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines that are missing across the ends of two or more upright lines: the page break cut a row there. Where no
    line at all runs across them, its rows are told apart by their heights alone, as those of a table without lines."""
    across = [e for e in edges if e["orientation"] == "h"]
    uprights = [e for e in edges if e["orientation"] == "v" and any(_meet(e, a) for a in across)]
    found = []
    for key in ("top", "bottom"):
        levels: dict[int, list[dict[str, Any]]] = {}
        for upright in uprights:
            levels.setdefault(round(upright[key] / 2), []).append(upright)
        for group in levels.values():
            y = group[0][key]
            x0, x1 = min(e["x0"] for e in group), max(e["x0"] for e in group)
            if x1 - x0 < 20 or any(abs(a["top"] - y) <= _NEAR and a["x0"] < x1 and a["x1"] > x0 for a in across):
                continue
            found.append(line_edge("h", x0, y, x1, y))
    return found


def _meet(upright: dict[str, Any], across: dict[str, Any]) -> bool:
    beside = across["x0"] - _NEAR <= upright["x0"] <= across["x1"] + _NEAR
    return bool(beside and upright["top"] - _NEAR <= across["top"] <= upright["bottom"] + _NEAR)


def _open_sides(edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outermost upright lines where a table has none: three or more lines across begin, or end, at one place."""
    uprights = [e for e in edges if e["orientation"] == "v"]
    found = []
    for key in ("x0", "x1"):
        levels: dict[int, list[dict[str, Any]]] = {}
        for across in edges:
            if across["orientation"] == "h":
                levels.setdefault(round(across[key] / 3), []).append(across)
        for group in levels.values():
            x, top, bottom = group[0][key], min(e["top"] for e in group), max(e["top"] for e in group)
            inner = [u for u in uprights if u["top"] < bottom - 1 and u["bottom"] > top + 1]
            crossing = [u for u in inner if any(e["x0"] + _NEAR < u["x0"] < e["x1"] - _NEAR for e in group)]
            if len(group) > 2 and crossing and not any(abs(u["x0"] - x) <= _NEAR for u in inner):
                found.append(line_edge("v", x, top, x, bottom))
    return found


def _levels(values: Sequence[float]) -> list[float]:
    """Sorted places, those within a point taken as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > 1:
            found.append(value)
    return found


def _at(levels: Sequence[float], value: float) -> int:
    return max(0, bisect_right(levels, value + 1) - 1)


def _table(boxes: Sequence[Box]) -> Ruled:
    xs = _levels([x for b in boxes for x in (b[0], b[2])])
    ys = _levels([y for b in boxes for y in (b[1], b[3])])

    def slot(b: Box) -> Slot:
        return Slot(b, _at(ys, b[1]), _at(xs, b[0]), _at(ys, b[3]) - _at(ys, b[1]), _at(xs, b[2]) - _at(xs, b[0]))

    slots = [slot(b) for b in boxes]
    slots = [slot(_beside_others(s.box, boxes)) if s.rowspan > 1 < s.colspan else s for s in slots]
    slots.sort(key=lambda slot: (slot.row, slot.column))
    return Ruled((xs[0], ys[0], xs[-1], ys[-1]), slots, len(ys) - 1, xs[:-1])


def _beside_others(box: Box, boxes: Sequence[Box]) -> Box:
    """The box up to the first cell inside it: where lines are missing at a page's end, the frame closes a cell that
    begins at its side."""
    inside = [
        b for b in boxes if b != box and box[0] < (b[0] + b[2]) / 2 < box[2] and box[1] < (b[1] + b[3]) / 2 < box[3]
    ]
    side = min((b[0] for b in inside), default=box[2])
    return (box[0], box[1], side, box[3]) if side > box[0] + _NEAR else box


def _fill(table: Ruled, sheet: Sheet) -> None:
    """Move the page's letters into the cells they stand in; those between the lines but in no cell get one of their
    own, so that nothing is lost in silence."""
    x0, top, x1, bottom = table.box
    xs = [*table.lefts, x1]
    ys = _levels([y for slot in table.slots for y in (slot.box[1], slot.box[3])])
    places = {
        (r, c): slot
        for slot in table.slots
        for r in range(slot.row, slot.row + slot.rowspan)
        for c in range(slot.column, slot.column + slot.colspan)
    }
    left: list[Letter] = []
    figures: list[tuple[Letter, Slot | None]] = []
    uprights = [e for e in sheet.edges if e["orientation"] == "v"]
    seen = len(sheet.letters)
    for n, letter in enumerate((*sheet.letters, *sheet.beyond)):
        x, y = (letter.x0 + letter.x1) / 2, (letter.top + letter.bottom) / 2
        if not (x0 <= x <= x1 and top <= y <= bottom):
            if n < seen:
                left.append(letter)
                if top <= y <= bottom and letter.text in _FIGURE:
                    figures.append((letter, None))
            continue
        if letter.text.isspace():
            continue
        at = min(bisect_right(xs, x), len(xs) - 1) - 1
        near = at + (xs[at + 1] - x < x - xs[at])  # the line that is nearer
        if 0 < near < len(xs) - 1 and abs(xs[near] - x) <= _NEAR:
            at = near - (x < _true(uprights, xs[near], y))
        place = min(bisect_right(ys, y), len(ys) - 1) - 1, at
        slot = places.get(place)
        if slot is None:
            r, c = place
            slot = places[place] = Slot((xs[c], ys[r], xs[c + 1], ys[r + 1]), r, c, 1, 1)
            table.slots.append(slot)
        slot.letters.append(letter)
        if letter.text in _FIGURE:
            figures.append((letter, slot))
    sheet.letters = left
    table.slots.sort(key=lambda slot: (slot.row, slot.column))
    room = _padding(table.slots)
    for slot in table.slots:
        slot.text = cell_text(slot.letters)
        if UNKNOWN in slot.text:
            slot.text, slot.confidence = slot.text + UNSURE, _DOUBT
        if "\n" in slot.text and _BROKEN_NUMBER.fullmatch(slot.text):
            struck = any(not letter.text for letter in slot.letters)  # a line may end where a struck figure begins
            if struck or _is_full(slot, room):
                slot.text = slot.text.replace("\n", "")
                slot.confidence = _DOUBT if struck else 1.0
    for slot in _overrun(figures):
        slot.text, slot.confidence = slot.text + UNSURE, _DOUBT
    for x0, top, x1, bottom in sheet.marks:
        place = bisect_right(ys, (top + bottom) / 2) - 1, bisect_right(xs, (x0 + x1) / 2) - 1
        if (shown := places.get(place)) and not shown.text:
            shown.text = PICTURE


def _overrun(figures: list[tuple[Letter, Slot | None]]) -> list[Slot]:
    """The cells of which a figure runs over the line to its neighbour, or out of the table: no digit between the two
    is surely the one's or the other's."""
    found: dict[int, Slot] = {}
    figures.sort(key=lambda item: (round(item[0].top + item[0].bottom), item[0].x0))
    for (before, one), (after, other) in pairwise(figures):
        level = abs(before.top + before.bottom - after.top - after.bottom) <= 1
        apart = before.piece != after.piece or after.x0 - before.x1 > after.size * _TOUCHING
        if one is not other and level and not before.turn and not apart:
            found |= {id(slot): slot for slot in (one, other) if slot}
    return list(found.values())


def _true(uprights: Sequence[dict[str, Any]], level: float, y: float) -> float:
    """Where exactly the line stands, at that height, of which a table has the mean place on its page: cells without
    room at their sides begin at it."""
    here = [e["x0"] for e in uprights if abs(e["x0"] - level) <= _NEAR and e["top"] <= y <= e["bottom"]]
    return (min(here) + max(here)) / 2 if here else level


def _padding(slots: Sequence[Slot]) -> float:
    """The least room that this table leaves at both sides of a cell's letters together."""
    left = min((x.x0 - slot.box[0] for slot in slots for x in slot.letters), default=0.0)
    right = min((slot.box[2] - x.x1 for slot in slots for x in slot.letters), default=0.0)
    return max(left, 0.0) + max(right, 0.0)


def _is_full(slot: Slot, padding: float) -> bool:
    """Whether no further digit would fit into any line but the last: then a number was broken for want of room, and
    not two numbers put below each other."""
    lines = [line for line in lines_of(slot.letters) if any(letter.text for letter in line)]
    for line in lines[:-1]:
        room = slot.box[2] - slot.box[0] - padding - (line[-1].x1 - line[0].x0)
        if room > max(x.x1 - x.x0 for x in line) + 0.5:
            return False
    return True


def cell_text(letters: Sequence[Letter]) -> str:
    """The text of a cell, line by line; letters lying on their side are put in their own order."""
    upright = [letter for letter in letters if not letter.turn]
    turned = [letter for letter in letters if letter.turn]
    text = "\n".join(text for line in lines_of(upright) if (text := line_text(line)))
    if not turned:
        return text
    down = turned[0].turn < 0
    turned.sort(key=lambda x: (-round(x.x0) if down else round(x.x0), x.top if down else -x.top))
    return "\n".join(part for part in (text, "".join(letter.text for letter in turned)) if part)


def lines_of(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Letters by lines from top to bottom, each from left to right; a raised mark is in the line it is raised from."""
    lines: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda x: x.top + x.bottom):
        if lines:
            last = max(lines[-1], key=lambda x: x.size)
            shared = min(letter.bottom, last.bottom) - max(letter.top, last.top)
            if shared > min(letter.size, last.size) * 0.5:
                lines[-1].append(letter)
                continue
        lines.append([letter])
    for line in lines:
        line.sort(key=lambda x: x.x0)
    return lines


def line_text(line: Sequence[Letter]) -> str:
    """Letters of a line put together, with blanks where they stand apart; small raised figures are marks of notes."""
    size = max(letter.size for letter in line)
    base = max(letter.bottom for letter in line)
    text = ""
    previous: Letter | None = None
    for letter in line:
        if previous is not None and letter.x0 - previous.x1 > size * _BLANK and text[-1:] != " ":
            text += " "
        small = letter.size < size * 0.75 and base - letter.bottom > size * 0.2
        text += letter.text.translate(_RAISED) if small else letter.text
        previous = letter
    return text.strip()
