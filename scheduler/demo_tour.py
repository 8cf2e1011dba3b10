"""What the demo prints at its end: counts by status, where everything lies, and a short tour of the site."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import click
from sqlite_utils import Database

from samples.season_plan import REAL_BODIES, YEAR
from scheduler.demo_inbox import Inbox
from scheduler.home import Home
from scheduler.output import table


@dataclass(frozen=True, slots=True)
class Stop:
    """One page of the tour: its path on the site, and what is to be seen there."""

    path: str
    says: str


def stops(db: Database) -> list[Stop]:
    """The pages of the tour."""
    found = [
        Stop("/", "the front page: counts by status and the newest changes"),
        Stop(
            f"/body/demo-transport/{YEAR}",
            "missing: the looks that did not find it, each with another body's report of that year as its control",
        ),
        Stop(
            f"/body/{REAL_BODIES['000']}/2019",
            "late by 320 days, by the day its own page states (a real report; its kind here is the demo's choice)",
        ),
        Stop("/body/demo-civil/2024/report", "figures that do not add up, marked in the table as the form prints it"),
        Stop(f"/body/{REAL_BODIES['002']}/2019/report", "a real report on the old sheet: 0 replies against 4 + 1"),
        Stop(f"/body/demo-health/{YEAR}", "withdrawn: published in time, then gone from its address and its list"),
        Stop(f"/body/demo-police/{YEAR}", "unverified, never missing: the portal answers 403"),
        Stop(f"/body/demo-audit/{YEAR}", "changed after publication: two versions, and a finding that was closed"),
    ]
    for row in db.query(_ONE_FINDING):
        path = f"/finding/{quote(row['finding_id'], safe=':')}"
        found.insert(4, Stop(path, "one finding, with its formula and both sides filled in"))
    return found


def show(home: Home, inbox: Inbox) -> None:
    """Print all of it on standard output."""
    db = home.open(create=False, read_only=True)
    try:
        counts = [(row["status"], row["obligations"]) for row in db.query(_COUNTS)]
        tour = stops(db)
        sent = db.execute("SELECT count(*) FROM deliveries WHERE state = 'sent'").fetchone()[0]
    finally:
        db.close()
    site = home.settings.site_url
    table(("status", "bodies and years"), counts)
    click.echo(f"\nsite      {site}/")
    click.echo(f"database  {home.path / 'ogiwatch.db'}")
    click.echo(f"mailbox   {inbox.mailbox} (a Maildir folder) and webhooks {inbox.hooks}: {sent} messages in all")
    click.echo("\nA tour:")
    for stop in tour:
        click.echo(f"  {site}{stop.path}\n      {stop.says}")
    click.echo(f"\nLater: `ogiwatch --home {home.path} serve` shows the same site; `ogiwatch demo` plays it all anew.")


_ONE_FINDING = "SELECT finding_id FROM open_findings WHERE family = 'request_parts' ORDER BY finding_id LIMIT 1"
_COUNTS = "SELECT status, count(*) AS obligations FROM obligations GROUP BY status ORDER BY obligations DESC, status"
