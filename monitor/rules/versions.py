"""Between versions of the report of one year: what was restated (domain section 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.model import CellRef, Filing, Outcome, Severity
from monitor.periods import later_year
from monitor.rules import bases, cases, labels
from monitor.rules.engine import Gap, Reading, Rule, Scope, Subject, Verdict, show, unassessable
from parsers.model import Figure, Report, Responsibility, State

SAID = ("更正", "更新说明", "修订", "勘误", "重新发布", "重新公开")
TOLD = 20  # figures named in a sentence; all of them are in the evidence


def _address(filing: Filing) -> tuple[str, object]:
    """Where a version stands: address and part of it; files that were handed in have none and are all of one."""
    return (filing.url, filing.report.part) if filing.url else ("", None)


def _before(subject: Subject, filing: Filing) -> Reading | None:
    """What the same address gave before."""
    versions = subject.history.versions.get(filing.report_year, ())
    earlier = [v for v in versions if _address(v.filing) == _address(filing) and v.filing.version < filing.version]
    return earlier[-1] if earlier else None


def _changed(before: Report, now: Report) -> Iterator[tuple[Figure, Figure]]:
    """The numbers of two versions that differ, both read without doubt."""
    old = {(f.table, f.row, f.column): f for f in before.figures if f.state is State.NUMBER and f.confidence == 1}
    for figure in now.figures:
        was = old.get((figure.table, figure.row, figure.column))
        if was is not None and figure.state is State.NUMBER and figure.confidence == 1 and was.value != figure.value:
            yield was, figure


def restated(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Figures that differ from what the same address gave before, where the new text does not say that it was changed.

    A page and its PDF that read differently are one report in two forms, and no change of either.
    """
    reading = subject.reading
    filing = reading.filing
    forms = [(filing, filing.own or filing.report), *((s.filing, s.filing.report) for s in filing.sources)]
    versions = [(before, form, report) for form, report in forms if (before := _before(subject, form))]
    if not versions:
        return
    pairs: list[tuple[Figure, Figure]] = []
    cells: list[CellRef] = []
    for before, form, report in versions:
        for old, new in _changed(before.report, report):
            pairs.append((old, new))
            cells += [before.ref(old), replace(reading.ref(new), file=form.file)]
    place = ("figures",)
    if any(later_year(report, reading.year) for before, _, now in versions for report in (before.report, now)):
        yield unassessable(place, Gap("other_year_said", Responsibility.PUBLISHER), cells=tuple(cells))
        return
    if not pairs:
        yield Verdict(Outcome.PASS, place, "各版本的数字一致。", "The figures agree with the version before.")
        return
    turned = [(figure, f"{show(old.value)} → {show(figure.value)}") for old, figure in pairs]
    told_zh, told_en = _told(turned)
    text = "\n".join([reading.report.title or "", reading.report.preamble, *(s.text for s in reading.report.sections)])
    named = any(word in text for word in SAID)
    zh = f"{reading.year}年报告的两个版本有 {len(pairs)} 处数字不同（{told_zh}）"
    many = "1 figure" if len(pairs) == 1 else f"{len(pairs)} figures"
    en = f"Two versions of the report of {reading.year} differ in {many} ({told_en})"
    yield Verdict(
        Outcome.PASS if named else Outcome.FAIL,
        place,
        zh + ("，后一版本已说明更正。" if named else "，后一版本未说明曾作更改。"),
        en + ("; the later one says that it was corrected." if named else "; the later one does not say so."),
        cells=tuple(cells),
        formula="; ".join(text for _, text in turned[:TOLD]),
    )


def _told(turned: Sequence[tuple[Figure, str]]) -> tuple[str, str]:
    """What each figure was and is, by the labels of its table."""
    named = []
    for figure, text in turned[:TOLD]:
        table, cell = labels.table(figure.table), labels.cell(figure.table, figure.row, figure.column)
        named.append((f"{table[0]}{cell[0]}：{text}", f"{table[1]}, {cell[1]}: {text}"))
    if more := len(turned) - len(named):
        named.append((f"另 {more} 处", f"{more} more"))
    return "；".join(zh for zh, _ in named), "; ".join(en for _, en in named)


RULES: tuple[Rule, ...] = (
    Rule(
        id="restated",
        family="restated",
        severity=Severity.WARNING,
        scope=Scope.YEARS,
        title_zh="公开后的数字未作无说明的更改",
        title_en="Figures were not changed after publication without saying so",
        formula="figures(version n) = figures(version n-1)",
        basis=bases.OWN_VERSIONS,
        judge=restated,
        sound=(cases.filing(cases.requests()), cases.filing(cases.requests(), version=2)),
        broken=(
            cases.filing(cases.requests()),
            cases.filing(cases.requests({("granted", "total"): 9}), version=2),
        ),
    ),
)
