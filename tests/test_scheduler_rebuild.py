"""Every stored status comes out of the ledgers again, after each day of a season and whatever is changed in between."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner
from ledger_home import BODIES, Ledger, days

from monitor.model import Status, Thresholds
from registry.model import LookResult
from scheduler.cli import main

YEAR = 2025


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A season: two bodies on time and late, one missing, out of sight, missing again, and late at last."""
    made = Ledger(tmp_path_factory.mktemp("ledger"))
    made.held(BODIES, 2024)
    made.said: list[tuple[str, Status, str]] = []

    def night(day: str, look: bool = True, result: LookResult = LookResult.COMPLETE, reading: bool = False) -> None:
        if look:
            made.look(day, result)
        made.judge(f"{day} 13:00", reading=reading)
        one = made.status("t-water", YEAR)
        made.said.append((day, one.status, one.clause))
        found = made.verify()
        assert [str(d) for d in found.differences] == []
        assert (found.bodies, found.skipped) == (3, 0)

    night("2026-01-10", reading=True)
    made.publish("t-finance", YEAR, day="2026-01-20")
    night("2026-01-20", reading=True)
    for day in days("02-01", "02-09"):
        night(day, result=LookResult.TIMEOUT if day == "2026-02-03" else LookResult.COMPLETE)
    made.publish("t-audit", YEAR, day="2026-02-12")
    night("2026-02-12", reading=True)
    night("2026-02-20", look=False)
    night("2026-03-01", look=False)  # out of sight
    night("2026-03-02")  # and missing again
    made.publish("t-water", YEAR, day="2026-03-10")
    night("2026-03-11", reading=True)
    return made


def test_the_season_went_through_all_it_should(ledger: Ledger) -> None:
    said = {day: (status, clause) for day, status, clause in ledger.said}
    assert said["2026-01-20"][0] is Status.NOT_DUE
    assert said["2026-02-05"][0] is Status.AWAITING
    assert said["2026-02-09"] == (Status.MISSING, "proof_of_absence")
    assert said["2026-02-20"] == (Status.MISSING, "proof_of_absence")  # by age alone it could not be given: it stands
    assert said["2026-03-01"] == (Status.UNVERIFIED, "stale")
    assert said["2026-03-02"] == (Status.MISSING, "proof_of_absence")
    assert said["2026-03-11"] == (Status.LATE, "own_date")
    assert ledger.status("t-audit", YEAR).days_late == 12


def test_the_command_says_what_differs_and_exits_with_1(ledger: Ledger) -> None:
    home = ["--home", str(ledger.path)]
    sound = CliRunner().invoke(main, [*home, "judge", "--verify"])
    assert sound.exit_code == 0 and "differences\t0" in sound.stdout
    ledger.execute("UPDATE obligations SET status = 'missing', days_late = NULL WHERE body_id = 't-audit'"
                   " AND report_year = 2025")  # fmt: skip
    broken = CliRunner().invoke(main, [*home, "judge", "--verify"])
    assert broken.exit_code == 1
    assert "t-audit 2025: status: stored missing, rebuilt late" in broken.stdout.splitlines()
    assert "t-audit 2025: days_late: stored None, rebuilt 12" in broken.stdout.splitlines()
    assert CliRunner().invoke(main, [*home, "judge", "--verify", "--body", "t-audit"]).exit_code == 2
    ledger.judge("2026-03-11 13:10", reading=False)
    assert not ledger.verify().differences
    ledger.look("2026-03-12")
    found = ledger.verify()
    assert (found.bodies, found.skipped, found.differences) == (0, 3, [])


NOTICE = """
[[duty]]
id = "xialu-notice-2025"
kinds = ["department"]
years_from = 2025
years_to = 2025
due = "{due}"
certainty = "notice"
basis_zh = "区政府办公室通知"
basis_en = "a notice of the district's office"
divisions = ["420204"]
source = "http://www.example.gov.cn/notice.html"
"""


def test_a_changed_due_day_is_judged_anew_and_rebuilt(tmp_path: Path) -> None:
    made = Ledger(tmp_path)
    made.held(BODIES, 2024)
    made.look("01-10")
    made.publish("t-finance", YEAR, day="2026-01-20")
    made.look("01-21")
    made.judge("01-21 13:00")
    assert made.status("t-finance", YEAR).status is Status.ON_TIME
    made.write_registry(duties=NOTICE.format(due="01-15"))
    assert made.judge("01-21 14:00", reading=False).events >= 1
    late = made.status("t-finance", YEAR)
    assert (late.status, late.days_late, late.duty) == (Status.LATE, 5, "xialu-notice-2025")
    assert not made.verify().differences
    made.write_registry(duties=NOTICE.format(due="02-28"))
    made.judge("01-21 15:00", reading=False)
    assert made.status("t-finance", YEAR).status is Status.ON_TIME
    made.write_registry(duties=NOTICE.format(due="01-15"))
    made.judge("01-21 16:00", reading=False)
    assert made.status("t-finance", YEAR).status is Status.LATE
    assert not made.verify().differences
    told = made.execute("SELECT new, alert FROM events WHERE body_id = 't-finance' AND kind = 'status' ORDER BY id")
    # A first judgement is no change, and what returns is told once.
    assert told == [("late", 1), ("on_time", 0), ("late", 0)]


