"""Across a body's years: what is carried over, what stays in force (domain section 4)."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.model import CellRef, Outcome, Severity
from monitor.rules import bases, cases, labels
from monitor.rules.engine import Gap, Key, Reading, Rule, Scope, Subject, Verdict, show, unassessable
from monitor.rules.sums import compare, side
from monitor.rules.told import DROPPED, LAPSED, unless_counted, unless_merged
from parsers.model import Generation, Number, Responsibility

FIRST_CARRIED = 2020  # the first year whose carried_in has a counterpart: the pre-2019 sheet has no carried_over
LAPSE_ZH = "若有文件因有效期届满等原因自然失效，可解释此差。"
LAPSE_EN = " Documents that lapsed without being repealed would explain the difference."


def _awaited(
    year: int, zh: str, en: str, place: tuple[str, ...], cells: tuple[CellRef, ...], of: int, formula: str
) -> Verdict:
    """What the report of a year that is not there yet should say; `formula` says it in codes."""
    return Verdict(
        Outcome.PENDING,
        place,
        f"尚待{year}年报告：{zh}",
        f"The report of {year} is awaited: {en}",
        cells=cells,
        formula=formula,
        reason="neighbour_awaited",
        report_year=of,
    )


def _amount(reading: Reading, key: Key) -> Number | None:
    """The printed number, None for a blank, an unreadable or an absent cell."""
    try:
        return reading.value(key)
    except Gap:
        return None


def carry_over(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Per column: carried_in of a year = carried_over of the year before; pending on either side that is awaited."""
    reading, others = subject.reading, subject.history.current
    if "requests" not in reading.tables:
        return
    before, after = others.get(reading.year - 1), others.get(reading.year + 1)
    for column in labels.REQUEST_COLUMNS:
        zh, en = labels.column(column)
        here, there = ("requests", "carried_in", column), ("requests", "carried_over", column)
        if reading.year >= FIRST_CARRIED:
            if before is None:
                yield from _carried(reading, here, here, reading.year - 1, "carried_over", reading.year)
            elif subject.history.changed_between(reading.year):
                yield _merger(here)
            else:
                yield unless_merged(_carried_pair(rule, reading, before, here, there, (zh, en)), reading)
        if after is None:
            yield from _carried(reading, there, here, reading.year + 1, "carried_in", reading.year + 1)


def _carried(reading: Reading, key: Key, place: Key, year: int, what: str, of: int) -> Iterator[Verdict]:
    value = _amount(reading, key)
    if value is None or not (value or key[2] == "total"):  # noughts are expected once, for the total
        return
    zh, en = labels.column(key[2])
    name_zh, name_en = labels.row("requests", what)
    text = show(value)
    yield _awaited(
        year,
        f"“{zh}”列{name_zh}应为 {text}。",
        f"column “{en}”, {name_en} should be {text}.",
        place,
        (reading.ref(reading.figure(key)),),
        of,
        f"{what} {year} = {text}",
    )


def _carried_pair(
    rule: Rule, reading: Reading, before: Reading, here: Key, there: Key, names: tuple[str, str]
) -> Verdict:
    if "requests" not in before.tables:
        return unassessable(
            here,
            Gap("no_such_table", before.blame()),
            zh=f"无法判断：{before.year}年报告中没有依申请公开表。",
            en=f"Not assessable: the report of {before.year} has no table of requests.",
        )
    zh, en = names
    year = reading.year
    try:
        left, right = side([(reading, here)]), side([(before, there)])
    except Gap as gap:
        return unassessable(here, gap)
    verdict = compare(
        rule,
        here,
        left,
        right,
        (f"依申请公开表“{zh}”列", f"{year}年报告的上年结转", f"{year - 1}年报告的结转下年度"),
        (f"Requests, column “{en}”", f"carried in as of {year}", f"what {year - 1} carried over"),
    )
    total = [_amount(before, (*there[:2], "total")), _amount(reading, (*here[:2], "total"))]
    whole = 0 if None in total else (total[0] or 0) - (total[1] or 0)
    return unless_counted(verdict, reading, DROPPED, right.known - left.known, whole)


ITEM_ROWS = ("licensing", "other_services", "penalties", "coercion", "fees")
IN_FORCE_ROWS = ("rules", "normative_documents")


