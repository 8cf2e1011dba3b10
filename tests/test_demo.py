"""The demo's season, played once: every status with its evidence, every rule family, each alert once, nothing twice."""

from __future__ import annotations

import json
import mailbox
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from registry.model import SHANGHAI
from samples.season_plan import BODIES, DAYS, REAL_BODIES
from scheduler import demo_home, demo_tour
from scheduler.cli import main
from scheduler.demo import Played, one_day, playing
from scheduler.home import Home
from scheduler.model import SchedulerError
from scheduler.rebuild import verify

STATUSES = {"not_due", "awaiting", "on_time", "late", "undated", "missing", "unverified", "withdrawn", "exempt"}
FAMILIES = {
    "request_balance", "request_parts", "request_row_total", "dispute_total", "indicator_sum", "form_generation",
    "form_section", "carry_over", "in_force", "late", "missing", "undated",
}  # fmt: skip
CERTAIN_LOOKS = "SELECT id, day, started_at FROM looks WHERE id IN (SELECT value FROM json_each(?)) ORDER BY started_at"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with playing(Home(tmp_path_factory.mktemp("demo") / "home"), 8001) as season:
        yield season


class Rows:
    """Questions to the demo's database, answered by a connection of its own each time."""

    def __init__(self, path: Path) -> None:
        self.path = path / "ogiwatch.db"

    def __call__(self, sql: str, *values: object) -> list[dict[str, Any]]:
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(sql, values)]
        finally:
            connection.close()

    def one(self, body: str, year: int) -> dict[str, Any]:
        (row,) = self("SELECT * FROM obligations WHERE body_id = ? AND report_year = ?", body, year)
        return row


@pytest.fixture(scope="module")
def rows(played: Played) -> Rows:
    return Rows(played.home.path)


def test_every_status_occurs_and_explains_itself(rows: Rows) -> None:
    found = rows("SELECT status, explanation_zh, explanation_en FROM obligations")
    assert {row["status"] for row in found} == STATUSES
    assert all(row["explanation_zh"] and row["explanation_en"] for row in found)


def test_every_status_comes_out_of_the_ledgers_again(played: Played, rows: Rows) -> None:
    database = played.home.open(create=False, read_only=True)
    try:
        done = verify(played.home, database)
    finally:
        database.close()
    assert [str(difference) for difference in done.differences] == []
    assert (done.obligations, done.skipped) == (rows("SELECT count(*) AS n FROM obligations")[0]["n"], 0)


def test_missing_rests_on_a_whole_proof_of_absence(rows: Rows) -> None:
    row = rows.one("demo-transport", 2024)
    assert (row["status"], row["certain"], row["due_on"]) == ("missing", 1, "2025-01-31")
    looks = rows(CERTAIN_LOOKS, row["looks"])
    assert len(looks) >= 3 and len({look["day"] for look in looks}) >= 3
    assert all(look["day"] > "2025-01-31" for look in looks)
    first, last = (datetime.fromisoformat(looks[i]["started_at"]) for i in (0, -1))
    assert (last - first).total_seconds() >= 120 * 3600
    carrying = {look["id"] for look in looks}
    said = [o for o in json.loads(row["observations"]) if o["look"] in carrying]
    assert len(said) == len(looks)
    assert all(o["sight"] == "absent" and o["control"].startswith("other_body:demo-") for o in said)
    others = rows("SELECT body_id FROM obligations WHERE status = 'missing' AND body_id <> 'demo-transport'")
    assert others == []


