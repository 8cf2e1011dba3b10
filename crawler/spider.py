"""The one spider: visits its columns, one after the other on each host, all hosts side by side."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Spider

from crawler.browser import Browser
from crawler.desk import Desk
from crawler.documents import host_of
from crawler.errors import CrawlerError
from crawler.visit import Visit
from db.errors import DatabaseError
from registry.model import Column, Look


class ColumnsSpider(Spider):  # type: ignore[misc]  # Scrapy is untyped
    """Visits the columns of `desk`, where everything it needs and counts lies.

    Visits are written from top to bottom (list, then what is gone, then documents), so they ask the engine's downloader
    directly; all downloader middlewares apply. A visit that fails by our own fault is recorded and the rest goes on.
    """

    name = "columns"

    def __init__(self, desk: Desk, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.desk = desk
        self._browser = Browser()
        self._hosts: dict[str, list[Column]] = {}
        for column in desk.columns:
            self._hosts.setdefault(host_of(column.url), []).append(column)

    async def start(self) -> AsyncIterator[Any]:
        """Scrapy's entry: yields nothing, and returns when every column has been visited."""
        room = asyncio.Semaphore(self.desk.options.hosts_at_once)
        try:
            await asyncio.gather(*(self._host(columns, room) for columns in self._hosts.values()))
        finally:
            await self._browser.close()
        return
        yield  # an asynchronous generator, as Scrapy asks for

    async def _host(self, columns: list[Column], room: asyncio.Semaphore) -> None:
        async with room:
            for column in columns:
                if self.desk.exhausted:
                    return
                try:
                    await self._column(column)
                except (DatabaseError, CrawlerError) as error:
                    # a full disk or a broken database: nothing can be kept, so nothing more is asked
                    self.desk.fatal = self.desk.fatal or str(error)
                    return

    async def _column(self, column: Column) -> None:
        visit = Visit(self.crawler, self.desk, self._browser, column)
        task = asyncio.ensure_future(visit.go())
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait([task])  # it stores its `interrupted` look
            raise
        error = task.exception()
        if error is None:
            self._tell(task.result())
        elif isinstance(error, DatabaseError | CrawlerError):
            raise error
        else:
            self.desk.broken.append(f"{column.id}: {type(error).__name__}: {error}")
            self.logger.error("%s: our own fault", column.id, exc_info=error)
            self._tell(visit.broke(error))

    def _tell(self, look: Look) -> None:
        print(f"{look.column}: {look.result}: {look.detail}", file=sys.stderr, flush=True)
