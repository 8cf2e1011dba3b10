"""The one place where the time is read. Every other room is handed `now`."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from registry.model import SHANGHAI
from scheduler.model import SchedulerError


def parse_moment(text: str) -> datetime:
    """Read `--as-of`: ISO 8601, a day alone meaning its first instant, no offset meaning Asia/Shanghai; UTC out."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise SchedulerError(
            f"--as-of: expected a day or an instant such as 2026-04-01 or 2026-04-01T09:00 "
            f"(no offset means Asia/Shanghai), got {text!r}"
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise SchedulerError(f"--as-of: {text!r} is outside the calendar") from None


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the time: the machine's, or one that was set and goes on from there (`--as-of`), by `ahead` later."""

    set_to: datetime | None = None
    began: float = field(default_factory=time.monotonic)
    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The present instant in UTC, whole seconds (what the database keeps)."""
        if self.set_to is None:
            return datetime.now(UTC).replace(microsecond=0)
        elapsed = timedelta(seconds=int(time.monotonic() - self.began))
        return self.set_to.replace(microsecond=0) + elapsed + self.ahead
