"""Writing and reading in transactions: every write takes its lock at once, and every fault is one sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db.errors import DatabaseError

BUSY_SECONDS = 30.0  # longest wait for another process's write; the longest of ours (one batch of bodies) takes seconds


@contextmanager
def write(db: Database) -> Iterator[None]:
    """One transaction: BEGIN IMMEDIATE, then commit, or roll back whatever the exception.

    Inside another `write` it is a savepoint of it. SQLite's own errors (disk full, locked too long, a broken
    constraint) become DatabaseError.
    """
    if db.conn.in_transaction:
        db.conn.execute("SAVEPOINT inner_write")  # one name for all: SQLite takes the innermost, and prepares it once
        try:
            yield
        except BaseException:
            if db.conn.in_transaction:  # else the error has ended the whole transaction
                db.conn.execute("ROLLBACK TO inner_write")
                db.conn.execute("RELEASE inner_write")
            raise
        db.conn.execute("RELEASE inner_write")
        return
    try:
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.conn.execute("COMMIT")
        finally:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise DatabaseError(in_words(Path(_file_of(db)), error)) from error


@contextmanager
def joining(db: Database) -> Iterator[None]:
    """The transaction that is open, or one of its own. Unlike the inner `write` it costs nothing, and undoes nothing:
    for statements whose failure no caller lets pass.
    """
    if db.conn.in_transaction:
        yield
        return
    with write(db):
        yield


@contextmanager
def read(db: Database) -> Iterator[None]:
    """Several SELECTs that see one state of the database, whatever other processes commit meanwhile."""
    if db.conn.in_transaction:
        yield
        return
    db.conn.execute("BEGIN")
    try:
        yield
    finally:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")


def rows(db: Database, sql: str, parameters: Any = ()) -> Iterator[dict[str, Any]]:
    """The rows of a SELECT as dicts."""
    cursor = db.conn.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


def _file_of(db: Database) -> str:
    return str(db.conn.execute("PRAGMA database_list").fetchone()[2])


def in_words(path: Path, error: sqlite3.Error) -> str:
    """What SQLite says of that file, as a sentence that names what to do."""
    text = str(error)
    if "disk is full" in text or "disk I/O error" in text:
        return f"{path}: the disk is full or cannot be written ({text}); nothing of this step was kept"
    if "readonly" in text or "unable to open" in text:
        return f"{path}: cannot be written ({text})"
    if "locked" in text or "busy" in text:
        return f"{path}: another process kept it locked for more than {BUSY_SECONDS:.0f} s"
    if "not a database" in text or "malformed" in text:
        return f"{path}: damaged ({text}); restore a backup or read the archive again into a new home"
    return f"{path}: {text}"
