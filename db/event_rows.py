"""What the ledger of events remembers of bodies: how their statuses turned, and whether anything came in since."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from db.instants import instant, moment
from db.transactions import rows
from monitor.model import Status


@dataclass(frozen=True, slots=True)
class Flip:
    """The last time a status turned: what it became, by which clause, and when we detected it."""

    status: Status
    clause: str
    at: datetime


def load_flips(
    db: Database, bodies: Iterable[str] | None = None, *, before: datetime | None = None
) -> dict[tuple[str, int], Flip]:
    """The newest status event of each (body, report year), of those detected before an instant where one is given.

    A status that never turned since it was first judged has none, unless it accused at once.
    """
    where, parameters = ["kind = 'status'"], []
    if bodies is not None:
        where.append("body_id IN (SELECT value FROM json_each(?))")
        parameters.append(json.dumps(list(bodies)))
    if before is not None:
        where.append("detected_at < ?")
        parameters.append(instant(before))
    sql = f"""SELECT body_id, report_year, new, detected_at, evidence ->> 'clause' AS clause FROM events
              WHERE {" AND ".join(where)} ORDER BY id"""
    found = rows(db, sql, parameters)
    return {
        (row["body_id"], row["report_year"]): Flip(Status(row["new"]), row["clause"] or "", moment(row["detected_at"]))
        for row in found
    }


def load_event_keys(db: Database, bodies: Iterable[str]) -> set[str]:
    """The keys of all events of these bodies."""
    sql = "SELECT key FROM events WHERE body_id IN (SELECT value FROM json_each(?))"
    return {key for (key,) in db.conn.execute(sql, (json.dumps(list(bodies)),))}


def looked_at_since_judged(db: Database) -> set[str]:
    """Bodies whose columns were visited, or whose addresses were assigned by a person, after they were judged."""
    sql = """WITH judged AS (SELECT body_id, max(judged_at) AS at FROM obligations GROUP BY body_id),
               touched AS (SELECT column_id, max(started_at) AS at FROM looks GROUP BY column_id
                 UNION ALL SELECT e.column_id, a.at FROM assignments a JOIN entries e ON e.url = a.url
                 UNION ALL SELECT d.column_id, a.at FROM assignments a JOIN documents d ON d.url = a.url)
             SELECT DISTINCT judged.body_id FROM touched JOIN column_bodies USING (column_id)
             JOIN judged USING (body_id) WHERE touched.at > judged.at"""
    return {body for (body,) in db.conn.execute(sql)}


def judged_instants(db: Database) -> dict[str, datetime]:
    """When each body was last judged."""
    sql = "SELECT body_id, max(judged_at) FROM obligations GROUP BY body_id ORDER BY body_id"
    return {body: moment(at) for body, at in db.conn.execute(sql)}
