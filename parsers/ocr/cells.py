"""What stands in the cells of a ruled table: two looks at every figure, and blank only where there is no ink.

Where the engine's looks differ or are weak, its figure is held against the table's digits that it is sure of: the
shape of the same digit in the same type is a look of another kind. Sums decide nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from parsers.folding import fold
from parsers.model import UNSURE
from parsers.ocr.engine import Engine, Image, unstained
from parsers.ocr.ink import Ink, height_of, ink_of, inside, is_dash, is_slash
from parsers.ocr.ruling import Box, Ruled, Slot
from parsers.ocr.seen import MOST_SURE
from parsers.ocr.shapes import Shapes

_SURE = (0.93, 0.55)  # the better and the worse of two looks that agree
_ALONE = (0.93, 0.80)  # the same where the engine did not find the text by itself
_LABEL = 0.8  # the worst line of a label
_WITH_SHAPE = 0.9  # the engine's best look at a figure that its shape confirms
_AGAINST = 0.8  # a look that is as sure of other digits speaks against it
_DASHES = frozenset("-—–―‐−－ー─一_~")
_FIGURE = re.compile(r"[\d\s.,，:+\-−－—–/%件条次项个篇人份宗元万亿增减零无OoQDlI|〇口]*")
_DIGIT = re.compile(r"\d")
_UNIT = re.compile("(?:[件条次项个篇人份宗元]|人次|万元)")  # of a figure that stands on the line above
_FORM_OF = str.maketrans("oO〇", "000")  # of one form with a digit: which of them it is its height tells
_WORD = re.compile(r"[\u4e00-\u9fff]+")
_SIGNS = frozenset("一二三十零无口工丨卜人入八几乙亡丁下小")  # words that a figure or a sign for none is mistaken for
_SLASHES = frozenset("/1lI|一丿ノ八J7" + UNSURE)
_LOOKS = ((0.28, 72), (0.12, 44), (0.45, 60), (0.2, 96))  # paper round the ink, height of the crop

Said = tuple[str, float]  # a text, and how sure of it we are


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text that the engine found: what it says, and its box in the straightened table."""

    text: str
    score: float
    box: tuple[float, float, float, float]


@dataclass(slots=True)
class _Asked:
    """A cell whose text is looked at more than once; `unit`: what stands on a line of its own below its figure."""

    slot: Slot
    text: str
    score: float
    ink: Ink
    clean: Image
    unit: str = ""
    looks: list[Said] = field(default_factory=list)
    said: Said = ("", 0.0)


Cells = list[Said | _Asked]


def read_cells(
    engine: Engine, tables: Sequence[tuple[Ruled, Sequence[tuple[Line, Sequence[int]]]]], letter: float
) -> list[list[Said]]:
    """For each table of a page, and each of its slots, its text and how sure of it we are. `tables`: with the lines in
    them, each with the numbers of the slots that it lies in.

    A text that is seen and not sure ends in UNSURE, which no value does; a figure is sure if the line as the engine
    cut it out and a second crop, cut by its ink and drawn larger, say the same.
    """
    cells = [_first_look(table, lines, letter) for table, lines in tables]
    asked = [[cell for cell in some if isinstance(cell, _Asked)] for some in cells]
    everyone = [cell for some in asked for cell in some]
    for one, said in _looked(engine, everyone, lambda one: _first_crops(one, letter)):
        one.said = _settled(one, said, letter) if one.text or len(one.ink.rows) < 2 else _settled_lines(said)
    _hold_to_forms(asked)
    doubtful = [one for one in everyone if _is_unsure(one.said)]
    for one, said in _looked(engine, doubtful, lambda one: _crops(one, _LOOKS[2:], letter)):
        one.said = _settled_again(one, said, letter)
    _hold_to_forms(asked)
    return [[_with_unit(cell) if isinstance(cell, _Asked) else cell for cell in some] for some in cells]


