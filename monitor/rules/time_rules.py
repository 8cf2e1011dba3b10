"""Publication: lateness of a file on its own, and the families that are views of the obligation's status.

With a registry and looks, `late`, `missing`, `withdrawn`, `undated` and `back_dated` are read off the obligation
(domain section 1): those declarations have no judge here. A file without a body has only its own date line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from monitor.model import Filing, Outcome, Passage, Severity
from monitor.periods import later_year, names_year
from monitor.rules import bases, cases
from monitor.rules.engine import Gap, Rule, Scope, Subject, Verdict, unassessable
from parsers.model import FoundDay, Responsibility
from registry.duties import due_on
from registry.model import Certainty, Duty, Kind

MIGRATION_DAYS = 365  # a day later than this after the due day is a migration's, not the body's word (domain section 1)
_SOURCES = ("date_line", "metadata")

# The rows of law and practice by kind, for judging a file without a registry. A test holds them equal to the shipped
# registry's rows of the same ids.
STATUTORY: tuple[Duty, ...] = (
    Duty(
        id="regulations-2007-art31",
        kinds=(Kind.CENTRAL, Kind.GOVERNMENT, Kind.DEPARTMENT, Kind.TOWNSHIP, Kind.SUBDISTRICT),
        years_from=2008,
        years_to=2018,
        due=(3, 31),
        certainty=Certainty.LAW,
        basis_zh="《中华人民共和国政府信息公开条例》（2007年，国务院令第492号）第三十一条",
        basis_en="Open Government Information Regulations of 2007 (State Council Decree No. 492), art. 31",
        source="国务院令第492号",
    ),
    Duty(
        id="regulations-2019-art49-1",
        kinds=(Kind.CENTRAL, Kind.DEPARTMENT),
        years_from=2019,
        years_to=None,
        due=(1, 31),
        certainty=Certainty.LAW,
        basis_zh="《中华人民共和国政府信息公开条例》（2019年修订，国务院令第711号）第四十九条第一款",
        basis_en="Open Government Information Regulations as revised in 2019 (State Council Decree No. 711), "
        "art. 49 para. 1",
        source="国务院令第711号",
    ),
    Duty(
        id="regulations-2019-art49-2",
        kinds=(Kind.GOVERNMENT,),
        years_from=2019,
        years_to=None,
        due=(3, 31),
        certainty=Certainty.LAW,
        basis_zh="《中华人民共和国政府信息公开条例》（2019年修订，国务院令第711号）第四十九条第二款",
        basis_en="Open Government Information Regulations as revised in 2019 (State Council Decree No. 711), "
        "art. 49 para. 2",
        source="国务院令第711号",
    ),
    Duty(
        id="local-practice-2019",
        kinds=(Kind.TOWNSHIP, Kind.SUBDISTRICT),
        years_from=2019,
        years_to=None,
        due=(1, 31),
        certainty=Certainty.LOCAL_PRACTICE,
        basis_zh="地方惯例：条例第四十九条未列明乡镇人民政府和街道办事处，各地通知多要求1月31日前",
        basis_en="Local practice: art. 49 does not name townships and subdistricts; "
        "local notices mostly say 31 January",
    ),
)

def publication_day(days: Sequence[FoundDay]) -> FoundDay | None:
    """The earliest day that the page itself calls its publication; list, address and signature days never count."""
    stated = [d for d in days if d.publication and d.source in _SOURCES]
    return min(stated, key=lambda d: d.day) if stated else None


def _passage(filing: Filing, found: FoundDay) -> Passage:
    """The day as the page prints it: in the text before the first heading, else without a place."""
    raw = found.raw or f"{found.label}{found.day}"
    at = filing.report.preamble.find(raw)
    return Passage(0, at, at + len(raw), raw) if at >= 0 else Passage(None, 0, len(raw), raw)


def lateness_of_file(filing: Filing, kind: Kind | None, duties: Sequence[Duty] = STATUTORY) -> Verdict | None:
    """What a file's own date line says against the due day of its kind; None where no due day is certain.

    An unknown kind is judged against 31 March, and the sentence says so. Local practice makes a notice at most.
    """
    year = filing.report_year
    duty = next(
        (
            d
            for d in duties
            if kind in d.kinds
            and not (d.bodies or d.divisions)
            and d.years_from <= year
            and (d.years_to is None or year <= d.years_to)
        ),
        None,
    )
    if duty is None and kind is not None or year < 2008:
        return None
    due = due_on(duty, year) if duty else date(year + 1, 3, 31)
    practice = duty is not None and duty.certainty is Certainty.LOCAL_PRACTICE
    basis_zh = duty.basis_zh if duty else "机关类别不明，按最晚的3月31日计"
    basis_en = duty.basis_en if duty else "the kind of body is unknown: judged against 31 March, the latest due day"
    found = publication_day(filing.report.days)
    place = ("publication",)
    if found is None:
        return Verdict(
            Outcome.NOT_ASSESSABLE,
            place,
            f"页面未标明公开日期，无法判断是否在{due}前公开。",
            f"The page states no day of publication; whether it was published by {due} cannot be told.",
            reason="no_publication_day",
            responsibility=Responsibility.PUBLISHER,
        )
    day = found.day
    passages = (_passage(filing, found),)
    days_late = (day - due).days
    formula = f"{day} {'>' if days_late > 0 else '<='} {due}"
    if days_late <= 0:
        return Verdict(
            Outcome.PASS,
            place,
            f"页面所载公开日期为{day}，未超过{due}。",
            f"The page states {day} as its day of publication, not after {due}.",
            passages=passages,
            formula=formula,
        )
    if day - due > timedelta(days=MIGRATION_DAYS):
        return Verdict(
            Outcome.NOT_ASSESSABLE,
            place,
            f"页面所载公开日期为{day}，晚于{due}一年以上，可能是网站迁移日期，不作为依据。",
            f"The page states {day}, more than a year after {due}: possibly the day of a migration, not relied upon.",
            passages=passages,
            formula=formula,
            reason="migration_day",
            responsibility=Responsibility.PUBLISHER,
        )
    # published when the next year's reports are: a year late, or the next year's under last year's title
    unsure = day >= date(year + 2, 1, 1) and not names_year(filing.report, year)
    if unsure or later_year(filing.report, year):
        return unassessable(place, Gap("other_year_said", Responsibility.PUBLISHER), passages=passages, formula=formula)
    zh = f"页面所载公开日期为{day}，应于{due}前公开（{basis_zh}），逾期{days_late}天。"
    en = f"The page states {day} as its day of publication; due by {due} ({basis_en}): late by {days_late} days."
    if practice:
        zh = f"页面所载公开日期为{day}，晚于各地通行的{due}（{basis_zh}）{days_late}天；条例第四十九条未规定其期限。"
        en = (
            f"The page states {day} as its day of publication, {days_late} days after {due} ({basis_en}); "
            "not a breach of art. 49."
        )
    return Verdict(
        Outcome.FAIL,
        place,
        zh,
        en,
        passages=passages,
        formula=formula,
        severity=Severity.NOTICE if practice else None,
    )


def late(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Lateness of a file that belongs to no registered body; with a body, lateness is read off the obligation."""
    reading = subject.reading
    if reading.filing.body is not None:
        return
    verdict = lateness_of_file(reading.filing, reading.kind)
    if verdict is not None:
        yield verdict


