"""One report in several forms: what two of them print differently is told as that, and as no error of the sums."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from monitor.model import CellRef, Difference, Filing, Outcome, Severity
from monitor.rules import bases, cases, labels
from monitor.rules.doubt import readings_of, unsettled
from monitor.rules.engine import (
    Gap,
    History,
    Key,
    Reading,
    Rule,
    Scope,
    Subject,
    Verdict,
    judge_one,
    show,
    unassessable,
)
from monitor.sources import differences, key_of
from parsers.model import Figure, Report, Responsibility

_NAMED = 12  # differing cells that a sentence names
_OF_VERSIONS = ("restated",)  # families that compare documents themselves


def sources(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """For each two sources of one report: the cells in which both print a number, and not the same one."""
    filing = subject.reading.filing
    others = ((s.filing, s.alike, s.filing.report) for s in filing.sources)
    of_all = [(filing, True, filing.own or filing.report), *others]
    for (one, alike, mine), (other, both, theirs) in combinations(of_all, 2):
        place = ("sources", *sorted((_name(one), _name(other))))
        found = differences(mine, theirs)
        sure = [d for d in found if d.sure]
        if not (alike and both):
            yield unassessable(place, Gap("other_figures", Responsibility.READER), reason="uncertain_source")
        elif sure:
            yield _told(subject.reading, one, other, sure, place)
        elif found:
            cells = _cells(subject.reading, one, other, found)
            yield unassessable(place, Gap("uncertain_source", Responsibility.READER), cells=cells)
        else:
            yield Verdict(Outcome.PASS, place, "两种形式的数字一致。", "Both forms print the same figures.")


def _told(reading: Reading, one: Filing, other: Filing, found: Sequence[Difference], place: tuple[str, ...]) -> Verdict:
    zh, en = [], []
    for d in found[:_NAMED]:
        table, cell = labels.table(d.one.table), labels.cell(*key_of(d.one))
        both = f"{show(d.one.value)} / {show(d.other.value)}"
        zh.append(f"{table[0]}{cell[0]} {both}")
        en.append(f"{table[1]}, {cell[1]}: {both}")
    more = len(found) - _NAMED
    many = "1 figure" if len(found) == 1 else f"{len(found)} figures"
    return Verdict(
        Outcome.FAIL,
        place,
        f"同一份报告的两种形式有 {len(found)} 处数字不同：{'；'.join(zh)}"
        + (f"；另有 {more} 处" if more > 0 else "")
        + f"（{_shown(one)} / {_shown(other)}）。两者均为公布机关所载，按其中之一成立的算式不作错误论。",
        f"Two forms of one report differ in {many}: {'; '.join(en)}"
        + (f"; and {more} more" if more > 0 else "")
        + f" ({_shown(one)} / {_shown(other)}). The publisher printed both; "
        "a sum that holds by one of them is no error.",
        cells=_cells(reading, one, other, found),
        formula="; ".join(f"{show(d.one.value)} ≠ {show(d.other.value)}" for d in found[:_NAMED]),
    )


def _cells(reading: Reading, one: Filing, other: Filing, found: Sequence[Difference]) -> tuple[CellRef, ...]:
    refs = []
    for d in found:
        refs += [replace(reading.ref(d.one), file=one.file), replace(reading.ref(d.other), file=other.file)]
    return tuple(refs)


def _name(filing: Filing) -> str:
    """Eight digits that name a source by its address and part, whatever it says."""
    part = "" if filing.report.part is None else str(filing.report.part)
    return hashlib.sha256(f"{filing.url or filing.file}#{part}".encode()).hexdigest()[:8]


def _shown(filing: Filing) -> str:
    part = "" if filing.report.part is None else f" {filing.report.part}"
    return f"{filing.file}{part}"


def settle_sources(rule: Rule, subject: Subject, verdict: Verdict) -> Verdict:
    """The verdict, or `not_assessable` where it fails on what no source says alone, or on a cell that another source of
    the report prints differently, and would not fail by that source.
    """
    if verdict.outcome is not Outcome.FAIL or rule.family in _OF_VERSIONS:
        return verdict
    cited: dict[int, tuple[Reading, set[Key]]] = {}
    for ref in verdict.cells:
        for reading in readings_of(subject, ref):
            if reading.filing.sources:
                cited.setdefault(id(reading), (reading, set()))[1].add((ref.table, ref.row, ref.column))
    for reading, keys in cited.values():
        if not _stands_in_one(reading, keys, quoted=bool(verdict.passages) and reading is subject.reading):
            return unsettled(verdict, "mixed_sources")
        for variant in _variants(reading, keys):
            current = {**subject.history.current, reading.year: variant}
            history = History(current, subject.history.versions, subject.history.body, subject.history.changes)
            mine = variant if reading is subject.reading else subject.reading
            again = judge_one(rule, Subject(mine, history, subject.copies))
            if not any(v.outcome is Outcome.FAIL and v.place == verdict.place for v in again):
                return unsettled(verdict, "sources_differ", Responsibility.PUBLISHER)
    return verdict


def _stands_in_one(reading: Reading, keys: set[Key], *, quoted: bool) -> bool:
    """Whether one source alone holds all these cells as judged, and the text where it is quoted: what is put together
    from two documents may be no slip of either.
    """
    filing = reading.filing
    own = (filing.own or filing.report, not any(source.text for source in filing.sources))
    for report, has_text in (own, *((source.filing.report, source.text) for source in filing.sources)):
        held = {key_of(f): (f.state, f.value) for f in report.figures}
        if (has_text or not quoted) and all(
            held.get(key) == (reading.cells[key].state, reading.cells[key].value) for key in keys & reading.cells.keys()
        ):
            return True
    return False


def _variants(reading: Reading, keys: set[Key]) -> Iterator[Reading]:
    """The reading as each other source has it that prints one of these cells differently."""
    report = reading.report
    for source in reading.filing.sources:
        other = {key_of(d.one): d.other for d in differences(report, source.filing.report)} if source.alike else {}
        if not keys.isdisjoint(other):
            yield _with(reading, report, other)


def _with(reading: Reading, report: Report, other: dict[Key, Figure]) -> Reading:
    figures = tuple(other.get(key_of(f), f) for f in report.figures)
    filing = replace(reading.filing, report=replace(report, figures=figures))
    return Reading(filing, reading.publisher, reading.kind)


def _pair(changes: dict[tuple[str, str], int]) -> tuple[Filing, ...]:
    page = replace(cases.filing(cases.requests(), file="http://a/1.html"), url="http://a/1.html")
    attached = replace(cases.filing(cases.requests(changes), file="http://a/1.pdf"), url="http://a/1.pdf")
    return page, replace(attached, entry_url="http://a/1.html")


RULES: tuple[Rule, ...] = (
    Rule(
        id="restated.sources",
        family="restated",
        severity=Severity.NOTICE,
        scope=Scope.REPORT,
        title_zh="一份报告的各种形式（网页、PDF等）数字一致",
        title_en="The forms of one report (page, PDF and the like) print the same figures",
        formula="figures(page) = figures(attachment)",
        basis=bases.OWN_FORMS,
        judge=sources,
        sound=_pair({}),
        broken=_pair({("granted", "total"): 9}),
        note_zh="其中有识别结果不确定的单元格时，只供管理者查看。",
        note_en="A cell read with doubt in one of them is shown to operators only.",
    ),
)
