"""Trying again, but not at once: Scrapy retries without a pause and does not read Retry-After."""

from __future__ import annotations

import asyncio
import time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from crawler.options import Clock, Options

SLOWEST = 30.0


class BackOff(RetryMiddleware):  # type: ignore[misc]  # Scrapy is untyped
    """Scrapy's retries with a pause for the whole host: Retry-After, else doubled from try to try.

    After a 429 or 503 the host's delay is doubled for the rest of the run. A Retry-After that is longer than the
    options allow is taken as the answer.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler
        self._not_before: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BackOff:
        """Scrapy's factory."""
        return cls(crawler)

    @property
    def _options(self) -> Options:
        options: Options = self.crawler.spider.desk.options
        return options

    async def process_request(self, request: Request) -> None:
        """Waits until the host may be asked again."""
        while self._not_before and (wait := self._not_before.get(self._host(request), 0.0) - time.monotonic()) > 0:
            await asyncio.sleep(wait)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The answer, or the request again for a busy host."""
        if response.status not in self.retry_http_codes:
            return response
        wait = retry_after(response, self.crawler.spider.desk.clock)
        if wait is not None and wait > self._options.longest_wait:
            return response
        again = super().process_response(request, response)
        if isinstance(again, Request):
            self._pause(request, wait)
            slot = self.crawler.engine.downloader._get_slot(request)[1]
            slot.delay = min(max(slot.delay * 2, self._options.backoff), max(SLOWEST, slot.delay))
        return again

    def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:
        """The request again after a pause, for failures that may pass."""
        again = super().process_exception(request, exception)
        if again is not None:
            self._pause(request, None)
        return again

    def _pause(self, request: Request, wait: float | None) -> None:
        tried = request.meta.get("retry_times", 0)
        seconds = wait if wait is not None else self._options.backoff * 2**tried
        host = self._host(request)
        self._not_before[host] = max(self._not_before.get(host, 0.0), time.monotonic() + seconds)

    @staticmethod
    def _host(request: Request) -> str:
        return urlsplit(request.url).hostname or ""


def retry_after(response: Response, clock: Clock) -> float | None:
    """Seconds to wait by the Retry-After header (seconds or a date); None if it is absent or unreadable."""
    raw = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if raw.isdigit():
        return float(raw)
    try:
        until = parsedate_to_datetime(raw)
    except ValueError:
        return None
    if until.tzinfo is None:
        return None
    return max(0.0, (until - clock.now()).total_seconds())
