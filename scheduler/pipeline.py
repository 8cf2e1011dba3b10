"""The steps from a portal to a verdict, each safe to repeat, and the round that does them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlite_utils import Database

from db.registry_rows import store_registry
from db.report_rows import forget_unattributed
from db.transactions import write
from registry.model import Registry
from scheduler.crawling import Crawled, chosen_columns, crawl_columns
from scheduler.home import Home
from scheduler.judging import Judged, judge_bodies
from scheduler.model import SchedulerError
from scheduler.output import complain, progress
from scheduler.reading import Counts, HomeReader
from scheduler.runs import recorded, settle_clock, stoppable

WAIT_SECONDS = 10.0  # a command waits so long for another one on the same home before it says so
ROUND_WAIT_SECONDS = 6 * 3600.0  # the nightly round waits for a person's crawl to end


@contextmanager
def working(home: Home, wait_seconds: float = WAIT_SECONDS) -> Iterator[Database]:
    """The database of a home for one who writes: nobody else crawls, reads or judges it meanwhile."""
    taken = "another ogiwatch command is crawling, reading or judging here; wait for it to end"
    _ = home.settings  # a wrong one is said before anything is done
    with stoppable(), home.lock("work", wait_seconds, taken):
        database = home.open()
        try:
            settle_clock(home, database)
            yield database
        finally:
            database.close()


def take_registry(home: Home, db: Database) -> Registry:
    """The registry as it is on disk, stored where it changed; reports that were nobody's become unread then, since
    they may be a new body's. Raises RegistryError with nothing stored.
    """
    registry = home.registry
    with write(db):
        changed = store_registry(db, registry)
        again = forget_unattributed(db) if changed else 0
    if changed:
        progress(f"registry: {len(registry.bodies)} bodies, {len(registry.columns)} columns")
    if again:
        progress(f"registry: {again} documents that were nobody's are read again")
    return registry


def crawl(
    home: Home, db: Database, *, columns: Sequence[str] = (), bodies: Sequence[str] = (), everything: bool = False
) -> Crawled:
    """Visit the columns named, or those due. Raises SchedulerError for unknown ids, RegistryError, DatabaseError."""
    registry = take_registry(home, db)
    chosen = chosen_columns(home, db, registry, columns, bodies, everything)
    with recorded(home, db, "crawl") as job:
        done = crawl_columns(home, db, chosen, job.id)
        job.detail.update(columns=done.columns, looks=done.looks, failed_batches=done.failed)
    return done


def read(home: Home, db: Database) -> Counts:
    """Read every archived document that this version of the parsers has not read."""
    registry = take_registry(home, db)
    with recorded(home, db, "read") as job:
        done = HomeReader(home, db, registry).read()
        job.detail.update(documents=done.documents, reports=done.reports, unreadable=done.unreadable)
    return done


def judge(home: Home, db: Database, bodies: Sequence[str] | None = None) -> Judged:
    """Judge every obligation and report of these bodies (None: all); changes become events and deliveries."""
    registry = take_registry(home, db)
    with recorded(home, db, "judge") as job:
        done = judge_bodies(home, db, registry, bodies)
        job.detail.update(bodies=done.bodies, obligations=done.obligations, events=done.events)
    return done


def _crawl_all_due(home: Home, db: Database) -> None:
    if failed := crawl(home, db).failed:
        raise SchedulerError(f"{failed} batches of columns could not be visited to the end")


def round_once(home: Home, due_at: datetime | None = None) -> bool:
    """One whole round: crawl what is due, read, judge, tell. True if every step ended well.

    This is the job loop: a step that fails is recorded and said in one line, and the next one goes on with what
    there is. A round that failed, or that a signal ended, is done again at the next start.
    """
    from scheduler.alerting import deliver

    failed: dict[str, str] = {}
    with working(home, ROUND_WAIT_SECONDS) as db, recorded(home, db, "round", due_at) as job:
        steps: dict[str, Callable[[], object]] = {
            "crawl": lambda: _crawl_all_due(home, db),
            "read": lambda: read(home, db),
            "judge": lambda: judge(home, db),
            "alert": lambda: deliver(home),
        }
        for name, step in steps.items():
            progress(f"round: {name}")
            try:
                step()
            except Exception as error:  # noqa: BLE001 - the job loop records it and goes on
                failed[name] = f"{type(error).__name__}: {error}"
                complain(f"{name}: {error}")
        job.detail["failed"] = failed
        job.outcome = "failed" if failed else "ok"
    return not failed
