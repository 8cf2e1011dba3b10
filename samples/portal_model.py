"""What a local portal holds: plain, mutable values that tests and the demo change between two crawls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class PortalFault(StrEnum):
    """What can go wrong at a portal's list; each value is one kind of answer that real portals have given."""

    ERROR_PAGE = "error_page"  # an error page that answers 200
    EMPTY_LIST = "empty_list"  # the list page without a single row
    UNAUTHORISED = "401"
    FORBIDDEN = "403"
    PRECONDITION = "412"
    RATE_LIMITED = "429"  # on every request, with Retry-After: 0
    GATE = "521"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"  # on every request, with Retry-After: 0
    BUSY_ONCE = "busy_once"  # 503 to every first request of an address, then the page
    NOT_FOUND = "404"
    GONE = "410"
    TIMEOUT = "timeout"  # no answer for `Portal.stall_seconds`, then the connection is closed
    TRICKLE = "trickle"  # a body that comes byte by byte, for `Portal.stall_seconds`, and never ends
    RESET = "reset"  # the connection is closed without an answer
    TRUNCATED = "truncated"  # fewer bytes than Content-Length announces
    TRUNCATED_HTML = "truncated_html"  # cut in the middle, but announced so
    HOME_REDIRECT = "home_redirect"  # 302 to "/"
    HOME_REFRESH = "home_refresh"  # a page whose script leads to "/"
    LOGIN = "login"
    CHALLENGE = "challenge"  # a script that sets a cookie and reloads
    CONTENT_TYPE = "content_type"  # a picture in the list's place
    EMPTY_BODY = "empty_body"
    TOO_LARGE = "too_large"  # a body without an end, sent in chunks (it stops after `Portal.flood_bytes`)
    DECODING = "decoding"  # bytes that are text in no encoding
    ROBOTS = "robots"  # robots.txt forbids the portal's folder
    PAGING_CUT = "paging_cut"  # the second page and all after it answer 500
    PAGE_REPEATS = "page_repeats"  # every page shows the rows of the first
    PRIVATE_REDIRECT = "private_redirect"  # 302 to http://169.254.169.254/
    FOREIGN_REDIRECT = "foreign_redirect"  # 302 to a host nobody has registered
    FILE_REDIRECT = "file_redirect"  # 302 to file:///etc/passwd
    PART_FAILS = "part_fails"  # the page answers, what its script asks for answers 500 (the family "drawn")
    LOOP = "loop"  # 302 to itself
    REBUILDING = "rebuilding"  # a notice that the site is being rebuilt, answering 200
    CLOSED = "closed"  # a notice that the site was shut down and where it went, answering 200
    PARKED = "parked"  # the domain was lost, and a dealer offers it
    NO_SCRIPT = "no_script"  # a page that asks for JavaScript
    HOME_META = "home_meta"  # a page whose head leads to "/"
    BROKEN_GZIP = "broken_gzip"  # said to be gzip, and is not
    OLD_COPY = "old_copy"  # the list as a cache keeps it for days, which its Age says
    OTHER_LIST = "other_list"  # the list of somebody else's reports of the same years
    TLS_EXPIRED = "tls_expired"  # of a `secure` portal: a certificate that is over
    TLS_WRONG_HOST = "tls_wrong_host"  # the certificate of another host
    TLS_SELF_SIGNED = "tls_self_signed"  # a certificate that nobody has signed


@dataclass(slots=True)
class PortalAttachment:
    """A file linked from an article. `path` is relative to the article's folder; `label` is the link's text."""

    path: str
    body: bytes
    content_type: str = "application/pdf"
    label: str = "附件下载"


@dataclass(slots=True)
class PortalEntry:
    """One row of a list and the page behind it.

    `path` is relative to the column's folder ("202601/t20260120_101.html"), or to the portal's root if it begins with
    "/", or a whole address ("http://..."), which is listed but not served. `day` is printed beside the title in the
    list (None: nothing is printed). `body` is served as it is if it is bytes or holds "<html"; any other text is put
    into the family's article page, under its title and a date line `发布时间：` with `page_day` (None: `day`), unless
    `show_day` is False. `listed` False: the page answers, the list does not show it. `status` is what its address
    answers (404 or 410: gone). `redirect`: the address answers 302 to this. `headers`
    are sent beside the usual ones.
    """

    title: str
    path: str
    day: date | None = None
    body: str | bytes = ""
    listed: bool = True
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    page_day: date | None = None
    show_day: bool = True
    day_label: str = "发布时间："
    attachments: tuple[PortalAttachment, ...] = ()
    redirect: str = ""
    modified: datetime | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Portal:
    """One column on a local portal.

    `name` is its folder on the server (ASCII); `family` says how its pages look (a key of `portal_shapes.SHAPES`:
    "trs", "generic", ...); `entries` are listed in their order. `address` is the loopback address it is served on
    (127.0.0.0/8), so that two portals can be two hosts. `robots` holds further lines of that host's robots.txt, which
    answers `robots_status`.
    `secure`: it is served on https (see `PortalServer.tls`).
    `validators` False: answers carry neither ETag nor Last-Modified. `encoding` is what its pages are encoded in.
    `furniture` is markup that its template puts on every page: menus, scripts, counters, today's date.
    """

    name: str
    family: str = "trs"
    entries: list[PortalEntry] = field(default_factory=list)
    fault: PortalFault | None = None
    title: str = "政府信息公开年报"
    page_size: int = 15
    address: str = "127.0.0.1"
    robots: str = ""
    robots_status: int = 200
    validators: bool = True
    encoding: str = "utf-8"
    stall_seconds: float = 5.0
    flood_bytes: int = 64_000_000
    furniture: str = ""
    secure: bool = False

    def listed(self) -> list[PortalEntry]:
        """The entries its list shows, in order."""
        if self.fault is PortalFault.OTHER_LIST:
            name = "某市气象局{}年政府信息公开工作年度报告"
            return [PortalEntry(name.format(year - 1), f"q{year}.html", date(year, 1, 20)) for year in (2025, 2026)]
        return [entry for entry in self.entries if entry.listed]

    def page(self, number: int) -> list[PortalEntry]:
        """The rows of list page `number`, counted from 1."""
        if self.fault is PortalFault.EMPTY_LIST:
            return []
        if self.fault is PortalFault.PAGE_REPEATS:
            number = 1
        start = (number - 1) * self.page_size
        return self.listed()[start : start + self.page_size]

    @property
    def pages(self) -> int:
        """How many list pages it has (an empty list has one)."""
        return max(1, -(-len(self.listed()) // self.page_size))


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to a portal: `path` is below the portal's folder and begins with "/"."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a portal answers. `location` is put into a Location header."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    location: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Logged:
    """One answered request, as the server's log keeps it. `path` is the whole path with its query."""

    host: str
    method: str
    path: str
    status: int
    bytes: int
    user_agent: str = ""
    at: float = 0.0  # monotonic seconds, to see how far apart requests are
