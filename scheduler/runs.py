"""Runs: every job stands in the table `runs` from its start, so that a start after a crash knows what was cut off."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import FrameType
from typing import Any, NoReturn

from sqlite_utils import Database

from db.errors import DatabaseError
from db.runs import finish_run, last_finish, last_ok_run, mark_interrupted, start_run
from scheduler.clock import Clock
from scheduler.home import Home


@dataclass(slots=True)
class Job:
    """A job that runs: the id of its row, and what is written there when it ends: its figures, and its outcome
    (`ok` unless the job says `failed`, or something ends it first).
    """

    id: int
    outcome: str = "ok"
    detail: dict[str, Any] = field(default_factory=dict)


def settle_clock(home: Home, db: Database) -> None:
    """With `--as-of T`: go on from the end of what was begun at T. A crawl as of T takes its time, and a judgement as
    of the same T is meant to know what it found.
    """
    if home.clock.set_to is not None:
        ended = last_finish(db, home.clock.set_to)
        if ended is not None and ended > home.clock.now():
            home.clock = Clock(home.clock.set_to, home.clock.began, ended - home.clock.now())


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn SIGTERM and SIGINT into SystemExit with 128 + the signal's number, so that jobs end in good order."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def recorded(home: Home, db: Database, job: str, due_at: datetime | None = None) -> Iterator[Job]:
    """Record a job: runs of the same name that a crash cut off are closed first (the caller holds the lock, so
    that none of them can be alive); then this one, `ok`, `interrupted` by a signal or `failed` with the reason.
    """
    now = home.clock.now()
    mark_interrupted(db, now, job)
    running = Job(start_run(db, job, due_at=due_at or home.clock.set_to or now, now=now))
    try:
        yield running
    except (SystemExit, KeyboardInterrupt):
        _close(home, db, running, "interrupted")
        raise
    except Exception as error:
        running.detail["fault"] = f"{type(error).__name__}: {error}"
        _close(home, db, running, "failed")
        raise
    finish_run(db, running.id, outcome=running.outcome, now=home.clock.now(), detail=running.detail)


def _close(home: Home, db: Database, running: Job, outcome: str) -> None:
    # Where the disk is full this cannot be written either; the next start finds the run open and closes it.
    with contextlib.suppress(DatabaseError):
        finish_run(db, running.id, outcome=outcome, now=home.clock.now(), detail=running.detail)


def is_done(db: Database, job: str, due_at: datetime) -> bool:
    """True if a run of the job that was due then or later ended well."""
    last = last_ok_run(db, job)
    return last is not None and last.due_at >= due_at
