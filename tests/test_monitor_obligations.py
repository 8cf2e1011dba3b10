"""One scenario a status and a failing clause; every case says what it holds constant and what it changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from monitor_cases import (
    BEFORE,
    HELD,
    LAST_YEAR,
    LATE_LOOKS,
    NOW,
    OTHERS,
    PROOF,
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
    names,
    numbered,
    printed,
    registry,
    status,
)

from monitor.attribution import Assignment
from monitor.model import Status, Thresholds
from monitor.obligations import Judge, Undecided, judge, judge_all
from monitor.observations import Histories, Holdings
from registry.model import Certainty, Column, Duty, Exemption, Kind, Look, LookResult, Verification


def test_missing_needs_the_whole_proof() -> None:
    found = status()
    assert (found.status, found.clause) == (Status.MISSING, "proof_of_absence")
    assert found.certain
    assert len(found.looks) >= 3
    assert {o.control for o in found.observations if o.look in found.looks} == {"other_body:edu"}
    assert "By 2026-02-08, not found in columns" in found.explanation_en
    assert "截至2026-02-08" in found.explanation_zh
    assert "did not publish" not in found.explanation_en
    # the proof was whole on 6 February, 120 hours after its first look, but the grace period ran until the 7th was over
    assert found.since == at("02-08 00:00")
    skipped = [v for v in PROOF if v.started_at != at("02-03")] + daily("02-09", "02-10", OTHERS)
    assert status(looks=skipped, now="02-10 13:00").since == at("02-09 00:00")  # nobody looked on the 3rd
    assert status(thresholds=Thresholds(grace_days=0)).since == at("02-06")  # then the proof decides


def failing(first: str, last: str, result: str) -> list[Look]:
    return daily(first, last, [], result=LookResult[result])


def listing_too(title: str) -> list[Look]:
    """The proof, but with one more line in every list since the due day."""
    return [*BEFORE, *daily("02-01", "02-08", [*OTHERS, entry("x", 0, title=title)])]


NO_REPORT = {
    "due day not over": (having(now="01-31 23:59"), Status.NOT_DUE, "due_day_not_over"),
    "first minute after the due day": (having(now="02-01 00:00"), Status.AWAITING, "grace_period"),
    "last minute of grace": (having(now="02-07 23:59"), Status.AWAITING, "grace_period"),
    "grace over": (having(now="02-08 00:01"), Status.MISSING, "proof_of_absence"),
    "days without an attempt do not count": (
        having(looks=[*BEFORE, *daily("02-01", "02-02", OTHERS), *daily("02-06", "02-10", OTHERS)], now="02-10 13:00"),
        Status.AWAITING, "grace_period",
    ),
    "failed attempts count as attempts": (
        having(looks=[*BEFORE, *failing("02-01", "02-05", "TIMEOUT"), *daily("02-06", "02-08", OTHERS)]),
        Status.UNVERIFIED, "too_short",
    ),
    "visits that we broke off are no attempts": (
        having(looks=[*BEFORE, *failing("02-01", "02-05", "INTERRUPTED"), *daily("02-06", "02-08", OTHERS)]),
        Status.AWAITING, "grace_period",
    ),
    "portal fails": (
        having(looks=[*BEFORE, *failing("02-01", "02-08", "WALL")]), Status.UNVERIFIED, "no_complete_look",
    ),
    "portal always failed": (
        having(looks=failing("01-10", "02-08", "WALL")), Status.UNVERIFIED, "no_complete_look",
    ),
    "empty list": (
        having(looks=[*BEFORE, *failing("02-01", "02-08", "EMPTY_LIST")]),
        Status.UNVERIFIED, "no_complete_look",
    ),
    "two looks": (
        having(looks=[*BEFORE, *failing("02-01", "02-06", "DNS"), *daily("02-07", "02-08", OTHERS)]),
        Status.UNVERIFIED, "too_few_looks",
    ),
    "three looks on two days": (
        having(looks=[*BEFORE, *failing("02-02", "02-07", "DNS"), look("02-01", OTHERS),
                    look("02-08 01:00", OTHERS), look("02-08 12:30", OTHERS)]),
        Status.UNVERIFIED, "too_few_days",
    ),
    "three days within 119 hours": (
        having(looks=[*BEFORE, *failing("02-01", "02-03", "DNS"), look("02-03 13:30", OTHERS),
                    *daily("02-04", "02-07", OTHERS), look("02-08 12:29", OTHERS)]),
        Status.UNVERIFIED, "too_short",
    ),
    "last look older than 48 hours": (having(now="02-10 13:00"), Status.UNVERIFIED, "not_fresh"),
    "last look 47 hours old": (having(now="02-10 11:00"), Status.MISSING, "proof_of_absence"),
    "looks before the due day prove nothing": (
        having(looks=[*daily("01-10", "01-31", OTHERS), *failing("02-01", "02-07", "DNS"),
                    look("02-08", OTHERS)]),
        Status.UNVERIFIED, "too_few_looks",
    ),
    "column not verified": (
        having(of=registry(columns=[column(verified=Verification.UNVERIFIED)])),
        Status.UNVERIFIED, "column_not_verified",
    ),
    "a second column was never seen": (
        having(of=registry(columns=[column(), column("more")])), Status.UNVERIFIED, "no_complete_look",
    ),
    "a second column is dead": (
        having(of=registry(columns=[column(), column("more", verified=Verification.DEAD)])),
        Status.UNVERIFIED, "column_not_verified",
    ),
    "a second column is bound to other years by the registry": (
        having(of=registry(columns=[column(), column("old", years_to=2020)])), Status.MISSING, "proof_of_absence",
    ),
    "the only column is bound to other years": (
        having(of=registry(columns=[column(years_from=2019, years_to=2020)])), Status.UNVERIFIED, "no_column_for_year",
    ),
    "the address names another year": (
        having(of=registry(columns=[replace(column(), url="http://www.example.gov.cn/2024n/")])),
        Status.UNVERIFIED, "no_column_for_year",
    ),
    "the title names another year": (
        having(of=registry(columns=[column(title="2024年度年报")])), Status.UNVERIFIED, "no_column_for_year",
    ),
    "the title names this year": (
        having(of=registry(columns=[column(title=f"{YEAR}年度年报")])), Status.MISSING, "proof_of_absence",
    ),
    "no positive control": (
        having(looks=[*BEFORE[:1], *daily("02-01", "02-08", LAST_YEAR)]), Status.UNVERIFIED, "no_positive_control",
    ),
    "a frozen year folder": (
        having(looks=daily("01-10", "02-08", LAST_YEAR)), Status.UNVERIFIED, "no_positive_control",
    ),
    "own report of the year before in a column that grew": (
        having(of=registry(body("fin")), held=[holding("fin", 2024, "2025-01-20")],
             looks=[look("2025-01-10", [entry("fin", 2023)]),
                    look("2025-01-20", [entry("fin", 2023), entry("fin", 2024)]),
                    *daily("02-01", "02-08", [entry("fin", 2023), entry("fin", 2024)])]),
        Status.MISSING, "proof_of_absence",
    ),
    "a single-body column that never grew": (
        having(of=registry(body("fin")), held=[holding("fin", 2024, "01-10")],
             looks=[look("01-10", [entry("fin", 2024)]), *daily("02-01", "02-08", [entry("fin", 2024)])]),
        Status.UNVERIFIED, "no_positive_control",
    ),
    "the report is listed but could not be archived": (
        having(looks=[*PROOF, look("02-08 12:30", [*OTHERS, entry("fin", YEAR)])]), Status.UNVERIFIED, "seen_not_held",
    ),
    "an entry without a name": (
        having(looks=listing_too(f"{YEAR}年政府信息公开工作年度报告")),
        Status.UNVERIFIED, "undecidable_entry",
    ),
    "an entry without a year": (
        having(looks=listing_too("西城区财政局政府信息公开工作年度报告")),
        Status.UNVERIFIED, "undecidable_entry",
    ),
    "an entry that is only a name": (
        having(looks=listing_too("西城区财政局")),
        Status.UNVERIFIED, "undecidable_entry",
    ),
    "a guide and an interpretation in the list": (
        having(looks=[*BEFORE, *daily("02-01", "02-08", [*OTHERS, entry("x", 0, title="西城区财政局政府信息公开指南"),
             entry("y", 0, title=f"图解：西城区财政局{YEAR}年政府信息公开年度报告")])]),
        Status.MISSING, "proof_of_absence",
    ),
    "last year's title under a new address": (
        having(looks=[*BEFORE, *daily("02-01", "02-08", [*OTHERS, entry("fin", 2024, "-new")])]),
        Status.UNVERIFIED, "undecidable_entry",
    ),
    "an entry on a host that the registry does not name": (
        having(looks=[*BEFORE, *daily("02-01", "02-08", [*OTHERS, entry("fin", YEAR, url="http://copy.example.com/1.html")])]),
        Status.UNVERIFIED, "undecidable_entry",
    ),
    "the undecidable entry was assigned to last year": (
        having(looks=[*BEFORE, *daily("02-01", "02-08", [*OTHERS, entry("fin", 2024, "-new")])],
             assignments=[Assignment(address("fin", 2024, "-new"), "fin", 2024)]),
        Status.MISSING, "proof_of_absence",
    ),
    "the undecidable entry is no report": (
        having(looks=listing_too("西城区财政局"),
             assignments=[Assignment(address("x", 0), None, None)]),
        Status.MISSING, "proof_of_absence",
    ),
    "an archived document may be it": (
        having(undecided=[Undecided("http://www.example.gov.cn/d", frozenset({("fin", YEAR)}), "repeated_year")]),
        Status.UNVERIFIED, "undecidable_entry",
    ),
    "due before our watch": (having(year=2023), Status.UNVERIFIED, "before_our_watch"),
    "first complete look after the due day": (
        having(looks=daily("02-02", "02-12", OTHERS), now="02-12 13:00"), Status.UNVERIFIED, "before_our_watch",
    ),
    "local practice": (
        having(of=registry(body("fin", Kind.TOWNSHIP), body("edu"))), Status.UNVERIFIED, "local_practice",
    ),
    "founded within the year": (
        having(of=registry(body("fin", exists_from=date(2025, 3, 1)), body("edu"))),
        Status.UNVERIFIED, "existence_incomplete",
    ),
    "merged before the due day": (
        having(of=registry(body("fin", exists_to=date(2026, 1, 15), successor="edu"), body("edu"))),
        Status.UNVERIFIED, "merger_or_renaming",
    ),
    "took over another body within the year": (
        having(of=registry(body("fin"), body("edu"), body("civ", exists_to=date(2025, 6, 1), successor="fin"))),
        Status.UNVERIFIED, "merger_or_renaming",
    ),
    "kind not known": (
        having(of=registry(body("fin", Kind.OTHER), body("edu"), duties=[
            Duty("all", (Kind.OTHER, Kind.DEPARTMENT), 2019, None, (1, 31), Certainty.LAW, "x", "x")])),
        Status.UNVERIFIED, "kind_unknown",
    ),
    "no duty, nothing held": (
        having(of=registry(body("fin", Kind.INSTITUTION), body("edu"))), Status.NOT_DUE, "no_duty",
    ),
    "a notice makes the duty certain": (
        having(of=registry(body("fin", Kind.TOWNSHIP), body("edu"), duties=[
            Duty("own", (Kind.TOWNSHIP,), 2019, None, (1, 31), Certainty.NOTICE, "通知", "a notice", bodies=("fin",)),
            Duty("law", (Kind.DEPARTMENT,), 2019, None, (1, 31), Certainty.LAW, "x", "x")])),
        Status.MISSING, "proof_of_absence",
    ),
    "exempt by a sourced reason": (
        having(of=registry(exemptions=[Exemption("fin", YEAR, "机构筹建", "http://www.example.gov.cn/notice")])),
        Status.EXEMPT, "exemption",
    ),
    "did not exist": (
        having(of=registry(body("fin", exists_from=date(2026, 1, 1)), body("edu"))), Status.EXEMPT, "did_not_exist",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NO_REPORT)
def test_no_report_held(case: str) -> None:
    given, expected, clause = NO_REPORT[case]
    found = status(**given)
    assert (found.status, found.clause) == (expected, clause)
    assert found.explanation_zh
    assert found.explanation_en


def test_missing_stands_while_we_go_on_looking() -> None:
    given = status()
    later = having(previous=given, looks=PROOF)
    assert status(now="02-15 12:00", **later).status is Status.MISSING
    assert status(now="02-22 11:00", **later).status is Status.MISSING  # twice the column's interval of 7 days
    stale = status(now="02-22 13:00", **later)
    assert (stale.status, stale.clause) == (Status.UNVERIFIED, "stale")
    again = status(now="02-23 13:00", previous=stale, looks=[*PROOF, look("02-23", OTHERS)])
    assert again.status is Status.MISSING


def test_missing_does_not_stand_across_a_time_in_which_nobody_looked() -> None:
    """Given on 8 February; crawler and judge were down for weeks; then one look, and the judge some days after it."""
    given = replace(status(), since=at(NOW))
    for day, now, clause in (
        ("02-22", "02-26", "proof_of_absence"),  # 14 days: twice the column's interval
        ("02-23", "02-26", "stale"),
        ("04-20", "04-21", "proof_of_absence"),  # fresh: given anew
        ("04-20", "04-23", "stale"),
    ):
        assert status(now=now, previous=given, looks=[*PROOF, look(day, OTHERS)]).clause == clause, (day, now)
    # given anew after the gap, it stands: the gap lies before it
    anew = replace(given, since=at("04-21"))
    assert status(now="04-30", previous=anew, looks=[*PROOF, look("04-20", OTHERS)]).status is Status.MISSING
    # visits that failed are no complete looks: the gap goes on
    failed = [*PROOF, *daily("02-10", "03-10", [], result=LookResult.WALL), look("03-11", OTHERS)]
    assert status(now="03-14", previous=given, looks=failed).clause == "stale"


@pytest.mark.parametrize(
    ("columns", "clause"),
    [
        ([column(verified=Verification.MOVED)], "column_not_verified"),
        ([column(verified=Verification.BLOCKED)], "column_not_verified"),
        ([column(), column("added")], "no_complete_look"),
        ([column(), column("added", verified=Verification.UNVERIFIED)], "column_not_verified"),
        ([column(years_to=2024)], "no_column_for_year"),
        ([column(title="2024年度")], "no_column_for_year"),
        ([column(bodies=("edu",))], "before_our_watch"),
        ([column(), column("retired", years_to=2024)], "proof_of_absence"),
    ],
)
def test_missing_falls_when_the_rows_of_its_columns_change(columns: list[Column], clause: str) -> None:
    assert status(of=registry(columns=columns), previous=replace(status(), since=at(NOW))).clause == clause


def test_missing_falls_when_the_body_or_its_duty_changes() -> None:
    """The same looks and the same `missing` given before; the registry says another thing of the body."""
    given = replace(status(), since=at(NOW))
    later = Duty("later", (Kind.DEPARTMENT,), 2019, None, (3, 31), Certainty.NOTICE, "通知", "a notice", source="文号")
    for rows, expected in (
        (registry(body("fin", exists_to=date(2025, 12, 31), successor="edu"), body("edu")), "merger_or_renaming"),
        (registry(body("fin", exists_to=date(2026, 1, 15)), body("edu")), "existence_incomplete"),
        (registry(body("fin", Kind.TOWNSHIP), body("edu")), "local_practice"),
        (registry(body("fin", Kind.INSTITUTION), body("edu")), "no_duty"),
        (registry(duties=[later]), "due_day_not_over"),
    ):
        assert status(of=rows, previous=given).clause == expected
    # a due day set back by a notice: what was absent after the first day proves nothing of the second
    march = replace(later, due=(2, 20))
    looks = [*PROOF, *daily("02-21", "02-28", OTHERS)]
    assert status(of=registry(duties=[march]), previous=given, looks=PROOF, now="02-21").clause == "grace_period"
    found = status(of=registry(duties=[march]), previous=given, looks=looks, now="02-28 13:00")
    assert (found.status, found.since) == (Status.MISSING, at("02-28 00:00"))  # the grace period of the second day


def test_the_proof_begins_anew_with_an_accepted_layout() -> None:
    """The day the new layout is first read whole moves; everything else stays the whole proof."""
    for restart, clause in (("02-01", "proof_of_absence"), ("02-04", "too_short"), ("02-07", "too_few_looks")):
        looks = [replace(v, restart=True) if v.started_at == at(restart) else v for v in PROOF]
        assert status(looks=looks).clause == clause
        assert status(looks=looks, previous=status()).clause == clause  # what stood falls back too
    # a report that a new layout shows at once is not one whose coming we saw: no control of its own
    alone = [entry("fin", 2023)], [entry("fin", 2023), entry("fin", 2024)]
    shown = [look("2025-01-10", alone[0]), look("2025-01-20", alone[1]), *daily("02-01", "02-08", alone[1])]
    held = [holding("fin", 2023, "2025-01-10"), holding("fin", 2024, "2025-01-20")]
    assert status(looks=shown, held=held).clause == "proof_of_absence"
    again = [replace(v, restart=v.started_at == at("02-01")) for v in shown]
    assert status(looks=again, held=held).clause == "no_positive_control"


def test_a_report_that_is_shown_again_is_no_growth() -> None:
    """Hidden, the list without it accepted by a person, shown again: a folder left behind did not gain a report."""
    both, one = [entry("fin", 2023), entry("fin", 2024)], [entry("fin", 2024)]
    held = [holding("fin", 2023, "2025-01-10"), holding("fin", 2024, "2025-01-10")]
    hidden = [look("2025-01-10", both), replace(look("01-20", one), restart=True), *daily("02-01", "02-08", both)]
    assert status(looks=hidden, held=held).clause == "no_positive_control"


def test_missing_falls_when_something_could_be_the_report() -> None:
    looks = [*PROOF, look("02-08 12:30", [*OTHERS, entry("x", 0, title="西城区财政局")])]
    assert status(previous=status(), looks=looks).clause == "undecidable_entry"


def test_missing_becomes_late_when_the_report_comes() -> None:
    found = status(previous=status(), looks=LATE_LOOKS, held=mine("02-20"), now="02-20 13:00")
    assert found.status is Status.LATE
    assert "at least 8 days" in found.explanation_en


def test_an_address_that_may_be_rewritten_blocks_until_it_is_asked_again() -> None:
    only = [entry("fin", 0, title="政府信息公开工作年度报告", url=address("fin", 2024)), entry("edu", YEAR)]
    looks = [look("01-10", only), *daily("02-01", "02-08", only)]
    for last_seen, expected in ((None, "undecidable_entry"), (at("01-30"), "undecidable_entry"),
                                (at("02-03"), "proof_of_absence")):  # fmt: skip
        held = [holding("fin", 2024, "01-10", last_seen=last_seen)]
        assert status(looks=looks, held=held).clause == expected


def test_what_lies_in_the_future_is_not_known() -> None:
    found = status(looks=LATE_LOOKS, held=mine("02-20"))
    assert found.status is Status.MISSING


def test_which_years_are_judged() -> None:
    rows = registry()
    judging = Judge(rows, numbered(PROOF), [*HELD, holding("fin", 2021, "01-10")], at(NOW))
    assert judging.report_years(rows.bodies["fin"]) == (2021, 2022, 2023, 2024, 2025, 2026)
    assert judging.report_years(rows.bodies["edu"]) == (2024, 2025, 2026)
    assert judging.watch(rows.bodies["fin"]).complete_from == 2025
    never = Judge(rows, [], [], at(NOW))
    assert never.report_years(rows.bodies["fin"]) == (2025, 2026)
    assert never.obligation(rows.bodies["fin"], 2025).clause == "before_our_watch"
    institution = registry(body("fin", Kind.INSTITUTION), body("edu"))
    assert Judge(institution, [], [], at(NOW)).report_years(institution.bodies["fin"]) == ()


def test_a_year_once_judged_is_judged_again_when_its_report_turns_out_to_be_another_bodys() -> None:
    rows = registry()
    held = [*HELD, holding("fin", 2019, "01-10")]
    before = judge_all(rows, numbered(PROOF), held, at(NOW), bodies=["fin"])
    after = judge_all(rows, numbered(PROOF), HELD, at(NOW), bodies=["fin"], previous=before)
    assert before[0].status is Status.UNDATED
    assert (after[0].report_year, after[0].clause) == (2019, "before_our_watch")


def test_a_stored_watch_reaches_further_back_than_the_looks_handed_in() -> None:
    found = status(looks=daily("02-02", "02-12", OTHERS), now="02-12 13:00", watch_from=2024)
    assert found.status is Status.MISSING


def test_judging_all_equals_judging_one_by_one() -> None:
    rows = registry(body("fin"), body("edu"), body("civ"))
    looks, held = numbered(LATE_LOOKS), mine("02-20", printed("2026-02-15"))
    found = judge_all(rows, looks, held, at("02-20 13:00"))
    assert len({(o.body, o.report_year) for o in found}) == len(found)
    for one in found:
        alone = judge(rows.bodies[one.body], one.report_year, rows, looks, held, at("02-20 13:00"))
        assert alone == one


def test_settings_change_the_numbers() -> None:
    strict = Thresholds(absent_looks=9)
    assert status(thresholds=strict).clause == "too_few_looks"
    assert status(thresholds=replace(strict, absent_looks=8)).status is Status.MISSING


def test_many_bodies_years_and_looks_are_quick() -> None:
    """40 departments, 10 years of reports, 60 looks at one list: well under a second each way."""
    bodies = [body(f"b{i}") for i in range(40)]
    named = [replace(b, name=f"北京市西城区第{i}局") for i, b in enumerate(bodies)]
    rows = registry(*named)
    lines = [entry(b.id, y, title=f"{b.name}{y}年政府信息公开工作年度报告") for b in named for y in range(2015, 2025)]
    held = [holding(b.id, y, "2025-12-01") for b in named for y in range(2015, 2025)]
    looks = numbered(
        look((date(2025, 12, 1) + timedelta(days=n)).isoformat(), lines) for n in range(60)
    )
    histories = Histories(rows, looks, Holdings.of(held, at("02-08")), names(rows), at("02-08"))
    assert len(histories.columns["col"].listings) == 60
    assert len({id(listing) for listing in histories.columns["col"].listings}) == 1
    assert len(judge_all(rows, looks, held, at("02-08"))) == 40 * 12
