"""Keeping every answer before anyone reads it: the wire in the WARC, the body in the archive, one row a fetch."""

from __future__ import annotations

import asyncio
from datetime import datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.desk import Desk
from crawler.faults import fault_of_exception
from db.crawl_rows import store_fetch
from registry.model import Fetched

SENT_KEY, WARC_KEY, AT_KEY, SHA_KEY = "sent", "warc_place", "answered_at", "sha256"


class _OfDesk:
    """A downloader middleware that works on the desk of its spider."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> _OfDesk:
        """Scrapy's factory."""
        return cls(crawler)

    @property
    def desk(self) -> Desk:
        desk: Desk = self.crawler.spider.desk
        return desk


class Recorder(_OfDesk):
    """Innermost: writes request and response as they went over the wire, failures included."""

    def process_request(self, request: Request) -> None:
        """Counts what is about to be sent."""
        self.desk.requests += 1
        request.meta[SENT_KEY] = True

    async def process_response(self, request: Request, response: Response) -> Response:
        """Writes the exchange, in a thread, and remembers where."""
        request.meta.pop(SENT_KEY, None)
        at = self.desk.clock.now()
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]
        request.meta[WARC_KEY] = await asyncio.to_thread(
            self.desk.warc.exchange,
            url=request.url,
            at=at,
            request=_sent(request),
            response=(response.status, response.protocol or "HTTP/1.1", headers, response.body),
            ip=str(response.ip_address or ""),
        )
        request.meta[AT_KEY] = at
        self.desk.bytes += len(response.body)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Writes the request and what it failed with; what was never sent leaves no record."""
        if not request.meta.pop(SENT_KEY, False):
            return
        at = self.desk.clock.now()
        request.meta[WARC_KEY] = self.desk.warc.exchange(
            url=request.url, at=at, request=_sent(request), response=None, error=fault_of_exception(exception).sentence
        )
        request.meta[AT_KEY] = at


class Keeper(_OfDesk):
    """After decompression: archives the body and writes the row of the fetch, redirects and retries included."""

    async def process_response(self, request: Request, response: Response) -> Response:
        """The response, whose body is in the archive under `meta["sha256"]`.

        Archived in a thread: a body is synced to the disk before a row speaks of it, and the other hosts need not wait.
        """
        sha256 = await asyncio.to_thread(self.desk.archive.put, response.body) if response.body else ""
        request.meta[SHA_KEY] = sha256
        fetched = Fetched(
            url=_first(request),
            fetched_at=request.meta.pop(AT_KEY),
            purpose=request.meta["purpose"],
            status=response.status,
            final_url=request.url,
            body=response.body,
        )
        _row(self.desk, request, fetched, sha256)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """The row of a fetch that failed."""
        keep_failure(self.desk, request, exception)


def keep_failure(desk: Desk, request: Request, exception: Exception) -> None:
    """The row of a fetch that failed and has none yet; what we did not send is none."""
    at: datetime | None = request.meta.pop(AT_KEY, None)
    if at is not None:
        error = str(fault_of_exception(exception).result)
        fetched = Fetched(_first(request), at, request.meta["purpose"], final_url=request.url, error=error)
        _row(desk, request, fetched, "")


def _row(desk: Desk, request: Request, fetched: Fetched, sha256: str) -> None:
    file, offset = request.meta[WARC_KEY]
    visit = request.meta["visit"]
    row = store_fetch(desk.db, fetched, column_id=visit.column.id, sha256=sha256, warc_file=file, warc_offset=offset)
    visit.note_fetch(row, len(fetched.body))


def _first(request: Request) -> str:
    """The address that was first asked for, before redirects."""
    led: list[str] = request.meta.get("redirect_urls") or [request.url]
    return led[0]


def _sent(request: Request) -> tuple[str, list[tuple[str, str]], bytes]:
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in request.headers.items()
        for value in values
    ]
    return request.method, headers, request.body
