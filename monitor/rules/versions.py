"""Between versions of the report of one year: what was restated (domain section 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.model import Outcome, Severity
from monitor.rules import bases, cases, labels
from monitor.rules.engine import Reading, Rule, Scope, Subject, Verdict, show
from parsers.model import Figure, State

SAID = ("更正", "更新说明", "修订", "勘误", "重新发布", "重新公开")
TOLD = 20  # figures named in a sentence; all of them are in the evidence


def _address(reading: Reading) -> tuple[str, object]:
    """Where a version stands: address and part of it; files that were handed in have none and are all of one."""
    return (reading.filing.url, reading.report.part) if reading.filing.url else ("", None)


def restated(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Figures that differ from what the same address gave before, where the new text does not say that it was changed.

    A page and its PDF that read differently are one report in two forms, and no change of either.
    """
    reading = subject.reading
    versions = [v for v in subject.history.versions.get(reading.year, ()) if _address(v) == _address(reading)]
    at = next((i for i, version in enumerate(versions) if version is reading), 0)
    if at == 0:
        return
    before = versions[at - 1]
    pairs = []
    for key, figure in reading.cells.items():
        old = before.cells.get(key)
        if old is None or old.state is not State.NUMBER or figure.state is not State.NUMBER:
            continue
        if min(old.confidence, figure.confidence) == 1 and old.value != figure.value:
            pairs.append((old, figure))
    place = ("figures",)
    if not pairs:
        yield Verdict(Outcome.PASS, place, "各版本的数字一致。", "The figures agree with the version before.")
        return
    cells = tuple(ref for old, new in pairs for ref in (before.ref(old), reading.ref(new)))
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
        cells=cells,
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
