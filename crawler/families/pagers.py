"""How lists say how many pages they have, and where the others are (real-world section 5)."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.families.addresses import absolute, address_key, folder
from crawler.families.model import Pages

CALL = re.compile(r"createPageHTML\s*\(([^()]{0,500})\)", re.IGNORECASE)
COUNT = re.compile(r"\bcountPage\s*=\s*['\"]?(\d{1,9})")
TOTAL_PAGE = re.compile(
    r"\btotalPages?\b['\"]?\s*[:=]\s*['\"]?(\d{1,9})|pagination\(\s*['\"]setPage['\"]\s*,\s*\d{1,9}\s*,\s*(\d{1,9})\s*\)"
)
LS_COUNT = re.compile(r"Ls\.pagination\(.{0,300}?pageCount\s*:\s*['\"]?(\d{1,9})", re.DOTALL)
TOTAL_COUNT = re.compile(r"\b(?:totalCount|recordCount)\b['\"]?\s*[:=]\s*['\"]?(\d{1,9})")
SAYS = re.compile(r"共\s*(\d{1,9})\s*页|/\s*(\d{1,9})\s*页|页次[:：]\s*\d{1,9}\s*/\s*(\d{1,9})")
NEXT = re.compile(r"^(?:下一?页|后一?页|next|[>»›]+)$", re.IGNORECASE)
PREVIOUS = re.compile(r"^(?:上一?页|前一?页|prev\w*|[<«‹]+)$", re.IGNORECASE)
LAST = re.compile(r"^(?:尾页|末页|最后一页|last)$", re.IGNORECASE)
NUMBERED = re.compile(r"^\d{1,3}$")
HINTS = re.compile(
    r"下一?页|尾页|末页|pagecount=|\bpageCount\b|\btotalPages?\b|createPageHTML|\bcountPage\b|laypage|pagination\("
)
# A pager that a script turns: by its element's class or id, by what it calls, by what it says.
BOX = re.compile(r"pagin|pager|paging|fenye|page-?nav|pages?[-_]|^pages?$", re.IGNORECASE)
TURNS = re.compile(r"(?<!home)(?<!print)(?<!full)(?:page|next|turn)\w*\s*\(", re.IGNORECASE)
MORE = re.compile(r"加载更多|点击加载|[上下]拉加载|滚动加载")
RECORDS = re.compile(r"共(?:计|有)?\s*(\d{1,9})\s*[条篇项](?!评|留)")
LONGEST_BOX = 200  # letters of a pager
MOST_PAGES = 1000


def trs(text: str, url: str) -> Pages | None:
    """`createPageHTML(count, current, name, extension, ...)`, and the form with the container's name in front.

    The count is argument 1 or 2; `current` on the first page tells the base: 0 (the second page is index_1) or 1 (it is
    index_2). Several calls on one page: the longest list counts.
    """
    calls = [call for call in map(_arguments, CALL.findall(text)) if call]
    if not calls:
        return None
    count, current, name, extension, records = max(calls)
    if len({call[2] for call in calls if call[0] > 1}) > 1:
        return Pages(expected=count, problem="several lists with pages of their own on one page")
    if count <= 1:
        return Pages(expected=1, records=records)
    if count > MOST_PAGES:
        return Pages(expected=count, problem=f"createPageHTML speaks of {count} pages")
    number = _number_in(url, name, extension)
    base = current if number is None else current - number  # a page further on names itself in its address
    if base not in (0, 1):
        return Pages(expected=count, problem=f"createPageHTML: the first page is numbered {current}")
    here = folder(url)
    numbers = range(1, count) if base == 0 or number is not None else range(2, count + 1)
    urls = tuple(f"{here}{name}_{n}.{extension}" for n in numbers)
    return Pages(expected=count, urls=urls if number is None else (), records=records)


def _arguments(inside: str) -> tuple[int, int, str, str, int | None] | None:
    """Count, current, name, extension and record count of one call; None for the function's own definition."""
    parts = [part.strip().strip("'\"") for part in inside.split(",")]
    if parts and not parts[0].isdigit():
        parts = parts[1:]  # the container comes first
    if len(parts) < 2 or not (parts[0].isdigit() and parts[1].isdigit()):
        return None
    name = parts[2] if len(parts) > 2 and parts[2] else "index"
    extension = (parts[3] if len(parts) > 3 and parts[3] else "html").lstrip(".")
    records = next((int(part) for part in parts[4:] if part.isdigit()), None)
    return int(parts[0]), int(parts[1]), name, extension, records


