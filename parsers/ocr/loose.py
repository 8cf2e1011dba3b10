"""Ink outside ruled tables, piece by piece: lines of text cut at their wide gaps, and what the engine took for no text.

Tables without lines are read from these pieces. A figure that the engine did not see must not be lost there, as its
cell would look blank: so each bit of ink is in a piece, and one that cannot be read is in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.ocr.engine import Box as Corners
from parsers.ocr.engine import Image, is_stained, unstained
from parsers.ocr.ruling import Box, Lines, Ruled, dark

_GAP = 0.75  # letters' heights between two pieces of a line: wider than the white of a comma
_UNTOLD = 0.3  # the same where no mark explains the gap
_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
_FIGURES = re.compile(r"[\d,.+\-−—/件条次项个篇人份宗万元]+")
_MARK = re.compile(r"[^\w\d]|[1一]")  # what has white beside it
_NEAR = 0.45  # the same between two signs of a figure that the engine did not see
_SPECK = 0.09  # letters' heights: what is smaller than its square is no sign; a hyphen is a little larger
_BLOT = 1.8  # letters' heights: what is larger one way is no letter; so high are the bands that it is cut in
_SHORT = 3.5  # letters' heights that a cell of figures is wide at most
_LEAST = 8  # short pieces on a page from which on it may have a table without lines
_MOST = 400  # pieces that the engine did not see: from there on the paper is grainy, and nobody can say what is blank


@dataclass(frozen=True, slots=True)
class Piece:
    """Ink that stands apart: its bounds on the page, the number of the line of text that it is in (-1: in none),
    whether it is all of that line, the ink of its signs, and whether it is no letter."""

    box: Box
    line: int
    whole: bool = False
    signs: tuple[Box, ...] = ()
    blot: bool = False


def pieces_of(
    page: Image, boxes: Sequence[Corners], free: set[int], tables: Sequence[Ruled], lines: Lines, letter: float
) -> list[Piece]:
    """The pieces outside the ruled tables of a page; none if it cannot have a table without lines, or if specks cannot
    be told from signs. `boxes`: its lines of text, `free` those outside; `letter`: their usual height."""
    if len(free) < _LEAST:
        return []
    clean = unstained(page)
    ink = _ink(clean, tables, lines)
    owner = np.zeros(ink.shape, np.int32)
    for i, box in enumerate(boxes):
        cv2.fillConvexPoly(owner, box.astype(np.int32), i + 1)
    found, rest = _in_lines(ink, owner, boxes, free, letter)
    if is_stained(page):  # red figures, and what a seal may hide
        own = cv2.dilate(ink, np.ones((5, 5), np.uint8))
        red = _ink(np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8), tables, lines)
        rest |= np.where((own == 0) & (owner == 0), red, 0).astype(np.uint8)
    found.extend(_unseen(rest, letter))
    short = sum(piece.box[2] - piece.box[0] <= letter * _SHORT for piece in found)
    unseen = sum(piece.line < 0 for piece in found)
    return found if short >= _LEAST and unseen <= _MOST else []


def _ink(grey: Image, tables: Sequence[Ruled], lines: Lines) -> Image:
    """What is dark outside tables and is no line."""
    ink = dark(np.asarray(cv2.GaussianBlur(grey, (3, 3), 0), np.uint8))
    ink[cv2.dilate(lines.level | lines.upright, np.ones((5, 5), np.uint8)) > 0] = 0
    for table in tables:
        height, width = table.image.shape[:2]
        corners = np.array([[[0, 0]], [[width, 0]], [[width, height]], [[0, height]]], np.float64)
        corners = cv2.perspectiveTransform(corners, np.linalg.inv(table.warp))
        cv2.fillConvexPoly(ink, corners.astype(np.int32), 0)
    return ink


def _in_lines(
    ink: Image, owner: NDArray[np.int32], boxes: Sequence[Corners], free: set[int], letter: float
) -> tuple[list[Piece], Image]:
    """The pieces of the lines of text, and the ink in no line."""
    count, labels, stats, centres = cv2.connectedComponentsWithStats(ink)
    at = centres.round().astype(int)
    own = owner[at[:, 1], at[:, 0]]
    held: dict[int, list[Box]] = {}
    outside = np.zeros(count, bool)
    for i in range(1, count):
        left, top, width, height, area = (int(n) for n in stats[i])
        if area < _least(letter):
            continue
        if own[i]:
            held.setdefault(int(own[i]) - 1, []).append((left, top, left + width, top + height))
        else:
            outside[i] = True
    found: list[Piece] = []
    for i in sorted(free):
        parts = _parted(held.get(i, []), letter * _GAP)
        found.extend(Piece(_around(part), i, len(parts) == 1, tuple(part)) for part in parts)
        if not parts:
            found.append(Piece(_bounds(boxes[i]), i, True))
    return found, np.asarray(outside[labels], np.uint8) * 255


def _parted(signs: Sequence[Box], gap: float) -> list[list[Box]]:
    """The signs of a line that stand together, from left to right."""
    parts: list[list[Box]] = []
    right = 0
    for sign in sorted(signs):
        if parts and sign[0] - right <= gap:
            parts[-1].append(sign)
        else:
            parts.append([sign])
        right = max(right, sign[2]) if len(parts[-1]) > 1 else sign[2]
    return parts


def apart(pieces: Sequence[Piece], texts: Sequence[tuple[str, float]], letter: float) -> list[Piece]:
    """The pieces cut once more where what they say explains no gap: two columns may stand closer than a comma is
    white. `texts`: what each line of text says."""
    found: list[Piece] = []
    for piece in pieces:
        text = "".join(texts[piece.line][0].split()) if piece.line >= 0 else ""
        parts = _parted(piece.signs, letter * _UNTOLD)
        words = _IDEOGRAPH.search(text) and not _FIGURES.fullmatch(text)
        if len(parts) > 1 and words:
            parts = _by_marks(parts, text)
        if len(parts) < 2 or (not words and _are_spaced(piece.signs, letter)):
            found.append(piece)
        else:
            found.extend(Piece(_around(part), piece.line, False, tuple(part)) for part in parts)
    return found


def _by_marks(parts: Sequence[list[Box]], text: str) -> list[list[Box]]:
    """Parts of a line put together again where a bracket, comma or the like stands between them, by the width of its
    letters."""
    left, right = parts[0][0][0], max(sign[2] for sign in parts[-1])
    widths = [0.55 if letter.isascii() and letter not in "()," else 1.0 for letter in text]
    ends = [sum(widths[:n]) / sum(widths) * (right - left) + left for n in range(len(widths) + 1)]
    whole = [list(parts[0])]
    for part in parts[1:]:
        middle = (max(sign[2] for sign in whole[-1]) + part[0][0]) / 2
        near = min(range(len(ends)), key=lambda n: abs(ends[n] - middle))
        if _MARK.search(text[max(0, near - 2) : near + 2]):
            whole[-1].extend(part)
        else:
            whole.append(list(part))
    return whole


def _are_spaced(signs: Sequence[Box], letter: float) -> bool:
    """Whether signs stand as evenly and closely as the digits of one number that are as wide as ideographs."""
    spans = [_around(part) for part in _parted(signs, 0)]
    steps = [b[0] + b[2] - a[0] - a[2] for a, b in pairwise(spans)]
    return max(steps, default=0) <= min(1.25 * min(steps, default=0), 2 * letter)


def _around(signs: Sequence[Box]) -> Box:
    return (
        min(sign[0] for sign in signs), min(sign[1] for sign in signs),
        max(sign[2] for sign in signs), max(sign[3] for sign in signs),
    )  # fmt: skip


def _unseen(ink: Image, letter: float) -> list[Piece]:
    """The pieces of ink in no line of text; what is too large for a letter is cut in bands."""
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, int(letter * _NEAR) | 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    found: list[Piece] = []
    for i in range(1, count):
        left, top, width, height, area = (int(n) for n in stats[i])
        if area < _least(letter):
            continue
        if height <= letter * _BLOT and width <= letter * _SHORT:
            found.append(Piece((left, top, left + width, top + height), -1))
            continue
        own = np.asarray(labels[top : top + height, left : left + width] == i, np.uint8)
        band = max(1, int(letter))
        for y in range(0, height, band):
            _, _, runs, _ = cv2.connectedComponentsWithStats(own[y : y + band])
            found.extend(
                Piece((left + a, top + y + b, left + a + w, top + y + b + h), -1, blot=True)
                for a, b, w, h, _ in runs[1:].tolist()
            )
    return found


def _least(letter: float) -> float:
    """Pixels of the smallest sign."""
    return max(6, (letter * _SPECK) ** 2)


def _bounds(box: Corners) -> Box:
    (x0, y0), (x1, y1) = box.min(axis=0), box.max(axis=0)
    return int(x0), int(y0), int(x1) + 1, int(y1) + 1
