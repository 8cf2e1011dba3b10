"""Judgements: statuses, findings, the events of their changes and the messages to send, in one transaction."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from db.errors import DatabaseError
from db.instants import instant
from db.judgement_values import event_row, finding_from, finding_row, obligation_from, obligation_row
from db.outbox import queue_deliveries
from db.transactions import rows, write
from monitor.model import Event, Finding, Obligation, Outcome

# Passes are counted and not stored; a pending or not assessable finding that is gone leaves no trace.
STORED = (Outcome.FAIL, Outcome.PENDING, Outcome.NOT_ASSESSABLE)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a judgement is held against to see what changed, for the bodies judged.

    `old_findings`: those that were open and failing; `findings`: all outcomes, new.
    """

    old_obligations: Mapping[tuple[str, int], Obligation]
    obligations: Mapping[tuple[str, int], Obligation]
    old_findings: Mapping[str, Finding]
    findings: Mapping[str, Finding]
    now: datetime


EventsOf = Callable[[Changes], Iterable[Event]]


@dataclass(frozen=True, slots=True)
class Stored:
    """What one call changed: statuses that are other than before, findings opened and closed, events, messages."""

    statuses: int = 0
    opened: int = 0
    closed: int = 0
    events: int = 0
    deliveries: int = 0


def store_judgements(
    db: Database,
    obligations: Sequence[Obligation],
    findings: Sequence[Finding],
    now: datetime,
    *,
    events_of: EventsOf,
    bodies: Iterable[str] | None = None,
    reports: Mapping[tuple[str, int], int] | None = None,
) -> Stored:
    """Make the tables say what was judged of `bodies` (by default those named in what is given), wholly or not at all.

    `findings` must be all that the rules say of these bodies: an open one that is no longer there, or passes, is
    closed at `now`, and opened anew if it ever returns. An obligation that does not say since when it is so keeps the
    time while its status stays, and else takes the effective time of its event. `reports`: the id of the report that
    was judged of each (body, report year), which pages then show as the one that stands.
    `events_of` compares old and new, rules in shadow left out; an event whose key is known is dropped. Each new event
    that is to be told becomes one delivery a matching subscriber. Judging the same twice changes nothing.
    Raises DatabaseError for a finding without body or year, for an id given twice and for an unknown body.
    """
    of_body = {(o.body, o.report_year): o for o in obligations}
    by_id = {f.id: f for f in findings}
    if len(by_id) != len(findings) or len(of_body) != len(obligations):
        raise DatabaseError("judgements: expected one obligation a (body, report year) and one finding an id")
    if nobody := next((f.id for f in findings if f.body is None or f.report_year is None), None):
        raise DatabaseError(f"finding {nobody}: expected a body and a report year")
    named = {body for body, _ in of_body} | {f.body for f in findings if f.body is not None}
    scope = sorted(named if bodies is None else set(bodies) | named)
    with write(db):
        old_rows = {(r["body_id"], r["report_year"]): r for r in _of_bodies(db, "obligations", scope)}
        old_findings = {r["id"]: r for r in _of_bodies(db, "findings", scope)}
        shadow = {rule for (rule,) in db.conn.execute("SELECT id FROM rules WHERE state <> 'on'")}
        changes = Changes(
            old_obligations={key: obligation_from(row) for key, row in old_rows.items()},
            obligations=of_body,
            old_findings={i: finding_from(r) for i, r in old_findings.items() if _open(r) and r["rule"] not in shadow},
            findings={i: f for i, f in by_id.items() if f.rule not in shadow},
            now=now,
        )
        events = list(events_of(changes))
        flips = {(e.body, e.report_year): e for e in events if e.kind == "status"}
        statuses = _store_obligations(db, of_body, old_rows, flips, reports or {}, now)
        opened, closed = _store_findings(db, by_id, old_findings, now)
        _store_counts(db, [f for f in findings if f.rule not in shadow], scope)
        families = {i: row["family"] for i, row in old_findings.items()} | {i: f.family for i, f in by_id.items()}
        new_ids = _store_events(db, events, families)
        deliveries = queue_deliveries(db, new_ids, now)
    return Stored(statuses, opened, closed, len(new_ids), deliveries)


def load_obligations(db: Database, bodies: Iterable[str] | None = None) -> list[Obligation]:
    """The statuses of bodies (None: all) as last judged, by body and report year."""
    return [obligation_from(row) for row in _of_bodies(db, "obligations", bodies)]


def load_findings(db: Database, bodies: Iterable[str] | None = None, *, closed: bool = False) -> list[Finding]:
    """The findings kept of bodies (None: all): failing, pending, not assessable; with `closed` those closed too."""
    found = _of_bodies(db, "findings", bodies)
    return [finding_from(row) for row in found if closed or row["closed_at"] is None]


def _of_bodies(db: Database, table: str, bodies: Iterable[str] | None) -> list[dict[str, Any]]:
    order = "ORDER BY body_id, report_year" + (", id" if table == "findings" else "")
    if bodies is None:
        return list(rows(db, f"SELECT * FROM {table} {order}"))
    sql = f"SELECT * FROM {table} WHERE body_id IN (SELECT value FROM json_each(?)) {order}"
    return list(rows(db, sql, (json.dumps(list(bodies)),)))