@pytest.mark.parametrize(
    ("body", "year", "expected"),
    [
        (REAL_BODIES["000"], 2019, {"status": "late", "basis": "own_date", "days_late": 320, "certain": 1}),
        (REAL_BODIES["001"], 2024, {"status": "on_time", "basis": "seen"}),
        (REAL_BODIES["002"], 2019, {"status": "undated", "clause": "straddles_due_day"}),
        (REAL_BODIES["003"], 2020, {"status": "undated", "clause": "straddles_due_day"}),
        (REAL_BODIES["004"], 2023, {"status": "undated", "clause": "straddles_due_day", "certain": 0}),
        (REAL_BODIES["002"], 2024, {"status": "exempt", "clause": "exemption"}),  # no more is asked of real bodies
        ("demo-finance", 2024, {"status": "late", "basis": "own_date", "days_late": 20}),
        ("demo-baihe", 2024, {"status": "late", "basis": "own_date", "days_late": 2}),
        ("demo-housing", 2024, {"status": "late", "basis": "seen", "days_late": 12, "published_on": None}),
        ("demo-agriculture", 2024, {"status": "late", "basis": "seen", "published_on": None}),  # it set its day back
        ("demo-songling", 2024, {"status": "late", "certain": 0}),  # local practice: shown, never alerted
        ("demo-education", 2024, {"status": "on_time", "basis": "own_date", "published_on": "2025-01-17"}),
        ("demo-water", 2024, {"status": "undated", "clause": "straddles_due_day"}),
        ("demo-city", 2024, {"status": "awaiting", "due_on": "2025-03-31"}),
        ("demo-city", 2025, {"status": "not_due"}),
        ("demo-health", 2024, {"status": "withdrawn", "published_on": "2025-01-15"}),
        ("demo-archives", 2024, {"status": "exempt", "clause": "exemption"}),
        ("demo-culture", 2025, {"status": "exempt", "clause": "did_not_exist"}),
        ("demo-culture", 2024, {"status": "unverified", "clause": "merger_or_renaming"}),
        ("demo-police", 2024, {"status": "unverified", "clause": "no_complete_look"}),
        ("demo-forestry", 2024, {"status": "unverified", "clause": "no_complete_look"}),
        ("demo-statistics", 2024, {"status": "unverified", "clause": "no_complete_look"}),
        ("demo-market", 2024, {"status": "unverified", "clause": "no_positive_control"}),
        ("demo-baihe-education", 2022, {"status": "unverified", "clause": "before_our_watch"}),
        ("demo-baihe-emergency", 2024, {"status": "unverified", "clause": "undecidable_entry"}),
        ("demo-shiqiao", 2024, {"status": "unverified", "clause": "local_practice"}),
    ],
)
def test_statuses_are_what_was_played(rows: Rows, body: str, year: int, expected: dict[str, object]) -> None:
    row = rows.one(body, year)
    assert {key: row[key] for key in expected} == expected


def test_the_withdrawn_report_is_gone_and_still_on_file(rows: Rows) -> None:
    row = rows.one("demo-health", 2024)
    (address,) = rows(
        "SELECT a.gone_status, a.gone_at FROM addresses a JOIN documents d ON d.url = a.url"
        " JOIN reports r ON r.document_id = d.id WHERE r.body_id = 'demo-health' AND r.report_year = 2024"
    )
    assert address["gone_status"] == 404
    looks = rows(CERTAIN_LOOKS, row["looks"])
    days = [datetime.fromisoformat(look["started_at"]) for look in looks]
    assert len(looks) >= 3 and (days[-1] - days[0]).days >= 14


def test_a_portal_that_fails_never_makes_anyone_missing(rows: Rows) -> None:
    incomplete = rows("SELECT DISTINCT column_id, result FROM looks WHERE result <> 'complete'")
    failed = {row["column_id"]: row["result"] for row in incomplete}
    assert failed == {"demo-police": "wall", "demo-forestry": "error_page", "demo-statistics": "empty_list"}
    events = rows("SELECT new, alert FROM events WHERE kind = 'status' AND body_id IN ('demo-police', 'demo-forestry',"
                  " 'demo-statistics')")  # fmt: skip
    assert {e["new"] for e in events} == {"awaiting", "unverified"}
    assert not any(e["alert"] for e in events)


def test_every_rule_family_of_the_spine_finds_something(rows: Rows) -> None:
    families = {row["family"] for row in rows("SELECT family FROM findings WHERE outcome = 'fail'")}
    assert families >= FAMILIES
    assert families >= {"restated", "withdrawn", "back_dated"}


