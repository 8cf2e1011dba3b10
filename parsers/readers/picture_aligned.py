"""Tables without ruling lines in pictures: the words that OCR saw, laid out as a PDF's letters and read as these are.

The code that reads them goes by baselines and by what stands below each other, so words at one height are given one
baseline.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from parsers.model import Cell, Place, Problem
from parsers.ocr.seen import MOST_SURE, Bounds, SeenLine, SeenPage, SeenTable, SeenWord

if TYPE_CHECKING:
    from parsers.readers.pdf_page import Sheet
    from parsers.readers.pdf_ruled import Ruled

_SIZE = 10.0  # points that letters are taken to be high, as the distances of the PDF reader are in points
_INK = 1.05  # height of a letter by that of the ink of a line of ideographs
_MARGIN = 0.06  # of an ideograph's width that its first and last strokes leave free
_LEAST = 3  # ideographs of a word whose width tells theirs
_LEVEL = 0.3  # heights of a letter by which the middles of words on one line may differ
_BASE = 0.38  # heights of a letter from the middle of a line's ink down to its baseline
_NARROW = 0.55  # width of a figure by that of an ideograph
_SLIM = 0.38  # the same of a bracket or comma that takes no whole square
_WHITE = 0.55  # of its square that is white, on its outer side, if it does
_BESIDE = 2.5  # heights of a letter between the lines of one label at most
_OPENING = frozenset("(（[［《〈“‘【")
_CLOSING = frozenset(")）]］》〉”’】，。、；：")
_MARKS = _OPENING | _CLOSING
_WORD = re.compile("[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Aligned:
    """A table without lines: its cells, its size in rows and columns, and where it stands on the page held upright."""

    cells: tuple[Cell, ...]
    rows: int
    columns: int
    at: Bounds


Part = SeenLine | SeenTable | Aligned


def with_aligned(pages: Sequence[SeenPage], problems: list[Problem]) -> list[tuple[SeenPage, tuple[Part, ...]]]:
    """Each page with its parts from top to bottom, tables without lines among them instead of the lines of text that
    they are made of. A table may go on over several pages."""
    worded = {page.number: page for page in pages if page.words}
    if not worded:
        return [(page, page.parts) for page in pages]
    from parsers.readers.pdf_aligned import aligned_tables  # pdfminer takes half a second to import

    units = {number: _unit(page) for number, page in worded.items()}
    sheets = {number: _sheet(page, units[number]) for number, page in worded.items()}
    tables = aligned_tables(sheets, problems)
    found = []
    for page in pages:
        parts: list[Part] = list(page.parts)
        if page.number in sheets:
            parts = _left(page, {letter.piece for letter in sheets[page.number].letters})
            parts.extend(_aligned(table, page.number, worded, units) for table in tables.get(page.number, ()))
            parts.sort(key=lambda part: part.at[1])
        found.append((page, tuple(parts)))
    return found


def _unit(page: SeenPage) -> float:
    """How many pixels of the page a point is: ideographs are squares."""
    words = [w for w in page.words if len(w.text) >= _LEAST and _WORD.fullmatch(w.text)]
    sizes = [(w.at[2] - w.at[0]) / (len(w.text) - _MARGIN) for w in words]
    sizes = sizes or [(w.at[3] - w.at[1]) * _INK for w in page.words if len(w.text) > 1 and not w.text.isascii()]
    return (median(sizes) if sizes else page.letter) / _SIZE


def _sheet(page: SeenPage, unit: float) -> Sheet:
    """The words as letters in points, each word a piece of its own, numbered from 1."""
    from parsers.readers.pdf_page import Letter, Sheet

    bases, squares = _bases(page.words, unit * _SIZE), _squares(page.words, unit * _SIZE)
    letters = []
    for n, word in enumerate(page.words):
        text = "".join(word.text.split())
        wide = [_NARROW if letter.isascii() else 1.0 for letter in text]
        (x, right), base = _sides(word, unit, squares[n]), bases[n] / unit
        step = (right - x) / sum(wide) if wide else 0.0
        for letter, width in zip(text, wide, strict=True):
            letters.append(Letter(letter, x, base - _SIZE, x + width * step, base, 0, base, n + 1))
            x += width * step
    width, height = (max(word.at[side] for word in page.words) / unit for side in (2, 3))
    return Sheet(letters, [], width, height)


def _squares(words: Sequence[SeenWord], size: float) -> list[bool]:
    """Whether the brackets and commas of each word take a whole square each: by its width if it has one inside, else as
    in the nearest such word above or below it, else as in most of the page."""
    own = {n: found for n, word in enumerate(words) if (found := _has_squares(word, size)) is not None}
    mostly = 2 * sum(own.values()) >= len(own)
    answers = []
    for n, word in enumerate(words):
        near = [
            (abs(words[m].at[1] - word.at[1]), m)
            for m in own
            if words[m].at[0] < word.at[2] and word.at[0] < words[m].at[2]
        ]
        distance, nearest = min(near, default=(0.0, -1))
        answers.append(own.get(n, own[nearest] if near and distance <= size * _BESIDE else mostly))
    return answers


def _has_squares(word: SeenWord, size: float) -> bool | None:
    text = word.text
    marks = sum(letter in _MARKS for letter in text[1:-1])
    if not marks or not _WORD.search(text):
        return None
    others = sum(_NARROW if letter.isascii() else 1.0 for letter in text if letter not in _MARKS)
    others += _SLIM * ((text[0] in _MARKS) + (text[-1] in _MARKS))
    each = ((word.at[2] - word.at[0]) / size - others) / marks
    return each > (1 + _SLIM) / 2


def _sides(word: SeenWord, unit: float, squares: bool) -> tuple[float, float]:
    """Where a word begins and ends, in points, the white of the brackets and commas at its ends being its own: by that
    the lines of a label stand below each other."""
    left, right = word.at[0] / unit, word.at[2] / unit
    if not squares or not _WORD.search(word.text):
        return left, right
    white = _WHITE * _SIZE
    return left - white * (word.text[0] in _OPENING), right + white * (word.text[-1] in _CLOSING)


def _bases(words: Sequence[SeenWord], size: float) -> list[float]:
    """The baseline of each word, the same for all on one line."""
    middles = sorted(((word.at[1] + word.at[3]) / 2, n) for n, word in enumerate(words))
    runs: list[list[tuple[float, int]]] = []
    for middle, n in middles:
        if runs and middle - runs[-1][0][0] <= size * _LEVEL:
            runs[-1].append((middle, n))
        else:
            runs.append([(middle, n)])
    bases = [0.0] * len(words)
    for run in runs:
        base = median(middle for middle, _ in run) + size * _BASE
        for _, n in run:
            bases[n] = base
    return bases


def _left(page: SeenPage, pieces: set[int]) -> list[Part]:
    """The parts of a page without what is in its tables: of a line of which a part is, the other words."""
    held: dict[int, list[tuple[int, SeenWord]]] = {}
    for n, word in enumerate(page.words, 1):
        if word.text.strip():
            held.setdefault(word.line, []).append((n, word))
    parts: list[Part] = []
    for at, part in enumerate(page.parts):
        own = held.get(at, [])
        if isinstance(part, SeenTable) or not own or any(n in pieces for n, _ in own):
            parts.append(part)
    return parts


def _aligned(
    table: Ruled, number: int, pages: Mapping[int, SeenPage], units: Mapping[int, float]
) -> Aligned:
    cells = []
    for slot in table.slots:
        page = slot.page or number
        at = _times(slot.box, units[page])
        inside = [w.score for w in pages[page].words if slot.text and _is_in(w.at, at)]
        sure = min([slot.confidence, MOST_SURE, *inside])
        place = Place(page=page, box=_in_picture(at, pages[page].way))
        cells.append(Cell(slot.text, slot.row, slot.column, slot.rowspan, slot.colspan, place, sure))
    return Aligned(tuple(cells), table.rows, len(table.lefts), _times(table.box, units[number]))


def _is_in(inner: Bounds, outer: Bounds) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _times(box: Bounds, by: float) -> Bounds:
    left, top, right, bottom = (n * by for n in box)
    return left, top, right, bottom


def _in_picture(at: Bounds, way: Sequence[float]) -> Bounds:
    a, b, c, d, e, f = way
    corners = [(a * x + b * y + c, d * x + e * y + f) for x in (at[0], at[2]) for y in (at[1], at[3])]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return round(min(xs), 1), round(min(ys), 1), round(max(xs), 1), round(max(ys), 1)
