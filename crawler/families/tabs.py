"""Tabs by year: links called "2023年" that lead to further lists below the column (or to the same script)."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.families.addresses import absolute, address_key, column_folder, path_and_query

BARE_YEAR = re.compile(r"^(20[0-4]\d)\s*年?度?(?:年报|报告|年度报告)?$")
LISTING = re.compile(r"/(?:(?:index|list|common_list)\w*\.[sj]?html?)?$")


def is_year_tab(label: str, address: str) -> bool:
    """True for a link called by a bare year that leads to a folder or to an index."""
    return bool(BARE_YEAR.match("".join(label.split())) and LISTING.search(urlsplit(address).path))


def year_tabs(tree: LexborHTMLParser, url: str, is_article: Callable[[str], bool]) -> tuple[str, ...]:
    """The addresses of the lists that a column keeps for single years, in order, the page's own left out."""
    tabs: dict[str, str] = {}
    here = address_key(column_folder(url))
    body = tree.body
    for link in body.css("a") if body else ():
        label = link.text()
        if not BARE_YEAR.match("".join(label.split())):
            continue
        address = absolute(link.attributes.get("href") or "", url)
        if address is None or is_article(path_and_query(address)):
            continue
        key = address_key(address)
        below = key.startswith(here) and key != here and is_year_tab(label, address)
        same_script = bool(urlsplit(address).query) and urlsplit(address).path == urlsplit(url).path
        if (below or same_script) and key != address_key(url):
            tabs.setdefault(key, address)
    return tuple(tabs.values())
