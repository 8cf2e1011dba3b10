"""Opening the database and writing to it. One file, many processes: WAL, and every write takes its lock at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db.errors import DatabaseError
from db.migrations import APPLICATION_ID, MIGRATIONS, known_names

FILE_NAME = "ogiwatch.db"
BUSY_SECONDS = 30.0  # longest wait for another process's write; the longest of ours (one batch of bodies) takes seconds
_MAGIC = b"SQLite format 3\x00"


def database_path(home: Path) -> Path:
    """Where the database of a home lies."""
    return home / FILE_NAME


def open_database(home: Path, *, create: bool = True, read_only: bool = False) -> Database:
    """Open (and by default create and migrate) the database of `home`.

    With `read_only` nothing is created, migrated or renewed. Close it with `db.close()`; a connection belongs to
    the thread that opened it. Raises DatabaseError, in one line, where the file is absent (`create=False`), not
    ours, of a newer version, not writable, or the disk is full.
    """
    path = database_path(home)
    _look_at(path, create=create and not read_only)
    try:
        db = _connect(path, read_only=read_only)
    except (sqlite3.Error, OSError) as error:
        raise DatabaseError(f"{path}: cannot be opened: {error}") from error
    try:
        _refuse_foreign(db, path)
        if not read_only:
            _bring_up_to_date(db)
    except sqlite3.Error as error:
        db.close()
        raise DatabaseError(_sentence(path, error)) from error
    except DatabaseError:
        db.close()
        raise
    return db


def _look_at(path: Path, *, create: bool) -> None:
    try:
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            if create:
                return
            raise DatabaseError(f"{path}: no database here; `ogiwatch crawl` or `ogiwatch demo` makes one")
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except OSError as error:
        raise DatabaseError(f"{path}: cannot be read or made: {error.strerror or error}") from error
    if head and head != _MAGIC:
        raise DatabaseError(f"{path}: expected a SQLite database, found another kind of file")


def _connect(path: Path, *, read_only: bool) -> Database:
    mode = "ro" if read_only else "rwc"
    # isolation_level None: the driver opens no transactions of its own; `write` below does
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")  # in WAL a power cut may undo the last commits, never tear them
    return Database(connection, strict=True)


def _refuse_foreign(db: Database, path: Path) -> None:
    tables = set(db.table_names())
    if not tables:
        return
    (application,) = db.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID or "_sqlite_migrations" not in tables:
        raise DatabaseError(f"{path}: a SQLite database, but not of OGI Watch; choose another --home")
    unknown = {m.name for m in MIGRATIONS.applied(db)} - known_names()
    if unknown:
        raise DatabaseError(
            f"{path}: written by a newer version of OGI Watch ({', '.join(sorted(unknown))}); upgrade the program"
        )


def _bring_up_to_date(db: Database) -> None:
    if db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        db.execute("PRAGMA journal_mode = WAL")
    if MIGRATIONS.pending(db):
        with write(db):  # the lock is taken before looking again: two processes may open a new home at once
            MIGRATIONS.apply(db)
    # here, not above: all of them need this file
    from db.form_rows import store_forms
    from db.search import renew_search
    from db.views import create_views

    create_views(db)
    store_forms(db)
    renew_search(db)


@contextmanager
def write(db: Database) -> Iterator[None]:
    """One transaction: BEGIN IMMEDIATE, then commit, or roll back whatever the exception.

    Inside another `write` it is a savepoint of it. SQLite's own errors (disk full, locked too long, a broken
    constraint) become DatabaseError.
    """
    if db.conn.in_transaction:
        with db.atomic():
            yield
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
        raise DatabaseError(_sentence(Path(_file_of(db)), error)) from error


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


def _sentence(path: Path, error: sqlite3.Error) -> str:
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