def in_force(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """2021 form: in_force = in_force of the year before + issued - repealed; pending where a neighbour is awaited."""
    reading, others = subject.reading, subject.history.current
    year = reading.year
    if reading.forms.get("proactive") is not Generation.FORM_2021:
        return
    before, after = others.get(year - 1), others.get(year + 1)
    for row in IN_FORCE_ROWS:
        keys: list[Key] = [("proactive", row, name) for name in ("in_force", "issued", "repealed")]
        zh, en = labels.row("proactive", row)
        place = keys[0]
        if before is None and year > 2021:
            yield from _in_force_before(reading, row, keys, year)
        elif before is not None:
            yield unless_merged(_in_force_pair(rule, subject, before, keys, place, (zh, en)), reading)
        value = _amount(reading, keys[0])
        if after is None and value is not None and (value or row == IN_FORCE_ROWS[1]):
            yield _awaited(
                year + 1,
                f"“{zh}”现行有效件数应为 {show(value)} 加当年制发、减当年废止。",
                f"{en} in force should be {show(value)} plus those issued less those repealed.",
                place,
                (reading.ref(reading.figure(keys[0])),),
                year + 1,
                f"in_force {year + 1} = {show(value)} + issued {year + 1} - repealed {year + 1}",
            )


def _in_force_before(reading: Reading, row: str, keys: list[Key], year: int) -> Iterator[Verdict]:
    values = [_amount(reading, key) for key in keys]
    if None in values or not (any(values) or row == IN_FORCE_ROWS[1]):
        return
    now, issued, repealed = (v for v in values if v is not None)
    expected = now - issued + repealed
    zh, en = labels.row("proactive", row)
    text = f"{show(now)} - {show(issued)} + {show(repealed)} = {show(expected)}"
    yield _awaited(
        year - 1,
        f"“{zh}”现行有效件数应为 {show(expected)}（{text}）。",
        f"{en} in force should be {show(expected)} ({text}).",
        keys[0],
        tuple(reading.ref(reading.figure(key)) for key in keys),
        year,
        f"in_force {year - 1} = {text}",
    )


def _in_force_pair(
    rule: Rule, subject: Subject, before: Reading, keys: list[Key], place: Key, names: tuple[str, str]
) -> Verdict:
    reading = subject.reading
    year = reading.year
    zh, en = names
    if before.forms.get("proactive") is not Generation.FORM_2021:
        return _other_generation(place, before)
    if subject.history.changed_between(year):
        return _merger(place)
    try:
        left = side([(reading, keys[0])])
        right = side([(before, keys[0]), (reading, keys[1]), (reading, keys[2])], (1, 1, -1))
    except Gap as gap:
        return unassessable(place, gap)
    # Fewer in force than expected may be lapse; more than expected has no such explanation.
    lapse = left.known < right.known
    verdict = compare(
        rule,
        place,
        left,
        right,
        (f"“{zh}”", f"{year}年现行有效件数", f"{year - 1}年现行有效件数加制发减废止"),
        (f"{en.capitalize()}", f"those in force in {year}", f"those in force in {year - 1} plus issued less repealed"),
        hint=(LAPSE_ZH, LAPSE_EN) if lapse else ("", ""),
    )
    return unless_counted(verdict, reading, LAPSED, right.known - left.known)


def items_last_year(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """2019 form: items_last_year of 2020 = items_last_year + change of 2019."""
    reading, others = subject.reading, subject.history.current
    year = reading.year
    if reading.forms.get("proactive") is not Generation.FORM_2019:
        return
    for row in ITEM_ROWS:
        last: Key = ("proactive", row, "items_last_year")
        change: Key = ("proactive", row, "change")
        zh, en = labels.row("proactive", row)
        before, after = others.get(year - 1), others.get(year + 1)
        items, moved = _amount(reading, last), _amount(reading, change)
        if year >= 2020 and before is not None:
            yield unless_merged(_items_pair(rule, subject, before, last, change, (zh, en)), reading)
        elif year == 2020 and items is not None and (items or row == ITEM_ROWS[0]):
            yield _awaited(
                2019,
                f"“{zh}”上一年项目数量与增减之和应为 {show(items)}。",
                f"{en}: items last year and change should add up to {show(items)}.",
                last,
                (reading.ref(reading.figure(last)),),
                year,
                f"items_last_year + change 2019 = {show(items)}",
            )
        if year == 2019 and after is None and items is not None and moved is not None:
            if not (items or moved or row == ITEM_ROWS[0]):
                continue
            text = f"{show(items)} + {show(moved)} = {show(items + moved)}"
            yield _awaited(
                2020,
                f"“{zh}”上一年项目数量应为 {show(items + moved)}（{text}）。",
                f"{en}: items last year should be {show(items + moved)} ({text}).",
                last,
                (reading.ref(reading.figure(last)), reading.ref(reading.figure(change))),
                2020,
                f"items_last_year 2020 = {text}",
            )


def _items_pair(
    rule: Rule, subject: Subject, before: Reading, last: Key, change: Key, names: tuple[str, str]
) -> Verdict:
    reading = subject.reading
    if before.forms.get("proactive") is not Generation.FORM_2019:
        return _other_generation(last, before)
    if subject.history.changed_between(reading.year):
        return _merger(last)
    try:
        left, right = side([(reading, last)]), side([(before, last), (before, change)])
    except Gap as gap:
        return unassessable(last, gap)
    zh, en = names
    year = reading.year
    return compare(
        rule,
        last,
        left,
        right,
        (f"“{zh}”", f"{year}年报告的上一年项目数量", f"{year - 1}年报告的上一年项目数量与增减之和"),
        (en.capitalize(), f"items last year as of {year}", f"items last year and change as of {year - 1}"),
    )


def _other_generation(place: Key, before: Reading) -> Verdict:
    return Verdict(
        Outcome.NOT_ASSESSABLE,
        place,
        f"无法判断：{before.year}年报告的表格不是同一版格式。",
        f"Not assessable: the table of {before.year} is of another generation of the form.",
        reason="other_generation",
        responsibility=before.blame() if "proactive" not in before.tables else Responsibility.PUBLISHER,
    )


def _merger(place: Key) -> Verdict:
    return Verdict(
        Outcome.NOT_ASSESSABLE,
        place,
        "无法判断：该机关在这两年间设立、合并或撤销。",
        "Not assessable: the body was founded, merged or abolished between these years.",
        reason="merger",
        responsibility=Responsibility.PUBLISHER,
    )


RULES: tuple[Rule, ...] = (
    Rule(
        id="carry_over",
        family="carry_over",
        severity=Severity.WARNING,
        scope=Scope.YEARS,
        title_zh="上年结转等于上一年报告的结转下年",
        title_en="Carried in equals what the year before carried over",
        formula="carried_in(Y) = carried_over(Y-1)",
        basis=bases.FORMS,
        judge=carry_over,
        sound=(
            cases.filing(cases.requests(), 2022),
            cases.filing(cases.requests(), 2023),
        ),
        broken=(
            cases.filing(cases.requests({("carried_over", "natural_person"): 2, ("carried_over", "total"): 2}), 2022),
            cases.filing(cases.requests(), 2023),
        ),
    ),
    Rule(
        id="in_force",
        family="in_force",
        severity=Severity.WARNING,
        scope=Scope.YEARS,
        title_zh="现行有效件数等于上年加制发减废止",
        title_en="In force equals the year before plus issued less repealed",
        formula="in_force(Y) = in_force(Y-1) + issued(Y) - repealed(Y)",
        basis=bases.FORM_2021,
        judge=in_force,
        generations=(Generation.FORM_2021,),
        sound=(
            cases.filing(cases.proactive({("normative_documents", "in_force"): 132}), 2022),
            cases.filing(
                cases.proactive({("normative_documents", "issued"): 8, ("normative_documents", "in_force"): 140}), 2023
            ),
        ),
        broken=(
            cases.filing(cases.proactive({("normative_documents", "in_force"): 132}), 2022),
            cases.filing(
                cases.proactive({("normative_documents", "issued"): 8, ("normative_documents", "in_force"): 150}), 2023
            ),
        ),
    ),
    Rule(
        id="in_force.items_last_year",
        family="in_force",
        severity=Severity.WARNING,
        scope=Scope.YEARS,
        title_zh="2020年的上一年项目数量等于2019年的项目数量加增减",
        title_en="Items last year of 2020 equal items last year and change of 2019",
        formula="items_last_year(2020) = items_last_year(2019) + change(2019)",
        basis=bases.FORM_2019,
        judge=items_last_year,
        generations=(Generation.FORM_2019,),
        years_from=2019,
        years_to=2020,
        sound=(
            cases.filing(
                cases.proactive(
                    {("licensing", "items_last_year"): 15, ("licensing", "change"): 2}, Generation.FORM_2019
                ),
                2019,
            ),
            cases.filing(cases.proactive({("licensing", "items_last_year"): 17}, Generation.FORM_2019), 2020),
        ),
        broken=(
            cases.filing(
                cases.proactive(
                    {("licensing", "items_last_year"): 15, ("licensing", "change"): 2}, Generation.FORM_2019
                ),
                2019,
            ),
            cases.filing(cases.proactive({("licensing", "items_last_year"): 16}, Generation.FORM_2019), 2020),
        ),
    ),
)
