"""Makes the views that the site reads. Their SQL, with the columns of each, stands in views.sql."""

from __future__ import annotations

import hashlib
from importlib.resources import files

from sqlite_utils import Database

from db.about import get_about, set_about
from db.transactions import write


def create_views(db: Database) -> bool:
    """Make all views again if they are not those of views.sql. True if they were made.

    Views hold no data, so they need no migration; readers in other processes see the old or the new ones.
    """
    sql = files("db").joinpath("views.sql").read_text(encoding="utf-8")
    version = hashlib.sha256(sql.encode()).hexdigest()
    if get_about(db, "views") == version:
        return False
    with write(db):
        for name in db.view_names():
            db.conn.execute(f'DROP VIEW "{name}"')
        db.executescript(sql)
        set_about(db, "views", version)
    return True
