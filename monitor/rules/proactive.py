"""The logic of the proactive table (domain section 4, family proactive_logic)."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.model import Outcome, Severity
from monitor.rules import bases, cases, labels
from monitor.rules.engine import Gap, Key, Rule, Subject, Verdict, show, unassessable
from monitor.rules.sums import compare, side
from parsers.model import Generation, State

ITEM_ROWS = ("licensing", "other_services", "penalties", "coercion", "fees")
DECISION_ROWS = ITEM_ROWS[:-1]


def disclosed(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """2019 form: newly_disclosed <= total_disclosed."""
    reading = subject.reading
    if reading.forms.get("proactive") is not Generation.FORM_2019:
        return
    for row in ("rules", "normative_documents"):
        zh, en = labels.row("proactive", row)
        new: Key = ("proactive", row, "newly_disclosed")
        total: Key = ("proactive", row, "total_disclosed")
        try:
            sides = side([(reading, new)]), side([(reading, total)])
        except Gap as gap:
            yield unassessable(new, gap)
            continue
        yield compare(
            rule,
            new,
            *sides,
            (f"“{zh}”", "本年新公开数量", "对外公开总数量"),
            (en.capitalize(), "the number newly disclosed", "the total disclosed"),
            limit=True,
        )


def items(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """2019 form: items_last_year + change >= 0."""
    reading = subject.reading
    if reading.forms.get("proactive") is not Generation.FORM_2019:
        return
    for row in ITEM_ROWS:
        zh, en = labels.row("proactive", row)
        place: Key = ("proactive", row, "change")
        try:
            last, change = reading.figure(("proactive", row, "items_last_year")), reading.figure(place)
            values = reading.value(("proactive", row, "items_last_year")), reading.value(place)
        except Gap as gap:
            yield unassessable(place, gap)
            continue
        left = values[0] + values[1]
        fails = left < 0
        sign = "-" if values[1] < 0 else "+"
        formula = f"{show(values[0])} {sign} {show(values[1]).lstrip('-')} = {show(left)}"
        if fails and min(last.confidence, change.confidence) < 1:
            yield unassessable(place, Gap("uncertain_cell", reading.blame()))
            continue
        trivial = not any(values)
        yield Verdict(
            Outcome.FAIL if fails else Outcome.PASS_TRIVIALLY if trivial else Outcome.PASS,
            place,
            f"“{zh}”：上一年项目数量与本年增/减之和为 {formula}" + ("，不应为负数。" if fails else "。"),
            f"{en.capitalize()}: items last year and change come to {formula}"
            + ("; there cannot be fewer than none." if fails else "."),
            cells=(reading.ref(last), reading.ref(change)),
            formula=f"{formula} {'< 0' if fails else '>= 0'}",
        )


def decisions(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """2019 form: decisions are not merely items_last_year + change, judged where non-zero in two or more rows."""
    reading = subject.reading
    if reading.forms.get("proactive") is not Generation.FORM_2019:
        return
    alike: list[str] = []
    rows = []
    for row in DECISION_ROWS:
        keys: list[Key] = [("proactive", row, name) for name in ("items_last_year", "change", "decisions")]
        try:
            last, change, decided = (reading.value(key) for key in keys)
        except Gap:
            continue
        if not decided:
            continue
        rows.append(keys)
        if decided == last + change:
            alike.append(f"{labels.row('proactive', row)[0]} {show(decided)} = {show(last)} + {show(change)}")
    place = ("proactive", "", "decisions")
    figures = [reading.figure(key) for keys in rows for key in keys]
    fails = len(rows) >= 2 and len(alike) == len(rows)
    if fails and any(f.confidence < 1 for f in figures):
        yield unassessable(place, Gap("uncertain_cell", reading.blame()))
        return
    formula = "; ".join(alike)
    yield Verdict(
        Outcome.FAIL if fails else Outcome.PASS if rows else Outcome.PASS_TRIVIALLY,
        place,
        f"处理决定数量各行都恰为项目数量之和（{formula}），疑将事项数填作决定数。"
        if fails
        else "处理决定数量并非只是项目数量之和。",
        f"In every row the decisions are just items last year and change ({formula}): "
        "items seem to have been entered as decisions."
        if fails
        else "The decisions are not merely items last year and change.",
        cells=tuple(reading.ref(f) for f in figures),
        formula=formula,
    )


def negative(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """2021 form: no number of the table is negative."""
    reading = subject.reading
    if reading.forms.get("proactive") is not Generation.FORM_2021:
        return
    fine = True
    for key, figure in reading.cells.items():
        if key[0] != "proactive" or figure.state is not State.NUMBER or figure.value is None or figure.value >= 0:
            continue
        fine = False
        if figure.confidence < 1:
            yield unassessable(key, Gap("uncertain_cell", reading.blame()))
            continue
        zh, en = labels.cell(*key)
        yield Verdict(
            Outcome.FAIL,
            key,
            f"{zh}印为 {figure.raw}，该项不应为负数。",
            f"{en}: printed as {figure.raw}; this number cannot be negative.",
            cells=(reading.ref(figure),),
            formula=f"{show(figure.value)} < 0",
        )
    if fine:
        yield Verdict(Outcome.PASS, ("proactive",), "主动公开表没有负数。", "The table holds no negative number.")


def _rule(name: str, judge: object, zh: str, en: str, formula: str, sound: dict[tuple[str, str], int],
          broken: dict[tuple[str, str], int], form: Generation = Generation.FORM_2019) -> Rule:  # fmt: skip
    year = 2020 if form is Generation.FORM_2019 else 2023
    return Rule(
        id=f"proactive_logic.{name}",
        family="proactive_logic",
        severity=Severity.WARNING,
        title_zh=zh,
        title_en=en,
        formula=formula,
        basis=bases.FORM_2019 if form is Generation.FORM_2019 else bases.FORM_2021,
        judge=judge,  # type: ignore[arg-type]
        generations=(form,),
        sound=(cases.filing(cases.proactive(sound, form), year),),
        broken=(cases.filing(cases.proactive(broken, form), year),),
    )


RULES: tuple[Rule, ...] = (
    _rule(
        "disclosed",
        disclosed,
        "本年新公开数量不超过对外公开总数量",
        "Newly disclosed does not exceed the total disclosed",
        "newly_disclosed <= total_disclosed",
        {("normative_documents", "newly_disclosed"): 2, ("normative_documents", "total_disclosed"): 4},
        {("normative_documents", "newly_disclosed"): 6, ("normative_documents", "total_disclosed"): 4},
    ),
    _rule(
        "items",
        items,
        "项目数量与增减之和不为负",
        "Items last year and change do not fall below none",
        "items_last_year + change >= 0",
        {("penalties", "items_last_year"): 146, ("penalties", "change"): -16},
        {("penalties", "items_last_year"): 10, ("penalties", "change"): -16},
    ),
    _rule(
        "decisions",
        decisions,
        "处理决定数量不是项目数量的照抄",
        "Decisions are not merely the number of items",
        "decisions ≠ items_last_year + change",
        {("licensing", "items_last_year"): 15, ("licensing", "change"): 2, ("licensing", "decisions"): 52},
        {
            ("licensing", "items_last_year"): 15,
            ("licensing", "change"): 2,
            ("licensing", "decisions"): 17,
            ("penalties", "items_last_year"): 146,
            ("penalties", "change"): -16,
            ("penalties", "decisions"): 130,
        },
    ),
    _rule(
        "negative",
        negative,
        "没有负数",
        "No number is negative",
        "value >= 0",
        {("penalties", "decisions"): 1192},
        {("penalties", "decisions"): -16},
        Generation.FORM_2021,
    ),
)
