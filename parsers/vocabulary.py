"""Printed labels to codes: exact by their folded words, else within a tolerance that can be explained, else nothing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import islice, takewhile

from rapidfuzz.distance import Levenshtein

from parsers.folding import core, numbering, squeeze
from parsers.forms import FormTable, forms
from parsers.model import Generation


class Kind(StrEnum):
    """What a label names. A CLAUSE opens a block of columns (第二十条第（一）项, 信息内容); a GROUP only confirms."""

    ROW = "row"
    COLUMN = "column"
    GROUP = "group"
    CLAUSE = "clause"


@dataclass(frozen=True, slots=True)
class Hit:
    """One reading of a label; `distance` 0 is exact, else the number of edits (or 1 for a lost or added part)."""

    table: str
    kind: Kind
    code: str
    distance: int = 0
    generations: tuple[Generation, ...] = ()
    how: str = "exact"


# Near a form's label in letters, but other things.
_OTHERS = frozenset(
    {"行政处分", "行政征收", "行政检查", "行政奖励", "行政确认", "行政给付", "行政裁决", "行政征用", "行政调解",
     "行政诉讼", "行政复议", "行政应诉", "申请人", "法人", "其他组织"}
)  # fmt: skip
_CLAUSE = re.compile(r"^(?:中华人民共和国)?(?:政府信息公开条例)?第?二?十?条?第?二十条第?[一二三四五六七八九十]?项?$")
_HEADS = {
    "信息内容": ("proactive", Kind.CLAUSE, "content"),
    "申请人情况": ("requests", Kind.GROUP, "applicants"),
    "法人或其他组织": ("requests", Kind.GROUP, "organizations"),
    "法人或其它组织": ("requests", Kind.GROUP, "organizations"),
    "法人和其他组织": ("requests", Kind.GROUP, "organizations"),
    "本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和": ("requests", Kind.GROUP, "balance"),
    "行政复议": ("disputes", Kind.GROUP, "reconsideration"),
    "行政诉讼": ("disputes", Kind.GROUP, "litigation"),
    "指标": ("indicators", Kind.CLAUSE, "indicator"),
    "指标名称": ("indicators", Kind.CLAUSE, "indicator"),
    "统计指标": ("indicators", Kind.CLAUSE, "indicator"),
    "单位": ("indicators", Kind.COLUMN, "unit"),
    "计量单位": ("indicators", Kind.COLUMN, "unit"),
}
_EXPLANATION = re.compile(r"(?:指|如|即|为|是|含|包括|填|单位|注|例)")
_INNER_NUMBER = re.compile(r"[^\d](\d{1,2}[.、]|[(][一二三四五六七八九十][)])(?=\D)")
# What stands beside a label in another language: Latin, Cyrillic, Arabic, Tibetan and Mongolian letters.
_FOREIGN = re.compile(
    "[A-Za-z\u00c0-\u024f\u0400-\u04ff\u0600-\u06ff\u0750-\u077f\u0f00-\u0fff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufefc]{2,}"
)
_MAX_LABEL = 70
# More letters, none in brackets, than a label with its number has: lines of prose are told by it without being folded.
_PROSE = re.compile(r"(?:[^\W_][^\w(（\[［【⑴-⒵㈀-㉃]*+){90}")
_Adder = Callable[[str, str, Kind, str, Generation], None]


@cache
def _exact() -> dict[str, tuple[Hit, ...]]:
    found: dict[str, dict[tuple[str, Kind, str], set[Generation]]] = {}

    def add(text: str, table: str, kind: Kind, code: str, generation: Generation) -> None:
        for spelling in {core(text), core(numbering(text)[1])}:
            if spelling:
                found.setdefault(spelling, {}).setdefault((table, kind, code), set()).add(generation)

    for generation, form in forms().items():
        for table in form.tables:
            _add_table(add, table, generation)
    for text, (name, kind, code) in _HEADS.items():
        for generation in Generation:
            add(text, name, kind, code, generation)
    return {
        spelling: tuple(Hit(t, k, c, 0, tuple(sorted(g))) for (t, k, c), g in entries.items())
        for spelling, entries in found.items()
    }


@cache
def _spellings() -> list[str]:
    return sorted(_exact())


@cache
def _long_spellings() -> list[str]:
    return [spelling for spelling in _exact() if len(spelling) >= 4]


@cache
def _longest() -> int:
    return max(map(len, _exact()))


@cache
def _having() -> dict[str, int]:
    """For each letter the long spellings that have it, as a number with a bit for each."""
    found: dict[str, int] = {}
    for at, spelling in enumerate(_long_spellings()):
        for letter in set(spelling):
            found[letter] = found.get(letter, 0) | 1 << at
    return found


def _add_table(add: _Adder, table: FormTable, generation: Generation) -> None:
    for heading in table.headings:
        add(heading, table.name, Kind.GROUP, core(heading), generation)
    for block in table.blocks:
        if block.label:
            kind = Kind.CLAUSE if table.name == "proactive" else Kind.GROUP
            add(block.label, table.name, kind, core(block.label), generation)
        for column in block.columns:
            for text in (column.label, *column.variants):
                add(text, table.name, Kind.COLUMN, column.code, generation)
        for row in block.rows:
            if row.group and table.name != "indicators":
                add(row.group, table.name, Kind.GROUP, core(row.group), generation)
            kind = Kind.GROUP if table.name == "disputes" else Kind.ROW
            for text in (row.label, *row.variants):
                add(text, table.name, kind, row.code, generation)


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(spelling[:end] for spelling in _exact() for end in range(2, len(spelling)))


@cache
def _openings() -> frozenset[str]:
    return frozenset(spelling[:end] for spelling in _exact() for end in range(1, len(spelling) + 1))


def begins_label(words: str) -> bool:
    """Whether a label of the forms begins with these folded words, or is them."""
    return words in _openings()


def is_whole(text: str) -> bool:
    """Whether a text is a label of the forms word for word, its brackets closed."""
    flat = squeeze(text)
    return flat.count("(") <= flat.count(")") and core(text) in _exact()


def may_begin(text: str) -> bool:
    """Whether a text may be the first line of a label that was broken over several."""
    return core(text) in _beginnings() or (not is_whole(text) and core(text) in _exact())


def tolerance(length: int) -> int:
    """How many edits a label of that many characters may be away: short ones none, then one, two, three."""
    if length <= 3:
        return 0
    return 1 if length <= 5 else 2 if length <= 8 else 3


@lru_cache(maxsize=4096)
def lookup(text: str) -> tuple[Hit, ...]:
    """All readings of a printed label, () if none; several tables may share a label (总计, 其他).

    Exact by folded words; else a form's label followed by an explanation, or its beginning (the second line lost);
    else within `tolerance` edits of one label, the next different one being farther away.
    """
    if len(text) > _MAX_LABEL * 3 or (len(text) > _MAX_LABEL and _PROSE.match(text)):
        return ()
    words = core(text)
    if not words or len(words) > _MAX_LABEL or words.isdigit():
        return ()
    exact = _exact().get(words)
    if exact is not None:
        return exact
    if _FOREIGN.search(words) and (exact := _exact().get(core(_FOREIGN.sub("", text)))):
        return exact
    if words in _OTHERS:
        return ()
    if "二十条" in words and _CLAUSE.match(words):
        return (Hit("proactive", Kind.CLAUSE, words),)
    return _with_inner_number(text) or _contained(words) or _near(words)


def _with_inner_number(text: str) -> tuple[Hit, ...]:
    """A group heading and a label in one cell: '(三)不予公开1.属于国家秘密' is the label."""
    flat = squeeze(text)
    inner = list(_INNER_NUMBER.finditer(flat))
    if not inner:
        return ()
    front, tail = flat[: inner[-1].start() + 1], flat[inner[-1].start() + 1 :]
    if not any(hit.kind is Kind.GROUP for hit in _exact().get(core(front.split("(")[-1].split(")")[-1]), ())):
        return ()
    return tuple(hit for hit in _exact().get(core(tail), ()) if hit.kind is Kind.ROW)


def _contained(words: str) -> tuple[Hit, ...]:
    if words[:4] not in _openings():
        return ()
    for end in range(len(words) - 1, 3, -1):
        if words[:end] in _exact() and _EXPLANATION.match(words, end):
            return _with_distance(_exact()[words[:end]], 1, "explained")
    if len(words) < 6:
        return ()
    spellings = _spellings()
    start = bisect_left(spellings, words)
    beginnings = takewhile(lambda spelling: spelling.startswith(words), islice(spellings, start, None))
    return _agreeing({spelling for spelling in beginnings if len(words) * 3 >= len(spelling)}, 1, "beginning")


def _lacking(words: str, most: int) -> list[str]:
    """The long spellings that lack at most that many of these letters: no other one is so few edits away."""
    having = _having()
    sets = [(1 << len(_long_spellings())) - 1] * (most + 1)  # sets[n]: those that lack at most n of the letters so far
    for letter in words:
        own = having.get(letter, 0)
        for n in range(most, 0, -1):
            sets[n] = sets[n] & own | sets[n - 1]
        sets[0] &= own
    spellings = _long_spellings()
    return [spellings[at] for at, bit in enumerate(f"{sets[most]:b}"[::-1]) if bit == "1"] if sets[most] else []


def _near(words: str) -> tuple[Hit, ...]:
    allowed = tolerance(len(words))
    likely = _lacking(words, allowed + 1) if allowed and len(words) <= _longest() + allowed else ()
    near = {spelling: Levenshtein.distance(words, spelling, score_cutoff=allowed + 1) for spelling in likely}
    if not near or (best := min(near.values())) > allowed:
        return ()
    keep = {spelling for spelling, distance in near.items() if distance == best}
    rivals = {spelling for spelling, distance in near.items() if distance <= best + 1}
    return _agreeing(rivals, best, "near", keep)


def _agreeing(spellings: set[str], distance: int, how: str, keep: set[str] | None = None) -> tuple[Hit, ...]:
    """The hits of several candidate spellings, if they name one thing a table; two different things cancel out."""
    if not spellings:
        return ()
    keep = keep or spellings
    codes: dict[tuple[str, Kind], set[str]] = {}
    for spelling in spellings:
        for hit in _exact()[spelling]:
            codes.setdefault((hit.table, hit.kind), set()).add(hit.code)
    hits: dict[tuple[str, Kind, str], Hit] = {}
    for spelling in keep:
        for hit in _exact()[spelling]:
            if len(codes[hit.table, hit.kind]) == 1:
                hits[hit.table, hit.kind, hit.code] = hit
    return _with_distance(tuple(hits.values()), distance, how)


def _with_distance(hits: tuple[Hit, ...], distance: int, how: str) -> tuple[Hit, ...]:
    return tuple(Hit(h.table, h.kind, h.code, distance, h.generations, how) for h in hits)
