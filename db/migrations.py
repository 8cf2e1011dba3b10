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


@MIGRATIONS()  # type: ignore[untyped-decorator]
def m004_narratives(db: Any) -> None:
    """The levelled text of each report that stands, and the pairs that are nearly the same: compared once, when new."""
    db.execute(
        """CREATE TABLE narratives (
             body_id TEXT NOT NULL REFERENCES bodies(id), report_year INTEGER NOT NULL,
             report_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, name TEXT NOT NULL,
             stamp TEXT NOT NULL, packed BLOB, signature BLOB, compared INTEGER NOT NULL DEFAULT 0,
             PRIMARY KEY (body_id, report_year)
           ) STRICT"""
    )
    db.execute("CREATE INDEX narratives_by_report ON narratives(report_id)")
    db.execute("CREATE INDEX narratives_waiting ON narratives(report_year, body_id) WHERE compared = 0")
    db.execute(
        """CREATE TABLE copies (
             body_id TEXT NOT NULL, report_year INTEGER NOT NULL, other_body TEXT NOT NULL, other_year INTEGER NOT NULL,
             share REAL NOT NULL, PRIMARY KEY (body_id, report_year, other_body, other_year)
           ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX copies_by_other ON copies(other_body, other_year)")


@MIGRATIONS()  # type: ignore[untyped-decorator]
def m005_confidence_of_text(db: Any) -> None:
    """How surely a report's text was read (recognised in a picture: less than 1), and from which format."""
    db.execute("ALTER TABLE reports ADD COLUMN text_confidence REAL NOT NULL DEFAULT 1.0")
    db.execute("ALTER TABLE reports ADD COLUMN format TEXT NOT NULL DEFAULT ''")


@MIGRATIONS()  # type: ignore[untyped-decorator]
def m006_bases_in_english(db: Any) -> None:
    """The basis of a rule in both languages."""
    db.execute("ALTER TABLE rules RENAME COLUMN basis TO basis_zh")
    db.execute("ALTER TABLE rules ADD COLUMN basis_en TEXT NOT NULL DEFAULT ''")


@MIGRATIONS()  # type: ignore[untyped-decorator]
def m007_sources(db: Any) -> None:
    """The other documents that give the report that stands, and their cells that were taken or say otherwise."""
    db.execute(
        """CREATE TABLE report_sources (
             report_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE,
             source_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, position INTEGER NOT NULL,
             alike INTEGER NOT NULL, text INTEGER NOT NULL, PRIMARY KEY (report_id, source_id)
           ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX report_sources_by_source ON report_sources(source_id)")
    db.execute(
        """CREATE TABLE source_cells (
             report_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE,
             source_id INTEGER NOT NULL REFERENCES reports(id) ON DELETE CASCADE, table_name TEXT NOT NULL,
             row TEXT NOT NULL, column TEXT NOT NULL, raw TEXT NOT NULL, value TEXT, state TEXT NOT NULL,
             confidence REAL NOT NULL, use TEXT NOT NULL,
             PRIMARY KEY (report_id, table_name, row, column, source_id)
           ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX source_cells_by_source ON source_cells(source_id)")
    db.execute("CREATE INDEX documents_by_parent ON documents(parent_id) WHERE parent_id IS NOT NULL")


@MIGRATIONS()  # type: ignore[untyped-decorator]
def m008_views_of_documents(db: Any) -> None:
    """The text and grids of each report's document and the places in it, packed, for the page that shows them."""
    db.execute(
        """CREATE TABLE report_views (
             report_id INTEGER PRIMARY KEY REFERENCES reports(id) ON DELETE CASCADE, packed BLOB NOT NULL
           ) STRICT"""
    )


@MIGRATIONS()  # type: ignore[untyped-decorator]
def m009_validity_of_rules(db: Any) -> None:
    """What a rule is valid for, by how much its sides may differ, and what is said beside it."""
    for column in ("generations", "kinds"):
        db.execute(f"ALTER TABLE rules ADD COLUMN {column} TEXT NOT NULL DEFAULT '[]'")
    for column in ("years_from", "years_to"):
        db.execute(f"ALTER TABLE rules ADD COLUMN {column} INTEGER")
    for column in ("tolerance", "note_zh", "note_en"):
        db.execute(f"ALTER TABLE rules ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")


def known_names() -> frozenset[str]:
    """Names of all migrations this program knows; a database with others was written by a newer version."""
    return frozenset(migration.name for migration in MIGRATIONS._migrations)
