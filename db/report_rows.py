"""Reports: storing what a reading gave, one transaction a document, and giving it back whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlite_utils import Database

from db.document_rows import StoredDocument, document_of, load_document
from db.errors import DatabaseError
from db.instants import day_of, day_text, instant, moment
from db.report_values import (
    CHILD_TABLES,
    StoredParts,
    child_rows,
    clean_or_none,
    days_from,
    fingerprint,
    part_text,
    report_from,
)
from db.search import add_sections, remove_sections
from db.transactions import read, rows, write
from monitor.model import Filing, Holding
from parsers.model import Report
from registry.model import Kind

# an attachment of an earlier content of its article, which has since come to offer others
_DROPPED = """(p.sha256 <> (SELECT x.sha256 FROM addresses x WHERE x.url = p.url AND x.sha256 <> '') AND EXISTS (
  SELECT 1 FROM documents s JOIN documents n ON n.id = s.parent_id JOIN addresses y ON y.url = n.url
  WHERE n.url = p.url AND n.sha256 = y.sha256))"""
_AT_ONCE = 500  # reports whose child rows are loaded by one SELECT a table


class Attribution(Protocol):
    """Whose and which year's a report is taken for, and why (`monitor.attribution.Attribution`)."""

    @property
    def body(self) -> str | None:
        """The body it is attributed to, None if undecided."""

    @property
    def report_year(self) -> int | None:
        """The report year it is attributed to, None if undecided."""

    @property
    def reason(self) -> str:
        """Code of the reason."""

    @property
    def candidates(self) -> Collection[tuple[str, int]]:
        """Every (body, report year) it could be."""


def unread_documents(db: Database, parser_version: str, limit: int | None = None) -> list[StoredDocument]:
    """Documents that this parser version has not read, oldest first. With `limit`, ask again until none are left."""
    sql = """SELECT * FROM documents WHERE id IN (
               SELECT id FROM documents WHERE read_by IS NULL
               UNION ALL SELECT id FROM documents WHERE read_by < ?1
               UNION ALL SELECT id FROM documents WHERE read_by > ?1) ORDER BY id LIMIT ?2"""
    return [document_of(row) for row in rows(db, sql, (parser_version, -1 if limit is None else limit))]


def bodies_with_unread(db: Database, parser_version: str) -> set[str]:
    """Bodies whose reports are not all read by this parser version: not to be compared across years or versions yet."""
    ids = json.dumps([document.id for document in unread_documents(db, parser_version)])
    sql = """SELECT body_id FROM reports WHERE body_id IS NOT NULL AND document_id IN (SELECT value FROM json_each(?1))
             UNION SELECT cb.body_id FROM documents d JOIN column_bodies cb ON cb.column_id = d.column_id
             WHERE d.id IN (SELECT value FROM json_each(?1))"""
    return {body for (body,) in db.conn.execute(sql, (ids,))}


def forget_readings(db: Database) -> int:
    """Mark every document unread, so that all are read again from the archive; how many there are."""
    with write(db):
        return int(db.conn.execute("UPDATE documents SET read_by = NULL WHERE read_by IS NOT NULL").rowcount)


def forget_unattributed(db: Database) -> int:
    """Mark the documents unread whose reports nobody could be found for: the registry may know by now; how many."""
    sql = """UPDATE documents SET read_by = NULL WHERE read_by IS NOT NULL AND id IN (
               SELECT document_id FROM reports WHERE is_report = 1 AND (body_id IS NULL OR report_year IS NULL))"""
    with write(db):
        return int(db.conn.execute(sql).rowcount)


