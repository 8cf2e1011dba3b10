"""The columns of a table without lines: where its figures stand below each other, under which headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from parsers.readers.pdf_words import Line, Word

_TOUCH = 0.3  # heights of a letter between a figure and its unit
_REACH = 0.5  # points that columns without room between them reach into each other
Extent = tuple[float, float]  # left and right side


@dataclass(eq=False, slots=True)
class Heading:
    """The words over one column, from top to bottom."""

    text: str
    words: list[Word]

    @property
    def extent(self) -> Extent:
        """Its left and right side."""
        return min(w.x0 for w in self.words), max(w.x1 for w in self.words)


@dataclass(eq=False, slots=True)
class Column:
    """A column: its heading, its sides, and its lines of figures from top to bottom."""

    heading: Heading | None
    extent: Extent
    lines: list[Line] = field(default_factory=list)


def columns_of(figures: Sequence[Word], headings: Sequence[Heading]) -> list[Column] | None:
    """The columns from left to right; None where it is not plain which figure stands under which heading."""
    stripes = _stripes([(w.x0, w.x1) for w in figures])
    headings = sorted(headings, key=lambda h: h.extent)
    if any(_crosses(a.extent, b.extent) for a, b in pairwise(headings)):
        return None
    if not headings:
        columns = [Column(None, stripe) for stripe in stripes]
    elif len(stripes) == len(headings):
        columns = [Column(h, _joined(h.extent, s)) for h, s in zip(headings, stripes, strict=True)]
        if any(_overlap(s, other.extent) and not _overlap(s, h.extent) and other is not h
               for h, s in zip(headings, stripes, strict=True) for other in headings):
            return None
    else:
        found = _under(stripes, headings, figures[0].size if figures else 0.0)
        if found is None:
            return None
        columns = found
    for word in figures:
        own = [c for c in columns if _overlap((word.x0, word.x1), c.extent)]
        if len(own) != 1:
            return None
        lines = own[0].lines
        if lines and lines[-1][0].y == word.y:
            lines[-1].append(word)
        else:
            lines.append([word])
    return columns


def _under(stripes: Sequence[Extent], headings: Sequence[Heading], size: float) -> list[Column] | None:
    """A column for each heading, with the stripes below it and what touches these; a stripe below none, or below two,
    is not plain. `size`: the height of a letter."""
    columns = [Column(heading, heading.extent) for heading in headings]
    for stripe in stripes:
        own = [c for c in columns if c.heading and _overlap(stripe, c.heading.extent)]
        own = own or [c for c in columns if 0 <= stripe[0] - c.extent[1] < size * _TOUCH]
        if len(own) != 1:
            return None
        own[0].extent = _joined(own[0].extent, stripe)
    if any(_crosses(a.extent, b.extent) for a, b in pairwise(columns)):
        return None
    return columns


def _crosses(left: Extent, right: Extent) -> bool:
    """Whether one reaches into the other by more than columns do that touch each other."""
    return left[1] > right[0] + _REACH


def _stripes(spans: Sequence[Extent]) -> list[Extent]:
    merged: list[Extent] = []
    for x0, x1 in sorted(spans):
        if merged and x0 < merged[-1][1] - _REACH:
            merged[-1] = merged[-1][0], max(merged[-1][1], x1)
        else:
            merged.append((x0, x1))
    return merged


def _overlap(a: Extent, b: Extent) -> bool:
    return a[0] < b[1] - _REACH and b[0] < a[1] - _REACH


def _joined(a: Extent, b: Extent) -> Extent:
    return min(a[0], b[0]), max(a[1], b[1])
