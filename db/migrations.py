"""The schema's history. A released migration is never edited: later changes are new functions below."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from sqlite_utils import Migrations

APPLICATION_ID = 0x4F474957  # "OGIW": how a database file is known to be ours

MIGRATIONS = Migrations("ogiwatch")


@MIGRATIONS()  # type: ignore[untyped-decorator]  # the library has no types
def m001_first_schema(db: Any) -> None:
    """Everything of schema.sql."""
    db.executescript(files("db").joinpath("schema.sql").read_text(encoding="utf-8"))
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@MIGRATIONS()  # type: ignore[untyped-decorator]
def m002_judged_report(db: Any) -> None:
    """Which report of a (body, report year) was judged, so that pages show the one that the findings rest on."""
    db.execute("ALTER TABLE obligations ADD COLUMN report_id INTEGER REFERENCES reports(id) ON DELETE SET NULL")
    db.execute("CREATE INDEX obligations_by_report ON obligations(report_id)")


@MIGRATIONS()  # type: ignore[untyped-decorator]
def m003_accepted_layouts(db: Any) -> None:
    """When a column's new layout was taken for its own: looks before are no longer what later looks are held to."""
    db.execute(
        """CREATE TABLE accepted_layouts (
             id INTEGER PRIMARY KEY, column_id TEXT NOT NULL REFERENCES columns(id), at TEXT NOT NULL,
             author TEXT NOT NULL, reason TEXT NOT NULL
           ) STRICT"""
    )
    db.execute("CREATE INDEX accepted_layouts_by_column ON accepted_layouts(column_id, at)")


def known_names() -> frozenset[str]:
    """Names of all migrations this program knows; a database with others was written by a newer version."""
    return frozenset(migration.name for migration in MIGRATIONS._migrations)
