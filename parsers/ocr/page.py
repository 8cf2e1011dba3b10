"""One picture of a page to lines of text and tables: made upright and level first, boxes given in its own pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.ocr.cells import Line, read_cells
from parsers.ocr.engine import Box, Engine, Image, is_stained, unstained
from parsers.ocr.grounds import on_white
from parsers.ocr.loose import Piece, apart, pieces_of
from parsers.ocr.ruling import Matrix, Ruled, Slot, lines_of, ruled_tables
from parsers.ocr.seen import MOST_SURE, Bounds, SeenCell, SeenLine, SeenPage, SeenTable, SeenWord

_SHORT_SIDE = (1600, 2500)  # pixels of the shorter side of a page when its lines are looked for
_LARGEST = 2.5  # times that a small picture is enlarged
_MOST_PIXELS = 16_000_000  # of the enlarged picture
_LEAST_SCORE = 0.5  # of a line outside tables that is kept
_INK = 45  # by how much it is darker than the paper
_ABREAST = 3  # lines of text in one cell, and cells that hold so many, from which on cells are not parted by lines
_PAPER = 0.2  # of a letter's height: paper beside a piece of a line that is read by itself
_ROUND = 8  # pixels of paper round a piece of ink, of which the reader of cells leaves some out as lines
_WIDE = 2.5  # times its height that a line's width tells its direction


def see_page(engine: Engine, picture: Image, number: int = 1) -> SeenPage:
    """Read one picture (blue-green-red): its ruled tables and the lines of text outside them, from top to bottom as a
    reader holds it, with boxes in its own pixels; where a table without lines may stand, also the words of these lines
    one by one."""
    size = (float(picture.shape[1]), float(picture.shape[0]))
    page, back = _sized(picture)
    boxes = engine.boxes(picture)
    boxes = [_moved(box, _inverse(back)) for box in boxes]
    page, back, boxes, quarter = _upright(engine, page, back, boxes)
    page, back, boxes, angle = _level(page, back, boxes)
    letter = _letter(boxes)
    if letter is None:
        return SeenPage(number, size)
    page = on_white(page, boxes, letter)
    free = set(range(len(boxes)))
    ruling = lines_of(page, boxes, letter)
    within = []
    for table in ruled_tables(page, ruling, letter):
        lines = _assigned(table, boxes, free)
        if _are_parted(table, lines, boxes, letter):
            within.append((table, lines))
        else:
            free.update(lines)
    pieces = pieces_of(page, boxes, free, [table for table, _ in within], ruling, letter)
    pieces, boxes = _cut(pieces, boxes, free, letter)
    stained = is_stained(page)
    clean = np.asarray(cv2.cvtColor(unstained(page), cv2.COLOR_GRAY2BGR), np.uint8) if stained else page
    crops = [_crop(page if i in free else clean, box) for i, box in enumerate(boxes)]
    texts = engine.read(crops)
    pieces, boxes = _cut(apart(pieces, texts, letter), boxes, free, letter)
    texts.extend(engine.read([_crop(page, box) for box in boxes[len(texts) :]]))
    tables = [
        (
            table,
            [
                (Line(*texts[i], _bounds(_moved(boxes[i], table.warp))), places)
                for i, places in lines.items()
                if texts[i][0].strip() and not (stained and _is_shadow(crops[i]))
            ],
        )
        for table, lines in within
    ]
    if pieces:
        seen = [(Line(*texts[p.line], _floats(p.box)), [n]) for n, p in enumerate(pieces) if p.line >= 0]
        tables.append((_standing(page, pieces), seen))
    said = read_cells(engine, tables, letter)
    found: dict[int, SeenLine] = {}
    for i in free:
        text, score = texts[i]
        if text.strip() and score >= _LEAST_SCORE:
            box = _bounds(_moved(boxes[i], back))
            found[i] = SeenLine(text.strip(), _bounds(boxes[i]), box, round(min(score, MOST_SURE), 3))
    parts: list[SeenLine | SeenTable] = list(found.values())
    parts.extend(_seen_table(table, texts, back) for (table, _), texts in zip(within, said, strict=False))
    parts.sort(key=lambda part: part.at[1])
    order = {id(part): n for n, part in enumerate(parts)}
    words = [
        SeenWord(text, _floats(piece.box), score, order.get(id(found.get(piece.line)), -1))
        for piece, (text, score) in zip(pieces, said[-1] if pieces else [], strict=True)
    ]
    way = (float(n) for n in (back / back[2, 2])[:2].ravel())
    return SeenPage(number, size, tuple(parts), round(90.0 * quarter + angle, 2), tuple(words), (*way,), letter)


def _cut(
    pieces: Sequence[Piece], boxes: Sequence[Box], free: set[int], letter: float
) -> tuple[list[Piece], list[Box]]:
    """The lines of text of which several pieces are left made one line a piece."""
    boxes, found = list(boxes), []
    for piece in pieces:
        if piece.line >= 0 and not piece.whole:
            free.discard(piece.line)
            free.add(len(boxes))
            boxes.append(_between(boxes[piece.line], piece.box[0] - letter * _PAPER, piece.box[2] + letter * _PAPER))
            piece = replace(piece, line=len(boxes) - 1, whole=True)
        found.append(piece)
    return found, boxes


def _between(box: Box, left: float, right: float) -> Box:
    """The part of a line of text between two places."""
    a, b, c, d = box
    wide = max(float(b[0] - a[0]), 1.0)
    x, y = (min(max((at - float(a[0])) / wide, 0.0), 1.0) for at in (left, right))
    return np.asarray([a + (b - a) * x, a + (b - a) * y, d + (c - d) * y, d + (c - d) * x], np.float32)


def _standing(page: Image, pieces: Sequence[Piece]) -> Ruled:
    """The pieces as cells of which nothing is known but where they stand."""
    height, width = page.shape[:2]
    slots = []
    for n, piece in enumerate(pieces):
        x0, y0, x1, y1 = piece.box
        box = max(0, x0 - _ROUND), max(0, y0 - _ROUND), min(width, x1 + _ROUND), min(height, y1 + _ROUND)
        slots.append(Slot(n, 0, 1, 1, box, piece.blot))
    return Ruled(page, np.eye(3), tuple(slots), len(slots), 1)


def _floats(box: tuple[int, int, int, int]) -> Bounds:
    left, top, right, bottom = box
    return float(left), float(top), float(right), float(bottom)


def _seen_table(table: Ruled, said: Sequence[tuple[str, float]], back: Matrix) -> SeenTable:
    """A table with what its slots say, their boxes in the picture's pixels."""
    to_picture = back @ _inverse(table.warp)
    cells = tuple(
        SeenCell(text, s.row, s.column, s.rowspan, s.colspan, _back(s.box, to_picture), score)
        for s, (text, score) in zip(table.slots, said, strict=True)
    )
    height, width = table.image.shape[:2]
    at = _back((0.0, 0.0, float(width), float(height)), _inverse(table.warp))
    return SeenTable(cells, table.rows, table.columns, at)


