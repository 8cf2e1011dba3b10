"""Equalities within one report: requests, disputes and the pre-2019 sheet (domain section 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from monitor.model import Outcome, Severity
from monitor.rules import bases, cases, labels
from monitor.rules.engine import REASONS, Gap, Key, Reading, Rule, Subject, Verdict, unassessable
from monitor.rules.sums import compare, side
from parsers.model import Generation, Responsibility, State

NEW_FORMS = (Generation.FORM_2019, Generation.FORM_2021)


def _requests_rows(reading: Reading) -> tuple[str, ...]:
    """The outcome rows printed: by the rows themselves, else by the table's form; raises `Gap` if both kinds stand."""
    single = _stands(reading, cases.OTHER_2019[0])
    three = any(_stands(reading, row) for row in cases.OTHER_2021)
    if single and three:
        raise Gap("mixed_rows", reading.blame())
    if single:
        return cases.outcome_rows(Generation.FORM_2019)
    if three:
        return cases.outcome_rows(Generation.FORM_2021)
    return cases.outcome_rows(reading.forms.get("requests", Generation.FORM_2021))


def _stands(reading: Reading, row: str) -> bool:
    figure = reading.cells.get(("requests", row, "total")) or reading.cells.get(("requests", row, "natural_person"))
    return figure is not None and figure.state is not State.ABSENT


def _keys(table: str, rows: Sequence[str], column: str) -> list[Key]:
    return [(table, row, column) for row in rows]


def _equation(
    rule: Rule,
    reading: Reading,
    place: tuple[str, ...],
    left: Sequence[Key],
    right: Sequence[Key],
    zh: tuple[str, str, str],
    en: tuple[str, str, str],
    limit: bool = False,
) -> Verdict:
    """One equality of one report, a gap settled as `not_assessable`."""
    try:
        sides = side([(reading, key) for key in left]), side([(reading, key) for key in right])
    except Gap as gap:
        reason_zh, reason_en = REASONS[gap.reason]
        cells = tuple(reading.ref(reading.cells[key]) for key in (*left, *right) if key in reading.cells)
        return unassessable(place, gap, zh=f"{zh[0]}：{reason_zh}", en=f"{en[0]}: {reason_en}", cells=cells)
    return compare(rule, place, *sides, zh, en, limit=limit)


