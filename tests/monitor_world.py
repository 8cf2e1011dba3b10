"""A small portal with a truth of its own, and a crawler that sees it through every fault."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from monitor_cases import HOST, LAW, body, column, names, registry

from monitor.attribution import Assignment, Attribution, Held, attribute_report, hosts_of
from monitor.days import day_of, end_of
from monitor.events import status_event
from monitor.model import Event, Holding, Obligation
from monitor.obligations import Judge, Undecided
from parsers.model import Figure, FoundDay, Report, State
from registry.model import Body, Entry, GoneEntry, Look, LookResult, Registry

DUE = {year: date(year + 1, 1, 31) for year in range(2022, 2030)}
FAILURES = (LookResult.WALL, LookResult.TIMEOUT, LookResult.EMPTY_LIST, LookResult.ERROR_PAGE, LookResult.HOME_REDIRECT,
            LookResult.TRUNCATED, LookResult.PAGING_CUT, LookResult.INTERRUPTED)  # fmt: skip


@dataclass
class Page:
    """A report as the portal holds it; `body`, `year`, `published` are the truth, the rest is what it says."""

    body: Body
    year: int
    published: datetime
    url: str
    title: str
    said_body: str | None
    said_year: int | None
    said_day: date | None
    col: str
    seed: int
    listed: bool = True
    answers: int = 200

    def report(self) -> Report:
        days = (FoundDay(self.said_day, "date_line", "发布时间", str(self.said_day), True),) if self.said_day else ()
        values = Random(self.seed)
        figures = tuple(
            Figure("requests", f"r{i}", "total", "", values.randrange(1, 10**6), State.NUMBER) for i in range(12)
        )
        return Report(self.said_body, self.said_year, self.title, self.said_day, None, {}, figures, (), (), (), days)


@dataclass
class World:
    """The portal, what the crawler kept of it, and the clock."""

    now: datetime
    registry: Registry
    pages: list[Page] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    holdings: dict[str, Holding] = field(default_factory=dict)
    undecided: dict[str, Undecided] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    fetched: dict[str, datetime] = field(default_factory=dict)
    stored: dict[tuple[str, int], Obligation] = field(default_factory=dict)
    turned: dict[tuple[str, int], datetime] = field(default_factory=dict)  # when each status was detected
    events: dict[str, Event] = field(default_factory=dict)
    down: bool = False
    made: int = 0
    due: dict[int, date] = field(default_factory=lambda: dict(DUE))
    assignments: dict[str, Assignment] = field(default_factory=dict)
    baseline: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    restarting: set[str] = field(default_factory=set)
    found_there: dict[str, set[tuple[str, int]]] = field(default_factory=dict)  # column -> there at its last whole look

    @classmethod
    def with_bodies(cls, count: int = 3, second_column: bool = False, gap: bool = False) -> World:
        """Bodies with three years of reports. `gap`: the last of them never published the third."""
        called = [f"北京市西城区{name}局" for name in ("财政", "教育", "民政", "统计", "园林")[:count]]
        bodies = [replace(body(f"b{i}"), name=name) for i, name in enumerate(called)]
        cols = [column("col", [b.id for b in bodies], interval_days=3)]
        if second_column:
            cols.append(column("two", [b.id for b in bodies], interval_days=3))
        world = cls(datetime(2025, 12, 10, 2, tzinfo=UTC), registry(*bodies, columns=cols))
        for one in bodies:
            for year in DUE:
                if year < 2025 and not (gap and one is bodies[-1] and year == 2024):
                    when = datetime(year + 1, 1, 20, 2, tzinfo=UTC)
                    world.publish(one, year, said_day=when.date(), at=when)
        return world

    @property
    def bodies(self) -> list[Body]:
        return list(self.registry.bodies.values())

    def publish(
        self,
        of: Body,
        year: int,
        *,
        said_year: int | None = None,
        shape: str = "plain",
        said_day: date | None = None,
        at: datetime | None = None,
        col: str = "col",
    ) -> Page:
        """Put a report on the portal. `shape`: plain, no_year, no_name, unnamed_page (none in the text either)."""
        self.made += 1
        shown = said_year or year
        words = "政府信息公开工作年度报告"
        name = "" if shape in ("no_name", "unnamed_page") else of.name
        title = f"{name}{words}" if shape == "no_year" else f"{name}{shown}年{words}"
        page = Page(
            of, year, at or self.now, f"{HOST}/{col}/t{self.made}.html", title,
            None if shape == "unnamed_page" else of.name, None if shape == "no_year" else shown,
            said_day, col, self.made,
        )  # fmt: skip
        self.pages.append(page)
        return page

    def migrate(self) -> None:
        """Every page gets a new address and the day of the migration; the old addresses answer 404."""
        for page in [p for p in self.pages if p.answers == 200]:
            self.made += 1
            page.answers = 404
            moved = replace(page, url=f"{HOST}/{page.col}/m{self.made}.html", answers=200, said_day=day_of(self.now))
            page.listed = False
            self.pages.append(moved)

    def new_due_day(self, month: int, day: int) -> None:
        """The registry learns that another day holds, for all years."""
        duty = replace(LAW, due=(month, day))
        self.registry = replace(self.registry, duties=(duty,))
        self.due = {year: date(year + 1, month, day) for year in self.due}

    def assign(self, page: Page) -> None:
        """A person says, rightly, whose and which year's report stands at an address; its document is read anew."""
        self.assignments[page.url] = Assignment(page.url, page.body.id, page.year)
        self.undecided.pop(page.url, None)
        held = self.holdings.get(page.url)
        if held is not None:
            self.holdings[page.url] = replace(held, body=page.body.id, report_year=page.year)
        elif page.url in self.fetched:
            at = self.fetched[page.url]
            self.holdings[page.url] = Holding(
                page.body.id, page.year, page.url, str(page.seed), at, self.reports[page.url].days,
                fingerprint=str(page.seed), last_seen=at,
            )  # fmt: skip
        self._share_days()

    def wait(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    def look(self, fault: LookResult | None = None) -> None:
        """Visit every column, as the crawler does: completeness as domain section 1 defines it."""
        for col in self.registry.columns.values():
            self._look(col.id, fault)
        self.now += timedelta(minutes=3)

    def _look(self, col: str, fault: LookResult | None) -> None:
        start, end = self.now, self.now + timedelta(minutes=3)
        made = Look(col, start, end, fault or LookResult.COMPLETE, id=len(self.looks) + 1)
        listed = [p for p in self.pages if p.listed and p.col == col]
        entries = tuple(Entry(p.url, p.title) for p in listed)
        if fault is None:
            last = self.baseline.get(col, ())
            gone = tuple(GoneEntry(e.url, self._answer(e.url)) for e in last if e not in entries)
            made = replace(made, entries=entries, gone=gone)
            if last and 2 * len(gone) > len(last):
                made = replace(made, result=LookResult.LAYOUT_CHANGED)
            elif not all(g.proven for g in gone):
                made = replace(made, result=LookResult.ENTRIES_GONE)
            elif not entries:
                made = replace(made, result=LookResult.EMPTY_LIST)
            else:
                self.baseline[col] = entries
                made = replace(made, restart=col in self.restarting)
                self.restarting.discard(col)
            for number, page in enumerate(listed):
                self._fetch(page, start + timedelta(seconds=number + 1))
        self.looks.append(made)
        self._ask_again(end)
        if made.result.complete:
            self.found_there[col] = {(p.body.id, p.year) for p in self.pages if self._there(p.body.id, p.year)}

    def accept_layout(self) -> None:
        """A person looked at the column and marked it verified again."""
        self.restarting |= self.baseline.keys()
        self.baseline.clear()

    def _answer(self, url: str) -> int:
        return max((p.answers for p in self.pages if p.url == url), default=404)

    def _fetch(self, page: Page, at: datetime) -> None:
        if page.url in self.reports or page.answers != 200:
            return
        read = page.report()
        held: dict[tuple[str, int], list[Held]] = {}
        for h in self.holdings.values():
            held.setdefault((h.body, h.report_year), []).append(Held(h.url, h.fingerprint, self.reports[h.url]))
        self.reports[page.url], self.fetched[page.url] = read, at
        word: Attribution = attribute_report(
            read, url=page.url, column=self.registry.columns[page.col], registry=self.registry, names=self._names(),
            first_seen=at, fingerprint=str(page.seed), list_title=page.title, held=held, hosts=hosts_of(self.registry),
            assigned=self.assignments,
        )  # fmt: skip
        if word.body is not None and word.report_year is not None:
            self.holdings[page.url] = Holding(
                word.body, word.report_year, page.url, str(page.seed), at, read.days, fingerprint=str(page.seed),
                last_seen=at,
            )  # fmt: skip
        else:
            self.undecided[page.url] = Undecided(page.url, word.candidates, word.reason, at)

    def _names(self):
        if not hasattr(self, "_index"):
            self._index = names(self.registry)
        return self._index

    def _ask_again(self, at: datetime) -> None:
        for url, h in list(self.holdings.items()):
            gone = self._answer(url) == 404
            self.holdings[url] = replace(
                h,
                gone_at=(h.gone_at or at) if gone else None,
                gone_status=404 if gone else None,
                last_seen=h.last_seen if gone else at,
            )
        self._share_days()

    def _share_days(self) -> None:
        """The years that share a day on this host, as the database counts them."""
        shared: dict[date, set[int]] = {}
        for h in self.holdings.values():
            for found in h.days:
                shared.setdefault(found.day, set()).add(h.report_year)
        for url, h in list(self.holdings.items()):
            years = max((shared[d.day] for d in h.days), key=len, default=set())
            self.holdings[url] = replace(h, shared_years=tuple(sorted(years)))

    def judge(self) -> dict[tuple[str, int], Obligation]:
        """Judge everything, store it, and keep the events under their unique keys."""
        judging = Judge(
            self.registry, self.looks, self.holdings.values(), self.now,
            previous=[replace(o, since=self.turned.get(key, o.since)) for key, o in self.stored.items()],
            undecided=self.undecided.values(), names=self._names(), assignments=self.assignments.values(),
        )  # fmt: skip
        found = {
            (one.id, year): judging.obligation(one, year) for one in self.bodies for year in judging.report_years(one)
        }
        for key, new in found.items():
            watch = judging.watch(self.registry.bodies[key[0]]).complete_from
            event = status_event(self.stored.get(key), new, self.now, watch_from=watch)
            if event is not None:
                self.events.setdefault(event.key, event)
                self.turned[key] = self.now
        self.stored = found
        return found

    # -- the truth ---------------------------------------------------------------------------------------------------

    def published(self, of: str, year: int) -> datetime | None:
        """When the report was first published, None if never."""
        return min((p.published for p in self.pages if p.body.id == of and p.year == year), default=None)

    def published_late(self, of: str, year: int) -> bool:
        at = self.published(of, year)
        return at is not None and at >= end_of(self.due[year])

    def latest_word(self, of: str, year: int) -> date:
        """The latest of its true day and the days its pages state: a migration that resets the day is their word."""
        mine = [p for p in self.pages if p.body.id == of and p.year == year]
        return max(day for p in mine for day in (day_of(p.published), p.said_day) if day is not None)

    def there(self, of: str, year: int) -> bool:
        """To be found now and at the last whole look at a column; what came back since, nobody can have seen."""
        return self._there(of, year) and any((of, year) in there for there in self.found_there.values())

    def _there(self, of: str, year: int) -> bool:
        """Still to be found: listed, or answering at an address where we once saw it."""
        mine = [p for p in self.pages if p.body.id == of and p.year == year and p.answers == 200]
        return any(p.listed or p.url in self.reports for p in mine)
