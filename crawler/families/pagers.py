"""How lists say how many pages they have, and where the others are (real-world section 5)."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.families.addresses import OPENED, absolute, address_key, base_of, folder, folder_path
from crawler.families.hidden import endless
from crawler.families.model import Pages
from crawler.families.trees import tree_of

CALL = re.compile(r"createPageHTML\w{0,20}\s*\(([^()]{0,500})\)", re.IGNORECASE)
COUNT = re.compile(r"\bcountPage\s*=\s*['\"]?(\d{1,9})")
TOTAL_PAGE = re.compile(
    r"\btotalPages?\b['\"]?\s*[:=]\s*['\"]?(\d{1,9})|pagination\(\s*['\"]setPage['\"]\s*,\s*\d{1,9}\s*,\s*(\d{1,9})\s*\)"
)
LS_COUNT = re.compile(r"Ls\.pagination\(.{0,300}?pageCount\s*:\s*['\"]?(\d{1,9})", re.DOTALL)
TOTAL_COUNT = re.compile(r"\b(?:totalCount|recordCount)\b['\"]?\s*[:=]\s*['\"]?(\d{1,9})")
SAYS = re.compile(
    r"共(?:有|计)?\s*(\d{1,9})\s*页|/\s*(\d{1,9})\s*页|页[次码数][:：]?\s*\d{1,9}\s*/\s*(\d{1,9})"
    r"|总页数\s*[:：]?\s*(\d{1,9})|\bpage\s+\d{1,4}\s+of\s+(\d{1,4})\b",
    re.IGNORECASE,
)
FRACTION = re.compile(r"\s*1\s*/\s*(\d{1,4})\s*")
NEXT = re.compile(r"^(?:下一?页|后一?页|next(?:page)?|[>»›]+)$", re.IGNORECASE)
PREVIOUS = re.compile(r"^(?:上一?页|前一?页|prev\w*|[<«‹]+)$", re.IGNORECASE)
LAST = re.compile(r"^(?:尾页|末页|最后一页|last)$", re.IGNORECASE)
NUMBERED = re.compile(r"^第?(\d{1,3})页?$")
AROUND = re.compile(r"[\s<>«»‹›\[\]【】()（）|·]+")  # what pagers put around their words
HINTS = re.compile(
    r"下一?页|尾页|末页|pagecount=|\bpageCount\b|\btotalPages?\b|createPageHTML|\bcountPage\b|laypage|pagination\("
)
# a number of pages in a script, a hidden field or an attribute, under the names that portals give it
COUNTED = re.compile(
    r"\b(?:data-)?(?:total|max|all|sum|count)[_-]?pages?(?:[_-]?(?:num|count))?\b|\bpages?[_-]?(?:count|total|sum)\b",
    re.IGNORECASE,
)
VALUE = re.compile(r"['\"]?\s*(?:[:=]|\bvalue\s*=)\s*['\"]?(\d{1,9})\b(?!\s*[-+*/?.])")
# layui's pager, and the state that an application keeps in its page: so many in all, so many a page
NUMBER, EACH = r"['\"]?\s*[:=]\s*['\"]?(\d{1,9})\b", r"\b(?:limit|page_?size|per_?page|size)"
ALL = r"\b(?:count|total\w{0,12})"
LIMITED = re.compile(f"{ALL}{NUMBER}[^{{}}]{{0,120}}?{EACH}{NUMBER}", re.IGNORECASE)
LIMITED_FIRST = re.compile(f"{EACH}{NUMBER}[^{{}}]{{0,120}}?{ALL}{NUMBER}", re.IGNORECASE)
# A pager that a script turns: by its element's class or id, by what it calls, by what it says.
BOX = re.compile(r"pagin|pager|paging|fenye|page-?nav|pages?[-_]|^pages?$", re.IGNORECASE)
TURNS = re.compile(r"(?<!home)(?<!print)(?<!full)(?:page|next|turn)\w*\s*\(", re.IGNORECASE)
MORE = re.compile(r"加载更多|点击加载|[上下]拉加载|滚动加载")
BUTTON = re.compile(r"^(?:查看|展开|显示)?更多$")
SLIDES = re.compile(r"slid|banner|focus|swiper|carousel|bx-?pager", re.IGNORECASE)
ONLY_PAGER = re.compile(r"[\d\s<>«»‹›…·.,|\[\]（）()首上下尾末一前后页共第条转到跳GO]+")
LEAVES = "a, li, span, button, em, b, i, td, font, strong, option"
RECORDS = re.compile(
    r"(?:共(?:计|有|找到)?|[总合]计\s*[:：]?)\s*(\d{1,9})\s*[条篇项](?!评|留)|(?:总记录数|记录总?数|总条数|信息总数)\s*[:：]?\s*(\d{1,9})"
)
PAGE_VALUE = re.compile(r"^(?:p|pn|pg|a\d+p|\w{0,12}page\w{0,8})$", re.IGNORECASE)  # of a query
OWN_FOLDER = re.compile(r"(?:page/?|p/?)?\d{1,3}/(?:index\.\w+)?$")  # further pages that have folders: /nb/page/2/
LONGEST_BOX = 200  # letters of a pager
MOST_LEAVES = 60  # elements called "2" that are looked at
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
    if "p_pages" not in text:
        return None
    tree = tree_of(text)
    box = tree.css_first("span.p_pages, div.p_pages")
    if box is None:
        return None
    base = base_of(tree, url)
    linked: set[str] = set()
    for link in box.css("a"):
        address = absolute(link.attributes.get("href") or "", base)
        if address and re.search(r"/\d+\.html?$", urlsplit(address).path):
            linked.add(address)
    if not linked:
        return None if box.css_first("a") else Pages(expected=1)
    here = re.search(r"/(\d+)\.html?$", urlsplit(url).path)
    if here and any(folder(address) == folder(url) for address in linked):
        return Pages(urls=tuple(sorted(linked)))  # a page further on: its pager names nothing new
    newest = max(linked, key=_trailing_number)
    count = _trailing_number(newest) + 1
    if count > MOST_PAGES:
        return Pages(expected=count, problem=f"the pager speaks of {count} pages")
    extension = newest.rpartition(".")[2]
    urls = tuple(f"{folder(newest)}{n}.{extension}" for n in range(count - 1, 0, -1))
    return Pages(count, urls, _records(tree.body.text() if tree.body else ""))


def _trailing_number(url: str) -> int:
    found = re.search(r"(\d+)\.[a-z]+$", url)
    return int(found[1]) if found else 0


def links(text: str, url: str) -> Pages | None:
    """Pages linked as text, as pictures or in a list to choose from: 下一页, 尾页 and numbers, and whatever is called
    like this page with a number. None where nothing on the page looks like a pager.
    """
    tree = tree_of(_unpacked(text))
    body = tree.body
    base = base_of(tree, url)
    urls: dict[str, None] = {}
    numbers: list[int] = []
    blind = further_on = ends_here = False
    for link in body.css("a, select option") if body else ():
        label, address = _label(link), _leads_to(link, base)
        is_next = bool(NEXT.match(label))
        numbered = NUMBERED.match(label)
        number = int(numbered[1]) if numbered else None
        if address is None:
            href = (link.attributes.get("href") or "").strip().lower()
            blind = blind or (is_next and href.startswith("javascript:") and "void" not in href)
            continue
        if urlsplit(address).hostname != urlsplit(url).hostname or not _same_list(address, url):
            continue
        here = address_key(address) == address_key(url)
        first = number == 1  # the first page has several names
        further_on = further_on or (not here and (first or bool(PREVIOUS.match(label))))
        ends_here = ends_here or (bool(LAST.match(label)) and here)
        if not (is_next or LAST.match(label) or numbered or (not label and _is_numbered(address, url))):
            continue
        if number is not None:
            numbers.append(number)
        if not here and not first:
            urls[address] = None
    for link in tree.css("link[rel][href]"):  # what the head says to browsers and to search engines
        address, role = absolute(link.attributes.get("href") or "", base), (link.attributes.get("rel") or "").lower()
        if address is None or address_key(address) == address_key(url):
            continue
        if role == "next":
            urls[address] = None
        further_on = further_on or role in ("prev", "previous")
    words = body.text() if body else ""
    said = [int(next(filter(None, found))) for found in SAYS.findall(words)] + _fractions(tree)
    if not (urls or said or blind or further_on or ends_here):
        return None
    expected = max([*said, *numbers], default=None)
    records = _records(words)
    if expected is not None and expected > 1 and not urls and not further_on:
        return Pages(expected=expected, problem=f"the list has {expected} pages, and how to reach them was not found")
    problem = "the next page is reached by a script only" if blind and not urls else ""
    return Pages(expected, tuple(urls), records, problem)


def _label(link: LexborNode) -> str:
    """What a link of a pager says, in words or by its picture, without brackets and arrows around it."""
    label = "".join(link.text().split())
    if not label:
        picture = link.css_first("img")
        label = (picture.attributes.get("alt") or "" if picture else "") or link.attributes.get("title") or ""
    return AROUND.sub("", label) or label


def _leads_to(link: LexborNode, base: str) -> str | None:
    """Where a link or a choice leads, by its address or by what it calls."""
    value = link.attributes.get("value") if link.tag == "option" else link.attributes.get("href")
    opened = OPENED.search((link.attributes.get("onclick") or "")[:2000])
    return absolute(value or "", base) or (absolute(opened[1], base) if opened else None)


def _fractions(tree: LexborHTMLParser) -> list[int]:
    """The number of pages where it is told as "1/4" and by nothing else; days of January stand so, but differ."""
    told = {leaf.text().strip() for leaf in tree.css("span, em, i, b, font, label, div, p") if leaf.child is not None
            and leaf.child.next is None and FRACTION.fullmatch(leaf.text(deep=False))}  # fmt: skip
    found = FRACTION.fullmatch(told.pop()) if len(told) == 1 else None
    return [int(found[1])] if found else []


def _records(words: str) -> int | None:
    said = RECORDS.search(words)
    return int(said[1] or said[2]) if said else None


def _same_list(address: str, url: str) -> bool:
    """A pager leads to the same folder or to the same script, or to a numbered folder: this keeps numbered links of
    other kinds out.
    """
    return (
        folder(address) == folder(url)
        or urlsplit(address).path == urlsplit(url).path
        or OWN_FOLDER.sub("", urlsplit(address).path) == folder_path(OWN_FOLDER.sub("", urlsplit(url).path))
    )


def _is_numbered(address: str, url: str) -> bool:
    """True for this page's own name with a number: list_2.html beside list.html, the same script with page=2."""
    there, here = urlsplit(address), urlsplit(url)
    if there.path == here.path:
        added = set(parse_qsl(there.query)) - set(parse_qsl(here.query))
        return len(added) == 1 and all(PAGE_VALUE.match(name) and value.isdigit() for name, value in added)
    stem, _, extension = (here.path.rpartition("/")[2] or "index.").partition(".")
    stem = re.sub(r"[-_]?\d+$", "", stem)
    leaf = there.path.rpartition("/")[2]
    return bool(stem) and bool(re.fullmatch(rf"{re.escape(stem)}[-_]?\d{{1,3}}\.{extension or '[a-z]+'}", leaf))


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
    body = tree_of(text).body
    if body is None:
        return None
    second = any(_in_pager(leaf) for leaf in _called_two(body))
    calls = (node.attributes for node in body.css("[onclick], a[href^='javascript:']"))
    turned = any(TURNS.search(f"{one.get('onclick') or ''} {one.get('href') or ''}") for one in calls)
    shown = any(BUTTON.match("".join(one.text().split())) for one in body.css("button"))
    words = body.text()
    if second or turned or shown or MORE.search(words):
        return Pages(problem="the list goes on by a script only")
    records = _records(words)
    return Pages(expected=1, records=records) if records is not None else None


