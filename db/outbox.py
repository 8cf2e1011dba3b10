"""The outbox: who is told of what, each once, tried again with growing pauses until it is accepted or given up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from db.errors import DatabaseError
from db.instants import instant, moment
from db.judgement_values import event_from
from db.transactions import rows, write
from monitor.model import Event

# pauses after a failed attempt: a mail server's short outage, a night, a long weekend; then it is given up
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
    timedelta(hours=48),
)
ATTEMPTS = len(BACK_OFF) + 1
LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who is told. Empty `bodies`, `divisions` (GB/T 2260 codes, with all below them) and `families`: everything.

    `families` are rule families and the statuses `late`, `missing`, `withdrawn`. `url` may hold a secret.
    """

    name: str
    url: str
    language: str = "en"
    bodies: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    id: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that waits. `message_id` is the same at every attempt: a receiver can drop a repeat."""

    id: int
    message_id: str
    event: Event
    subscriber: Subscriber
    attempts: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many messages wait for a subscriber, were sent, were given up, and why the newest unsent one failed."""

    waiting: int = 0
    sent: int = 0
    given_up: int = 0
    last_error: str = ""


def add_subscriber(db: Database, subscriber: Subscriber, now: datetime) -> int:
    """Add a subscriber, or change the one of that name; its id. It is told of what is detected from `now` on."""
    if subscriber.language not in LANGUAGES:
        raise DatabaseError(f"subscriber {subscriber.name}: expected language en or zh, got {subscriber.language!r}")
    if not subscriber.name or not subscriber.url:
        raise DatabaseError("subscriber: expected a name and an address")
    with write(db):
        row = db.conn.execute(
            """INSERT INTO subscribers(name, url, language, bodies, divisions, families, created_at)
               VALUES (?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT(name) DO UPDATE SET url = excluded.url, language = excluded.language,
                 bodies = excluded.bodies,
                 divisions = excluded.divisions, families = excluded.families, active = 1,
                 created_at = CASE active WHEN 1 THEN created_at ELSE excluded.created_at END
               RETURNING id""",
            (
                subscriber.name,
                subscriber.url,
                subscriber.language,
                _texts(subscriber.bodies),
                _texts(subscriber.divisions),
                _texts(subscriber.families),
                instant(now),
            ),
        ).fetchone()
        return int(row[0])


def remove_subscriber(db: Database, name: str) -> None:
    """Stop telling a subscriber; what waits for it is given up. Raises DatabaseError if there is no such name."""
    with write(db):
        row = db.conn.execute("UPDATE subscribers SET active = 0 WHERE name = ? RETURNING id", (name,)).fetchone()
        if row is None:
            raise DatabaseError(f"subscriber {name}: there is no such subscriber")
        db.conn.execute(
            "UPDATE deliveries SET state = 'given_up', last_error = 'unsubscribed'"
            " WHERE state = 'waiting' AND subscriber_id = ?",
            row,
        )


def load_subscribers(db: Database, *, inactive: bool = False) -> list[Subscriber]:
    """The subscribers by name; with `inactive` those removed too."""
    sql = "SELECT * FROM subscribers WHERE active = 1 OR ? ORDER BY name"
    return [_subscriber(row) for row in rows(db, sql, (inactive,))]


def queue_deliveries(db: Database, event_ids: Sequence[int], now: datetime) -> int:
    """One waiting delivery for each of these events and each subscriber it concerns; how many.

    Call it in the transaction that stores the events.
    """
    sql = """SELECT e.*, b.division FROM events e JOIN bodies b ON b.id = e.body_id
             WHERE e.id IN (SELECT value FROM json_each(?)) AND e.alert = 1 ORDER BY e.id"""
    subscribers = list(rows(db, "SELECT * FROM subscribers WHERE active = 1 ORDER BY id"))
    queued = 0
    for event in list(rows(db, sql, (json.dumps(list(event_ids)),))):
        for row in subscribers:
            if row["created_at"] <= event["detected_at"] and concerns(_subscriber(row), event):
                queued += db.conn.execute(
                    "INSERT INTO deliveries(event_id, subscriber_id, message_id, next_at) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT DO NOTHING",
                    (event["id"], row["id"], message_id(event["key"], row["name"]), instant(now)),
                ).rowcount
    return queued


def concerns(subscriber: Subscriber, event: Mapping[str, Any]) -> bool:
    """True if an event (`body_id`, `division`, `family`) is what this subscriber asked for."""
    return (
        (not subscriber.bodies or event["body_id"] in subscriber.bodies)
        and (not subscriber.families or event["family"] in subscriber.families)
        and (not subscriber.divisions or any(_within(event["division"], code) for code in subscriber.divisions))
    )


