"""The words of a PDF's pages that stand in no ruled table, laid out as one long page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from parsers.readers.pdf_page import Box, Letter, Sheet
from parsers.readers.pdf_ruled import line_text

_APART = 0.2  # of a letter's size: room between two words
_EVENLY_APART = 0.1  # the same between two figures, or two ideographs, which touch each other in a word
_UNIT_APART = 0.3  # a figure and its unit: office programs put a quarter between them
_PIECE_APART = 0.3  # letters that were set as one piece of text, which may be spaced out
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_NUMBER = re.compile(r"(?<!第)[（(][一二三四五六七八九十]{1,2}[）)]")  # of a row: what touches it may be another cell
_LEVEL = 0.2  # of a letter's size: letters whose baselines are nearer stand on one line
_OFF = 0.02  # the same: letters of a run are not that far apart, but for fonts that stand differently
_PAGE = 100_000.0  # points that each page is put below the one before, so that no distance bridges a page break


@dataclass(eq=False, slots=True)
class Word:
    """Letters of a line that touch each other. `y`: its baseline on the one long page."""

    letters: list[Letter]
    text: str
    page: int
    x0: float
    x1: float
    y: float
    size: float

    @property
    def middle(self) -> float:
        """Half way between its sides."""
        return (self.x0 + self.x1) / 2

    @property
    def box(self) -> Box:
        """Its box on its own page."""
        return self.x0, min(x.top for x in self.letters), self.x1, max(x.bottom for x in self.letters)


Line = list[Word]  # from left to right, on one baseline


def lines_of_words(sheets: Mapping[int, Sheet]) -> list[Line]:
    """All lines of the pages from top to bottom; letters on their side are in none."""
    lines: list[Line] = []
    for page, sheet in sheets.items():
        letters = sorted((x for x in sheet.letters if not x.turn and not x.text.isspace()), key=lambda x: x.base)
        held: list[Letter] = []
        for letter in letters:
            if held and letter.base - held[0].base > min(letter.size, held[0].size) * _LEVEL:
                lines.append(_words(held, page))
                held = []
            held.append(letter)
        if held:
            lines.append(_words(held, page))
    return [line for line in lines if line]


def _words(letters: list[Letter], page: int) -> Line:
    letters.sort(key=lambda x: x.x0)
    over = _overprinted(letters)
    standing = [x for x in letters if x not in over] if over else letters
    pieces: list[list[Letter]] = []
    for letter in standing:
        last = pieces[-1][-1] if pieces else None
        if last and _goes_on(last, letter):
            pieces[-1].append(letter)
        else:
            pieces.append([letter])
    if over:
        pieces = sorted([*pieces, *([letter] for letter in over)], key=lambda piece: piece[0].x0)
    y = standing[0].base + page * _PAGE
    found = [
        Word(p, line_text(p), page, p[0].x0, max(x.x1 for x in p), y, max(x.size for x in p))
        for piece in pieces
        for p in _by_number(piece)
    ]
    return [word for word in found if word.text]


def _overprinted(letters: list[Letter]) -> list[Letter]:
    """Letters from left to right that stand on others, a little higher or lower than their line: browsers print what
    is left of a label turned downwards over the headings that they repeat on the next page."""
    level = Counter(round(letter.base, 1) for letter in letters).most_common(1)[0][0]
    off = [abs(x.base - level) > x.size * _OFF for x in letters]
    return [
        x for n, x in enumerate(letters)
        if off[n] and any(
            abs(o.base - level) <= o.size * _OFF and min(o.x1, x.x1) - max(o.x0, x.x0) > (x.x1 - x.x0) / 2
            for o in letters[max(0, n - 2) : n + 3]
        )
    ]  # fmt: skip


def _goes_on(last: Letter, letter: Letter) -> bool:
    """Whether a letter belongs to the word of the one before it."""
    gap, size = letter.x0 - last.x1, max(letter.size, last.size)
    if letter.piece or last.piece:
        return letter.piece == last.piece and gap <= size * _PIECE_APART
    return gap <= size * _room(last.text, letter.text)


def _room(before: str, after: str) -> float:
    if not before or not after:  # struck out, in a run of its own
        return _UNIT_APART
    if (before.isdigit() and after.isdigit()) or (_IDEOGRAPH.fullmatch(before) and _IDEOGRAPH.fullmatch(after)):
        return _EVENLY_APART
    return _UNIT_APART if before.isdigit() and _IDEOGRAPH.fullmatch(after) else _APART


def _by_number(piece: list[Letter]) -> list[list[Letter]]:
    """A word in parts, the numbers of rows apart: the cells of a narrow table touch each other."""
    text = "".join(letter.text[:1] or " " for letter in piece)
    cuts = [0, *(at for found in _NUMBER.finditer(text) for at in found.span()), len(piece)]
    return [piece[a:b] for a, b in pairwise(cuts) if a < b]