def request_balance(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Per applicant column: received + carried_in = handled_total + carried_over."""
    reading = subject.reading
    if "requests" not in reading.tables:
        return
    verdicts = []
    for column in labels.REQUEST_COLUMNS:
        zh, en = labels.column(column)
        verdicts.append(
            _equation(
                rule,
                reading,
                ("requests", "", column),
                _keys("requests", ("received", "carried_in"), column),
                _keys("requests", ("handled_total", "carried_over"), column),
                (f"依申请公开表“{zh}”列", "本年新收与上年结转之和", "办理结果总计与结转下年度之和"),
                (f"Requests, column “{en}”", "received and carried in", "handled and carried over"),
            )
        )
    yield from _unless_blank(reading, _handled(), verdicts, *_NO_HANDLED)


def request_parts(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Per applicant column: the outcome rows of the form add up to handled_total."""
    reading = subject.reading
    if "requests" not in reading.tables:
        return
    rows = _requests_rows(reading)
    verdicts = []
    for column in labels.REQUEST_COLUMNS:
        zh, en = labels.column(column)
        verdicts.append(
            _equation(
                rule,
                reading,
                ("requests", "", column),
                _keys("requests", ("handled_total",), column),
                _keys("requests", rows, column),
                (f"依申请公开表“{zh}”列", "办理结果总计", "各项办理结果之和"),
                (f"Requests, column “{en}”", "the total handled", "the sum of its outcomes"),
            )
        )
    yield from _unless_blank(reading, _handled(), verdicts, *_NO_HANDLED)


def _handled() -> list[Key]:
    return [("requests", "handled_total", column) for column in labels.REQUEST_COLUMNS]


_NO_HANDLED = (
    ("requests", "handled_total", ""),
    "依申请公开表“办理结果总计”整行",
    "Requests: the whole row of totals handled",
)


def request_row_total(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Per row: the six applicant columns add up to total."""
    reading = subject.reading
    if "requests" not in reading.tables:
        return
    rows = ("received", "carried_in", *_requests_rows(reading), "handled_total", "carried_over")
    verdicts = []
    for row in rows:
        zh, en = labels.row("requests", row)
        verdicts.append(
            _equation(
                rule,
                reading,
                ("requests", row, ""),
                [("requests", row, "total")],
                [("requests", row, column) for column in labels.APPLICANTS],
                (f"依申请公开表“{zh}”行", "总计", "各类申请人之和"),
                (f"Requests, row “{en}”", "the total", "the sum of the applicants"),
            )
        )
    place, totals = ("requests", "", "total"), [("requests", row, "total") for row in rows]
    names = ("依申请公开表“总计”整列", "Requests: the whole column of totals")
    yield from _unless_blank(reading, totals, verdicts, place, *names)


def _unless_blank(
    reading: Reading, totals: Sequence[Key], verdicts: Sequence[Verdict], place: tuple[str, ...], zh: str, en: str
) -> Iterator[Verdict]:
    """The verdicts; but one for a row or column of totals that is blank throughout, instead of one a sum."""
    figures = [reading.cells.get(key) for key in totals]
    if not all(f is not None and f.state in (State.BLANK, State.PLACEHOLDER) for f in figures):
        yield from verdicts
        return
    settled = [v for v in verdicts if v.outcome in (Outcome.PASS, Outcome.PASS_TRIVIALLY, Outcome.FAIL)]
    if len(settled) == len(verdicts):
        yield from verdicts
        return
    yield from (v for v in settled if v.outcome is Outcome.FAIL)
    yield Verdict(
        Outcome.NOT_ASSESSABLE,
        place,
        f"{zh}为空或为占位符，其各项合计无法核对。",
        f"{en} is blank or a placeholder; the sums cannot be checked against it.",
        cells=tuple(ref for v in verdicts for ref in v.cells[:1]),
        reason="blank_totals",
        responsibility=Responsibility.PUBLISHER,
    )


def dispute_total(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Per proceeding: upheld + corrected + other + pending = total."""
    reading = subject.reading
    if "disputes" not in reading.tables:
        return
    verdicts = []
    for proceeding in labels.PROCEEDINGS:
        zh, en = labels.row("disputes", proceeding)
        verdicts.append(
            _equation(
                rule,
                reading,
                ("disputes", proceeding, ""),
                [("disputes", proceeding, "total")],
                [("disputes", proceeding, outcome) for outcome in labels.OUTCOMES],
                (f"{zh}", "总计", "各项结果之和"),
                (f"Disputes, {en}", "the total", "the sum of its outcomes"),
            )
        )
    place, totals = ("disputes", "", "total"), [("disputes", row, "total") for row in labels.PROCEEDINGS]
    names = ("行政复议、行政诉讼表的“总计”各格", "Disputes: every total")
    yield from _unless_blank(reading, totals, verdicts, place, *names)


def indicator_sum(
    rule: Rule, subject: Subject, *, whole: Sequence[str], parts: Sequence[str], limit: bool = False
) -> Iterator[Verdict]:
    """Pre-2019 sheet: the parts add up to the whole; with `limit`, each 其中 item does not exceed its parent."""
    reading = subject.reading
    if "indicators" not in reading.tables:
        return
    names = [labels.row("indicators", code) for code in whole]
    zh, en = "、".join(f"“{n[0]}”" for n in names), ", ".join(f"“{n[1]}”" for n in names)
    left, right = ([("indicators", code, "value") for code in codes] for codes in (whole, parts))
    if limit:
        part_zh, part_en = labels.row("indicators", parts[0])
        yield _equation(
            rule,
            reading,
            ("indicators", parts[0], "value"),
            right,
            left,
            (f"年报统计表“{part_zh}”", f"其中项“{part_zh}”", f"所属项{zh}"),
            (f"Pre-2019 sheet, “{part_en}”", f"the item “{part_en}”", f"its parent {en}"),
            limit=True,
        )
        return
    yield _equation(
        rule,
        reading,
        ("indicators", whole[0], "value"),
        left,
        right,
        (f"年报统计表{zh}", "总数", "各分项之和"),
        (f"Pre-2019 sheet, {en}", "the total", "the sum of its parts"),
    )


def _indicator_rule(name: str, whole: str, parts: Sequence[str]) -> Rule:
    zh, en = labels.row("indicators", whole)
    return Rule(
        id=f"indicator_sum.{name}",
        family="indicator_sum",
        severity=Severity.ERROR,
        title_zh=f"“{zh}”等于各分项之和",
        title_en=f"“{en}” is the sum of its parts",
        formula=f"{whole} = {' + '.join(parts)}",
        basis=bases.FORM_PRE2019,
        generations=(Generation.PRE2019,),
        judge=partial(indicator_sum, whole=(whole,), parts=tuple(parts)),
        sound=(cases.filing(cases.indicators({whole: 3, parts[0]: 2, parts[1]: 1}), 2016),),
        broken=(cases.filing(cases.indicators({whole: 0, parts[0]: 4, parts[1]: 1}), 2016),),
    )


def _limit_rule(part: str, parent: str) -> Rule:
    zh, en = labels.row("indicators", part)
    parent_zh, parent_en = labels.row("indicators", parent)
    return Rule(
        id=f"indicator_sum.limit.{part}",
        family="indicator_sum",
        severity=Severity.WARNING,
        title_zh=f"其中项“{zh}”不超过“{parent_zh}”",
        title_en=f"“{en}” does not exceed “{parent_en}”",
        formula=f"{part} <= {parent}",
        basis=bases.FORM_PRE2019,
        generations=(Generation.PRE2019,),
        judge=partial(indicator_sum, whole=(parent,), parts=(part,), limit=True),
        sound=(cases.filing(cases.indicators({part: 2, parent: 3}), 2016),),
        broken=(cases.filing(cases.indicators({part: 4, parent: 3}), 2016),),
    )


REPLIES = (
    "already_public",
    "granted",
    "granted_in_part",
    "refused",
    "not_own",
    "not_existing",
    "amendment_asked",
    "other_channel",
)
REASONS_REFUSED = (
    "state_secret",
    "trade_secret",
    "privacy",
    "security_and_stability",
    "not_government_information",
    "other_law",
)

RULES: tuple[Rule, ...] = (
    Rule(
        id="request_balance",
        family="request_balance",
        severity=Severity.ERROR,
        title_zh="新收与结转等于办结与结转下年",
        title_en="Received and carried in equal handled and carried over",
        formula="received + carried_in = handled_total + carried_over",
        basis=bases.BALANCE,
        judge=request_balance,
        generations=NEW_FORMS,
        sound=(cases.filing(cases.requests()),),
        broken=(cases.filing(cases.requests({("received", "natural_person"): 6, ("received", "total"): 7})),),
    ),
    Rule(
        id="request_parts",
        family="request_parts",
        severity=Severity.ERROR,
        title_zh="各项办理结果之和等于总计",
        title_en="The outcomes add up to the total handled",
        formula="granted + ... + other_handling = handled_total",
        basis=bases.FORMS,
        judge=request_parts,
        generations=NEW_FORMS,
        sound=(cases.filing(cases.requests()), cases.filing(cases.requests(None, Generation.FORM_2019), 2019)),
        broken=(cases.filing(cases.requests({("granted", "natural_person"): 3, ("granted", "total"): 4})),),
    ),
    Rule(
        id="request_row_total",
        family="request_row_total",
        severity=Severity.ERROR,
        title_zh="各类申请人之和等于总计",
        title_en="The applicants add up to the total",
        formula="natural_person + ... + other_organization = total",
        basis=bases.FORMS,
        judge=request_row_total,
        generations=NEW_FORMS,
        sound=(cases.filing(cases.requests()),),
        broken=(cases.filing(cases.requests({("granted", "total"): 9})),),
    ),
    Rule(
        id="dispute_total",
        family="dispute_total",
        severity=Severity.ERROR,
        title_zh="复议、诉讼各项结果之和等于总计",
        title_en="The outcomes of disputes add up to their total",
        formula="upheld + corrected + other + pending = total",
        basis=bases.FORMS,
        judge=dispute_total,
        sound=(cases.filing(cases.disputes()),),
        broken=(cases.filing(cases.disputes({("reconsideration", "total"): 3})),),
    ),
    _indicator_rule(
        "received", "requests.received", [f"requests.{p}" for p in ("in_person", "fax", "online", "letter")]
    ),
    _indicator_rule("completed", "completed.total", ["completed.on_time", "completed.extended"]),
    _indicator_rule("replied", "replied.total", [f"replied.{p}" for p in REPLIES]),
    _indicator_rule("refused", "replied.refused", [f"refused.{p}" for p in REASONS_REFUSED]),
    _indicator_rule(
        "reconsideration", "reconsideration.total", [f"reconsideration.{p}" for p in ("upheld", "corrected", "other")]
    ),
    _indicator_rule("litigation", "litigation.total", [f"litigation.{p}" for p in ("upheld", "corrected", "other")]),
    _indicator_rule("staff", "staff.total", ["staff.full_time", "staff.part_time"]),
    _limit_rule("disclosed.normative_documents", "disclosed.total"),
    _limit_rule("response.press_conferences_by_head", "response.press_conferences"),
    _limit_rule("response.online_interviews_by_head", "response.online_interviews"),
)
