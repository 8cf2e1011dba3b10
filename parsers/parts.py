"""Which of a sentence's figures are parts of which: 收到15件,其中网上12件; 在已答复的4件申请中,予以公开3件."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from parsers.model import Statement

COUNTED = re.compile(r"\d\s?(?:件|条|次|篇|人|项|个|份|宗)")
HANDLED = ("granted", "granted_in_part", "refused", "unable", "unable.not_held", "not_processed", "other_handling")
_PART = re.compile(r"其中|在(?=[^,。;]{0,20}中[,:])|从(?=[^,。;]{0,20}中[,:])")


def called(s: Statement, what: str, of: str | None) -> Statement:
    """The statement by another code, or as a part of something."""
    return Statement(what, s.value, s.unit, s.section, s.start, s.end, s.sentence, of, s.qualifier, s.year, s.scope)


def with_wholes(found: Sequence[Statement], body: str, start: int) -> Iterable[Statement]:
    """A sentence's statements, parts with their whole. `body`: it in half-width letters; `start`: its place."""
    marks = list(_PART.finditer(body))
    return _with_wholes(found, marks, body, start) if marks else found


def _with_wholes(
    found: Sequence[Statement], marks: Sequence[re.Match[str]], body: str, start: int
) -> Iterator[Statement]:
    """Figures behind 其中 are parts of the figure before it in the sentence; where none is, nobody can tell of what."""
    for s in found:
        at = s.start - start
        mark = next((m for m in reversed(marks) if m.start() <= at), None)
        if mark is None or s.of is not None or s.what == "share" or ";" in body[mark.end() : at]:
            yield s
            continue
        # 收到10件,其中: the whole stands before the mark; 在已答复的4件申请中: behind it.
        end = start + (mark.start() if mark.group() == "其中" else mark.end() + 30)
        wholes = (
            w for w in found
            if w.start < min(s.start, end) and w.of is None and w.what != "share" and w.unit == s.unit
            and not _is_in_a_closed_bracket(body, w.start - start, at)
        )  # fmt: skip
        whole = max(wholes, key=lambda w: w.start, default=None)
        if whole and not _is_one_of_several(whole, s, body[: whole.start - start]):
            yield called(s, s.what, whole.what)
        elif whole is None and (mark.group() != "其中" or body[: mark.start()].strip()):
            yield s


def _is_in_a_closed_bracket(body: str, at: int, before: int) -> bool:
    """办理15件(含结转2件),其中公开7件: whether a bracket round the first place is closed before the second."""
    return body.rfind("(", 0, at) > body.rfind(")", 0, at) and ")" in body[at:before]


def _is_one_of_several(whole: Statement, part: Statement, before: str) -> bool:
    """收到12件,上年结转2件,其中予以公开5件: whether the figure before 其中 is only one of those that are divided."""
    if whole.what not in ("carried_in", "carried_over", *HANDLED) or part.what.startswith(whole.what + "."):
        return False
    return COUNTED.search(before) is not None
