"""The demo's portals, made from the plan and moved from one simulated day to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from operator import itemgetter

from samples.made_reports import Made, made_reports
from samples.portal_model import Portal, PortalEntry, PortalFault
from samples.portal_shapes import SHAPES
from samples.printing import print_report
from samples.report_model import SAMPLES, SampleReport, load_sample
from samples.season_plan import (
    APPEARANCES,
    BODIES,
    DEPARTURES,
    FAULTS,
    FIRST_DAY,
    PORTALS,
    REVISIONS,
    YEAR,
    DemoBody,
    DemoPortal,
)

REAL = "real-"
# What stands in a column beside reports: never one, and never taken for one.
GUIDE = "政府信息公开指南"


class Season:
    """The portals as they stand on one day. `portals` by their column's id; `day` the day they show."""

    def __init__(self) -> None:
        self.day = FIRST_DAY - timedelta(days=1)
        self.portals: dict[str, Portal] = {}
        self._home: dict[str, str] = {}  # body -> portal
        self._entries: dict[tuple[str, int], PortalEntry] = {}
        self._bodies = {body.id: body for body in BODIES}
        self._reports = {body.id: _reports_of(body) for body in BODIES}
        self._number = 100
        for plan in PORTALS:
            self.portals[plan.id] = Portal(
                plan.id, plan.shape, title=plan.title, page_size=plan.page_size, address=plan.address
            )
            self._home.update(dict.fromkeys(plan.bodies, plan.id))
            self._open(plan)

    def advance(self, day: date) -> tuple[str, ...]:
        """Let everything happen that the plan has up to this day, in its order; says what, in plain words."""
        acts = sorted(((at, what, act) for at, what, act in self._acts() if self.day < at <= day), key=itemgetter(0))
        for _, _, act in acts:
            act()
        self.day = day
        return tuple(what for _, what, _ in acts)

    def _acts(self) -> Iterator[tuple[date, str, Callable[[], None]]]:
        names = {body.id: body.name for body in BODIES}
        for new in APPEARANCES:
            act = partial(self._publish, new.body, new.year, new.stated, new.day, new.title)
            yield new.day, f"{names[new.body]} publishes its report of {new.year}", act
        for gone in DEPARTURES:
            act = partial(self._remove, gone.body, gone.year)
            yield gone.day, f"{names[gone.body]} takes its report of {gone.year} down", act
        for revised in REVISIONS:
            act = partial(self._revise, revised.body, revised.year, revised.made, revised.day)
            yield revised.day, f"{names[revised.body]} changes its report of {revised.year}", act
        for fails in FAULTS:
            act = partial(self._break, fails.portal, fails.fault)
            yield fails.day, f"the portal {fails.portal} begins to fail: {fails.fault}", act

    def _open(self, plan: DemoPortal) -> None:
        if plan.id.startswith(REAL):
            self._open_real(plan)
            return
        held = [(year, body) for body in plan.bodies for year in self._bodies[body].held]
        for year, body in sorted(held):
            usual = date(year + 1, 3 if self._bodies[body].kind == "government" else 1, 8 + self._number % 20)
            self._publish(body, year, usual, usual)

    def _open_real(self, plan: DemoPortal) -> None:
        """A real report with its own title and day, and the guide that stands beside it in most columns."""
        portal = self.portals[plan.id]
        report = load_sample(next(n for n in SAMPLES if plan.id == REAL + n))
        shape = SHAPES[plan.shape]
        portal.entries.append(_guide(shape.path(self._next(), date(report.report_year, 6, 1))))
        path = shape.path(self._next(), report.day or date(report.report_year + 1, 1, 1))
        body = print_report(report)
        portal.entries.append(PortalEntry(report.title, path, report.day, body, show_day=report.day is not None))

    def _publish(self, body: str, year: int, stated: date | None, listed: date, title: str = "") -> None:
        portal = self.portals[self._home[body]]
        report = self._reports[body][year]
        path = SHAPES[portal.family].path(self._next(), listed)
        entry = PortalEntry(
            title or report.title, path, listed, print_report(report), page_day=stated, show_day=stated is not None
        )
        if title:  # a page that does not say whose report it is
            entry.body = print_report(replace(report, opening=()))
        self._entries[body, year] = entry
        portal.entries.insert(0, entry)

    def _remove(self, body: str, year: int) -> None:
        entry = self._entries[body, year]
        entry.listed, entry.status = False, 404

    def _revise(self, body: str, year: int, made: Made, day: date) -> None:
        plan = self._bodies[body]
        report = _reports_of(replace(plan, special={**plan.special, year: made}))[year]
        entry = self._entries[body, year]
        entry.body, entry.day = print_report(report), day

    def _break(self, portal: str, fault: PortalFault) -> None:
        self.portals[portal].fault = fault

    def _next(self) -> int:
        self._number += 1
        return self._number


def _reports_of(body: DemoBody) -> dict[int, SampleReport]:
    years = {*body.held, YEAR}
    return made_reports(
        body.name, years, body.scale, special=dict(body.special), government=body.kind in ("government", "township")
    )


def _guide(path: str) -> PortalEntry:
    return PortalEntry(GUIDE, path, body="<p>本指南说明公开的范围、方式和受理申请的机构。</p>", show_day=False)
