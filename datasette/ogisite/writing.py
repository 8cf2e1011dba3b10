"""What an operator writes: a person's word on an address or on a finding. Everything else on this site only reads.

The statements are those of db/attribution_rows.py and db/rule_rows.py, which this room may not import; a test holds the
two against each other.
"""

import sqlite3
from datetime import UTC, datetime

from ogisite import marking, reading

VERDICTS = ("confirm", "dismiss", "dispute")
FIRST_YEAR, LAST_YEAR = 2008, 2099
LENGTHS = {"author": 100, "reason": 2000, "source": 500}
BUSY_MS = 30_000  # a round may hold the lock for a while

ASSIGN = """INSERT INTO assignments(url, body_id, report_year, author, reason, source, at)
               VALUES (?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT(url) DO UPDATE SET body_id = excluded.body_id, report_year = excluded.report_year,
                 author = excluded.author, reason = excluded.reason, source = excluded.source, at = excluded.at"""
UNREAD = "UPDATE documents SET read_by = NULL WHERE url = ?1 OR parent_id IN (SELECT id FROM documents WHERE url = ?1)"
OF_FINDING = "SELECT rule_version, input_hash FROM findings WHERE id = ?"
GIVE = (
    "INSERT INTO verdicts(finding_id, rule_version, input_hash, verdict, author, reason, source, at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


class Refused(Exception):
    """A form that cannot be taken; the message is a key of the words `operator`."""


def said(form):
    """(author, reason, source) of a form, without control characters; raises Refused without author or reason."""
    found = {name: marking.clean(form.get(name, "")).strip()[:length] for name, length in LENGTHS.items()}
    if not found["author"] or not found["reason"]:
        raise Refused("needs_author_and_reason")
    return found["author"], found["reason"], found["source"]


def assignment(conn, form):
    """(body, report year) that a form assigns, (None, None) for no report at all. The body by its id or whole name.

    Raises Refused for an unknown or ambiguous body and for a year that is none.
    """
    if form.get("what") == "none":
        return None, None
    wanted = form.get("body", "").strip()
    found = conn.execute("SELECT id FROM bodies WHERE id = ?1 OR name = ?1 LIMIT 2", (wanted,)).fetchall()
    year = reading.whole(form.get("year", "").strip(), FIRST_YEAR, LAST_YEAR)
    if len(found) != 1:
        raise Refused("unknown_body")
    if year is None:
        raise Refused("unknown_year")
    return found[0][0], year


async def assign(datasette, url, form):
    """Keep a person's word on an address; its documents become unread, to be attributed anew."""
    author, reason, source = said(form)

    def work(conn):
        if not conn.execute("SELECT 1 FROM documents WHERE url = ?1 LIMIT 1", (url,)).fetchone():
            raise Refused("unknown_address")
        body, year = assignment(conn, form)
        conn.execute(ASSIGN, (url, body, year, author, reason, source, _now()))
        conn.execute(UNREAD, (url,))

    await _write(datasette, work)


async def give(datasette, finding, form):
    """Keep a person's verdict with the rule version and the input values that the finding has now."""
    verdict = form.get("verdict", "")
    if verdict not in VERDICTS:
        raise Refused("unknown_verdict")
    author, reason, source = said(form)

    def work(conn):
        stands = conn.execute(OF_FINDING, (finding,)).fetchone()
        if stands is None:
            raise Refused("unknown_finding")
        conn.execute(GIVE, (finding, *stands, verdict, author, reason, source, _now()))

    await _write(datasette, work)


async def _write(datasette, work):
    """Run `work(conn)` in one transaction on the one connection that may write."""

    def run(conn):
        try:
            conn.execute("PRAGMA foreign_keys = ON")
            conn.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            conn.execute("BEGIN IMMEDIATE")
            try:
                work(conn)
                conn.commit()
            finally:
                if conn.in_transaction:
                    conn.rollback()
        except Refused as refused:
            return refused  # Datasette prints what a write raises
        except sqlite3.OperationalError:
            return Refused("busy")
        return None

    refused = await reading.database(datasette).execute_write_fn(run)
    if refused is not None:
        raise refused


def _now():
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
