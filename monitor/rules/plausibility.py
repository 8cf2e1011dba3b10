"""What is hardly possible: rules without the power to make them, noughts beside full years, wild jumps (domain 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from monitor.model import CellRef, Outcome, Severity
from monitor.rules import bases, cases, labels
from monitor.rules.engine import Gap, Key, Reading, Rule, Scope, Subject, Verdict, show, unassessable
from parsers.model import Number, Responsibility, State
from registry.kinds import fold
from registry.model import Kind, Level


@dataclass(frozen=True, slots=True)
class Power:
    """A row of who may make rules (规章): level, whether it may, since when it has held, and the source."""

    level: Level
    may: bool
    years_from: int
    source: str


POWERS: tuple[Power, ...] = (
    Power(Level.NATION, True, 2008, "《中华人民共和国立法法》第八十条"),
    Power(Level.PROVINCE, True, 2008, "《中华人民共和国立法法》第八十二条"),
    Power(Level.PREFECTURE, True, 2015, bases.LEGISLATION_2015.zh),
    Power(Level.COUNTY, False, 2008, bases.LEGISLATION_2015.zh),
    Power(Level.TOWN, False, 2008, bases.LEGISLATION_2015.zh),
)
_NEVER = (Kind.DEPARTMENT, Kind.TOWNSHIP, Kind.SUBDISTRICT)
# By the printed name alone only these are certain; a 市 may be districted or a county.
_COUNTY = re.compile(r"(?:县|旗|(?<!自治)(?<!特别行政)区)人民政府$")
_SINGLE_PREFECTURE = re.compile(r"(?:地区|盟)(?:行政公署|行署)?$")


def may_make_rules(subject: Subject) -> bool | None:
    """Whether the body has the power to make rules in the report year; None where that is not known."""
    reading, body = subject.reading, subject.history.body
    kind = body.kind if body else reading.kind
    if kind in _NEVER:
        return False if body is None or body.level is not Level.NATION else None
    if body is None:
        name = fold(reading.filing.name or reading.report.publisher or "")
        return False if kind is Kind.GOVERNMENT and _COUNTY.search(name) else None
    if kind is Kind.CENTRAL:
        return True if body.level is Level.NATION else None
    if kind is not Kind.GOVERNMENT or _SINGLE_PREFECTURE.search(body.name):
        return None
    power = next((p for p in POWERS if p.level is body.level), None)
    return power.may if power and reading.year >= power.years_from else None


def rule_making(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Rules (规章) are reported only by bodies that may make them."""
    reading = subject.reading
    figures = [
        f for (table, row, _), f in reading.cells.items()
        if table == "proactive" and row == "rules" and f.state is State.NUMBER and f.value
    ]  # fmt: skip
    place = ("proactive", "rules", "")
    if not figures:
        if "proactive" in reading.tables:
            yield Verdict(Outcome.PASS_TRIVIALLY, place, "未报告规章。", "No rules are reported.")
        return
    power = may_make_rules(subject)
    cells = tuple(reading.ref(f) for f in figures)
    if power is None or any(f.confidence < 1 for f in figures):
        gap = Gap("power_unknown" if power is None else "uncertain_cell", Responsibility.READER)
        yield unassessable(place, gap, cells=cells)
        return
    printed_zh = "、".join(f"{labels.column(f.column)[0]} {f.raw}" for f in figures)
    printed_en = ", ".join(f"{labels.column(f.column)[1]} {f.raw}" for f in figures)
    yield Verdict(
        Outcome.PASS if power else Outcome.FAIL,
        place,
        f"报告有规章（{printed_zh}）" + ("，该机关有规章制定权。" if power else "，而该机关没有规章制定权。"),
        f"Rules are reported ({printed_en})"
        + (" by a body that may make rules." if power else "; this body has no power to make rules (规章)."),
        cells=cells,
        formula=f"{' + '.join(f.raw for f in figures)} > 0",
    )


# What a year is weighed by: enough of it next door that none at all is not chance (Poisson: 10 against 0, 1 in 20,000).
_WEIGHTS: dict[Key, int] = {
    ("requests", "received", "total"): 10,
    ("proactive", "licensing", "decisions"): 50,
    ("proactive", "penalties", "decisions"): 50,
}


def _number(reading: Reading, key: Key) -> Number | None:
    figure = reading.cells.get(key)
    if figure is None or figure.state is not State.NUMBER or figure.confidence < 1:
        return None
    return figure.value


def _all_zero(reading: Reading) -> bool:
    """True if requests and proactive tables were read and every number in the report is nought."""
    if not {"requests", "proactive"} <= reading.tables or any(f.confidence < 1 for f in reading.report.figures):
        return False
    return not any(f.value or f.state is State.UNREADABLE for f in reading.report.figures)


