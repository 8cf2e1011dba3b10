"""Plain values shared by every room: bodies, columns, duties, looks, entries and fetched responses.

Instants are timezone-aware UTC `datetime`s; days are Asia/Shanghai `date`s; a report year is an `int`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class RegistryError(ValueError):
    """A row that cannot be used; the message names file, line and field and says what was expected."""


class Kind(StrEnum):
    """Kinds of bodies; the kind decides which law sets the due day."""

    CENTRAL = "central"
    GOVERNMENT = "government"
    DEPARTMENT = "department"
    TOWNSHIP = "township"
    SUBDISTRICT = "subdistrict"
    INSTITUTION = "institution"
    ZONE_COMMITTEE = "zone_committee"
    OTHER = "other"


class Level(StrEnum):
    """The administrative level at which a body acts."""

    NATION = "nation"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWN = "town"


class Verification(StrEnum):
    """What a person or a probe found of a column; only `VERIFIED` columns prove absence."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    MOVED = "moved"
    DEAD = "dead"
    BLOCKED = "blocked"


class Certainty(StrEnum):
    """How firmly a due day stands: only law and a sourced notice make a certain duty."""

    LAW = "law"
    NOTICE = "notice"
    LOCAL_PRACTICE = "local_practice"


@dataclass(frozen=True, slots=True)
class Body:
    """An organ that may owe reports. `division` is its GB/T 2260 code (6 digits, or 9/12 for towns)."""

    id: str
    name: str
    kind: Kind
    level: Level
    division: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    exists_from: date | None = None
    exists_to: date | None = None
    successor: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """An address that lists the annual reports of one body or of many."""

    id: str
    url: str
    bodies: tuple[str, ...]
    family: str
    verified: Verification = Verification.UNVERIFIED
    basis: str = "seen"  # "seen" or "guessed": how the address is known
    title: str = ""
    years_from: int | None = None
    years_to: int | None = None
    delay_seconds: float | None = None
    interval_days: int | None = None
    attachment_hosts: tuple[str, ...] = ()
    javascript: bool = False
    legacy_tls: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """One deadline row. Empty `bodies` and `divisions` mean "all of these kinds"; the most specific row wins:
    a body's own, then the longest matching division prefix, then the kind's. `due` is (month, day) of the
    year after the report year. `years_to` None: still in force.
    """

    id: str
    kinds: tuple[Kind, ...]
    years_from: int
    years_to: int | None
    due: tuple[int, int]
    certainty: Certainty
    basis_zh: str
    basis_en: str
    bodies: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Exemption:
    """A sourced reason why a body owes no report for one year."""

    body: str
    report_year: int
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Division:
    """A row of GB/T 2260: code, short full name ("北京市西城区") and the years it was in use where known."""

    code: str
    name: str
    parent: str | None
    used_from: date | None = None
    used_to: date | None = None


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything the registry says, keyed by id. Lookup rules live in `registry.duties`, not here."""

    bodies: Mapping[str, Body]
    columns: Mapping[str, Column]
    duties: tuple[Duty, ...]
    exemptions: tuple[Exemption, ...] = ()
    divisions: Mapping[str, Division] = field(default_factory=dict)


class LookResult(StrEnum):
    """What came of one visit to a column: a closed list. Only `COMPLETE` may count towards a proof."""

    COMPLETE = "complete"
    # incomplete
    PAGING_CUT = "paging_cut"  # the list says N pages, fewer could be read
    ENTRIES_GONE = "entries_gone"  # entries of the last complete look are unlisted and did not answer 404/410
    LAYOUT_CHANGED = "layout_changed"  # more than half of the list is gone
    EMPTY_LIST = "empty_list"  # a list page without a single entry
    # failed, by kind
    DNS = "dns"
    TLS = "tls"
    TIMEOUT = "timeout"
    REFUSED = "refused"  # connection refused or reset
    WALL = "wall"  # 401, 403, 405, 412, 418, 429, 521 and the like
    CHALLENGE = "challenge"  # a challenge or login page
    SERVER_ERROR = "server_error"  # 5xx
    NOT_FOUND = "not_found"  # the column itself answers 404 or 410
    ERROR_PAGE = "error_page"  # an error page that answers 200
    HOME_REDIRECT = "home_redirect"  # sent to the home page
    ROBOTS = "robots"
    TRUNCATED = "truncated"  # body cut, or shorter than announced
    EMPTY_BODY = "empty_body"
    TOO_LARGE = "too_large"
    CONTENT_TYPE = "content_type"
    DECODING = "decoding"
    NO_BROWSER = "no_browser"  # the column needs JavaScript, and the browser that runs it is not installed here
    UNSAFE_ADDRESS = "unsafe_address"  # would have led to a private address, a foreign host or another scheme
    INTERRUPTED = "interrupted"  # we ourselves stopped: signal, budget, crash
    UNKNOWN = "unknown"  # any other fault, named in `detail`

    @property
    def complete(self) -> bool:
        """True for `COMPLETE` alone."""
        return self is LookResult.COMPLETE


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list page, as printed. `list_day` is the day shown beside it, never a publication day."""

    url: str
    title: str
    list_day: date | None = None


@dataclass(frozen=True, slots=True)
class GoneEntry:
    """An entry of the last complete look that is no longer listed, and what its own address answered."""

    url: str
    status: int | None  # HTTP status, None if it could not be asked

    @property
    def proven(self) -> bool:
        """True if the address itself said that the page is gone (404 or 410)."""
        return self.status in (404, 410)


@dataclass(frozen=True, slots=True)
class Look:
    """One visit to one column: column-level completeness only. `id` is 0 until it is stored. `restart`: the first
    complete look after the column's new layout was accepted; it was held to no earlier list.
    """

    column: str
    started_at: datetime
    finished_at: datetime
    result: LookResult
    detail: str = ""
    pages_expected: int | None = None
    pages_read: int = 0
    entries: tuple[Entry, ...] = ()
    gone: tuple[GoneEntry, ...] = ()
    requests: int = 0
    bytes: int = 0
    id: int = 0
    restart: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """One response as it came over the wire (after content decoding), or the failure to get one."""

    url: str
    fetched_at: datetime
    purpose: str  # list | article | attachment | probe | robots | part (of a page) | drawn (by its scripts, not sent)
    status: int | None = None
    final_url: str = ""
    redirects: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""  # a LookResult value where the fetch failed
    ip: str = ""