def store_reports(
    db: Database,
    document_id: int,
    reports: Sequence[Report],
    attributions: Sequence[Attribution],
    read_at: datetime,
    *,
    parser_version: str,
) -> list[int]:
    """Store all that one reading made of one document, in place of any earlier reading; the report ids, in order.

    One transaction: after a crash the document is as before and still unread. A report keeps its id when it is read
    again. An unreadable document is stored as one report with its problems; a document without any is only marked
    read. Versions of the (body, report year)s concerned are counted anew. Raises DatabaseError: unknown document or
    body, a code no table has, two reports of one part.
    """
    if len(reports) != len(attributions):
        raise DatabaseError(f"document {document_id}: expected one attribution a report, got {len(attributions)}")
    parts = [part_text(report.part) for report in reports]
    if len(set(parts)) != len(parts):
        raise DatabaseError(f"document {document_id}: expected each report to name another part, got {parts}")
    with write(db):
        document = load_document(db, document_id)
        if document is None:
            raise DatabaseError(f"document {document_id}: there is no such document")
        earlier = list(
            rows(db, "SELECT id, part, body_id, report_year FROM reports WHERE document_id = ?", (document_id,))
        )
        touched = {(row["body_id"], row["report_year"]) for row in earlier}
        for row in earlier:
            if row["part"] not in parts:
                _renew_search(db, row["id"], [])
                db.conn.execute("DELETE FROM reports WHERE id = ?", (row["id"],))
        ids = [
            _store_report(db, document, report, attribution, read_at)
            for report, attribution in zip(reports, attributions, strict=True)
        ]
        touched |= {(a.body, a.report_year) for a in attributions}
        for body, report_year in touched:
            if body is not None and report_year is not None:
                _count_versions(db, body, report_year)
        db.conn.execute("UPDATE documents SET read_by = ? WHERE id = ?", (parser_version, document_id))
    return ids


def load_report(db: Database, report_id: int) -> Report:
    """The whole report as it was read: figures in the form's order, raw texts and decimals exact.

    Places of plain cells are not kept (the archive gives them again). Raises DatabaseError if there is none.
    """
    with read(db):
        head = next(rows(db, "SELECT * FROM reports WHERE id = ?", (report_id,)), None)
        if head is None:
            raise DatabaseError(f"report {report_id}: there is no such report")
        return next(iter(_whole(db, [head])))


def load_filings(
    db: Database, bodies: Iterable[str] | None = None, *, reports: Iterable[int] | None = None, whole: bool = True
) -> list[Filing]:
    """Every version of every attributed report of `bodies` (None: all), by body, report year and version; with
    `reports` only those of these ids. Without `whole` the reports have their heads and forms only: a hundred times
    quicker, and enough to tell which of them stands.

    One filing an address and version, the first content seen: what differs in a counter or a day is one version.
    `current`: the address gave this version when it was last asked, and its article did not put another file in its
    place.
    """
    where, parameters = _of_bodies("r", bodies)
    if reports is not None:
        where, parameters = f"{where} AND r.id IN (SELECT value FROM json_each(?))", (*parameters, _json_ids(reports))
    sql = f"""SELECT r.*, b.name, b.kind, d.url, d.sha256, p.url AS entry_url,
                coalesce(nullif(a.sha256, '') = d.sha256, 1) AND NOT coalesce({_DROPPED}, 0) AS current
              FROM reports r JOIN bodies b ON b.id = r.body_id
              JOIN documents d ON d.id = r.document_id LEFT JOIN documents p ON p.id = d.parent_id
              LEFT JOIN addresses a ON a.url = d.url
              WHERE {where} AND r.report_year IS NOT NULL AND r.is_report = 1
              ORDER BY r.body_id, r.report_year, r.version, r.first_seen_at, r.id"""
    with read(db):
        heads: dict[tuple[Any, ...], dict[str, Any]] = {}
        for row in rows(db, sql, parameters):
            place = (row["body_id"], row["report_year"], row["fingerprint"], row["url"], row["part"])
            heads.setdefault(place, row)["current"] |= row["current"]
        chosen = list(heads.values())
        read_whole = _whole(db, chosen) if whole else (report_from(head, StoredParts(), {}) for head in chosen)
        return [
            Filing(
                report=report,
                report_year=head["report_year"],
                body=head["body_id"],
                name=head["name"],
                kind=Kind(head["kind"]),
                file=head["url"],
                document=head["sha256"],
                url=head["url"],
                version=head["version"],
                first_seen=moment(head["first_seen_at"]),
                id=head["id"],
                entry_url=head["entry_url"] or "",
                current=bool(head["current"]),
                fingerprint=head["fingerprint"],
            )
            for head, report in zip(chosen, read_whole, strict=True)
        ]


