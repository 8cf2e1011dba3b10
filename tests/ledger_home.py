"""A home whose ledgers are written by hand, day by day, and read and judged by the real pipeline: no network."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from scheduler_town import report_page

from db.archive import Archive
from db.connection import open_database
from db.crawl_rows import store_address, store_document, store_look
from db.judgement_rows import load_obligations
from monitor.model import Obligation
from registry.model import SHANGHAI, Entry, GoneEntry, Look, LookResult
from scheduler.clock import Clock
from scheduler.home import Home
from scheduler.judging import Judged
from scheduler.pipeline import judge, read, take_registry, working
from scheduler.rebuild import Verified, verify

HOST = "http://www.example.gov.cn"
BODIES = {
    "t-finance": ("黄石市下陆区财政局", "department"),
    "t-audit": ("黄石市下陆区审计局", "department"),
    "t-water": ("黄石市下陆区水利局", "department"),
}


def at(text: str) -> datetime:
    """"02-03" or "02-03 10:00" of 2026, or a whole day with its year; noon in Shanghai if no time is given."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"{day if len(day) > 5 else f'2026-{day}'}T{clock or '12:00'}").replace(
        tzinfo=SHANGHAI
    )


def days(first: str, last: str) -> list[str]:
    """Every day of 2026 from one to another."""
    span = (at(last) - at(first)).days
    return [f"{at(first) + timedelta(days=n):%Y-%m-%d}" for n in range(span + 1)]


def title(body: str, year: int) -> str:
    return f"{BODIES[body][0]}{year}年政府信息公开工作年度报告"


class Ledger:
    """The home and its portal: `lines` is what the one list of all bodies shows now."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: list[Entry] = []
        self.seen: set[str] = set()
        self.pages: dict[str, str] = {}
        self.write_registry()
        self.write_settings()

    def write_registry(
        self, *, duties: str = "", columns: Sequence[Sequence[str]] = (("c-all", f"{HOST}/nb/"),), **more: Any
    ) -> None:
        """The registry's rows; `more`: further fields of one body, by its id with underscores."""
        folder = self.path / "registry"
        folder.mkdir(parents=True, exist_ok=True)
        fields = ("id", "name", "kind", "level", "division", "exists_from", "exists_to", "successor", "aliases")
        with (folder / "bodies.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, fields, restval="")
            rows.writeheader()
            for body, (name, kind) in BODIES.items():
                row = {"id": body, "name": name, "kind": kind, "level": "county", "division": "420204"}
                rows.writerow({**row, **more.get(body.replace("-", "_"), {})})
        with (folder / "columns.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("id", "url", "bodies", "family", "verified", "basis"))
            rows.writerows((id, url, "|".join(BODIES), "generic", "verified", "seen") for id, url in columns)
        (folder / "duties.toml").unlink(missing_ok=True)
        if duties:
            (folder / "duties.toml").write_text(duties, encoding="utf-8")

    def write_settings(self, more: str = "") -> None:
        text = f"[watch]\nbodies = {json.dumps(list(BODIES))}\n[reading]\nprocesses = 1\n"
        (self.path / "settings.toml").write_text(text + more, encoding="utf-8")

    def publish(
        self, body: str, year: int, name: str = "", *, url: str = "", said: str = "", day: str = "", **figures: Any
    ) -> str:
        """Put a report on the list; its address. `said`: the title on page and list; `day`: the page's own."""
        shown = said or title(body, year)
        line = Entry(url or f"{HOST}/nb/{body}-{year}{name}.html", shown)
        dated = f"<p>发布时间：{day}</p>" if day else ""
        prose = report_page(BODIES[body][0], year, **figures)
        self.pages[line.url] = f"<html><title>{shown}</title><body><h1>{shown}</h1>{dated}{prose}</body></html>"
        self.lines.insert(0, line)
        return line.url

    def remove(self, url: str) -> None:
        """Take a report off the list and off its address."""
        self.lines = [line for line in self.lines if line.url != url]
        del self.pages[url]

    def look(self, when: str, result: LookResult = LookResult.COMPLETE, column: str = "c-all") -> None:
        """One visit: the list, and every page it names, as the crawler stores them."""
        start = at(when)
        end = start + timedelta(minutes=2)
        home = Home(self.path, Clock(start))
        archive = Archive(self.path)
        with working(home) as db:
            take_registry(home, db)
            made = Look(column, start, end, result)
            if result.complete:
                gone = [u for u in self.seen if u not in {line.url for line in self.lines}]
                made = replace(
                    made, entries=tuple(self.lines),
                    gone=tuple(GoneEntry(u, 404 if u not in self.pages else 200) for u in sorted(gone)),
                )  # fmt: skip
                for line in self.lines:
                    page = self.pages[line.url].encode()
                    digest = archive.put(page)
                    store_document(
                        db, url=line.url, sha256=digest, bytes=len(page), purpose="article", seen_at=end,
                        content_type="text/html", column_id=column, list_title=line.title,
                    )  # fmt: skip
                    store_address(db, line.url, at=end, status=200, column_id=column, sha256=digest)
                for url in gone:
                    if url not in self.pages:
                        store_address(db, url, at=end, status=404, column_id=column)
                self.seen = {line.url for line in self.lines}
            store_look(db, made)

    def judge(self, when: str, *, reading: bool = True) -> Judged:
        """Read what is new and judge, as of an instant."""
        home = Home(self.path, Clock(at(when)))
        with working(home) as db:
            if reading:
                read(home, db)
            return judge(home, db)

    def verify(self) -> Verified:
        home = Home(self.path)
        db = home.open(create=False, read_only=True)
        try:
            return verify(home, db)
        finally:
            db.close()

    def status(self, body: str, year: int) -> Obligation:
        db = open_database(self.path, read_only=True)
        try:
            return next(o for o in load_obligations(db, [body]) if o.report_year == year)
        finally:
            db.close()

    def execute(self, sql: str, *values: object) -> list[Any]:
        db = open_database(self.path)
        try:
            return db.conn.execute(sql, values).fetchall()
        finally:
            db.close()

    def held(self, bodies: Iterable[str], year: int) -> None:
        """Reports of a year that stood on the portal before we came."""
        for body in bodies:
            self.publish(body, year, day=f"{date(year + 1, 1, 15)}")
