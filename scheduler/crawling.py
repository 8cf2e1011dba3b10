"""Crawling: which columns are due, a child process a batch of hosts, what their looks came to. Interprets nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from db.instants import instant
from db.look_rows import latest_looks
from db.runs import finish_run, load_run, mark_interrupted, start_run
from registry.model import Column, Registry
from scheduler.children import Overdue, run_module
from scheduler.home import Home
from scheduler.model import SchedulerError
from scheduler.output import complain, progress
from scheduler.timetable import LastLook, Season, batches, due_columns

BATCH = "crawl_batch"


@dataclass(slots=True)
class Crawled:
    """What one crawl did: columns to be visited, looks by their result, batches whose child failed."""

    columns: int = 0
    looks: dict[str, int] = field(default_factory=dict)
    failed: int = 0


def chosen_columns(
    home: Home, db: Database, registry: Registry, columns: Sequence[str], bodies: Sequence[str], everything: bool
) -> list[Column]:
    """The columns to visit: those named, those of the bodies named, all that are watched, or by default those due.

    Raises SchedulerError for an id that the registry does not have.
    """
    if unknown := [c for c in columns if c not in registry.columns]:
        raise SchedulerError(f"--column {unknown[0]}: no such column; `ogiwatch registry list` shows them")
    if unknown := [b for b in bodies if b not in registry.bodies]:
        raise SchedulerError(f"--body {unknown[0]}: no such body; `ogiwatch registry list` shows them")
    watched = {body.id for body in home.watched(registry)}
    ours = {key: column for key, column in registry.columns.items() if not watched.isdisjoint(column.bodies)}
    if everything:
        return [ours[key] for key in sorted(ours)]
    if columns or bodies:
        named = {c.id for c in registry.columns.values() if c.id in columns or set(c.bodies) & set(bodies)}
        if not named:
            raise SchedulerError(f"--body {bodies[0]}: no column lists its reports; `ogiwatch registry add` adds one")
        return [registry.columns[key] for key in sorted(named)]
    settings, now = home.settings, home.clock.now()
    seasons = [
        Season(due, settings.crawl.season_before_days, settings.crawl.season_after_days)
        for due in sorted({duty.due for duty in registry.duties})
    ]
    interval = settings.judging.column_interval_days
    last = {column: LastLook(*told) for column, told in latest_looks(db, now).items()}
    return due_columns(ours, last, now, interval, seasons)


def crawl_columns(home: Home, db: Database, columns: Sequence[Column], run: int) -> Crawled:
    """Visit the columns, a child process for each batch of hosts; what a child did is judged by its row in `runs`
    and by its looks, never by its exit status. A child that hangs or dies is said so, and the next goes on.
    """
    settings = home.settings.crawl
    done = Crawled(columns=len(columns))
    looks: Counter[str] = Counter()
    mark_interrupted(db, home.clock.now(), BATCH)
    groups = batches(columns, settings.batch_hosts)
    for number, group in enumerate(groups, start=1):
        now = home.clock.now()
        batch = start_run(db, BATCH, due_at=now, now=now, detail={"of_run": run, "columns": len(group)})
        progress(f"crawl: batch {number} of {len(groups)}, {len(group)} columns")
        try:
            status = run_module("crawler", _arguments(home, group, batch), settings.batch_minutes * 60)
            fault = "" if status == 0 else f"the crawl ended with exit status {status}"
        except Overdue as error:
            fault = f"the crawl was {error}"
        except SystemExit:
            finish_run(db, batch, outcome="interrupted", now=home.clock.now())
            raise
        row = load_run(db, batch)
        assert row is not None
        looks.update(row.detail.get("crawl", {}).get("results", {}))
        if row.outcome is None:
            outcome = "failed" if fault else "ok"
            finish_run(db, batch, outcome=outcome, now=home.clock.now(), detail={"fault": fault} if fault else {})
        if fault:
            done.failed += 1
            complain(f"crawl: batch {number}: {fault}; its columns are visited again in the next round")
    done.looks = dict(looks)
    return done


def _arguments(home: Home, columns: Sequence[Column], run: int) -> list[str]:
    """What the child is told: the home's settings are ours, it reads none."""
    settings = home.settings.crawl
    told = {
        "--home": home.path,
        "--columns": ",".join(column.id for column in columns),
        "--now": instant(home.clock.now()),
        "--run": run,
        "--user-agent": settings.user_agent,
        "--contact": settings.contact,
        "--delay": settings.delay_seconds,
        "--timeout": settings.timeout_seconds,
        "--max-document-mb": settings.max_document_mb,
    }
    arguments = [f"{name}={value}" for name, value in told.items()]
    return [*arguments, "--allow-private"] if settings.allow_private else arguments
