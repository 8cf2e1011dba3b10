"""When a truly absent body must be named: the clauses of the proof of absence (domain section 1), worked out from what
is true of a portal and from our visits alone; nothing of the crawler, the reader or the monitor is asked (no tests).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from registry.model import SHANGHAI
from samples.portals import Portal, PortalEntry, PortalFault

GRACE_DAYS, LOOKS, DAYS, HOURS = 7, 3, 3, 120
# these strike the second page; a list of one page has none
OF_MORE_PAGES = (PortalFault.PAGING_CUT, PortalFault.PAGE_REPEATS)


@dataclass(slots=True)
class Oracle:
    """What our looks at one column of several bodies have shown, if each look is what domain section 1 says."""

    due: date
    first: bool = True  # no look was whole yet
    known: dict[str, PortalEntry] = field(default_factory=dict)  # listed by the last whole look, by path
    accepted: bool = False  # a person has accepted the new list; the next whole look begins anew
    grown: bool = False  # a report was put into the list since our first look
    strange: bool = False  # a whole look showed this year's report of nobody we know: any body's, under a new name
    tried: set[date] = field(default_factory=set)
    absent: dict[str, list[datetime]] = field(default_factory=dict)

    def look(self, portal: Portal, at: datetime, titles: dict[str, str], before: dict[str, str]) -> None:
        """A look at `at`. `titles`: of each body's report of the season's year, `before`: of the year before."""
        self.tried.add(at.date())
        listed = self._whole(portal)
        if listed is None:
            return
        shown = {entry.title for entry in listed.values()}
        year = set(titles.values())
        if not self.first and not self.accepted:
            self.grown = self.grown or bool({e.title for p, e in listed.items() if p not in self.known} & year)
        if self.accepted:  # nothing that was seen of the list before speaks of the new one
            self.absent.clear()
            self.grown = False
        self.first = self.accepted = False
        self.strange = self.strange or portal.fault is PortalFault.OTHER_LIST
        self.known = listed
        if at.date() <= self.due:
            return
        for body, title in titles.items():
            control = bool(shown & (year - {title})) or (before[body] in shown and self.grown)
            if title not in shown and control:
                self.absent.setdefault(body, []).append(at)

    def _whole(self, portal: Portal) -> dict[str, PortalEntry] | None:
        """What the list shows, by path; None for a look that is not complete."""
        struck = portal.fault not in (None, PortalFault.OTHER_LIST)
        if struck and not (portal.fault in OF_MORE_PAGES and portal.pages == 1):
            return None
        listed = {entry.path: entry for entry in portal.listed()}
        if self.first or self.accepted:
            return listed
        gone = [path for path in self.known if path not in listed]
        answers = {entry.path: entry.status for entry in portal.entries}
        if len(gone) * 2 > len(self.known) or any(answers.get(path, 404) == 200 for path in gone):
            return None
        return listed

    def proven(self, body: str, at: datetime) -> bool:
        """Whether all clauses are complete with a look at `at`, the newest."""
        over = datetime.combine(self.due + timedelta(days=GRACE_DAYS + 1), datetime.min.time(), SHANGHAI)
        seen = self.absent.get(body, [])
        return (
            at >= over
            and not self.strange
            and len([day for day in self.tried if self.due < day < at.date()]) >= GRACE_DAYS
            and len(seen) >= LOOKS
            and seen[-1] == at
            and len({one.date() for one in seen}) >= DAYS
            and seen[-1] - seen[0] > timedelta(hours=HOURS)  # not equal: visits begin some seconds later
        )
