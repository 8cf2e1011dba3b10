"""Seasons of real portals on simulated days, each with a truth of its own, crawled, read and judged (no tests).

Every season is one sequence: one column with three bodies on a host of its own, whose family, faults, publications,
withdrawals, migrations and re-orderings are drawn from the season's own generator. All seasons live in one home, so
that a day costs one crawl, one reading and one judgement. Most reports are short: it is not reading that is tried here.
"""

from __future__ import annotations

import contextlib
import csv
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from crawler_tls import certificates
from portal_oracle import Oracle
from scheduler_town import report_page

from registry.model import SHANGHAI
from samples.portals import SHAPES, Portal, PortalEntry, PortalFault, PortalServer, entry_path
from scheduler.cli import main

YEAR = 2025
DUE = date(2026, 1, 31)
TRADES = ("财政", "教育", "民政")
AREAS = "东西南北中上下前后左右内外新老大小高平长安永宁福禄寿喜春夏秋冬"
FAMILIES = (
    "trs", "trs_hubei", "trs_hunan", "trs_mva", "jcms_art", "c_shtml", "vsb", "gkmlpt", "mongo", "anhui", "hunan_c",
    "shanghai", "shijiazhuang", "jhtml", "generic",
)  # fmt: skip
FAULTS = (
    PortalFault.ERROR_PAGE, PortalFault.EMPTY_LIST, PortalFault.FORBIDDEN, PortalFault.SERVER_ERROR,
    PortalFault.NOT_FOUND, PortalFault.RESET, PortalFault.TRUNCATED, PortalFault.TRUNCATED_HTML,
    PortalFault.HOME_REDIRECT, PortalFault.LOGIN, PortalFault.CHALLENGE, PortalFault.EMPTY_BODY,
    PortalFault.PAGING_CUT, PortalFault.PAGE_REPEATS, PortalFault.PRIVATE_REDIRECT, PortalFault.ROBOTS,
    PortalFault.REBUILDING, PortalFault.BROKEN_GZIP, PortalFault.OLD_COPY, PortalFault.OTHER_LIST,
)  # fmt: skip
ACTS = ("fault",) * 4 + ("withdraw", "hide", "show", "show", "reorder", "reorder", "migrate")


@dataclass(slots=True)
class Report:
    """A report as it truly is. `available`: the days on which a look of ours could have found it; `lacked`: those on
    which its list could be read, and did not hold it.
    """

    body: str
    year: int
    published: date
    entry: PortalEntry
    taken_down: date | None = None
    available: list[date] = field(default_factory=list)
    lacked: list[date] = field(default_factory=list)


