"""Digits of one page compared with one another: the same digit in the same type looks the same, however worn."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.model import UNSURE
from parsers.ocr.engine import Image

Glyph = NDArray[np.float32]  # the ink of one sign, of one height, in the middle of a square
_HIGH = 24  # pixels to which every sign is drawn
_SIDE = 32
_SHIFT = 2  # pixels that the box of a worn sign may be off
_NEAREST = 3  # samples, made one, that a sign is compared with
_MOST = 40  # samples of a digit
_ALIKE = 0.92  # least correlation of two prints of one digit: 0.95 and more are measured, 0.89 and less of two digits
_APART = 0.05  # by how much the next digit is less alike


def glyph(clean: Image, box: tuple[int, int, int, int]) -> Glyph | None:
    """The sign in that box of a grey picture, None if it is no single digit by its shape."""
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    if height < 6 or width < 2 or width > 1.1 * height:
        return None
    pad = max(1, height // 8)
    piece = clean[max(0, y0 - pad) : y1 + pad, max(0, x0 - pad) : x1 + pad].astype(np.float32)
    paper, dark = float(np.percentile(piece, 90)), float(np.percentile(piece, 3))
    ink = np.clip((paper - piece) / max(paper - dark, 1.0), 0, 1)
    scale = _HIGH / (height + 2 * pad)
    small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    found = np.zeros((_SIDE, _SIDE), np.float32)
    high, wide = min(small.shape[0], _SIDE), min(small.shape[1], _SIDE)
    top, left = (_SIDE - high) // 2, (_SIDE - wide) // 2
    found[top : top + high, left : left + wide] = small[:high, :wide]
    return np.asarray(cv2.GaussianBlur(found, (3, 3), 0), np.float32)


class Shapes:
    """The digits of a page that were read surely, and what others beside them look like."""

    def __init__(self) -> None:
        self._samples: dict[str, list[Glyph]] = {}

    def learn(self, text: str, glyphs: Sequence[Glyph | None]) -> None:
        """Take the signs of a cell that surely holds these digits, one sign a digit."""
        if len(text) == len(glyphs):
            for digit, one in zip(text, glyphs, strict=True):
                held = self._samples.setdefault(digit, [])
                if one is not None and len(held) < _MOST:
                    held.append(one)

    def says(self, glyphs: Sequence[Glyph | None]) -> str:
        """The digits that the signs look like; "?" stands for one that looks like none of them, or like two."""
        return "".join(self._digit(one) for one in glyphs)

    def _digit(self, one: Glyph | None) -> str:
        if one is None:
            return UNSURE
        found = sorted(((_like(one, samples), digit) for digit, samples in self._samples.items()), reverse=True)
        if not found or found[0][0] < _ALIKE or (len(found) > 1 and found[0][0] - found[1][0] < _APART):
            return UNSURE
        return found[0][1]


def _like(one: Glyph, samples: Sequence[Glyph]) -> float:
    """How much a sign looks like the samples of a digit nearest to it: a page may have that digit in two widths."""
    nearest = sorted(samples, key=lambda sample: _alike(one, sample), reverse=True)[:_NEAREST]
    if not nearest:
        return 0.0
    return _alike(one, np.asarray(np.mean(nearest, axis=0), np.float32))


def _alike(one: Glyph, other: Glyph) -> float:
    """Their correlation where they fit best."""
    wide = cv2.copyMakeBorder(one, _SHIFT, _SHIFT, _SHIFT, _SHIFT, cv2.BORDER_CONSTANT, value=0)
    return float(cv2.matchTemplate(wide, other, cv2.TM_CCOEFF_NORMED).max())