def load_holdings(db: Database, bodies: Iterable[str] | None = None) -> list[Holding]:
    """Every document attributed to one of `bodies` (None: all) and a report year, readable or not, in order.

    `shared_years`: the report years that carry one of its publication days on its host (the day with the most).
    `last_seen`: the last answer of its address that was this very document; being listed is no such answer.
    """
    where, parameters = _of_bodies("r", bodies)
    sql = f"""SELECT r.id, r.body_id, r.report_year, d.url, d.sha256, d.first_seen_at, d.list_day, a.gone_at,
                a.gone_status, p.url AS entry_url, r.fingerprint, r.is_report,
                coalesce(CASE a.sha256 WHEN d.sha256 THEN a.last_ok_at END, d.first_seen_at) AS last
              FROM reports r JOIN documents d ON d.id = r.document_id LEFT JOIN addresses a ON a.url = d.url
                LEFT JOIN documents p ON p.id = d.parent_id
              WHERE {where} AND r.report_year IS NOT NULL ORDER BY r.body_id, r.report_year, d.first_seen_at, r.id"""
    with read(db):
        heads = list(rows(db, sql, parameters))
        days: dict[int, list[dict[str, Any]]] = {}
        for batch in _batches([head["id"] for head in heads]):
            for row in _children(db, "report_days", batch):
                days.setdefault(row["report_id"], []).append(row)
        years = _years_by_day(db, {(r["host"], r["day"]) for of in days.values() for r in of if r["publication"]})
    return [
        Holding(
            body=head["body_id"],
            report_year=head["report_year"],
            url=head["url"],
            document=head["sha256"],
            first_seen=moment(head["first_seen_at"]),
            days=days_from(days.get(head["id"], [])),
            list_day=day_of(head["list_day"]),
            gone_at=None if head["gone_at"] is None else moment(head["gone_at"]),
            gone_status=head["gone_status"],
            shared_years=max(
                (years[r["host"], r["day"]] for r in days.get(head["id"], []) if r["publication"]), key=len, default=()
            ),
            entry_url=head["entry_url"] or "",
            last_seen=moment(head["last"]),
            fingerprint=head["fingerprint"] if head["is_report"] else "",
        )
        for head in heads
    ]


def _store_report(
    db: Database, document: StoredDocument, report: Report, attribution: Attribution, read_at: datetime
) -> int:
    head = {
        "document_id": document.id,
        "part": part_text(report.part),
        "body_id": attribution.body,
        "report_year": attribution.report_year,
        "attribution": str(attribution.reason),
        "publisher": clean_or_none(report.publisher),
        "title": clean_or_none(report.title),
        "printed_year": report.report_year,
        "published_on": day_text(report.published_on),
        "published_on_source": report.published_on_source,
        "forms": json.dumps({table: str(form) for table, form in sorted(report.forms.items())}),
        "fingerprint": fingerprint(report),
        "version": 1,
        "is_report": int(report.is_report),
        "first_seen_at": instant(document.first_seen),
        "read_at": instant(read_at),
        "preamble": clean_or_none(report.preamble),
        "text_confidence": float(report.text_confidence),
        "format": report.format,
    }
    names = ", ".join(head)
    renewed = ", ".join(f"{name} = excluded.{name}" for name in head)
    (report_id,) = db.conn.execute(
        f"INSERT INTO reports({names}) VALUES ({', '.join(':' + name for name in head)})"
        f" ON CONFLICT(document_id, part) DO UPDATE SET {renewed} RETURNING id",
        head,
    ).fetchone()
    made = child_rows(report, url=document.url, report_year=attribution.report_year)
    _renew_search(db, report_id, [(s["position"], s["heading"], s["text"]) for s in made["sections"]])
    if attribution.body is None or attribution.report_year is None:
        made["report_candidates"] = [
            {"body_id": body, "report_year": report_year} for body, report_year in sorted(attribution.candidates)
        ]
    for table in (*CHILD_TABLES, "report_candidates"):
        db.conn.execute(f"DELETE FROM {table} WHERE report_id = ?", (report_id,))
        if made.get(table):
            columns = ", ".join(f'"{name}"' for name in ("report_id", *made[table][0]))
            marks = ", ".join("?" * (len(made[table][0]) + 1))
            db.conn.executemany(
                f"INSERT INTO {table}({columns}) VALUES ({marks})",
                [(report_id, *row.values()) for row in made[table]],
            )
    db.conn.execute("DELETE FROM report_views WHERE report_id = ?", (report_id,))
    if report.view:
        db.conn.execute("INSERT INTO report_views VALUES (?, ?)", (report_id, report.view))
    return int(report_id)


