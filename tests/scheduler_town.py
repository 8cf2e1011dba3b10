"""A home with bodies of our own and their portals on loopback, for the tests of the command line and the service."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from parsers.forms import forms
from parsers.model import Generation
from samples.portals import Portal, PortalEntry, PortalServer
from scheduler.cli import main

OGIWATCH = [sys.executable, "-m", "scheduler"]
BODIES = {
    "t-finance": ("黄石市下陆区财政局", "department"),
    "t-audit": ("黄石市下陆区审计局", "department"),
    "t-water": ("黄石市下陆区水利局", "department"),
}


def report_page(name: str, year: int, received: int = 12, carried_in: int = 0, handled: int | None = None) -> str:
    """A report in the form of 2021: its requests table, sound unless `handled` says so, and short prose of our own."""
    granted = received + carried_in
    values = {"received": received, "carried_in": carried_in, "granted": granted}
    values["handled_total"] = granted if handled is None else handled
    table = forms()[Generation.FORM_2021].table("requests")
    assert table is not None
    rows = []
    for block in table.blocks:
        for row in block.rows:
            value = values.get(row.code, 0)
            cells = "".join(f"<td>{value if c.code in ('natural_person', 'total') else 0}</td>" for c in block.columns)
            rows.append(f"<tr><td>{row.group}</td><td>{row.label}</td>{cells}</tr>")
    heads = "".join(f"<td>{c.label}</td>" for c in table.blocks[0].columns)
    return (
        f"<p>一、总体情况</p><p>{name}在{year}年度按要求做好信息公开。</p>"
        f"<p>二、主动公开政府信息情况</p><p>见下。</p><p>三、收到和处理政府信息公开申请情况</p>"
        f"<table><tr><td colspan=2></td>{heads}</tr>{''.join(rows)}</table>"
        f"<p>四、政府信息公开行政复议、行政诉讼情况</p><p>无。</p><p>五、存在的主要问题及改进情况</p><p>将继续努力。</p>"
        f"<p>六、其他需要报告的事项</p><p>未收取信息处理费。</p>"
    )


def entry(name: str, year: int, day: date, number: int, **more: Any) -> PortalEntry:
    """A listed report, published on `day`; `more` goes to `report_page`."""
    title = f"{name}{year}年政府信息公开工作年度报告"
    return PortalEntry(title, f"{day:%Y%m}/t{day:%Y%m%d}_{number}.html", day, report_page(name, year, **more))


class Town:
    """Three bodies, a portal each; everything can be changed between two crawls."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.portals = {body: Portal(body, "trs", [], address=f"127.0.0.{n}") for n, body in enumerate(BODIES, start=2)}
        self.server = PortalServer(self.portals.values())

    def __enter__(self) -> Town:
        self.server.start()
        self.write()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()

    def write(self, settings: str = "") -> None:
        """Write the home's registry and settings."""
        folder = self.home / "registry"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "bodies.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("id", "name", "kind", "level", "division"))
            rows.writerows((body, name, kind, "county", "420204") for body, (name, kind) in BODIES.items())
        with (folder / "columns.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("id", "url", "bodies", "family", "verified", "basis"))
            for body, portal in self.portals.items():
                rows.writerow((f"c-{body}", self.server.column_url(portal), body, "trs", "verified", "seen"))
        watched = json.dumps(list(BODIES))
        text = f"[watch]\nbodies = {watched}\n[crawl]\nallow_private = true\ndelay_seconds = 0\ntimeout_seconds = 5\n"
        (self.home / "settings.toml").write_text(text + settings, encoding="utf-8")

    def here(self, *arguments: str) -> Result:
        """Run `ogiwatch` on this home in this process, which saves its start; it must end with exit status 0."""
        result = CliRunner().invoke(main, ["--home", str(self.home), *arguments], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result

    def run(self, *arguments: str, check: bool = True, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run `ogiwatch` on this home in a process of its own."""
        return run(self.home, *arguments, check=check, **more)

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """What the database holds, read by a connection of our own."""
        path = f"file:{self.home / 'ogiwatch.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, parameters)]

    def counts(self) -> dict[str, int]:
        """How many rows the ledgers hold: what a repeated run must not change."""
        tables = ("documents", "reports", "findings", "obligations", "events", "deliveries", "listings")
        return {table: self.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in tables}


def environment() -> dict[str, str]:
    """That of this process, with compiled modules kept: they are imported dozens of times."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"PYTHONPATH": str(Path.cwd())}


def start(home: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start `ogiwatch --home HOME ARGUMENTS`; its standard error is a pipe."""
    command = [*OGIWATCH, "--home", str(home), *arguments]
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment()
    )


def run(home: Path, *arguments: str, check: bool = True, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run `ogiwatch --home HOME ARGUMENTS`; with `check` it must end with exit status 0."""
    command = [*OGIWATCH, "--home", str(home), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=60, **more)
    if check and done.returncode:
        raise AssertionError(f"{arguments}: exit status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done
