"""What a crawl is told: which columns, how politely, within which limits. Everything but `home` has a default."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PRODUCT = "ogiwatch/0.1"
PAGES = ("list", "part")  # purposes of what is no document, and smaller


@dataclass(frozen=True)
class Options:
    """One crawl. Seconds are floats, sizes bytes. `allow_private` are networks that may be asked although private."""

    home: Path
    columns: tuple[str, ...]
    now: datetime
    run: int | None = None
    allow_private: tuple[Network, ...] = ()
    user_agent: str = ""
    contact: str = ""
    delay: float = 2.0
    timeout: float = 30.0
    tries: int = 2  # of one request, when a host is busy or does not answer
    backoff: float = 5.0  # before the second try, doubled before the third
    longest_wait: float = 120.0  # a Retry-After beyond this ends the visit instead
    budget: int = 100_000  # requests in this run
    seconds: float = 0.0  # time of this run; 0: no limit of its own
    page_bytes: int = 4 * 1024 * 1024
    document_bytes: int = 50 * 1024 * 1024
    list_pages: int = 400  # of one column
    documents: int = 600  # articles and attachments fetched in one look
    attachments: int = 12  # of one article
    gone_asked: int = 60  # entries that left a list, asked at their own address in one look
    refetch_days: int = 30
    hosts_at_once: int = 512

    @property
    def agent(self) -> str:
        """The user agent sent: the product, the name chosen, and the contact address."""
        contact = f" (+{self.contact})" if self.contact else ""
        return f"{self.user_agent or PRODUCT}{contact}"

    @property
    def headers(self) -> dict[str, str]:
        """What every request says of us and of what we take; the language, since some portals have an English side."""
        return {
            "Accept": "text/html,application/xhtml+xml,application/json,application/pdf,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
            "User-Agent": self.agent,
        }

    @property
    def refetch_after(self) -> timedelta:
        """How old the last answer of a held document may be before it is asked for again."""
        return timedelta(days=self.refetch_days)


class Clock:
    """The time of this crawl: the instant handed down, plus what has passed since."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        self._started = time.monotonic()
        self._second, self._last = 0, self._now.replace(microsecond=0)

    def now(self) -> datetime:
        """The present instant, UTC, to the second."""
        second = int(self.elapsed + self._now.microsecond / 1e6)
        if second != self._second:  # asked six times a request
            self._last = self._now.replace(microsecond=0) + timedelta(seconds=second)
            self._second = second
        return self._last

    @property
    def elapsed(self) -> float:
        """Seconds since the crawl began."""
        return time.monotonic() - self._started
