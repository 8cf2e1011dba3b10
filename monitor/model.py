"""What judging takes in and gives out: holdings, obligations with their proof, findings with their evidence, events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from parsers.model import Figure, FoundDay, Number, Report
from registry.model import Kind

Key = tuple[str, str, str]  # table, row, column


class MonitorError(ValueError):
    """Input that cannot be judged; the message says what was expected and where."""


class Severity(StrEnum):
    """How grave a finding is; only `ERROR` and `WARNING` are alerted by default."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Outcome(StrEnum):
    """What a rule says of one subject."""

    FAIL = "fail"
    PASS = "pass"
    PASS_TRIVIALLY = "pass_trivially"
    PENDING = "pending"
    NOT_ASSESSABLE = "not_assessable"


class Status(StrEnum):
    """The one status of a (body, report year); domain section 1."""

    NOT_DUE = "not_due"
    AWAITING = "awaiting"
    ON_TIME = "on_time"
    LATE = "late"
    UNDATED = "undated"
    MISSING = "missing"
    UNVERIFIED = "unverified"
    WITHDRAWN = "withdrawn"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of domain section 1; settings may override them."""

    grace_days: int = 7
    absent_looks: int = 3
    absent_days: int = 3
    absent_hours: int = 120
    freshness_hours: int = 48
    withdrawn_looks: int = 3
    withdrawn_days: int = 14
    implausible_after_due_days: int = 365
    back_dated_days: int = 3
    column_interval_days: int = 7


@dataclass(frozen=True, slots=True)
class Filing:
    """One report as held: what was read, whose and which year it was taken for, and where it is kept.

    `version` counts distinct contents of one (body, report year) from 1. `document` is the archived document's
    sha256; `first_seen` is when its address first gave this content, `current` whether it gives it now (or gave it
    last). `entry_url` is the article that an attachment hangs on. Equal `fingerprint`s are equal figures and texts.
    `sources`: the other documents that give the same report (`monitor.sources`); `report` is then what all of them
    say together, and `own` what the document itself does.
    """

    report: Report
    report_year: int
    body: str | None = None
    name: str = ""
    kind: Kind | None = None
    file: str = ""
    document: str = ""
    url: str = ""
    version: int = 1
    first_seen: datetime | None = None
    id: int = 0
    entry_url: str = ""
    current: bool = True
    fingerprint: str = ""
    sources: tuple[Source, ...] = ()
    own: Report | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A document attributed to (body, report year), read or not; what statuses are judged by.

    `gone_at`: first instant its own address answered 404/410 with no 200 since. `host_shared_years`: for each
    publication-labelled day, the report years on this host that carry the same day (a migration if three or more).
    """

    body: str
    report_year: int
    url: str
    document: str
    first_seen: datetime
    days: tuple[FoundDay, ...] = ()
    list_day: date | None = None
    gone_at: datetime | None = None
    gone_status: int | None = None
    shared_years: tuple[int, ...] = ()
    entry_url: str = ""  # the address in the list that led to it; empty: `url` itself
    last_seen: datetime | None = None  # last time its address was asked and still gave this document
    fingerprint: str = ""  # of figures and texts once read: equal fingerprints are one report


@dataclass(frozen=True, slots=True)
class Source:
    """Another document that gives the same report as a filing does.

    `alike`: it is surely the same report; `filled`: the cells taken from it; `text`: the text was taken from it.
    """

    filing: Filing
    alike: bool = True
    filled: frozenset[Key] = frozenset()
    text: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell in which two sources hold different numbers."""

    one: Figure
    other: Figure

    @property
    def sure(self) -> bool:
        """True if both were read without doubt: then it is the publisher who printed both."""
        return self.one.confidence == 1 and self.other.confidence == 1


class Sight(StrEnum):
    """What one complete look says of one (body, report year)."""

    SEEN = "seen"
    ABSENT = "absent"
    UNDECIDABLE = "undecidable"


@dataclass(frozen=True, slots=True)
class Observation:
    """A look's word on one (body, report year), with the reason (a clause code) and the positive control if absent."""

    look: int
    column: str
    at: datetime
    sight: Sight
    reason: str = ""
    control: str = ""


@dataclass(frozen=True, slots=True)
class Obligation:
    """The status of one (body, report year) with its proof.

    `clause` names what decided or which clause of the proof fails (`before_our_watch`, `no_positive_control`,
    `too_few_looks`, ...). `basis` is `own_date` or `seen` for on_time/late. `published_after`/`published_by` is the
    interval (L, U]. `looks` are the ids that carry the verdict; `observations` are what these looks say and, bounded,
    what others said that were weighed with them, oldest first.
    """

    body: str
    report_year: int
    status: Status
    due_on: date | None
    clause: str = ""
    days_late: int | None = None
    basis: str | None = None
    published_on: date | None = None
    published_after: datetime | None = None
    published_by: datetime | None = None
    duty: str | None = None
    certain: bool = False
    looks: tuple[int, ...] = ()
    observations: tuple[Observation, ...] = ()
    explanation_zh: str = ""
    explanation_en: str = ""
    stated_on: date | None = None  # what the page calls its publication day, taken at its word or not
    contradicted_by: tuple[Observation, ...] = ()  # `absent` looks after `stated_on`: family back_dated
    since: datetime | None = None  # since when this is so, from the evidence: proof complete, first sighting, day over


@dataclass(frozen=True, slots=True)
class CellRef:
    """A cell as evidence. `report_year` and `file` tell apart the reports of a cross-year finding."""

    table: str
    row: str
    column: str
    raw: str
    value: Number | None
    report_year: int | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text as evidence; offsets are code points in the section's text."""

    section: int | None
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one subject. `id` is stable: from rule, body, report year and place, never from values.

    `input_hash` is over the values judged: a person's verdict reopens when it differs.
    """

    id: str
    rule: str
    rule_version: int
    family: str
    severity: Severity
    outcome: Outcome
    message_zh: str
    message_en: str
    body: str | None = None
    report_year: int | None = None
    cells: tuple[CellRef, ...] = ()
    passages: tuple[Passage, ...] = ()
    formula: str = ""
    reason: str = ""
    responsibility: str = ""
    document: str = ""
    input_hash: str = ""
    filing: str = ""  # which of the filings handed in it stands on (`monitor.rules.engine.filing_key`)


@dataclass(frozen=True, slots=True)
class Event:
    """A change worth telling: a status flip, a finding opened or closed. `key` makes it unique for ever."""

    key: str
    kind: str  # status | finding_opened | finding_closed
    body: str
    report_year: int
    old: str
    new: str
    effective_at: datetime
    detected_at: datetime
    severity: Severity
    alert: bool
    message_zh: str
    message_en: str
    finding: str = ""
    evidence: dict[str, str] = field(default_factory=dict)
