"""When a held report was published, and what becomes of it: one scenario a status and a basis."""

from datetime import date

import pytest
from monitor_cases import (
    BEFORE,
    EARLY_LOOKS,
    LAST_YEAR,
    LATE_LOOKS,
    OTHERS,
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

from monitor.model import Severity, Status
from monitor.rules import CATALOGUE, Scope
from monitor.timeliness import time_findings
from registry.model import GoneEntry, Kind, LookResult

REPORTED = {
    "seen before the due day": (having(looks=EARLY_LOOKS, held=mine("01-25")), Status.ON_TIME, "seen", None),
    "held early": (
        having(looks=EARLY_LOOKS, held=mine("01-25"), now="01-25 13:00"), Status.ON_TIME, "seen", None,
    ),
    "absent after the due day, then seen": (having(looks=LATE_LOOKS, held=mine("02-20")), Status.LATE, "seen", 8),
    "own day in time, first seen late": (
        having(looks=[*BEFORE, look("02-20", SEEN)], held=mine("02-20", printed("2026-01-28"))),
        Status.ON_TIME, "own_date", None,
    ),
    "own day late": (
        having(looks=[*BEFORE, look("02-20", SEEN)], held=mine("02-20", printed("2026-02-10"))),
        Status.LATE, "own_date", 10,
    ),
    "own day before our watch": (
        having(looks=[look("2026-12-20", SEEN)], now="2026-12-20 13:00",
               held=mine("2026-12-20", printed("2026-12-16"))),
        Status.LATE, "own_date", 319,
    ),
    "no day, straddling": (
        having(looks=[*BEFORE, look("02-20", SEEN)], held=mine("02-20")), Status.UNDATED, None, None,
    ),
    "never looked before": (having(looks=[look("02-20", SEEN)], held=mine("02-20")), Status.UNDATED, None, None),
    "a signature decides nothing": (
        having(looks=[*BEFORE, look("02-20", SEEN)],
             held=mine("02-20", printed("2026-02-10", "signature", "", publication=False))),
        Status.UNDATED, None, None,
    ),
    "a day in the address decides nothing": (
        having(looks=[*BEFORE, look("02-20", SEEN)], held=mine("02-20", printed("2026-02-10", "address", ""))),
        Status.UNDATED, None, None,
    ),
    "own day more than 365 days late": (
        having(looks=[look("2027-03-01", SEEN)], now="2027-03-01 13:00",
               held=mine("2027-03-01", printed("2027-02-20"))),
        Status.UNDATED, None, None,
    ),
    "own day shared by three report years": (
        having(looks=[*BEFORE, look("02-20", SEEN)],
             held=mine("02-20", printed("2026-02-10"), shared_years=(2023, 2024, 2025))),
        Status.UNDATED, None, None,
    ),
    "own day contradicted by absent looks": (
        having(looks=LATE_LOOKS, held=mine("02-20", printed("2026-01-30"))), Status.LATE, "seen", 8,
    ),
    "own day contradicted by looks without a control": (
        having(looks=[look("01-10", LAST_YEAR), *daily("02-01", "02-08", LAST_YEAR), look("02-20", SEEN)],
             held=mine("02-20", printed("2026-01-30"))),
        Status.UNDATED, None, None,
    ),
    "own day after the sighting": (
        having(looks=EARLY_LOOKS, held=mine("01-25", printed("2026-03-01"))), Status.ON_TIME, "seen", None,
    ),
    "another column was not looked at": (
        having(of=registry(columns=[column(), column("more")]), looks=LATE_LOOKS, held=mine("02-20")),
        Status.UNDATED, None, None,
    ),
    "local practice, late": (
        having(of=registry(body("fin", Kind.TOWNSHIP), body("edu")), looks=LATE_LOOKS, held=mine("02-20")),
        Status.LATE, "seen", 8,
    ),
    "held, but no duty": (
        having(of=registry(body("fin", Kind.INSTITUTION), body("edu")), looks=LATE_LOOKS, held=mine("02-20")),
        Status.UNDATED, None, None,
    ),
    "came a year later under a title that two addresses claim": (
        having(year=2024, now="02-08 13:00",
             held=[holding("fin", 2024, "02-01", days=[printed("2026-01-20")])],
             looks=[look("01-10", [entry("edu", 2024)]),
                    look("02-01", [entry("fin", 2024), entry("fin", 2024, "-b")])]),
        Status.UNDATED, None, None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REPORTED)
def test_a_report_is_held(case: str) -> None:
    given, expected, basis, days_late = REPORTED[case]
    found = status(**{"now": "02-20 13:00", **given})
    assert (found.status, found.basis, found.days_late) == (expected, basis, days_late)
    assert found.published_by is not None


def test_the_sheet_of_2019_dated_in_december_is_320_days_late() -> None:
    held = [holding("fin", 2019, "2026-01-10", days=[printed("2020-12-16")])]
    found = status(looks=[look("01-10", [entry("fin", 2019)])], held=held, year=2019)
    assert (found.status, found.basis, found.days_late, found.due_on) == (
        Status.LATE, "own_date", 320, date(2020, 1, 31)
    )  # fmt: skip


GONE = having(gone_at=at("03-01 12:01"), gone_status=404)
AWAY = [GoneEntry(address("fin", YEAR), 404)]


@pytest.mark.parametrize(
    ("looks", "more", "expected"),
    [
        (daily("03-01", "03-20", OTHERS), GONE, Status.WITHDRAWN),
        (daily("03-01", "03-14", OTHERS), GONE, Status.ON_TIME),  # 13 days
        ([look("03-02", OTHERS), look("03-20", OTHERS)], GONE, Status.ON_TIME),  # two looks
        (daily("03-01", "03-20", OTHERS), having(gone_at=at("03-01"), gone_status=500), Status.ON_TIME),
        (daily("03-01", "03-20", OTHERS), {}, Status.ON_TIME),  # unlisted, but its address still answers
        (daily("03-01", "03-20", SEEN), GONE, Status.ON_TIME),  # still listed
        ([*daily("03-01", "03-10", OTHERS), *daily("03-11", "03-20", SEEN)], GONE, Status.ON_TIME),
        (daily("03-01", "03-20", [], result=LookResult.LAYOUT_CHANGED), GONE, Status.ON_TIME),
        (daily("03-01", "03-20", [*OTHERS, entry("x", 0, title="西城区财政局")]), GONE, Status.ON_TIME),
    ],
)
def test_withdrawn(looks, more, expected) -> None:
    found = status(looks=[*EARLY_LOOKS, *looks], held=mine("01-25", **more), now="03-20 13:00")
    assert found.status is expected
    assert found.basis == "seen"  # what was known of its publication stays on file


def test_withdrawn_keeps_that_it_was_late() -> None:
    looks = [*LATE_LOOKS, *daily("03-01", "03-20", OTHERS)]
    found = status(looks=looks, held=mine("02-20", **GONE), now="03-20 13:00")
    assert (found.status, found.days_late) == (Status.WITHDRAWN, 8)
    assert [f.family for f in time_findings(found)] == ["withdrawn", "late"]


def test_not_withdrawn_while_another_copy_answers() -> None:
    held = [*mine("01-25", **GONE), holding("fin", YEAR, "01-25", url=address("fin", YEAR, "-copy"))]
    found = status(looks=[*EARLY_LOOKS, *daily("03-01", "03-20", OTHERS)], held=held, now="03-20 13:00")
    assert found.status is Status.ON_TIME


def test_back_dated() -> None:
    found = status(looks=LATE_LOOKS, held=mine("02-20", printed("2026-01-30")), now="02-20 13:00")
    finding = next(f for f in time_findings(found) if f.family == "back_dated")
    assert finding.severity is Severity.WARNING
    assert finding.message_en == "The page states 2026-01-30; not in the list on 2026-02-01 and 2026-02-08."
    near = status(looks=LATE_LOOKS, held=mine("02-20", printed("2026-02-05")), now="02-20 13:00")
    assert not near.contradicted_by  # three days before the second look
    between = status(looks=LATE_LOOKS, held=mine("02-20", printed("2026-02-15")), now="02-20 13:00")
    assert (between.basis, between.contradicted_by) == ("own_date", ())


def test_severities() -> None:
    assert [f.severity for f in time_findings(status())] == [Severity.WARNING]
    practice = registry(body("fin", Kind.TOWNSHIP), body("edu"))
    late = status(of=practice, looks=LATE_LOOKS, held=mine("02-20"), now="02-20 13:00")
    assert [(f.family, f.severity) for f in time_findings(late)] == [("late", Severity.NOTICE)]
    undated = status(looks=[look("02-20", SEEN)], held=mine("02-20"), now="02-20 13:00")
    assert [(f.family, f.severity) for f in time_findings(undated)] == [("undated", Severity.NOTICE)]
    assert not time_findings(status(now="01-20 13:00"))




IN_TIME = having(looks=EARLY_LOOKS, held=mine("01-25"), now="01-25 13:00")
VIEWS = {  # family: what gives the finding, and what does not
    "late": (having(looks=LATE_LOOKS, held=mine("02-20"), now="02-20 13:00"), IN_TIME),
    "missing": (having(), IN_TIME),
    "withdrawn": (
        having(looks=[*EARLY_LOOKS, *daily("02-01", "03-19", OTHERS)], now="03-20 13:00",
               held=mine("01-25", gone_at=at("02-01"), gone_status=404)),
        having(looks=[*EARLY_LOOKS, *daily("02-01", "03-19", SEEN)], held=mine("01-25"), now="03-20 13:00"),
    ),
    "back_dated": (
        having(looks=LATE_LOOKS, held=mine("02-20", printed("2026-01-25")), now="02-20 13:00"),
        having(looks=LATE_LOOKS, held=mine("02-20", printed("2026-02-19")), now="02-20 13:00"),
    ),
    "undated": (having(looks=[*BEFORE, look("02-20", SEEN)], held=mine("02-20"), now="02-20 13:00"), IN_TIME),
}  # fmt: skip


def test_every_view_of_a_status_has_a_sound_and_a_broken_case() -> None:
    assert set(VIEWS) == {rule.id for rule in CATALOGUE if rule.scope is Scope.TIME}
    for family, (broken, sound) in VIEWS.items():
        (finding,) = [f for f in time_findings(status(**broken)) if f.family == family]
        severity = Severity.NOTICE if family == "undated" else Severity.WARNING
        assert (finding.id, finding.severity) == (f"{family}:fin:{YEAR}", severity)
        assert finding.message_zh and finding.message_en and finding.input_hash
        assert not [f for f in time_findings(status(**sound)) if f.family == family]
