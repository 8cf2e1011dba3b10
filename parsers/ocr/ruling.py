"""Ruled tables in a picture that stands upright: their lines, their cells, and which cells are in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.ocr.engine import Box as Corners
from parsers.ocr.engine import Image, unstained
from parsers.ocr.grounds import light_lines

Matrix = NDArray[np.float64]
Box = tuple[int, int, int, int]  # left, top, right, bottom
_PRESENT = 0.75  # share of a cell's side on which a line is seen where there is one
_ABSENT = 0.3  # and at most where there is none; between the two nobody can say
_MOST_LINES = 200
_LEAST_CELLS = 6  # of a table that a frame is drawn round
_ROOM = 0.3  # of a letter's height: between the frames of two cells beside each other
_PAUSE = 0.35  # of a letter's height: between two pieces of a dashed line
_LONG = (3.0, 1.0)  # letters' heights that a dashed line is long, a level one and an upright one
_MARGIN = 0.4  # of a letter's height: by how much the box of a line of text is wider than its words
_STROKE = 6  # pixels that a single line takes at most, made thicker by 2 as it is when it is looked for


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that runs nearly level; for upright ones level and upright are exchanged."""

    offset: float
    slope: float
    wide: float = 0.0  # by how much it takes more room to each side than a single stroke: a double line

    def at(self, along: float) -> float:
        return self.offset + self.slope * along

    def crossing(self, other: _Line) -> float:
        """How far along this line the other one crosses it."""
        return (other.offset + other.slope * self.offset) / (1 - self.slope * other.slope)


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell: its place and spans, its inside in pixels of the straightened table (left, top, right, bottom)."""

    row: int
    column: int
    rowspan: int
    colspan: int
    box: Box
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table made straight: its picture, how to get there from the page's pixels, and its cells by rows."""

    image: Image
    warp: Matrix
    slots: tuple[Slot, ...]
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Lines:
    """Pixels of a page: of its level and its upright lines, and of its `text`."""

    level: Image
    upright: Image
    text: Image


def lines_of(page: Image, boxes: Sequence[Corners], letter: float) -> Lines:
    """The lines that rule a page; `boxes`: its lines of text, `letter`: their usual height in pixels."""
    text = np.zeros(page.shape[:2], np.uint8)
    for box in boxes:
        cv2.fillConvexPoly(text, box.astype(np.int32), 255)
    text = np.asarray(cv2.erode(text, np.ones((1, int(letter * _MARGIN) | 1), np.uint8)), np.uint8)
    return Lines(*_line_masks(unstained(page), text, letter), text)


def ruled_tables(page: Image, lines: Lines, letter: float) -> Iterator[Ruled]:
    """The tables of a page whose lines run nearly level, those of one column left out: their rows are parted by lines,
    their cells are not. `letter`: the usual height of a line of text in pixels."""
    level, upright, text = lines.level, lines.upright, lines.text
    both = cv2.dilate(level | upright, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(both)
    order = sorted(range(1, count), key=lambda i: (stats[i, cv2.CC_STAT_TOP], stats[i, cv2.CC_STAT_LEFT]))
    order = [i for i in order if stats[i, 2] >= 4 * letter and stats[i, 3] >= 0.9 * letter]
    tables = [i for i in order if _cells(labels, stats, i) >= _LEAST_CELLS]
    for i in order:
        if any(_holds(stats[i], stats[other]) for other in tables if other != i):
            continue  # a frame round tables: the edge of the paper, or a line that a page is framed with
        ys, xs = np.nonzero((labels == i) & ((level | upright) > 0))
        for warp, size in _ways(xs, ys):
            image = cv2.warpPerspective(page, warp, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
            table = _table(image, cv2.warpPerspective(text, warp, size, flags=cv2.INTER_NEAREST), warp, letter)
            if table is not None:
                yield table
                break


def _cells(labels: NDArray[np.int32], stats: NDArray[np.int32], i: int) -> int:
    """How many places the lines of one group part within their bounds."""
    left, top, width, height = (int(n) for n in stats[i, :4])
    away = (labels[top : top + height, left : left + width] != i).astype(np.uint8)
    return int(cv2.connectedComponents(away, connectivity=4)[0]) - 1


def _holds(outer: NDArray[np.int32], inner: NDArray[np.int32]) -> bool:
    """Whether the bounds of one group of lines lie within those of another."""
    (x, y, w, h), (left, top, width, height) = outer[:4], inner[:4]
    return bool(x < left and y < top and left + width < x + w and top + height < y + h)


def _line_masks(grey: Image, text: Image, letter: float) -> tuple[Image, Image]:
    """Pixels of level and of upright lines: runs of ink longer than any stroke of a letter; on clean paper, whose
    specks mean something, also dashes outside the `text` and light lines between grounds."""
    ink = dark(grey)
    grainy = bool(np.median(cv2.absdiff(grey, cv2.medianBlur(grey, 3))))  # as paper is that was scanned or photographed
    if not grainy:
        ink[light_lines(grey, letter)] = 255
    run = max(12, int(letter * 1.15))
    level = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    level = cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    level = cv2.morphologyEx(level, cv2.MORPH_CLOSE, np.ones((1, int(letter * _ROOM) | 1), np.uint8))
    level = cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((1, int(run * 1.6)), np.uint8))
    upright = cv2.dilate(ink, np.ones((1, 3), np.uint8))
    upright = cv2.morphologyEx(upright, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8))
    if not grainy:
        dashes = _dashes(ink, text, letter)
        level |= _broken(dashes, letter, int(letter * _LONG[0]))
        upright |= _broken(dashes.T, letter, int(letter * _LONG[1])).T
    return level, upright


