"""How pages read the database: one read transaction a page, with a time limit, in Datasette's own threads."""

import json
import sqlite3
import time

from datasette.utils import sqlite_timelimit
from datasette.views.base import DatasetteError

DATABASE = "ogiwatch"
LIMIT_MS = 5000


def database(datasette):
    """Our database among those that this Datasette serves."""
    return datasette.databases[DATABASE]


async def read(datasette, work, *args):
    """Runs `work(conn, *args)` inside one read transaction, so that a page never mixes two states.

    Raises DatasetteError (503) when it takes longer than five seconds.
    """

    def run(conn):
        with sqlite_timelimit(conn, LIMIT_MS):
            conn.execute("BEGIN")
            try:
                return work(conn, *args)
            finally:
                conn.rollback()

    try:
        return await database(datasette).execute_fn(run)
    except sqlite3.OperationalError as error:
        if str(error) == "interrupted":
            raise DatasetteError("interrupted", status=503) from error
        raise


def _banner(conn):
    return value(conn, "SELECT value FROM about WHERE key = 'site'") or "" if has_table(conn, "about") else ""


async def banner(datasette):
    """What the database says of itself under `site` in its table `about`: `demo` where the bodies are invented."""
    return await database(datasette).execute_fn(lambda conn: remember(conn, "banner", _banner))


# What absence is judged by where the database does not say: the defaults of the settings (a test holds them equal)
THRESHOLDS = {
    "grace_days": 7,
    "absent_looks": 3,
    "absent_days": 3,
    "absent_hours": 120,
    "freshness_hours": 48,
}


def thresholds(conn):
    """The numbers of the proof of absence that the statuses in this database were judged by."""
    kept = value(conn, "SELECT value FROM about WHERE key = 'thresholds'") if has_table(conn, "about") else None
    return {**THRESHOLDS, **{name: n for name, n in parsed(kept, {}).items() if isinstance(n, int)}}


def rows(conn, sql, params=()):
    """All rows of a query as dicts."""
    cursor = conn.execute(sql, params)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def row(conn, sql, params=()):
    """The first row of a query as a dict, or None."""
    found = rows(conn, f"SELECT * FROM ({sql}) LIMIT 1", params)
    return found[0] if found else None


def value(conn, sql, params=()):
    """The first column of the first row, or None."""
    found = conn.execute(sql, params).fetchone()
    return found[0] if found else None


def parsed(text, empty):
    """JSON from a column; `empty` where it does not hold JSON of that type."""
    try:
        found = json.loads(text or "")
    except ValueError:
        return empty
    return found if isinstance(found, type(empty)) else empty


def years(conn):
    """The report years that have obligations, newest first; hops along the index instead of reading it all."""
    return [
        r["y"]
        for r in rows(
            conn,
            """WITH RECURSIVE hop(y) AS (
                 SELECT max(report_year) FROM obligations
                 UNION ALL
                 SELECT (SELECT max(report_year) FROM obligations WHERE report_year < y) FROM hop WHERE y IS NOT NULL)
               SELECT y FROM hop WHERE y IS NOT NULL LIMIT 60""",
        )
    ]


def has_table(conn, name):
    """True if the database has a table or view of that name."""
    return value(conn, "SELECT 1 FROM sqlite_master WHERE name = ? AND type IN ('table', 'view')", (name,)) is not None


def prefix(digits):
    """Lower and upper bound of all codes that begin with these digits, so that an index serves (LIKE does not)."""
    return digits, digits + ":"


_REMEMBERED = {}


def remember(conn, name, work, *args):
    """`work(conn, *args)`, or what it gave shortly before: kept for thirty times as long as it took, at most a minute.

    For totals over everything: on a small database they are as good as always fresh, on a large one they cost little.
    """
    path = conn.execute("PRAGMA database_list").fetchone()[2]
    key = (path, name, args)
    kept = _REMEMBERED.get(key)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    start = time.monotonic()
    found = work(conn, *args)
    took = time.monotonic() - start
    if len(_REMEMBERED) > 200:
        _REMEMBERED.clear()
    _REMEMBERED[key] = (time.monotonic() + min(60.0, 30 * took), found)
    return found


def whole(text, low, high, default=None):
    """A whole number from an address, or `default` where it is none or out of bounds."""
    try:
        found = int(str(text))
    except ValueError:
        return default
    return found if low <= found <= high else default


def like(text):
    """A LIKE pattern (ESCAPE '\\') that finds the text anywhere."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
