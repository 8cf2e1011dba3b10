"""Every bound that the statuses set, tried on both sides: the last case that holds and the first that does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from monitor_cases import (
    BEFORE,
    EARLY_LOOKS,
    LAST_YEAR,
    LATE_LOOKS,
    NOW,
    OTHERS,
    PROOF,
    SEEN,
    YEAR,
    address,
    at,
    column,
    daily,
    entry,
    holding,
    look,
    mine,
    printed,
    registry,
    status,
)

from monitor.attribution import Assignment
from monitor.model import Obligation, Status, Thresholds
from registry.model import Look, LookResult, Verification

# due 31 January 2026; seen on 20 February, without it on 20 January
LATER = [*BEFORE, look("02-20", SEEN)]


def held(*days, looks=LATER, seen="02-20", now="02-20 13:00", **more) -> Obligation:
    """The status of a report first seen on 20 February that states these days."""
    return status(looks=looks, held=mine(seen, *days, **more), now=now)


@pytest.mark.parametrize(
    ("day", "expected", "days_late"),
    [
        ("2026-01-19", Status.UNDATED, None),  # before the last look without it
        ("2026-01-20", Status.ON_TIME, None),  # the day of that look: after it, perhaps
        ("2026-01-31", Status.ON_TIME, None),  # the due day, to its end
        ("2026-02-01", Status.LATE, 1),
        ("2026-02-20", Status.LATE, 20),  # the day on which it was seen
        ("2026-02-21", Status.UNDATED, None),  # after it was seen
    ],
)
def test_an_own_day_is_taken_inside_the_interval(day: str, expected: Status, days_late: int | None) -> None:
    found = held(printed(day))
    assert (found.status, found.days_late) == (expected, days_late)
    assert (found.published_on is not None) == (expected is not Status.UNDATED)


@pytest.mark.parametrize(("day", "expected"), [("2027-01-31", Status.LATE), ("2027-02-01", Status.UNDATED)])
def test_an_own_day_is_plausible_for_a_year_after_the_due_day(day: str, expected: Status) -> None:
    assert held(printed(day), looks=[look("2027-03-01", SEEN)], seen="2027-03-01", now="2027-03-02").status is expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (printed("2026-02-10", "metadata", "PubDate"), Status.LATE),
        (printed("2026-02-10", "date_line", "成文日期", publication=False), Status.UNDATED),
        (printed("2026-02-10", "metadata", "createDate", publication=False), Status.UNDATED),
        (printed("2026-02-10", "server", "Last-Modified"), Status.UNDATED),
        (printed("2026-02-10", "list", "发布时间"), Status.UNDATED),
    ],
)
def test_only_what_the_page_calls_its_publication_decides(day, expected: Status) -> None:
    assert held(day).status is expected


def test_a_day_that_two_report_years_share_is_no_migration_and_of_three_it_is() -> None:
    assert held(printed("2026-02-10"), shared_years=(2024, YEAR)).status is Status.LATE
    assert held(printed("2026-02-10"), shared_years=(2023, 2024, YEAR)).status is Status.UNDATED


@pytest.mark.parametrize(
    ("seen", "expected"), [("02-01 00:00", Status.ON_TIME), ("02-01 00:01", Status.UNDATED)]
)
def test_seen_by_the_end_of_the_due_day_is_in_time(seen: str, expected: Status) -> None:
    assert held(looks=[*BEFORE, look("02-02", SEEN)], seen=seen, now="02-02 13:00").status is expected


@pytest.mark.parametrize(("last", "expected"), [("01-31 23:59", Status.UNDATED), ("02-01 00:00", Status.LATE)])
def test_late_as_seen_needs_a_look_without_it_after_the_due_day(last: str, expected: Status) -> None:
    looks = [*BEFORE, look(last, OTHERS), look("02-20", SEEN)]
    found = held(looks=looks)
    assert (found.status, found.published_on) == (expected, None)
    # the looks of a column that nobody verified say nothing of when
    assert status(of=registry(columns=[column(verified=Verification.UNVERIFIED)]), looks=looks, held=mine("02-20"),
                  now="02-20 13:00").status is Status.UNDATED  # fmt: skip


def test_looks_without_a_control_speak_where_the_page_names_no_day_of_its_own() -> None:
    looks = [look("01-10", LAST_YEAR), *daily("02-01", "02-08", LAST_YEAR), look("02-20", SEEN)]
    assert (held(looks=looks).status, held(looks=looks).days_late) == (Status.LATE, 8)
    assert held(printed("2026-01-30"), looks=looks).clause == "own_day_contradicted"


def test_what_came_in_the_next_season_is_not_late_as_seen_either() -> None:
    looks = [look("01-10", [entry("edu", 2024)]), look("02-01", [entry("fin", 2024), entry("fin", 2024, "-b")])]
    found = status(year=2024, held=[holding("fin", 2024, "02-01")], looks=looks)
    assert (found.status, found.clause) == (Status.UNDATED, "contested_year")


def test_back_dated_needs_two_days_after_the_day_stated() -> None:
    same = [*BEFORE, look("02-05 09:00", OTHERS), look("02-05 18:00", OTHERS), look("02-20", SEEN)]
    assert held(printed("2026-01-25"), looks=same).contradicted_by == ()
    assert len(held(printed("2026-01-25"), looks=[*same, look("02-06", OTHERS)]).contradicted_by) == 2


@pytest.mark.parametrize(
    ("days", "gone", "expected"),
    [
        (("03-02", "03-09", "03-16"), {}, Status.WITHDRAWN),  # three looks, fourteen days
        (("03-02", "03-09", "03-16"), {"gone_status": 410}, Status.WITHDRAWN),
        (("03-02", "03-09", "03-15"), {}, Status.ON_TIME),
        (("03-02", "03-16"), {}, Status.ON_TIME),
        (("03-02", "03-09", "03-16"), {"gone_at": at("03-05")}, Status.ON_TIME),  # from then on: two looks
        (("03-02", "03-09", "03-16"), {"gone_at": at("03-21")}, Status.ON_TIME),  # not known yet
        (("03-02", "03-09", "03-16"), {"gone_status": 403}, Status.ON_TIME),
        (("03-02", "03-09", "03-16"), {"gone_status": None}, Status.ON_TIME),
    ],
)
def test_withdrawn_needs_three_looks_over_fourteen_days_since_it_was_gone(days, gone, expected: Status) -> None:
    looks = [*EARLY_LOOKS, *(look(day, OTHERS) for day in days)]
    more = {"gone_at": at("03-01"), "gone_status": 404, **gone}
    assert held(looks=looks, seen="01-25", now="03-20", **more).status is expected


def test_what_stands_in_a_column_of_other_years_is_not_withdrawn() -> None:
    looks = [*EARLY_LOOKS, *daily("03-02", "03-20", OTHERS)]
    given = {"of": registry(columns=[column(), column("old", years_to=2024)]), "now": "03-20 13:00",
             "held": mine("01-25", gone_at=at("03-01"), gone_status=404)}  # fmt: skip
    assert status(looks=looks, **given).status is Status.WITHDRAWN
    shown = look("03-20", [entry("fin", YEAR)], col="old")
    assert status(looks=[*looks, shown], **given).status is Status.ON_TIME


# -- absence: grace until 8 February 00:00, attempts on each day of it ------------------------------------------------

FAILED = daily("02-01", "02-08", [], result=LookResult.WALL)


def absent(*days: str) -> list[Look]:
    """Whole looks without the report at these instants; on every other day a look that failed."""
    return [*BEFORE, *FAILED, *(look(day, OTHERS) for day in days)]


@pytest.mark.parametrize(
    ("looks", "now", "clause"),
    [
        (("02-01 00:00", "02-03", "02-06 00:00"), "02-08 00:00", "proof_of_absence"),  # 120 hours, 48 hours old
        (("01-31 23:59", "02-03", "02-06 00:00"), "02-08 00:00", "too_few_looks"),  # one before the due day was over
        (("02-01 00:01", "02-03", "02-06 00:00"), "02-08 00:00", "too_short"),
        (("02-01 00:00", "02-06", "02-06 18:00"), "02-08 00:00", "too_few_days"),
        (("02-01 00:00", "02-03", "02-06 00:00"), "02-08 00:01", "not_fresh"),
        (("02-01 00:00", "02-03", "02-06 00:00"), "02-07 23:59", "grace_period"),
    ],
)
def test_the_proof_of_absence(looks: tuple[str, ...], now: str, clause: str) -> None:
    assert status(looks=absent(*looks), now=now).clause == clause


@pytest.mark.parametrize(
    ("interval", "more", "last"),
    [
        (2, {}, "02-12 12:00"),
        (None, {}, "02-22 12:00"),  # the settings' seven days
        (None, {"thresholds": Thresholds(column_interval_days=3)}, "02-14 12:00"),
    ],
)
def test_missing_stands_for_twice_the_interval_of_its_own_column(interval: int | None, more, last: str) -> None:
    given = {"of": registry(columns=[column(interval_days=interval)]), "previous": replace(status(), since=at(NOW))}
    assert status(now=last, **given, **more).status is Status.MISSING
    after = at(last).replace(minute=1).strftime("%m-%d %H:%M")
    assert status(now=after, **given, **more).clause == "stale"


@pytest.mark.parametrize(("first", "since"), [("02-01", at("02-08 00:00")), ("02-04", at("02-09"))])
def test_missing_is_so_since_the_last_column_proved_it(first: str, since: datetime) -> None:
    of = registry(columns=[column(), column("two")])
    more = daily("02-09", "02-09", OTHERS)
    looks = [*PROOF, *more, *daily(first, "02-09", OTHERS, col="two")]
    found = status(of=of, looks=looks, now="02-09 13:00")
    assert (found.status, found.since) == (Status.MISSING, since)


def test_which_looks_carry_the_proof() -> None:
    """Those with which it was first whole, one a day, and the newest: not every look of the season."""
    found = status()
    days = [o.at for o in found.observations if o.look in found.looks]
    assert days == [at(f"02-0{day}") for day in (1, 2, 3, 4, 5, 6, 8)]
    many = status(thresholds=Thresholds(absent_looks=8))
    assert len(many.looks) == 8


def test_a_report_seen_late_is_late_by_the_last_look_without_it() -> None:
    found = held(looks=LATE_LOOKS)
    assert (found.published_after, found.days_late) == (at("02-08"), 8)


def test_a_year_that_fell_due_before_our_first_whole_look_is_never_missing() -> None:
    """We tried before the due day and failed; what the first whole look after it did not list may have been there."""
    failed = daily("01-10", "01-20", [], result=LookResult.WALL)
    looks = [*failed, *daily("02-01", "02-08", OTHERS)]
    found = status(looks=looks)
    assert (found.status, found.clause) == (Status.UNVERIFIED, "before_our_watch")
    assert status(looks=[*failed, look("01-31", OTHERS), *looks]).status is Status.MISSING


def test_what_came_in_this_season_under_last_years_title_may_be_this_years_until_a_person_says() -> None:
    listed = [*OTHERS[1:], entry("fin", 2024)]
    looks = [look("01-10", OTHERS[1:2]), look("01-20", listed), *daily("02-01", "02-08", listed)]
    kept = [holding("fin", 2024, "01-20"), *(h for h in mine("01-20") if h.body == "edu")]
    doubtful = status(looks=looks, held=kept)
    assert (doubtful.status, doubtful.clause) == (Status.UNVERIFIED, "undecidable_entry")
    said = [Assignment(address("fin", 2024), "fin", 2024)]
    assert status(looks=looks, held=kept, assignments=said).status is Status.MISSING
    assert status(looks=looks, held=[*kept, holding("fin", YEAR, "01-20")]).status is Status.ON_TIME