def _dated(day: date) -> FoundDay:
    return FoundDay(day, "date_line", "发布时间:", f"发布时间:{day}", publication=True)


_VIEWS = (
    ("missing", Severity.WARNING, "期限届满后可以找到", "Found after the due day", "no complete proof of absence"),
    ("withdrawn", Severity.WARNING, "公开后未撤下", "Not taken down once published", "still at its address or listed"),
    (
        "back_dated",
        Severity.WARNING,
        "所载公开日期与所见相符",
        "The day stated agrees with what was seen",
        "stated day >= day of the second absent look - 3",
    ),
    ("undated", Severity.NOTICE, "可以确定是否按期公开", "Known to be on time or late", "due_on not in (L, U]"),
)

RULES: tuple[Rule, ...] = (
    Rule(
        id="late",
        family="late",
        severity=Severity.WARNING,
        scope=Scope.TIME,
        title_zh="在法定期限内公开",
        title_en="Published by the due day",
        formula="published_on <= due_on",
        basis=bases.ART_49,
        judge=late,
        of_year=True,
        sound=(cases.filing(year=2023, days=[_dated(date(2024, 3, 31))]),),
        broken=(cases.filing(year=2023, days=[_dated(date(2024, 4, 1))]),),
        note_zh="有登记册和查看记录时，由该机关该年度的状态得出。",
        note_en="With a registry and looks, a view of the obligation's status.",
    ),
    *(
        Rule(
            id=name,
            family=name,
            severity=severity,
            scope=Scope.TIME,
            title_zh=zh,
            title_en=en,
            formula=formula,
            basis=bases.ART_49,
            note_zh="由该机关该年度的状态得出，依据查看记录和所存报告判断。",
            note_en="A view of the obligation's status, judged from looks and holdings.",
        )
        for name, severity, zh, en, formula in _VIEWS
    ),
)