def _first_look(table: Ruled, lines: Sequence[tuple[Line, Sequence[int]]], letter: float) -> Cells:
    """What the lines that the engine found say of each slot, and which slots must be looked at again."""
    grey, clean = cv2.cvtColor(table.image, cv2.COLOR_BGR2GRAY), unstained(table.image)
    held: list[list[Line]] = [[] for _ in table.slots]
    cut: set[int] = set()
    for line, places in lines:
        if len(places) == 1:
            held[places[0]].append(line)
        else:
            cut.update(places)
    cells: Cells = []
    for i, slot in enumerate(table.slots):
        ink = ink_of(grey, clean, slot, letter)
        rows = _rows(held[i], letter)
        text, score = _joined(rows)
        if any(_overlap(row, letter) for row in rows) or (len(ink.rows) == 1 and _is_too_wide(text, ink, letter)):
            cut.add(i)
        if not text and i not in cut and ink.box is None:
            cells.append((UNSURE, 0.0) if ink.faint or slot.doubtful else ("", MOST_SURE))
        elif slot.doubtful:
            cells.append((text + UNSURE, min(score, 0.3)))
        elif text and i not in cut and not _is_figure(text):
            cells.append((text, min(score, MOST_SURE)))
        elif i not in cut and len(rows) == 2 and _DIGIT.search(_joined(rows[:1])[0]) and _is_unit(rows[1]):
            upper = replace(slot, box=(*slot.box[:3], _between(rows)))
            figure, score = _joined(rows[:1])
            ink = ink_of(grey, clean, upper, letter)
            cells.append(_Asked(upper, figure, score, ink, clean, unit=rows[1][0].text.strip()))
        else:
            cells.append(_Asked(slot, text if i not in cut else "", score, ink, clean))
    return cells


def _with_unit(one: _Asked) -> Said:
    text, score = one.said
    if not one.unit:
        return one.said
    return (text.removesuffix(UNSURE) + one.unit + UNSURE if _is_unsure(one.said) else text + one.unit), score


def _is_unit(row: Sequence[Line]) -> bool:
    return len(row) == 1 and row[0].score >= _SURE[0] and _UNIT.fullmatch(row[0].text.strip()) is not None


def _between(rows: Sequence[Sequence[Line]]) -> int:
    """Where the first row of lines ends and the second begins."""
    return int((max(line.box[3] for line in rows[0]) + min(line.box[1] for line in rows[1])) / 2)


def _hold_to_forms(asked: Sequence[Sequence[_Asked]]) -> None:
    """Hold the figures of a page to the height of those beside them and to the shape of its digits."""
    for some in asked:
        _hold_to_height(some)
    shapes = Shapes()
    for some in asked:
        for one in some:
            if one.said[0].isdigit():
                shapes.learn(one.said[0], one.ink.signs)
    for some in asked:
        for one in some:
            if _is_unsure(one.said) and one.ink.signs:
                one.said = _settled_by_shape(one, shapes.says(one.ink.signs))
        _hold_to_height(some)


def _settled_by_shape(one: _Asked, shown: str) -> Said:
    """The figure that its shape shows, if the engine saw it as well, surely or twice, and no other figure surely."""
    looks = [(_plain(text).translate(_FORM_OF), score) for text, score in ((one.text, one.score), *one.looks)]
    if len(looks) >= 4 and len({text for text, _ in looks}) == 1 and _may_be(looks[0][0], shown):
        shown = looks[0][0]
    seen = sorted((score for text, score in looks if text == shown), reverse=True)
    against = any(_DIGIT.search(text) and text != shown and score >= _AGAINST for text, score in looks)
    if not seen or against or (seen[0] < _WITH_SHAPE and len(seen) < 2):
        return one.said
    return _spaced(one, shown), round(min(max(seen[-1], 0.5), MOST_SURE), 3)


def _may_be(text: str, shown: str) -> bool:
    """Whether four looks that agree, if weakly, may stand against a shape that is unlike the samples in some signs: a
    ring, or a figure of which other signs are like theirs."""
    if text == "0" and shown == UNSURE:
        return True
    if not text.isdigit() or len(text) != len(shown) or set(shown) == {UNSURE}:
        return False
    return all(seen in (digit, UNSURE) for digit, seen in zip(text, shown, strict=True))


