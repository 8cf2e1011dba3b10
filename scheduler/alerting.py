"""Delivering the outbox: each event once to each subscriber, tried again with pauses until a channel takes it."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlite_utils import Database

from db.outbox import Delivery, due_deliveries, mark_failed, mark_sent
from monitor.channels import ChannelError, send
from monitor.messages import Message, compose
from scheduler.home import Home
from scheduler.output import complain, progress
from scheduler.runs import recorded, settle_clock, stoppable

WAIT_SECONDS = 60.0
_AT_ONCE = 100


@dataclass(slots=True)
class Delivered:
    """What one run of `alert` did."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits, as `alert --dry-run` shows it. The subscriber's address is a secret and not in it."""

    subscriber: str
    message_id: str
    attempts: int
    message: Message

    def as_json(self) -> dict[str, object]:
        """One line of `alert --dry-run --json`."""
        return {
            "subscriber": self.subscriber,
            "message_id": self.message_id,
            "attempts": self.attempts,
            "subject": self.message.subject,
            "body": self.message.body,
            "payload": dict(self.message.payload),
        }


def waiting(home: Home) -> Iterator[Waiting]:
    """The messages that `deliver` would try now. Nothing is written or sent."""
    database = home.open(create=False, read_only=True)
    try:
        settle_clock(home, database)
        names = _names(database)
        for delivery in due_deliveries(database, home.clock.now()):
            message = _message(home, delivery, names)
            yield Waiting(delivery.subscriber.name, delivery.message_id, delivery.attempts, message)
    finally:
        database.close()


def deliver(home: Home) -> Delivered:
    """Send everything whose next attempt is due. Each acceptance is committed before the next message is sent.

    Should we die between the two, the message is repeated under the same Message-ID and idempotency key. A failure
    is noted with its reason and the message waits for its next attempt, unless the channel says that none would
    succeed (no such service, no recipient): then it is given up at once. Raises DatabaseError, SchedulerError.
    """
    done = Delivered()
    taken = "another ogiwatch command is delivering alerts here; wait for it to end"
    with stoppable(), home.lock("alert", WAIT_SECONDS, taken):
        database = home.open(create=False)
        try:
            settle_clock(home, database)
            if not due_deliveries(database, home.clock.now(), 1):
                return done
            with recorded(home, database, "alert") as job:
                names = _names(database)
                while batch := due_deliveries(database, home.clock.now(), _AT_ONCE):
                    for delivery in batch:
                        _deliver_one(home, database, delivery, names, done)
                job.detail.update(sent=done.sent, failed=done.failed, given_up=done.given_up)
        finally:
            database.close()
    if done.sent:
        progress(f"alert: {done.sent} messages sent")
    return done


def _deliver_one(
    home: Home, db: Database, delivery: Delivery, names: Mapping[str, str], done: Delivered
) -> None:
    message = _message(home, delivery, names)
    with _undisturbed():
        try:
            send(
                _address(home, delivery.subscriber.url),
                message.subject,
                message.body,
                message.payload,
                delivery.message_id,
                at=home.clock.now(),
            )
        except ChannelError as error:
            reason, again = str(error), error.retryable
            given_up = mark_failed(db, delivery.id, home.clock.now(), reason, retryable=again)
        else:
            mark_sent(db, delivery.id, home.clock.now())
            done.sent += 1
            return
    if given_up:
        done.given_up += 1
        why = "given up after many attempts" if again else "given up, trying again would not help"
        complain(f"alert: {delivery.subscriber.name}: {why}: {reason}")
    else:
        done.failed += 1
        complain(f"alert: {delivery.subscriber.name}: {reason}; it is tried again later")


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold back SIGTERM and SIGINT between sending a message and noting that it was sent."""
    both = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, both)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, both)


def _message(home: Home, delivery: Delivery, names: Mapping[str, str]) -> Message:
    event, subscriber = delivery.event, delivery.subscriber
    return compose(event, name=names[event.body], base_url=home.settings.site_url, language=subscriber.language)


def _address(home: Home, url: str) -> str:
    """Where a subscriber's messages go; a bare mail address is reached through the mail server of the settings."""
    if "://" in url:
        return url
    alerts = home.settings.alerts
    if not alerts.smtp:
        raise ChannelError("mail: a bare address needs alerts.smtp in settings.toml", retryable=True)
    parameters = {"to": url, **({"from": alerts.sender} if alerts.sender else {})}
    return f"{alerts.smtp}{'&' if '?' in alerts.smtp else '?'}{urlencode(parameters)}"


def _names(db: Database) -> dict[str, str]:
    return {row["id"]: row["name"] for row in db["bodies"].rows_where(select="id, name")}