def dark(grey: Image) -> Image:
    """Pixels darker than what is round them."""
    found = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    return np.asarray(found, np.uint8)


def _dashes(ink: Image, text: Image, letter: float) -> Image:
    """The small pieces of ink outside the text that touch nothing and of which dashed and dotted lines are made."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    small = sides.max(axis=1) <= letter * 0.6
    small[np.unique(labels[text > 0])] = False
    return np.asarray(small[labels], np.uint8) * 255


def _broken(dashes: Image, letter: float, run: int) -> Image:
    """Pixels of level lines made of pieces that follow each other closely, for `run` pixels at least."""
    joined = cv2.dilate(np.ascontiguousarray(dashes), np.ones((3, 1), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_CLOSE, np.ones((1, int(letter * _PAUSE) | 1), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    thick = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((max(8, int(letter * 0.3)), 1), np.uint8))
    return np.asarray(joined & ~thick, np.uint8)


def _ways(xs: NDArray[np.int64], ys: NDArray[np.int64]) -> Iterator[tuple[Matrix, tuple[int, int]]]:
    """Ways to cut a table out: made a rectangle by its four corners, or as it stands."""
    pad = 12
    corners = np.array(
        [
            [xs[i], ys[i]]
            for i in (np.argmin(xs + ys), np.argmax(xs - ys), np.argmax(xs + ys), np.argmin(xs - ys))
        ],
        np.float32,
    )
    tl, tr, br, bl = corners
    width = int((np.linalg.norm(tr - tl) + np.linalg.norm(br - bl)) / 2)
    height = int((np.linalg.norm(bl - tl) + np.linalg.norm(br - tr)) / 2)
    lean = max(abs(tl[1] - tr[1]), abs(bl[1] - br[1])) / max(width, 1)
    lean = max(lean, max(abs(tl[0] - bl[0]), abs(tr[0] - br[0])) / max(height, 1))
    if lean < 0.12 and width > 20 and height > 20:
        target = np.array(
            [[pad, pad], [pad + width, pad], [pad + width, pad + height], [pad, pad + height]], np.float32
        )
        yield cv2.getPerspectiveTransform(corners, target).astype(np.float64), (width + 2 * pad, height + 2 * pad)
    left, top = int(xs.min()), int(ys.min())
    size = (int(xs.max()) - left + 2 * pad, int(ys.max()) - top + 2 * pad)
    yield np.array([[1, 0, pad - left], [0, 1, pad - top], [0, 0, 1]], np.float64), size


def _table(image: Image, text: Image, warp: Matrix, letter: float) -> Ruled | None:
    level, upright = _line_masks(unstained(image), text, letter)
    rows = _with_ends(_lines(level, letter), upright, letter)
    columns = _with_ends(_lines(upright.T, letter), level.T, letter)
    if len(rows) < 2 or len(columns) < 2 or len(rows) + len(columns) > _MOST_LINES:
        return None
    reach = max(3, int(letter * 0.2))
    above = _sides(level, rows, columns, reach)
    beside = _sides(upright.T, columns, rows, reach)
    slots = tuple(_slots(rows, columns, above, beside))
    if len(slots) < 2 or len(columns) == 2:
        return None
    return Ruled(image, warp, slots, len(rows) - 1, len(columns) - 1)


def _lines(mask: Image, letter: float) -> list[_Line]:
    """The level lines of a mask from top to bottom: pieces nearer to each other than any row is high are one."""
    count, labels, stats, centres = cv2.connectedComponentsWithStats(np.ascontiguousarray(mask))
    groups: list[list[int]] = []
    for i in sorted(range(1, count), key=lambda n: float(centres[n][1])):
        if groups and centres[i][1] - centres[groups[-1][-1]][1] <= letter * 0.35:
            groups[-1].append(i)
        else:
            groups.append([i])
    found = []
    for group in groups:
        top = min(int(stats[i, cv2.CC_STAT_TOP]) for i in group)
        bottom = max(int(stats[i, cv2.CC_STAT_TOP] + stats[i, cv2.CC_STAT_HEIGHT]) for i in group)
        own = np.isin(labels[top:bottom], group)
        ys, xs = np.nonzero(own)
        slope = 0.0
        if xs.max() - xs.min() > mask.shape[1] * 0.4:
            slope = float(np.polyfit(xs, ys, 1)[0])
        seen = own[:, own.any(axis=0)]
        thick = np.median(seen.shape[0] - seen[::-1].argmax(axis=0) - seen.argmax(axis=0))
        wide = min(letter * 0.2, max(0.0, float(thick - _STROKE) / 2))
        found.append(_Line(float(ys.mean() + top - slope * xs.mean()), slope, wide))
    middle = mask.shape[1] / 2
    return sorted(found, key=lambda line: line.at(middle))


def _with_ends(lines: list[_Line], across: Image, letter: float) -> list[_Line]:
    """The lines, and the ends of those across them where a table has no line at its side."""
    along = np.nonzero(across.max(axis=1))[0]
    if not len(along) or not lines:
        return lines
    first, last = float(along[0]), float(along[-1])
    middle = across.shape[1] / 2
    return [
        *([_Line(first, 0.0)] if lines[0].at(middle) - first > letter * 0.8 else []),
        *lines,
        *([_Line(last, 0.0)] if last - lines[-1].at(middle) > letter * 0.8 else []),
    ]


def _sides(mask: Image, lines: list[_Line], across: list[_Line], reach: int) -> NDArray[np.float64]:
    """For each line, and each stretch between two lines across it, on what share of the stretch the line is seen."""
    near = cv2.dilate(np.ascontiguousarray(mask), np.ones((2 * reach + 1, 1), np.uint8))
    seen = np.ones((len(lines), len(across) - 1))
    for i, line in enumerate(lines):
        ends = [line.crossing(other) for other in across]
        for j in range(len(across) - 1):
            xs = np.arange(round(ends[j]) + 2, round(ends[j + 1]) - 1)
            xs = xs[(xs >= 0) & (xs < mask.shape[1])]
            if len(xs):
                ys = np.clip(np.round(line.offset + line.slope * xs).astype(int), 0, mask.shape[0] - 1)
                seen[i, j] = (near[ys, xs] > 0).mean()
    return seen


def _box(rows: list[_Line], columns: list[_Line], top: int, left: int, bottom: int, right: int) -> Box:
    """The inside of the slots from one row and column to others."""
    x0 = max(columns[left].at(rows[r].offset) for r in (top, bottom))
    x1 = min(columns[right].at(rows[r].offset) for r in (top, bottom))
    y0 = max(rows[top].at(x) for x in (x0, x1))
    y1 = min(rows[bottom].at(x) for x in (x0, x1))
    x, y = max(0.0, x1 - x0) / 3, max(0.0, y1 - y0) / 3  # what is left when lines take their room
    x0, x1 = x0 + min(columns[left].wide, x), x1 - min(columns[right].wide, x)
    y0, y1 = y0 + min(rows[top].wide, y), y1 - min(rows[bottom].wide, y)
    return round(x0), round(y0), round(x1), round(y1)


def _slots(
    rows: list[_Line], columns: list[_Line], level: NDArray[np.float64], upright: NDArray[np.float64]
) -> Iterator[Slot]:
    """Slots that no line parts are one cell; where that is no rectangle, or a line is half there, they are in doubt."""
    height, width = len(rows) - 1, len(columns) - 1
    owner = {(r, c): (r, c) for r in range(height) for c in range(width)}

    def root(at: tuple[int, int]) -> tuple[int, int]:
        while owner[at] != at:
            at = owner[at]
        return at

    doubtful: set[tuple[int, int]] = set()
    for r in range(height):
        for c in range(width):
            for seen, other in ((level[r, c], (r - 1, c)), (upright[c, r], (r, c - 1))):
                if other not in owner:
                    continue
                if seen <= _ABSENT:
                    a, b = sorted((root((r, c)), root(other)))
                    owner[b] = a
                elif seen < _PRESENT:
                    doubtful.update(((r, c), other))
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for at in owner:
        members.setdefault(root(at), []).append(at)
    found: list[Slot] = []
    for group in members.values():
        top, left = min(r for r, _ in group), min(c for _, c in group)
        bottom, right = max(r for r, _ in group) + 1, max(c for _, c in group) + 1
        if len(group) == (bottom - top) * (right - left):
            box = _box(rows, columns, top, left, bottom, right)
            found.append(Slot(top, left, bottom - top, right - left, box, any(at in doubtful for at in group)))
        else:
            found.extend(Slot(r, c, 1, 1, _box(rows, columns, r, c, r + 1, c + 1), True) for r, c in group)
    yield from sorted(found, key=lambda slot: (slot.row, slot.column))
