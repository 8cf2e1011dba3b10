"""One question to a portal and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from crawler.desk import Desk
from crawler.faults import DOWNLOAD_FAILURES, Fault, fault_of_exception, fault_of_status
from crawler.keeping import SHA_KEY
from crawler.notes import Notes
from crawler.options import PAGES
from crawler.warc import Told
from db.crawl_rows import Address
from registry.model import Fetched

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one question. `fault` None: 200, or 304 if we asked on condition. `sha256`: the body's, archived."""

    fetched: Fetched
    fault: Fault | None
    sha256: str = ""

    @property
    def unchanged(self) -> bool:
        """True for 304: what we hold is what is there."""
        return self.fetched.status == 304


class Asker:
    """Sends the questions of one visit through Scrapy's downloader, one after the other."""

    def __init__(self, crawler: Crawler, desk: Desk, notes: Notes) -> None:
        self._crawler = crawler
        self._desk = desk
        self._notes = notes

    async def ask(
        self,
        url: str,
        purpose: str,
        *,
        held: Address | None = None,
        method: str = "GET",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for `url` (`purpose` as in `Fetched`), on condition if something is held of it. `method`, `body` and
        `headers` are those of what a page's script asks for.

        Never raises for what the portal does; raises OutOfBudget when the run must end.
        """
        self._desk.check_budget()
        options = self._desk.options
        most = options.page_bytes if purpose in PAGES else options.document_bytes
        told = dict(headers or {})
        if held is not None and held.etag:
            told["If-None-Match"] = held.etag
        if held is not None and held.last_modified:
            told["If-Modified-Since"] = held.last_modified
        request = Request(
            url,
            method=method,
            body=body,
            headers=told,
            callback=NO_CALLBACK,
            dont_filter=True,
            meta={"notes": self._notes, "purpose": purpose, "download_maxsize": most},
        )
        if self._notes.column.javascript:
            request.meta["cookiejar"] = self._notes.column.id  # scripts make more of cookies than lists do
        try:
            response = await self._crawler.engine.downloader.ask(request)
        except DOWNLOAD_FAILURES as error:
            fault = fault_of_exception(error)
            failed = Fetched(url, self._desk.clock.now(), purpose, error=str(fault.result))
            return Answer(failed, Fault(fault.result, f"{url}: {fault.sentence}"))
        fetched = Fetched(
            url=url,
            fetched_at=self._desk.clock.now(),
            purpose=purpose,
            status=response.status,
            final_url=response.url,
            redirects=tuple(response.meta.get("redirect_urls", ())),
            headers={k.decode("latin-1").lower(): v[-1].decode("latin-1") for k, v in response.headers.items() if v},
            body=response.body,
            ip=str(response.ip_address or ""),
        )
        said = fault_of_status(fetched)
        wrong = Fault(said.result, f"{url} {said.sentence}") if said else None
        return Answer(fetched, wrong, response.meta.get(SHA_KEY, ""))

    def keep_drawn(self, page: Answer, body: bytes, maker: str) -> str:
        """Archive what a page's scripts made of it, with a record that says so and a row; its SHA-256.

        Raises DatabaseError, CrawlerError.
        """
        desk, url = self._desk, page.fetched.final_url or page.fetched.url
        at = desk.clock.now()
        told = Told(self._notes.column.id, "drawn", page.fetched.url)
        place = desk.warc.drawn(url=url, at=at, body=body, maker=maker, of=page.fetched.body, told=told)
        sha256 = desk.archive.put(body)
        self._notes.fetch(Fetched(page.fetched.url, at, "drawn", final_url=url), sha256, place, len(body))
        return sha256