def _number_in(url: str, name: str, extension: str) -> int | None:
    """The page number in a list page's address; None on the first page."""
    found = re.search(rf"/{re.escape(name)}_(\d+)\.{re.escape(extension)}$", urlsplit(url).path)
    return int(found[1]) if found else None


def count_page(text: str, url: str) -> Pages | None:
    """`countPage = N` of a TRS column that draws its pager itself: index_1 is the second page (mva.gov.cn)."""
    found = COUNT.search(text)
    if not found:
        return None
    count = int(found[1])
    if count > MOST_PAGES:
        return Pages(expected=count, problem=f"countPage speaks of {count} pages")
    extension = "shtml" if re.search(r"index(?:_\d+)?\.shtml", text) or url.endswith(".shtml") else "html"
    if re.search(rf"/index_\d+\.{extension}$", urlsplit(url).path):
        return Pages(expected=count)
    return Pages(expected=max(count, 1), urls=tuple(f"{folder(url)}index_{n}.{extension}" for n in range(1, count)))


def total_page(text: str, url: str) -> Pages | None:
    """`totalPage: N` with `index_2.html` for the second page (Shanghai)."""
    found = TOTAL_PAGE.search(text)
    if not found:
        return None
    count = int(found[1] or found[2])
    if count > MOST_PAGES:
        return Pages(expected=count, problem=f"totalPage speaks of {count} pages")
    if re.search(r"/index_\d+\.html$", urlsplit(url).path):
        return Pages(expected=count)
    return Pages(expected=max(count, 1), urls=tuple(f"{folder(url)}index_{n}.html" for n in range(2, count + 1)))


def ls(text: str, url: str) -> Pages | None:
    """`Ls.pagination(..., {currPage: .., pageCount: N})`: pages are `?pageIndex=n` (Anhui)."""
    found = LS_COUNT.search(text)
    if not found:
        return None
    count = int(found[1])
    if count > MOST_PAGES:
        return Pages(expected=count, problem=f"Ls.pagination speaks of {count} pages")
    return Pages(expected=max(count, 1), urls=tuple(with_query(url, pageIndex=str(n)) for n in range(2, count + 1)))


def one_page(text: str, url: str) -> Pages | None:
    """All rows in one page, with the number of records in a script variable (Shandong, Fujian)."""
    found = TOTAL_COUNT.search(text)
    return Pages(expected=1, records=int(found[1])) if found else None


def vsb(text: str, url: str) -> Pages | None:
    """Boda VSB: page 2 of N is `<name>/<N-1>.htm`, the last is `<name>/1.htm`: pages count BACKWARDS."""
    tree = LexborHTMLParser(text)
    box = tree.css_first("span.p_pages, div.p_pages")
    if box is None:
        return None
    linked: set[str] = set()
    for link in box.css("a"):
        address = absolute(link.attributes.get("href") or "", url)
        if address and re.search(r"/\d+\.html?$", urlsplit(address).path):
            linked.add(address)
    if not linked:
        return Pages(expected=1)
    here = re.search(r"/(\d+)\.html?$", urlsplit(url).path)
    if here and any(folder(address) == folder(url) for address in linked):
        return Pages(urls=tuple(sorted(linked)))  # a page further on: its pager names nothing new
    newest = max(linked, key=_trailing_number)
    count = _trailing_number(newest) + 1
    if count > MOST_PAGES:
        return Pages(expected=count, problem=f"the pager speaks of {count} pages")
    extension = newest.rpartition(".")[2]
    return Pages(expected=count, urls=tuple(f"{folder(newest)}{n}.{extension}" for n in range(count - 1, 0, -1)))


def _trailing_number(url: str) -> int:
    found = re.search(r"(\d+)\.[a-z]+$", url)
    return int(found[1]) if found else 0


