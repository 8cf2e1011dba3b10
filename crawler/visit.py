"""One visit to one column: its list, the entries that are gone, the documents; and the look that says how it went."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.asking import Asker
from crawler.browser import Browser, DrawnPages, absent
from crawler.desk import Desk
from crawler.documents import Documents
from crawler.errors import OutOfBudget
from crawler.families.addresses import address_key
from crawler.faults import Fault
from crawler.listing import Listing, read_listing
from crawler.notes import Notes
from db.crawl_rows import last_complete_list, store_look
from registry.model import Column, Entry, GoneEntry, Look, LookResult

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Visit:
    """A visit from its first request to its look. The look is stored last; a visit that is killed leaves none."""

    def __init__(self, crawler: Crawler, desk: Desk, browser: Browser, column: Column) -> None:
        self.column = column
        self._desk = desk
        self._browser = browser
        self._notes = Notes(desk.db, column)
        self._asker = Asker(crawler, desk, self._notes)
        self._started: datetime = desk.clock.now()
        self._listing = Listing()
        self._gone: tuple[GoneEntry, ...] = ()

    async def go(self) -> Look:
        """Visit the column and store the look. Raises DatabaseError; a cancelled visit stores an `interrupted` look."""
        try:
            fault, sentence = await self._look()
        except OutOfBudget as reason:
            return self._store(LookResult.INTERRUPTED, str(reason))
        except asyncio.CancelledError:
            self._store(LookResult.INTERRUPTED, "the crawl was stopped")
            raise
        return self._store(fault.result, fault.sentence) if fault else self._store(LookResult.COMPLETE, sentence)

    def broke(self, error: BaseException) -> Look:
        """The look of a visit that failed by our own fault."""
        return self._store(LookResult.UNKNOWN, f"our own fault: {type(error).__name__}: {error}")

    async def _look(self) -> tuple[Fault | None, str]:
        options = self._desk.options
        asker: Asker | DrawnPages = self._asker
        if self.column.javascript:
            if missing := absent():
                return Fault(LookResult.NO_BROWSER, missing), ""
            asker = DrawnPages(self._asker, self._browser, options.page_bytes)
        self._listing = await read_listing(self.column, asker, options.list_pages)
        before = {address_key(one.url): one for one in last_complete_list(self._desk.db, self.column.id) or ()}
        documents = Documents(self._desk, self._asker, self._notes, before)
        fault = self._listing.fault
        if fault is None:
            fault = await self._ask_for_gone(before, documents)
        await documents.fetch(self._listing)
        if self._listing.pages:
            await documents.ask_again()
        pages = f"{self._listing.pages_read} of {self._listing.pages_expected} pages"
        sentence = f"{pages}, {len(self._listing.entries)} entries{documents.summary()}"
        return (Fault(fault.result, f"{fault.sentence} ({sentence})"), "") if fault else (None, sentence)

    async def _ask_for_gone(self, before: dict[str, Entry], documents: Documents) -> Fault | None:
        """Domain section 1: every entry of the last complete look is still listed, or its address says it is gone."""
        listed = self._listing.entries.keys() | self._listing.lists
        missing = [entry for key, entry in before.items() if key not in listed]
        if not missing:
            return None
        if len(missing) * 2 > len(before):
            return Fault(LookResult.LAYOUT_CHANGED, f"{len(missing)} of {len(before)} entries are no longer listed")
        most = self._desk.options.gone_asked
        gone = [GoneEntry(entry.url, await documents.status_of(entry)) for entry in missing[:most]]
        self._gone = (*gone, *(GoneEntry(entry.url, None) for entry in missing[most:]))
        open_ones = [entry for entry in self._gone if not entry.proven]
        if not open_ones:
            return None
        first = open_ones[0]
        said = f"answered {first.status}" if first.status else "could not be asked"
        return Fault(
            LookResult.ENTRIES_GONE,
            f"{len(open_ones)} of {len(missing)} entries left the list without being gone: {first.url} {said}",
        )

    def _store(self, result: LookResult, detail: str) -> Look:
        look = Look(
            column=self.column.id,
            started_at=self._started,
            finished_at=self._desk.clock.now(),
            result=result,
            detail=detail[:1000],
            pages_expected=self._listing.pages_expected,
            pages_read=self._listing.pages_read,
            entries=tuple(self._listing.entries.values()),
            gone=self._gone,
            requests=self._notes.requests,
            bytes=self._notes.bytes,
        )
        with self._notes.keeping() as db:
            store_look(db, look, self._desk.options.run, fetch_ids=self._notes.fetch_ids)
        self._desk.results[str(result)] += 1
        return look
