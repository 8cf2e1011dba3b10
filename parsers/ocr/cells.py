"""What stands in the cells of a ruled table: two looks at every figure, and blank only where there is no ink."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.folding import fold
from parsers.model import UNSURE
from parsers.ocr.engine import Engine, Image, unstained
from parsers.ocr.ruling import Ruled, Slot
from parsers.ocr.seen import MOST_SURE

_SURE = (0.93, 0.55)  # the better and the worse of two looks that agree
_ALONE = (0.93, 0.80)  # the same where the engine did not find the text by itself
_EDGE = 3  # pixels beside a ruling line that may be its own
_DASHES = frozenset("-—–―‐−－ー─一_~")
_FIGURE = re.compile(r"[\d\s.,，:+\-−－—–/%件条次项个篇人份宗元万亿增减零无OoQDlI|〇口]*")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[\u4e00-\u9fff]+")
_SIGNS = frozenset("一二三十零无口工丨卜人入八几乙亡丁下小")  # words that a figure or a sign for none is mistaken for
_SLASHES = frozenset("/1lI|一丿J7" + UNSURE)
_LOOKS = ((0.28, 72), (0.12, 44), (0.45, 60), (0.2, 96))  # paper round the ink, height of the crop


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text that the engine found: its crop, what it says, and its box in the straightened table."""

    crop: Image
    text: str
    score: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Ink:
    """What is dark in a cell: nothing, or its box, how many pieces lie side by side in it, and if at even distances."""

    box: tuple[int, int, int, int] | None
    pieces: int = 0
    even: bool = False
    slant: float = 0.0  # how far its upper third stands to the right of its lower third, by its height
    faint: bool = False  # there may be something


@dataclass(slots=True)
class _Asked:
    slot: Slot
    text: str
    score: float
    ink: Ink
    crops: list[Image] = field(default_factory=list)


def read_cells(
    engine: Engine, table: Ruled, lines: Sequence[tuple[Line, Sequence[int]]], letter: float
) -> list[tuple[str, float]]:
    """For each slot its text and how sure of it we are; `lines`: with the numbers of the slots that each lies in.

    A text that is seen and not sure ends in UNSURE, which no value does; a figure is sure if the line as the engine
    cut it out and a second crop, cut by its ink and drawn larger, say the same.
    """
    grey, clean = cv2.cvtColor(table.image, cv2.COLOR_BGR2GRAY), unstained(table.image)
    held: list[list[Line]] = [[] for _ in table.slots]
    cut: set[int] = set()
    for line, places in lines:
        if len(places) == 1:
            held[places[0]].append(line)
        else:
            cut.update(places)
    out: list[tuple[str, float]] = []
    asked: dict[int, _Asked] = {}
    for i, slot in enumerate(table.slots):
        ink = _ink(grey, clean, slot, letter)
        text, score = _joined(held[i], slot, letter)
        if not text and i not in cut and ink.box is None:
            out.append((UNSURE, 0.0) if ink.faint or slot.doubtful else ("", MOST_SURE))
        elif slot.doubtful:
            out.append((text + UNSURE, min(score, 0.3)))
        elif text and i not in cut and not _is_figure(text):
            out.append((text, min(score, MOST_SURE)))
        else:
            found = _Asked(slot, text if i not in cut else "", score, ink)
            if ink.box is not None:
                found.crops = _crops(clean, ink, slot, letter, _LOOKS[: 1 if found.text else 2])
            asked[i] = found
            out.append((text, 0.0))
    for i, said in _looked(engine, {i: one.crops for i, one in asked.items()}).items():
        out[i] = _settled(asked[i], said, letter)
    again = {i: _crops(clean, asked[i].ink, asked[i].slot, letter, _LOOKS[2:]) for i in asked if _is_unsure(out[i])}
    for i, said in _looked(engine, again).items():
        out[i] = _settled_again(asked[i], said, out[i], letter)
    _hold_to_height(asked, out)
    return out


def _hold_to_height(asked: dict[int, _Asked], out: list[tuple[str, float]]) -> None:
    """Digits of a table are of one height: what is higher or lower was no figure, or more than was read.

    A slash, higher than a digit and leaning, is what the engine takes for a 1: there the shape decides.
    """
    heights = [_height(one.ink) for i, one in asked.items() if _DIGIT.search(out[i][0]) and not _is_unsure(out[i])]
    usual = float(np.median(heights)) if heights else 0.0
    for i, one in asked.items():
        text, score = out[i]
        if one.ink.pieces == 1 and _is_slash(one.ink, usual) and set(text) <= _SLASHES:
            out[i] = "/", round(min(max(score, 0.5), MOST_SURE), 3)
        elif text.isdigit() and not 0.8 * usual <= _height(one.ink) <= 1.2 * usual:
            out[i] = _unsure(text, score)


