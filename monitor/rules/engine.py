"""The rule engine: what a rule is, how it reads a report, how a judgement becomes a finding. Pure; no clock.

A rule is one declaration with a sound and a broken case. It reads cells only through `Reading`, whose accessor raises
`Gap` for a missing value; the gap is settled here, so that no rule handles blanks by itself (domain section 4).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from monitor.model import CellRef, Filing, Finding, Outcome, Passage, Severity
from monitor.model import Key as Key
from monitor.rules.bases import Basis
from parsers.model import Figure, Generation, Number, Responsibility, State
from registry.model import Body, Kind

FIRST_YEAR = 2008  # the first report year there is; a filing of unknown year has 0


class Switch(StrEnum):
    """Whether a rule is published: `SHADOW` is computed and shown to operators only, never alerted."""

    ON = "on"
    SHADOW = "shadow"


class Scope(StrEnum):
    """What a rule looks at: one report, one body's years, several bodies, or publication (a view of the status)."""

    REPORT = "report"
    YEARS = "years"
    BODIES = "bodies"
    TIME = "time"


class Gap(Exception):
    """A value that a rule asked for and that is not there: why, and whose doing."""

    def __init__(self, reason: str, responsibility: Responsibility) -> None:
        super().__init__(reason)
        self.reason = reason
        self.responsibility = responsibility


class Reading:
    """One filing, indexed for judging. `publisher` is the key under which filings are one body's."""

    __slots__ = ("cells", "elsewhere", "filing", "forms", "kind", "publisher", "report", "tables", "year")

    def __init__(self, filing: Filing, publisher: str, kind: Kind | None) -> None:
        self.filing = filing
        self.report = filing.report
        self.year = filing.report_year
        self.publisher = publisher
        self.kind = kind
        self.forms: Mapping[str, Generation] = filing.report.forms
        self.cells: dict[Key, Figure] = {(f.table, f.row, f.column): f for f in filing.report.figures}
        self.elsewhere = {key: s.filing.file for s in filing.sources for key in s.filled}  # cells of other sources
        self.tables = frozenset(f.table for f in filing.report.figures if f.state is not State.ABSENT)

    def figure(self, key: Key) -> Figure:
        """The cell as read, whatever stood in it; raises `Gap` if the table has no such cell."""
        figure = self.cells.get(key)
        if figure is None or figure.state is State.ABSENT:
            raise Gap("no_such_cell", self.blame())
        return figure

    def value(self, key: Key) -> Number:
        """The number in the cell; raises `Gap` for a blank, a placeholder, an unreadable or an absent cell."""
        figure = self.figure(key)
        if figure.value is None:
            if figure.state is State.UNREADABLE:
                raise Gap("unreadable_cell", Responsibility.READER)
            raise Gap("blank_cell", Responsibility.PUBLISHER)
        return figure.value

    def blame(self) -> Responsibility:
        """Whose doing a missing cell is: ours wherever reading or fetching had a problem of its own."""
        doing = {problem.responsibility for problem in self.report.problems}
        for ours in (Responsibility.CRAWLER, Responsibility.READER):
            if ours in doing:
                return ours
        return Responsibility.PUBLISHER

    def ref(self, figure: Figure) -> CellRef:
        """The cell as evidence, with the report year and the file it stands in."""
        file = self.elsewhere.get((figure.table, figure.row, figure.column), self.filing.file)
        return CellRef(figure.table, figure.row, figure.column, figure.raw, figure.value, self.year, file)


@dataclass(frozen=True)
class History:
    """A body's filings: the current reading of each year, and all versions of a year in order.

    `changes`: the years in which the registry says that the body was founded, ended or took another one in.
    """

    current: Mapping[int, Reading]
    versions: Mapping[int, Sequence[Reading]]
    body: Body | None = None
    changes: frozenset[int] = frozenset()

    def changed_between(self, year: int) -> bool:
        """True if the body was founded, merged or abolished in this year or the one before."""
        return not self.changes.isdisjoint((year - 1, year))


