"""Every status once more from the ledgers, held against the stored one: nothing rests on what only a row remembers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from sqlite_utils import Database

import parsers
from db.event_rows import judged_instants, load_flips, looked_at_since_judged
from db.judgement_rows import load_obligations
from db.judgement_values import obligation_from, obligation_row
from db.registry_rows import load_registry
from db.report_rows import bodies_with_unread
from db.transactions import read
from monitor.events import instant
from monitor.model import Obligation
from registry.model import Registry
from scheduler.home import Home
from scheduler.judging import Bench

_AT_ONCE = 200  # bodies whose looks and holdings are in memory at a time


@dataclass(frozen=True, slots=True)
class Difference:
    """What the ledgers give and what is stored, for one thing said of one obligation."""

    body: str
    report_year: int
    what: str
    stored: str
    rebuilt: str

    def __str__(self) -> str:
        return f"{self.body} {self.report_year}: {self.what}: stored {self.stored}, rebuilt {self.rebuilt}"


@dataclass(slots=True)
class Verified:
    """What was compared. `skipped`: bodies that cannot be, since something came in after they were judged."""

    bodies: int = 0
    obligations: int = 0
    skipped: int = 0
    differences: list[Difference] = field(default_factory=list)


def verify(home: Home, db: Database) -> Verified:
    """Judge every body again as of the instant at which it was judged, from registry, looks, documents, reports,
    assignments and events as the database holds them, and compare everything that is said of each obligation.

    Reads only, one state of the database. Bodies are skipped whose columns were visited, addresses assigned or
    documents left unread since they were judged, and those the registry no longer has.
    """
    done = Verified()
    with read(db):
        registry = load_registry(db)
        passed_over = looked_at_since_judged(db) | bodies_with_unread(db, parsers.VERSION)
        judged: dict[datetime, list[str]] = {}
        for body, at in judged_instants(db).items():
            if body in passed_over or body not in registry.bodies:
                done.skipped += 1
            else:
                judged.setdefault(at, []).append(body)
        bench = Bench(db, registry, home.settings.judging)
        for at, bodies in judged.items():
            for start in range(0, len(bodies), _AT_ONCE):
                batch = bodies[start : start + _AT_ONCE]
                done.bodies += len(batch)
                done.differences += _compare(db, bench, registry, batch, at, done)
    return done


def _compare(
    db: Database, bench: Bench, registry: Registry, bodies: Sequence[str], at: datetime, done: Verified
) -> Iterator[Difference]:
    judge, _ = bench.judge_of(bodies, at)
    chosen = [registry.bodies[body] for body in bodies]
    stored = {(o.body, o.report_year): o for o in load_obligations(db, bodies)}
    made = [judge.obligation(body, year) for body in chosen for year in judge.report_years(body)]
    rebuilt = {(o.body, o.report_year): o for o in made}
    turned = load_flips(db, bodies)
    for body, year in sorted(stored.keys() | rebuilt.keys()):
        done.obligations += 1
        old, new = stored.get((body, year)), rebuilt.get((body, year))
        if old is None or new is None:
            said = [o.status.value if o else "nothing" for o in (old, new)]
            yield Difference(body, year, "status", *said)
            continue
        yield from _differences(old, new)
        flip = turned.get((body, year))
        if flip is not None and flip.status is not old.status:
            yield Difference(body, year, "status", old.status.value, f"{flip.status.value} (last event)")


def _differences(stored: Obligation, rebuilt: Obligation) -> Iterator[Difference]:
    """Field by field, after the way through the database: instants lose what is below a second."""
    since = stored.since if rebuilt.since is None else rebuilt.since
    fresh = obligation_from({**obligation_row(rebuilt), "since": instant(since) if since else ""})
    for item in fields(Obligation):
        one, other = getattr(stored, item.name), getattr(fresh, item.name)
        if one != other:
            yield Difference(stored.body, stored.report_year, item.name, _short(one), _short(other))


def _short(value: object) -> str:
    """One line of a value, cut where it is long."""
    text = " ".join(str(value).split())
    return text if len(text) <= 120 else f"{text[:119]}…"
