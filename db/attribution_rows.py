"""Whose an address is: what people assigned, what is undecided, and what a newcomer has to be compared with."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from db.errors import DatabaseError
from db.instants import instant, moment
from db.transactions import rows, write
from monitor.attribution import Assignment


@dataclass(frozen=True, slots=True)
class HeldReport:
    """A report held of some (body, report year); `load_report(db, id)` gives it whole."""

    id: int
    document: int
    url: str
    fingerprint: str
    entry_url: str = ""  # the article that an attachment hangs on


@dataclass(frozen=True, slots=True)
class Undecided:
    """A stored document that could be several bodies' or years' report: undecidable for each until assigned."""

    report: int
    url: str
    document: str
    reason: str
    candidates: tuple[tuple[str, int], ...]
    first_seen: datetime


def store_assignment(
    db: Database, assignment: Assignment, *, author: str, reason: str, now: datetime, source: str = ""
) -> None:
    """Keep a person's word on an address; its documents and their attachments become unread, to be attributed anew.

    Raises DatabaseError without author or reason, and for an unknown body.
    """
    if not author.strip() or not reason.strip():
        raise DatabaseError(f"assignment of {assignment.url}: expected an author and a reason")
    with write(db):
        db.conn.execute(
            """INSERT INTO assignments(url, body_id, report_year, author, reason, source, at)
               VALUES (?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT(url) DO UPDATE SET body_id = excluded.body_id, report_year = excluded.report_year,
                 author = excluded.author, reason = excluded.reason, source = excluded.source, at = excluded.at""",
            (assignment.url, assignment.body, assignment.report_year, author, reason, source, instant(now)),
        )
        db.conn.execute(
            "UPDATE documents SET read_by = NULL WHERE url = ?1"
            " OR parent_id IN (SELECT id FROM documents WHERE url = ?1)",
            (assignment.url,),
        )


def load_assignments(db: Database) -> dict[str, Assignment]:
    """What people assigned, by address."""
    found = rows(db, "SELECT url, body_id, report_year FROM assignments ORDER BY url")
    return {row["url"]: Assignment(row["url"], row["body_id"], row["report_year"]) for row in found}


def load_held(
    db: Database, bodies: Iterable[str], *, before_document: int | None = None
) -> dict[tuple[str, int], list[HeldReport]]:
    """The reports held of bodies, by (body, report year), oldest document first.

    With `before_document` only those of documents stored before that one: so that reading all again compares each
    document with the same others as the first time.
    """
    sql = """SELECT r.id, r.document_id, r.body_id, r.report_year, r.fingerprint, d.url, p.url AS entry_url
             FROM reports r JOIN documents d ON d.id = r.document_id LEFT JOIN documents p ON p.id = d.parent_id
             WHERE r.body_id IN (SELECT value FROM json_each(?1)) AND r.report_year IS NOT NULL
               AND (?2 IS NULL OR r.document_id < ?2) ORDER BY r.document_id, r.id"""
    held: dict[tuple[str, int], list[HeldReport]] = {}
    for row in rows(db, sql, (json.dumps(list(bodies)), before_document)):
        report = HeldReport(
            row["id"], row["document_id"], row["url"], row["fingerprint"], row["entry_url"] or ""
        )
        held.setdefault((row["body_id"], row["report_year"]), []).append(report)
    return held


def load_undecided(db: Database, bodies: Iterable[str] | None = None) -> list[Undecided]:
    """The stored reports that could be one of `bodies`' (None: anybody's), with all they could be, by report id."""
    where = ""
    parameters: tuple[str, ...] = ()
    if bodies is not None:
        where = """WHERE c.report_id IN (
                     SELECT report_id FROM report_candidates WHERE body_id IN (SELECT value FROM json_each(?)))"""
        parameters = (json.dumps(list(bodies)),)
    sql = f"""SELECT r.id, d.url, d.sha256, r.attribution, r.first_seen_at,
                json_group_array(json_array(c.body_id, c.report_year)) AS candidates
              FROM report_candidates c JOIN reports r ON r.id = c.report_id JOIN documents d ON d.id = r.document_id
              {where} GROUP BY r.id ORDER BY r.id"""
    return [
        Undecided(
            report=row["id"],
            url=row["url"],
            document=row["sha256"],
            reason=row["attribution"],
            candidates=tuple((body, year) for body, year in json.loads(row["candidates"])),
            first_seen=moment(row["first_seen_at"]),
        )
        for row in rows(db, sql, parameters)
    ]
