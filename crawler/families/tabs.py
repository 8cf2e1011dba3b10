"""Lists that belong to a column's list: tabs by year, choices in a select, and what a group's "more" leads to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.families.addresses import absolute, address_key, base_of, below, path_and_query

BARE_YEAR = re.compile(r"^(20[0-4]\d)\s*年?度?(?:年报|报告|年度报告)?$")
LISTING = re.compile(r"/(?:(?:index|list|common_list)\w*\.[sj]?html?)?$")
MORE = re.compile(r"^[\[【]?(?:查看)?(?:更多|more)[>»›+.…\]】]*$", re.IGNORECASE)
PAGE_NUMBER = re.compile(r"^第?\d{1,3}页?$")  # a choice of pages is the pager's


def is_year_tab(label: str, address: str) -> bool:
    """True for a link called by a bare year that leads to a folder or to an index."""
    return bool(BARE_YEAR.match("".join(label.split())) and LISTING.search(urlsplit(address).path))


def further_lists(
    tree: LexborHTMLParser, url: str, is_article: Callable[[str], bool], entries: frozenset[str]
) -> tuple[str, ...]:
    """The addresses of the lists that a column keeps for single years or groups, in order, the page's own left out.

    `entries` are the keys of the addresses of its own entries: a "more" belongs to the column where it leads below it,
    or stands beside such entries; a list that shows the first few of its lines would pass for the whole otherwise.
    """
    lists: dict[str, str] = {}
    base = base_of(tree, url)
    body = tree.body
    for link in body.css("a, select option") if body else ():
        label = "".join(link.text().split())
        option = link.tag == "option"
        year = bool(BARE_YEAR.match(label))
        if not (year or option or MORE.match(label)):
            continue
        address = absolute(link.attributes.get("value" if option else "href") or "", base)
        if address is None or is_article(path_and_query(address)):
            continue
        key = address_key(address)
        above = below(url, address) and not below(address, url)
        if key == address_key(url) or key in entries or above:
            continue
        script = bool(urlsplit(address).query) and urlsplit(address).path == urlsplit(url).path
        if year:
            belongs = script or (below(address, url) and is_year_tab(label, address))
        elif option:
            belongs = not PAGE_NUMBER.match(label) and (script or below(address, url))
        else:
            belongs = below(address, url) or _beside(link, base, entries)
        if belongs:
            lists.setdefault(key, address)
    return tuple(lists.values())


def _beside(link: LexborNode, base: str, entries: frozenset[str]) -> bool:
    """True if the nearest links around a "more" are entries."""
    node = link
    while (parent := node.parent) is not None and parent.tag not in ("body", "html") and len(parent.css("a")) == 1:
        node = parent
    around = (next(_with_links(node, forward=forward), None) for forward in (True, False))
    return any(_keys(box, base) & entries for box in around if box is not None)


def _with_links(node: LexborNode, *, forward: bool) -> Iterator[LexborNode]:
    beside = node.next if forward else node.prev
    while beside is not None:
        if beside.tag != "-text" and (beside.tag == "a" or beside.css_first("a") is not None):
            yield beside
        beside = beside.next if forward else beside.prev


def _keys(box: LexborNode, base: str) -> set[str]:
    links = [box] if box.tag == "a" else box.css("a")
    found = (absolute(link.attributes.get("href") or "", base) for link in links)
    return {address_key(address) for address in found if address}
