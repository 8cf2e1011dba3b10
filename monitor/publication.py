"""When a held report was published: the interval (L, U], the body's own word, and what contradicts it (domain.md 1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.attribution import Key, Reason, may_be_next_from
from monitor.days import day_of, end_of
from monitor.model import Holding, Observation, Sight, Status, Thresholds
from monitor.observations import SILENT, ColumnHistory, covers
from registry.model import Verification

OWN_DATE = "own_date"
SEEN = "seen"
MIGRATION_YEARS = 3

# Clauses of a held report's status.
STRADDLES = "straddles_due_day"
CONTESTED = "contested_year"
CONTRADICTED = "own_day_contradicted"
NO_DUTY = "no_duty"


@dataclass(frozen=True, slots=True)
class Undecided:
    """An archived document that could not be attributed: what it could be, and why (a reason of attribution)."""

    url: str
    candidates: frozenset[Key]
    reason: str
    first_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """The publication interval (after, by]: the latest complete looks without the report, the earliest sighting.

    `after` None: nothing is known of a day without it. `controlled`: every look that gives `after` said `absent`, with
    its positive control. `observations` carry both ends.
    """

    after: datetime | None
    by: datetime
    controlled: bool
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What is established of a held report's publication. `days_late` of basis `seen` is a lower bound."""

    status: Status
    clause: str
    interval: Interval
    basis: str | None = None
    published_on: date | None = None
    days_late: int | None = None
    stated_on: date | None = None
    contradicted_by: tuple[Observation, ...] = ()


def establish(
    body: str,
    report_year: int,
    held: Sequence[Holding],
    histories: Sequence[ColumnHistory],
    due: date | None,
    thresholds: Thresholds,
    contested: bool,
) -> Published:
    """Judge the publication of a report that is held (`held` is not empty) against its due day (None: no duty).

    `contested`: what is held may be another year's report (see `contested`), so that it never makes anybody late.
    """
    due_end = end_of(due) if due else None
    said = {h.column.id: h.observe(body, report_year, due_end) for h in histories}
    interval = _interval(report_year, held, histories, said)
    days = _own_days(held, report_year)
    back = _contradicting(days, report_year, histories, said, interval, thresholds)
    stated = max(days, default=None)
    if due is None:
        own = _taken(days, interval, None, thresholds)
        basis = OWN_DATE if own else None
        return Published(Status.UNDATED, NO_DUTY, interval, basis, own, None, stated, back)
    own = _taken(days, interval, due, thresholds)
    if own is not None and own > due:
        # What was put up again elsewhere, or edited, carries a day of its own: it never makes the first one late.
        own = _taken(_own_days(_as_first_seen(held), report_year), interval, due, thresholds)
    says_in_time = any(day <= due for day in days)
    status, clause, basis, late = _weigh(own, interval, due, contested, says_in_time)
    return Published(status, clause, interval, basis, own if basis == OWN_DATE else None, late, stated, back)


def _weigh(
    own: date | None, interval: Interval, due: date, contested: bool, says_in_time: bool
) -> tuple[Status, str, str | None, int | None]:
    """(status, clause, basis, days late) from the own day taken at its word, else from the interval."""
    if own is not None:
        if own <= due:
            return Status.ON_TIME, OWN_DATE, OWN_DATE, None
        if contested:
            return Status.UNDATED, CONTESTED, None, None
        return Status.LATE, OWN_DATE, OWN_DATE, (own - due).days
    if interval.by <= end_of(due):
        return Status.ON_TIME, SEEN, SEEN, None
    if interval.after is not None and interval.after >= end_of(due):
        if contested:
            return Status.UNDATED, CONTESTED, None, None
        if says_in_time and not interval.controlled:
            # The page names a day in time. Only looks with a positive control speak against it.
            return Status.UNDATED, CONTRADICTED, None, None
        return Status.LATE, SEEN, SEEN, (day_of(interval.after) - due).days
    return Status.UNDATED, STRADDLES, None, None


def _interval(
    report_year: int,
    held: Sequence[Holding],
    histories: Sequence[ColumnHistory],
    said: Mapping[str, Sequence[Observation]],
) -> Interval:
    sightings = [o for observations in said.values() for o in observations if o.sight is Sight.SEEN]
    first = min(sightings, key=lambda o: o.at, default=None)
    by = min(h.first_seen for h in held)
    if first and first.at < by:
        by = first.at
    needed = [h for h in histories if covers(h.column, report_year)]
    last: list[Observation] = []
    for history in needed:
        # Every column has to be without it: it may have stood in the one that was looked at last.
        without = [o for o in said[history.column.id] if o.at < by and _without(o)]
        if history.column.verified is not Verification.VERIFIED or not without:
            return Interval(None, by, False, (first,) if first else ())
        last.append(without[-1])
    if not last:
        return Interval(None, by, False, (first,) if first else ())
    after = min(o.at for o in last)
    return Interval(after, by, all(o.sight is Sight.ABSENT for o in last), (*last, *((first,) if first else ())))


def _without(observation: Observation) -> bool:
    """A complete look that did not list the report, nor anything that could be it."""
    return observation.sight is Sight.ABSENT or (
        observation.sight is Sight.UNDECIDABLE and observation.reason in SILENT
    )


