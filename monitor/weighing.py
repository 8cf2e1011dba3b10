"""What is kept of the looks that were weighed for one (body, report year): those cited and, bounded, the others.

A reader has to see why a look at the same column counts and another does not. Looks cited are always kept; of the
others the latest, so that a status stays a row of a few kilobytes however long a column is watched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.model import Obligation, Observation, Sight, Status
from monitor.observations import ColumnHistory

BEFORE_OUR_WATCH = "before_our_watch"  # the clause of a year that fell due before we looked

KEPT = 60  # a column looked at daily through a season
KEPT_HELD = 12  # of a report that is held: what was seen before it came

_HELD = frozenset({Status.ON_TIME, Status.LATE, Status.UNDATED})
_OPEN = frozenset({Status.AWAITING, Status.MISSING, Status.UNVERIFIED, Status.WITHDRAWN})


def weighed(made: Obligation, histories: Sequence[ColumnHistory], due_end: datetime | None) -> tuple[Observation, ...]:
    """The observations to keep with an obligation, oldest first: the cited ones and the latest of the others.

    `due_end` (aware): the first instant after the due day, None without a duty. Of a year that is not due, is exempt or
    fell due before we looked, nothing else is kept: no look could decide it.
    """
    cited = made.observations
    if made.status not in _HELD | _OPEN or made.clause == BEFORE_OUR_WATCH:
        return cited
    limit = KEPT_HELD if made.status in _HELD else KEPT
    others: list[Observation] = []
    for history in histories:
        said = history.observe(made.body, made.report_year, due_end)
        if made.status in _HELD:  # once it was seen, later looks add nothing
            said = tuple(o for o in said if o.sight is not Sight.SEEN and _before(o, made.published_by))
        others += said[-limit:]
    named = {(o.look, o.column) for o in cited}
    latest = sorted((o for o in others if (o.look, o.column) not in named), key=_order)
    room = max(0, limit - len(cited))
    return tuple(sorted((*cited, *latest[len(latest) - room :]), key=_order)) if room else cited


def _before(observation: Observation, by: datetime | None) -> bool:
    return by is None or observation.at < by


def _order(observation: Observation) -> tuple[datetime, int]:
    return observation.at, observation.look
