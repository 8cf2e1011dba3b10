"""`ogiwatch judge`: statuses and findings."""

from __future__ import annotations

import click

from scheduler import output
from scheduler.home import Home
from scheduler.options import as_json, as_of, pass_home


@click.command("judge")
@click.option("--body", "bodies", multiple=True, help="Only this body (id); may be repeated. By default all.")
@as_json
@as_of
@pass_home
def command(home: Home, bodies: tuple[str, ...], as_json: bool) -> None:
    """Judge: the status of every obligation and the findings of every report, from what was archived and read.

    What changed becomes an event for the subscribers. Judging again changes nothing unless something new was
    seen or time has passed.
    """
    from scheduler.pipeline import judge, working

    with working(home) as database:
        done = judge(home, database, bodies or None)
    if as_json:
        output.json_line({"bodies": done.bodies, "obligations": done.obligations, "events": done.events})
    else:
        output.table(
            ("judged", "number"),
            [("bodies", done.bodies), ("obligations", done.obligations), ("new events", done.events)],
        )