def _renew_search(db: Database, report_id: int, sections: list[tuple[int, str, str]]) -> None:
    sql = "SELECT position, heading, text FROM sections WHERE report_id = ? ORDER BY position"
    earlier = db.conn.execute(sql, (report_id,)).fetchall()
    if earlier != sections:
        remove_sections(db, report_id, earlier)
        add_sections(db, report_id, sections)


def _count_versions(db: Database, body: str, report_year: int) -> None:
    """Contents are numbered in the order of their first sighting; what an article shows for the first time beside its
    other files is the same version in another form."""
    sql = """SELECT r.id, r.fingerprint, d.url, r.part, coalesce(p.url, d.url) FROM reports r
             JOIN documents d ON d.id = r.document_id LEFT JOIN documents p ON p.id = d.parent_id
             WHERE r.body_id = ? AND r.report_year = ? AND r.is_report = 1
             ORDER BY r.first_seen_at, r.document_id, r.part"""
    numbers: dict[str, int] = {}
    of_entry: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    found = []
    for report_id, print_, url, part, entry in db.conn.execute(sql, (body, report_year)).fetchall():
        beside = entry in of_entry and (url, part) not in seen
        number = numbers.setdefault(print_, of_entry[entry] if beside else max(numbers.values(), default=0) + 1)
        of_entry[entry] = max(number, of_entry.get(entry, 0))
        seen.add((url, part))
        found.append((number, report_id))
    db.conn.executemany("UPDATE reports SET version = ?1 WHERE id = ?2 AND version <> ?1", found)


def _whole(db: Database, heads: Sequence[dict[str, Any]]) -> Iterator[Report]:
    sql = "SELECT table_name, row, min(position) FROM form_rows GROUP BY table_name, row"
    order = {(table, row): position for table, row, position in db.conn.execute(sql)}
    for batch in _batches(heads):
        parts: dict[int, StoredParts] = {head["id"]: StoredParts() for head in batch}
        for table in CHILD_TABLES:
            for row in _children(db, table, list(parts)):
                parts[row["report_id"]].of.setdefault(table, []).append(row)
        for head in batch:
            yield report_from(head, parts[head["id"]], order)


def _children(db: Database, table: str, report_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    # every child table's key is (report_id, position or code): this is its own order
    sql = f"SELECT * FROM {table} WHERE report_id IN (SELECT value FROM json_each(?)) ORDER BY 1, 2"
    return rows(db, sql, (json.dumps(report_ids),))


def _years_by_day(db: Database, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, ...]]:
    sql = """SELECT DISTINCT report_year FROM report_days
             WHERE host = ? AND day = ? AND publication = 1 AND report_year IS NOT NULL ORDER BY report_year"""
    return {pair: tuple(year for (year,) in db.conn.execute(sql, pair)) for pair in pairs}


def _of_bodies(alias: str, bodies: Iterable[str] | None) -> tuple[str, tuple[str, ...]]:
    if bodies is None:
        return f"{alias}.body_id IS NOT NULL", ()
    return f"{alias}.body_id IN (SELECT value FROM json_each(?))", (json.dumps(list(bodies)),)


def _json_ids(ids: Iterable[int]) -> str:
    return json.dumps(list(ids))


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
