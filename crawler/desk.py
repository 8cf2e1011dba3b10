"""What all parts of one crawl share: options, clock, database, archive, WARC, the hosts allowed, and the counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlite_utils import Database

from crawler.errors import OutOfBudget
from crawler.options import Clock, Options
from crawler.safety import AllowedHosts
from crawler.warc import Warc
from db.archive import Archive
from registry.model import Column


@dataclass(slots=True)
class Desk:
    """The working place of one crawl; everything on it belongs to one thread."""

    options: Options
    clock: Clock
    db: Database
    archive: Archive
    warc: Warc
    hosts: AllowedHosts
    columns: tuple[Column, ...]
    legacy_hosts: frozenset[str] = frozenset()  # that may speak old TLS, because a column of theirs says so
    requests: int = 0
    bytes: int = 0
    results: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    fatal: str = ""

    @property
    def exhausted(self) -> bool:
        """True when no further visit may begin."""
        over = bool(self.options.seconds) and self.clock.elapsed > self.options.seconds
        return bool(self.fatal) or self.requests >= self.options.budget or over

    def close_warc(self) -> None:
        """End the WARC; a disk that is full at this moment leaves an open file for the next crawl to close."""
        try:
            self.warc.close()
        except OSError as error:
            self.fatal = self.fatal or f"the WARC could not be closed: {error.strerror or error}"

    def check_budget(self) -> None:
        """Raises OutOfBudget when the requests or the time of this run are used up, or nothing can be kept any more."""
        if self.fatal:
            raise OutOfBudget(self.fatal)
        if self.requests >= self.options.budget:
            raise OutOfBudget(f"the run's {self.options.budget} requests are used up")
        if self.options.seconds and self.clock.elapsed > self.options.seconds:
            raise OutOfBudget(f"the run's {self.options.seconds:.0f} seconds are used up")