def _sized(picture: Image) -> tuple[Image, Matrix]:
    """The picture at the size at which lines and letters are looked at, and the way back to its own pixels."""
    height, width = picture.shape[:2]
    short = min(height, width)
    least, most = _SHORT_SIDE
    scale = min(least / short, _LARGEST) if short < least else min(1.0, most / short)
    scale = min(scale, (_MOST_PIXELS / (height * width)) ** 0.5)
    if scale == 1.0:
        return picture, np.eye(3)
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=how), np.diag([1 / scale, 1 / scale, 1.0])


def _upright(
    engine: Engine, page: Image, back: Matrix, boxes: list[Box]
) -> tuple[Image, Matrix, list[Box], int]:
    """The page by quarter turns the right way up, judged by its widest lines; the number of quarter turns."""
    lying = sum(_size(b)[0] for b in boxes if _size(b)[0] > _WIDE * _size(b)[1])
    standing = sum(_size(b)[1] for b in boxes if _size(b)[1] > _WIDE * _size(b)[0])
    turns = 0
    if standing > lying:
        page, back, boxes = _turned(page, back, boxes, 1)
        turns = 1
    wide = sorted(boxes, key=lambda b: _size(b)[0] / max(_size(b)[1], 1.0), reverse=True)[:12]
    if engine.upside_down([_crop(page, box) for box in wide]):
        page, back, boxes = _turned(page, back, boxes, 2)
        turns += 2
    return page, back, boxes, turns


def _turned(page: Image, back: Matrix, boxes: list[Box], quarters: int) -> tuple[Image, Matrix, list[Box]]:
    """The page turned against the clock; boxes keep their corners clockwise from the new top left."""
    for _ in range(quarters):
        width = page.shape[1]
        there = np.array([[0, 1, 0], [-1, 0, width - 1], [0, 0, 1]], np.float64)
        page = np.ascontiguousarray(np.rot90(page))
        back = back @ _inverse(there)
        boxes = [np.roll(_moved(box, there), -1, axis=0) for box in boxes]
    return page, back, boxes


