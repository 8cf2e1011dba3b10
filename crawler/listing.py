"""Reading the whole list of a column: page after page, tabs by year, until nothing is left or something fails."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from crawler.asking import Answer, Asker
from crawler.browser import DrawnPages
from crawler.families import ListPage, read_list, sublist
from crawler.families.addresses import address_key
from crawler.families.bounds import refusal
from crawler.faults import Fault, fault_of_emptiness, fault_of_page, fault_of_redirect, moved
from parsers.decoding import decode
from registry.model import Column, Entry, LookResult

MOST_FOLDERS = 30  # entries of one list page that are tried as lists


@dataclass(slots=True)
class Listing:
    """What was read of a column's list. `fault` None: all of it. `pages` keeps the answers by the key of their address,
    for columns whose page is itself the report. `lists`: the keys of entries that are lists themselves, and were read.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    pages: dict[str, Answer] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    pages_expected: int | None = None
    pages_read: int = 0
    fault: Fault | None = None


@dataclass(slots=True)
class _Series:
    """One list with its pages: the column's own, or that of a tab."""

    root: str
    expected: int | None = None
    records: int | None = None
    rows: int = 0
    read: int = 0
    hashes: dict[str, str] = field(default_factory=dict)


async def read_listing(column: Column, asker: Asker | DrawnPages, most_pages: int) -> Listing:
    """Read every page of a column's list; what stops it is the listing's `fault`. Raises OutOfBudget."""
    listing = Listing()
    main = _Series(column.url)
    series = [main]
    queue: deque[tuple[str, _Series]] = deque([(column.url, main)])
    known = {address_key(column.url)}
    while queue:
        url, of = queue.popleft()
        answer = await asker.ask(url, "list")
        page, fault = _judge(column, answer, of)
        if fault is not None:
            listing.fault = _as_part(fault, first=url == column.url)
            if fault.result is LookResult.PAGING_CUT:  # what stands there is found all the same
                _take(listing, url, answer, page)
            break
        _take(listing, url, answer, page)
        _count(of, page)
        for sublisted, found in await _sublists(column, asker, page if of is main else None, listing, known):
            series.append(sublisted)
            queue.extend((url, sublisted) for url in found)
        for tab in page.tabs if of is main else ():
            if address_key(tab) not in known:
                known.add(address_key(tab))
                series.append(_Series(tab))
                queue.append((tab, series[-1]))
        for following in page.next_urls:
            if address_key(following) not in known:
                known.add(address_key(following))
                queue.append((following, of))
        if len(known) > most_pages:
            listing.fault = Fault(LookResult.PAGING_CUT, f"more than {most_pages} list pages")
            break
    listing.pages_read = sum(s.read for s in series)
    listing.pages_expected = sum(max(s.expected or 1, s.read) for s in series)
    listing.fault = listing.fault or _whole(series)
    return listing


def _take(listing: Listing, url: str, answer: Answer, page: ListPage) -> None:
    listing.pages[address_key(url)] = answer
    for entry in page.entries:
        listing.entries.setdefault(address_key(entry.url), entry)


async def _sublists(
    column: Column, asker: Asker | DrawnPages, page: ListPage | None, listing: Listing, known: set[str]
) -> list[tuple[_Series, list[str]]]:
    """Read the entries of the column's own list that are lists themselves, one level deep: their series, and where
    their further pages are. What is not surely a list stays an entry, which is undecidable by its title.
    """
    read = []
    for url in page.folders[:MOST_FOLDERS] if page else ():
        key = address_key(url)
        if key in known:
            continue
        known.add(key)
        here = _Series(url)
        answer = await asker.ask(url, "list")
        judged, fault = _judge(column, answer, here)
        text, _ = decode(answer.fetched.body)
        if fault is not None or sublist(column.family, text, answer.fetched.final_url or url) is None:
            continue
        listing.lists.add(key)
        listing.entries.pop(key, None)
        for entry in judged.entries:
            listing.entries.setdefault(address_key(entry.url), entry)
        _count(here, judged)
        further = [one for one in judged.next_urls if address_key(one) not in known]
        known.update(map(address_key, further))
        read.append((here, further))
    return read


def _judge(column: Column, answer: Answer, of: _Series) -> tuple[ListPage, Fault | None]:
    """The page read, and what speaks against taking it for a page of the list."""
    nothing = ListPage(())
    fetched = answer.fetched
    if answer.fault is not None:
        return nothing, answer.fault
    fault = fault_of_redirect(fetched.url, fetched.final_url) or moved(fetched.url, fetched.final_url)
    if fault is not None:
        return nothing, fault
    text, _ = decode(fetched.body)
    fault = fault_of_page(fetched, text)
    if fault is not None:
        return nothing, Fault(fault.result, f"{fetched.url}: {fault.sentence}")
    if refused := refusal(text):
        return nothing, Fault(LookResult.TOO_LARGE, f"{fetched.url}: {refused} is not read")
    try:
        page = read_list(column.family, text, fetched.final_url or fetched.url)
    except (ValueError, RecursionError) as error:  # a page made to break its reader is no fault of ours
        return nothing, Fault(LookResult.UNKNOWN, f"{fetched.url}: cannot be read: {type(error).__name__}: {error}")
    if not page.entries and not page.shell and not (page.tabs and of.root == column.url):
        empty = fault_of_emptiness(text)
        return page, Fault(empty.result, f"{fetched.url}: {empty.sentence}")
    if any("\ufffd" in entry.title or "\ufffd" in entry.url for entry in page.entries):
        return page, Fault(LookResult.DECODING, f"{fetched.url}: a title that cannot be read in any encoding")
    if page.problem:
        return page, Fault(LookResult.PAGING_CUT, f"{fetched.url}: {page.problem}")
    if not page.shell and answer.sha256 in of.hashes:
        return page, Fault(LookResult.PAGING_CUT, f"{fetched.url} repeats {of.hashes[answer.sha256]}")
    rows = "\n".join(f"{entry.url} {entry.title}" for entry in page.entries)
    if not page.shell and rows in of.hashes:
        return page, Fault(LookResult.PAGING_CUT, f"{fetched.url} lists what {of.hashes[rows]} lists")
    of.hashes |= {answer.sha256: fetched.url} | ({rows: fetched.url} if rows else {})
    return page, None


def _as_part(fault: Fault, *, first: bool) -> Fault:
    """A page further on that fails cuts the paging; what it failed with is said."""
    if first or fault.result in (LookResult.UNSAFE_ADDRESS, LookResult.PAGING_CUT):
        return fault
    return Fault(LookResult.PAGING_CUT, f"{fault.result}: {fault.sentence}")


def _count(of: _Series, page: ListPage) -> None:
    if page.shell:
        return
    of.read += 1
    of.rows += page.rows
    of.expected = max((n for n in (of.expected, page.pages_expected) if n is not None), default=None)
    of.records = max((n for n in (of.records, page.records_expected) if n is not None), default=None)


def _whole(series: list[_Series]) -> Fault | None:
    """What is missing of a list that was read without a fault: pages or rows fewer than it says it has."""
    for of in series:
        if of.expected is not None and of.read < of.expected:
            return Fault(LookResult.PAGING_CUT, f"{of.root} speaks of {of.expected} pages, {of.read} were found")
        if of.records is not None and of.rows < of.records:
            return Fault(LookResult.PAGING_CUT, f"{of.root} speaks of {of.records} entries, {of.rows} were found")
    return None
