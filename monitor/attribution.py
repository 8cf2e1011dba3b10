"""Whose and which report year's a list entry or a read report is (domain.md section 1).

Exactly one candidate body and year, reached by a firm reason: attributed. Several: undecidable until a person assigns
the address. None of the registry's bodies: to be registered. Nothing is ever dropped without a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

from monitor.naming import COLLECTED, alike, folded, generic, jointly, shortens
from monitor.periods import later_year
from parsers.model import Figure, Number, Report
from parsers.titles import parse_title
from registry.model import SHANGHAI, Column, Entry, Registry

Key = tuple[str, int]  # (body, report year)
FIRST_REPORT_YEAR = 2008
# Reports dated before their year is over exist (real-world.md section 13): from this month on, a page first seen may be
# the report of the running year.
EARLIEST_MONTH = 10
# Two reports are one if at least this many figures other than zero stand in both and this share of them is equal; small
# bodies print the same zeros every year, so zeros prove nothing.
SAME_FIGURES = 8
SAME_SHARE = 0.9

_SUBJECT = re.compile(r"(?:关于)?20\d\d|政府信息|信息公开|年度?报告?|…")
# What an annual-report column lists beside reports; every other title that is not recognised might be one.
_OTHER_PAGE = re.compile(
    r"指南|目录|法治政府|制度|通知|规定|条例|办法|规划|总结|计划|方案|意见|公告|解读|图解|一图|预算|决算|公示|职责|职能|领导|简介|申请|收费|标准|名单|"
    r"工作要点|流程|问答|监督|规章|政策|法规|机构"
)
_ALL_IN_ONE = re.compile(r"信息公开.{0,12}(?:报告|年报).{0,6}(?:汇总|汇编|合集|合订)")
# A yearly summary of this very work is what some call their report.
_MAY_BE_ONE = re.compile(r"信息公开(?:工作)?(?:年度)?(?:工作)?(?:总结|情况)")


class Reason(StrEnum):
    """Why an entry or report was, or could not be, attributed: a closed list, stored beside the report."""

    ASSIGNED = "assigned"  # a person said so
    PUBLISHER = "publisher"  # the name printed is a body's of the column
    PUBLISHER_ELSEWHERE = "publisher_elsewhere"  # the name printed is plainly another registered body's
    SHORT_NAME = "short_name"  # the name printed shortens one body's of the column, and only one's
    COLUMN = "column"  # no other name, and the column has one body
    SAME_REPORT = "same_report"  # equal fingerprint or figures with a report held of this body and year
    # could be several
    SEVERAL_BODIES = "several_bodies"
    SEVERAL_YEARS = "several_years"
    NO_NAME = "no_name"
    NO_YEAR = "no_year"
    REPEATED_YEAR = "repeated_year"  # a year already held: it may be next year's under last year's title
    NOT_TITLED = "not_titled"  # a line that does not call itself a report, in a column of reports
    UNKNOWN_PUBLISHER = "unknown_publisher"  # to be registered
    FOREIGN_HOST = "foreign_host"  # not on a host that the registry names: copies of portals exist
    # no report
    ASSIGNED_TO_NONE = "assigned_to_none"
    COMPANION = "companion"
    OTHER_PAGE = "other_page"
    NOT_A_REPORT = "not_a_report"

    @property
    def firm(self) -> bool:
        """True if one body and one year given with this reason are an attribution."""
        return self in _FIRM


_FIRM = frozenset(
    {
        Reason.ASSIGNED,
        Reason.PUBLISHER,
        Reason.PUBLISHER_ELSEWHERE,
        Reason.SHORT_NAME,
        Reason.COLUMN,
        Reason.SAME_REPORT,
    }
)


class Names(Protocol):
    """What finds bodies by a printed name: `registry.names.NameIndex`."""

    def find(self, text: str, among: Collection[str] | None = None) -> tuple[str, ...]:
        """Ids of the bodies that a whole printed name may stand for; with `among`, forms without a place count too."""
        ...


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person's word on one address. `body` None: no report at all."""

    url: str
    body: str | None
    report_year: int | None


