"""Judging a home: what the ledgers hold goes into the pure monitor; what it says is stored, a transaction a batch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlite_utils import Database

import parsers
from db.about import get_about, set_about
from db.attribution_rows import load_assignments, load_undecided
from db.crawl_rows import first_complete_looks, load_looks
from db.event_rows import load_event_keys, load_flips
from db.judgement_rows import Changes, load_obligations, store_judgements
from db.registry_rows import store_watch_from
from db.report_rows import bodies_with_unread, load_filings, load_holdings
from db.rule_rows import store_rules
from db.source_rows import store_sources
from db.transactions import write
from monitor.days import DueDays
from monitor.events import finding_events, instant, news_since, status_event
from monitor.model import Event, Filing, Finding, Holding, Obligation, Status, Thresholds
from monitor.obligations import Judge
from monitor.publication import Undecided
from monitor.rules import check, current_filings, switched
from monitor.timeliness import time_findings
from registry.model import Column, Registry
from registry.names import NameIndex
from scheduler.copying import copies_of, renew_narratives
from scheduler.home import Home
from scheduler.model import SchedulerError
from scheduler.output import complain, progress

_AT_ONCE = 200  # bodies judged and stored in one transaction


@dataclass(slots=True)
class Judged:
    """What one judging did."""

    bodies: int = 0
    obligations: int = 0
    findings: int = 0
    events: int = 0
    deliveries: int = 0
    skipped: int = 0  # bodies with documents still unread


def judge_bodies(home: Home, db: Database, registry: Registry, bodies: Sequence[str] | None) -> Judged:
    """Judge all obligations and reports of these bodies (None: all watched) as of now; store statuses, findings,
    events and deliveries. Judging again at the same instant changes nothing.

    A body of which an archived document is not read yet keeps its last judgement: what is unread may be the very
    report. Raises SchedulerError for an unknown body.
    """
    if unknown := [body for body in bodies or () if body not in registry.bodies]:
        raise SchedulerError(f"--body {unknown[0]}: no such body; `ogiwatch registry list` shows them")
    store_rules(db, switched(home.settings.rules.states))
    _store_thresholds(db, home.settings.judging)
    judging = _Judging(home, db, registry)
    unread = bodies_with_unread(db, parsers.VERSION)
    done = Judged()
    wanted = [body.id for body in home.watched(registry)] if bodies is None else list(dict.fromkeys(bodies))
    ready = [body for body in wanted if body not in unread]
    if len(ready) < len(wanted):
        done.skipped = len(wanted) - len(ready)
        whose = "1 body has" if done.skipped == 1 else f"{done.skipped} bodies have"
        complain(f"judge: {whose} documents not read yet and no new judgement; `ogiwatch read` reads them")
    renew_narratives(db, ready)
    for start in range(0, len(ready), _AT_ONCE):
        judging.batch(ready[start : start + _AT_ONCE], done)
        progress(f"judge: {done.bodies} of {len(ready)} bodies")
    return done


def _store_thresholds(db: Database, thresholds: Thresholds) -> None:
    """Keep what statuses are judged by beside them, for the pages that explain them."""
    said = json.dumps(asdict(thresholds))
    if get_about(db, "thresholds") != said:
        with write(db):
            set_about(db, "thresholds", said)


class Bench:
    """What all batches of one judging share; `judge_of` takes everything else from the ledgers.

    So the same judge comes about whenever it is made for the same instant: what a status once was is asked of the
    events detected before, and since when a body is watched of the looks.
    """

    def __init__(self, db: Database, registry: Registry, thresholds: Thresholds) -> None:
        self.db = db
        self.registry = registry
        self.thresholds = thresholds
        self.names = NameIndex(registry)
        self.assignments = tuple(load_assignments(db).values())
        self.due_days = DueDays(registry)
        self.columns_of: dict[str, list[Column]] = {}
        for column in registry.columns.values():
            for body in column.bodies:
                self.columns_of.setdefault(body, []).append(column)

    def judge_of(self, bodies: Sequence[str], now: datetime) -> tuple[Judge, list[Holding]]:
        """The judge of some bodies at an instant, and the holdings of all bodies that stand in their columns: by
        these the looks at the columns are judged.
        """
        columns = {column.id: column for body in bodies for column in self.columns_of.get(body, ())}
        neighbours = sorted({*bodies, *(body for column in columns.values() for body in column.bodies)})
        holdings = load_holdings(self.db, neighbours)
        flips = load_flips(self.db, bodies, before=now)
        known = load_obligations(self.db, bodies)
        previous = []
        for one in known:
            flip = flips.get((one.body, one.report_year))
            previous.append(
                replace(one, status=flip.status, clause=flip.clause, since=flip.at)
                if flip
                else replace(one, status=Status.NOT_DUE, clause="")
            )
        since = {body: at for body, at in first_complete_looks(self.db, bodies).items() if at <= now}
        watched = {body: self.due_days.first_due_after(self.registry.bodies[body], at) for body, at in since.items()}
        judge = Judge(
            self.registry,
            load_looks(self.db, sorted(columns)),
            holdings,
            now,
            self.thresholds,
            previous=previous,
            assignments=self.assignments,
            undecided=[
                Undecided(u.url, frozenset(u.candidates), u.reason, u.first_seen)
                for u in load_undecided(self.db, neighbours)
                if u.first_seen <= now
            ],
            names=self.names,
            watch_from={body: year for body, year in watched.items() if year is not None},
            bodies=frozenset(bodies),
        )
        return judge, holdings


class _Judging:
    """What all batches of one judging share."""

    def __init__(self, home: Home, db: Database, registry: Registry) -> None:
        self.db = db
        self.registry = registry
        self.now = home.clock.now()
        self.bench = Bench(db, registry, home.settings.judging)

    def batch(self, bodies: Sequence[str], done: Judged) -> None:
        """Judge and store some bodies."""
        judge, holdings = self.bench.judge_of(bodies, self.now)
        chosen = [self.registry.bodies[body] for body in bodies]
        obligations = [judge.obligation(body, year) for body in chosen for year in judge.report_years(body)]
        store_watch_from(self.db, {body.id: judge.watch(body).complete_from for body in chosen})
        filings = load_filings(self.db, bodies)
        judged = check(filings, registry=self.registry, copies=copies_of(self.db, filings))
        findings = [*judged, *_of_time(obligations, holdings)]
        standing = current_filings(filings)
        stored = store_judgements(
            self.db,
            obligations,
            findings,
            self.now,
            events_of=_News(self.db, judge, filings),
            bodies=bodies,
            reports={key: filing.id for key, filing in standing.items()},
        )
        store_sources(self.db, bodies, standing.values())
        done.bodies += len(bodies)
        done.obligations += len(obligations)
        done.findings += len(findings)
        done.events += stored.events
        done.deliveries += stored.deliveries


def _of_time(obligations: Sequence[Obligation], holdings: Sequence[Holding]) -> Iterator[Finding]:
    """The findings that are views of statuses, each with the document first held of its body and year."""
    first: dict[tuple[str, int], str] = {}
    for holding in holdings:
        first.setdefault((holding.body, holding.report_year), holding.document)
    for obligation in obligations:
        yield from time_findings(obligation, document=first.get((obligation.body, obligation.report_year), ""))


class _News:
    """Compares a judgement with the one before and says what is worth telling, and to whom it is news."""

    def __init__(self, db: Database, judge: Judge, filings: Sequence[Filing]) -> None:
        self.db = db
        self.judge = judge
        self.first_seen: dict[tuple[str | None, int, str], datetime | None] = {}
        for filing in filings:
            self.first_seen.setdefault((filing.body, filing.report_year, filing.document), filing.first_seen)
            self.first_seen[filing.body, filing.report_year, ""] = filing.first_seen

    def __call__(self, changes: Changes) -> Iterator[Event]:
        """The events of all differences between what is stored and what is judged now.

        What has returned to what it was before (a status proven by the same looks, a finding on the same values) would
        have the key of the event then: it goes into the ledger under one of its own and is told to nobody again.
        """
        known = load_event_keys(self.db, {body for body, _ in (*changes.obligations, *changes.old_obligations)})
        for event in self._differences(changes):
            if event.key in known:
                yield replace(event, key=f"{event.key}:again:{instant(changes.now)}", alert=False)
            else:
                yield event

    def _differences(self, changes: Changes) -> Iterator[Event]:
        for key, new in changes.obligations.items():
            watch = self.judge.watch(self.judge.registry.bodies[new.body])
            old = changes.old_obligations.get(key)
            event = status_event(old, new, changes.now, watch_from=watch.complete_from)
            if event is not None:
                yield event
        old_findings, findings = changes.old_findings.values(), changes.findings.values()
        yield from finding_events(old_findings, findings, changes.now, is_news=self._is_news)

    def _is_news(self, finding: Finding) -> bool:
        body = self.judge.registry.bodies.get(finding.body or "")
        if body is None or finding.report_year is None:
            return False
        watch = self.judge.watch(body)
        if finding.family == "back_dated":  # rests on our looks, so it is news where the year fell due on our watch
            return watch.complete_from is not None and finding.report_year >= watch.complete_from
        place = (finding.body, finding.report_year)
        seen = self.first_seen.get((*place, finding.document)) or self.first_seen.get((*place, ""))
        return news_since(seen, watch.since, self.judge.now)
