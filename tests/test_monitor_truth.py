"""A portal with a truth of its own, seen through faults, slips of titles, migrations and our own outages: whatever
happens, nobody is accused of what is not true, and whoever is truly absent is named."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from monitor_cases import BEFORE, OTHERS, at, daily, entry, look, status
from monitor_world import FAILURES, World

from monitor.days import day_of, end_of
from monitor.model import Obligation, Sight, Status
from registry.model import LookResult

SHAPES = ("plain", "plain", "plain", "no_year", "no_name", "unnamed_page")


def check_truth(world: World, found: dict[tuple[str, int], Obligation]) -> None:
    for (who, year), one in found.items():
        said = f"{who} {year} {one.status} {one.clause} at {world.now}"
        if one.status is Status.MISSING:
            # Else it came and went, or was taken off the list, between two looks of ours.
            unseen = world.published(who, year) is None or world.published(who, year) > one.observations[-1].at
            assert unseen or not world.there(who, year), said
            check_proof(world, one)
        if one.status is Status.LATE:
            assert world.published_late(who, year), said
            assert one.days_late <= (world.latest_word(who, year) - world.due[year]).days, said
        if one.status is Status.WITHDRAWN:
            assert not world.there(who, year), said
        assert one.explanation_zh, said
        assert one.explanation_en, said
    for event in world.events.values():
        if event.alert:
            assert event.new in (Status.MISSING, Status.LATE, Status.WITHDRAWN)


def check_proof(world: World, one: Obligation) -> None:
    """Every condition of the proof, looked up in the ledger of looks anew."""
    by_id = {v.id: v for v in world.looks}
    assert one.certain
    for col in world.registry.columns:
        absent = [o for o in one.observations if o.column == col and o.look in one.looks]
        assert len(absent) >= 3
        assert all(o.sight is Sight.ABSENT and o.control for o in absent)
        assert all(by_id[o.look].result.complete and by_id[o.look].column == col for o in absent)
        assert all(o.at >= end_of(world.due[one.report_year]) for o in absent)
        assert len({day_of(o.at) for o in absent}) >= 3
        assert absent[-1].at - absent[0].at >= timedelta(hours=120)
        complete = [v for v in world.looks if v.column == col and v.result.complete]
        assert world.now - complete[-1].started_at <= timedelta(days=2 * 3)
    attempts = {day_of(v.started_at) for v in world.looks if v.started_at >= end_of(world.due[one.report_year])}
    assert len({d for d in attempts if end_of(d) <= world.now}) >= 7


class Portal(RuleBasedStateMachine):
    @initialize(second=st.booleans(), gap=st.booleans())
    def begin(self, second: bool, gap: bool) -> None:
        self.world = World.with_bodies(4, second, gap)
        self.world.look()
        self.found = self.world.judge()

    @rule(days=st.integers(1, 4))
    def look_daily(self, days: int) -> None:
        for _ in range(days):
            self.world.wait(24)
            self.world.look()
            self.judge()

    @rule(fault=st.sampled_from(FAILURES), days=st.integers(1, 5))
    def portal_fails(self, fault, days: int) -> None:
        for _ in range(days):
            self.world.wait(24)
            self.world.look(fault)
        self.judge()

    @rule(hours=st.integers(1, 400))
    def we_are_down(self, hours: int) -> None:
        self.world.wait(hours)
        self.judge()

    @rule(who=st.integers(0, 3), shape=st.sampled_from(SHAPES), slip=st.booleans(), shift=st.integers(-20, 5),
          dated=st.booleans(), two=st.booleans())  # fmt: skip
    def publish(self, who: int, shape: str, slip: bool, shift: int, dated: bool, two: bool) -> None:
        world = self.world
        one, year = world.bodies[who], 2025 if world.now.year == 2026 else 2024
        if year == 2024 or world.published(one.id, year):
            return
        day = day_of(world.now) + timedelta(days=min(shift, 0)) if dated else None
        col = "two" if two and "two" in world.registry.columns else "col"
        world.publish(one, year, said_year=year - 1 if slip else None, shape=shape, said_day=day, col=col)

    @rule(who=st.integers(0, 3))
    def withdraw(self, who: int) -> None:
        for page in self.world.pages:
            if page.body is self.world.bodies[who] and page.year == 2025:
                page.listed, page.answers = False, 404

    @rule(who=st.integers(0, 3), listed=st.booleans())
    def shorten_the_list(self, who: int, listed: bool) -> None:
        for page in self.world.pages:
            if page.body is self.world.bodies[who] and page.answers == 200:
                page.listed = listed

    @rule(seed=st.integers(0, 99))
    def reorder(self, seed: int) -> None:
        Random(seed).shuffle(self.world.pages)

    @rule()
    def migrate(self) -> None:
        self.world.migrate()

    @rule()
    def a_person_accepts_the_new_layout(self) -> None:
        self.world.accept_layout()

    @rule(due=st.sampled_from([(1, 31), (1, 31), (1, 15), (2, 20), (3, 31)]))
    def another_due_day_holds(self, due: tuple[int, int]) -> None:
        self.world.new_due_day(*due)
        self.judge()

    @rule(all_of_them=st.booleans())
    def a_person_assigns_what_is_in_doubt(self, all_of_them: bool) -> None:
        doubtful = [p for p in self.world.pages if p.url in self.world.undecided]
        for page in doubtful if all_of_them else doubtful[:1]:
            self.world.assign(page)
        self.judge()

    def judge(self) -> None:
        self.found = self.world.judge()
        events = len(self.world.events)
        assert self.world.judge() == self.found  # judging again changes nothing
        assert len(self.world.events) == events

    @invariant()
    def nobody_is_accused_falsely(self) -> None:
        if hasattr(self, "found"):
            check_truth(self.world, self.found)


QUICK = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,  # the same seasons at every run: what fails here fails for everybody
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking a season of looks takes longer than reading it
)
Portal.TestCase.settings = QUICK
TestPortal = Portal.TestCase


@pytest.mark.campaign
def test_five_hundred_seasons() -> None:
    run_state_machine_as_test(Portal, settings=settings(QUICK, max_examples=500, stateful_step_count=50))


@pytest.mark.parametrize("seed", range(12))
def test_whoever_is_truly_absent_is_named(seed: int) -> None:
    """Daily looks with some failures: once the last week went well, whoever published nothing is missing, and whoever
    came is held; those who come afterwards are late."""
    random = Random(seed)
    world = World.with_bodies(4)
    absent = world.bodies[0]
    world.look()
    while day_of(world.now) < date(2026, 2, 20):
        world.wait(24)
        for one in world.bodies[1:]:
            if not world.published(one.id, 2025) and random.random() < 0.03:
                world.publish(one, 2025)
        calm = day_of(world.now) > date(2026, 2, 10)
        world.look(None if calm or random.random() > 0.2 else random.choice(FAILURES[:3]))
        found = world.judge()
        check_truth(world, found)
    some = any(world.published(one.id, 2025) for one in world.bodies)
    for one in world.bodies:
        if world.published(one.id, 2025) is None:
            assert found[one.id, 2025].status is (Status.MISSING if some else Status.UNVERIFIED)
        else:
            assert found[one.id, 2025].published_by is not None
    world.publish(absent, 2025)
    world.wait(24)
    world.look()
    found = world.judge()
    check_truth(world, found)
    assert found[absent.id, 2025].status is (Status.LATE)
    assert sum(e.alert for e in world.events.values() if e.body == absent.id) == (2 if some else 1)


@pytest.mark.parametrize("last", [8, 9, 10])
def test_the_numbers_of_the_proof_decide_for_every_pattern_of_complete_looks(last: int) -> None:
    """A look a day after the due day, complete on some days and failed on the others: all patterns there are."""
    tried = daily("02-01", f"02-{last:02}", OTHERS)
    now = at(f"02-{last:02} 13:00")
    seen = set()
    for pattern in range(2**last):
        looks = [v if pattern >> n & 1 else replace(v, result=LookResult.TIMEOUT) for n, v in enumerate(tried)]
        good = [v.started_at for v in looks if v.result.complete]
        proven = (
            len(good) >= 3
            and good[-1] - good[0] >= timedelta(hours=120)
            and now - good[-1] <= timedelta(hours=48)
            and len([v for v in looks if end_of(day_of(v.started_at)) <= now]) >= 7
        )
        found = status(looks=[*BEFORE, *looks], now=f"02-{last:02} 13:00")
        assert (found.status is Status.MISSING) is proven, f"{pattern:b} {found.status} {found.clause}"
        seen.add(found.clause)
    assert seen >= {"proof_of_absence", "too_few_looks", "too_short", "not_fresh", "no_complete_look"}


def test_one_line_that_could_be_the_report_stops_the_proof_for_good() -> None:
    """It stood in one look only, without a name; no number of looks without it proves an absence."""
    doubtful = [*OTHERS, entry("x", 0, title="2025年政府信息公开工作年度报告")]
    looks = [*BEFORE, *daily("02-01", "02-02", OTHERS), look("02-03", doubtful), *daily("02-04", "02-20", OTHERS)]
    found = status(looks=looks, now="02-20 13:00")
    assert (found.status, found.clause) == (Status.UNVERIFIED, "undecidable_entry")
