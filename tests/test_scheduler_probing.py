"""`ogiwatch registry add` and `probe` over local portals: what is found, what is written, what is left as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from crawler_world import reports
from scheduler_town import BODIES, Town, entry

from registry.loader import load
from registry.model import LookResult, Verification
from samples.portals import Portal, PortalFault
from scheduler.cli import main
from scheduler.model import SchedulerError
from scheduler.probing import Probe, settle, span

AS_OF = ("--as-of", "2026-02-20T02:00")


def ogiwatch(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *arguments], catch_exceptions=False)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Town(tmp_path) as town:
        for body, portal in town.portals.items():
            portal.entries = [entry(BODIES[body][0], year, date(year + 1, 1, 20), year) for year in (2022, 2023, 2024)]
        yield town


def test_a_column_is_looked_at_before_it_is_added(town: Town):
    portal = Portal("new", "vsb", reports("vsb", 17), address="127.0.0.9")
    town.server.add(portal)
    url = town.server.column_url(portal)
    shown = ogiwatch(town.home, "registry", "add", url, "--body", "t-audit", "--dry-run")
    assert shown.exit_code == 0, shown.output
    row = json.loads(shown.stdout)
    assert (row["family"], row["verified"], row["bodies"], row["basis"]) == ("vsb", "verified", "t-audit", "seen")
    pages = "17 entries, 17 of them yearly reports, 2 of 2 pages"
    for said in (pages, "years 2025", "robots.txt: allows it", "某县第1局"):
        assert said in shown.stderr, shown.stderr
    assert url not in (town.home / "registry" / "columns.csv").read_text()
    added = ogiwatch(town.home, "registry", "add", url, "--body", "t-audit", "--id", "audit-new")
    assert added.stdout == "audit-new\n"
    column = load(town.home / "registry").columns["audit-new"]
    assert (column.family, column.verified) == ("vsb", Verification.VERIFIED)
    assert not [line for line in town.server.log if line.path.endswith(tuple(e.path for e in portal.entries))]


def test_what_is_dead_or_moved_or_not_theirs_is_not_added_as_found(town: Town):
    before = (town.home / "registry" / "columns.csv").read_bytes()
    portal = town.portals["t-water"]
    for fault, said in ((PortalFault.NOT_FOUND, "dead"), (PortalFault.HOME_REDIRECT, "moved")):
        portal.fault = fault
        result = ogiwatch(town.home, "registry", "add", town.server.column_url(portal), "--body", "t-audit")
        assert result.exit_code == 2 and f": {said}: " in result.stderr.splitlines()[-1]
        assert (town.home / "registry" / "columns.csv").read_bytes() == before
    theirs = Portal("theirs", "trs", portal.entries, address="127.0.0.9")
    town.server.add(theirs)
    url = town.server.column_url(theirs)
    result = ogiwatch(town.home, "registry", "add", url, "--body", "t-audit", "--id", "other")
    assert result.exit_code == 0 and "its titles name t-water" in result.stderr
    assert load(town.home / "registry").columns["other"].verified is Verification.UNVERIFIED


def test_nobody_is_asked_without_a_contact(town: Town):
    (town.home / "settings.toml").write_text("")
    for command in (("add", "http://127.0.0.9/nb/", "--body", "t-audit"), ("probe", "--column", "c-t-audit")):
        result = ogiwatch(town.home, "registry", *command)
        assert result.exit_code == 2 and "contact" in result.stderr and len(result.stderr.splitlines()) == 1
    assert town.server.log == []


def test_rows_are_probed_and_marked(town: Town):
    marks = {"t-finance": (PortalFault.NOT_FOUND, "dead"), "t-water": (PortalFault.FORBIDDEN, "blocked")}
    for body, (fault, _) in marks.items():
        town.portals[body].fault = fault
    shipped = [row.split(",")[0] for row in Path("registry/columns.csv").read_text().splitlines()[1:2]]
    dry = ogiwatch(town.home, "registry", "probe", "--all", "--dry-run", "--json", *AS_OF)
    assert dry.exit_code == 0, dry.output
    found = {line["column"]: line for line in map(json.loads, dry.stdout.splitlines())}
    assert set(found) == {f"c-{body}" for body in BODIES} and not set(shipped) & set(found)
    for body, (_, mark) in marks.items():
        assert (found[f"c-{body}"]["was"], found[f"c-{body}"]["verified"]) == ("verified", mark)
    assert found["c-t-audit"]["years"] == [2022, 2023, 2024]
    unchanged = load(town.home / "registry").columns
    assert all(unchanged[name].verified is Verification.VERIFIED for name in found)
    assert ogiwatch(town.home, "registry", "probe", "--all", *AS_OF).exit_code == 0
    columns = load(town.home / "registry").columns
    assert {b: columns[f"c-{b}"].verified for b in marks} == {b: Verification(mark) for b, (_, mark) in marks.items()}
    town.portals["t-finance"].fault = None
    again = ogiwatch(town.home, "registry", "probe", "--column", "c-t-finance", *AS_OF)
    assert "c-t-finance\tdead\tverified\tcomplete\ttrs\t3\t3\t2022-2024" in again.stdout
    assert ogiwatch(town.home, "registry", "check").exit_code == 0
    assert ogiwatch(town.home, "registry", "probe").exit_code == 2
    assert ogiwatch(town.home, "registry", "probe", "--column", "nowhere").exit_code == 2


def test_a_rebuilt_portal_is_accepted_by_a_probe_that_finds_all_its_titles_else_by_a_person(town: Town):
    town.here("crawl", "--all", "--as-of", "2026-02-20T02:00")
    kept, lost = town.portals["t-audit"], town.portals["t-water"]
    for portal in (kept, lost):
        for number, one in enumerate(portal.entries):
            one.path = f"202602/t20260220_{900 + number}.html"
    del lost.entries[0]
    first = town.here("crawl", "--all", "--json", "--as-of", "2026-02-21T02:00")
    assert json.loads(first.stdout)["looks"] == {"layout_changed": 2, "complete": 1}
    town.here("registry", "probe", "--all", "--dry-run", "--as-of", "2026-02-21T08:00")
    assert town.rows("SELECT * FROM accepted_layouts") == []
    told = town.here("registry", "probe", "--all", "--as-of", "2026-02-21T09:00").stderr
    assert "c-t-audit: rebuilt" in told and "c-t-water: rebuilt" not in told
    second = town.here("crawl", "--all", "--json", "--as-of", "2026-02-22T02:00")
    assert json.loads(second.stdout)["looks"] == {"layout_changed": 1, "complete": 2}
    said = ("--author", "L. Chen", "--reason", "the oldest year was taken down")
    town.here("review", "accept-layout", "c-t-water", *said, "--as-of", "2026-02-22T09:00")
    third = town.here("crawl", "--all", "--json", "--as-of", "2026-02-23T02:00")
    assert json.loads(third.stdout)["looks"] == {"complete": 3}
    assert ogiwatch(town.home, "review", "accept-layout", "c-t-water", *said).exit_code == 2
    assert ogiwatch(town.home, "review", "accept-layout", "nowhere", *said).exit_code == 2
    rows = town.rows("SELECT column_id, at, author FROM accepted_layouts ORDER BY id")
    assert [(r["column_id"], r["author"]) for r in rows] == [
        ("c-t-audit", "ogiwatch registry probe"), ("c-t-water", "L. Chen"),
    ]  # fmt: skip


def _probe(column: str, result: LookResult, verified: Verification) -> Probe:
    return Probe(column, "http://a/", str(result), "", str(verified), None, 0, 0, (), None, 0, (), "")


def test_one_silent_day_unmakes_nothing(town: Town):
    registry = load(town.home / "registry")
    columns = [registry.columns[f"c-{body}"] for body in BODIES]
    silent = [_probe(c.id, LookResult.TIMEOUT, Verification.DEAD) for c in columns]
    assert not any(one.changed for one in settle(silent, columns, registry))
    with pytest.raises(SchedulerError, match="our own connection"):
        settle(silent * 2, columns, registry)
    gone = [_probe(c.id, LookResult.NOT_FOUND, Verification.DEAD) for c in columns]
    assert all(one.row.verified is Verification.DEAD for one in settle(gone, columns, registry))


def test_spans_of_years():
    years = {(2019, 2020, 2021): "2019-2021", (2019, 2021): "2019 2021", (): "-", (2024,): "2024"}
    assert {given: span(given) for given in years} == years
