"""Rows of a list that a page does not show: loaded by scrolling, kept in a script, or cut off without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from selectolax.lexbor import LexborHTMLParser

from crawler.families.model import Pages
from crawler.families.rows import REPORT, YEAR
from crawler.families.tabs import BARE_YEAR
from registry.model import Entry

SCROLLS = re.compile(
    r"\bscroll['\"]?\s*[,(]|\bonscroll\s*=|\bIntersectionObserver\s*\(|\bonReachBottom\b", re.IGNORECASE
)
FETCHES = re.compile(
    r"\bfetch\s*\(|\bajax\s*\(|(?:\$|jQuery|axios|http)\.(?:get|post|getJSON)\s*\(|XMLHttpRequest|insertAdjacentHTML"
    r"|\b\w*(?:more|nextpage|loadpage|loadlist|loaddata|getlist|getdata)\w*\s*\(|\.append\w*\s*\(",
    re.IGNORECASE,
)
# libraries and attributes that are there for nothing else
LOADERS = re.compile(
    r"\.dropload\s*\(|\bMeScroll\s*\(|\binfinite-?scroll\b|<van-list\b|hx-trigger\s*=\s*['\"][^'\"]{0,60}(?:revealed|intersect)",
    re.IGNORECASE,
)
LONGEST_HANDLER = 2000  # characters
MOST_HANDLERS = 50
TITLED = re.compile(r"[\u4e00-\u9fff\d（）()〇“”《》]{8,80}")
MOST_SCRIPT = 200_000  # characters of scripts that are searched for titles
# numbers of rows that portals put on a page: so many and no word of a pager may be the first page of more
ROUND = frozenset({10, 15, 20, 25, 30, 40, 50, 60, 100})


def endless(text: str, url: str) -> Pages | None:
    """A script that asks for more rows when the page is scrolled; one that only moves menus or pictures is none."""
    handlers = (_handler(text, found.end()) for found in islice(SCROLLS.finditer(text), MOST_HANDLERS))
    if LOADERS.search(text) or any(FETCHES.search(handler) for handler in handlers):
        return Pages(problem="the list goes on when it is scrolled")
    return None


def _handler(text: str, start: int) -> str:
    """What is called: up to the bracket that closes the one before `start`, or the end of the first braces."""
    depth, opened = 1, False
    for place in range(start, min(len(text), start + LONGEST_HANDLER)):
        letter = text[place]
        if letter in "({":
            depth, opened = depth + 1, True
        elif letter in ")}":
            depth -= 1
            if depth == 0 or (depth == 1 and opened and letter == "}"):
                return text[start:place]
    return text[start : start + LONGEST_HANDLER]


def written(tree: LexborHTMLParser, entries: Sequence[Entry]) -> int:
    """How many titles of yearly reports stand in scripts and in no line of the list; the page's own title is none."""
    titles = set(_titles(tree))
    if not titles:
        return 0
    own = tree.css("title, meta[name^=Column], meta[name^=column]")
    named = " ".join((node.attributes.get("content") or node.text()) for node in own)
    known = [entry.title.rstrip(".…") for entry in entries]
    return sum(
        title not in named and not any(title in one or one in title for one in known)
        for title in titles
    )


def _titles(tree: LexborHTMLParser) -> Iterator[str]:
    left = MOST_SCRIPT
    for script in tree.css("script"):
        text = script.text()[:left]
        left -= len(text)
        if "报" not in text:
            continue
        for found in TITLED.finditer(text):
            title = found[0]
            if YEAR.search(title) and REPORT.search(title) and not BARE_YEAR.match(title):
                yield title


def may_be_cut(entries: Sequence[Entry]) -> bool:
    """Whether a list without any pager has as many rows as pages have, and not in an order that would put whatever is
    missing among the oldest: newest first, down to another year.
    """
    if len(entries) not in ROUND:
        return False
    years = [entry.list_day.year for entry in entries if entry.list_day]
    if len(years) < len(entries):
        named = [YEAR.search(entry.title) for entry in entries]
        years = [int(one[0]) for one in named if one and one[0].isdigit()]
    falling = len(years) == len(entries) and all(newer >= older for newer, older in pairwise(years))
    return not (falling and years[0] > years[-1])
