"""What a family of portals is, and what reading one of its list pages gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from registry.model import Entry


@dataclass(frozen=True, slots=True)
class Pages:
    """What a pager says: how many pages there are (None: it does not say), where the others are, how many records
    the whole list has, and what stands in the way of reading them all (a sentence; empty: nothing).
    """

    expected: int | None = None
    urls: tuple[str, ...] = ()
    records: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list page as read.

    `rows` counts its lines (two links to one address are one line). `shell` is True where this page itself lists
    nothing and only leads to the pages that do (an API's page). `tabs` are lists of single years, each with pages of
    its own. `problem` names what makes the list incomplete
    although the page could be read; empty if nothing does. `folders` are entries that may be lists
    themselves (of a year, of an organ); `families.sublist` tells by their pages.
    """

    entries: tuple[Entry, ...]
    pages_expected: int | None = None
    next_urls: tuple[str, ...] = ()
    records_expected: int | None = None
    rows: int = 0
    shell: bool = False
    tabs: tuple[str, ...] = ()
    problem: str = ""
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddressDay:
    """The day that an address holds. `precision` is "day", "month" or "year" (the day is then the first of it);
    `entered` True: it is when the page was entered into THIS system, which after a migration is not its publication.
    """

    day: date
    precision: str = "day"
    entered: bool = False


Pager = Callable[[str, str], Pages | None]  # (text, address) -> what its pager says; None: not this pager
Reader = Callable[[str, str], ListPage | None]  # (text, address) -> the page; None: not of this form


@dataclass(frozen=True, slots=True)
class Family:
    """One family of portals.

    `code` is that of registry/families.csv. `article` is searched in "path?query" of an address and says whether it is
    an article of this family; its named groups say where the day stands: y, m, d (digits), hex (8 hex digits, epoch
    seconds), ms (13 digits, epoch milliseconds), snow (snowflake id), stamp (YYYYMMDDhhmmss...). `rows` are CSS
    selectors of list lines as seen on its portals, tried before the structure of the page is. `pagers` are tried in
    order before the general ones. `column` gives the column's address from an article's: a regular expression and its
    replacement on "path?query" ("" and "": cannot be told). `readers` are for families whose lists are no plain HTML.
    """

    code: str
    article: str
    rows: tuple[str, ...] = ()
    pagers: tuple[Pager, ...] = ()
    readers: tuple[Reader, ...] = ()
    column: tuple[str, str] = ("", "")
    entered: bool = False
    examples: tuple[str, ...] = field(default=(), compare=False)
