"""What the words of a printed row say by themselves, whatever stands around it: labels, headings, numbers in front."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from parsers.folding import core, numbering
from parsers.forms import forms
from parsers.model import Generation
from parsers.rows import MODERN
from parsers.vocabulary import Hit, Kind, lookup

SHY = frozenset(["总计", "合计", "共计", "总数", "其他", "其它", "其他情形"])  # row labels that head columns as well
_MOST_WORDS = 12  # of a row whose reading is remembered; that of the requests has ten cells


class Reading(NamedTuple):
    """What is read in the words of a strip: the places of headings, whether any of them is a row's label, and the place
    and the row of the last one if nothing around it can change that."""

    headings: tuple[int, ...]
    labelled: bool
    at: int
    hit: Hit | None


def reading_of(words: tuple[str, ...], exact: bool) -> Reading:
    """The reading of a strip's words, '' for each figure: the rows of a form are printed by every body alike. Of an
    inexact strip, whose label may be broken over cells, only the headings."""
    if not exact:
        return Reading(_headings(words), True, -1, None)
    return _remembered(words) if len(words) <= _MOST_WORDS else _reading_of(words)


def _headings(words: tuple[str, ...]) -> tuple[int, ...]:
    return tuple([at for at, word in enumerate(words) if is_heading(word)])


def _reading_of(words: tuple[str, ...]) -> Reading:
    headings = _headings(words)
    named = [at for at, word in enumerate(words[:-1]) if row_hits(word)]
    sure = only_row(words[named[-1]]) if named and (not headings or headings[-1] <= named[-1]) else None
    return Reading(headings, bool(named), named[-1] if sure else -1, sure)


_remembered = lru_cache(maxsize=2048)(_reading_of)


@lru_cache(maxsize=4096)
def row_hits(text: str) -> tuple[Hit, ...]:
    """The readings of `text` as the label of a row."""
    return tuple(hit for hit in lookup(text) if hit.kind is Kind.ROW)


def only_row(text: str) -> Hit | None:
    """The row that a label names wherever it stands; None if it names none, or which one depends on what is around."""
    hits = row_hits(text)
    return hits[0] if len(hits) == 1 and core(text) not in SHY and not numbered_otherwise(text, hits[0]) else None


@cache
def _rivals(table: str, code: str) -> tuple[frozenset[str], frozenset[str]]:
    """The numbers the form prints before a row's label, and those of the rows whose labels are two edits or less away
    (同意公开答复数, 不同意公开答复数)."""
    own: set[str] = set()
    others: set[str] = set()
    for generation in (*MODERN, Generation.PRE2019):
        found = forms()[generation].table(table)
        labels = [(row.code, numbering(row.label)) for block in (found.blocks if found else ()) for row in block.rows]
        mine = [label for c, label in labels if c == code]
        own |= {_last_number(front) for front, _ in mine}
        for other, (front, words) in labels:
            if other != code and any(Levenshtein.distance(words, w, score_cutoff=2) <= 2 for _, w in mine):
                others.add(_last_number(front))
    return frozenset(own), frozenset(others - own - {""})


@lru_cache(maxsize=4096)
def _last_number(front: str) -> str:
    numbers = re.findall(r"[0-9]+|[一二三四五六七八九十]+", front)
    return numbers[-1] if numbers else ""


def numbered_otherwise(text: str, hit: Hit) -> bool:
    """A label that lost a letter may have become its neighbour's; then the number before it is the neighbour's own."""
    front = numbering(text)[0]
    if not front:
        return False
    own, others = _rivals(hit.table, hit.code)
    number = _last_number(front)
    return number not in own and number in others


@lru_cache(maxsize=4096)
def is_heading(text: str) -> bool:
    """Whether a text heads columns of a statutory table."""
    return any(
        hit.kind is Kind.COLUMN or hit.kind is Kind.CLAUSE or hit.code in ("organizations", "applicants")
        or (hit.kind is Kind.GROUP and hit.table == "disputes")
        for hit in lookup(text)
    )  # fmt: skip
