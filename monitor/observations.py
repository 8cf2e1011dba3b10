"""What each complete look says of each (body, report year): seen, absent with its positive control, or undecidable.

One `ColumnHistory` a column sorts every distinct line of its lists once and every distinct list once; asking it for one
body and year then costs a few look-ups a look (domain.md section 1).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.attribution import (
    Assignment,
    Attribution,
    Key,
    Names,
    Reason,
    attribute_entry,
    hosts_of,
    latest_report_year,
    may_be_next_from,
    or_the_next_year,
)
from monitor.model import Holding, Observation, Sight
from monitor.naming import folded
from registry.model import SHANGHAI, Column, Entry, Look, Registry, Verification

Line = tuple[str, str]  # (address, title) of a list entry
Word = tuple[Sight, str, str]  # sight, reason, positive control

# Reasons of an observation that says nothing; every other reason of `undecidable` is an entry that could be the report.
NO_CONTROL = "no_positive_control"
NOT_VERIFIED = "column_not_verified"
OTHER_YEARS = "column_of_other_years"
SILENT = frozenset({NO_CONTROL, NOT_VERIFIED, OTHER_YEARS})
REWRITABLE = "address_may_be_rewritten"

# From this many bodies on whose reports of the year before stand in a list without any of the year, the list is stale.
LEFT_BEHIND = 4

_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Listing:
    """What one content of a list says: decided entries, entries that could be several, controls by report year."""

    seen: frozenset[Key]
    unclear: Mapping[Key, str]
    bodies_of_year: Mapping[int, tuple[str, ...]]
    # An address without a year in its title that held a report when last asked: (body, its year, last asked).
    rewritable: tuple[tuple[str, int, datetime | None], ...]
    # Claimed by one address more than can be: one of them may be the next year's under last year's title.
    contested: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is held, found by address and by (body, report year). Only what was first seen by `now` is let in."""

    by_url: Mapping[str, tuple[Holding, ...]]
    by_key: Mapping[Key, tuple[Holding, ...]]

    @classmethod
    def of(cls, holdings: Iterable[Holding], now: datetime) -> Holdings:
        """Index holdings by every address they are known under."""
        by_url: dict[str, list[Holding]] = defaultdict(list)
        by_key: dict[Key, list[Holding]] = defaultdict(list)
        for holding in holdings:
            if holding.first_seen > now:
                continue
            by_key[holding.body, holding.report_year].append(holding)
            for url in {holding.url, holding.entry_url} - {""}:
                by_url[url].append(holding)
        return cls({u: tuple(h) for u, h in by_url.items()}, {k: tuple(h) for k, h in by_key.items()})


def named_years(column: Column) -> tuple[int, ...]:
    """The years that a column's address or title names, sorted; such a column proves nothing about other years."""
    return tuple(sorted({int(year) for year in _YEAR.findall(f"{column.url} {column.title}")}))


def covers(column: Column, report_year: int) -> bool:
    """False if the registry itself binds the column to other years: then it need not be looked at for this one."""
    return (column.years_from is None or column.years_from <= report_year) and (
        column.years_to is None or report_year <= column.years_to
    )


def may_prove(column: Column, report_year: int) -> bool:
    """Whether absence from this column can say anything of this year: the registry's bounds, else the years named."""
    if column.years_from is not None or column.years_to is not None:
        return covers(column, report_year)
    named = named_years(column)
    return not named or report_year in named


