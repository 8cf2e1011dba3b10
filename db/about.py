"""What this database was last brought up to: small texts under fixed keys (views, forms, search, registry).

Under `thresholds` stand, as JSON, the numbers that statuses are judged by: the site shows them. Under `site` stands
`demo` where the bodies are invented: every page of the site then says so.
"""

from __future__ import annotations

from sqlite_utils import Database


def get_about(db: Database, key: str) -> str | None:
    """The text under `key`, None if there is none."""
    row = db.conn.execute("SELECT value FROM about WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def set_about(db: Database, key: str, value: str) -> None:
    """Put a text under `key`; inside the caller's transaction."""
    db.conn.execute(
        "INSERT INTO about(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