@dataclass(slots=True)
class Season:
    """One column and what truly happens on its portal. `frozen`: nothing new is ever put into its list."""

    number: int
    random: Random
    portal: Portal
    names: dict[str, str]
    frozen: bool
    reports: list[Report] = field(default_factory=list)
    fault_until: date | None = None
    made: int = 0
    log: list[str] = field(default_factory=list)
    oracle: Oracle = field(default_factory=lambda: Oracle(DUE))

    @classmethod
    def of(cls, number: int, seed: int) -> Season:
        """A season whose bodies have published the year before it begins, one of them the year before that too."""
        random = Random(seed * 1000 + number)
        area = AREAS[number % len(AREAS)] + AREAS[(number // len(AREAS) + 7) % len(AREAS)]
        names = {f"s{number}-{n}": f"黄石市下陆区{area}{trade}局" for n, trade in enumerate(TRADES)}
        portal = Portal(f"s{number}", random.choice(FAMILIES), address=f"127.20.{number // 200}.{1 + number % 200}")
        portal.page_size = random.choice((3, 15))
        season = cls(number, random, portal, names, frozen=number % 6 == 5)
        for body in names:
            season.publish(body, YEAR - 1, date(YEAR, 1, random.randint(5, 28)))
        season.publish(f"s{number}-0", YEAR - 2, date(YEAR - 1, 1, random.randint(5, 28)))
        return season

    def publish(self, body: str, year: int, day: date, *, slip: bool = False) -> Report:
        """Put a report on the portal; `slip`: under the title of the year before."""
        self.made += 1
        title = self.title(body, year - slip)
        page = report_page(self.names[body], year, received=10 + self.made)
        if self.number % 8:  # most seasons go without tables: they take three quarters of the time of judging
            page = f"{page.partition('<table')[0]}<p>新收申请{self.made}件。</p>{page.partition('</table>')[2]}"
        one = PortalEntry(title, entry_path(self.portal.family, self.made, day), day, page)
        one.listed = not (self.frozen and year == YEAR)  # it stands in a folder that nobody has registered
        report = Report(body, year, day, one)
        self.reports.append(report)
        self.portal.entries.insert(0, one)
        self.log.append(f"{day} {body} publishes {year}{' under a wrong title' if slip else ''}")
        return report

    def title(self, body: str, year: int) -> str:
        """What a report is called."""
        return f"{self.names[body]}{year}年政府信息公开工作年度报告"

    def of_year(self, body: str) -> Report | None:
        """The body's report of the season's year."""
        return next((r for r in self.reports if r.body == body and r.year == YEAR), None)

    def act(self, day: date, *, calm: bool) -> None:
        """What happens on the portal on one day; nothing but publishing when it is calm."""
        random = self.random
        if self.fault_until is not None and day > self.fault_until:
            self.portal.fault = self.fault_until = None
        waiting = [body for body in self.names if self.of_year(body) is None and not body.endswith("-0")]
        if waiting and random.random() < 0.15:
            self.publish(random.choice(waiting), YEAR, day, slip=random.random() < 0.15)
        if calm or random.random() > 0.3:
            return
        what = random.choice(ACTS)
        self.log.append(f"{day} {what}")
        # The oldest report stays: a day that three report years share is known for a migration's, one of two is not
        # (domain: "shared by reports of three or more report years"), and would be taken at the page's word.
        there = [r for r in self.reports if r.entry.status == 200 and r.year != YEAR - 2]
        if what == "fault" and self.fault_until is None:
            self.portal.fault, self.fault_until = random.choice(FAULTS), day + timedelta(days=random.randint(0, 3))
            self.log.append(f"{day} {self.portal.fault} until {self.fault_until}")
        elif what == "withdraw" and (mine := [r for r in there if r.entry.listed]):
            gone = random.choice(mine)
            gone.entry.listed, gone.entry.status, gone.taken_down = False, random.choice((404, 410)), day
            self.log.append(f"{day} {gone.body} {gone.year} is taken down")
        elif what == "hide":
            random.choice(there).entry.listed = False
        elif what == "show":
            self.show()
        elif what == "reorder":
            random.shuffle(self.portal.entries)
        elif what == "migrate":
            self.migrate(day)

    def show(self) -> None:
        """What was hidden without being taken down stands in the list again."""
        for report in self.reports:
            if report.entry.status == 200 and not (self.frozen and report.year == YEAR):
                report.entry.listed = True

    def migrate(self, day: date) -> None:
        """Every page gets a new address and the day of the migration; the old addresses answer 404."""
        moved = []
        for report in self.reports:
            if report.entry.status != 200:
                continue
            self.made += 1
            path = entry_path(self.portal.family, self.made, day)
            report.entry = replace(report.entry, path=path, day=day)
            moved.append(report.entry)
        self.portal.entries[:] = moved

    def looked(self, day: date) -> None:
        """A look of ours was made: what could be found is remembered."""
        now, before = ({body: self.title(body, year) for body in self.names} for year in (YEAR, YEAR - 1))
        self.oracle.look(self.portal, instant_of(day), now, before)
        for report in self.reports:
            if self.portal.fault is None:
                there = report.entry.listed and report.entry.status == 200
                (report.available if there else report.lacked).append(day)


def instant_of(day: date) -> datetime:
    """Two in the morning after `day`: when we look, read and judge."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI) + timedelta(hours=2)


class Seasons:
    """All seasons in one home."""

    def __init__(self, home: Path, count: int, seed: int, patience: float = 60) -> None:
        self.patience = patience  # seconds for one answer
        self.home, self.random = home, Random(seed)
        self.seasons = [Season.of(number, seed) for number in range(count)]
        home.parent.mkdir(exist_ok=True)
        self.authority, shown = certificates(home.parent, [season.portal.address for season in self.seasons])
        self.server = PortalServer([season.portal for season in self.seasons], tls=shown)

    def __enter__(self) -> Seasons:
        self._environment = pytest.MonkeyPatch()
        self._environment.setenv("SSL_CERT_FILE", str(self.authority))
        self.server.start()
        folder = self.home / "registry"
        folder.mkdir(parents=True)
        with (folder / "bodies.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("id", "name", "kind", "level", "division"))
            for season in self.seasons:
                rows.writerows((body, name, "department", "county", "420204") for body, name in season.names.items())
        self.register()
        watched = json.dumps([body for season in self.seasons for body in season.names])
        crawl = f"[crawl]\nallow_private = true\ndelay_seconds = 0\ntimeout_seconds = {self.patience}\n"
        crawl += "[reading]\nprocesses = 1\n"
        (self.home / "settings.toml").write_text(f"[watch]\nbodies = {watched}\n{crawl}", encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self._environment.undo()
        self.server.stop()

    def register(self, nameless: Season | None = None) -> None:
        """Write the rows of all columns; the host of `nameless` has a name that nobody can resolve."""
        with (self.home / "registry" / "columns.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("id", "url", "bodies", "family", "verified", "basis"))
            for season in self.seasons:
                url = self.server.column_url(season.portal)
                if season is nameless:
                    url = url.replace(season.portal.address, "no-such-host.invalid")
                family = SHAPES[season.portal.family].family
                rows.writerow((f"c{season.number}", url, "|".join(season.names), family, "verified", "seen"))

    def run(self, day: date, *arguments: str) -> str:
        """One command at two in the morning after `day`."""
        given = ["--home", str(self.home), *arguments, "--as-of", instant_of(day).isoformat()]
        result = CliRunner().invoke(main, given, catch_exceptions=False)
        assert result.exit_code == 0, (arguments, result.output[-2000:])
        return result.stdout

    def look(self, day: date, seasons: Iterable[Season]) -> None:
        """Crawl the columns of these seasons, read and judge."""
        chosen = list(seasons)
        if chosen:
            self.run(day, "crawl", *(part for s in chosen for part in ("--column", f"c{s.number}")))
            for season in chosen:
                season.looked(day)
        self.run(day, "read")
        self.run(day, "judge")

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """What the database holds."""
        with contextlib.closing(sqlite3.connect(f"file:{self.home / 'ogiwatch.db'}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, parameters)]

    def statuses(self) -> dict[tuple[str, int], dict[str, Any]]:
        """Every status by body and report year."""
        sql = "SELECT body_id, report_year, status, clause, days_late, basis FROM obligations"
        return {(row["body_id"], row["report_year"]): row for row in self.rows(sql)}