def links(text: str, url: str) -> Pages | None:
    """Pages linked as text: 下一页, 尾页 and numbers. None where nothing on the page looks like a pager."""
    tree = LexborHTMLParser(_unpacked(text))
    body = tree.body
    urls: dict[str, None] = {}
    numbers: list[int] = []
    blind = further_on = False
    for link in body.css("a") if body else ():
        label = "".join(link.text().split())
        is_next, is_last = bool(NEXT.match(label)), bool(LAST.match(label))
        further_on = further_on or _leads_back(label, link.attributes.get("href") or "", url)
        if not (is_next or is_last or NUMBERED.match(label)):
            continue
        address = absolute(link.attributes.get("href") or "", url)
        if address is None:
            href = (link.attributes.get("href") or "").strip().lower()
            blind = blind or (is_next and href.startswith("javascript:") and "void" not in href)
            continue
        if urlsplit(address).hostname != urlsplit(url).hostname or not _same_list(address, url):
            continue
        if NUMBERED.match(label):
            numbers.append(int(label))
        if address_key(address) != address_key(url):
            urls[address] = None
    said = [int(next(filter(None, found))) for found in SAYS.findall(body.text() if body else "")]
    if not (urls or said or blind):
        return None
    expected = max([*said, *numbers], default=None)
    if expected is not None and expected > 1 and not urls and not further_on:
        return Pages(expected=expected, problem=f"the list has {expected} pages, and how to reach them was not found")
    problem = "the next page is reached by a script only" if blind and not urls else ""
    return Pages(expected, tuple(urls), problem=problem)


def _leads_back(label: str, href: str, url: str) -> bool:
    """True for a working link to the page before: the last page of a list names no page that is new."""
    address = absolute(href, url) if PREVIOUS.match(label) else None
    return address is not None and address_key(address) != address_key(url) and _same_list(address, url)


def _same_list(address: str, url: str) -> bool:
    """A pager leads to the same folder or to the same script: this keeps numbered links of other kinds out."""
    return folder(address) == folder(url) or urlsplit(address).path == urlsplit(url).path


def _unpacked(text: str) -> str:
    """A page with a pager that stands in `div#pages` as base64 of percent-encoded HTML (Yunnan) written out."""
    found = re.search(r"id=['\"]pages['\"][^>]{0,300}>\s*([A-Za-z0-9+/=]{40,})\s*<", text)
    if not found:
        return text
    try:
        return text.replace(found[1], unquote(base64.b64decode(found[1], validate=True).decode("ascii")))
    except (binascii.Error, UnicodeDecodeError):
        return text


def scripted(text: str, url: str) -> Pages | None:
    """A pager that only a script turns (Element, Ant Design, buttons, 加载更多): what it leads to was not read. A count
    of records is held against the rows found.
    """
    body = LexborHTMLParser(text).body
    if body is None:
        return None
    second = False  # a pager of several pages names the second
    for box in body.css("[class], [id]"):
        named = f"{box.attributes.get('id') or ''} {box.attributes.get('class') or ''}".split()
        if not any(BOX.search(name) for name in named) or len(box.text()) > LONGEST_BOX:
            continue
        second = second or any(leaf.text().strip() == "2" for leaf in box.css("a, li, span, button, em, b, i, option"))
    calls = (node.attributes for node in body.css("[onclick], a[href^='javascript:']"))
    turned = any(TURNS.search(f"{one.get('onclick') or ''} {one.get('href') or ''}") for one in calls)
    if second or turned or MORE.search(body.text()):
        return Pages(problem="the list goes on by a script only")
    said = RECORDS.search(body.text())
    return Pages(expected=1, records=int(said[1])) if said else None


def unknown(text: str, url: str) -> Pages | None:
    """Signs of a pager that nobody here can read: the list may have more pages than were seen."""
    found = HINTS.search(text)
    if not found:
        return None
    counts = [int(n) for n in re.findall(r"(?i)page_?count['\"]?\s*[=:]\s*['\"]?(\d{1,9})", text)]
    if counts and max(counts) <= 1:
        return Pages(expected=1)
    return Pages(expected=max(counts, default=None), problem=f"a pager that could not be read ({found[0]})")


GENERAL = (trs, count_page, ls, total_page, vsb, links, one_page, scripted, unknown)


def with_query(url: str, **values: str) -> str:
    """The address with these query values set, the others kept."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | values
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
