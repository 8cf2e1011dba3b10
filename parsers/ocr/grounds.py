"""Coloured grounds, as in the heading of a web page's table: light words on them, and the light lines between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.ocr.engine import Box, Image

_TONES = (-1, 110, 160, 200)  # of grey: grounds of different tone are judged apart; lighter ones bear no light words
_LIGHT = 248  # the lightest ground that is not paper
_MARK = 40  # by how much a word is lighter or darker than its ground
_LEAST = 0.05  # of the square of a letter that light words cover: a thin 1
_SOLID = 0.5  # share of a ground that is left beside the words on it: lines and letters are hollow
_STROKE = 0.6  # of a letter's height: no stroke of a letter is so thick
_OVER = 1.1  # how much larger than the ground that it stands on a line of text may seem
_GAP = 9  # pixels of a light line between two grounds at most

Mask = NDArray[np.bool_]
Place = tuple[slice, slice]  # rows and columns of pixels


def on_white(page: Image, boxes: Sequence[Box], letter: float) -> Image:
    """The page (blue-green-red), its grounds with light words turned to white ones with dark words; all else as it was.

    `boxes`: its lines of text, some of which stand on a ground, so that no letter is one; `letter`: their usual height.
    """
    grey = np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8)
    if _under(grey, boxes) < _TONES[1]:
        page, grey = np.asarray(255 - page, np.uint8), np.asarray(255 - grey, np.uint8)
    found, turned = page.copy(), np.zeros(grey.shape, np.uint8)
    for low, high in pairwise(_TONES):
        for place, whole, tone in _grounds(grey, low, high, letter):
            away = grey[place].astype(np.int16) - tone
            light, dark = whole & (away > _MARK), whole & (away < -_MARK)
            words = light.sum() > max(2 * dark.sum(), _LEAST * letter * letter) and not _is_paper(light, letter)
            if words and _bears(place, whole, boxes):
                found[place][whole] = (255 - np.abs(away))[whole][:, None].clip(0, 255)
                turned[place] |= whole
    if not turned.any():
        return page
    rim = cv2.dilate(turned, np.ones((5, 5), np.uint8)) > turned
    found[rim] = grey[rim][:, None]  # where ground and paper run into each other: what is red there is no seal
    return found


def light_lines(grey: Image, letter: float) -> Mask:
    """Pixels of the narrow white lines that part coloured grounds."""
    own = np.zeros(grey.shape, np.uint8)
    for place, whole, _ in _grounds(grey, _TONES[-1], _LIGHT, letter):
        own[place] |= whole.astype(np.uint8)
    if not own.any():
        return own > 0
    return np.asarray((cv2.morphologyEx(own, cv2.MORPH_CLOSE, np.ones((_GAP, _GAP), np.uint8)) > own), np.bool_)


def _under(grey: Image, boxes: Sequence[Box]) -> float:
    """The tone of the ground under most lines of text."""
    tones = []
    for box in boxes:
        (x0, y0), (x1, y1) = np.maximum(box.min(axis=0), 0).astype(int), box.max(axis=0).astype(int) + 1
        tones.append(np.median(grey[y0:y1, x0:x1]) if grey[y0:y1, x0:x1].size else 255.0)
    return float(np.median(tones)) if tones else 255.0


def _is_paper(light: Mask, letter: float) -> bool:
    """Whether what is lighter than a ground is no words: a page on a dark table, or cells in a thick frame."""
    side = max(3, int(letter * _STROKE))
    return bool(cv2.erode(light.astype(np.uint8), np.ones((side, side), np.uint8)).any())


def _bears(place: Place, whole: Mask, boxes: Sequence[Box]) -> bool:
    """Whether a line of text stands on a ground."""
    high, wide = whole.shape
    for box in boxes:
        (x0, y0), (x1, y1) = box.min(axis=0), box.max(axis=0)
        x, y = int((x0 + x1) / 2) - place[1].start, int((y0 + y1) / 2) - place[0].start
        if 0 <= x < wide and 0 <= y < high and x1 - x0 <= wide * _OVER and y1 - y0 <= high * _OVER and whole[y, x]:
            return True
    return False


def _grounds(grey: Image, low: int, high: int, letter: float) -> Iterator[tuple[Place, Mask, float]]:
    """The grounds of a tone: the part of the picture, which pixels of it are the ground and what stands on it, and its
    tone."""
    tone = ((grey > low) & (grey <= high)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(tone, connectivity=4)
    large = (stats[:, 2:4].min(axis=1) >= letter) & (stats[:, cv2.CC_STAT_AREA] >= _SOLID * letter * letter)
    for i in np.nonzero(large[1:])[0] + 1:
        left, top, width, height, area = (int(n) for n in stats[i])
        place = np.s_[top : top + height, left : left + width]
        own = (labels[place] == i).astype(np.uint8)
        outline, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        whole = cv2.drawContours(np.zeros_like(own), outline, -1, 1, cv2.FILLED) > 0
        if area >= _SOLID * whole.sum():
            yield place, whole, float(np.median(grey[place][own > 0]))
