"""The run table: what was started when, and what came of it. The service catches up from here, not from memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from db.errors import DatabaseError
from db.instants import instant, moment, moment_or_none
from db.transactions import rows, write

OUTCOMES = ("ok", "failed", "interrupted")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job. `due_at` is the instant it was due, `outcome` None while it runs (or after a crash)."""

    id: int
    job: str
    due_at: datetime
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def start_run(
    db: Database, job: str, *, due_at: datetime, now: datetime, detail: Mapping[str, Any] | None = None
) -> int:
    """Record that a job starts; its id is handed to whoever does the work."""
    with write(db):
        cursor = db.conn.execute(
            "INSERT INTO runs(job, due_at, started_at, detail) VALUES (?, ?, ?, ?)",
            (job, instant(due_at), instant(now), _json(detail or {})),
        )
        return int(cursor.lastrowid)


def finish_run(
    db: Database, run_id: int, *, outcome: str, now: datetime, detail: Mapping[str, Any] | None = None
) -> None:
    """Record how a run ended (`ok`, `failed`, `interrupted`); `detail` is added to what is known of it.

    Raises DatabaseError for an outcome or a run that does not exist.
    """
    if outcome not in OUTCOMES:
        raise DatabaseError(f"run {run_id}: expected one of {', '.join(OUTCOMES)} as outcome, got {outcome!r}")
    with write(db):
        known = db.conn.execute("SELECT detail FROM runs WHERE id = ?", (run_id,)).fetchone()
        if known is None:
            raise DatabaseError(f"run {run_id}: there is no such run")
        db.conn.execute(
            "UPDATE runs SET outcome = ?, finished_at = ?, detail = ? WHERE id = ?",
            (outcome, instant(now), _json({**json.loads(known[0]), **(detail or {})}), run_id),
        )


def note_run(db: Database, run_id: int, detail: Mapping[str, Any]) -> None:
    """Add figures to a run while it goes on (the crawl's child process writes its counts this way)."""
    with write(db):
        db.conn.execute("UPDATE runs SET detail = json_patch(detail, ?) WHERE id = ?", (_json(detail), run_id))


def load_run(db: Database, run_id: int) -> Run | None:
    """One run, None if there is none."""
    return next((_run(row) for row in rows(db, "SELECT * FROM runs WHERE id = ?", (run_id,))), None)


def last_run(db: Database, job: str) -> Run | None:
    """The newest run of a job, whatever came of it."""
    sql = "SELECT * FROM runs WHERE job = ? ORDER BY started_at DESC, id DESC LIMIT 1"
    return next((_run(row) for row in rows(db, sql, (job,))), None)


def last_ok_run(db: Database, job: str) -> Run | None:
    """The newest run of a job that ended well."""
    sql = "SELECT * FROM runs WHERE job = ? AND outcome = 'ok' ORDER BY started_at DESC, id DESC LIMIT 1"
    return next((_run(row) for row in rows(db, sql, (job,))), None)


def last_finish(db: Database, due_by: datetime) -> datetime | None:
    """When the last run that was due at `due_by` or before ended, runs that were cut off left out; None if none did."""
    sql = "SELECT max(finished_at) FROM runs WHERE due_at <= ? AND outcome IN ('ok', 'failed')"
    (at,) = db.conn.execute(sql, (instant(due_by),)).fetchone()
    return None if at is None else moment(at)


def mark_interrupted(db: Database, now: datetime, job: str | None = None) -> int:
    """Close the runs that never ended (of `job`, or of all) as `interrupted`; how many there were.

    To be called by a service that starts, when nothing of its own can be running.
    """
    with write(db):
        cursor = db.conn.execute(
            "UPDATE runs SET outcome = 'interrupted', finished_at = ?1 "
            " WHERE outcome IS NULL AND (?2 IS NULL OR job = ?2)",
            (instant(now), job),
        )
        return int(cursor.rowcount)


def _run(row: dict[str, Any]) -> Run:
    return Run(
        id=row["id"],
        job=row["job"],
        due_at=moment(row["due_at"]),
        started_at=moment(row["started_at"]),
        finished_at=moment_or_none(row["finished_at"]),
        outcome=row["outcome"],
        detail=json.loads(row["detail"]),
    )


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
