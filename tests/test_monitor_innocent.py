"""Nasty histories of innocent bodies: whatever it looks like, nobody is accused of what the evidence does not carry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from monitor_cases import (
    BEFORE,
    HELD,
    HOST,
    LAST_YEAR,
    LAW,
    OTHERS,
    PRACTICE,
    PROOF,
    SEEN,
    YEAR,
    address,
    at,
    body,
    column,
    daily,
    entry,
    having,
    holding,
    look,
    mine,
    printed,
    registry,
    status,
)

from monitor.attribution import Assignment
from monitor.events import status_event
from monitor.model import Obligation, Severity, Status
from monitor.obligations import Undecided
from monitor.timeliness import time_findings
from registry.model import Certainty, Duty, GoneEntry, Kind, LookResult

REPORT = "政府信息公开工作年度报告"
FIN = "北京市西城区财政局"
GROWN = [look("01-10", LAST_YEAR), look("01-20", OTHERS)]
LATER = "03-20 13:00"


def titled(title: str, url: str = "") -> dict[str, object]:
    """The list goes on without the body's name and year, but with a line of this title from 20 January on."""
    lines = [*OTHERS, entry("x", 0, title=title, url=url)]
    return having(looks=[look("01-10", LAST_YEAR), look("01-20", lines), *daily("02-01", "02-08", lines)])


def failing(first: str, last: str, result: LookResult, lines=()) -> list:
    return [replace(v, result=result) for v in daily(first, last, lines)]


def moved(**more: object) -> dict[str, object]:
    """Seen in time without a day of its own; its copy at a new address states the day on which it was put there."""
    first = holding("fin", YEAR, "01-25", last_seen=at("01-25"))
    copy = holding("fin", YEAR, "02-20", url=address("fin", YEAR, "-new"), days=[printed("2026-02-18")])
    gone = replace(first, gone_at=at("02-20"), gone_status=404)
    lines = [*OTHERS, entry("fin", YEAR, "-new")]
    return having(
        held=[*HELD, gone, copy], now=LATER,
        looks=[*BEFORE, look("01-25", SEEN), *daily("02-20", "03-19", lines)], **more,
    )  # fmt: skip


NOTICE = Duty(
    "notice", (Kind.DEPARTMENT,), 2025, 2025, (1, 15), Certainty.NOTICE, "市政府办公室通知", "a notice of the city",
    bodies=("fin",), source="http://www.example.gov.cn/notice",
)  # fmt: skip
OLD_NAME, NEW_YEAR = (entry("x", y, title=f"北京市西城区发展研究中心{y}年{REPORT}") for y in (2024, YEAR))
GONE = having(gone_at=at("02-01"), gone_status=404)