def _hold_to_height(asked: Sequence[_Asked]) -> None:
    """Digits of a table are of one height: what is higher or lower was no figure, or more than was read.

    A slash, higher than a digit and leaning, is what the engine takes for a 1: there the shape decides.
    """
    heights = [height_of(one.ink) for one in asked if _DIGIT.search(one.said[0]) and not _is_unsure(one.said)]
    usual = float(np.median(heights)) if heights else 0.0
    for one in asked:
        text, score = one.said
        if one.ink.pieces == 1 and is_slash(one.ink, usual) and set(text) <= _SLASHES:
            one.said = "/", round(min(max(score, 0.5), MOST_SURE), 3)
        elif text.isdigit() and not 0.8 * usual <= height_of(one.ink) <= 1.2 * usual:
            one.said = _unsure(text, score)


def _is_unsure(found: Said) -> bool:
    return found[0].endswith(UNSURE)


def _looked(
    engine: Engine, asked: Sequence[_Asked], look: Callable[[_Asked], list[Image]]
) -> Iterator[tuple[_Asked, list[Said]]]:
    """What the engine says of several crops of each cell, all of them asked together."""
    crops = [look(one) for one in asked]
    said = iter(engine.read([crop for some in crops for crop in some]))
    for one, some in zip(asked, crops, strict=True):
        found = [(_plain(text), score) for text, score in (next(said) for _ in some)]
        one.looks.extend(found)
        yield one, found