def message_id(event_key: str, subscriber: str) -> str:
    """The Message-ID and idempotency key of one event for one subscriber: the same however often it is made."""
    return hashlib.sha256(f"{event_key}\n{subscriber}".encode()).hexdigest()[:32] + "@ogiwatch"


def due_deliveries(db: Database, now: datetime, limit: int | None = None) -> list[Delivery]:
    """The messages whose next attempt is due at `now`, oldest event first."""
    sql = """SELECT e.*, d.id AS delivery_id, d.message_id, d.attempts, d.subscriber_id FROM deliveries d
             JOIN events e ON e.id = d.event_id
             WHERE d.state = 'waiting' AND d.next_at <= ? ORDER BY d.event_id, d.id LIMIT ?"""
    subscribers = {s.id: s for s in load_subscribers(db, inactive=True)}
    return [
        Delivery(
            row["delivery_id"], row["message_id"], event_from(row), subscribers[row["subscriber_id"]], row["attempts"]
        )
        for row in rows(db, sql, (instant(now), -1 if limit is None else limit))
    ]


def load_backlog(db: Database) -> dict[str, Backlog]:
    """What stands of each subscriber that has any delivery, by name."""
    sql = """SELECT s.name, sum(d.state = 'waiting') AS waiting, sum(d.state = 'sent') AS sent,
               sum(d.state = 'given_up') AS given_up, max(d.id) FILTER (WHERE d.last_error <> '') AS worst
             FROM deliveries d JOIN subscribers s ON s.id = d.subscriber_id GROUP BY s.id ORDER BY s.name"""
    found = list(rows(db, sql))
    errors = dict(
        db.conn.execute(
            "SELECT id, last_error FROM deliveries WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([row["worst"] for row in found]),),
        ).fetchall()
    )
    return {
        row["name"]: Backlog(row["waiting"], row["sent"], row["given_up"], errors.get(row["worst"], ""))
        for row in found
    }


def next_attempt_at(db: Database) -> datetime | None:
    """When the earliest waiting message is to be tried, None if none waits."""
    (at,) = db.conn.execute("SELECT min(next_at) FROM deliveries WHERE state = 'waiting'").fetchone()
    return None if at is None else moment(at)


def mark_sent(db: Database, delivery_id: int, now: datetime) -> None:
    """The channel accepted the message."""
    with write(db):
        db.conn.execute(
            "UPDATE deliveries SET state = 'sent', attempts = attempts + 1, sent_at = ?, last_error = '' WHERE id = ?",
            (instant(now), delivery_id),
        )


def mark_failed(db: Database, delivery_id: int, now: datetime, error: str, *, retryable: bool = True) -> bool:
    """The channel did not take the message: try again after a pause; True if it is given up instead, after many
    attempts or at once where no later one could succeed.
    """
    with write(db):
        row = db.conn.execute(
            "UPDATE deliveries SET attempts = attempts + 1, last_error = ? WHERE id = ? RETURNING attempts",
            (error[:500], delivery_id),
        ).fetchone()
        if row is None:
            raise DatabaseError(f"delivery {delivery_id}: there is no such delivery")
        attempts = int(row[0])
        given_up = attempts >= ATTEMPTS or not retryable
        if given_up:
            db.conn.execute("UPDATE deliveries SET state = 'given_up' WHERE id = ?", (delivery_id,))
        else:
            next_at = instant(now + BACK_OFF[attempts - 1])
            db.conn.execute("UPDATE deliveries SET next_at = ? WHERE id = ?", (next_at, delivery_id))
        return given_up


def _within(division: str, code: str) -> bool:
    """True if a division lies in that of `code`: 110000 holds 110108, 110108 holds 110108012."""
    prefix = code
    while len(prefix) > 6 and prefix.endswith("000"):
        prefix = prefix[:-3]
    while 2 < len(prefix) <= 6 and prefix.endswith("00"):
        prefix = prefix[:-2]
    return division.startswith(prefix)


def _subscriber(row: Mapping[str, Any]) -> Subscriber:
    return Subscriber(
        name=row["name"],
        url=row["url"],
        language=row["language"],
        bodies=tuple(json.loads(row["bodies"])),
        divisions=tuple(json.loads(row["divisions"])),
        families=tuple(json.loads(row["families"])),
        id=row["id"],
        active=bool(row["active"]),
    )


def _texts(values: Iterable[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
