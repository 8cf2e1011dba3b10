"""Labels of the forms put together from the words of a page, over the lines that a narrow column broke them into."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsers.folding import core, numbering, squeeze
from parsers.model import UNSURE
from parsers.readers.pdf_words import Line, Word
from parsers.values import looks_like_value
from parsers.vocabulary import Hit, Kind, begins_label, is_whole, lookup

_LINES = (0.8, 2.3)  # heights of a letter between the baselines of two lines of one label
_SIDE = 0.3  # heights of a letter by which the sides, or the middles, of a label's lines may differ
_BLANK = 1.2  # heights of a letter that a blank inside a label is wide at most
_INNER_BLANK = 0.3  # the same inside brackets, where any words may stand
_MOST_WORDS = 48
_MOST_STEPS = 3_000  # to find the labels that begin with a word; where columns touch, brackets could go on anywhere
_TOUCH = 0.1  # heights of a letter that columns without room between them reach into each other
_NUMBER = re.compile(r"[一二三四五六七八九十]{1,2}|\d{1,2}")
_POINT = re.compile(r"\d{1,2}[.．、]")
_GLUED = re.compile(r"[\u4e00-\u9fff)]-?\d[\d,.]*(?:件|条|次|人|万?元)?$")
_OPENING = re.compile(r"[（(][一二三四五六七八九十]{1,2}[）)]?")
_HEADS = ("organizations", "applicants", "balance")


@dataclass(eq=False, slots=True)
class Label:
    """A label of the forms with its words in reading order."""

    words: list[Word]
    text: str
    hits: tuple[Hit, ...]
    x0: float
    x1: float
    ys: list[float]  # the baselines of its lines

    @property
    def middle(self) -> float:
        """Half way between the baselines of its first and last line."""
        return (self.ys[0] + self.ys[-1]) / 2

    def is_row(self, table: str) -> bool:
        """Whether it names a row of that table."""
        return any(hit.kind is Kind.ROW and hit.table == table for hit in self.hits)

    def is_column(self, table: str) -> bool:
        """Whether it names a column of that table."""
        return any(hit.kind is Kind.COLUMN and hit.table == table for hit in self.hits)

    @property
    def is_clause(self) -> bool:
        """Whether it opens a block of columns."""
        return any(hit.kind is Kind.CLAUSE for hit in self.hits)

    @property
    def spans(self) -> bool:
        """Whether it stands above several headings."""
        return any(
            hit.kind is Kind.GROUP and (hit.code in _HEADS or hit.table == "disputes") for hit in self.hits
        )


def labels_of(lines: Sequence[Line]) -> list[Label]:
    """The labels that the words of these lines make up, each word in one of them at most, from top to bottom."""
    found: list[Label] = []
    taken: set[int] = set()
    finder = _Finder(lines)
    for n, line in enumerate(lines):
        for at, word in enumerate(line):
            if id(word) in taken or _is_figure(word.text):
                continue
            chains = [c for c in finder.chains(n, at) if not any(id(w) in taken for w in c)]
            if chains:
                best = max(chains, key=len)
                taken.update(map(id, best))
                found.append(_label(best))
    return found


def _label(words: list[Word]) -> Label:
    text = "".join(word.text for word in words)
    ys = list(dict.fromkeys(word.y for word in words))
    return Label(words, text, lookup(text), min(w.x0 for w in words), max(w.x1 for w in words), ys)


class _Finder:
    """Follows the lines of a label downwards."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.levels = [line[0].y for line in lines]
        self.steps = 0  # what is left of them for one label

    def chains(self, n: int, at: int) -> Iterator[list[Word]]:
        """All whole labels that begin with a word."""
        word = self.lines[n][at]
        self.steps = _MOST_STEPS
        if not _may_start(word.text):
            if any(hit.kind is not Kind.GROUP for hit in _known(word.text)):
                yield [word]
            return
        yield from self._grown([word], word.text, n, at)

    def _grown(self, chain: list[Word], text: str, n: int, at: int) -> Iterator[list[Word]]:
        if is_whole(text) or (len(chain) == 1 and _known(text)):
            yield chain
            if is_whole(text) and any(hit.code == "balance" for hit in lookup(text)):
                return  # all of it stands in brackets, which labels may do without, so that any other could go on
        self.steps -= 1
        if len(chain) >= _MOST_WORDS or self.steps < 0:
            return
        for word, line, place in self._following(chain, n, at):
            longer = text + word.text
            if not _is_figure(word.text) and not _is_numbered(text, word.text) and _may_start(longer):
                yield from self._grown([*chain, word], longer, line, place)

    def _following(self, chain: list[Word], n: int, at: int) -> Iterator[tuple[Word, int, int]]:
        last = chain[-1]
        line = self.lines[n]
        text = squeeze("".join(word.text for word in chain))
        blank = _BLANK if text.count("(") <= text.count(")") else _INNER_BLANK
        if at + 1 < len(line) and line[at + 1].x0 - last.x1 <= last.size * blank:
            yield line[at + 1], n, at + 1
        x0, x1 = min(w.x0 for w in chain), max(w.x1 for w in chain)
        start = bisect_left(self.levels, last.y + last.size * _LINES[0])
        for below in range(start, len(self.lines)):
            page = self.lines[below][0].page
            if page > last.page + 1 or (page == last.page and self.levels[below] > last.y + last.size * _LINES[1]):
                return  # unless the page break cuts the label
            touch = last.size * _TOUCH
            over = [(i, w) for i, w in enumerate(self.lines[below]) if w.x0 < x1 - touch and x0 < w.x1 - touch]
            for i, word in over:
                before = self.lines[below][i - 1] if i else None
                if before and before.x1 > x0 + touch and word.x0 - before.x1 <= word.size * _INNER_BLANK:
                    continue  # within a cell's line
                if _in_line(word, self.lines[below], i, x0, x1):
                    yield word, below, i
            if over:
                return


def _known(text: str) -> tuple[Hit, ...]:
    """What a word names, unless it ends in a figure: that of the next cell, which touches it."""
    return () if _GLUED.search(squeeze(text)) else lookup(text)


def _in_line(word: Word, line: Line, at: int, x0: float, x1: float) -> bool:
    """Whether a word, or the words it begins, stands below others at the same left side, middle or right side."""
    reach = word.size * _SIDE
    if abs(word.x0 - x0) <= reach:
        return True
    end = at
    while True:
        right = line[end].x1
        if abs((word.x0 + right) / 2 - (x0 + x1) / 2) <= reach or abs(right - x1) <= reach:
            return True
        end += 1
        if end == len(line) or line[end].x0 - right > word.size * _BLANK:
            return False


def _is_figure(text: str) -> bool:
    """Whether a word stands in a cell of figures: no words, and no number of a row on a line of its own."""
    if text.endswith(UNSURE):
        return True
    if any("\u4e00" <= c <= "\u9fff" for c in text) and not any(c.isdigit() for c in text):
        return False
    return looks_like_value(text) and not _POINT.fullmatch(text)


def _is_numbered(before: str, text: str) -> bool:
    """Whether words open a label of their own with its number, and do not go on with the label before them."""
    return not before.endswith("第") and bool(_OPENING.fullmatch(text) or _POINT.fullmatch(text) or numbering(text)[0])


@lru_cache(maxsize=4096)
def _may_start(text: str) -> bool:
    """Whether a label of the forms begins so; of one whose bracket is open its words before the bracket count."""
    flat = squeeze(text)
    words = core(text)
    if flat.count("(") > flat.count(")") and is_whole(flat + ")"):
        return len(flat) < 70
    return not words or begins_label(words) or bool(_NUMBER.fullmatch(words))
