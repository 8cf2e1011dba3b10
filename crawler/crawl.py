"""One crawl from the database's columns to its looks: sets the desk, starts Scrapy, closes what it opened."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.desk import Desk
from crawler.documents import host_of
from crawler.errors import CrawlerError
from crawler.options import PRODUCT, Clock, Options
from crawler.recovery import recover
from crawler.safety import ALLOWED_SETTING, AllowedHosts
from crawler.settings import scrapy_settings
from crawler.spider import ColumnsSpider
from crawler.warc import Warc
from db.archive import Archive
from db.connection import open_database
from db.registry_rows import load_registry
from db.runs import note_run


@dataclass(frozen=True, slots=True)
class Summary:
    """What a crawl came to: looks by result, requests, bytes over the wire, and visits that failed by our fault."""

    columns: int
    results: Mapping[str, int]
    requests: int
    bytes: int
    seconds: float
    broken: tuple[str, ...]
    fatal: str = ""

    @property
    def finished(self) -> bool:
        """True if every column was visited and nothing of ours failed."""
        looks = sum(self.results.values())
        return not self.fatal and not self.broken and looks == self.columns and not self.results.get("interrupted")

    def as_row(self) -> dict[str, Any]:
        """For the run table and the log."""
        return {
            "columns": self.columns,
            "results": dict(self.results),
            "requests": self.requests,
            "bytes": self.bytes,
            "seconds": round(self.seconds, 1),
            "broken": list(self.broken),
            "fatal": self.fatal,
        }


def crawl(options: Options) -> Summary:
    """Visit the columns named in `options`; one look each is stored as it ends, in one transaction.

    Blocks until all is done or the process is told to stop. Raises CrawlerError for columns that are not in the
    registry, DatabaseError for a home that cannot be used; in both cases nothing has been asked.
    """
    db = open_database(options.home, create=False)
    try:
        registry = load_registry(db)
        unknown = [name for name in options.columns if name not in registry.columns]
        if unknown:
            raise CrawlerError(f"{options.home}: no such column in the registry: {', '.join(unknown)}")
        archive = Archive(options.home)
        recover(options.home, db, archive)
        clock = Clock(options.now)
        name = f"{clock.now():%Y%m%dT%H%M%SZ}-run{options.run or 0}"
        columns = tuple(registry.columns[name] for name in dict.fromkeys(options.columns))
        desk = Desk(
            options=options,
            clock=clock,
            db=db,
            archive=archive,
            warc=Warc(options.home, name, PRODUCT),
            hosts=AllowedHosts(registry.columns.values()),
            columns=columns,
            legacy_hosts=frozenset(host_of(column.url) for column in columns if column.legacy_tls),
        )
        _run(desk)
        desk.close_warc()
        summary = Summary(
            len(columns), desk.results, desk.requests, desk.bytes, clock.elapsed, tuple(desk.broken), desk.fatal
        )
        if options.run is not None and not summary.fatal:
            note_run(db, options.run, {"crawl": summary.as_row()})
        return summary
    finally:
        db.close()


def _run(desk: Desk) -> None:
    """Let Scrapy visit the columns; what ended it early is the desk's `fatal`."""
    settings = _settings(desk)
    process = AsyncCrawlerProcess(settings)
    _log()
    if not desk.columns:
        return
    task = process.crawl(Crawler(ColumnsSpider, settings), desk=desk)
    process.start()
    error = task.exception() if task.done() and not task.cancelled() else None
    desk.fatal = "; ".join(filter(None, [desk.fatal, str(error or "")]))


def _settings(desk: Desk) -> Settings:
    values = scrapy_settings(desk.options)
    slots: dict[str, dict[str, float]] = {}
    for column in desk.columns:
        if column.delay_seconds is not None:
            slot = slots.setdefault(host_of(column.url), {"concurrency": 1, "delay": 0.0})
            slot["delay"] = max(slot["delay"], column.delay_seconds)
    values["DOWNLOAD_SLOTS"] = slots  # {}: hosts whose columns name a delay of their own
    values[ALLOWED_SETTING] = [str(network) for network in desk.options.allow_private]
    return Settings(values)


def _log() -> None:
    """Warnings of ours and of Scrapy to standard error; a portal's faults are results, not warnings."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", force=True)
    logging.getLogger("scrapy").setLevel(logging.WARNING)  # Scrapy sets DEBUG for itself