def _height(ink: Ink) -> int:
    return ink.box[3] - ink.box[1] if ink.box else 0


def _is_slash(ink: Ink, usual: float) -> bool:
    """One stroke that leans: narrow and higher than the digits, or as wide as high."""
    if ink.box is None:
        return False
    width, height = ink.box[2] - ink.box[0], _height(ink)
    narrow = 0.14 < ink.slant < 0.5 and height > 1.12 * usual and width < 0.62 * height
    return narrow or (ink.slant > 0.5 and height > 0.8 * usual and width > 0.7 * height)


def _is_unsure(found: tuple[str, float]) -> bool:
    return found[0].endswith(UNSURE)


def _looked(engine: Engine, crops: dict[int, list[Image]]) -> dict[int, list[tuple[str, float]]]:
    """What the engine says of several crops of each cell."""
    said = iter(engine.read([crop for some in crops.values() for crop in some]))
    return {i: [(_plain(text), score) for text, score in (next(said) for _ in some)] for i, some in crops.items()}


def _inside(slot: Slot) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = slot.box
    return x0 + _EDGE, y0 + _EDGE, max(x0 + _EDGE + 1, x1 - _EDGE), max(y0 + _EDGE + 1, y1 - _EDGE)


def _dark(grey: Image, least: float) -> NDArray[np.bool_]:
    """Pixels clearly darker than the paper round them, softened so that single grains do not count."""
    soft = cv2.GaussianBlur(grey, (3, 3), 0).astype(np.int16)
    paper = np.median(soft)
    grain = np.median(np.abs(soft - paper)) * 1.48
    return np.asarray(soft < paper - max(least, 5 * grain))


def _ink(grey: Image, clean: Image, slot: Slot, letter: float) -> Ink:
    x0, y0, x1, y1 = _inside(slot)
    dark = _dark(clean[y0:y1, x0:x1], 45)
    strong = _pieces(dark, letter)
    if not strong:
        return Ink(None, faint=bool(_pieces(_dark(grey[y0:y1, x0:x1], 14), letter)))
    left, top = min(p[0] for p in strong), min(p[1] for p in strong)
    right, bottom = max(p[2] for p in strong), max(p[3] for p in strong)
    middles = _side_by_side(strong)
    steps = [b - a for a, b in zip(middles, middles[1:], strict=False)]
    even = bool(steps) and max(steps) <= 1.25 * min(steps)
    box = (x0 + left, y0 + top, x0 + right, y0 + bottom)
    return Ink(box, len(middles), even, _slant(dark[top:bottom, left:right]))


def _slant(dark: NDArray[np.bool_]) -> float:
    third = max(1, dark.shape[0] // 3)
    upper, lower = np.nonzero(dark[:third])[1], np.nonzero(dark[-third:])[1]
    return float(upper.mean() - lower.mean()) / dark.shape[0] if len(upper) and len(lower) else 0.0


def _pieces(dark: NDArray[np.bool_], letter: float) -> list[tuple[int, int, int, int]]:
    """Boxes of connected ink, without specks and without what is left of ruling lines at the sides."""
    height, width = dark.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8))
    found: list[tuple[int, int, int, int]] = []
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


def _side_by_side(pieces: Sequence[tuple[int, int, int, int]]) -> list[float]:
    """The middles of the pieces from left to right; those above each other are one."""
    spans: list[list[int]] = []
    for left, _, right, _ in sorted(pieces):
        if spans and left < spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], right)
        else:
            spans.append([left, right])
    return [(left + right) / 2 for left, right in spans]


