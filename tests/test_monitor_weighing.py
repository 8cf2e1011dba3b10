"""What is kept of the looks that were weighed: those cited always, the others bounded, none where none could decide."""

from __future__ import annotations

from monitor_cases import BEFORE, LAST_YEAR, LATE_LOOKS, OTHERS, at, daily, entry, look, mine, status

from monitor import wording
from monitor.attribution import Reason
from monitor.model import Sight, Status
from monitor.obligations import BEFORE_OUR_WATCH
from monitor.observations import NO_CONTROL, NOT_VERIFIED, OTHER_YEARS, REWRITABLE
from monitor.weighing import KEPT, KEPT_HELD
from registry.model import LookResult, Verification


def test_looks_that_were_not_needed_are_kept_beside_the_cited_ones() -> None:
    found = status()
    assert found.status is Status.MISSING
    said = {o.look: o for o in found.observations}
    assert set(found.looks) < set(said)
    assert [o.at for o in found.observations] == sorted(o.at for o in found.observations)
    spare = [o for o in found.observations if o.look not in found.looks]
    assert {o.sight for o in spare} >= {Sight.ABSENT}, "absent, but the proof did not need them"
    assert said[1].reason == "no_positive_control", "the first look had nothing to compare with"


def test_the_row_is_bounded_and_keeps_what_is_cited() -> None:
    found = status([*BEFORE, *daily("02-01", "08-01", OTHERS)], now="08-01 13:00")
    assert found.status is Status.MISSING
    assert len(found.observations) == KEPT
    assert set(found.looks) <= {o.look for o in found.observations}
    spare = [o for o in found.observations if o.look not in found.looks]
    assert min(o.at for o in spare) > at("05-01"), "of the others the latest"


def test_of_a_held_report_the_looks_before_it_are_kept() -> None:
    many = [
        *daily("01-02", "02-19", LAST_YEAR),
        *LATE_LOOKS[-1:],
        *daily("02-21", "03-20", [*OTHERS, entry("fin", 2025)]),
    ]
    found = status(many, mine("02-20"), "03-21")
    assert found.status in (Status.LATE, Status.UNDATED)
    assert len(found.observations) <= KEPT_HELD
    assert sum(o.sight is Sight.SEEN for o in found.observations) <= 1, "once it was seen, later looks add nothing"


def test_nothing_is_kept_where_no_look_could_decide() -> None:
    assert status(BEFORE, now="01-25").observations == ()
    early = status(daily("02-01", "02-20", OTHERS), year=2023, now="02-20 13:00", held=[])
    assert (early.clause, early.observations) == (BEFORE_OUR_WATCH, ())


def test_awaiting_shows_what_the_looks_say_so_far() -> None:
    found = status([*BEFORE, look("02-02", OTHERS)], now="02-03")
    assert found.status is Status.AWAITING
    assert [o.sight for o in found.observations][-1] is Sight.ABSENT
    assert found.looks == ()


def test_every_doubt_of_a_look_is_said_in_words() -> None:
    reasons = list(Reason)
    unsure = reasons[reasons.index(Reason.SEVERAL_BODIES) : reasons.index(Reason.ASSIGNED_TO_NONE)]
    for reason in (*unsure, NO_CONTROL, NOT_VERIFIED, OTHER_YEARS, REWRITABLE):
        assert wording.doubt(reason) != wording.doubt("?"), reason


def test_every_fault_of_a_visit_is_said_in_words() -> None:
    for detail in (*LookResult, *Verification):
        zh, en = wording.unproven("no_complete_look", {}, "", detail)
        if detail not in (LookResult.COMPLETE, Verification.VERIFIED):
            assert f"（{detail}）" not in zh and f"({detail})" not in en, detail
