"""Random seasons through the real crawler, reader and judge: nobody is accused of what is not true, whoever is truly
absent is named, and what is then published is found on the next look."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from portal_season import DUE, YEAR, Season, Seasons

FIRST, CALM, LAST = date(2026, 1, 22), date(2026, 2, 8), date(2026, 2, 17)
SEASONS = int(os.environ.get("OGIWATCH_SEASONS", "15"))
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
            assert report is not None and report.published > DUE.replace(year=year + 1), said
            assert row["days_late"] <= (report.published - DUE.replace(year=year + 1)).days, said
        if row["status"] == "withdrawn":
            assert report is not None and report.taken_down is not None, said


def rebuilt(seasons: Seasons) -> list[str]:
    """The columns whose latest look says that their list changed."""
    sql = """SELECT column_id FROM looks l WHERE result IN ('layout_changed', 'entries_gone')
             AND started_at = (SELECT max(started_at) FROM looks WHERE column_id = l.column_id)"""
    return [row["column_id"] for row in seasons.rows(sql)]


@pytest.mark.campaign
def test_seasons_of_real_portals(tmp_path: Path) -> None:
    with Seasons(tmp_path / "home", SEASONS, SEED) as seasons:
        day = FIRST
        while day < LAST:
            calm = day >= CALM
            for season in seasons.seasons:
                if day == CALM:
                    season.portal.fault = season.fault_until = None
                    season.show()
                season.act(day, calm=calm or day == FIRST)
            out = not calm and day != FIRST and seasons.random.random() < 0.1
            visited = [s for s in seasons.seasons if calm or day == FIRST or seasons.random.random() < 0.85]
            if not out:
                seasons.look(day, visited)
                for season in seasons.seasons:
                    check_truth(season, day, seasons.statuses())
            if day == CALM or seasons.random.random() < 0.2:  # a person looks at what was rebuilt, now and then
                for column in rebuilt(seasons):
                    said = ("--author", "campaign", "--reason", "the portal was rebuilt")
                    seasons.run(day, "review", "accept-layout", column, *said)
            day += timedelta(days=1)
        statuses = seasons.statuses()
        absent = [(s, body) for s in seasons.seasons for body in s.names if s.of_year(body) is None]
        named = [(s, body) for s, body in absent if statuses[body, YEAR]["status"] == "missing"]
        for season, body in absent:
            control = [r for r in season.reports if r.year == YEAR and r.entry.listed and r.entry.status == 200]
            control = [r for r in control if f"{YEAR}年" in r.entry.title]
            expected = "missing" if control and not season.frozen else "unverified"
            row = statuses[body, YEAR]
            assert row["status"] == expected, "\n".join([f"{body} {row}", *season.log])
        assert len(named) >= SEASONS / 2  # else the campaign shows nothing
        for season, body in named:
            season.publish(body, YEAR, day)
        seasons.look(day, seasons.seasons)
        statuses = seasons.statuses()
        for season, body in named:
            assert statuses[body, YEAR]["status"] == "late", "\n".join([str(statuses[body, YEAR]), *season.log])
            sql = "SELECT old, new FROM events WHERE kind = 'status' AND body_id = ? AND report_year = ? ORDER BY id"
            history = [(row["old"], row["new"]) for row in seasons.rows(sql, body, YEAR)]
            assert history[-1] == ("missing", "late") and any(new == "missing" for _, new in history), history
        for season in seasons.seasons:
            check_truth(season, day, statuses)
