"""Random seasons through the real crawler, reader and judge: nobody is accused of what is not true, whoever is truly
absent is named, and what is then published is found on the next look."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from portal_season import DUE, YEAR, Season, Seasons, instant_of

from samples.portals import PortalFault

FIRST, CALM, LAST = date(2026, 1, 22), date(2026, 2, 13), date(2026, 2, 23)
AFTER = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 22)  # of February
LOOKED = {date(2026, 1, n) for n in (22, 25, 28, 31)} | {date(2026, 2, n) for n in AFTER}
LATEST = """SELECT column_id, result, detail FROM looks l
            WHERE started_at = (SELECT max(started_at) FROM looks WHERE column_id = l.column_id)"""
LOOKS_OF = "SELECT id, started_at, result, detail FROM looks WHERE column_id = ? ORDER BY started_at"
NOT_HERE = (PortalFault.BUSY_ONCE, PortalFault.PART_FAILS)  # the crawl gets over it; does not strike these families
SEQUENCES = int(os.environ.get("OGIWATCH_SEASONS", "500"))
SEED = int(os.environ.get("OGIWATCH_SEED", "1"))


def check_truth(season: Season, day: date, statuses: dict[tuple[str, int], dict[str, Any]]) -> None:
    """No status says what is not so. One truth of each (body, year) is on file: its report, or that there is none."""
    truth = {(report.body, report.year): report for report in season.reports}
    for (body, year), row in statuses.items():
        if body not in season.names:
            continue
        report = truth.get((body, year))
        said = "\n".join([f"{day} {body} {year} {row}", *season.log])
        if row["status"] == "missing":
            assert report is None or not report.available, said
            assert not season.frozen, said
        if row["status"] == "late":
            due = DUE.replace(year=year + 1)
            assert report is not None, said
            if row["basis"] == "seen":  # in no list by the due day, whenever its page says that it was published
                assert not any(at <= due for at in report.available), said
                # looks are made at two in the morning after their day
                assert report.published > due or any(at >= due for at in report.lacked), said
            else:
                assert report.published > due and row["days_late"] <= (report.published - due).days, said
        if row["status"] == "withdrawn":
            assert report is not None and report.taken_down is not None, said


def check_named(
    seasons: Seasons, looked: Iterable[Season], day: date, statuses: dict[tuple[str, int], dict[str, Any]]
) -> int:
    """Who is truly absent, and proven so with the looks of this day, is named; how many there are."""
    proven = 0
    for season in looked:
        for body in season.names:
            if season.of_year(body) is None and season.oracle.proven(body, instant_of(day)):
                proven += 1
                row = statuses[body, YEAR]
                if row["status"] != "missing":
                    made = seasons.rows(LOOKS_OF, f"c{season.number}")
                    told = [f"{body} {season.portal.family} {row}", season.oracle.absent[body], *made, *season.log]
                    pytest.fail("\n".join(map(str, told)))
    return proven


def rebuilt(seasons: Seasons) -> list[str]:
    """The columns whose latest look says that their list changed."""
    return [row["column_id"] for row in seasons.rows(LATEST) if row["result"] in ("layout_changed", "entries_gone")]


@pytest.mark.campaign
def test_sequences_of_real_portals(tmp_path: Path) -> None:
    """SEQUENCES portals over four weeks, counted as `portal_season` says: one column with its own random events is one.

    The portals change every day; we look on LOOKED, at each with a chance of its own, and on some days not at all.
    """
    with Seasons(tmp_path / "home", SEQUENCES, SEED) as seasons:
        day, proven = FIRST, 0
        while day < LAST:
            calm = day >= CALM
            for season in seasons.seasons:
                if day == CALM:
                    season.portal.fault = season.fault_until = None
                    season.show()
                season.act(day, calm=calm or day == FIRST)
            out = day != FIRST and not calm and seasons.random.random() < 0.1
            if day in LOOKED and not out:
                chance = 1 if calm or day == FIRST else 0.75
                looked = [s for s in seasons.seasons if seasons.random.random() <= chance]
                seasons.look(day, looked)
                statuses = seasons.statuses()
                proven += check_named(seasons, looked, day, statuses)
                for season in seasons.seasons:
                    check_truth(season, day, statuses)
                if day >= CALM or seasons.random.random() < 0.2:  # a person looks at what was rebuilt, now and then
                    for column in rebuilt(seasons):
                        said = ("--author", "campaign", "--reason", "the portal was rebuilt")
                        seasons.run(day, "review", "accept-layout", column, *said)
                        seasons.seasons[int(column[1:])].oracle.accepted = True
            day += timedelta(days=1)
        statuses = seasons.statuses()
        absent = [(s, body) for s in seasons.seasons for body in s.names if s.of_year(body) is None]
        named = [(s, body) for s, body in absent if statuses[body, YEAR]["status"] == "missing"]
        for season, body in absent:
            row = statuses[body, YEAR]
            assert row["status"] in ("missing", "unverified"), "\n".join([f"{body} {row}", *season.log])
        assert len(named) >= SEQUENCES / 3 and proven >= len(named)  # else the campaign shows nothing
        for season, body in named:
            season.publish(body, YEAR, day)
        seasons.look(day, seasons.seasons)
        statuses = seasons.statuses()
        sql = "SELECT body_id, old, new FROM events WHERE kind = 'status' AND report_year = ? ORDER BY id"
        events = seasons.rows(sql, YEAR)
        for season, body in named:
            assert statuses[body, YEAR]["status"] == "late", "\n".join([str(statuses[body, YEAR]), *season.log])
            history = [(row["old"], row["new"]) for row in events if row["body_id"] == body]
            assert history[-1] == ("missing", "late"), history
        for season in seasons.seasons:
            check_truth(season, day, statuses)


@pytest.mark.campaign
def test_no_kind_of_failure_makes_anybody_missing(tmp_path: Path) -> None:
    """A column for each kind of failure, which begins after the first look and lasts for weeks: no look is complete,
    nobody is missing; beside them a sound column, whose absent body is, by its control. Then all is sound again.
    """
    faults = [fault for fault in PortalFault if fault not in NOT_HERE]
    seasons = Seasons(tmp_path / "home", len(faults) + 3, SEED, patience=8)
    *failing, silent, nameless, sound = seasons.seasons
    struck = dict(zip(faults, failing, strict=True))
    for fault, season in struck.items():
        season.portal.secure = fault.startswith("tls_")
        season.portal.stall_seconds, season.portal.flood_bytes = 20, 12_000_000
    with seasons:
        for season in seasons.seasons:
            season.frozen, season.portal.page_size = False, 3
            season.publish(f"s{season.number}-1", YEAR, date(2026, 1, 20))
        seasons.look(date(2026, 1, 22), seasons.seasons)
        for fault, season in struck.items():
            season.portal.fault = fault
            if fault in (PortalFault.OLD_COPY, PortalFault.OTHER_LIST):  # the report came, and is not shown
                season.publish(f"s{season.number}-0", YEAR, date(2026, 1, 28))
        seasons.server.close_port(silent.portal)
        seasons.register(nameless)
        slow = (struck[PortalFault.TIMEOUT], struck[PortalFault.TRICKLE])
        others = [season for season in seasons.seasons if season not in slow]
        for n in (1, 2, 3, 4, 5, 6, 7, 8, 11, 14):  # who does not answer takes time, and is asked less often
            seasons.look(date(2026, 2, n), seasons.seasons if n in (1, 5, 8, 14) else others)
        results = {row["column_id"]: row["result"] for row in seasons.rows(LATEST)}
        assert results[f"c{silent.number}"] == "refused" and results[f"c{nameless.number}"] == "dns"
        assert {results[f"c{season.number}"] for season in slow} == {"timeout"}
        statuses = seasons.statuses()
        for season in seasons.seasons[:-1]:
            status = statuses[f"s{season.number}-0", YEAR]["status"]
            said = (season.portal.fault, results[f"c{season.number}"], status)
            assert results[f"c{season.number}"] != "complete" and status in ("unverified", "awaiting"), said
        assert statuses[f"s{sound.number}-0", YEAR]["status"] == "missing"
        day = date(2026, 2, 16)
        seasons.server.open_port(silent.portal)
        seasons.register()
        for season in seasons.seasons:
            season.portal.fault = None
            if season.of_year(f"s{season.number}-0") is None:
                season.publish(f"s{season.number}-0", YEAR, day)
        seasons.look(day, seasons.seasons)
        for (body, year), row in seasons.statuses().items():
            if year == YEAR and body.endswith("-0"):
                assert row["status"] in ("late", "on_time", "undated"), (body, row)
