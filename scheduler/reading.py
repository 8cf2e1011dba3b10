"""Reading what was archived: unread documents in, attributed reports out. Fetches nothing."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from sqlite_utils import Database

import parsers
from db.archive import Archive
from db.attribution_rows import HeldReport, load_assignments, load_held
from db.crawl_rows import pictures_of
from db.document_rows import StoredDocument, load_document
from db.report_rows import load_report, store_reports, unread_documents
from db.report_values import fingerprint
from monitor.attribution import Assignment, Attribution, Held, attribute_report, hosts_of
from parsers.model import Problem, Report, Responsibility
from registry.model import Registry
from registry.names import NameIndex
from scheduler.home import Home
from scheduler.output import complain, progress
from scheduler.readers import Outcome, Source, read_all

_AT_ONCE = 500  # documents asked of the database at a time


@dataclass(slots=True)
class Counts:
    """What one reading of a home did."""

    documents: int = 0
    reports: int = 0
    unreadable: int = 0
    unattributed: int = 0
    missing: int = 0  # bytes that the archive could not give: left unread


class _HeldBefore(Mapping[tuple[str, int], Sequence[Held]]):
    """What was held of (body, report year) before one document came, loaded when it is asked for.

    Only documents stored earlier count: read again years later, a document meets the same neighbours as at first.
    """

    def __init__(self, db: Database, document: int) -> None:
        self.db = db
        self.document = document
        self.bodies: dict[str, dict[tuple[str, int], list[HeldReport]]] = {}

    def __getitem__(self, key: tuple[str, int]) -> Sequence[Held]:
        body = key[0]
        if body not in self.bodies:
            self.bodies[body] = load_held(self.db, [body], before_document=self.document)
        return [Held(h.url, h.fingerprint, load_report(self.db, h.id), h.entry_url) for h in self.bodies[body][key]]

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return (key for held in self.bodies.values() for key in held)

    def __len__(self) -> int:
        return sum(map(len, self.bodies.values()))


class HomeReader:
    """Reads the unread documents of a home into its database."""

    def __init__(self, home: Home, db: Database, registry: Registry) -> None:
        self.home = home
        self.db = db
        self.registry = registry
        self.names = NameIndex(registry)
        self.hosts = hosts_of(registry)
        self.assigned: Mapping[str, Assignment] = load_assignments(db)
        self.counts = Counts()

    def read(self) -> Counts:
        """Read all there is. Each document is stored in one transaction as soon as it is read, so that a crash
        costs no more than the documents that were being read; an unreadable one is stored as that.
        """
        settings = self.home.settings.reading
        outcomes = read_all(self._sources(), settings.processes, settings.timeout_seconds)
        for outcome in outcomes:
            if outcome.loaded:
                self._store(outcome)
            else:
                self.counts.missing += 1
                complain(f"{outcome.key.url}: {outcome.fault}")
            if self.counts.documents % 100 == 0:
                progress(f"read: {self.counts.documents} documents")
        return self.counts

    def _sources(self) -> Iterator[Source[StoredDocument]]:
        done = given = 0
        while True:
            under_way = given - self.counts.documents  # unread still: being read, or their bytes are missing
            found = unread_documents(self.db, parsers.VERSION, _AT_ONCE + under_way)
            documents = [document for document in found if document.id > done]
            if not documents:
                return
            given += len(documents)
            for document in documents:
                done = document.id
                yield Source(
                    document,
                    functools.partial(archived, self.home.path, document.sha256),
                    url=document.url,
                    content_type=document.content_type,
                    names=self._names_of(document),
                    pictures=self._pictures_of(document),
                    view=True,
                )

    def _pictures_of(self, document: StoredDocument) -> dict[str, Callable[[], bytes]]:
        found = pictures_of(self.db, document.url, document.first_seen)
        return {url: functools.partial(archived, self.home.path, sha256) for url, sha256 in found.items()}

    def _names_of(self, document: StoredDocument) -> tuple[str, ...]:
        column = self.registry.columns.get(document.column or "")
        bodies = [self.registry.bodies[b] for b in column.bodies if b in self.registry.bodies] if column else []
        return tuple(name for body in bodies for name in (body.name, *body.aliases))

    def _store(self, outcome: Outcome[StoredDocument]) -> None:
        document = outcome.key
        reports = _apart(outcome.reports)
        if outcome.fault:
            reports = (_unreadable(outcome.fault),)
            self.counts.unreadable += 1
            complain(f"{document.url}: cannot be read: {outcome.fault}")
        attributions = [self._attribute(document, report) for report in reports]
        store_reports(
            self.db, document.id, reports, attributions, self.home.clock.now(), parser_version=parsers.VERSION
        )
        self.counts.documents += 1
        self.counts.reports += sum(report.is_report for report in reports)
        self.counts.unattributed += sum(
            report.is_report and a.body is None for report, a in zip(reports, attributions, strict=True)
        )

    def _attribute(self, document: StoredDocument, report: Report) -> Attribution:
        parent = load_document(self.db, document.parent) if document.parent is not None else None
        return attribute_report(
            report,
            url=document.url,
            column=self.registry.columns.get(document.column or ""),
            registry=self.registry,
            names=self.names,
            first_seen=document.first_seen,
            fingerprint=fingerprint(report),
            list_title=document.list_title or (parent.list_title if parent else ""),
            entry_url=parent.url if parent else "",
            held=_HeldBefore(self.db, document.id),
            hosts=self.hosts,
            assigned=self.assigned,
        )


def archived(home: Path, sha256: str) -> bytes:
    """The bytes of a document, for a reading process; raises DatabaseError if the archive cannot give them."""
    return Archive(home).get(sha256)


def _apart(reports: Sequence[Report]) -> tuple[Report, ...]:
    """Reports of one page or file, whose parts are equal, numbered in their order."""
    parts = Counter(report.part for report in reports)
    numbers = {part: count(1) for part in parts}
    found = []
    for report in reports:
        if parts[report.part] > 1:
            number = next(numbers[report.part])
            report = replace(report, part=number if report.part is None else f"{report.part}/{number}")
        found.append(report)
    return tuple(found)


def _unreadable(fault: str) -> Report:
    """What stands for a document that could not be read: held if a list called it a report, never judged."""
    return Report(
        publisher=None,
        report_year=None,
        title=None,
        published_on=None,
        published_on_source=None,
        forms={},
        figures=(),
        sections=(),
        statements=(),
        problems=(
            Problem("unreadable", fault, "document", Responsibility.READER),
            Problem("not_a_report", "the document could not be read", "document", Responsibility.READER),
        ),
    )