@dataclass(slots=True)
class ColumnHistory:
    """All looks at one column up to `now`, oldest first, and what each complete one lists."""

    column: Column
    attempts: tuple[Look, ...]
    complete: tuple[Look, ...]
    listings: tuple[Listing, ...]  # one a complete look; equal lists share one
    grown: tuple[bool, ...]  # whether the column gained a report from the first complete look to this one
    _observed: dict[tuple[str, int, datetime | None], tuple[Observation, ...]] = field(default_factory=dict)

    def observe(self, body: str, report_year: int, settled_after: datetime | None = None) -> tuple[Observation, ...]:
        """The word of each complete look, oldest first; looks that cannot speak of this year are left out.

        `settled_after` (aware): the end of the due day. An address without a year in its title could meanwhile hold
        this year's report unless it was asked again after that instant.
        """
        key = (body, report_year, settled_after)
        if key not in self._observed:
            said: dict[tuple[int, bool], Word] = {}  # equal lists say the same, and most looks find the list unchanged
            made = []
            for look, listing, grown in zip(self.complete, self.listings, self.grown, strict=True):
                content = (id(listing), grown)
                word = said.get(content)
                if word is None:
                    word = said[content] = self._say(listing, grown, body, report_year, settled_after)
                if word[1] != OTHER_YEARS:
                    # Sightings count from the end of the look, absences from its start: never to the body's harm.
                    at = look.finished_at if word[0] is Sight.SEEN else look.started_at
                    made.append(Observation(look.id, self.column.id, at, *word))
            self._observed[key] = tuple(made)
        return self._observed[key]

    @property
    def restarted_at(self) -> datetime | None:
        """When a new layout was first read whole after it was accepted: no earlier look proves an absence."""
        return max((look.started_at for look in self.complete if look.restart), default=None)

    def contested(self, body: str, report_year: int) -> bool:
        """Whether more addresses claimed this body and year than can be its report."""
        return any((body, report_year) in listing.contested for listing in self.listings)

    def _say(self, listing: Listing, grown: bool, body: str, year: int, settled_after: datetime | None) -> Word:
        if (body, year) in listing.seen:
            return Sight.SEEN, "", ""
        if reason := listing.unclear.get((body, year)):
            return Sight.UNDECIDABLE, reason, ""
        for owner, held_year, asked in listing.rewritable:
            if owner == body and year > held_year and (settled_after is None or asked is None or asked < settled_after):
                return Sight.UNDECIDABLE, REWRITABLE, ""
        if not may_prove(self.column, year):
            return Sight.UNDECIDABLE, OTHER_YEARS, ""
        if self.column.verified is not Verification.VERIFIED:
            return Sight.UNDECIDABLE, NOT_VERIFIED, ""
        other = next((b for b in listing.bodies_of_year.get(year, ()) if b != body), None)
        if other is not None:
            return Sight.ABSENT, "", f"other_body:{other}"
        last_year = listing.bodies_of_year.get(year - 1, ())
        # Many bodies stop at the same year: a folder that was left behind, not many breaches.
        left_behind = len(last_year) >= LEFT_BEHIND
        if body in last_year and grown and not left_behind:
            return Sight.ABSENT, "", f"own_previous:{year - 1}"
        return Sight.UNDECIDABLE, NO_CONTROL, ""


class Histories:
    """The histories of all columns, made once for a run of judging."""

    def __init__(
        self,
        registry: Registry,
        looks: Iterable[Look],
        holdings: Holdings,
        names: Names,
        now: datetime,
        assignments: Iterable[Assignment] = (),
        columns: Iterable[Column] | None = None,
    ) -> None:
        """`looks`: all visits in any order, with the entries of the complete ones; later than `now`: ignored.
        `columns`: only these, where given."""
        by_column: dict[str, list[Look]] = defaultdict(list)
        for look in looks:
            if look.finished_at <= now:
                by_column[look.column].append(look)
        hosts = hosts_of(registry)
        assigned = {a.url: a for a in assignments}
        self.columns: dict[str, ColumnHistory] = {}
        self.of_body: dict[str, tuple[ColumnHistory, ...]] = {}
        of_body: dict[str, list[ColumnHistory]] = defaultdict(list)
        # By id, so that the order of the registry's rows never decides which of two columns is named.
        for column in sorted(registry.columns.values() if columns is None else columns, key=lambda c: c.id):
            visits = sorted(by_column.get(column.id, ()), key=lambda look: (look.started_at, look.id))
            sorter = _Sorter(column, registry, holdings, names, now, hosts, assigned)
            self.columns[column.id] = history = sorter.history(visits)
            for body in column.bodies:
                of_body[body].append(history)
        self.of_body = {body: tuple(found) for body, found in of_body.items()}


