"""When a column is to be visited next, and when the nightly round falls due. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from registry.model import SHANGHAI, Column, LookResult, Verification


@dataclass(frozen=True, slots=True)
class Season:
    """The days round a due day on which columns are visited daily. `before`/`after` in days."""

    due: tuple[int, int]
    before: int
    after: int

    def holds(self, day: date) -> bool:
        """True if `day` lies in the season of its year."""
        middle = date(day.year, *self.due)
        return middle - timedelta(days=self.before) <= day <= middle + timedelta(days=self.after)


@dataclass(frozen=True, slots=True)
class LastLook:
    """When a column was last looked at and what came of it, and of the look before."""

    at: datetime
    result: LookResult
    before: LookResult | None = None

    @property
    def failed_once(self) -> bool:
        """Not complete, and the look before was, or there was none."""
        return not self.result.complete and (self.before is None or self.before.complete)


def last_due(now: datetime, hour: int) -> datetime:
    """The latest instant, not after `now`, at which the nightly round fell due (`hour` in Asia/Shanghai)."""
    local = now.astimezone(SHANGHAI)
    due = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return due if due <= local else due - timedelta(days=1)


def is_due(column: Column, last: LastLook | None, now: datetime, interval_days: int, seasons: Iterable[Season]) -> bool:
    """True if the column is to be visited in the round at `now`.

    Never looked at, or broken off by ourselves: yes. Looked at today (Asia/Shanghai): no, which makes a repeated
    round harmless. After a look that was not complete: once more, on the next day. In season: daily. Else when its
    interval (its own, or `interval_days`) has passed; a column known to be dead or blocked waits four times as long.
    """
    if last is None or last.result is LookResult.INTERRUPTED:
        return True
    today, before = now.astimezone(SHANGHAI).date(), last.at.astimezone(SHANGHAI).date()
    if today <= before:
        return False
    if column.verified in (Verification.DEAD, Verification.BLOCKED):
        return (today - before).days >= 4 * (column.interval_days or interval_days)
    if last.failed_once or any(season.holds(today) for season in seasons):
        return True
    return (today - before).days >= (column.interval_days or interval_days)


def due_columns(
    columns: Mapping[str, Column],
    last: Mapping[str, LastLook],
    now: datetime,
    interval_days: int,
    seasons: Sequence[Season],
) -> list[Column]:
    """The columns to be visited in the round at `now`, in the order of their ids."""
    return [columns[key] for key in sorted(columns) if is_due(columns[key], last.get(key), now, interval_days, seasons)]


def batches(columns: Iterable[Column], hosts: int) -> list[list[Column]]:
    """The columns in batches of at most so many hosts; a host is in one batch only, so that one crawl visits it."""
    by_host: dict[str, list[Column]] = {}
    for column in columns:
        by_host.setdefault(urlsplit(column.url).netloc.lower(), []).append(column)
    ordered = [by_host[host] for host in sorted(by_host)]
    return [
        [column for group in ordered[start : start + hosts] for column in group]
        for start in range(0, len(ordered), hosts)
    ]
