"""The one status of each (body, report year), with its proof: a pure function of registry, looks, holdings and now.

Precedence, so that exactly one status holds: exempt; then, of what is held, withdrawn, else on_time, late or undated;
then, of what is not held, not_due, awaiting, and past the grace period missing or unverified (domain.md section 1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from monitor import wording
from monitor.absence import NOT_FRESH, STALE, Proof, prove_absence
from monitor.attribution import Assignment, Names, Reason
from monitor.certainty import NO_DUTY, did_not_exist, doubt, long_gone
from monitor.days import DueDays, day_of, end_of
from monitor.model import Holding, MonitorError, Obligation, Status, Thresholds
from monitor.observations import ColumnHistory, Histories, Holdings
from monitor.publication import Undecided, came_in_next_season, contested, establish, may_have_moved, withdrawal
from monitor.weighing import BEFORE_OUR_WATCH, weighed
from registry.model import Body, Duty, Exemption, Look, LookResult, Registry
from registry.names import NameIndex

EXEMPTION = "exemption"
DID_NOT_EXIST = "did_not_exist"
NOT_OVER = "due_day_not_over"
GRACE = "grace_period"
WITHDRAWN = "gone_from_address_and_columns"


@dataclass(frozen=True, slots=True)
class Watch:
    """Since when a body has been watched: the first report years falling due after our first complete look at one of
    its columns, and after our first attempt. None: no such look yet.
    """

    complete_from: int | None
    tried_from: int | None
    since: datetime | None  # the first complete look


class Judge:
    """Everything a run of judging shares, made once; `obligation` then judges one (body, report year)."""

    def __init__(
        self,
        registry: Registry,
        looks: Iterable[Look],
        holdings: Iterable[Holding],
        now: datetime,
        thresholds: Thresholds | None = None,
        *,
        previous: Iterable[Obligation] = (),
        assignments: Iterable[Assignment] = (),
        undecided: Iterable[Undecided] = (),
        names: Names | None = None,
        watch_from: Mapping[str, int] | None = None,
        bodies: Collection[str] | None = None,
    ) -> None:
        """`looks`: all visits of the columns concerned, entries of complete ones included. `previous`: the stored
        obligations, by which a `missing` once given stands; its `since` is taken for the instant at which it was given.
        `watch_from`: per body, where it is stored and the looks handed in do not reach back to the first. `bodies`: the
        ids to be judged, None for all. `now`, aware: later looks and holdings are ignored.
        """
        if now.tzinfo is None:
            raise MonitorError("now: expected an aware datetime")
        self.registry, self.now, self.thresholds = registry, now, thresholds or Thresholds()
        assigned = tuple(assignments)
        self.holdings = Holdings.of(holdings, now)
        columns = [c for c in registry.columns.values() if bodies is None or not set(c.bodies).isdisjoint(bodies)]
        self.histories = Histories(
            registry, looks, self.holdings, names or NameIndex(registry), now, assigned, columns=columns
        )
        self.due_days = DueDays(registry)
        stored = tuple(previous)
        self.missing_since = {(o.body, o.report_year): o.since for o in stored if o.status is Status.MISSING}
        self.was_stale = {(o.body, o.report_year) for o in stored if o.clause == STALE}
        self.settled = {a.url for a in assigned}
        doubtful = [u for u in undecided if u.url not in self.settled]
        self.undecided = {key: u.reason for u in doubtful for key in u.candidates}
        self._doubtful: dict[str, list[Undecided]] = defaultdict(list)
        for document in doubtful:
            for owner in {owner for owner, _ in document.candidates}:
                self._doubtful[owner].append(document)
        self._held_years: dict[str, set[int]] = defaultdict(set)
        self._stored_years: dict[str, set[int]] = defaultdict(set)
        for owner, year in self.holdings.by_key:
            self._held_years[owner].add(year)
        for one in stored:
            self._stored_years[one.body].add(one.report_year)
        self.exemptions = {(e.body, e.report_year): e for e in registry.exemptions}
        self._stored_watch = watch_from or {}
        self._watches: dict[str, Watch] = {}
        self._predecessors: dict[str, list[Body]] = defaultdict(list)
        for body in registry.bodies.values():
            if body.successor:
                self._predecessors[body.successor].append(body)
        self._attempt_days: dict[str, tuple[date, ...]] = {}

    # -- what is judged ------------------------------------------------------------------------------------------------

    def watch(self, body: Body) -> Watch:
        """Since when this body has been watched."""
        if body.id not in self._watches:
            histories = self.histories.of_body.get(body.id, ())
            complete = min((h.complete[0].finished_at for h in histories if h.complete), default=None)
            tried = min((h.attempts[0].started_at for h in histories if h.attempts), default=None)
            first = self.due_days.first_due_after(body, complete) if complete else None
            stored = self._stored_watch.get(body.id)
            if stored is not None:
                first = stored if first is None else min(first, stored)
            tried_from = self.due_days.first_due_after(body, tried) if tried else None
            known = [year for year in (first, tried_from) if year is not None]
            self._watches[body.id] = Watch(first, min(known, default=None), complete)
        return self._watches[body.id]

    def report_years(self, body: Body) -> tuple[int, ...]:
        """The report years to judge at `now`, ascending: from the earliest of what is held and what has fallen due on
        our watch (with the last one that fell due in any case) to the next that falls due; without gaps, but for years
        of which no duty speaks and nothing is held. Years judged before are judged again: what was held of them may
        have been assigned to another.
        """
        held = self._held_years.get(body.id, set()) | self._stored_years.get(body.id, set())
        coming = self.due_days.first_due_after(body, self.now)
        first = [*held, *(year for year in (self.watch(body).tried_from,) if year is not None)]
        if coming is not None:
            first += [coming - 1] if self.due_days.of(body, coming - 1) else [coming]
        if not first:
            return ()
        last = max([*held, *(() if coming is None else (coming,))])
        years = range(min(first), last + 1)
        return tuple(y for y in years if y in held or (self.due_days.of(body, y) and not long_gone(body, y)))

    # -- judging -------------------------------------------------------------------------------------------------------

    def obligation(self, body: Body, report_year: int) -> Obligation:
        """The status of this body and report year."""
        found = self.due_days.of(body, report_year)
        duty, due = found if found else (None, None)
        doubtful = doubt(body, report_year, duty, due, self._predecessors[body.id])
        base = Obligation(
            body=body.id,
            report_year=report_year,
            status=Status.NOT_DUE,
            due_on=due,
            duty=duty.id if duty else None,
            certain=not doubtful,
        )
        made = self._judge(base, body, duty, due, doubtful)
        zh, en = wording.due_sentence(duty, due)
        return replace(
            made,
            observations=weighed(made, self.histories.of_body.get(body.id, ()), end_of(due) if due else None),
            explanation_zh=made.explanation_zh + zh,
            explanation_en=f"{made.explanation_en} {en}",
        )

    def _judge(self, base: Obligation, body: Body, duty: Duty | None, due: date | None, doubt: str) -> Obligation:
        year = base.report_year
        if exemption := self.exemptions.get((body.id, year)):
            return _exempt(base, exemption)
        if did_not_exist(body, year):
            return replace(
                base,
                status=Status.EXEMPT,
                clause=DID_NOT_EXIST,
                certain=False,
                explanation_zh="该单位在该年度不存在。",
                explanation_en="The body did not exist in that year.",
            )
        histories = self.histories.of_body.get(body.id, ())
        held = self.holdings.by_key.get((body.id, year), ())
        if held:
            return self._held(base, body, held, histories, due)
        if due is None:
            return replace(base, clause=NO_DUTY, explanation_zh="未存有报告。", explanation_en="No report is held.")
        if self.now < end_of(due):
            return replace(
                base,
                clause=NOT_OVER,
                explanation_zh="应公布日未过，尚未见到报告。",
                explanation_en="The due day is not over and no report is held.",
            )
        watch = self.watch(body)
        before_us = watch.tried_from is None or year < watch.tried_from
        grace_end = self._grace_end(histories, due, before_us)
        if grace_end is None or self.now < grace_end:
            return replace(
                base,
                status=Status.AWAITING,
                clause=GRACE,
                since=end_of(due),
                explanation_zh="应公布日已过，宽限期未过，尚未见到报告。",
                explanation_en="The due day is over, the grace period is not, and no report is held.",
            )
        if before_us:
            return self._unverified(base, BEFORE_OUR_WATCH)
        return self._absent(base, histories, due, doubt, watch, grace_end)

    def _held(
        self,
        base: Obligation,
        body: Body,
        held: tuple[Holding, ...],
        histories: tuple[ColumnHistory, ...],
        due: date | None,
    ) -> Obligation:
        doubtful = self._may_be_next(body, base.report_year, histories) or contested(
            base.body, base.report_year, held, histories, self.undecided
        )
        found = establish(base.body, base.report_year, held, histories, due, self.thresholds, doubtful)
        due_end = end_of(due) if due else None
        gone = withdrawal(base.body, base.report_year, held, histories, due_end, self.now, self.thresholds)
        if may_have_moved(held, self._doubtful.get(base.body, ())):
            gone = ()
        zh, en = wording.published(found, due)
        made = replace(
            base,
            status=found.status,
            clause=found.clause,
            days_late=found.days_late,
            basis=found.basis,
            published_on=found.published_on,
            published_after=found.interval.after,
            published_by=found.interval.by,
            looks=tuple(dict.fromkeys(o.look for o in found.interval.observations)),
            observations=found.interval.observations,
            explanation_zh=zh,
            explanation_en=en,
            stated_on=found.stated_on,
            contradicted_by=found.contradicted_by,
            since=found.interval.by,
        )
        if not gone:
            return made
        zh, en = wording.withdrawn(gone, self.registry.columns, (zh, en))
        return replace(
            made,
            status=Status.WITHDRAWN,
            clause=WITHDRAWN,
            looks=tuple(o.look for o in gone),
            observations=gone,
            explanation_zh=zh,
            explanation_en=en,
            since=gone[0].at,
        )

    def _absent(
        self,
        base: Obligation,
        histories: tuple[ColumnHistory, ...],
        due: date,
        doubt: str,
        watch: Watch,
        grace_end: datetime,
    ) -> Obligation:
        key = (base.body, base.report_year)
        undecided = self.undecided
        if self._may_be_next(self.registry.bodies[base.body], base.report_year - 1, histories):
            undecided = {**undecided, key: Reason.REPEATED_YEAR.value}
        proof = prove_absence(
            *key, histories, end_of(due), self.now, self.thresholds,
            standing=self.missing_since.get(key), undecided=undecided,
        )  # fmt: skip
        if proof.clause == NOT_FRESH and key in self.was_stale:
            proof = replace(proof, clause=STALE)
        if doubt:
            return self._unverified(base, doubt, proof)
        if proof.complete and (watch.complete_from is None or base.report_year < watch.complete_from):
            return self._unverified(base, BEFORE_OUR_WATCH, proof)
        if not proof.complete:
            return self._unverified(base, proof.clause, proof)
        zh, en = wording.missing(proof, self.registry.columns)
        return replace(
            base,
            status=Status.MISSING,
            clause=proof.clause,
            looks=proof.looks,
            observations=proof.observations,
            explanation_zh=zh,
            explanation_en=en,
            since=grace_end if proof.completed_at is None else max(grace_end, proof.completed_at),
        )

    def _may_be_next(self, body: Body, report_year: int, histories: tuple[ColumnHistory, ...]) -> bool:
        """What is held of this year may be the next year's report, of which nothing is held; no person has said so."""
        held = self.holdings.by_key.get((body.id, report_year), ())
        if (body.id, report_year + 1) in self.holdings.by_key or {u for h in held for u in (h.url, h.entry_url)} & (
            self.settled
        ):
            return False
        return came_in_next_season(report_year, held, histories)

    def _unverified(self, base: Obligation, clause: str, proof: Proof | None = None) -> Obligation:
        shown = proof or Proof(clause)
        zh, en = wording.unproven(clause, self.registry.columns, shown.column, shown.detail)
        return replace(
            base,
            status=Status.UNVERIFIED,
            clause=clause,
            looks=shown.looks,
            observations=shown.observations,
            explanation_zh=zh,
            explanation_en=en,
        )

    def _grace_end(self, histories: tuple[ColumnHistory, ...], due: date, before_us: bool) -> datetime | None:
        """When the grace period was over: that many days from the day after the due day, of which only those count on
        which a look was attempted; None while too few were. Years due before we looked at all, and bodies without a
        column, go by the calendar.
        """
        over = end_of(due + timedelta(days=self.thresholds.grace_days))
        if before_us or not histories or not self.thresholds.grace_days:
            return over
        counted = sorted({d for history in histories for d in self._attempts(history) if d > due})
        if len(counted) < self.thresholds.grace_days:
            return None
        return end_of(counted[self.thresholds.grace_days - 1])

    def _attempts(self, history: ColumnHistory) -> tuple[date, ...]:
        """The days on which this column was tried; a visit that we ourselves broke off is none."""
        if history.column.id not in self._attempt_days:
            tried = {day_of(v.started_at) for v in history.attempts if v.result is not LookResult.INTERRUPTED}
            self._attempt_days[history.column.id] = tuple(sorted(tried))
        return self._attempt_days[history.column.id]