def _own_days(held: Sequence[Holding], report_year: int) -> tuple[date, ...]:
    """The days that the pages call their publication, migrations left out."""
    days = set()
    for holding in held:
        if len({*holding.shared_years, report_year}) >= MIGRATION_YEARS:
            continue
        days |= {d.day for d in holding.days if d.publication and d.source in ("date_line", "metadata")}
    # A report of a year cannot have been published before that year was nearly over: a template's day, or a slip of the
    # year as January brings it.
    return tuple(sorted(d for d in days if d >= may_be_next_from(report_year - 1)))


def _as_first_seen(held: Sequence[Holding]) -> tuple[Holding, ...]:
    """The content with which the report was first seen: an article and what hangs on it."""
    first = min(held, key=lambda h: h.first_seen)
    together = [h for h in held if (h.entry_url or h.url) == (first.entry_url or first.url)]
    oldest: dict[str, Holding] = {}
    for holding in sorted(together, key=lambda h: h.first_seen):
        oldest.setdefault(holding.url, holding)
    return tuple(oldest.values())


def _taken(days: Sequence[date], interval: Interval, due: date | None, thresholds: Thresholds) -> date | None:
    """The earliest own day inside (L, U] that may be taken at its word."""
    for day in days:
        if day > day_of(interval.by) or (interval.after is not None and day < day_of(interval.after)):
            continue
        if due is not None and day > due + timedelta(days=thresholds.implausible_after_due_days):
            continue
        return day
    return None


def _contradicting(
    days: Sequence[date],
    report_year: int,
    histories: Sequence[ColumnHistory],
    said: Mapping[str, Sequence[Observation]],
    interval: Interval,
    thresholds: Thresholds,
) -> tuple[Observation, ...]:
    """Two `absent` looks on different days after the latest day the page states, the second more than 3 days after it,
    in every column: the day was set back. Empty if nothing contradicts it.
    """
    if not days or days[-1] > day_of(interval.by):
        return ()
    found: list[Observation] = []
    for history in (h for h in histories if covers(h.column, report_year)):
        after = [o for o in said[history.column.id] if o.at < interval.by and day_of(o.at) > days[-1]]
        if any(not _without(o) for o in after):
            return ()
        absent = [o for o in after if o.sight is Sight.ABSENT]
        if len({day_of(o.at) for o in absent}) < 2:
            return ()
        second = absent[-1]
        if (day_of(second.at) - days[-1]).days <= thresholds.back_dated_days:
            return ()
        found += [next(o for o in absent if day_of(o.at) != day_of(second.at)), second]
    return tuple(sorted(found, key=lambda o: o.at))


def contested(
    body: str,
    report_year: int,
    held: Sequence[Holding],
    histories: Sequence[ColumnHistory],
    undecided: Mapping[tuple[str, int], str],
) -> bool:
    """Two addresses claim this year, one may be the next year's report, and the one held came late enough to be it."""
    if min(day_of(h.first_seen) for h in held) < may_be_next_from(report_year):
        return False
    repeated = undecided.get((body, report_year)) == Reason.REPEATED_YEAR
    return repeated or any(h.contested(body, report_year) for h in histories)


def came_in_next_season(report_year: int, held: Sequence[Holding], histories: Sequence[ColumnHistory]) -> bool:
    """The only report held of a year appeared before our eyes in the weeks in which the next year's are published: a
    report a year late, or the next year's under last year's title.
    """
    first = min((h.first_seen for h in held), default=None)
    if first is None or day_of(first) < date(report_year + 2, 1, 1):
        return False
    return any(h.complete and h.complete[0].finished_at < first - timedelta(days=1) for h in histories)


def may_have_moved(held: Sequence[Holding], doubtful: Iterable[Undecided]) -> bool:
    """Whether a document that came after the report and could be the body's (`doubtful`: those of any year) may be the
    report itself, put up elsewhere with the same wrong title.
    """
    first = min(h.first_seen for h in held)
    return any(one.first_seen is None or one.first_seen > first for one in doubtful)


def gone_since(held: Sequence[Holding], now: datetime) -> datetime | None:
    """The instant from which every address of the report has answered 404 or 410; None while one has not."""
    gone = []
    for holding in held:
        if holding.gone_at is None or holding.gone_at > now or holding.gone_status not in (404, 410):
            return None
        gone.append(holding.gone_at)
    return max(gone, default=None)


def withdrawal(
    body: str,
    report_year: int,
    held: Sequence[Holding],
    histories: Sequence[ColumnHistory],
    due_end: datetime | None,
    now: datetime,
    thresholds: Thresholds,
) -> tuple[Observation, ...]:
    """The complete looks that prove a held report withdrawn; empty while it is not.

    Gone from every address (404 or 410) and, since then, from every registered column in the looks and over the days
    that the thresholds ask for, without anything undecidable.
    """
    since = gone_since(held, now)
    needed = [h for h in histories if covers(h.column, report_year)]
    if since is None or not needed:
        return ()
    proof: list[Observation] = []
    for history in histories:
        later = [o for o in history.observe(body, report_year, due_end) if o.at >= since or o.sight is Sight.SEEN]
        trailing: list[Observation] = []
        for observation in reversed(later):
            if observation.at < since or not _without(observation):
                break
            trailing.append(observation)
        if history not in needed:
            if later and not trailing:
                return ()
            continue
        span = trailing[0].at - trailing[-1].at if trailing else timedelta(0)
        if len(trailing) < thresholds.withdrawn_looks or span < timedelta(days=thresholds.withdrawn_days):
            return ()
        proof += [trailing[-1], trailing[len(trailing) // 2], trailing[0]]
    return tuple(sorted(proof, key=lambda o: (o.at, o.look)))
