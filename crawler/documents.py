"""Articles and their attachments: fetched once, asked for again on condition, and known to be gone when they are."""

from __future__ import annotations

from datetime import date
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urlsplit

from sqlite_utils import Database

from crawler.asking import Answer, Asker
from crawler.desk import Desk
from crawler.families.addresses import address_key
from crawler.families.articles import article_links
from crawler.families.bounds import refusal
from crawler.faults import Fault, fault_of_page, fault_of_redirect
from crawler.listing import Listing
from crawler.notes import Notes
from db.crawl_rows import (
    Address,
    addresses_due,
    known_address,
    known_among,
    store_address,
    store_document,
)
from db.document_rows import latest_document
from parsers.decoding import decode
from registry.model import SHANGHAI, Entry


@lru_cache(maxsize=2)
def _text(body: bytes) -> str:
    """A page decoded; it is asked for its faults and then for its links."""
    return decode(body)[0]


PAGE_STARTS = (b"<", b"\xef\xbb\xbf<")


class Documents:
    """The documents of one visit. `before`: the entries of the last complete look by the key of their address."""

    def __init__(self, desk: Desk, asker: Asker, notes: Notes, before: dict[str, Entry]) -> None:
        self._desk = desk
        self._asker = asker
        self._notes = notes
        self._before = before
        self._asked: set[str] = set()
        self._new = 0
        self._failed: list[str] = []
        self._closed: list[str] = []
        self._foreign = 0
        self._left = 0

    def summary(self) -> str:
        """What came of the documents, as the end of a sentence."""
        parts = []
        if self._new:
            parts.append(f"{self._new} new documents")
        if self._failed:
            parts.append(f"{len(self._failed)} could not be fetched ({self._failed[0]})")
        if self._closed:
            parts.append(f"{len(self._closed)} kept but not looked into for attachments ({self._closed[0]})")
        if self._foreign:
            parts.append(f"{self._foreign} on hosts that are not in the registry were not followed")
        if self._left and self._desk.options.documents:  # a probe fetches none
            parts.append(f"{self._left} left for the next look")
        return "".join(f"; {part}" for part in parts)

    async def fetch(self, listing: Listing) -> None:
        """Fetch what is listed and not yet held, due again, or listed with another title or day than before."""
        now = self._desk.clock.now()
        known = known_among(self._desk.db, [entry.url for entry in listing.entries.values()])
        settled, waiting = [], []
        for key, entry in listing.entries.items():
            page = listing.pages.get(key)
            if page is not None:  # the list page is itself the report
                self._keep(entry.url, page, "article", entry)
            elif self._desk.hosts.refusal(entry.url):
                self._foreign += 1
            elif self._is_settled(known.get(entry.url), entry):
                settled.append(entry.url)
            else:
                waiting.append(entry)
        if settled:
            self._notes.settled(settled, now)
        for entry in waiting:
            if len(self._asked) >= self._desk.options.documents:
                self._left += 1
            else:
                await self._article(entry, known.get(entry.url))

    async def status_of(self, entry: Entry) -> int | None:
        """What the address of an entry that left the list answers: its status, None if it could not be asked.

        A redirect to another address is not the page's own word; its own status is given.
        """
        held = known_address(self._desk.db, entry.url)
        answer = await self._asker.ask(entry.url, "probe", held=held)
        self._asked.add(address_key(entry.url))
        if answer.fetched.redirects:
            self._note(entry.url, answer, usable=False)
            return 302
        self._receive(entry.url, answer, "article", entry)
        return answer.fetched.status

    async def ask_again(self) -> None:
        """Ask for every held or gone address of this column whose last answer is older than the options allow."""
        now, age = self._desk.clock.now(), self._desk.options.refetch_after
        for held in addresses_due(self._desk.db, self._notes.column.id, now - age):
            if address_key(held.url) in self._asked:
                continue
            if len(self._asked) >= self._desk.options.documents:
                self._left += 1
                continue
            self._asked.add(address_key(held.url))
            answer = await self._asker.ask(held.url, "article", held=held)
            last = latest_document(self._desk.db, held.url)
            entry = Entry(held.url, last.list_title if last else "", last.list_day if last else None)
            self._receive(
                held.url, answer, last.purpose if last else "article", entry, parent=last.parent if last else None
            )

    def _is_settled(self, held: Address | None, entry: Entry) -> bool:
        """True if what is held of an entry need not be asked for in this look."""
        if held is None or not held.sha256 or held.last_ok_at is None or held.gone_at is not None:
            return False
        if self._desk.clock.now() - held.last_at >= self._desk.options.refetch_after:
            return False
        was = self._before.get(address_key(entry.url))
        return was is None or (was.title, was.list_day) == (entry.title, entry.list_day)

    async def _article(self, entry: Entry, held: Address | None) -> None:
        self._asked.add(address_key(entry.url))
        answer = await self._asker.ask(entry.url, "article", held=held)
        document = self._receive(entry.url, answer, "article", entry)
        body = answer.fetched.body
        if answer.unchanged and held is not None and held.sha256 in self._desk.archive:
            body = self._desk.archive.get(held.sha256)
        if document is None or not body.lstrip().startswith(PAGE_STARTS):
            return
        text = _text(body)
        if refused := refusal(text):
            self._closed.append(f"{entry.url}: {refused}")
            return
        links = article_links(text, answer.fetched.final_url or entry.url)
        for link in [link for link in links if not link.companion][: self._desk.options.attachments]:
            await self._attachment(link.url, link.label, document, entry)

    async def _attachment(self, url: str, label: str, parent: int, entry: Entry) -> None:
        key = address_key(url)
        if key in self._asked:
            return
        if self._desk.hosts.refusal(url):
            self._foreign += 1
            return
        held = known_address(self._desk.db, url)
        same = Entry(url, label or entry.title)
        if held is not None and self._is_settled(held, same):
            return
        if len(self._asked) >= self._desk.options.documents:
            self._left += 1
            return
        self._asked.add(key)
        answer = await self._asker.ask(url, "attachment", held=held)
        self._receive(url, answer, "attachment", same, parent=parent)

    def _receive(
        self, url: str, answer: Answer, purpose: str, entry: Entry, *, parent: int | None = None
    ) -> int | None:
        """Keep what an address answered; the document's id where it answered with one (a 304: the one held)."""
        fault = answer.fault or self._document_fault(answer)
        if fault is not None:
            self._failed.append(fault.sentence)
            self._note(url, answer, usable=answer.fault is not None)
            return None
        if answer.unchanged:
            self._note(url, answer, usable=True)
            last = latest_document(self._desk.db, url)
            return last.id if last else None
        return self._keep(url, answer, purpose, entry, parent=parent)

    def _document_fault(self, answer: Answer) -> Fault | None:
        """Why an answer with status 200 is no document: the home page, a login, an error page, nothing."""
        fetched = answer.fetched
        if answer.unchanged:
            return None
        fault = fault_of_redirect(fetched.url, fetched.final_url)
        if fault is None and (not fetched.body.strip() or fetched.body.lstrip().startswith(PAGE_STARTS)):
            text = _text(fetched.body)
            fault = fault_of_page(fetched, text)
        return Fault(fault.result, f"{fetched.url}: {fault.sentence}") if fault else None

    def _keep(self, url: str, answer: Answer, purpose: str, entry: Entry, *, parent: int | None = None) -> int:
        fetched = answer.fetched
        with self._notes.keeping() as db:
            before = known_address(db, url)
            if before is None or before.sha256 != answer.sha256:
                self._new += 1
            self._store(db, url, answer, usable=True)
            return store_document(
                db,
                url=url,
                sha256=answer.sha256,
                bytes=len(fetched.body),
                purpose=purpose,
                seen_at=fetched.fetched_at,
                content_type=fetched.headers.get("content-type", ""),
                column_id=self._notes.column.id,
                parent_id=parent,
                list_title=entry.title,
                list_day=entry.list_day,
                server_day=_server_day(fetched.headers.get("last-modified", "")),
            )

    def _note(self, url: str, answer: Answer, *, usable: bool) -> None:
        """Keep what the answer says of the address; an answer that is no document says nothing of it."""
        with self._notes.keeping() as db:
            self._store(db, url, answer, usable=usable)

    def _store(self, db: Database, url: str, answer: Answer, *, usable: bool) -> None:
        fetched = answer.fetched
        store_address(
            db,
            url,
            at=fetched.fetched_at,
            status=fetched.status if usable and not (answer.fault and fetched.redirects) else None,
            column_id=self._notes.column.id,
            etag=fetched.headers.get("etag", ""),
            last_modified=fetched.headers.get("last-modified", ""),
            sha256=answer.sha256,
        )


def _server_day(last_modified: str) -> date | None:
    try:
        return parsedate_to_datetime(last_modified).astimezone(SHANGHAI).date()
    except ValueError:  # absent, or no date
        return None


def host_of(url: str) -> str:
    """The host of an address in lower case."""
    return (urlsplit(url).hostname or "").lower()