INNOCENT = {
    # titles
    "in time under last year's title": titled(f"{FIN}2024年{REPORT}", address("fin", 2024, "-new")),
    "in time under the year of publication": titled(f"{FIN}2026年{REPORT}"),
    "the same, looked at again a year later": {
        **titled(f"{FIN}2026年{REPORT}"),
        "looks": [*GROWN, *daily("02-01", "02-08", [*OTHERS, entry("x", 0, title=f"{FIN}2026年{REPORT}")]),
                  *daily("11-01", "11-08", [*OTHERS, entry("x", 0, title=f"{FIN}2026年{REPORT}")])],
        "now": "11-08 13:00",
    },
    "for two years at once": titled(f"{FIN}2024-2025年度{REPORT}"),
    "without a year": titled(f"{FIN}{REPORT}"),
    "without a name": titled(f"2025年{REPORT}"),
    "without a name, under last year's title": titled(f"2024年{REPORT}"),
    "a misprint of the name, under last year's title": titled(f"北京市西城区财致局2024年{REPORT}"),
    "a misprint of the name": titled(f"北京市西城区财致局2025年{REPORT}"),
    "the name before the reform": titled(f"北京市西城区财政委员会2025年{REPORT}"),
    "the name as people say it": titled(f"西城财政2025年{REPORT}"),
    "under the name after the reform, which the registry lacks": titled(f"北京市西城区发展研究中心2025年{REPORT}"),
    "under a name the registry lacks, year after year": having(
        looks=[look("01-10", [entry("edu", 2024), OLD_NAME]),
               *daily("01-20", "01-21", [entry("edu", 2024), entry("edu", YEAR), OLD_NAME]),
               *daily("02-01", "02-08", [entry("edu", 2024), entry("edu", YEAR), OLD_NAME, NEW_YEAR])],
        held=HELD[1:],
    ),
    "moved to another address under its new name": having(
        held=mine("01-25", **GONE), now=LATER,
        looks=[*BEFORE, look("01-25", SEEN), *daily("02-01", "03-19", [*OTHERS, NEW_YEAR])],
    ),
    "jointly with a neighbour": titled(f"{FIN}、北京市西城区教育局2025年{REPORT}"),
    "jointly with somebody unknown": titled(f"{FIN}、北京市西城区国资委2025年{REPORT}"),
    "in one report of all departments": titled(f"西城区各部门2025年{REPORT}"),
    "in one file of all reports": titled("西城区2025年政府信息公开年度报告汇编"),
    "behind a folder of the year": titled("2025年"),
    "called a summary of the year's work": titled(f"{FIN}2025年政府信息公开工作总结"),
    "cut off in the list": titled(f"{FIN}2025年政府信…"),
    "in figures of another script": titled(f"{FIN}二〇二五年{REPORT}"),
    "on a host the registry does not name": titled(f"{FIN}2025年{REPORT}", "http://other.example.com/1.html"),
    "two bodies that swapped their names": having(
        of=registry(
            replace(body("fin"), name="北京市西城区教育局", aliases=(FIN,)),
            replace(body("edu"), name=FIN, aliases=("北京市西城区教育局",)), body("civ"),
        ),
        looks=[look("01-10", [entry("civ", 2024)]),
               *daily("02-01", "02-08", [entry("civ", 2024), entry("civ", YEAR), entry("fin", YEAR)])],
        held=[holding("civ", YEAR, "01-20"), holding("fin", 2024, "01-10")],
    ),
    "read, but nobody could say whose it is": having(
        undecided=[Undecided(f"{HOST}/d.html", frozenset({("fin", YEAR), ("edu", YEAR)}), "no_name")],
    ),
    # lists
    "the list shows only the latest few": having(
        looks=[look("01-10", LAST_YEAR), *failing("01-20", "02-08", LookResult.ENTRIES_GONE, OTHERS[1:])],
    ),
    "entries left the list whose pages still answer": having(
        looks=[*BEFORE, *daily("02-01", "02-08", OTHERS, gone=[GoneEntry(address("fin", 2023), 200)])],
    ),
    "oldest first, and the pages behind were not read": having(
        looks=[look("01-10", LAST_YEAR), *failing("02-01", "02-08", LookResult.PAGING_CUT, LAST_YEAR)],
    ),
    "oldest first on one page that never changes": having(looks=[*daily("01-10", "02-08", LAST_YEAR)]),
    "a folder of another year": having(of=registry(columns=[replace(column(), url=f"{HOST}/2024n/")])),
    "a frozen folder that four bodies left": having(
        of=registry(*map(body, ("fin", "edu", "civ", "sta"))),
        looks=[look("01-10", [entry(b, 2024) for b in ("fin", "edu", "civ")]),
               *daily("02-01", "02-08", [entry(b, 2024) for b in ("fin", "edu", "civ", "sta")])],
        held=[holding(b, 2024, "01-10") for b in ("fin", "edu", "civ", "sta")],
    ),
    "a column that was registered only now": having(of=registry(columns=[column(), column("new")])),
    "published in another column meanwhile found": having(
        of=registry(columns=[column(), column("new")]),
        looks=[*PROOF, look("02-20", [entry("fin", YEAR, url=address("fin", YEAR, col="new"))], col="new")],
        held=[*HELD, holding("fin", YEAR, "02-20", url=address("fin", YEAR, col="new"))], now="02-20 13:00",
    ),
    "only the address without a year changed its content": having(
        looks=[look("01-10", [entry("fin", 0, title=REPORT, url=address("fin", 2024)), entry("edu", YEAR)]),
               *daily("02-01", "02-08", [entry("fin", 0, title=REPORT, url=address("fin", 2024)), entry("edu", YEAR)])],
        held=[holding("fin", 2024, "01-10"), holding("edu", YEAR, "01-20")],
    ),
    # time
    "our own outage about the due day": having(
        looks=[*BEFORE, *failing("01-21", "02-11", LookResult.INTERRUPTED), look("02-12", SEEN)],
        held=mine("02-12"), now="02-12 13:00",
    ),
    "our own outage, nothing held": having(
        looks=[*BEFORE, *failing("01-21", "02-08", LookResult.INTERRUPTED, OTHERS)],
    ),
    "our own outage after two days that found nothing": having(
        looks=[*BEFORE, *daily("02-01", "02-02", OTHERS)], now="02-20 13:00",
    ),
    "the portal was down and came back with it": having(
        looks=[*BEFORE, *failing("01-25", "02-15", LookResult.TIMEOUT), look("02-16", SEEN)], held=mine("02-16"),
        now="02-16 13:00",
    ),
    "at midnight of the due day, while we looked": having(
        looks=[*BEFORE, look("01-31 23:58", OTHERS), look("02-01 00:01", SEEN)], held=mine("02-01 00:03"),
        now="02-01 13:00",
    ),
    "signed after the due day, published before": having(
        looks=[*BEFORE, look("02-20", SEEN)], now="02-20 13:00",
        held=mine("02-20", printed("2026-01-28"), printed("2026-02-10", "signature", "", publication=False)),
    ),
    "a page and its PDF of another day": having(
        looks=[*BEFORE, look("02-20", SEEN)], now="02-20 13:00",
        held=[*mine("02-20", printed("2026-01-28")),
              holding("fin", YEAR, "02-20", url=f"{HOST}/1.pdf", entry_url=address("fin", YEAR),
                      days=[printed("2026-02-15", "metadata")])],
    ),
    "put up again elsewhere with a new day": moved(),
    "put up again elsewhere, the old link still in the list": {
        **moved(),
        "looks": [*BEFORE, look("01-25", SEEN), *daily("02-20", "03-19", [*SEEN, entry("fin", YEAR, "-new")])],
    },
    "edited at its address, with the day of the edit": having(
        looks=[*BEFORE, look("01-25", SEEN), look("02-20", SEEN)], now="02-20 13:00",
        held=[*HELD, holding("fin", YEAR, "01-25"),
              replace(holding("fin", YEAR, "02-20", days=[printed("2026-02-18")]), document="sha-b", fingerprint="b")],
    ),
    "first seen undated a day before it moved with a day of its own": having(
        looks=[*BEFORE, look("02-10", SEEN)], now="02-11 13:00",
        held=[*mine("02-10"), holding("fin", YEAR, "02-11", url=f"{HOST}/n.html", days=[printed("2026-02-10")])],
    ),
    "a migration gave all reports one day": having(
        looks=[*BEFORE, look("02-20", SEEN)], now="02-20 13:00",
        held=mine("02-20", printed("2026-02-18"), shared_years=(2023, 2024, 2025)),
    ),
    "a migration two years on": having(
        year=2023, looks=[look("2026-09-01", [entry("fin", 2023)])], now="2026-09-02",
        held=[holding("fin", 2023, "2026-09-01", days=[printed("2026-08-30")])],
    ),
    "the year of the day is January's slip": having(
        looks=[*BEFORE, look("01-25", OTHERS), look("01-28", OTHERS), look("01-30", SEEN)], now="01-30 13:00",
        held=mine("01-30", printed("2025-01-29")),
    ),
    "before we watched": having(looks=daily("02-02", "02-12", OTHERS), now="02-12 13:00"),
    # the body
    "a township late by custom": having(
        of=registry(body("fin", Kind.TOWNSHIP), body("edu"), duties=(LAW, PRACTICE)),
        looks=[*PROOF, look("02-20", SEEN)], held=mine("02-20", printed("2026-02-19")), now="02-20 13:00",
    ),
    "a township that nobody finds": having(
        of=registry(body("fin", Kind.TOWNSHIP), body("edu"), duties=(LAW, PRACTICE)),
    ),
    "renamed in March": having(
        of=registry(
            body("fin", Kind.GOVERNMENT, exists_to=date(2026, 3, 15), successor="edu"), body("edu", Kind.GOVERNMENT),
        ),
        looks=[*BEFORE, *daily("04-01", "04-09", OTHERS)], now="04-09 13:00",
    ),
    "its successor's first year": having(
        of=registry(body("fin", exists_from=date(2025, 7, 1)), body("edu"),
                    body("civ", exists_to=date(2025, 6, 30), successor="fin")),
    ),
    "of a kind nobody knows": having(of=registry(body("fin", Kind.OTHER), body("edu"))),
    # withdrawn
    "the page moved and the list keeps the dead link": having(
        looks=[*BEFORE, look("01-25", SEEN), *daily("02-01", "03-19", SEEN)], now=LATER,
        held=mine("01-25", **GONE),
    ),
    "gone with the whole portal": having(
        looks=[*BEFORE, look("01-25", SEEN), *failing("02-01", "03-19", LookResult.NOT_FOUND)], now=LATER,
        held=mine("01-25", **GONE),
    ),
    "gone behind a wall": having(
        looks=[*BEFORE, look("01-25", SEEN), *daily("02-01", "03-19", OTHERS)], now=LATER,
        held=mine("01-25", gone_at=at("02-01"), gone_status=403),
    ),
    "moved under a line that names nobody": having(
        looks=[*BEFORE, look("01-25", SEEN),
               *daily("02-01", "03-19", [*OTHERS, entry("x", 0, title=f"2025年{REPORT}")])],
        now=LATER, held=mine("01-25", **GONE),
    ),
    "moved with its wrong title, which a person had put right before": having(
        looks=[*BEFORE, look("01-25", [*OTHERS, entry("fin", 2024, "-slip")]), *daily("02-01", "03-19", OTHERS)],
        now=LATER,
        held=mine("01-25", url=address("fin", 2024, "-slip"), **GONE),
        undecided=[Undecided(f"{HOST}/moved.html", frozenset({("fin", 2024), ("edu", 2024)}), "no_name", at("02-01"))],
        assignments=[Assignment(address("fin", 2024, "-slip"), "fin", YEAR)],
    ),
    "gone for ten days": having(
        looks=[*BEFORE, look("01-25", SEEN), *daily("02-01", "02-10", OTHERS)], now="02-10 13:00",
        held=mine("01-25", **GONE),
    ),
    "its attachment is gone, its page is not": having(
        looks=[*BEFORE, look("01-25", SEEN), *daily("02-01", "03-19", OTHERS)], now=LATER,
        held=[*mine("01-25"),
              holding("fin", YEAR, "01-25", url=f"{HOST}/1.pdf", entry_url=address("fin", YEAR), **GONE)],
    ),
}  # fmt: skip


