"""robots.txt, kept without a gap: Scrapy 2.19 lets requests slip past it while it is being fetched."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler

from crawler.errors import Withheld
from crawler.faults import DOWNLOAD_FAILURES, fault_of_exception
from registry.model import LookResult

LONGEST_DELAY = 30.0  # a crawl-delay beyond this would keep one column for hours
MOST_BYTES = 512 * 1024  # RFC 9309 asks for at least 500 KiB


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots.txt came to: a parser, or why nothing may be asked."""

    parser: RobotParser | None = None
    refusal: Withheld | None = None


class PoliteRobots(RobotsTxtMiddleware):  # type: ignore[misc]  # Scrapy is untyped
    """Scrapy's middleware, with one fetch a host that all requests wait for, RFC 9309 on failures, and Crawl-delay.

    The stock class hands every waiter but the first None while robots.txt is in flight, and takes None for "allowed".
    A robots.txt that answers 5xx or not at all forbids everything (RFC 9309, 2.3.1.4); 4xx forbids nothing.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[str, asyncio.Task[Rules]] = {}

    async def process_request(self, request: Request) -> None:
        """Raises Withheld if the host's robots.txt forbids the request."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        url = urlparse_cached(request)
        key = f"{url.scheme}://{url.netloc}"
        if key not in self._rules:
            self._rules[key] = asyncio.ensure_future(self._fetch(f"{key}/robots.txt", request))
        task = self._rules[key]
        rules = task.result() if task.done() else await asyncio.shield(task)
        if rules.refusal is not None:
            raise Withheld(rules.refusal.result, rules.refusal.sentence)
        if rules.parser is None:
            return
        if not rules.parser.allowed(request.url, self._default_useragent):
            raise Withheld(LookResult.ROBOTS, f"robots.txt of {url.netloc} forbids {url.path}")
        self._slow_down(rules.parser, request)

    async def _fetch(self, url: str, request: Request) -> Rules:
        kept = {key: request.meta[key] for key in ("notes", "download_slot") if key in request.meta}
        asked = Request(
            url,
            callback=NO_CALLBACK,
            meta={"dont_obey_robotstxt": True, "purpose": "robots", "download_maxsize": MOST_BYTES, **kept},
        )
        try:
            response = await self.crawler.engine.downloader.ask(asked)
        except Withheld:
            return Rules()  # a robots.txt that leads astray is none; the request itself is checked on its own
        except DOWNLOAD_FAILURES as error:
            fault = fault_of_exception(error)
            return Rules(refusal=Withheld(fault.result, f"robots.txt: {fault.sentence}"))
        if response.status >= 500:
            return Rules(refusal=Withheld(LookResult.SERVER_ERROR, f"robots.txt answered {response.status}"))
        if response.status != 200:
            return Rules()
        return Rules(parser=build_from_crawler(self._parserimpl, self.crawler, response.body))

    def _slow_down(self, parser: RobotParser, request: Request) -> None:
        delay = parser.crawl_delay(self._default_useragent)
        if delay:
            slot = self.crawler.engine.downloader._get_slot(request)[1]
            slot.delay = max(slot.delay, min(float(delay), LONGEST_DELAY))