@dataclass(frozen=True, slots=True)
class Attribution:
    """What an entry or report could be: every combination of `bodies` and `years`. `publisher` as printed."""

    bodies: tuple[str, ...]
    years: tuple[int, ...]
    reason: Reason
    publisher: str = ""

    @property
    def decided(self) -> bool:
        """One body, one year, and a firm reason."""
        return self.reason.firm and len(self.bodies) == 1 and len(self.years) == 1

    @property
    def body(self) -> str | None:
        """The body it is attributed to, None if undecided."""
        return self.bodies[0] if self.decided else None

    @property
    def report_year(self) -> int | None:
        """The report year it is attributed to, None if undecided."""
        return self.years[0] if self.decided else None

    @property
    def candidates(self) -> frozenset[tuple[str, int]]:
        """Every (body, report year) it could be; empty if it is no report or nobody's of the registry."""
        return frozenset((body, year) for body in self.bodies for year in self.years)

    @property
    def to_register(self) -> bool:
        """True if its publisher is not in the registry."""
        return self.reason is Reason.UNKNOWN_PUBLISHER


@dataclass(frozen=True, slots=True)
class Held:
    """A report already held of some (body, report year), as far as a newcomer has to be compared with it."""

    url: str
    fingerprint: str
    report: Report | None = None
    entry_url: str = ""  # the line of the list that led to it, where that is another address


def latest_report_year(at: datetime) -> int:
    """The latest report year of which a report can exist at this instant (aware): the running year from October on."""
    day = at.astimezone(SHANGHAI).date()
    return day.year if day.month >= EARLIEST_MONTH else day.year - 1


def may_be_next_from(report_year: int) -> date:
    """The first day (Asia/Shanghai) on which a page under this year's title may be the next year's report."""
    return date(report_year + 1, EARLIEST_MONTH, 1)