def _open(row: Mapping[str, Any]) -> bool:
    return row["outcome"] == Outcome.FAIL and row["closed_at"] is None


def _store_obligations(
    db: Database,
    obligations: Mapping[tuple[str, int], Obligation],
    old: Mapping[tuple[str, int], Mapping[str, Any]],
    flips: Mapping[tuple[str, int], Event],
    reports: Mapping[tuple[str, int], int],
    now: datetime,
) -> int:
    made, changed = [], 0
    for key, obligation in obligations.items():
        before = old.get(key)
        same = before is not None and before["status"] == obligation.status
        changed += not same
        if obligation.since is not None:
            since = instant(obligation.since)
        elif before is not None and same:
            since = before["since"]
        else:
            since = instant(flips[key].effective_at if key in flips else now)
        row = {**obligation_row(obligation), "since": since, "judged_at": instant(now)}
        made.append({**row, "report_id": reports.get(key)})
    _upsert(db, "obligations", made, ("body_id", "report_year"))
    return changed


def _store_findings(
    db: Database, findings: Mapping[str, Finding], old: Mapping[str, dict[str, Any]], now: datetime
) -> tuple[int, int]:
    at, made, opened = instant(now), [], 0
    for finding in findings.values():
        if finding.outcome not in STORED:
            continue
        before = old.get(finding.id)
        lasting = before is not None and before["closed_at"] is None and before["outcome"] == finding.outcome
        row = {
            **finding_row(finding),
            "report_id": _report_of(db, finding),
            "opened_at": before["opened_at"] if before is not None and lasting else at,
            "closed_at": None,
        }
        opened += finding.outcome is Outcome.FAIL and not lasting
        if row != before:
            made.append(row)
    _upsert(db, "findings", made, ("id",))
    gone = [row for i, row in old.items() if i not in findings or findings[i].outcome not in STORED]
    closing = [row["id"] for row in gone if _open(row)]
    db.conn.executemany("UPDATE findings SET closed_at = ? WHERE id = ?", [(at, i) for i in closing])
    forgotten = [(row["id"],) for row in gone if row["outcome"] != Outcome.FAIL]
    db.conn.executemany("DELETE FROM findings WHERE id = ?", forgotten)
    return opened, len(closing)


def _report_of(db: Database, finding: Finding) -> int | None:
    """The report a finding stands on: the filing it names, else of its document, else the newest version."""
    # monitor.rules.engine.filing_key ends in the id of the filing, which load_filings makes the report's
    named = finding.filing.rpartition("#")[2]
    if named.isdigit() and db.conn.execute("SELECT 1 FROM reports WHERE id = ?", (int(named),)).fetchone():
        return int(named)
    sql = """SELECT r.id FROM reports r JOIN documents d ON d.id = r.document_id
             WHERE r.body_id = ? AND r.report_year = ? AND r.is_report = 1
             ORDER BY d.sha256 = ? DESC, r.version DESC, r.first_seen_at, r.id LIMIT 1"""
    row = db.conn.execute(sql, (finding.body, finding.report_year, finding.document)).fetchone()
    return None if row is None else int(row[0])


def _store_counts(db: Database, findings: Sequence[Finding], scope: Sequence[str]) -> None:
    counted = Counter((f.body, f.report_year, f.family, str(f.outcome)) for f in findings)
    new = {(*key, checks) for key, checks in counted.items()}
    sql = """SELECT body_id, report_year, family, outcome, checks FROM check_counts
             WHERE body_id IN (SELECT value FROM json_each(?))"""
    old = set(db.conn.execute(sql, (json.dumps(scope),)))
    db.conn.executemany(
        "DELETE FROM check_counts WHERE body_id = ? AND report_year = ? AND family = ? AND outcome = ?",
        [row[:4] for row in old - new],
    )
    db.conn.executemany("INSERT INTO check_counts VALUES (?, ?, ?, ?, ?)", list(new - old))


def _store_events(db: Database, events: Iterable[Event], families: Mapping[str, str]) -> list[int]:
    new_ids = []
    for event in events:
        row = event_row(event, families.get(event.finding) or event.new)
        sql = f"""INSERT INTO events({", ".join(row)}) VALUES ({", ".join(":" + name for name in row)})
                  ON CONFLICT(key) DO NOTHING RETURNING id"""
        stored = db.conn.execute(sql, row).fetchone()
        if stored is not None:
            new_ids.append(int(stored[0]))
    return new_ids


def _upsert(db: Database, table: str, made: Sequence[Mapping[str, Any]], keys: tuple[str, ...]) -> None:
    if not made:
        return
    names = list(made[0])
    renewed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    db.conn.executemany(
        f"INSERT INTO {table}({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})"
        f" ON CONFLICT({', '.join(keys)}) DO UPDATE SET {renewed}",
        made,
    )
