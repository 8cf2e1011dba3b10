"""Which columns are due, and when the nightly round was."""

from datetime import UTC, datetime, timedelta

import pytest

from registry.model import Column, LookResult, Verification
from scheduler.timetable import LastLook, Season, batches, due_columns, is_due, last_due

SEASONS = (Season((1, 31), 7, 21), Season((3, 31), 7, 21))
NOW = datetime(2026, 6, 10, 2, tzinfo=UTC)


def column(name: str = "c", url: str = "https://a.example/nb/", **more: object) -> Column:
    return Column(name, url, ("b",), "generic", **more)  # type: ignore[arg-type]


def looked(
    days_ago: float,
    result: LookResult = LookResult.COMPLETE,
    now: datetime = NOW,
    before: LookResult | None = LookResult.COMPLETE,
) -> LastLook:
    return LastLook(now - timedelta(days=days_ago), result, before)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, True),
        (looked(0.1), False),  # today already: a repeated round does nothing
        (looked(0.1, LookResult.TIMEOUT), False),
        (looked(0.1, LookResult.INTERRUPTED), True),  # our own doing: at once
        (looked(1, LookResult.TIMEOUT), True),  # it failed: again the next day
        (looked(1, LookResult.TIMEOUT, before=None), True),
        (looked(1, LookResult.TIMEOUT, before=LookResult.WALL), False),  # once; then as often as ever
        (looked(7, LookResult.TIMEOUT, before=LookResult.WALL), True),
        (looked(1), False),
        (looked(6), False),
        (looked(7), True),
    ],
)
def test_weekly_and_again_after_a_failure(last: LastLook | None, due: bool) -> None:
    assert is_due(column(), last, NOW, 7, SEASONS) is due


def test_daily_round_the_due_days() -> None:
    for day, due in (((1, 20), False), ((1, 24), True), ((2, 21), True), ((2, 22), False), ((3, 31), True)):
        now = datetime(2026, *day, 2, tzinfo=UTC)
        assert is_due(column(), looked(1, now=now), now, 7, SEASONS) is due, day


def test_a_column_has_an_interval_of_its_own_and_a_dead_one_is_asked_seldom() -> None:
    assert is_due(column(interval_days=3), looked(3), NOW, 7, SEASONS)
    dead = column(verified=Verification.DEAD)
    assert not is_due(dead, looked(8, LookResult.NOT_FOUND), NOW, 7, SEASONS)
    assert is_due(dead, looked(28, LookResult.NOT_FOUND), NOW, 7, SEASONS)


def test_days_are_those_of_shanghai() -> None:
    before_midnight = datetime(2026, 6, 9, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    after = before_midnight + timedelta(minutes=2)
    assert is_due(column(), LastLook(before_midnight, LookResult.DNS), after, 7, SEASONS)


def test_due_columns_come_in_the_order_of_their_ids() -> None:
    columns = {name: column(name) for name in ("b", "a", "c")}
    assert [c.id for c in due_columns(columns, {"c": looked(0)}, NOW, 7, SEASONS)] == ["a", "b"]


def test_a_host_is_in_one_batch_only() -> None:
    columns = [column(f"c{n}", f"https://host{n % 5}.example/{n}/") for n in range(20)]
    made = batches(columns, 2)
    assert [len(batch) for batch in made] == [8, 8, 4]
    hosts = [{c.url.split("/")[2] for c in batch} for batch in made]
    assert not hosts[0] & hosts[1] and not hosts[1] & hosts[2] and not hosts[0] & hosts[2]
    assert sorted(c.id for batch in made for c in batch) == sorted(c.id for c in columns)


def test_the_last_round_was_due_last_night() -> None:
    assert last_due(datetime(2026, 4, 1, 17, 59, tzinfo=UTC), 2) == datetime(2026, 3, 31, 18, tzinfo=UTC)
    assert last_due(datetime(2026, 4, 1, 18, 0, tzinfo=UTC), 2) == datetime(2026, 4, 1, 18, tzinfo=UTC)
