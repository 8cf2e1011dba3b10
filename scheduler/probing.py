"""Probing columns: what stands at their addresses now, and what their rows in the registry should say. Interprets only
the names that lists print."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from crawler.probe import Probe
from db.instants import instant
from db.look_rows import CHANGED, accept_layout, base_before
from parsers.titles import parse_title
from registry.model import Column, LookResult, Registry, Verification
from registry.names import NameIndex, fold
from scheduler.children import Overdue, run_module
from scheduler.home import Home
from scheduler.model import SchedulerError
from scheduler.output import complain, progress
from scheduler.timetable import batches

NO_ANSWER = frozenset({LookResult.DNS, LookResult.TIMEOUT, LookResult.REFUSED})
OURS = 5  # from so many columns on, none of which answers, the fault is rather our own connection


@dataclass(frozen=True, slots=True)
class Probed:
    """One column, what the probe found, the row as it should be, and why it is kept where the probe speaks against."""

    column: Column
    found: Probe
    row: Column
    remark: str = ""

    @property
    def changed(self) -> bool:
        """True if the row should be written."""
        return self.row != self.column


def require_contact(home: Home) -> None:
    """Raises SchedulerError where portals would be asked without a contact address (loopback needs none)."""
    crawl = home.settings.crawl
    if not crawl.contact and not crawl.allow_private:
        raise SchedulerError(
            f"{home.path / 'settings.toml'}: crawl.contact: set a mail address or URL first, so that a portal's "
            "operator can reach whoever asks; nobody was asked"
        )


def probe_columns(home: Home, columns: Sequence[Column]) -> Iterator[Probe]:
    """Look once at each column, a child process for each batch of hosts; those not reached in time are left out.

    Raises SchedulerError if the settings name no contact, or a child fails.
    """
    require_contact(home)
    settings = home.settings.crawl
    groups = batches(columns, settings.batch_hosts)
    for number, group in enumerate(groups, start=1):
        progress(f"probe: batch {number} of {len(groups)}, {len(group)} columns")
        with tempfile.TemporaryDirectory(prefix="ogiwatch-probe-") as folder:
            rows, output = Path(folder) / "rows", Path(folder) / "found"
            rows.write_text("".join(json.dumps(asdict(c), ensure_ascii=False) + "\n" for c in group), encoding="utf-8")
            told = {
                "--rows": rows,
                "--output": output,
                "--now": instant(home.clock.now()),
                "--user-agent": settings.user_agent,
                "--contact": settings.contact,
                "--delay": settings.delay_seconds,
                "--timeout": settings.timeout_seconds,
            }
            arguments = [f"{name}={value}" for name, value in told.items()]
            arguments += ["--allow-private"] if settings.allow_private else []
            try:
                status = run_module("crawler.probe", arguments, settings.batch_minutes * 60)
            except Overdue as error:
                complain(f"probe: batch {number} was {error}; its columns are left as they are")
                continue
            if status != 0:
                raise SchedulerError(f"the probe ended with exit status {status}")
            for line in output.read_text(encoding="utf-8").splitlines():
                told_of = json.loads(line)
                yield Probe(**{**told_of, "years": tuple(told_of["years"]), "titles": tuple(told_of["titles"])})


def settle(probes: Sequence[Probe], columns: Sequence[Column], registry: Registry) -> list[Probed]:
    """What the rows of these columns should say. Raises SchedulerError if nothing answered at all: that is our own
    connection, and says nothing of a portal.
    """
    if len(probes) >= OURS and all(p.result in NO_ANSWER for p in probes):
        raise SchedulerError(f"none of {len(probes)} columns answered; rather our own connection than theirs")
    names = NameIndex(registry)
    by_id = {column.id: column for column in columns}
    return [_settled(by_id[found.column], found, names) for found in probes]


def _settled(column: Column, found: Probe, names: NameIndex) -> Probed:
    said = Verification(found.verified)
    if said is Verification.UNVERIFIED:
        return Probed(column, found, column, "the probe cannot tell; the row is kept")
    if said is Verification.DEAD and column.verified is Verification.VERIFIED and found.result in NO_ANSWER:
        return Probed(column, found, column, "it did not answer this once; the row is kept")
    if said is not Verification.VERIFIED:
        return Probed(column, found, replace(column, verified=said))
    if others := foreign_names(column, found.titles, names):
        return Probed(column, found, column, f"its titles name {', '.join(others)} and none of its own bodies")
    family = found.family or column.family
    return Probed(column, found, replace(column, verified=said, basis="seen", family=family))


def foreign_names(column: Column, titles: Sequence[str], names: NameIndex) -> tuple[str, ...]:
    """Bodies that the titles of a list name, where they name none of the column's: then it is another's column."""
    named = Counter(body for title in titles for body in names.find(parse_title(title).publisher or ""))
    if not named or named.keys() & set(column.bodies):
        return ()
    return tuple(body for body, _ in named.most_common(3))


def accept_kept_layouts(home: Home, probed: Sequence[Probed]) -> list[str]:
    """Accept the new layout of columns whose looks say that their list changed, where the probe read the whole list
    and found every title known before; the ids. A list that lacks any of them needs a person.
    """
    if not home.exists:
        return []
    accepted = []
    database = home.open()
    try:
        for one in probed:
            base = base_before(database, one.column.id)
            if base is None or base[0] not in CHANGED or one.found.verified != Verification.VERIFIED:
                continue
            lost = Counter(fold(e.title) for e in base[1]) - Counter(fold(title) for title in one.found.titles)
            if lost or foreign_names(one.column, one.found.titles, NameIndex(home.registry)):
                continue
            reason = f"all {len(base[1])} titles known before are listed"
            now = home.clock.now()
            accept_layout(database, one.column.id, author="ogiwatch registry probe", reason=reason, now=now)
            accepted.append(one.column.id)
    finally:
        database.close()
    return accepted


def described(probed: Probed) -> str:
    """What a probe found, for a person: family, entries, years, paging, robots.txt, and the first titles."""
    found = probed.found
    pages = f"{found.pages_read} of {found.pages_expected or found.pages_read} pages"
    lines = [
        f"{found.url}: {found.result}: {found.detail}",
        f"family: {found.family or 'none that we know, read as generic'}",
        f"list: {found.entries} entries, {found.reports} of them yearly reports, {pages}; years {span(found.years)}",
        f"robots.txt: {found.robots}",
        *(f"  {title}" for title in found.titles[:5]),
        f"the row would say: {probed.row.verified}{'; ' + probed.remark if probed.remark else ''}",
    ]
    return "\n".join(lines)


def span(years: Sequence[int]) -> str:
    """Years in short: 2019-2024, or one by one where some are missing."""
    if not years:
        return "-"
    whole = len(years) > 1 and list(years) == list(range(years[0], years[-1] + 1))
    return f"{years[0]}-{years[-1]}" if whole else " ".join(map(str, years))