def zero_year(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """No all-zero year beside a year that is far from it; the finding stands on the later of the two."""
    reading = subject.reading
    before = subject.history.current.get(reading.year - 1)
    if before is None:
        return
    for empty, full in ((reading, before), (before, reading)):
        if not _all_zero(empty):
            continue
        heavy = [(key, value) for key, least in _WEIGHTS.items() if (value := _number(full, key)) and value >= least]
        if heavy:
            text = ", ".join(f"{labels.row(key[0], key[1])[1]} {show(value)}" for key, value in heavy)
            text_zh = "、".join(f"{labels.row(key[0], key[1])[0]} {show(value)}" for key, value in heavy)
            cells: list[CellRef] = []
            for key, _ in heavy:
                cells.append(full.ref(full.cells[key]))
                if key in empty.cells:
                    cells.append(empty.ref(empty.cells[key]))
            yield Verdict(
                Outcome.FAIL,
                ("report", "zero"),
                f"{empty.year}年各表全为零，而{full.year}年为：{text_zh}。",
                f"Every figure of {empty.year} is zero, beside {full.year} with {text}.",
                cells=tuple(cells),
                formula=f"{empty.year}: 0; {full.year}: {text}",
            )
            return
    yield Verdict(Outcome.PASS, ("report", "zero"), "没有与相邻年度相反的全零。", "No all-zero year beside a full one.")


JUMP_FACTOR = 100
JUMP_LEAST = 1000  # below this, a large factor is an ordinary year
_JUMPS: tuple[Key, ...] = (
    ("requests", "received", "total"),
    ("proactive", "licensing", "decisions"),
    ("proactive", "penalties", "decisions"),
    ("proactive", "coercion", "decisions"),
    ("proactive", "fees", "amount_10k_yuan"),
    ("proactive", "procurement", "amount_10k_yuan"),
)


def jump(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """A figure against the median of the body's other years within three: no hundredfold jump of a thousand or more."""
    reading, current = subject.reading, subject.history.current
    for key in _JUMPS:
        value = _number(reading, key)
        others = [
            (year, number)
            for year, other in sorted(current.items())
            if year != reading.year and abs(year - reading.year) <= 3 and (number := _number(other, key)) is not None
        ]
        if value is None or len(others) < 2:
            continue
        middle = median([Decimal(number) for _, number in others])
        high, low = max(Decimal(value), middle), min(Decimal(value), middle)
        wild = low > 0 and high >= JUMP_FACTOR * low and high - low >= JUMP_LEAST
        zh, en = labels.cell(*key)
        listed = ", ".join(f"{year}: {show(number)}" for year, number in others)
        formula = f"{show(value)} : median({listed}) = {show(value)} : {show(middle)}"
        hint_zh, hint_en = "", ""
        if wild and key[2] == "amount_10k_yuan" and high >= 5000 * low:
            hint_zh, hint_en = "可能以元为单位填写。", " It may have been entered in yuan."
        yield Verdict(
            Outcome.FAIL if wild else Outcome.PASS,
            key,
            f"{zh}为 {show(value)}，其余年度的中位数为 {show(middle)}（{listed}）"
            + (f"，相差百倍以上。{hint_zh}" if wild else "。"),
            f"{en}: {show(value)}, against a median of {show(middle)} in the other years ({listed})"
            + (f", more than a hundredfold apart.{hint_en}" if wild else "."),
            cells=(reading.ref(reading.cells[key]), *(current[y].ref(current[y].cells[key]) for y, _ in others)),
            formula=formula,
        )


_FULL = {("penalties", "decisions"): 900, ("licensing", "decisions"): 80}
RULES: tuple[Rule, ...] = (
    Rule(
        id="plausibility.rule_making",
        family="plausibility",
        severity=Severity.WARNING,
        title_zh="只有有权机关报告规章",
        title_en="Rules are reported only by bodies that may make them",
        formula="rules = 0 without rule-making power",
        note_zh="国务院部门、省级政府有权；设区的市、自治州政府自2015年起有权，此前不作判断；县、乡级政府和地方政府部门无权。",
        note_en="State Council departments and provinces may make rules; districted cities and autonomous prefectures "
        "from 2015, before that nothing is said of them; counties, towns and local departments may not.",
        basis=bases.LEGISLATION_2015,
        judge=rule_making,
        sound=(cases.filing(cases.proactive()),),
        broken=(cases.filing(cases.proactive({("rules", "issued"): 3})),),
    ),
    Rule(
        id="plausibility.zero_year",
        family="plausibility",
        severity=Severity.WARNING,
        scope=Scope.YEARS,
        title_zh="没有与相邻年度相反的全零年度",
        title_en="No all-zero year beside years that are not",
        formula="not (all figures of Y = 0 and figures of Y±1 large)",
        basis=bases.OTHER_YEARS,
        judge=zero_year,
        sound=(
            cases.filing((*cases.requests(), *cases.proactive(_FULL)), 2022),
            cases.filing((*cases.requests(), *cases.proactive(_FULL)), 2023),
        ),
        broken=(
            cases.filing((*cases.requests(), *cases.proactive(_FULL)), 2022),
            cases.filing(
                (
                    *cases.requests({(f.row, f.column): 0 for f in cases.requests()}),
                    *cases.proactive(),
                ),
                2023,
            ),
        ),
    ),
    Rule(
        id="plausibility.jump",
        family="plausibility",
        severity=Severity.WARNING,
        scope=Scope.YEARS,
        title_zh="数字没有百倍的跳变",
        title_en="No hundredfold jump",
        formula="value < 100 x median of the other years within three, or the difference is below 1000",
        basis=bases.OTHER_YEARS,
        judge=jump,
        sound=tuple(
            cases.filing(cases.proactive({("fees", "amount_10k_yuan"): 80 + y}), y) for y in (2021, 2022, 2023)
        ),
        broken=tuple(
            cases.filing(cases.proactive({("fees", "amount_10k_yuan"): 804000 if y == 2023 else 80}), y)
            for y in (2021, 2022, 2023)
        ),
    ),
)