def _rows(lines: Sequence[Line], letter: float) -> list[list[Line]]:
    """The lines of a cell from top to bottom, those beside each other from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.box[1] + one.box[3]):
        middle = (line.box[1] + line.box[3]) / 2
        if rows and middle < rows[-1][0].box[3] - letter * 0.3:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.box[0]) for row in rows]


def _overlap(row: Sequence[Line], letter: float) -> bool:
    """Whether two lines beside each other share a letter."""
    return any(b.box[0] < a.box[2] - letter * 0.4 for a, b in zip(row, row[1:], strict=False))


def _is_too_wide(text: str, ink: Ink, letter: float) -> bool:
    """Whether the engine saw more signs in a line than its ink has room for: it repeats one that stands alone."""
    if ink.box is None:
        return False
    high = max(height_of(ink), letter * 0.5)
    wanted = sum(0.7 if _WORD.match(sign) else 0.42 if sign.isalnum() and sign not in "1lI" else 0.1 for sign in text)
    return wanted * high > 1.25 * (ink.box[2] - ink.box[0]) and len(text) > 1


def _joined(rows: Sequence[Sequence[Line]]) -> Said:
    """Rows of lines as one text; pieces beside each other are parted by a blank."""
    texts = [" ".join(one.text for one in row) for row in rows]
    return "\n".join(text for text in texts if text), min((line.score for row in rows for line in row), default=0.0)


def _is_figure(text: str) -> bool:
    """Whether a text may be meant as a figure or a sign for none, however misread: such a text is looked at twice."""
    flat = fold(text).replace(" ", "")
    if len(flat) <= 2 and "\n" not in text:
        return _WORD.fullmatch(flat) is None or not _SIGNS.isdisjoint(flat)
    return _FIGURE.fullmatch(flat) is not None


def _first_crops(one: _Asked, letter: float) -> list[Image]:
    """One crop for a second look, two where no line is the first; each line by itself where there are several."""
    if not one.text and len(one.ink.rows) > 1:
        return [_crop(one, row, _LOOKS[0], letter) for row in one.ink.rows]
    return _crops(one, _LOOKS[: 1 if one.text else 2], letter)


def _crops(one: _Asked, looks: Sequence[tuple[float, int]], letter: float) -> list[Image]:
    """The ink of a cell cut out in several ways; none of more than one line."""
    if one.ink.box is None or height_of(one.ink) > letter * 1.7:
        return []
    return [_crop(one, one.ink.box, look, letter) for look in looks]


def _crop(one: _Asked, box: Box, look: tuple[float, int], letter: float) -> Image:
    """A line of ink with paper round it, drawn to another size than the line has."""
    x0, y0, x1, y1 = box
    around, height = look
    middle, half = (y0 + y1) / 2, max(y1 - y0, letter * 0.62) / 2
    left, top, right, bottom = inside(one.slot)
    pad = 2 * half * around
    a, b = max(left, int(x0 - pad)), min(right, int(x1 + pad + 1))
    c, d = max(top, int(middle - half - pad)), min(bottom, int(middle + half + pad + 1))
    frame = max(2, int(pad))
    paper = int(np.median(one.clean[top:bottom, left:right]))
    piece = cv2.copyMakeBorder(one.clean[c:d, a:b], 0, 0, frame, frame, cv2.BORDER_CONSTANT, value=paper)
    scale = height / piece.shape[0]
    larger = cv2.resize(piece, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.cvtColor(larger, cv2.COLOR_GRAY2BGR), np.uint8)


def _settled_lines(looks: Sequence[Said]) -> Said:
    """A label whose lines the engine had run together with those beside it, read line by line; no figure."""
    text, score = "\n".join(text for text, _ in looks), min(score for _, score in looks)
    return _unsure(text, score) if score < _LABEL or _is_figure(text) else (text, round(min(score, MOST_SURE), 3))


def _settled(one: _Asked, looks: Sequence[Said], letter: float) -> Said:
    """What two looks together say; unsure where they differ, or where the ink shows more signs than were read."""
    first = (_plain(one.text), one.score) if one.text else looks[1] if len(looks) > 1 else ("", 0.0)
    second = looks[0] if looks else ("", 0.0)
    worse, better = sorted((first[1], second[1]))
    if is_dash(one.ink, letter) and second[0] in _DASHES and second[1] >= 0.8:
        return "—", round(min(second[1], MOST_SURE), 3)
    wanted = _SURE if one.text else _ALONE
    if "\n" in one.text or first[0] != second[0] or better < wanted[0] or worse < wanted[1]:
        return _unsure(one.text or second[0], worse)
    return _shown(one, first[0], worse, letter)


def _settled_again(one: _Asked, looks: Sequence[Said], letter: float) -> Said:
    """What two more looks say of a cell that the first ones left unsure: they must agree, be sure, and contradict none
    of the first in a digit."""
    text = looks[0][0] if looks else ""
    if is_dash(one.ink, letter) and all(said in _DASHES for said, _ in one.looks):
        return "—", round(min(max(score for _, score in one.looks), MOST_SURE), 3)
    seen = _plain(one.said[0].removesuffix(UNSURE))
    if not text or any(said != text or score < _SURE[0] for said, score in looks):
        return one.said
    if seen != text and (_DIGIT.search(seen) or len(seen) > 1 or len(text) > 1):
        return one.said
    return _shown(one, text, min(score for _, score in looks), letter)


def _shown(one: _Asked, text: str, score: float, letter: float) -> Said:
    """The text that was agreed on, unless its ink has another shape."""
    x0, y0, x1, y1 = one.ink.box or (0, 0, 0, 0)
    width, height = x1 - x0, max(1, y1 - y0)
    if not text or (text in _DASHES and not is_dash(one.ink, letter)):
        return _unsure(text, score)
    if (text == "1" and (width > 0.62 * height or abs(one.ink.slant) > 0.14)) or (text == "/" and one.ink.slant < 0.14):
        return _unsure(text, score)
    signs = len(text)
    if text.isdigit() and not (one.ink.pieces <= signs and width >= (0.45 * (signs - 1) + 0.12) * height):
        return _unsure(text, score)
    if _DIGIT.search(text) and text.isascii() and not signs / 3 <= one.ink.pieces <= signs:
        return _unsure(text, score)
    return _spaced(one, text), round(min(score, MOST_SURE), 3)


def _spaced(one: _Asked, text: str) -> str:
    """The text with the blanks that the line has; but evenly spaced digits, as wide as letters each, are one number."""
    return one.text if one.text and _plain(one.text) == text and not one.ink.even else text


def _unsure(text: str, score: float) -> Said:
    return text.replace("\n", " ") + UNSURE, round(min(score, 0.4), 3)


def _plain(text: str) -> str:
    return fold(text).replace(" ", "").replace("，", ",")
