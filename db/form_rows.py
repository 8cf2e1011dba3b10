"""The forms as rows: labels and order of every table, so that the site prints tables as the form does."""

from __future__ import annotations

import hashlib

from sqlite_utils import Database

from db.about import get_about, set_about
from db.transactions import write
from parsers.forms import form_columns, form_rows


def store_forms(db: Database) -> bool:
    """Renew `form_rows` and `form_columns` if they are not what the parsers say now. True if they were renewed."""
    made = {"form_rows": list(form_rows()), "form_columns": list(form_columns())}
    version = hashlib.sha256(repr(made).encode()).hexdigest()
    if get_about(db, "forms") == version:
        return False
    with write(db):
        for table, lines in made.items():
            db.conn.execute(f"DELETE FROM {table}")
            db.conn.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?, ?)", lines)
        set_about(db, "forms", version)
    return True
