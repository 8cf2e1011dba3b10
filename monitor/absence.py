"""The proof of absence: every condition of domain.md section 1, and the name of the first that fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.days import day_of
from monitor.model import Observation, Sight, Thresholds
from monitor.observations import NO_CONTROL, NOT_VERIFIED, SILENT, ColumnHistory, covers, may_prove
from registry.model import Verification

# Clauses, in the order in which they are weighed; the first that fails is the obligation's clause.
NO_COLUMN = "no_column"
NO_COLUMN_FOR_YEAR = "no_column_for_year"
SEEN_NOT_HELD = "seen_not_held"
UNDECIDABLE = "undecidable_entry"
NO_COMPLETE_LOOK = "no_complete_look"
TOO_FEW_LOOKS = "too_few_looks"
TOO_FEW_DAYS = "too_few_days"
TOO_SHORT = "too_short"
NOT_FRESH = "not_fresh"
STALE = "stale"
PROVEN = "proof_of_absence"


@dataclass(frozen=True, slots=True)
class Proof:
    """How far the proof of absence has come. `clause` is `PROVEN` or the first condition that fails, `column` where.

    `observations` carry the verdict; `looks` are their ids and those of failed visits. `completed_at`: the instant of
    the look with which it first was complete, whether or not anyone judged then.
    """

    clause: str
    column: str = ""
    detail: str = ""
    looks: tuple[int, ...] = ()
    observations: tuple[Observation, ...] = ()
    completed_at: datetime | None = None

    @property
    def complete(self) -> bool:
        """True if absence is proven."""
        return self.clause == PROVEN


def interval_of(history: ColumnHistory, thresholds: Thresholds) -> timedelta:
    """How often the column is visited."""
    return timedelta(days=history.column.interval_days or thresholds.column_interval_days)


def prove_absence(
    body: str,
    report_year: int,
    histories: Sequence[ColumnHistory],
    due_end: datetime,
    now: datetime,
    thresholds: Thresholds,
    *,
    standing: datetime | None = None,
    undecided: Mapping[tuple[str, int], str] | None = None,
) -> Proof:
    """Weigh every look at every registered column of the body.

    `due_end`: the first instant after the due day. `standing`: when `missing` was given, if it was: then it stands
    while no gap between complete looks exceeds twice the column's interval, however old the last one is. `undecided`:
    (body, report year) that an archived document nobody could attribute might be, with the reason.
    """
    if not histories:
        return Proof(NO_COLUMN)
    said = {h.column.id: h.observe(body, report_year, due_end) for h in histories}
    everything = [o for observations in said.values() for o in observations]
    if seen := [o for o in everything if o.sight is Sight.SEEN]:
        return _shown(SEEN_NOT_HELD, seen[:1] + seen[1:][-1:])
    unclear = [o for o in everything if o.sight is Sight.UNDECIDABLE and o.reason not in SILENT]
    if unclear:
        return _shown(UNDECIDABLE, unclear[-3:], unclear[-1].reason)
    if reason := (undecided or {}).get((body, report_year)):
        return Proof(UNDECIDABLE, detail=reason)
    needed = [h for h in histories if covers(h.column, report_year)]
    if not any(may_prove(h.column, report_year) for h in needed):
        return Proof(NO_COLUMN_FOR_YEAR, histories[0].column.id)
    parts = [_one_column(h, report_year, said[h.column.id], due_end, now, thresholds, standing) for h in needed]
    for clause in (  # the gravest failure first, whichever column it is in
        NOT_VERIFIED, NO_COLUMN_FOR_YEAR, NO_COMPLETE_LOOK, NO_CONTROL,
        TOO_FEW_LOOKS, TOO_FEW_DAYS, TOO_SHORT, NOT_FRESH, STALE,
    ):  # fmt: skip
        if failed := next((p for p in parts if p.clause == clause), None):
            return failed
    observations = tuple(sorted((o for p in parts for o in p.observations), key=lambda o: (o.at, o.look)))
    completed = max(p.completed_at for p in parts if p.completed_at is not None)
    return Proof(PROVEN, "", "", tuple(o.look for o in observations), observations, completed)


def _shown(clause: str, observations: Sequence[Observation], detail: str = "") -> Proof:
    return Proof(clause, observations[-1].column, detail, tuple(o.look for o in observations), tuple(observations))


def _one_column(
    history: ColumnHistory,
    report_year: int,
    said: Sequence[Observation],
    due_end: datetime,
    now: datetime,
    thresholds: Thresholds,
    standing: datetime | None,
) -> Proof:
    column = history.column.id
    if history.column.verified is not Verification.VERIFIED:
        return Proof(NOT_VERIFIED, column, history.column.verified.value)
    if not may_prove(history.column, report_year):
        return Proof(NO_COLUMN_FOR_YEAR, column)
    after = [look for look in history.complete if look.started_at >= due_end]
    if not after:
        failed = [look for look in history.attempts if look.started_at >= due_end and look not in after]
        detail = failed[-1].result.value if failed else ""
        return Proof(NO_COMPLETE_LOOK, column, detail, tuple(look.id for look in failed[-3:]))
    restarted = history.restarted_at
    begin = due_end if restarted is None else max(due_end, restarted)
    absent = [o for o in said if o.sight is Sight.ABSENT and o.at >= begin]
    looks = tuple(o.look for o in absent)
    if not absent:
        silent = tuple(o for o in said if o.reason == NO_CONTROL and o.at >= due_end)[-3:]
        return Proof(NO_CONTROL, column, "", tuple(o.look for o in silent), silent)
    first = absent[0]
    if len(absent) < thresholds.absent_looks:
        return Proof(TOO_FEW_LOOKS, column, str(len(absent)), looks, tuple(absent))
    if len({day_of(o.at) for o in absent}) < thresholds.absent_days:
        return Proof(TOO_FEW_DAYS, column, "", looks[-3:], tuple(absent[-3:]))
    if absent[-1].at - first.at < timedelta(hours=thresholds.absent_hours):
        return Proof(TOO_SHORT, column, "", looks[-3:], tuple(absent[-3:]))
    carried = _carrying(absent, thresholds)
    if now - absent[-1].at > timedelta(hours=thresholds.freshness_hours):
        if standing is None:
            return Proof(NOT_FRESH, column, "", tuple(o.look for o in carried), carried)
        if _widest_gap(history, standing, now) > 2 * interval_of(history, thresholds):
            return Proof(STALE, column, "", tuple(o.look for o in carried), carried)
    done = _first_complete(absent, thresholds)
    return Proof(PROVEN, column, "", tuple(o.look for o in carried), carried, absent[done].at)


def _widest_gap(history: ColumnHistory, given: datetime, now: datetime) -> timedelta:
    """The longest time without a complete look from the last one before `missing` was given until now."""
    instants = [look.started_at for look in history.complete]
    before = [at for at in instants if at <= given]
    since = [*(before[-1:] or [given]), *(at for at in instants if at > given), now]
    return max(later - at for at, later in pairwise(since))


def _first_complete(absent: Sequence[Observation], thresholds: Thresholds) -> int:
    """Index of the look with which number, days and span were first enough."""
    days = set()
    for index, observation in enumerate(absent):
        days.add(day_of(observation.at))
        enough = index + 1 >= thresholds.absent_looks and len(days) >= thresholds.absent_days
        if enough and observation.at - absent[0].at >= timedelta(hours=thresholds.absent_hours):
            return index
    return len(absent) - 1


def _carrying(absent: Sequence[Observation], thresholds: Thresholds) -> tuple[Observation, ...]:
    """The looks shown as proof: those with which it was first complete, one a day, and the newest."""
    prefix = absent[: _first_complete(absent, thresholds) + 1]
    by_day = {day_of(o.at): o for o in reversed(prefix)}
    chosen = {o.look: o for o in (*sorted(by_day.values(), key=lambda o: o.at), prefix[-1], absent[-1])}
    if len(chosen) < thresholds.absent_looks:  # several looks a day are needed where the settings ask for more
        chosen = {o.look: o for o in (*prefix, absent[-1])}
    return tuple(sorted(chosen.values(), key=lambda o: o.at))
