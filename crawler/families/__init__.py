"""Families of portals as declarations, and the pure readers of their lists: text in, `ListPage` out, no network."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.families.addresses import address_key, below, found_day, framed, path_and_query
from crawler.families.articles import article_links
from crawler.families.catalogue import FAMILIES
from crawler.families.hidden import may_be_cut, written
from crawler.families.model import AddressDay, Family, ListPage, Pages
from crawler.families.pagers import GENERAL
from crawler.families.rows import REPORT, read_lines, unreachable
from crawler.families.tabs import LISTING, further_lists
from crawler.families.trees import tree_of
from registry.model import Entry

__all__ = [
    "BY_CODE", "AddressDay", "Family", "ListPage", "address_day", "column_of", "read_list", "recognise", "sublist",
]  # fmt: skip

BY_CODE: Mapping[str, Family] = MappingProxyType({family.code: family for family in FAMILIES})
GENERIC = BY_CODE["generic"]
_ARTICLES = {family.code: re.compile(family.article) for family in FAMILIES}
STATUTORY = ("主动公开政府信息情况", "收到和处理政府信息公开申请", "行政复议、行政诉讼", "存在的主要问题及改进情况")


def read_list(code: str, text: str, url: str) -> ListPage:
    """One list page of the family `code` (unknown codes are read as `generic`).

    `text` is the decoded page (or the answer of an API), `url` the address it came from. A page without any entry is
    given as such: whether that is an event is for the look to say. Never raises on what a page holds.
    """
    family = BY_CODE.get(code, GENERIC)
    others = tuple(f for f in FAMILIES if f is not family) if family is GENERIC else ()
    for reader in (*family.readers, *(r for f in others for r in f.readers)):
        page = reader(text, url)
        if page is not None:
            return page
    tree = tree_of(text)
    selectors = family.rows or tuple(row for f in others for row in f.rows)
    is_article = _article_test(family)
    entries = read_lines(tree, url, is_article, selectors, column_of)
    if not entries and is_report_page(text):
        entries = (Entry(url, _printed_title(tree)),)
    inner = framed(tree, url) if not entries else None
    if inner is not None:
        return ListPage((), next_urls=(inner,), shell=True)
    pages = _pages(family, text, url, entries)
    lost = unreachable(tree, url) + (written(tree, entries) if entries else 0)
    return ListPage(
        entries,
        pages_expected=pages.expected,
        next_urls=tuple(address for address in pages.urls if address_key(address) != address_key(url)),
        records_expected=pages.records,
        rows=len(entries),
        tabs=further_lists(tree, url, is_article, frozenset(address_key(entry.url) for entry in entries)),
        problem=pages.problem or (f"{lost} reports are opened by a script only" if lost else ""),
        folders=tuple(e.url for e in entries if _may_be_list(e, url, is_article)),
    )


def sublist(code: str, text: str, url: str) -> ListPage | None:
    """A page that an entry of the column leads to, where it is a list without doubt; None where it may be a report.

    Sure is only what lists titles of yearly reports below its own address, says none of a report's headings and
    offers no file: an entry that is overlooked would be taken for absent.
    """
    if is_report_page(text) or article_links(text, url):
        return None
    page = read_list(code, text, url)
    inside = [entry for entry in page.entries if below(entry.url, url) and REPORT.search(entry.title)]
    return page if inside and not page.problem and not page.shell else None


def is_report_page(text: str) -> bool:
    """True if the page is itself a yearly report: it has at least two of the statutory headings (Shule's column)."""
    return sum(heading in text for heading in STATUTORY) >= 2


def recognise(url: str) -> str | None:
    """The code of the family whose article addresses look like this one; None if no family's do."""
    where = path_and_query(url)
    return next((code for code, pattern in _ARTICLES.items() if pattern.search(where)), None)


def address_day(url: str) -> AddressDay | None:
    """The day in an article's address by its family's rule; None where it holds none (ids that look like dates too)."""
    where = path_and_query(url)
    for family in FAMILIES:
        found = _ARTICLES[family.code].search(where)
        if found:
            return found_day(found, entered=family.entered)
    return None


def column_of(url: str) -> str | None:
    """The address of the column an article stands in, where its family's addresses tell; a guess, to be probed."""
    code = recognise(url)
    family = BY_CODE.get(code or "")
    if family is None or not family.column[0]:
        return None
    where, replaced = re.subn(*family.column, path_and_query(url), count=1)
    if not replaced:
        return None
    parts = urlsplit(url)
    path, _, query = where.partition("?")
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _may_be_list(entry: Entry, url: str, is_article: Callable[[str], bool]) -> bool:
    """True for an entry below the column that is called by no report and leads to a folder or an index."""
    named = REPORT.search(entry.title) or is_article(path_and_query(entry.url))
    return not named and below(entry.url, url) and bool(LISTING.search(urlsplit(entry.url).path))


def _article_test(family: Family) -> Callable[[str], bool]:
    if family is GENERIC:
        return lambda where: any(pattern.search(where) for pattern in _ARTICLES.values())
    search = _ARTICLES[family.code].search
    return lambda where: search(where) is not None


def _pages(family: Family, text: str, url: str, entries: tuple[Entry, ...]) -> Pages:
    for pager in (*family.pagers, *GENERAL):
        pages = pager(text, url)
        if pages is not None:
            return pages
    if may_be_cut(entries):
        return Pages(problem=f"exactly {len(entries)} rows, and nothing says that they are all")
    return Pages(expected=1)


def _printed_title(tree: LexborHTMLParser) -> str:
    for selector in ("meta[name=ArticleTitle]", "h1", "title"):
        node = tree.css_first(selector)
        words = (node.attributes.get("content") or node.text()) if node else ""
        if words.strip():
            return " ".join(words.split())
    return ""
