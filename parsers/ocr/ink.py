"""What is dark in a cell: whether there is anything, how its signs stand, and what shape a single stroke has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.ocr.engine import Image
from parsers.ocr.ruling import Box, Slot
from parsers.ocr.shapes import Glyph, glyph

_EDGE = 3  # pixels beside a ruling line that may be its own
_LEAST_ROOM = 0.6  # of a letter's height: lower cells hold nothing
_CLEAR, _FAINT = 45, 14  # by how much ink, and what may be some, is darker than the paper
_GRAIN = 80  # no paper's grain is darker than that: what varies more is a box full of letters


@dataclass(frozen=True, slots=True)
class Ink:
    """What is dark in a cell: nothing, or its box, how many pieces lie side by side in it, and if at even distances."""

    box: Box | None
    pieces: int = 0
    even: bool = False
    slant: float = 0.0  # how far its upper third stands to the right of its lower third, by its height
    faint: bool = False  # there may be something
    signs: tuple[Glyph | None, ...] = ()
    rows: tuple[Box, ...] = ()  # its lines of text


def inside(slot: Slot) -> Box:
    """The cell without what may be ink of its ruling lines."""
    x0, y0, x1, y1 = slot.box
    return x0 + _EDGE, y0 + _EDGE, max(x0 + _EDGE + 1, x1 - _EDGE), max(y0 + _EDGE + 1, y1 - _EDGE)


def _dark(grey: Image, least: float) -> NDArray[np.bool_]:
    """Pixels clearly darker than the paper round them, softened so that single grains do not count."""
    soft = cv2.GaussianBlur(grey, (3, 3), 0).astype(np.int16)
    paper = np.median(soft)
    grain = np.median(np.abs(soft - paper)) * 1.48
    return np.asarray(soft < paper - max(least, min(5 * grain, _GRAIN)))


def ink_of(grey: Image, clean: Image, slot: Slot, letter: float) -> Ink:
    """The ink of a cell, in the table's picture in grey and in the same without red (`unstained`)."""
    x0, y0, x1, y1 = inside(slot)
    dark = _dark(clean[y0:y1, x0:x1], _CLEAR)
    strong = _pieces(dark, letter)
    if not strong:
        room = min(x1 - x0, y1 - y0) >= letter * _LEAST_ROOM
        light = room and _pieces(_dark(255 - clean[y0:y1, x0:x1], _CLEAR), letter)  # words on a ground of their own
        return Ink(None, faint=bool(light or _pieces(_dark(grey[y0:y1, x0:x1], _FAINT), letter)))
    left, top = min(p[0] for p in strong), min(p[1] for p in strong)
    right, bottom = max(p[2] for p in strong), max(p[3] for p in strong)
    spans = _side_by_side(strong)
    middles = [(a + b) / 2 for a, b in spans]
    steps = [b - a for a, b in zip(middles, middles[1:], strict=False)]
    even = bool(steps) and max(steps) <= 1.25 * min(steps)
    box = (x0 + left, y0 + top, x0 + right, y0 + bottom)
    signs = tuple(glyph(clean, (x0 + a, y0 + top, x0 + b, y0 + bottom)) for a, b in spans)
    slant = _slant(dark[top:bottom, left:right])
    return Ink(box, len(spans), even, slant, signs=signs, rows=_rows(strong, x0, y0, letter))


def _rows(pieces: Sequence[Box], x0: int, y0: int, letter: float) -> tuple[Box, ...]:
    """The boxes of the lines of text: pieces of ink in one row, with no letter's height to themselves."""
    rows: list[list[int]] = []
    for left, top, right, bottom in sorted(pieces, key=lambda piece: piece[1]):
        if rows and (top < rows[-1][3] or bottom - rows[-1][1] <= letter * 0.9):
            last = rows[-1]
            rows[-1] = [min(left, last[0]), last[1], max(right, last[2]), max(bottom, last[3])]
        else:
            rows.append([left, top, right, bottom])
    return tuple((x0 + a, y0 + b, x0 + c, y0 + d) for a, b, c, d in rows)


def _slant(dark: NDArray[np.bool_]) -> float:
    third = max(1, dark.shape[0] // 3)
    upper, lower = np.nonzero(dark[:third])[1], np.nonzero(dark[-third:])[1]
    return float(upper.mean() - lower.mean()) / dark.shape[0] if len(upper) and len(lower) else 0.0


def _pieces(dark: NDArray[np.bool_], letter: float) -> list[Box]:
    """Boxes of connected ink, without specks and without what is left of ruling lines at the sides."""
    height, width = dark.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8))
    found: list[Box] = []
    for left, top, w, h, area in stats[1:count].tolist():
        if area < max(6, (letter * 0.09) ** 2):
            continue
        at_side = left == 0 or left + w == width
        at_end = top == 0 or top + h == height
        if (at_side and w <= letter * 0.25 and h > 3 * w) or (at_end and h <= letter * 0.25 and w > 3 * h):
            continue
        if (at_side and w <= 2) or (at_end and h <= 2):
            continue
        found.append((left, top, left + w, top + h))
    return found


def _side_by_side(pieces: Sequence[Box]) -> list[list[int]]:
    """Left and right ends of the pieces from left to right; those above each other are one."""
    spans: list[list[int]] = []
    for left, _, right, _ in sorted(pieces):
        if spans and left < spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], right)
        else:
            spans.append([left, right])
    return spans


def height_of(ink: Ink) -> int:
    """Its height in pixels, 0 if there is none."""
    return ink.box[3] - ink.box[1] if ink.box else 0


def is_slash(ink: Ink, usual: float) -> bool:
    """One stroke that leans: narrow and higher than the digits, or as wide as high."""
    if ink.box is None:
        return False
    width, height = ink.box[2] - ink.box[0], height_of(ink)
    narrow = 0.14 < ink.slant < 0.5 and height > 1.12 * usual and width < 0.62 * height
    return narrow or (ink.slant > 0.5 and height > 0.8 * usual and width > 0.7 * height)


def is_dash(ink: Ink, letter: float) -> bool:
    """One flat stroke."""
    if ink.box is None:
        return False
    x0, y0, x1, y1 = ink.box
    return y1 - y0 <= letter * 0.25 and x1 - x0 >= 1.5 * (y1 - y0)