def accusations(one: Obligation) -> list[str]:
    """What would be said in public against the body, on the site or by an alert."""
    event = status_event(None, one, at(LATER), watch_from=2008)
    told = [f"alert {event.new}"] if event is not None and event.alert else []
    found = [f for f in time_findings(one) if f.severity is not Severity.NOTICE]
    return told + [f"{f.family}: {f.message_en}" for f in found]


@pytest.mark.parametrize("case", INNOCENT)
def test_the_innocent_are_not_accused(case: str) -> None:
    one = status(**INNOCENT[case])
    assert accusations(one) == [], f"{one.status} {one.clause}: {one.explanation_en}"
    assert one.status not in (Status.MISSING, Status.WITHDRAWN)
    assert one.explanation_zh and one.explanation_en


def test_the_guilty_are_still_named() -> None:
    """The same judge, so that innocence is no deafness."""
    assert accusations(status())
    assert accusations(status(looks=[*PROOF, look("02-20", SEEN)], held=mine("02-20"), now="02-20 13:00"))
    told = status(of=registry(body("fin"), body("edu"), duties=(LAW, NOTICE)), looks=[*BEFORE, look("01-25", SEEN)],
                  held=mine("01-25", printed("2026-01-20")), now="01-25 13:00")  # fmt: skip
    assert (told.status, told.days_late, told.duty) == (Status.LATE, 5, "notice")
    assert "49" not in told.explanation_en and "49" not in told.explanation_zh  # a notice, not the Regulations
    # a name the registry lacks is another body's: its report of last year stood beside this body's
    beside = [look("01-10", [*LAST_YEAR, OLD_NAME]), look("01-20", [*OTHERS, OLD_NAME])]
    assert accusations(status(looks=[*beside, *daily("02-01", "02-08", [*OTHERS, OLD_NAME, NEW_YEAR])]))
    gone = status(looks=[*BEFORE, look("01-25", SEEN), *daily("02-01", "03-19", OTHERS)], held=mine("01-25", **GONE),
                  now=LATER)  # fmt: skip
    assert gone.status is Status.WITHDRAWN and accusations(gone)