def test_an_earlier_due_day_never_reaches_back_before_our_watch(tmp_path: Path) -> None:
    """Watched from 10 January under a due day of 31 January; with 5 January we were not there in time."""
    made = Ledger(tmp_path)
    made.held(BODIES, 2024)
    made.look("01-10")
    made.publish("t-finance", YEAR, day="2026-01-20")
    for day in days("01-20", "02-09"):
        made.look(day)
    made.judge("02-09 13:00")
    assert made.status("t-water", YEAR).status is Status.MISSING
    made.write_registry(duties=NOTICE.format(due="01-05"))
    made.judge("02-09 14:00", reading=False)
    found = made.status("t-water", YEAR)
    assert (found.status, found.clause) == (Status.UNVERIFIED, "before_our_watch")
    assert not made.verify().differences


def test_an_assignment_is_judged_anew_and_rebuilt(tmp_path: Path) -> None:
    """A line that names nobody could be anybody's: nothing is missing until a person says what it is."""
    made = Ledger(tmp_path)
    made.held(BODIES, 2024)
    made.look("01-10")
    made.publish("t-finance", YEAR, day="2026-01-20")
    plan = made.publish("t-audit", YEAR, said="2025年政府信息公开工作年度报告", day="2026-01-21")
    made.pages[plan] = made.pages[plan].replace(BODIES["t-audit"][0], "")
    for day in days("02-01", "02-09"):
        made.look(day)
    made.judge("02-09 13:00")
    for body in ("t-audit", "t-water"):
        assert made.status(body, YEAR).clause == "undecidable_entry"
    assert not made.verify().differences
    made_by = ["--author", "L. Chen", "--reason", "the page speaks of the audit office"]
    said = CliRunner().invoke(
        main, ["--home", str(tmp_path), "review", "assign", plan, "--body", "t-audit", "--year", "2025",
               "--as-of", "2026-02-09T13:30", *made_by],
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    assert made.verify().skipped == 3
    made.judge("02-09 14:00")
    assert made.status("t-audit", YEAR).status is Status.ON_TIME
    assert made.status("t-water", YEAR).status is Status.MISSING
    assert not made.verify().differences
    # The word is changed later: the other office's, and then no report at all.
    for at, word, expected in (
        ("15", ["--body", "t-water", "--year", "2025"], {"t-audit": Status.MISSING, "t-water": Status.ON_TIME}),
        ("17", ["--none"], {"t-audit": Status.MISSING, "t-water": Status.MISSING}),
    ):
        again = ["review", "assign", plan, *word, "--as-of", f"2026-02-09T{at}:30", *made_by]
        assert CliRunner().invoke(main, ["--home", str(tmp_path), *again]).exit_code == 0
        made.judge(f"02-09 {int(at) + 1}:00")
        assert {body: made.status(body, YEAR).status for body in expected} == expected
        assert not made.verify().differences


def test_missing_does_not_outlast_an_outage_of_crawler_and_judge(tmp_path: Path) -> None:
    """Nobody looked and nobody judged for seven weeks; the numbers judged by stand beside the statuses."""
    made = Ledger(tmp_path)
    made.write_settings("[judging]\nfreshness_hours = 24\n")
    made.held(BODIES, 2024)
    made.look("01-10")
    made.publish("t-finance", YEAR, day="2026-01-20")
    for day in days("02-01", "02-09"):
        made.look(day)
    said = []
    for look, judged in ((None, "02-09 13:00"), ("04-01", "04-04"), ("04-05", "04-05 13:00"), (None, "04-10")):
        if look:
            made.look(look)
        made.judge(judged)
        one = made.status("t-water", YEAR)
        said.append((one.status, one.clause))
        assert not made.verify().differences
    missing = (Status.MISSING, "proof_of_absence")
    assert said == [missing, (Status.UNVERIFIED, "stale"), missing, missing]
    told = made.execute("SELECT new, alert FROM events WHERE body_id = 't-water' AND kind = 'status' ORDER BY id")
    assert told == [("missing", 1), ("unverified", 0), ("missing", 0)]
    ((kept,),) = made.execute("SELECT value FROM about WHERE key = 'thresholds'")
    assert json.loads(kept) == asdict(Thresholds(freshness_hours=24))
