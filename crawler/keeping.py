"""Keeping every answer before anyone reads it: the wire in the WARC, the body in the archive, one row a fetch."""

from __future__ import annotations

import asyncio
import zlib
from contextlib import suppress
from datetime import datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.desk import Desk
from crawler.errors import Withheld
from crawler.faults import fault_of_exception
from crawler.handler import WIRE_KEY
from crawler.warc import Told
from db.packing import Packed
from registry.model import Fetched, LookResult

SENT_KEY = "sent"
SHA_KEY = "sha256"  # of a request's meta: the body's place in the archive


class Keeper(HttpCompressionMiddleware):  # type: ignore[misc]  # Scrapy is untyped
    """Innermost downloader middleware: keeps what is asked and answered, redirects, retries and failures included.

    The WARC holds what came over the wire; what is archived is unpacked, so that equal pages are equal however they
    were sent. Packing, unpacking and writing take one thread: the other hosts need not wait.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self.crawler = crawler

    @property
    def desk(self) -> Desk:
        """The desk of the spider."""
        desk: Desk = self.crawler.spider.desk
        return desk

    def process_request(self, request: Request) -> None:
        """Counts what is about to be sent."""
        super().process_request(request)
        self.desk.requests += 1
        request.meta[SENT_KEY] = True

    async def process_response(self, request: Request, response: Response) -> Response:
        """The answer unpacked; its body is in the archive under `meta["sha256"]`, synced before a row speaks of it.

        Raises IgnoreRequest for a body that is too large unpacked; DatabaseError, CrawlerError if it cannot be kept.
        A crawl that is stopped meanwhile is kept waiting: what stands in the WARC has its row.
        """
        desk = self.desk
        request.meta.pop(SENT_KEY, None)
        at = desk.clock.now()
        desk.bytes += len(response.body)
        kept = asyncio.get_running_loop().run_in_executor(None, self._keep, request, response, at)
        try:
            await asyncio.shield(kept)
        except asyncio.CancelledError:
            while not kept.done():  # a crawl that ends cancels what is still under way once more
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([kept])
            if kept.exception() is None:
                self._note(request, at, *kept.result())
            raise
        place, sha256, opened = kept.result()
        self._note(request, at, place, sha256, opened)
        if isinstance(opened, IgnoreRequest):
            raise opened
        return opened

    def _note(
        self, request: Request, at: datetime, place: tuple[str, int], sha256: str, opened: Response | IgnoreRequest
    ) -> None:
        """The row of what was kept."""
        if isinstance(opened, IgnoreRequest):
            self._failed(request, opened, at, place)
            return
        request.meta[SHA_KEY] = sha256
        fetched = Fetched(
            url=_first(request),
            fetched_at=at,
            purpose=request.meta["purpose"],
            status=opened.status,
            final_url=request.url,
        )
        request.meta["notes"].fetch(fetched, sha256, place, len(opened.body))

    def process_exception(self, request: Request, exception: Exception) -> None:
        """The record and the row of a request that failed; what was never sent leaves none."""
        if not request.meta.pop(SENT_KEY, False):
            return
        if isinstance(exception, Withheld):
            self.desk.requests -= 1
            return
        at = self.desk.clock.now()
        place = self.desk.warc.exchange(
            url=request.url,
            at=at,
            request=self._meant(request),
            response=None,
            told=_told(request, str(fault_of_exception(exception).result)),
            error=fault_of_exception(exception).sentence,
        )
        self._failed(request, exception, at, place)

    def _keep(
        self, request: Request, response: Response, at: datetime
    ) -> tuple[tuple[str, int], str, Response | IgnoreRequest]:
        """What is done in the thread: the place in the WARC, the hash in the archive, and the answer unpacked."""
        sent, came = request.meta.pop(WIRE_KEY)
        encoded = b"Content-Encoding" in response.headers
        wire = Packed(response.body, 0) if encoded else Packed(response.body)
        place = self.desk.warc.exchange(
            url=request.url,
            at=at,
            request=(request.method, sent, request.body),
            response=(response.status, response.protocol, came, wire),
            told=_told(request),
            ip=str(response.ip_address),
        )
        try:
            opened: Response = super().process_response(request, response)
        except IgnoreRequest as error:
            return place, "", error
        except (EOFError, OSError, zlib.error) as error:
            words = f"the body is not packed as it says: {error}"
            return place, "", Withheld(LookResult.DECODING, words)
        whole = Packed(opened.body) if encoded else wire
        return place, self.desk.archive.put(whole) if opened.body else "", opened

    def _meant(self, request: Request) -> tuple[str, list[tuple[str, str]], bytes]:
        """The request as far as it is known where no answer came."""
        headers = dict(self.desk.options.headers)
        for name, values in request.headers.items():
            headers[name.decode("latin-1")] = b", ".join(values).decode("latin-1")
        return request.method, list(headers.items()), request.body

    def _failed(self, request: Request, exception: Exception, at: datetime, place: tuple[str, int]) -> None:
        error = str(fault_of_exception(exception).result)
        fetched = Fetched(_first(request), at, request.meta["purpose"], final_url=request.url, error=error)
        request.meta["notes"].fetch(fetched, "", place)


def _told(request: Request, result: str = "") -> Told:
    return Told(request.meta["notes"].column.id, request.meta["purpose"], _first(request), result)


def _first(request: Request) -> str:
    """The address that was first asked for, before redirects."""
    led: list[str] = request.meta.get("redirect_urls") or [request.url]
    return led[0]