def _called_two(body: LexborNode) -> list[LexborNode]:
    """The elements that say nothing but "2": a pager of several pages names the second."""
    return [leaf for leaf in body.css(LEAVES) if leaf.text(deep=False).strip() == "2"][:MOST_LEAVES]


def _in_pager(leaf: LexborNode) -> bool:
    """True if an element called "2" stands beside one called "1" in a box called a pager, or in one that says nothing
    but what pagers say. Pictures that take turns are numbered too.
    """
    box = leaf.parent
    for _ in range(3):
        if box is None or box.tag in ("body", "html") or len(words := box.text()) > LONGEST_BOX:
            return False
        names = f"{box.attributes.get('id') or ''} {box.attributes.get('class') or ''}".split()
        if any(SLIDES.search(name) for name in names):
            return False
        pager = ONLY_PAGER.fullmatch(words) or any(BOX.search(name) for name in names)
        if pager and any(one.text().strip() == "1" for one in box.css(LEAVES)):
            return True
        box = box.parent
    return False


def counted(text: str, url: str) -> Pages | None:
    """A number of pages that is written where no reader sees it: in a script, a hidden field, an attribute."""
    values = [VALUE.match(text, found.end(), found.end() + 60) for found in COUNTED.finditer(text)]
    counts = [int(value[1]) for value in values if value]
    told = [*LIMITED.findall(text), *((all_, each) for each, all_ in LIMITED_FIRST.findall(text))]
    counts += [-(-int(all_) // int(each)) for all_, each in told if int(each)]
    most = max(counts, default=0)
    if not counts:
        return None
    if most <= 1:
        return Pages(expected=1)
    return Pages(expected=most, problem=f"the page speaks of {most} pages, and how to reach them was not found")


def unknown(text: str, url: str) -> Pages | None:
    """Signs of a pager that nobody here can read: the list may have more pages than were seen."""
    found = HINTS.search(text)
    if not found:
        return None
    return Pages(problem=f"a pager that could not be read ({found[0]})")


GENERAL = (trs, count_page, ls, total_page, vsb, links, one_page, scripted, endless, counted, unknown)


def with_query(url: str, **values: str) -> str:
    """The address with these query values set, the others kept."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | values
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
