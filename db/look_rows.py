"""Looks: one row a visit to a column. What a list held is stored once a content, since most lists stay the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from db.errors import DatabaseError
from db.instants import day_of, instant, moment, shanghai_day
from db.transactions import joining, read, rows, write
from registry.model import Entry, GoneEntry, Look, LookResult

CHANGED = (LookResult.LAYOUT_CHANGED, LookResult.ENTRIES_GONE)  # looks that stay so until someone accepts the list


def store_look(db: Database, look: Look, run_id: int | None = None, *, fetch_ids: Iterable[int] = ()) -> int:
    """Keep a look with its list, the entries that are gone and the fetches it was made of; its id.

    A look is evidence and is never changed: the same look stored again gives the id it has, a different one of the
    same column and second is given the next free second. Raises DatabaseError.
    """
    with joining(db):
        listing = _store_listing(db, look.column, look.entries)
        started = look.started_at
        while True:
            known = db.conn.execute(
                "SELECT id, result, listing, finished_at FROM looks WHERE column_id = ? AND started_at = ?",
                (look.column, instant(started)),
            ).fetchone()
            if known is None:
                break
            if known[1:] == (str(look.result), listing, instant(look.finished_at)):
                return int(known[0])
            started += timedelta(seconds=1)
        cursor = db.conn.execute(
            "INSERT INTO looks(column_id, run_id, started_at, finished_at, day, result, detail, pages_expected,"
            " pages_read, listing, entries, requests, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                look.column,
                run_id,
                instant(started),
                instant(max(look.finished_at, started)),
                shanghai_day(look.started_at),
                str(look.result),
                look.detail,
                look.pages_expected,
                look.pages_read,
                listing,
                len(look.entries),
                look.requests,
                look.bytes,
            ),
        )
        look_id = int(cursor.lastrowid)
        gone = {entry.url: entry.status for entry in look.gone}
        if gone:
            db.conn.executemany(
                "INSERT INTO look_gone(look_id, url, status) VALUES (?, ?, ?)",
                [(look_id, url, status) for url, status in gone.items()],
            )
        db.conn.executemany("UPDATE fetches SET look_id = ? WHERE id = ?", [(look_id, fetch) for fetch in fetch_ids])
    return look_id


def last_complete_list(db: Database, column_id: str) -> tuple[Entry, ...] | None:
    """The entries of the newest complete look at a column, None if there was none since its layout was accepted: the
    base that the next look's list is held to.
    """
    sql = """SELECT listing FROM looks WHERE column_id = ?1 AND result = 'complete'
               AND started_at >= coalesce((SELECT max(at) FROM accepted_layouts WHERE column_id = ?1), '')
             ORDER BY started_at DESC LIMIT 1"""
    found = db.conn.execute(sql, (column_id,)).fetchone()
    return tuple(entry for _, entry in _entries(db, found)) if found else None


def accept_layout(db: Database, column_id: str, *, author: str, reason: str, now: datetime) -> Look:
    """Take a column's new layout for its own: its next look is held to no earlier list, and proofs of absence begin
    anew with it. Returns the latest look, which found the list changed.

    Raises DatabaseError for a column never visited, or whose latest look found nothing to accept.
    """
    with write(db):
        sql = "SELECT * FROM looks WHERE column_id = ? ORDER BY started_at DESC LIMIT 1"
        row = next(rows(db, sql, (column_id,)), None)
        if row is None:
            raise DatabaseError(f"{column_id}: never visited; there is no layout to accept")
        look = _look(row)
        if look.result not in CHANGED:
            expected = " or ".join(CHANGED)
            raise DatabaseError(f"{column_id}: expected a latest look that says {expected}, it says {look.result}")
        db.conn.execute(
            "INSERT INTO accepted_layouts(column_id, at, author, reason) VALUES (?, ?, ?, ?)",
            (column_id, instant(max(now, look.started_at + timedelta(seconds=1))), author, reason),
        )
    return look


def base_before(db: Database, column_id: str) -> tuple[LookResult, tuple[Entry, ...]] | None:
    """The latest look's result and the entries of the last complete look: what a changed list is compared with. None
    without both.
    """
    latest = db.conn.execute(
        "SELECT result FROM looks WHERE column_id = ? ORDER BY started_at DESC LIMIT 1", (column_id,)
    ).fetchone()
    base = last_complete_list(db, column_id)
    return (LookResult(latest[0]), base) if latest and base is not None else None


def latest_looks(db: Database, until: datetime) -> dict[str, tuple[datetime, LookResult, LookResult | None]]:
    """When each column was last looked at up to `until`, that look's result, and that of the one before (looks that we
    broke off left out; None: there was none); columns never visited left out.
    """
    sql = """WITH latest AS (
               SELECT column_id, max(started_at) AS at, result FROM looks WHERE started_at <= ? GROUP BY column_id)
             SELECT column_id, at, result, (
               SELECT p.result FROM looks p WHERE p.column_id = latest.column_id AND p.started_at < latest.at
                 AND p.result <> 'interrupted' ORDER BY p.started_at DESC LIMIT 1) FROM latest"""
    found = db.conn.execute(sql, (instant(until),))
    return {
        column: (moment(at), LookResult(result), LookResult(before) if before else None)
        for column, at, result, before in found
    }


def load_looks(db: Database, column_ids: Iterable[str] | None = None, since: datetime | None = None) -> list[Look]:
    """The looks at columns (all columns if None) that started at or after `since`, oldest first within a column.

    Looks with equal lists share one tuple of entries, so that a year of daily looks costs little memory.
    """
    where, parameters = ["started_at >= ?"], ["" if since is None else instant(since)]
    if column_ids is not None:
        where.append("column_id IN (SELECT value FROM json_each(?))")
        parameters.append(json.dumps(list(column_ids)))
    sql = f"SELECT * FROM looks WHERE {' AND '.join(where)} ORDER BY column_id, started_at"
    with read(db):
        return _with_lists(db, list(rows(db, sql, parameters)))


def _store_listing(db: Database, column_id: str, entries: Sequence[Entry]) -> str:
    lines = [(entry.url, entry.title, entry.list_day.isoformat() if entry.list_day else "") for entry in entries]
    listing = hashlib.sha256(json.dumps([column_id, lines], ensure_ascii=False).encode()).hexdigest()
    if db.conn.execute("SELECT 1 FROM listings WHERE hash = ?", (listing,)).fetchone():
        return listing
    db.conn.execute("INSERT INTO listings(hash, entries) VALUES (?, ?)", (listing, len(lines)))
    db.conn.executemany(
        "INSERT INTO entries(column_id, url, title, list_day) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(column_id, *line) for line in lines],
    )
    db.conn.executemany(
        """INSERT INTO listing_entries(listing, position, entry_id)
           SELECT ?, ?, id FROM entries WHERE column_id = ? AND url = ? AND title = ? AND list_day = ?""",
        [(listing, position, column_id, *line) for position, line in enumerate(lines)],
    )
    return listing


def _entries(db: Database, listings: Sequence[str]) -> Iterator[tuple[str, Entry]]:
    """The entries of lists, each with its list, in their order."""
    sql = """SELECT x.listing, e.url, e.title, e.list_day FROM listing_entries x JOIN entries e ON e.id = x.entry_id
             WHERE x.listing IN (SELECT value FROM json_each(?)) ORDER BY x.listing, x.position"""
    for listing, url, title, day in db.conn.execute(sql, (json.dumps(listings),)):
        yield listing, Entry(url, title, day_of(day))


def _with_lists(db: Database, found: Sequence[dict[str, Any]]) -> list[Look]:
    listings = {row["listing"] for row in found if row["entries"]}
    entries: dict[str, list[Entry]] = {}
    for listing, entry in _entries(db, sorted(listings)):
        entries.setdefault(listing, []).append(entry)
    shared = {listing: tuple(lines) for listing, lines in entries.items()}
    gone: dict[int, list[GoneEntry]] = {}
    sql = "SELECT * FROM look_gone WHERE look_id IN (SELECT value FROM json_each(?)) ORDER BY look_id, url"
    for row in rows(db, sql, (json.dumps([row["id"] for row in found]),)):
        gone.setdefault(row["look_id"], []).append(GoneEntry(row["url"], row["status"]))
    sql = """SELECT (SELECT l.id FROM looks l WHERE l.column_id = a.column_id AND l.result = 'complete'
               AND l.started_at >= a.at ORDER BY l.started_at LIMIT 1) FROM accepted_layouts a"""
    restarts = {look for (look,) in db.conn.execute(sql)}
    return [
        replace(
            _look(row),
            entries=shared.get(row["listing"], ()),
            gone=tuple(gone.get(row["id"], ())),
            restart=row["id"] in restarts,
        )
        for row in found
    ]


def _look(row: dict[str, Any]) -> Look:
    return Look(
        column=row["column_id"],
        started_at=moment(row["started_at"]),
        finished_at=moment(row["finished_at"]),
        result=LookResult(row["result"]),
        detail=row["detail"],
        pages_expected=row["pages_expected"],
        pages_read=row["pages_read"],
        requests=row["requests"],
        bytes=row["bytes"],
        id=row["id"],
    )
