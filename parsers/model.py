"""The typed report and what it is read from: documents, grids, figures, sections, statements, problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeVar, dataclass_transform

Number = int | Decimal
T = TypeVar("T")
PICTURE = "\ufffc"  # Unicode's sign for an object in text: what a cell says that shows only a picture; it is not blank


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """A slotted dataclass that the type checker alone keeps frozen. A page makes a thousand cells, figures and places,
    and a constructor that goes round a `__setattr__` that refuses takes three times as long."""
    return dataclass(slots=True, unsafe_hash=True)(cls)


class ParserError(ValueError):
    """The bytes cannot be opened as what they claim to be; the message says what was expected and where."""


class Generation(StrEnum):
    """The generations of the form (domain: `pre2019` up to report year 2018, `2019` for 2019-2020, `2021` since)."""

    PRE2019 = "pre2019"
    FORM_2019 = "2019"
    FORM_2021 = "2021"


class State(StrEnum):
    """What stood in a cell. Only NUMBER carries a value; the others stay different from each other and from 0."""

    NUMBER = "number"
    BLANK = "blank"
    PLACEHOLDER = "placeholder"  # / — 无 and the like
    UNREADABLE = "unreadable"
    ABSENT = "absent"  # the table has no such cell


UNSURE = "?"  # ends the text of a cell that a reader saw without being sure of it; no value ends so


class Responsibility(StrEnum):
    """Whose doing a problem is: the publisher's document, our reader, or our crawler."""

    PUBLISHER = "publisher"
    READER = "reader"
    CRAWLER = "crawler"


@record
class Place:
    """Where something stands in the archived document: grid cell, text offsets (code points), or page and box.

    `grid` counts the document's own tables from 0, whatever stands between them; of a workbook it names a sheet too.
    """

    grid: int | None = None
    row: int | None = None
    column: int | None = None
    start: int | None = None
    end: int | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    sheet: str | None = None


class Span(NamedTuple):
    """A piece of a section's text: its offset there, and where it starts in the document's text, and its length."""

    offset: int
    start: int
    length: int
    page: int | None = None
    box: tuple[float, float, float, float] | None = None


@record
class Cell:
    """A cell of a grid: its text, the slot of its top left corner and its spans. `place` is None if that slot is all
    there is to say; `confidence` < 1: it was read from a picture, or put together with doubt."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    place: Place | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as printed, whatever the format. `exact` is False where column positions are a guess (plain text),
    `ruled` False where no lines rule it on a page, so that its cells were told by the place of their words."""

    index: int
    cells: tuple[Cell, ...]
    rows: int
    columns: int
    exact: bool = True
    ruled: bool = True


@record
class Block:
    """A paragraph or line of text. `start` is its offset in `Document.text`. `confidence` < 1: from a picture."""

    text: str
    start: int
    heading: bool = False
    place: Place | None = None  # page and box, where it has them
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader makes of bytes: text blocks and grids in the document's own order, and its metadata."""

    format: str
    parts: tuple[Block | Grid, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    problems: tuple[Problem, ...] = ()
    gaps: tuple[int, ...] = ()  # for each part: the depth of the nearest element it shares with the part before it
    text_confidence: float = 1.0  # of its blocks: less than 1 where letters were recognised in a picture


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read or does not fit, and whose doing it is."""

    code: str
    message: str
    where: str = ""
    responsibility: Responsibility = Responsibility.READER


@record
class Figure:
    """One cell of a statutory table. Codes are those of domain section 3; for indicators `column` is "value",
    for disputes `row` is the proceeding. `confidence` < 1 never supports an `error` finding.
    """

    table: str  # proactive | requests | disputes | indicators
    row: str
    column: str
    raw: str
    value: Number | None
    state: State
    confidence: float = 1.0
    place: Place | None = None


@record
class Section:
    """A numbered chapter as printed: normalised number (None if it has none), heading, text without its tables."""

    number: int | None
    heading: str
    text: str


@record
class Statement:
    """A figure stated in running text. `start`/`end` are code points in the text of `section` (an index into
    `Report.sections` numbers; 0: what stands before the first heading).
    """

    what: str
    value: Number
    unit: str
    section: int
    start: int
    end: int
    sentence: str
    of: str | None = None
    qualifier: str = "exact"  # exact | about | over | none
    year: int | None = None
    scope: str = "unknown"  # own | district | subordinate | unknown
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class FoundDay:
    """A day found on the page. `source`: date_line | metadata | address | signature; `label` as printed.
    Only date_line and metadata days whose label says publication may ever decide a status.
    """

    day: date
    source: str
    label: str = ""
    raw: str = ""
    publication: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One report as read. A document that is no report has the problem `not_a_report` and no figures.

    `text_confidence` < 1: the text, and with it every heading and statement, was recognised in a picture and supports
    no finding. `format`: of the document it was read from (`Document.format`).
    """

    publisher: str | None
    report_year: int | None
    title: str | None
    published_on: date | None
    published_on_source: str | None
    forms: Mapping[str, Generation]
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...]
    days: tuple[FoundDay, ...] = ()
    preamble: str = ""
    part: str | int | None = None
    text_confidence: float = 1.0
    format: str = ""
    document: Document | None = field(default=None, compare=False, repr=False)  # what it was read from
    origins: tuple[tuple[Span, ...], ...] = field(default=(), compare=False, repr=False)  # of preamble and sections
    view: bytes = field(default=b"", compare=False, repr=False)  # `parsers.viewing.pack`

    @property
    def is_report(self) -> bool:
        """False if reading said `not_a_report`."""
        return not any(p.code == "not_a_report" for p in self.problems)
