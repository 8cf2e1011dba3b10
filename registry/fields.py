"""The fields of every registry file, in one place: what is not named in `OPTIONAL` is required.

Each `as_...` function takes the text of one cell (never blank) and returns the value, or raises `Unfit` with what
was expected. Lists inside a CSV cell are separated by `|`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

BODIES, COLUMNS, EXEMPTIONS = "bodies.csv", "columns.csv", "exemptions.csv"
DIVISIONS, FAMILIES, DUTIES = "divisions.csv", "families.csv", "duties.toml"

FIELDS: Mapping[str, tuple[str, ...]] = {
    BODIES: (
        "id", "name", "kind", "level", "division", "aliases", "parent", "exists_from", "exists_to", "successor", "note",
    ),
    COLUMNS: (
        "id", "url", "bodies", "family", "verified", "basis", "title", "years_from", "years_to", "delay_seconds",
        "interval_days", "attachment_hosts", "javascript", "legacy_tls",
    ),
    EXEMPTIONS: ("body", "report_year", "reason", "source"),
    DIVISIONS: ("code", "name", "parent", "used_from", "used_to"),
    FAMILIES: ("code", "title", "pattern"),
    DUTIES: (
        "id", "kinds", "years_from", "years_to", "due", "certainty", "basis_zh", "basis_en", "bodies", "divisions",
        "source",
    ),
}  # fmt: skip

OPTIONAL: Mapping[str, frozenset[str]] = {
    BODIES: frozenset({"aliases", "parent", "exists_from", "exists_to", "successor", "note"}),
    COLUMNS: frozenset(
        {"title", "years_from", "years_to", "delay_seconds", "interval_days", "attachment_hosts", "javascript",
         "legacy_tls"}
    ),
    EXEMPTIONS: frozenset(),
    DIVISIONS: frozenset({"parent", "used_from", "used_to"}),
    FAMILIES: frozenset({"pattern"}),
    DUTIES: frozenset({"kinds", "years_to", "bodies", "divisions", "source"}),
}  # fmt: skip

ID = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?", re.ASCII)
HOST = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE
)
CODE = re.compile(r"[0-9]{6}(?:[0-9]{3}(?:000)?)?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2008, 2099  # the Regulations of 2007 came into force on 1 May 2008

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)


class Unfit(ValueError):
    """A cell that is not what its field takes; the message is the "expected" part of a fault."""


def as_text(text: str) -> str:
    """Any printable text."""
    return text


def as_id(text: str) -> str:
    """An id of ours: lower-case ASCII letters, digits, dots, hyphens and underscores, up to 64."""
    if not ID.fullmatch(text):
        raise Unfit("an id of 1 to 64 lower-case ASCII letters, digits, '.', '-' or '_', ending in a letter or digit")
    return text


def as_code(text: str) -> str:
    """A division code of 6 (GB/T 2260), 9 or 12 digits."""
    if not CODE.fullmatch(text):
        raise Unfit("a division code of 6, 9 or 12 digits")
    return text


def as_day(text: str) -> date:
    """A day written YYYY-MM-DD."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Unfit("a day written YYYY-MM-DD")


def as_year(text: str) -> int:
    """A report year."""
    if not re.fullmatch(r"[0-9]{4}", text, re.ASCII) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise Unfit(f"a report year from {FIRST_YEAR} to {LAST_YEAR}")
    return int(text)


def as_due(text: str) -> tuple[int, int]:
    """A day of any year written MM-DD, as (month, day); 29 February is refused, since not every year has it."""
    try:
        if re.fullmatch(r"[0-9]{2}-[0-9]{2}", text, re.ASCII):
            day = date.fromisoformat(f"2023-{text}")
            return day.month, day.day
    except ValueError:
        pass
    raise Unfit("a day of every year written MM-DD")


def as_flag(text: str) -> bool:
    """`true` or `false`."""
    if text not in ("true", "false"):
        raise Unfit("true or false")
    return text == "true"


def as_seconds(text: str) -> float:
    """A pause between requests, in seconds."""
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text, re.ASCII) or not 0 < float(text) <= 3600:
        raise Unfit("seconds greater than 0 and at most 3600")
    return float(text)


def as_days(text: str) -> int:
    """An interval in whole days."""
    if not re.fullmatch(r"[0-9]{1,3}", text, re.ASCII) or not 1 <= int(text) <= 366:
        raise Unfit("whole days from 1 to 366")
    return int(text)


def as_host(text: str) -> str:
    """A host name or IP address, without scheme; with a port where it is not the scheme's own."""
    host, colon, port = text.partition(":")
    if not HOST.fullmatch(host) or (colon and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536)):
        raise Unfit("a host name without scheme or path")
    return text.lower()


def as_url(text: str) -> str:
    """An absolute http or https address with a host, without user name, blanks or fragment."""
    expected = "an absolute http:// or https:// address"
    if not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        raise Unfit(expected + " in ASCII without blanks")
    try:
        parts: SplitResult = urlsplit(text)
        host, _port = parts.hostname, parts.port
        if host and ":" in host:
            ipaddress.IPv6Address(host)
    except ValueError:
        raise Unfit(expected) from None
    if parts.scheme not in ("http", "https") or not host or (":" not in host and not HOST.fullmatch(host)):
        raise Unfit(expected)
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Unfit(expected + " without user name or fragment")
    return text


def as_word(words: type[Word]) -> Callable[[str], Word]:
    """One word of a closed list."""

    def parse(text: str) -> Word:
        try:
            return words(text)
        except ValueError:
            raise Unfit("one of " + ", ".join(words)) from None

    return parse


def as_one_of(*words: str) -> Callable[[str], str]:
    """One of the given words."""

    def parse(text: str) -> str:
        if text not in words:
            raise Unfit("one of " + ", ".join(words))
        return text

    return parse


def as_list(parse: Callable[[str], Value]) -> Callable[[str], tuple[Value, ...]]:
    """Values separated by `|`, none blank, none twice."""

    def parse_all(text: str) -> tuple[Value, ...]:
        parts = text.split("|")
        if any(not part or part != part.strip() for part in parts):
            raise Unfit("values separated by '|', none blank, no blanks around them")
        if len(set(parts)) != len(parts):
            raise Unfit("values separated by '|', none of them twice")
        return tuple(parse(part) for part in parts)

    return parse_all
