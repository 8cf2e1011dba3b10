"""Innocent bodies through the whole pipeline, from the page to the outbox: nothing is said against them."""

from __future__ import annotations

from pathlib import Path

from ledger_home import BODIES, HOST, Ledger, days

from monitor.model import Status
from registry.model import LookResult

ACCUSING = ("late", "missing", "withdrawn", "back_dated")
WORDS = "2025年政府信息公开工作年度报告"


def accusations(made: Ledger) -> list[tuple[str, ...]]:
    """Alerts queued and grave findings about publication, of any body and year."""
    told = made.execute("SELECT body_id, new FROM events WHERE alert = 1")
    found = made.execute(
        "SELECT body_id, family FROM findings WHERE severity <> 'notice' AND closed_at IS NULL"
        f" AND family IN {ACCUSING}"
    )
    return told + found


def test_a_moved_report_a_year_of_publication_and_a_name_of_before(tmp_path: Path) -> None:
    made = Ledger(tmp_path)
    made.held(BODIES, 2024)
    made.look("01-10")
    first = made.publish("t-finance", 2025)
    made.publish("t-audit", 2025, said=f"{BODIES['t-audit'][0]}2026年政府信息公开工作年度报告", day="2026-01-20")
    renamed = made.publish("t-water", 2025, said=f"黄石市下陆区水务局{WORDS}", day="2026-01-21")
    made.pages[renamed] = made.pages[renamed].replace(BODIES["t-water"][0], "黄石市下陆区水务局")
    made.look("01-22")
    for day in days("02-01", "02-09"):
        made.look(day)
    made.judge("02-09 13:00")
    assert accusations(made) == []
    assert made.status("t-finance", 2025).status is Status.ON_TIME
    page = made.pages[first]
    made.remove(first)
    moved = made.publish("t-finance", 2025, url=f"{HOST}/nb/new.html", day="2026-02-18")
    assert made.pages[moved] != page
    for day in days("02-20", "03-10"):
        made.look(day)
    made.judge("03-10 13:00")
    assert accusations(made) == []
    assert made.status("t-finance", 2025).status is Status.ON_TIME
    assert not made.verify().differences


def test_a_joint_report_and_our_own_outage(tmp_path: Path) -> None:
    made = Ledger(tmp_path)
    made.held(BODIES, 2024)
    made.look("01-10")
    both = f"{BODIES['t-finance'][0]}、{BODIES['t-audit'][0]}"
    joint = made.publish("t-finance", 2025, said=f"{both}{WORDS}", day="2026-01-20")
    made.pages[joint] = made.pages[joint].replace(f"<p>{BODIES['t-finance'][0]}", f"<p>{both}")
    made.publish("t-water", 2025)
    for day in days("01-20", "02-11"):
        made.look(day, LookResult.INTERRUPTED)
    for day in days("02-12", "02-20"):
        made.look(day)
    made.judge("02-20 13:00")
    assert accusations(made) == []
    assert made.status("t-water", 2025).status is Status.UNDATED
    for body in ("t-finance", "t-audit"):
        assert made.status(body, 2025).clause == "undecidable_entry"
