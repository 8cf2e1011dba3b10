"""Printed headings to the order of the columns. What the heading does not establish is not read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from parsers.folding import core
from parsers.forms import FormColumn, forms
from parsers.model import Generation
from parsers.rows import MODERN, form_block
from parsers.vocabulary import Kind, lookup

Order = tuple[str, ...]
_SHORT = 6  # letters: a longer text is no applicant
_ANY_COLUMN = frozenset({"本年", "本年度", "数量", "件数", "总数", "上年", "上一年", "项目", "金额", "合计"})
PROCEEDINGS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")


@cache
def form_order(table: str) -> Order:
    """The columns of the requests or disputes table in the form's order (the same in 2019 and 2021)."""
    found = forms()[Generation.FORM_2021].table(table)
    return tuple(c.code for c in found.blocks[0].columns) if found else ()


@cache
def _form_columns(table: str) -> tuple[FormColumn, ...]:
    found = forms()[Generation.FORM_2021].table(table)
    return found.blocks[0].columns if found else ()


def _strong(text: str, table: str) -> tuple[str, ...]:
    return tuple(h.code for h in lookup(text) if h.table == table and h.kind is Kind.COLUMN)


def _damaged(text: str, column: FormColumn) -> bool:
    """A heading that lost a part: its beginning is left, or four letters of it. 数量 alone may head anything."""
    words = core(text)
    if len(words) < 2 or words in _ANY_COLUMN:
        return False
    labels = (core(label) for label in (column.label, *column.variants))
    return any(label.startswith(words) or (len(words) >= 4 and words in label) for label in labels)


@lru_cache(maxsize=1024)
def proactive_orders(head: tuple[str, ...], code: str) -> tuple[tuple[Generation, Order], ...]:
    """For each generation whose columns the printed headings above a row establish, these in printed order."""
    blocks = ((generation, form_block(generation, "proactive", code)) for generation in MODERN)
    orders = ((generation, _proactive_order(head, found[0].columns)) for generation, found in blocks if found)
    return tuple((generation, order) for generation, order in orders if order is not None)


def _proactive_order(head: tuple[str, ...], columns: tuple[FormColumn, ...]) -> Order | None:
    """The codes of `columns` in the order of the printed headings; None if the headings say otherwise or too little."""
    texts = [text for text in head if text]
    if len(texts) > len(columns):
        texts = [text for text in texts if _strong(text, "proactive") or any(_damaged(text, c) for c in columns)]
    if len(texts) != len(columns):
        return None
    own = {column.code for column in columns}
    named: list[str | None] = []
    for text in texts:
        codes = _strong(text, "proactive")
        if codes and not own.intersection(codes):
            return None  # the heading of another generation or block
        named.append(next((code for code in codes if code in own), None))
    if None not in named and len(set(named)) == len(columns):
        return tuple(code for code in named if code)
    for text, name, column in zip(texts, named, columns, strict=True):
        if name != column.code and not (name is None and _damaged(text, column)) and not _damaged(text, column):
            return None
    return tuple(column.code for column in columns)


@lru_cache(maxsize=1024)
def requests_order(head: tuple[str, ...]) -> Order | None:
    """The seven applicants in printed order, from all cells of the heading in reading order; None if not established.

    Applicants under 法人或其他组织 stand where that heading stands, in their own row's order.
    """
    form = form_order("requests")
    sequence: list[str] = []
    unknown = False  # whether a short text of none of our words stands before the first applicant
    for text in head:
        name = _applicant(text)
        if name and name not in sequence:
            sequence.append(name)
        elif name == "total" and sequence[0] == "total" and len(sequence) > 1:
            return None  # the first one may be of another table above
        elif not name and not sequence:
            unknown = len(core(text)) <= _SHORT and not lookup(text)
    if unknown and "total" not in sequence:
        return None  # it may be the 总计 of a table that puts its totals first
    inner = [code for code in sequence if code in form[1:-1]]
    if sequence[:1] == ["organizations"] and tuple(sequence[1:]) == form:
        return form  # a page break parted it from the names, which stand in one row below
    if "organizations" in sequence:
        outer = [code for code in sequence if code not in inner]
        order = [*outer[: outer.index("organizations")], *inner, *outer[outer.index("organizations") + 1 :]]
    elif inner and "total" in sequence[1 : sequence.index(inner[0])]:  # 总计 spans two rows, its neighbour was lost
        order = [code for code in sequence if code != "total"] + ["total"]
    else:
        order = sequence
    if "total" in order[1:-1] and len(order) == len(form):
        return None  # 总计 stands first or last: a damaged 法人或其他组织 was taken for one of its parts
    if len(order) == len(form):
        return tuple(order)
    known = [form.index(code) for code in order]
    return form if len(known) >= 4 and known == sorted(known) else None


