"""List lines out of a page: which links are entries, with their titles and the days shown beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.families.addresses import OPENED, absolute, address_key, base_of, below, is_file, path_and_query
from crawler.families.tabs import BARE_YEAR, is_year_tab
from registry.model import Entry

REPORT = re.compile(r"年度?\s*(?:工作)?\s*报告|年报|(?:信息公开|政务公开)工作?(?:情况)?报告")
YEAR = re.compile(r"20[0-4]\d|二[〇○零]")
DAY = re.compile(r"(?<!\d)(20[0-4]\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*日?")
# the day above year and month, or month and day beside the year
SPLIT_DAYS = (
    (re.compile(r"(?<!\d)(\d{1,2})\s+(20[0-4]\d)\s*[-/.年]\s*(\d{1,2})(?!\d)"), (2, 3, 1)),
    (re.compile(r"(?<![\d:])(\d{1,2})[-/.月](\d{1,2})日?\s+(20[0-4]\d)(?![-/.年\d])"), (3, 1, 2)),
)
SHORT_DAY = re.compile(r"(?<![\d-])[01]?\d\s*[-/.月]\s*[0-3]?\d(?![\d-])")  # its year stands elsewhere
PAGER_TEXT = re.compile(
    r"^[\s<>«»‹›\[\]【】|]*(?:首\s*页|上一?页|下一?页|尾\s*页|末页|最后一页|第一页|第\d+页|\d{1,4}|(?:查看)?更多|more|返回.*"
    r"|跳转|go|(?:prev(?:ious)?|next|first|last|older|newer)(?:\s*page)?)?[\s<>«»‹›\[\]【】|.…]*$",
    re.IGNORECASE,
)
DATED = r"[\s\[【(（]*" + DAY.pattern + r"[\s\]】)）:：\d]*"
ENDS = re.compile(f"^{DATED}|{DATED}$")  # a day inside a link, before its title or behind it
TEMPLATES = ("ms-repeat", "ms-attr", "v-for", "ng-repeat", ":href")  # beginnings of attributes of a row to be repeated
TEMPLATE_MARKS = tuple(mark.encode() for mark in TEMPLATES)
CLICKED = "li[onclick], tr[onclick], div[onclick], p[onclick], td[onclick], span[onclick]"
LINE_TAGS = ("li", "tr", "dd", "dt")
LEVELS = 8
FEW_LINKS = 5
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
    dated: bool = False  # a day is shown, be it without its year

    @property
    def reportish(self) -> bool:
        """Its title speaks of a yearly report and of a year, or its line of a day."""
        placed = bool(YEAR.search(self.title)) or self.day is not None or self.article
        return placed and bool(REPORT.search(self.title))


def parse_day(text: str) -> date | None:
    """The first day in a text of a list line; None if there is none that exists."""
    for pattern, order in ((DAY, (1, 2, 3)), *SPLIT_DAYS):
        for found in pattern.finditer(text):
            try:
                return date(*(int(found[i]) for i in order))
            except ValueError:  # the 31st of a month without one
                continue
    return None


def read_lines(
    tree: LexborHTMLParser,
    url: str,
    is_article: Callable[[str], bool],
    selectors: tuple[str, ...] = (),
    column_of: Callable[[str], str | None] = lambda address: None,
) -> tuple[Entry, ...]:
    """The entries of a list page in order, one an address.

    Rather one line too many than one too few: an entry that is overlooked would be taken for absent. So these are
    entries: what stands in a family's own list lines (`selectors`); what lies below the column, but for its pager and
    its tabs; in every group of lines that has an article below the column or the title of a yearly report, each
    line with a day, with such a title or with an article's address; and every article whose address says
    (`column_of`) that it belongs to this column or to that of such a line.
    """
    base = base_of(tree, url)
    own_lines = ", ".join(f"{part} a" for selector in selectors for part in selector.split(","))
    certain = {link.mem_id for link in tree.css(own_lines)} if own_lines else frozenset()
    found: list[tuple[Line, bool]] = []
    for link in _links(tree):
        line = _line(link, _row(link), url, base, is_article)
        if line is not None and not PAGER_TEXT.fullmatch(line.title):
            found.append((line, link.mem_id in certain))
    groups = {line.group for line, _ in found if (line.article and line.inside) or line.reportish}
    listed = [
        certain
        or (line.inside and not is_year_tab(line.title, line.url))
        or (line.group in groups and (line.article or line.dated or line.reportish))
        for line, certain in found
    ]
    lines = [line for line, _ in found]
    if any(line.article and not sure for line, sure in zip(lines, listed, strict=True)):
        columns = {line.url: column_of(line.url) for line in lines if line.article}
        of_reports = {columns.get(line.url) for line in lines if line.reportish}
        own = {address_key(at) for at in (url, *of_reports) if at}
        columns = {place: at for place, at in columns.items() if at is not None and address_key(at) in own}
        listed = [sure or line.url in columns for line, sure in zip(lines, listed, strict=True)]
    kept = [line for line, sure in zip(lines, listed, strict=True) if sure]
    return tuple(Entry(line.url, line.title, line.day) for line in _whole(kept))


def unreachable(tree: LexborHTMLParser, url: str) -> int:
    """How many lines carry the title of a yearly report and lead nowhere that can be read: a script knows where."""
    base = base_of(tree, url)
    lost = 0
    for link in _links(tree):
        if link.tag == "a" and not (link.attributes.get("href") or "").strip().lower().startswith("javascript:"):
            continue
        title = _title(link)
        if not REPORT.search(title) or not YEAR.search(title) or BARE_YEAR.match("".join(title.split())):
            continue
        lost += _address(link, base) is None
    return lost


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


@lru_cache(maxsize=1)  # asked for what is listed, then for what leads nowhere
def _links(tree: LexborHTMLParser) -> tuple[LexborNode, ...]:
    """Links, and lines that are clicked as a whole."""
    markup = tree.raw_html.lower()
    templates = any(mark in markup for mark in TEMPLATE_MARKS)
    return tuple(
        link
        for link in (tree.body.css(f"a, {CLICKED}") if tree.body else ())
        if (link.tag == "a" or link.css_first("a") is None) and not (templates and _is_template(link))
    )


def _is_template(link: LexborNode) -> bool:
    """True for the row that a script repeats: it is no entry."""
    node: LexborNode | None = link
    for _ in range(4):
        if node is None:
            return False
        if any(name.startswith(TEMPLATES) for name in node.attributes):
            return True
        node = node.parent
    return False


def _row(link: LexborNode) -> LexborNode:
    """The line of a link: its list item or table row, else the largest element that holds no link to anywhere else."""
    node = link
    if node.tag in LINE_TAGS:
        return node
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
        if parent is None or parent.tag in ("body", "html") or not _of_one(parent):
            break
        node = parent
    return node


def _of_one(box: LexborNode) -> bool:
    """True if all links of a box lead to one address: a title, its picture, its "more"."""
    links = box.css("a")
    return len(links) < FEW_LINKS and len({link.attributes.get("href") for link in links}) == 1


def _line(link: LexborNode, row: LexborNode, url: str, base: str, is_article: Callable[[str], bool]) -> Line | None:
    address = _address(link, base)
    if address is None or address_key(address) == address_key(url):
        return None
    title = _title(link)
    if not title:
        return None
    parent = row.parent or row
    rest = row.text(separator=" ").replace(title, " ")
    day = parse_day(rest)
    return Line(
        address,
        title,
        day,
        parent.mem_id,
        is_article(path_and_query(address)) or is_file(address),
        below(address, url),
        day is not None or bool(SHORT_DAY.search(rest)),
    )


def _address(link: LexborNode, base: str) -> str | None:
    """Where a line leads, by its address or by what its click opens."""
    called = (link.attributes.get("href") or "")[:2000]
    address = absolute(called, base) if link.tag == "a" else None
    if address is None:
        opened = OPENED.search(f"{(link.attributes.get('onclick') or '')[:2000]} {called}")
        address = absolute(opened[1], base) if opened else None
    return address


def _title(link: LexborNode) -> str:
    """The whole title: the `title` attribute of the link or of what it holds, unless the text visible is the longer of
    the two, or the attribute says something else.
    """
    text = " ".join(link.text(separator=" ").split())
    shown = (ENDS.sub("", text) or text) if DAY.search(text) else text
    holder = link if link.attributes.get("title") else link.css_first("[title]")
    given = " ".join(((holder.attributes.get("title") or "") if holder else "").split())
    if given == shown:
        return shown
    cut = shown.rstrip(".…。 ")
    beside = shown.removeprefix(given).strip() if given else shown
    other = bool(YEAR.search(shown)) and not YEAR.search(given)  # "click to read"
    return given if not other and (len(given) >= len(cut) or beside.isdigit()) else shown
