"""List lines out of a page: which links are entries, with their titles and the days shown beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.families.addresses import absolute, address_key, column_folder, is_file, path_and_query
from crawler.families.tabs import is_year_tab
from registry.model import Entry

REPORT = re.compile(r"年度?\s*(?:工作)?\s*报告|年报|(?:信息公开|政务公开)工作?(?:情况)?报告")
YEAR = re.compile(r"20[0-4]\d|二[〇○零]")
DAY = re.compile(r"(?<!\d)(20[0-4]\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*日?")
SPLIT_DAY = re.compile(
    r"(?<!\d)(\d{1,2})\s+(20[0-4]\d)\s*[-/.年]\s*(\d{1,2})(?!\d)"
)  # the day stands above year and month
OPENED = re.compile(r"(?:open|href\s*=|location)\s*\(?\s*['\"]([^'\"]+)['\"]")
PAGER_TEXT = re.compile(
    r"^(?:首\s*页|上一?页|下一?页|尾页|末页|最后一页|第一页|[<>«»‹›]+|\d{1,4}|更多|more|返回.*|跳转|go)$", re.IGNORECASE
)
LINE_TAGS = ("li", "tr", "dd", "dt")
LEVELS = 8
HIGHEST = 60  # elements climbed in search of a line


@dataclass(frozen=True, slots=True)
class Line:
    """A link that could be an entry, with what speaks for it."""

    url: str
    title: str
    day: date | None
    group: int  # the element that holds its line: lines of one list share it
    article: bool
    inside: bool

    @property
    def reportish(self) -> bool:
        """Its title speaks of a yearly report and of a year, or its line of a day."""
        placed = bool(YEAR.search(self.title)) or self.day is not None or self.article
        return placed and bool(REPORT.search(self.title))


def parse_day(text: str) -> date | None:
    """The first day in a text of a list line; None if there is none that exists."""
    for pattern, order in ((DAY, (1, 2, 3)), (SPLIT_DAY, (2, 3, 1))):
        for found in pattern.finditer(text):
            try:
                return date(*(int(found[i]) for i in order))
            except ValueError:  # the 31st of a month without one
                continue
    return None


def read_lines(
    tree: LexborHTMLParser, url: str, is_article: Callable[[str], bool], selectors: tuple[str, ...] = ()
) -> tuple[Entry, ...]:
    """The entries of a list page in order, one an address.

    Rather one line too many than one too few: an entry that is overlooked would be taken for absent. So these are
    entries: what stands in a family's own list lines (`selectors`); what lies below the column, but for its pager and
    its tabs; and, in every group of lines that has an article below the column or the title of a yearly report, each
    line with a day, with such a title or with an article's address.
    """
    base = _base(tree, url)
    sure = {link.mem_id for selector in selectors for row in tree.css(selector) for link in row.css("a")}
    found: list[tuple[Line, bool]] = []
    for link in _links(tree.body) if tree.body else ():
        line = _line(link, _row(link), url, base, is_article)
        if line is not None and not PAGER_TEXT.fullmatch(line.title):
            found.append((line, link.mem_id in sure))
    groups = {line.group for line, _ in found if (line.article and line.inside) or line.reportish}
    kept = [
        line
        for line, certain in found
        if certain
        or (line.inside and not is_year_tab(line.title, line.url))
        or (line.group in groups and (line.article or line.day is not None or line.reportish))
    ]
    return tuple(Entry(line.url, line.title, line.day) for line in _whole(kept))


def _whole(lines: list[Line]) -> Iterator[Line]:
    """One line an address: where a title and a "more" link share one, the longer title and the day stand."""
    best: dict[str, Line] = {}
    for line in lines:
        key = address_key(line.url)
        other = best.get(key)
        if other is None:
            best[key] = line
        elif len(line.title) > len(other.title) or (other.day is None and line.day is not None):
            longer = line if len(line.title) > len(other.title) else other
            best[key] = Line(other.url, longer.title, other.day or line.day, other.group, other.article, other.inside)
    return iter(best.values())


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return (absolute(node.attributes.get("href") or "", url) if node else None) or url


def _links(node: LexborNode) -> Iterator[LexborNode]:
    for link in node.css("a"):
        if not _is_template(link):
            yield link


def _is_template(link: LexborNode) -> bool:
    """True for the row that a script repeats (`ms-repeat`, `v-for`): it is no entry."""
    node: LexborNode | None = link
    for _ in range(4):
        if node is None:
            return False
        if any(name.startswith(("ms-repeat", "ms-attr", "v-for", "ng-repeat", ":href")) for name in node.attributes):
            return True
        node = node.parent
    return False


def _row(link: LexborNode) -> LexborNode:
    """The line of a link: its list item or table row, else the largest element that holds no other link."""
    node = link
    for _ in range(LEVELS):
        parent = node.parent
        if parent is None or parent.tag in ("body", "html"):
            break
        node = parent
        if node.tag in LINE_TAGS:
            return node
    node = link
    for _ in range(HIGHEST):
        parent = node.parent
        if parent is None or parent.tag in ("body", "html") or len(parent.css("a")) != 1:
            break
        node = parent
    return node


def _line(link: LexborNode, row: LexborNode, url: str, base: str, is_article: Callable[[str], bool]) -> Line | None:
    address = absolute(link.attributes.get("href") or "", base)
    if address is None:
        calls = (link.attributes.get("onclick") or "")[:2000], (link.attributes.get("href") or "")[:2000]
        opened = OPENED.search(" ".join(calls))
        address = absolute(opened[1], base) if opened else None
    if address is None or address_key(address) == address_key(url):
        return None
    title = _title(link)
    if not title:
        return None
    parent = row.parent or row
    rest = row.text(separator=" ").replace(title, " ")
    return Line(
        address,
        title,
        parse_day(rest),
        parent.mem_id,
        is_article(path_and_query(address)) or is_file(address),
        below(address, url),
    )


def below(address: str, url: str) -> bool:
    """True for a page below the column; where the column is a site's root, everything would be, so nothing is."""
    here = column_folder(url)
    below = address_key(address).removeprefix(address_key(here))
    return urlsplit(here).path != "/" and below not in (address_key(address), "")


def _title(link: LexborNode) -> str:
    """The whole title: the `title` attribute, unless the text visible is the longer of the two."""
    shown = " ".join(DAY.sub(" ", link.text(separator=" ")).replace("[ ]", " ").split())
    given = " ".join((link.attributes.get("title") or "").split())
    cut = shown.rstrip(".…。 ")
    return given if given and (len(given) >= len(cut) or shown.endswith(("...", "…"))) else shown
