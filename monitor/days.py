"""Asia/Shanghai days and the instants that bound them; due days and the report years that fall due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from registry.duties import due_on, duty_for
from registry.model import SHANGHAI, Body, Duty, Registry


def day_of(at: datetime) -> date:
    """The Asia/Shanghai day of an aware instant."""
    return at.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The first instant (UTC) of an Asia/Shanghai day."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first instant (UTC) after an Asia/Shanghai day: 00:00 of the next one."""
    return start_of(day + timedelta(days=1))


class DueDays:
    """Duty and due day by body and report year, each looked up once."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._found: dict[tuple[str, int], tuple[Duty, date] | None] = {}

    def of(self, body: Body, report_year: int) -> tuple[Duty, date] | None:
        """The duty in force and its due day; None where no row of the registry speaks of this body and year."""
        key = (body.id, report_year)
        if key not in self._found:
            duty = duty_for(self._registry, body, report_year)
            self._found[key] = (duty, due_on(duty, report_year)) if duty else None
        return self._found[key]

    def first_due_after(self, body: Body, at: datetime) -> int | None:
        """The first report year that falls due after an instant: its due day ends later; None without any duty."""
        year = day_of(at).year - 2
        for candidate in range(year, year + 4):
            found = self.of(body, candidate)
            if found and end_of(found[1]) > at:
                return candidate
        return None
