"""What changed and is worth telling: a status that flips, a finding that opens or closes.

Alerted are, by domain.md section 1: `missing`, `late` on a certain duty, `withdrawn`, and new findings of severity
`error` or `warning`. Never: `undated`, any fall to `unverified`, local practice.

What a first judgement does. Whoever subscribes, or starts a watch, wants news, not the history of ten years in one
night. So a first judgement is a starting point and no change: it makes no event, unless it accuses of something that
happened on our watch (the report year fell due after our first complete look), which is news the first time it is
known. A finding is news if the report it stands on was first seen after our watch of the body began and not longer ago
than `NEWS`: a new rule or a better reader that goes over the archive opens findings on the site and alerts nobody.

Keys are made of what the event rests on, never of when it was noticed: judging again, after a crash or from a restored
backup, gives the same key, and the unique key of the events table lets it in once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from monitor.absence import STALE
from monitor.model import Event, Finding, MonitorError, Obligation, Outcome, Severity, Status

STATUS = "status"
OPENED = "finding_opened"
CLOSED = "finding_closed"
NEWS = timedelta(days=30)

_ACCUSING = frozenset({Status.MISSING, Status.LATE, Status.WITHDRAWN})
# These families are views of the status, whose flip is the one event of both.
STATUS_FAMILIES = frozenset({"late", "missing", "withdrawn", "undated"})


def instant(at: datetime) -> str:
    """An instant as keys and messages print it: YYYY-MM-DDTHH:MM:SSZ."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def alerts(status: Status, *, certain: bool) -> bool:
    """Whether subscribers are told by default that an obligation took this status."""
    return status is Status.WITHDRAWN or (certain and status in (Status.MISSING, Status.LATE))


def status_event(
    old: Obligation | None, new: Obligation, now: datetime, *, watch_from: int | None = None
) -> Event | None:
    """The event of a status that is not what it was; None where nothing is to be told.

    `old`: the stored obligation, None at the first judgement. `watch_from`: the first report year on our watch of the
    body (`bodies.watch_from`), which decides whether a first judgement is news; None: nothing is yet.
    """
    if old is not None and old.status is new.status:
        return None
    on_watch = watch_from is not None and new.report_year >= watch_from
    if old is None and (new.status not in _ACCUSING or not on_watch):
        return None
    told = alerts(new.status, certain=new.certain)
    renewed = new.status is Status.MISSING and old is not None and old.clause == STALE
    at = new.since or now
    if renewed:  # the same absence, looked at again after a pause: on the site, not in anyone's mailbox
        at = max((o.at for o in new.observations if o.look in new.looks), default=now)
    elif new.status is Status.UNVERIFIED or (new.status is Status.NOT_DUE and old is not None):
        at = now
    return Event(
        key=f"{STATUS}:{new.body}:{new.report_year}:{new.status}:{instant(at)}",
        kind=STATUS,
        body=new.body,
        report_year=new.report_year,
        old=old.status.value if old else "",
        new=new.status.value,
        effective_at=at,
        detected_at=now,
        severity=Severity.WARNING if told else Severity.NOTICE,
        # A report of years ago that is found late is history; that one is gone is news whatever its year.
        alert=told and not renewed and (on_watch or new.status is Status.WITHDRAWN),
        message_zh=new.explanation_zh,
        message_en=new.explanation_en,
        evidence={"clause": new.clause, "looks": ",".join(map(str, new.looks))},
    )


def finding_events(
    old: Iterable[Finding], new: Iterable[Finding], now: datetime, *, is_news: Callable[[Finding], bool]
) -> tuple[Event, ...]:
    """Events of findings that opened or closed. `old`: the failing ones on file of some bodies and years; `new`: what
    judging the same bodies and years gives now (all outcomes may be in it). `is_news`: see `news_since`.

    Families that view a status are left out. A finding that still fails with other inputs is no event.
    """
    before = {f.id: f for f in old if f.outcome is Outcome.FAIL and f.family not in STATUS_FAMILIES}
    after = {f.id: f for f in new if f.outcome is Outcome.FAIL and f.family not in STATUS_FAMILIES}
    opened = (_finding_event(f, OPENED, now, is_news(f)) for i, f in after.items() if i not in before)
    closed = (_finding_event(f, CLOSED, now, False) for i, f in before.items() if i not in after)
    return (*opened, *closed)


def news_since(first_seen: datetime | None, watched_since: datetime | None, now: datetime) -> bool:
    """Whether a finding on a report first seen at `first_seen` is news: after the day of our first complete look at one
    of the body's columns (`watched_since`), with which the backlog came in, and within `NEWS` of `now`.
    """
    if first_seen is None or watched_since is None:
        return False
    return first_seen > watched_since + timedelta(days=1) and now - first_seen <= NEWS


def _finding_event(finding: Finding, kind: str, now: datetime, news: bool) -> Event:
    if finding.body is None or finding.report_year is None:
        raise MonitorError(f"finding {finding.id}: an event needs a body and a report year")
    return Event(
        key=f"{kind}:{finding.id}:{finding.rule_version}:{finding.input_hash}",
        kind=kind,
        body=finding.body,
        report_year=finding.report_year,
        old="" if kind == OPENED else finding.outcome.value,
        new=finding.outcome.value if kind == OPENED else "",
        effective_at=now,
        detected_at=now,
        severity=finding.severity,
        alert=kind == OPENED and news and finding.severity in (Severity.ERROR, Severity.WARNING),
        message_zh=finding.message_zh,
        message_en=finding.message_en,
        finding=finding.id,
        evidence={"rule": finding.rule, "family": finding.family, "formula": finding.formula},
    )