@lru_cache(maxsize=100_000)
def host_of(url: str) -> str:
    """Host and port of an address, lower case, without a leading "www." and without the scheme's own port."""
    try:
        parts = urlsplit(url if "//" in url else "//" + url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:  # an unfinished bracket or a port that is no number: no host of the registry
        return ""
    return host if port in (None, 80, 443) else f"{host}:{port}"


def hosts_of(registry: Registry) -> frozenset[str]:
    """The hosts that the registry names: those of its columns and their declared attachment hosts."""
    named = [column.url for column in registry.columns.values()]
    named += [host for column in registry.columns.values() for host in column.attachment_hosts]
    return frozenset(map(host_of, named)) - {""}


def attribute_entry(
    entry: Entry,
    column: Column,
    registry: Registry,
    names: Names,
    *,
    now: datetime,
    hosts: frozenset[str],
    assigned: Mapping[str, Assignment] | None = None,
    first_seen: datetime | None = None,
) -> Attribution:
    """What one line of a list could be, by its title and column alone; what is already held is not looked at.

    `now` bounds the years a title without one could mean, `first_seen` (by default `now`) what the year printed can
    mean: in January 年 of the running year is a slip for the year before. `hosts` as given by `hosts_of`.
    """
    if word := (assigned or {}).get(entry.url):
        return _assigned(word, now)
    title = parse_title(entry.title)
    publisher = title.publisher or ""
    if title.report_year and _ALL_IN_ONE.search(entry.title):
        years = _years(title.report_year, column, now, first_seen)
        return _settle(_own(column, registry), years, Reason.NO_NAME, publisher, entry.url, hosts)
    if title.companion:
        return Attribution((), (), Reason.COMPANION, publisher)
    if not title.is_report and _OTHER_PAGE.search(entry.title) and not _MAY_BE_ONE.search(entry.title):
        return Attribution((), (), Reason.OTHER_PAGE, publisher)
    publisher = publisher or ("" if title.is_report else _opening(entry.title))
    bodies, reason = whose(publisher, column, registry, names)
    years = _years(title.report_year, column, now, first_seen)
    if not title.is_report and reason.firm:
        reason = Reason.NOT_TITLED
    return _settle(bodies, years, reason, publisher, entry.url, hosts)


def attribute_report(
    report: Report,
    *,
    url: str,
    column: Column | None,
    registry: Registry,
    names: Names,
    first_seen: datetime,
    fingerprint: str = "",
    list_title: str = "",
    entry_url: str = "",
    held: Mapping[tuple[str, int], Sequence[Held]] | None = None,
    hosts: frozenset[str] | None = None,
    assigned: Mapping[str, Assignment] | None = None,
) -> Attribution:
    """Whose and which year's an archived document is.

    `first_seen`: the instant it was first fetched with this content. `list_title`, `entry_url`: the line of the list
    that led to it. `held`: what is already held, itself left out, by (body, report year); a document that repeats a
    year is undecidable unless it is the same report or came too early to be the next year's.
    A document listed under a report's title is held even where nothing could be read in it (pictures).
    """
    for address in (url, entry_url):
        if word := (assigned or {}).get(address):
            return _assigned(word, first_seen)
    listed = parse_title(list_title) if list_title else None
    if not report.is_report and (listed is None or listed.companion or not listed.is_report):
        companion = listed is not None and listed.companion
        return Attribution((), (), Reason.COMPANION if companion else Reason.NOT_A_REPORT, report.publisher or "")
    printed = [p for p in (report.publisher, listed.publisher if listed else None) if p and not generic(p)]
    claims = [whose(publisher, column, registry, names) for publisher in printed] or [
        whose("", column, registry, names)
    ]
    bodies, reason = _agree(claims)
    said = [y for y in (report.report_year, listed.report_year if listed else None) if y]
    if said and (later := later_year(report, max(said))):  # last year's title over this year's text
        said.append(later)
    own = {y for y in said if FIRST_REPORT_YEAR <= y <= latest_report_year(first_seen)}
    years = tuple(sorted(own)) if own else _years(max(said, default=None), column, first_seen)
    found = _settle(
        bodies, years, reason, printed[0] if printed else "", url, hosts_of(registry) if hosts is None else hosts
    )
    known = {} if held is None else held
    found = _unless_repeated(found, report, url, entry_url, fingerprint, first_seen, known)
    return or_the_next_year(found, first_seen, lambda key: bool(known.get(key)))


def whose(
    publisher: str, column: Column | None, registry: Registry, names: Names
) -> tuple[tuple[str, ...], Reason]:
    """The bodies that a printed name in this column could mean, and why. "" or 我局: no name."""
    own = _own(column, registry)
    if not publisher or generic(publisher):
        return own, Reason.COLUMN if len(own) == 1 else Reason.NO_NAME
    found = names.find(publisher, own)
    here = tuple(b for b in found if b in own)
    if here:
        return here, Reason.PUBLISHER if len(here) == 1 else Reason.SEVERAL_BODIES
    if COLLECTED.search(publisher) and len(own) > 1:
        return own, Reason.NO_NAME
    if len(joint := jointly(publisher, own, registry)) > 1:
        return joint, Reason.SEVERAL_BODIES
    shortened = tuple(b for b in own if shortens(publisher, registry.bodies[b]))
    if found:
        if len(found) == 1 and not shortened:
            return found, Reason.PUBLISHER_ELSEWHERE
        if len(shortened) == 1 and len(found) > 1:  # 教育局 is hundreds of bodies' alias; in this column it is one's
            return shortened, Reason.SHORT_NAME
        return tuple(dict.fromkeys((*shortened, *found))), Reason.SEVERAL_BODIES
    if len(shortened) == 1:
        return shortened, Reason.COLUMN if len(own) == 1 else Reason.SHORT_NAME
    if shortened:
        return shortened, Reason.SEVERAL_BODIES
    if len(own) == 1:  # not its name: a page of another body on its site, or a name the registry lacks
        return own, Reason.UNKNOWN_PUBLISHER
    return tuple(b for b in own if alike(publisher, registry.bodies[b])), Reason.UNKNOWN_PUBLISHER


def _own(column: Column | None, registry: Registry) -> tuple[str, ...]:
    return tuple(b for b in column.bodies if b in registry.bodies) if column else ()


def _opening(title: str) -> str:
    """What stands before year and subject in a line that names a body only, or was cut (某某县2024年政府信…)."""
    return _SUBJECT.split(folded(title), maxsplit=1)[0].strip("·-—:,、.…")


def _settle(
    bodies: tuple[str, ...], years: tuple[int, ...], reason: Reason, publisher: str, url: str, hosts: frozenset[str]
) -> Attribution:
    if host_of(url) not in hosts:
        reason = Reason.FOREIGN_HOST
    elif reason.firm and len(years) != 1:
        reason = Reason.NO_YEAR if len(years) > 2 or not years else Reason.SEVERAL_YEARS
    return Attribution(bodies, years, reason, publisher)


def _assigned(word: Assignment, at: datetime) -> Attribution:
    if word.body is None:
        return Attribution((), (), Reason.ASSIGNED_TO_NONE)
    years = (word.report_year,) if word.report_year else tuple(range(FIRST_REPORT_YEAR, latest_report_year(at) + 1))
    return Attribution((word.body,), years, Reason.ASSIGNED if word.report_year else Reason.NO_YEAR)


def _years(
    printed: int | None, column: Column | None, at: datetime, first_seen: datetime | None = None
) -> tuple[int, ...]:
    """What a printed year can mean: itself if a report of it could exist when it was first seen; the running year
    before that is mostly the year of publication; any other says nothing.
    """
    seen = at if first_seen is None else first_seen
    if printed and FIRST_REPORT_YEAR <= printed <= latest_report_year(seen):
        return (printed,)
    if printed and printed == seen.astimezone(SHANGHAI).year:
        return (printed - 1, printed)
    first, last = FIRST_REPORT_YEAR, latest_report_year(at)
    # Only the registry's own word binds: years in folder names are often wrong (real-world.md section 2).
    if column and column.years_from is not None:
        first = max(first, column.years_from)
    if column and column.years_to is not None:
        last = min(last, column.years_to)
    return tuple(range(first, last + 1))


def _agree(claims: Sequence[tuple[tuple[str, ...], Reason]]) -> tuple[tuple[str, ...], Reason]:
    """Join what report and list say of the publisher: the firm word, or all candidates if two firm ones differ."""
    firm = [claim for claim in claims if claim[1].firm]
    if not firm:
        return claims[0]
    bodies = tuple(dict.fromkeys(b for found, _ in firm for b in found))
    return (bodies, firm[0][1]) if len(bodies) == 1 else (bodies, Reason.SEVERAL_BODIES)


def or_the_next_year(found: Attribution, first_seen: datetime, has: Callable[[Key], bool]) -> Attribution:
    """What names a year but not surely a body may be the next year's under last year's title: where one of the bodies
    it could be has (`has`) a report of the year printed, and in the weeks in which the next year's are published.
    """
    if found.decided or len(found.years) != 1:
        return found
    year = found.years[0]
    if latest_report_year(first_seen) <= year:
        return found
    repeats = any(has((body, year)) and not has((body, year + 1)) for body in found.bodies)
    in_season = first_seen.astimezone(SHANGHAI).date() >= date(year + 2, 1, 1)
    return replace(found, years=(year, year + 1)) if repeats or in_season else found


def _unless_repeated(
    found: Attribution,
    report: Report,
    url: str,
    entry_url: str,
    fingerprint: str,
    first_seen: datetime,
    held: Mapping[tuple[str, int], Sequence[Held]],
) -> Attribution:
    if not found.decided:
        return found
    body, year = found.bodies[0], found.years[0]
    own = {url, entry_url} - {""}
    # An article and its attachments are one report in several forms; another content at its own address is not.
    others = [
        h
        for h in held.get((body, year), ())
        if (h.url == url and h.fingerprint != fingerprint) or own.isdisjoint({h.url, h.entry_url})
    ]
    if not others:
        return found
    if any(_same(report, fingerprint, other) for other in others):
        return replace(found, reason=Reason.SAME_REPORT)
    if first_seen.astimezone(SHANGHAI).date() < may_be_next_from(year):
        return found  # the next year's report cannot exist yet: a double or a correction
    following = range(year + 1, latest_report_year(first_seen) + 1)
    for y in following:  # moved with its wrong title after a person had said what it is
        if any(_same(report, fingerprint, other) for other in held.get((body, y), ())):
            return replace(found, years=(y,), reason=Reason.SAME_REPORT)
    later = tuple(y for y in following if not held.get((body, y)))
    return Attribution(found.bodies, (year, *later), Reason.REPEATED_YEAR, found.publisher) if later else found


def _same(report: Report, fingerprint: str, other: Held) -> bool:
    if fingerprint and fingerprint == other.fingerprint:
        return True
    if other.report is None:
        return False
    mine, theirs = _figures(report.figures), _figures(other.report.figures)
    common = [key for key in mine if key in theirs and (mine[key] or theirs[key])]
    return len(common) >= SAME_FIGURES and sum(mine[k] == theirs[k] for k in common) >= SAME_SHARE * len(common)


def _figures(figures: Iterable[Figure]) -> dict[tuple[str, str, str], Number]:
    return {(f.table, f.row, f.column): f.value for f in figures if f.value is not None}