def test_sound_bodies_have_no_finding(rows: Rows) -> None:
    """What is meant to slip slips, and nothing else does."""
    found = rows("SELECT DISTINCT body_id, family FROM findings WHERE outcome = 'fail' AND body_id LIKE 'demo-%'")
    per_body: dict[str, set[str]] = {}
    for row in found:
        per_body.setdefault(row["body_id"], set()).add(row["family"])
    assert per_body == {
        "demo-agriculture": {"carry_over", "in_force", "late", "back_dated"},
        "demo-audit": {"request_balance", "restated"},
        "demo-baihe": {"indicator_sum", "late"},
        "demo-baihe-agriculture": {"form_generation"},
        "demo-civil": {"request_balance", "request_parts", "request_row_total", "dispute_total"},
        "demo-finance": {"late"},
        "demo-health": {"withdrawn"},
        "demo-housing": {"late"},
        "demo-songling": {"late", "form_section"},
        "demo-transport": {"missing"},
        "demo-water": {"undated"},
    }


def test_the_five_real_reports_come_to_what_is_known_of_them(rows: Rows) -> None:
    found = Counter(
        (row["body_id"], row["family"])
        for row in rows("SELECT body_id, family FROM findings WHERE outcome = 'fail' AND body_id NOT LIKE 'demo-%'")
    )
    assert found == {
        (REAL_BODIES["000"], "late"): 1,
        (REAL_BODIES["000"], "narrative_arithmetic"): 1,
        (REAL_BODIES["001"], "form_section"): 1,
        (REAL_BODIES["001"], "form_content"): 2,
        (REAL_BODIES["002"], "indicator_sum"): 1,
        (REAL_BODIES["002"], "narrative_table"): 5,
        (REAL_BODIES["002"], "form_generation"): 1,
        (REAL_BODIES["002"], "form_section"): 1,
        (REAL_BODIES["002"], "undated"): 1,
        (REAL_BODIES["003"], "undated"): 1,
        (REAL_BODIES["004"], "undated"): 1,
    }
    pending = rows("SELECT message_en FROM findings WHERE body_id = ? AND outcome = 'pending'", REAL_BODIES["001"])
    assert sum(p["message_en"].endswith(("should be 257.", "should be 425.")) for p in pending) == 2
    names = {row["name"] for row in rows("SELECT name FROM bodies WHERE id IN (SELECT body_id FROM obligations)")}
    invented = names - {body.name for body in BODIES}
    assert len(invented) == 5 and all(body.name.startswith("示例市") for body in BODIES)


def test_nothing_is_told_of_real_bodies_but_what_their_own_page_says(rows: Rows) -> None:
    flips = rows("SELECT new FROM events WHERE kind = 'status' AND body_id NOT LIKE 'demo-%'")
    assert flips == []
    known = rows("SELECT DISTINCT status FROM obligations WHERE body_id NOT LIKE 'demo-%' AND report_year < 2025")
    assert {row["status"] for row in known} == {"late", "on_time", "undated", "unverified", "exempt"}
    unverified = rows(
        "SELECT DISTINCT clause FROM obligations WHERE body_id NOT LIKE 'demo-%' AND status = 'unverified'"
    )
    assert [row["clause"] for row in unverified] == ["before_our_watch"]


def test_a_changed_report_is_kept_in_both_versions(rows: Rows) -> None:
    versions = rows(
        "SELECT version, fingerprint FROM reports WHERE body_id = 'demo-audit' AND report_year = 2024 ORDER BY version"
    )
    assert [v["version"] for v in versions] == [1, 2]
    closed = rows("SELECT closed_at FROM findings WHERE body_id = 'demo-audit' AND family = 'request_balance'")
    assert closed and all(row["closed_at"] for row in closed)


def test_lists_of_several_families_are_paged_through(rows: Rows) -> None:
    most = rows("SELECT column_id, max(pages_read) AS n FROM looks GROUP BY column_id")
    pages = {row["column_id"]: row["n"] for row in most}
    assert pages["demo-city-departments"] == 4 and pages["demo-baihe-gov"] == 2 and pages["demo-qingshi-towns"] == 2
    families = {r["family"] for r in rows("SELECT family FROM columns WHERE id IN (SELECT column_id FROM looks)")}
    assert {"trs", "generic", "trs_null_date", "t_shtml"} <= families