def _level(page: Image, back: Matrix, boxes: list[Box]) -> tuple[Image, Matrix, list[Box], float]:
    """The page turned by the few degrees that its lines of text are off the level."""
    slopes = [
        (float(np.degrees(np.arctan2(*(box[1] - box[0])[::-1]))), _size(box)[0])
        for box in boxes
        if _size(box)[0] > 4 * _size(box)[1]
    ]
    if not slopes:
        return page, back, boxes, 0.0
    slopes.sort()
    half = sum(width for _, width in slopes) / 2
    angle = 0.0
    for slope, width in slopes:
        half -= width
        if half <= 0:
            angle = slope
            break
    if abs(angle) < 0.08 or abs(angle) > 20:
        return page, back, boxes, 0.0
    height, width = page.shape[:2]
    turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), [0, 0, 1]])
    corners = _moved(np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32), turn)
    shift = np.eye(3)
    shift[:2, 2] = -corners.min(axis=0)
    turn = shift @ turn
    size = tuple(int(n) for n in np.ceil(corners.max(axis=0) - corners.min(axis=0)))
    paper = tuple(float(n) for n in np.median(page.reshape(-1, 3)[::97], axis=0))
    page = cv2.warpPerspective(page, turn, size, flags=cv2.INTER_CUBIC, borderValue=paper)
    return page, back @ _inverse(turn), [_moved(box, turn) for box in boxes], angle


def _letter(boxes: Sequence[Box]) -> float | None:
    """The height of a line of text, None if there is no text."""
    heights = [_size(box)[1] for box in boxes]
    return float(np.median(heights)) if heights else None


def _is_shadow(crop: Image) -> bool:
    """Whether next to nothing of a line is left once red is made paper: words of a seal are no part of a table."""
    edge = crop.shape[0] // 6  # where a ruling line may be
    return bool(np.percentile(crop[edge : crop.shape[0] - edge], 1) > np.median(crop) - _INK)


def _assigned(table: Ruled, boxes: Sequence[Box], free: set[int]) -> dict[int, list[int]]:
    """For each free box whose middle lies in the table, and is free no more: the slots that it lies in, by its middle
    and its ends."""
    found: dict[int, list[int]] = {}
    for i in sorted(free):
        x0, y0, x1, y1 = _bounds(_moved(boxes[i], table.warp))
        middle = (y0 + y1) / 2
        reach = min((x1 - x0) * 0.25, (y1 - y0) * 0.6)
        places = {
            n
            for x in (x0 + reach, (x0 + x1) / 2, x1 - reach)
            for n, slot in enumerate(table.slots)
            if slot.box[0] <= x < slot.box[2] and slot.box[1] <= middle < slot.box[3]
        }
        if places:
            found[i] = sorted(places)
    free.difference_update(found)
    return found


def _are_parted(table: Ruled, lines: Mapping[int, Sequence[int]], boxes: Sequence[Box], letter: float) -> bool:
    """Whether lines part the cells of a table: not where they part its rows only, or its labels, and the figures stand
    beside each other. `lines`: as `_assigned` gives them."""
    beside: Counter[tuple[int, int]] = Counter()
    for i, places in lines.items():
        _, top, _, bottom = _bounds(_moved(boxes[i], table.warp))
        level = round((top + bottom) / 2 / letter)
        beside.update((place, level) for place in places)
    return sum(count >= _ABREAST for count in beside.values()) < _ABREAST


def _crop(page: Image, box: Box) -> Image:
    """A line of text cut out and made level."""
    width, height = (max(4, int(n)) for n in _size(box))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(box.astype(np.float32), target)
    crop = cv2.warpPerspective(page, warp, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(np.rot90(crop)) if height >= 1.5 * width else crop


def _size(box: Box) -> tuple[float, float]:
    width = max(np.linalg.norm(box[0] - box[1]), np.linalg.norm(box[2] - box[3]))
    height = max(np.linalg.norm(box[0] - box[3]), np.linalg.norm(box[1] - box[2]))
    return float(width), float(height)


def _moved(points: NDArray[np.float32], by: Matrix) -> NDArray[np.float32]:
    found = cv2.perspectiveTransform(points.reshape(-1, 1, 2).astype(np.float64), by)
    return np.asarray(found, np.float32).reshape(-1, 2)


def _inverse(of: Matrix) -> Matrix:
    return np.asarray(np.linalg.inv(of), np.float64)


def _bounds(points: NDArray[np.float32]) -> Bounds:
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return round(float(x0), 1), round(float(y0), 1), round(float(x1), 1), round(float(y1), 1)


def _back(box: tuple[float, float, float, float], to_picture: Matrix) -> Bounds:
    x0, y0, x1, y1 = box
    return _bounds(_moved(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32), to_picture))