class _Sorter:
    """Sorts the lines of one column's lists."""

    def __init__(
        self,
        column: Column,
        registry: Registry,
        holdings: Holdings,
        names: Names,
        now: datetime,
        hosts: frozenset[str],
        assigned: Mapping[str, Assignment],
    ) -> None:
        self.column, self.registry, self.holdings, self.names = column, registry, holdings, names
        self.now, self.hosts, self.assigned = now, hosts, assigned

    def history(self, visits: Sequence[Look]) -> ColumnHistory:
        complete = tuple(v for v in visits if v.result.complete and all(gone.proven for gone in v.gone))
        shared: dict[int, frozenset[Line]] = {}  # looks with equal lists share one tuple of entries
        for look in complete:
            if id(look.entries) not in shared:
                shared[id(look.entries)] = frozenset((e.url, e.title) for e in look.entries)
        lists = [shared[id(look.entries)] for look in complete]
        first: dict[Line, datetime] = {}
        for look, lines in zip(complete, lists, strict=True):
            for line in lines:
                first.setdefault(line, look.finished_at)
        found = {line: self._sort(line, seen) for line, seen in first.items()}
        self._doubt_repeats(found, first)
        self._doubt_strangers(found, frozenset(lists))
        made: dict[frozenset[Line], Listing] = {}
        for lines in lists:
            if lines not in made:
                made[lines] = self._listing(lines, found)
        listings = tuple(made[lines] for lines in lists)
        known = listings[0].seen if listings else frozenset()
        grown, so_far = [], False
        for look, listing in zip(complete, listings, strict=True):
            if look.restart:  # what a new layout shows at once is no growth that we saw
                known, so_far = known | listing.seen, False
            so_far = so_far or not listing.seen <= known
            known |= listing.seen  # nor is what was hidden and stands there again
            grown.append(so_far)
        return ColumnHistory(self.column, tuple(visits), complete, listings, tuple(grown))

    def _sort(self, line: Line, first_seen: datetime) -> Attribution:
        return attribute_entry(
            Entry(*line),
            self.column,
            self.registry,
            self.names,
            now=self.now,
            hosts=self.hosts,
            assigned=self.assigned,
            first_seen=first_seen,
        )

    def _doubt_repeats(self, found: dict[Line, Attribution], first: Mapping[Line, datetime]) -> None:
        """A second address under one (body, year) may be the next year's report under last year's title."""
        groups: dict[Key, list[Line]] = defaultdict(list)
        for line, word in found.items():
            if word.decided and word.reason is not Reason.ASSIGNED:
                groups[word.bodies[0], word.years[0]].append(line)
        for (body, year), lines in groups.items():
            held = {u for h in self.holdings.by_key.get((body, year), ()) for u in (h.url, h.entry_url)}
            for line in lines:
                others = (held | {url for url, _ in lines}) - {line[0], ""}
                if line[0] in held or not others:
                    continue
                seen = first[line].astimezone(SHANGHAI).date()
                later = [
                    y
                    for y in range(year + 1, latest_report_year(first[line]) + 1)
                    if (body, y) not in self.holdings.by_key
                ]
                if seen >= may_be_next_from(year) and later:
                    found[line] = Attribution((body,), (year, *later), Reason.REPEATED_YEAR, found[line].publisher)
        has = {*groups, *self.holdings.by_key}
        for line, word in found.items():
            if word.reason is not Reason.REPEATED_YEAR:
                found[line] = or_the_next_year(word, first[line], has.__contains__)

    def _doubt_strangers(self, found: dict[Line, Attribution], lists: Iterable[frozenset[Line]]) -> None:
        """A name that the registry lacks may be the new or another name of any body of the column, but of those whose
        report of the same year ever stood beside its own: two that both report are two.
        """
        strangers = {
            line: folded(word.publisher)
            for line, word in found.items()
            if word.reason is Reason.UNKNOWN_PUBLISHER and 0 < len(word.years) <= 2  # the year printed, or the next
        }
        if not strangers:
            return
        others: dict[str, set[str]] = defaultdict(set)
        for lines in lists:
            reporting: dict[int, set[str]] = defaultdict(set)
            for line in lines:
                held = {(h.body, h.report_year) for h in self.holdings.by_url.get(line[0], ())}
                for body, year in held or (found[line].candidates if found[line].decided else ()):
                    reporting[year].add(body)
            for line in strangers.keys() & lines:
                others[strangers[line]] |= reporting[found[line].years[0]]
        for line, name in strangers.items():
            may = (b for b in self.column.bodies if b in self.registry.bodies and b not in others[name])
            found[line] = replace(found[line], bodies=tuple(dict.fromkeys((*found[line].bodies, *may))))

    def _listing(self, lines: frozenset[Line], found: Mapping[Line, Attribution]) -> Listing:
        seen: set[Key] = set()
        unclear: dict[Key, str] = {}
        rewritable: list[tuple[str, int, datetime | None]] = []
        for line in sorted(lines):
            word, held = found[line], self.holdings.by_url.get(line[0], ())
            if word.reason in (Reason.ASSIGNED, Reason.ASSIGNED_TO_NONE) or not held:
                self._take(word, seen, unclear)
                continue
            keys = {(h.body, h.report_year) for h in held}
            seen |= keys
            years = {year for _, year in keys}
            if len(word.years) == 1 and word.years[0] not in years:  # the list names another year than the document
                unclear.update({(body, word.years[0]): Reason.SEVERAL_YEARS for body, _ in keys})
            elif len(word.years) != 1:
                for body in {b for b, _ in keys}:
                    asked = [h.last_seen for h in held if h.body == body and h.last_seen]
                    rewritable.append((body, max(y for b, y in keys if b == body), max(asked, default=None)))
        of_year: dict[int, list[str]] = defaultdict(list)
        for body, year in sorted(seen):
            of_year[year].append(body)
        return Listing(
            frozenset(seen),
            {key: reason for key, reason in unclear.items() if key not in seen},
            {year: tuple(bodies) for year, bodies in of_year.items()},
            tuple(rewritable),
            frozenset(key for key, reason in unclear.items() if reason == Reason.REPEATED_YEAR),
        )

    @staticmethod
    def _take(word: Attribution, seen: set[Key], unclear: dict[Key, str]) -> None:
        if word.decided:
            seen.add((word.bodies[0], word.years[0]))
        else:
            for key in word.candidates:
                unclear.setdefault(key, word.reason.value)