@dataclass(frozen=True)
class Subject:
    """What a rule is asked about: one reading, its body's other years, its likenesses (None: text not compared)."""

    reading: Reading
    history: History
    copies: tuple[object, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """An equality with its cells, for localisation. `residual` is left minus right, None if a cell is blank."""

    left: tuple[Key, ...]
    right: tuple[Key, ...]
    residual: Number | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of one place. `place` makes the finding's id and never holds a value."""

    outcome: Outcome
    place: tuple[str, ...]
    zh: str
    en: str
    cells: tuple[CellRef, ...] = ()
    passages: tuple[Passage, ...] = ()
    formula: str = ""
    reason: str = ""
    responsibility: Responsibility | None = None
    severity: Severity | None = None
    report_year: int | None = None
    sides: Sides | None = None


Judge = Callable[["Rule", Subject], Iterable[Verdict]]


@dataclass(frozen=True)
class Rule:
    """One declaration. `judge` None: a view of the publication status, judged with the obligations.

    Empty `generations` and `kinds` mean all; a rule bound to kinds says nothing of a body whose kind is unknown.
    `sound` and `broken` are filings: the rule passes on the first and fails on the second.
    """

    id: str
    family: str
    severity: Severity
    title_zh: str
    title_en: str
    formula: str
    basis: Basis
    judge: Judge | None = None
    sound: tuple[Filing, ...] = ()
    broken: tuple[Filing, ...] = ()
    version: int = 1
    scope: Scope = Scope.REPORT
    generations: tuple[Generation, ...] = ()
    years_from: int | None = None
    years_to: int | None = None
    kinds: tuple[Kind, ...] = ()
    state: Switch = Switch.SHADOW  # the catalogue switches on what is released
    tolerance: Decimal = Decimal(0)
    note_zh: str = ""  # beside the formula: what the sides may differ by, who is meant
    note_en: str = ""
    of_year: bool = False  # asks for the report year: not assessable where that is not known

    def applies(self, reading: Reading) -> bool:
        """True if the reading's year, kind and forms are within the rule's validity."""
        if self.years_from is not None and reading.year < self.years_from:
            return False
        if self.years_to is not None and reading.year > self.years_to:
            return False
        if self.kinds and reading.kind not in self.kinds:
            return False
        return not self.generations or any(form in self.generations for form in reading.forms.values())


def judge_one(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """All that one rule says of one subject. A gap the rule did not settle makes one `not_assessable`."""
    if rule.judge is None or not rule.applies(subject.reading):
        return
    if subject.reading.year < FIRST_YEAR and (rule.of_year or rule.scope is Scope.YEARS):
        yield unassessable(("report",), Gap("year_unknown", Responsibility.READER))
        return
    try:
        yield from rule.judge(rule, subject)
    except Gap as gap:
        yield unassessable(("report",), gap)


def unassessable(place: tuple[str, ...], gap: Gap, **more: Any) -> Verdict:
    """The verdict for a gap: never a pass in silence, never an accusation."""
    zh, en = REASONS.get(gap.reason, (gap.reason, gap.reason))
    verdict = Verdict(
        Outcome.NOT_ASSESSABLE, place, zh, en, reason=gap.reason, responsibility=gap.responsibility
    )
    return replace(verdict, **more) if more else verdict


REASONS: dict[str, tuple[str, str]] = {
    "mixed_rows": (
        "无法判断：“其他处理”同时有一行和三行两种写法。",
        "Not assessable: other handling stands both as one row and as three.",
    ),
    "year_unknown": ("无法判断：不知报告年度。", "Not assessable: the report year is not known."),
    "part_or_whole": (
        "无法判断：总数在别处所载与表相符，此处可能只是其中一部分。",
        "Not assessable: the whole is stated rightly elsewhere, this may be a part of it.",
    ),
    "difference_told": (
        "无法判断：两数之差在同一句中另有交代，可能是另行计算的部分。",
        "Not assessable: the sentence itself counts what makes the difference, which may be reckoned apart.",
    ),
    "other_year_said": (
        "无法判断：正文不能证实标题所载的年度，可能沿用了上年的标题。",
        "Not assessable: the text does not bear out the year of the title, which may be last year's.",
    ),
    "counted_in_times": (
        "无法判断：文中按件次计数，表中按件计数。",
        "Not assessable: the text counts times, the table applications.",
    ),
    "other_subject": (
        "无法判断：文中所说的信息未必都是表中所指的政府信息。",
        "Not assessable: what the text counts need not all be the government information of the table.",
    ),
    "other_scope": (
        "无法判断：文中为本级数字，表中可能含所属各部门。",
        "Not assessable: the text speaks of the government's own office, the table may count its departments too.",
    ),
    "power_unknown": (
        "无法判断：不知该机关是否有规章制定权。",
        "Not assessable: whether the body may make rules is not known.",
    ),
    "no_sections": ("无法判断：未识别出任何部分标题。", "Not assessable: no section heading was recognised."),
    "unread_section": (
        "无法判断：该部分未读到文字，可能是图片。",
        "Not assessable: nothing could be read in this section, it may hold pictures.",
    ),
    "no_such_cell": ("无法判断：表中没有该格。", "Not assessable: the table has no such cell."),
    "no_such_table": ("无法判断：报告中没有该表。", "Not assessable: the report has no such table."),
    "unreadable_cell": ("无法判断：有单元格未能识别。", "Not assessable: a cell could not be read."),
    "uncertain_cell": (
        "无法判断：有单元格的识别结果不确定。",
        "Not assessable: a cell was read with doubt.",
    ),
    "uncertain_text": (
        "无法判断：文字系从图片中识别，结果不确定。",
        "Not assessable: the text was recognised in a picture, with doubt.",
    ),
    "uncertain_source": (
        "无法判断：两处数字不同，但其中有的识别结果不确定。",
        "Not assessable: the sources differ, but one of them was read with doubt.",
    ),
    "other_figures": (
        "无法判断：两份文件数字大多不同，可能不是同一份报告。",
        "Not assessable: most figures of the two documents differ, they may not be one report.",
    ),
    "mixed_sources": (
        "无法判断：所涉数字须由两份文件拼合，任何一份都未单独载明。",
        "Not assessable: the figures stand in two documents, and neither holds them all.",
    ),
    "sources_differ": (
        "无法判断：该报告的几种形式载有不同数字，按其中一种则成立。",
        "Not assessable: the forms of this report print different figures, and by one of them this holds.",
    ),
    "cut_document": (
        "无法判断：本站未能读完整份文件，未找到不等于没有。",
        "Not assessable: we did not read the whole document; what was not found may be there.",
    ),
    "blank_cell": (
        "无法判断：有单元格为空或为占位符，其数值未知。",
        "Not assessable: a cell is blank or a placeholder, its number is unknown.",
    ),
}


def finding(rule: Rule, reading: Reading, verdict: Verdict) -> Finding:
    """The finding of a verdict: id from rule, body, year and place; input hash over what was judged."""
    year = verdict.report_year if verdict.report_year is not None else reading.year
    doing = verdict.responsibility.value if verdict.responsibility else ""
    return Finding(
        id=":".join((rule.id, reading.publisher, str(year), *(part or "-" for part in verdict.place))),
        rule=rule.id,
        rule_version=rule.version,
        family=rule.family,
        severity=verdict.severity or rule.severity,
        outcome=verdict.outcome,
        message_zh=verdict.zh,
        message_en=verdict.en,
        body=reading.filing.body,
        report_year=year or None,
        cells=verdict.cells,
        passages=verdict.passages,
        formula=verdict.formula,
        reason=verdict.reason,
        responsibility=doing,
        document=reading.filing.document,
        input_hash=input_hash(verdict.cells, verdict.passages, verdict.formula),
        filing=filing_key(reading.filing),
    )


def input_hash(cells: Sequence[CellRef], passages: Sequence[Passage], formula: str = "") -> str:
    """Sixteen hexadecimal digits over the cells and passages judged (without either: over the filled-in formula);
    equal inputs give equal hashes on any machine."""
    lines = [f"{c.table}|{c.row}|{c.column}|{c.raw}|{c.value}|{c.report_year}" for c in cells]
    lines += [f"{p.section}|{p.text}" for p in passages]
    return hashlib.sha256("\n".join(sorted(lines) or [formula]).encode()).hexdigest()[:16]


def filing_key(filing: Filing) -> str:
    """What tells one filing of a run from another: file, part, document, version."""
    part = "" if filing.report.part is None else str(filing.report.part)
    return "#".join((filing.file, part, filing.document, str(filing.version), str(filing.id)))


def show(value: Number | None) -> str:
    """A number as a sentence prints it: no exponent, no trailing zeros; a question mark for an unknown one."""
    if value is None:
        return "?"
    if isinstance(value, int):
        return str(value)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
