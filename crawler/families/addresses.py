"""Addresses: comparing them, joining them, and the days that some families write into them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from urllib.parse import urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.families.model import AddressDay
from registry.model import SHANGHAI

FIRST_DAY = date(2008, 5, 1)  # the OGI Regulations came into force: no page of ours is older
LAST_YEAR = 2099
SNOWFLAKE_EPOCH_MS = 1288834974657
FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|zip|rar|7z|ofd|ceb|rtf|txt)$", re.IGNORECASE)
INDEX = re.compile(r"(?:index|list|common|default|main|column-index|zwgk)\w*[-\w]*\.|\d+\.|[^.]*_list\.", re.IGNORECASE)
# what most links look like: a path with nothing in it to be resolved
PLAIN = re.compile(r"(?:\./|/)?(?:[\w-]+/)*(?:[\w-]+\.[a-z]+)?", re.ASCII)
# what most addresses look like: nothing in them that the standard library would take away or write otherwise
WHOLE = re.compile(
    r"https?://([a-z\d.-]+)(?::([1-9]\d{0,3}|[1-5]\d{4}))?(/[^?#\0- \x7f-\xa0]*)?(\?[^#\0- \x7f-\xa0]+)?", re.ASCII
)
DOWNLOAD = re.compile(
    r"/module/download/downfile\.jsp|/system/_content/download\.jsp|[?&](?:file|filename|fileName)=", re.IGNORECASE
)
# what a click opens: window.open('..'), location.href = '..'
OPENED = re.compile(r"(?:open|href\s*=|location)\s*\(?\s*['\"]([^'\"]+)['\"]")


@lru_cache(maxsize=1 << 10)  # the lines, tabs and pagers of a page ask for the same links, one after the other
def absolute(href: str, base: str) -> str | None:
    """The address a link leads to, without fragment; None if it leads to no HTTP page (a script, mail, an anchor)."""
    href = href.strip().replace("\\", "/")
    if href and PLAIN.fullmatch(href) and (place := _place(base)):
        return place[0] + href if href.startswith("/") else place[1] + href.removeprefix("./")
    if not href or href.startswith("#") or "{{" in href or "${" in href:
        return None
    try:
        parts = urlsplit(urljoin(base, href))
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            return None
    except ValueError:  # a bracket or a port that is none
        return None
    path = re.sub(r"/{2,}", "/", parts.path) if "//" in parts.path else parts.path
    return urlunsplit((parts.scheme, parts.netloc, path or "/", parts.query, ""))


@lru_cache(maxsize=256)
def _place(base: str) -> tuple[str, str] | None:
    """The origin and the folder of an address; None where it is no web address, or its path must be resolved first."""
    try:
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            return None
    except ValueError:
        return None
    origin = f"{parts.scheme}://{parts.netloc}"
    resolved = "//" not in parts.path and "/." not in parts.path
    return (origin, f"{origin}{parts.path.rpartition('/')[0]}/") if resolved else None


PORTS = ("", "80", "443")  # that an address need not name


@lru_cache(maxsize=1 << 16)  # a page asks for the key of each of its links several times
def address_key(url: str) -> str:
    """What two spellings of one address share: no scheme, no `www.`, no default port, no fragment, lower-case host."""
    if plain := WHOLE.fullmatch(url):
        host, port, path, query = plain.groups("")
        return f"{host.removeprefix('www.')}{f':{port}' if port not in PORTS else ''}{path or '/'}{query}"
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{port}{parts.path or '/'}{query}"


@lru_cache(maxsize=1)  # asked by the lines, tabs and pagers of a page, one after the other
def base_of(tree: LexborHTMLParser, url: str) -> str:
    """What the relative links of a page are joined to: its `<base>`, else its own address."""
    node = tree.css_first("base[href]")
    return (absolute(node.attributes.get("href") or "", url) if node else None) or url


def framed(tree: LexborHTMLParser, url: str) -> str | None:
    """Where the one frame of a page that lists nothing itself leads on its own host; None without such a frame."""
    base, host = base_of(tree, url), urlsplit(url).netloc
    frames = [absolute(node.attributes.get("src") or "", base) for node in tree.css("iframe, frame")]
    own = {one for one in frames if one and urlsplit(one).netloc == host and address_key(one) != address_key(url)}
    return own.pop() if len(own) == 1 else None


def folder(url: str) -> str:
    """The address up to its last slash: what relative links are joined to."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, folder_path(parts.path), "", ""))


