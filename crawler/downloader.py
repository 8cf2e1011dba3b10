"""The way of a request through Scrapy: its middlewares, then its host's turn, then the connection."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from time import monotonic

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.crawler import Crawler
from scrapy.http import Response

Download = Callable[[Request], Awaitable[Response]]


class Chain(DownloaderMiddlewareManager):  # type: ignore[misc]  # Scrapy is untyped
    """Scrapy's chain of middlewares without what it does for older ones: each answer made a coroutine and asked whether
    it is a Deferred, each method asked whether it wants the spider. Ours want none.
    """

    async def _process_request(self, request: Request, download_func: Download) -> Request | Response:
        for method in self.methods["process_request"]:
            answer = method(request=request)
            if answer is not None and not isinstance(answer, Request | Response):
                answer = await answer
            if answer is not None:
                return answer
        return await download_func(request)

    async def _process_response(self, response: Request | Response, request: Request) -> Request | Response:
        for method in self.methods["process_response"]:
            if isinstance(response, Request):
                break
            answer = method(request=request, response=response)
            response = answer if isinstance(answer, Request | Response) else await answer
        return response


class PortalDownloader(Downloader):  # type: ignore[misc]  # Scrapy is untyped
    """Scrapy's downloader with its slots, delays and middlewares, where the visit that asks is the task that waits.

    The stock class hands each request through a queue to a task of its own and back, the engine through two Deferreds
    more and four signals that nobody here listens to: a sixth of the time of a request.
    """

    middleware: DownloaderMiddlewareManager

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.middleware = Chain(*self.middleware.middlewares, crawler=crawler)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def ask(self, request: Request) -> Response:
        """The answer, after redirects and retries; raises what the middlewares and the connection raise."""
        while True:
            answer: Request | Response = await self.middleware.download_async(self._enqueue_request, request)
            if isinstance(answer, Response):
                answer.request = answer.request or request
                return answer
            request = answer

    async def _enqueue_request(self, request: Request) -> Response:
        """One request a host at a time, and none sooner after the last than the slot's delay."""
        key, slot = self._get_slot(request)
        request.meta[self.DOWNLOAD_SLOT] = key
        slot.active.add(request)  # a slot without any is forgotten after a minute
        try:
            async with self._turns[key]:
                wait = slot.lastseen + slot.download_delay() - monotonic()
                if wait > 0:
                    await asyncio.sleep(wait)
                slot.lastseen = monotonic()
                response: Response = await self.handlers.download_request_async(request)
                return response
        finally:
            slot.active.remove(request)