def _applicant(text: str) -> str | None:
    for hit in lookup(text):
        if hit.table == "requests" and (hit.kind is Kind.COLUMN or hit.code == "organizations"):
            return hit.code
    near = [column.code for column in _form_columns("requests") if _damaged(text, column)]
    return near[0] if len(near) == 1 else None


@lru_cache(maxsize=1024)
def disputes_order(head: tuple[str, ...]) -> tuple[tuple[str, str], ...] | None:
    """The fifteen (proceeding, outcome) in printed order, from all cells of the heading; None if not established."""
    columns = _form_columns("disputes")
    marks: list[str] = []
    leaves: list[str] = []
    for text in head:
        mark = next((h.code for h in lookup(text) if h.table == "disputes" and h.kind is Kind.GROUP), None)
        if mark:
            if mark not in marks:
                marks.append(mark)
        elif _strong(text, "disputes") or any(_damaged(text, c) for c in columns):
            leaves.append(text)
    proceedings = [mark for mark in marks if mark in PROCEEDINGS]
    if not set(PROCEEDINGS) <= set(proceedings) and len(marks) < 3:
        return None
    order = tuple(proceedings) if set(proceedings) == set(PROCEEDINGS) else PROCEEDINGS
    if order != PROCEEDINGS:
        return None  # the stream of a heading over three rows does not tell how they interleave
    outcomes = _outcomes(leaves, columns)
    if outcomes is None:
        return None
    return tuple((proceeding, outcome) for proceeding, chunk in zip(order, outcomes, strict=True) for outcome in chunk)


def _allows(text: str, code: str, column: FormColumn) -> bool:
    return code == column.code or (not code and _damaged(text, column))


def _outcomes(leaves: Sequence[str], columns: tuple[FormColumn, ...]) -> list[Order] | None:
    """Three times five outcomes; a heading that lost parts is taken as the form's if nothing in it contradicts."""
    size = len(columns)
    form = tuple(c.code for c in columns)
    if len(leaves) == 3 * size:
        chunks: list[Order] = []
        for start in range(0, 3 * size, size):
            chunk = leaves[start : start + size]
            codes = tuple(next(iter(_strong(text, "disputes")), "") for text in chunk)
            if set(codes) == set(form):
                chunks.append(codes)
            elif all(_allows(t, code, c) for t, code, c in zip(chunk, codes, columns, strict=True)):
                chunks.append(form)
            else:
                return None
        return chunks if len(set(chunks)) == 1 else None  # a lost heading moved one chunk against the others
    strong = [form.index(codes[0]) for text in leaves if (codes := _strong(text, "disputes"))]
    falls = sum(b <= a for a, b in zip(strong, strong[1:], strict=False))
    return [form, form, form] if len(strong) >= 5 and falls <= 2 else None


@lru_cache(maxsize=1024)
def outcomes_order(head: tuple[str, ...]) -> Order | None:
    """The five outcomes in printed order where they head the columns once; None if the heading is not just these."""
    if len(head) > 8:
        return None
    codes = tuple(code for text in head for code in _strong(text, "disputes")[:1])
    return codes if len(codes) == 5 and set(codes) == set(form_order("disputes")) else None