def folder_path(path: str) -> str:
    """A path up to its last slash."""
    return path.rpartition("/")[0] + "/"


@lru_cache(maxsize=1 << 10)
def column_folder(url: str) -> str:
    """Where a column's own pages lie: the folder of an index or of a numbered page, else a folder of the page's name
    (`/xxgk/zfxxgknb.htm` has its pages in `/xxgk/zfxxgknb/`).
    """
    path = urlsplit(url).path
    leaf = path.rpartition("/")[2]
    if not leaf or INDEX.match(leaf):
        return folder(url)
    return folder(url) + leaf.partition(".")[0] + "/"


def below(address: str, url: str) -> bool:
    """True for a page below the column; where the column is a site's root, everything would be, so nothing is."""
    here, there = _column_key(url), address_key(address)
    return bool(here) and there.startswith(here) and there != here


@lru_cache(maxsize=1 << 10)
def _column_key(url: str) -> str:
    """The key of a column's folder; empty where that is the site's root."""
    here = column_folder(url)
    return address_key(here) if urlsplit(here).path != "/" else ""


@lru_cache(maxsize=1 << 10)
def path_and_query(url: str) -> str:
    """Path and query of an address: what the patterns of the families are searched in."""
    if plain := WHOLE.fullmatch(url):
        return "".join(plain.groups("")[2:])
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


@lru_cache(maxsize=1 << 10)
def is_file(url: str) -> bool:
    """True if the address names a document that is no page (PDF, Word, ZIP ...) or a download script."""
    where = path_and_query(url)
    return bool(FILE.search(where.partition("?")[0]) or DOWNLOAD.search(where))


def found_day(found: re.Match[str], *, entered: bool = False) -> AddressDay | None:
    """The day in the named groups of a family's article pattern; None if it holds none that can be true.

    Real-world section 1: `t19700101` is a null date, ids may look like dates, an object id's first 8 hex digits
    are its creation in epoch seconds, a snowflake's upper bits in milliseconds.
    """
    groups = {name: text for name, text in found.groupdict().items() if text}
    try:
        if "hex" in groups:
            return _checked(datetime.fromtimestamp(int(groups["hex"], 16), UTC), entered)
        if "ms" in groups:
            return _checked(datetime.fromtimestamp(int(groups["ms"]) / 1000, UTC), entered)
        if "snow" in groups:
            milliseconds = (int(groups["snow"]) >> 22) + SNOWFLAKE_EPOCH_MS
            return _checked(datetime.fromtimestamp(milliseconds / 1000, UTC), entered)
        if "stamp" in groups:
            return _plain(groups["stamp"][:4], groups["stamp"][4:6], groups["stamp"][6:8], entered)
        if "y" in groups:
            return _plain(groups["y"], groups.get("m"), groups.get("d"), entered)
    except (ValueError, OverflowError, OSError):  # not a day at all
        return None
    return None


def _checked(at: datetime, entered: bool) -> AddressDay | None:
    day = at.astimezone(SHANGHAI).date()
    return AddressDay(day, "day", entered) if day >= FIRST_DAY and day.year <= LAST_YEAR else None


def _plain(year: str, month: str | None, day: str | None, entered: bool) -> AddressDay | None:
    value = date(int(year), int(month or 1), int(day or 1))
    precision = "day" if day else "month" if month else "year"
    earliest = FIRST_DAY if day else FIRST_DAY.replace(month=1, day=1)
    return AddressDay(value, precision, entered) if value >= earliest and value.year <= LAST_YEAR else None