def judge(
    body: Body,
    report_year: int,
    registry: Registry,
    looks: Iterable[Look],
    holdings: Iterable[Holding],
    now: datetime,
    thresholds: Thresholds | None = None,
    *,
    previous: Obligation | None = None,
    assignments: Iterable[Assignment] = (),
    undecided: Iterable[Undecided] = (),
    names: Names | None = None,
    watch_from: int | None = None,
) -> Obligation:
    """The status of one (body, report year) at `now`; for many use `judge_all`, which sorts each list only once.

    `looks`: all visits to the body's columns. `holdings`: what is held of any body listed there (positive controls).
    `previous`: the stored obligation, by which a `missing` once given stands.
    """
    judging = Judge(
        registry,
        looks,
        holdings,
        now,
        thresholds,
        previous=() if previous is None else (previous,),
        assignments=assignments,
        undecided=undecided,
        names=names,
        watch_from={} if watch_from is None else {body.id: watch_from},
        bodies=(body.id,),
    )
    return judging.obligation(body, report_year)


def judge_all(
    registry: Registry,
    looks: Iterable[Look],
    holdings: Iterable[Holding],
    now: datetime,
    thresholds: Thresholds | None = None,
    *,
    bodies: Collection[str] | None = None,
    previous: Iterable[Obligation] = (),
    assignments: Iterable[Assignment] = (),
    undecided: Iterable[Undecided] = (),
    names: Names | None = None,
    watch_from: Mapping[str, int] | None = None,
) -> tuple[Obligation, ...]:
    """The status of every (body, report year) that is to be judged at `now`: see `Judge.report_years`.

    `bodies`: only these (ids), where given; the looks and holdings of all columns they share must still be handed in.
    """
    judging = Judge(
        registry, looks, holdings, now, thresholds,
        previous=previous, assignments=assignments, undecided=undecided, names=names, watch_from=watch_from,
        bodies=None if bodies is None else frozenset(bodies),
    )  # fmt: skip
    wanted = registry.bodies.values() if bodies is None else [registry.bodies[b] for b in bodies]
    return tuple(judging.obligation(body, year) for body in wanted for year in judging.report_years(body))


def _exempt(base: Obligation, exemption: Exemption) -> Obligation:
    return replace(
        base,
        status=Status.EXEMPT,
        clause=EXEMPTION,
        certain=False,
        explanation_zh=f"豁免：{exemption.reason}（来源：{exemption.source}）。",
        explanation_en=f"Exempt: {exemption.reason} (source: {exemption.source}).",
    )
