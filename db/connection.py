"""Opening the database: one file, many processes, WAL."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from db.errors import DatabaseError
from db.form_rows import store_forms
from db.migrations import APPLICATION_ID, MIGRATIONS, known_names
from db.search import renew_search
from db.transactions import BUSY_SECONDS, in_words, write
from db.views import create_views

FILE_NAME = "ogiwatch.db"
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
        raise DatabaseError(in_words(path, error)) from error
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
    # isolation_level None: the driver opens no transactions of its own; `write` does
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
    create_views(db)
    store_forms(db)
    renew_search(db)