def test_each_alert_arrives_once_by_mail_and_by_webhook(played: Played, rows: Rows) -> None:
    alerts = rows("SELECT key, body_id, family, kind, new FROM events WHERE alert = 1")
    flips = {(a["body_id"], a["new"]) for a in alerts if a["kind"] == "status"}
    assert flips == {
        ("demo-agriculture", "late"),
        ("demo-housing", "late"),
        ("demo-finance", "late"),
        ("demo-baihe", "late"),
        ("demo-transport", "missing"),
        ("demo-health", "withdrawn"),
    }
    assert all(a["body_id"].startswith("demo-") for a in alerts), "a real body is history here, and history is no news"
    mails = list(mailbox.Maildir(played.inbox.mailbox))
    hooks = [json.loads(line) for line in played.inbox.hooks.read_text(encoding="utf-8").splitlines()]
    assert len(mails) == len(hooks) == len(alerts)
    assert {hook["event"]["event"] for hook in hooks} == {a["key"] for a in alerts}
    known = {row["message_id"] for row in rows("SELECT message_id FROM deliveries WHERE state = 'sent'")}
    arrived = [mail["Message-ID"].strip("<>") for mail in mails] + [hook["idempotency_key"] for hook in hooks]
    assert len(arrived) == len(set(arrived)) and set(arrived) == known


def test_crawling_and_judging_again_adds_nothing(played: Played, rows: Rows) -> None:
    tables = ("documents", "reports", "findings", "events", "deliveries", "obligations", "addresses")

    def counts() -> dict[str, int]:
        found = {table: rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in tables}
        return found | {"mails": len(list(mailbox.Maildir(played.inbox.mailbox)))}

    statuses = "SELECT body_id, report_year, status, clause, since FROM obligations ORDER BY 1, 2"
    before, judged, looks = counts(), rows(statuses), rows("SELECT count(*) AS n FROM looks")[0]["n"]
    for _ in range(2):
        again = one_day(played.home, DAYS[-1])
        assert (again.documents, again.judged.events, again.judged.deliveries, again.delivered.sent) == (0, 0, 0, 0)
    assert counts() == before
    assert rows(statuses) == judged
    assert rows("SELECT count(*) AS n FROM looks")[0]["n"] == looks + 2 * len(played.season.portals)


def test_the_days_are_played_in_shanghai(rows: Rows) -> None:
    days = [row["day"] for row in rows("SELECT DISTINCT day FROM looks ORDER BY day")]
    assert days == [day.isoformat() for day in DAYS]
    first = rows("SELECT min(started_at) AS at FROM looks")[0]["at"]
    assert datetime.fromisoformat(first).astimezone(SHANGHAI).hour == 9


def test_the_tour_can_be_walked_and_the_site_stops_cleanly(played: Played) -> None:
    database = played.home.open(create=False, read_only=True)
    stops = demo_tour.stops(database)
    database.close()
    assert 5 <= len(stops) <= 10
    command = [sys.executable, "-m", "scheduler", "--home", str(played.home.path), "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            line = next(line for line in server.stderr if "http://" in line)
            site = line[line.index("http://") :].split()[0].rstrip("/")
            for stop in stops:
                for language in ("zh", "en"):
                    answer = httpx.get(
                        f"{site}{stop.path}", params={"lang": language}, timeout=30, follow_redirects=True
                    )
                    assert answer.status_code == 200, stop.path
            late = httpx.get(f"{site}/body/{REAL_BODIES['000']}/2019", params={"lang": "en"}, timeout=30).text
            assert "320" in late
            server.send_signal(signal.SIGINT)
            assert server.wait(20) == 0
        finally:
            server.kill()


def test_another_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ogiwatch.db").write_bytes(b"mine")
    result = CliRunner().invoke(main, ["--home", str(tmp_path), "demo", "--no-serve", "--port", "0"])
    assert result.exit_code == 2
    assert "not a demo's home" in result.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["ogiwatch.db"]


def test_a_demos_own_folder_is_made_anew(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    demo_home.make_room(home)
    (home / "archive").mkdir()
    (home / "archive" / "old").touch()
    (home / "ogiwatch.db").touch()
    demo_home.make_room(home)
    demo_home.empty(home)
    assert [p.name for p in home.iterdir()] == [demo_home.MARK]
    (tmp_path / "file").touch()
    with pytest.raises(SchedulerError, match="expected a folder"):
        demo_home.make_room(tmp_path / "file")
