"""A home, a portals server and crawls between them, for the tests of the crawler (no tests in here)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from db.connection import open_database
from db.crawl_rows import load_looks
from db.registry_rows import store_registry
from registry.model import Body, Column, Kind, Level, Look, Registry
from samples.portals import SHAPES, Portal, PortalEntry, PortalServer, entry_path

ROOT = Path(__file__).parents[1]
BODY = Body("county", "某县人民政府", Kind.GOVERNMENT, Level.COUNTY, "110000")
START = datetime.fromisoformat("2026-01-20T03:00:00+08:00")
FAST = ("--delay", "0", "--backoff", "0.05", "--timeout", "3")


def reports(family: str, count: int, first: int = 1) -> list[PortalEntry]:
    """So many reports as a family lists them: one body each, or one year each for the families of one body."""
    made = []
    for n in range(first, first + count):
        day = date(2010 + n, 1, n % 28 + 1) if family == "jcms_annual" else date(2026, 1, n % 19 + 1)
        title = f"某县第{n}局{day.year - 1}年政府信息公开工作年度报告"
        made.append(
            PortalEntry(title, entry_path(family, n, day), day, f"<p>第{n}局的报告。</p>" + "<p>正文。</p>" * 400)
        )
    return made


class World:
    """Portals, a registry of their columns, and a home that is crawled again and again."""

    def __init__(self, home: Path, server: PortalServer) -> None:
        self.home = home
        self.server = server
        self.columns: dict[str, Column] = {}
        self.output = ""

    def add(self, portal: Portal, **fields: Any) -> Portal:
        """Register a portal's column under the portal's name."""
        self.server.add(portal)
        values = {"family": SHAPES[portal.family].family, "url": self.server.column_url(portal)} | fields
        self.columns[portal.name] = Column(portal.name, bodies=("county",), **values)
        return portal

    def command(self, names: Iterable[str], at: datetime, *options: str, private: bool = True) -> list[str]:
        """The command line of one crawl."""
        allow = ["--allow-private"] if private else []
        given = [sys.executable, "-m", "crawler", "--home", str(self.home), "--columns", ",".join(names)]
        return [*given, "--now", at.isoformat(), *allow, *(options or FAST)]

    def store(self) -> None:
        """Write the registry into the home's database."""
        db = open_database(self.home)
        store_registry(db, Registry({"county": BODY}, self.columns, ()))
        db.close()

    def crawl(
        self, names: Iterable[str] = (), *options: str, days: float = 0, private: bool = True, status: int = 0
    ) -> dict[str, Look]:
        """One crawl `days` after the first; the newest look of each column. Clears the server's log before."""
        self.store()
        self.server.log.clear()
        at = START + timedelta(days=days)
        done = subprocess.run(
            self.command(list(names) or list(self.columns), at, *options, private=private),
            cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        self.output = done.stderr
        assert done.returncode == status, done.stderr[-3000:]
        return self.looks()

    def looks(self) -> dict[str, Look]:
        """The newest look of each column."""
        db = open_database(self.home)
        try:
            return {look.column: look for look in load_looks(db)}
        finally:
            db.close()

    def query(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of the home's database."""
        db = open_database(self.home, read_only=True)
        try:
            return list(db.conn.execute(sql, parameters).fetchall())
        finally:
            db.close()

    def asked(self, name: str) -> list[str]:
        """The paths below a portal's folder that the last crawl asked for."""
        return [line.path.removeprefix(f"/{name}") for line in self.server.log if line.path.startswith(f"/{name}/")]