def _joined(lines: Sequence[Line], slot: Slot, letter: float) -> tuple[str, float]:
    """The lines of a cell from top to bottom; pieces beside each other are parted by a blank."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.box[1] + one.box[3]):
        middle = (line.box[1] + line.box[3]) / 2
        if rows and middle < rows[-1][0].box[3] - letter * 0.3:
            rows[-1].append(line)
        else:
            rows.append([line])
    texts = [" ".join(one.text for one in sorted(row, key=lambda one: one.box[0])) for row in rows]
    return "\n".join(text for text in texts if text), min((line.score for line in lines), default=0.0)


def _is_figure(text: str) -> bool:
    """Whether a text may be meant as a figure or a sign for none, however misread: such a text is looked at twice."""
    flat = fold(text).replace(" ", "")
    if len(flat) <= 2 and "\n" not in text:
        return _WORD.fullmatch(flat) is None or not _SIGNS.isdisjoint(flat)
    return _FIGURE.fullmatch(flat) is not None


def _crops(clean: Image, ink: Ink, slot: Slot, letter: float, looks: Sequence[tuple[float, int]]) -> list[Image]:
    """The ink of a cell with paper round it, drawn to other sizes than the line has; none of more than one line."""
    if ink.box is None:
        return []
    x0, y0, x1, y1 = ink.box
    if y1 - y0 > letter * 1.7:
        return []
    middle, half = (y0 + y1) / 2, max(y1 - y0, letter * 0.62) / 2
    left, top, right, bottom = _inside(slot)
    crops = []
    for around, height in looks:
        pad = 2 * half * around
        a, b = max(left, int(x0 - pad)), min(right, int(x1 + pad + 1))
        c, d = max(top, int(middle - half - pad)), min(bottom, int(middle + half + pad + 1))
        frame = max(2, int(pad))
        paper = int(np.median(clean[top:bottom, left:right]))
        piece = cv2.copyMakeBorder(clean[c:d, a:b], 0, 0, frame, frame, cv2.BORDER_CONSTANT, value=paper)
        scale = height / piece.shape[0]
        larger = cv2.resize(piece, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        crops.append(cv2.cvtColor(larger, cv2.COLOR_GRAY2BGR))
    return crops


def _settled(one: _Asked, looks: Sequence[tuple[str, float]], letter: float) -> tuple[str, float]:
    """What two looks together say; unsure where they differ, or where the ink shows more signs than were read."""
    first = (_plain(one.text), one.score) if one.text else looks[1] if len(looks) > 1 else ("", 0.0)
    second = looks[0] if looks else ("", 0.0)
    worse, better = sorted((first[1], second[1]))
    if _is_dash(one.ink, letter) and second[0] in _DASHES and second[1] >= 0.8:
        return "—", round(min(second[1], MOST_SURE), 3)
    wanted = _SURE if one.text else _ALONE
    if "\n" in one.text or first[0] != second[0] or better < wanted[0] or worse < wanted[1]:
        return _unsure(one.text or second[0], worse)
    return _shown(one, first[0], worse, letter)


def _settled_again(
    one: _Asked, looks: Sequence[tuple[str, float]], before: tuple[str, float], letter: float
) -> tuple[str, float]:
    """What two more looks say of a cell that the first ones left unsure: they must agree, be sure, and contradict none
    of the first in a digit."""
    text = looks[0][0] if looks else ""
    seen = _plain(before[0].removesuffix(UNSURE))
    if not text or any(said != text or score < _SURE[0] for said, score in looks):
        return before
    if seen != text and (_DIGIT.search(seen) or len(seen) > 1 or len(text) > 1):
        return before
    return _shown(one, text, min(score for _, score in looks), letter)


def _shown(one: _Asked, text: str, score: float, letter: float) -> tuple[str, float]:
    """The text that was agreed on, unless its ink has another shape."""
    x0, y0, x1, y1 = one.ink.box or (0, 0, 0, 0)
    width, height = x1 - x0, max(1, y1 - y0)
    if not text or (text in _DASHES and not _is_dash(one.ink, letter)):
        return _unsure(text, score)
    if (text == "1" and (width > 0.62 * height or abs(one.ink.slant) > 0.14)) or (text == "/" and one.ink.slant < 0.14):
        return _unsure(text, score)
    signs = len(text)
    if text.isdigit() and not (one.ink.pieces <= signs and width >= (0.45 * (signs - 1) + 0.12) * height):
        return _unsure(text, score)
    if _DIGIT.search(text) and text.isascii() and not signs / 3 <= one.ink.pieces <= signs:
        return _unsure(text, score)
    spaced = one.text if one.text and _plain(one.text) == text and not one.ink.even else text
    return spaced, round(min(score, MOST_SURE), 3)  # evenly spaced digits, each as wide as a letter, are one number


def _unsure(text: str, score: float) -> tuple[str, float]:
    return text.replace("\n", " ") + UNSURE, round(min(score, 0.4), 3)


def _plain(text: str) -> str:
    return fold(text).replace(" ", "").replace("，", ",")


def _is_dash(ink: Ink, letter: float) -> bool:
    if ink.box is None:
        return False
    x0, y0, x1, y1 = ink.box
    return y1 - y0 <= letter * 0.25 and x1 - x0 >= 1.5 * (y1 - y0)
