"""Instants and days as the database writes them: "YYYY-MM-DDTHH:MM:SSZ" (UTC) and "YYYY-MM-DD" (Asia/Shanghai)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

from registry.model import SHANGHAI


@lru_cache(maxsize=256)  # what is written together was mostly seen in the same second
def instant(moment: datetime) -> str:
    """An aware datetime as UTC text, to the second. Naive datetimes are refused: their zone would be a guess."""
    if moment.tzinfo is None:
        raise ValueError(f"expected an instant with a time zone, got {moment.isoformat()}")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_or_none(moment: datetime | None) -> str | None:
    """`instant`, with None for None."""
    return None if moment is None else instant(moment)


def moment(text: str) -> datetime:
    """The aware UTC datetime of an instant as stored."""
    if len(text) != len("YYYY-MM-DDTHH:MM:SSZ") or text[-1] != "Z":  # else other forms of ISO 8601 would pass
        raise ValueError(f"expected an instant YYYY-MM-DDTHH:MM:SSZ, got {text!r}")
    return datetime.fromisoformat(text)  # a tenth of strptime's time; a judgement reads millions of them


def moment_or_none(text: str | None) -> datetime | None:
    """`moment`, with None for None."""
    return None if text is None else moment(text)


def day_text(day: date | None) -> str | None:
    """A day as stored, None for None."""
    return None if day is None else day.isoformat()


def day_of(text: str | None) -> date | None:
    """A stored day, None for None and for the empty text."""
    return date.fromisoformat(text) if text else None


def shanghai_day(at: datetime) -> str:
    """The Asia/Shanghai day on which an instant falls, as stored."""
    return at.astimezone(SHANGHAI).date().isoformat()
