"""`ogiwatch judge`: statuses and findings."""

from __future__ import annotations

import sys

import click

from scheduler import output
from scheduler.home import Home
from scheduler.options import as_json, as_of, pass_home


@click.command("judge")
@click.option("--body", "bodies", multiple=True, help="Only this body (id); may be repeated. By default all.")
@click.option("--verify", is_flag=True, help="Change nothing: rebuild all statuses from the ledgers and compare.")
@as_json
@as_of
@pass_home
def command(home: Home, bodies: tuple[str, ...], verify: bool, as_json: bool) -> None:
    """Judge: the status of every obligation and the findings of every report, from what was archived and read.

    What changed becomes an event for the subscribers. Judging again changes nothing unless something new was
    seen or time has passed. With --verify the exit status is 1 if a rebuilt status is not the stored one, and
    each difference is a line.
    """
    from scheduler.pipeline import judge, working

    if verify:
        if bodies:
            raise click.UsageError("--verify compares all bodies: expected no --body beside it")
        _verify(home, as_json)
        return
    with working(home) as database:
        done = judge(home, database, bodies or None)
    if as_json:
        output.json_line({"bodies": done.bodies, "obligations": done.obligations, "events": done.events})
    else:
        output.table(
            ("judged", "number"),
            [("bodies", done.bodies), ("obligations", done.obligations), ("new events", done.events)],
        )


def _verify(home: Home, as_json: bool) -> None:
    from scheduler.rebuild import verify

    database = home.open(create=False, read_only=True)
    try:
        done = verify(home, database)
    finally:
        database.close()
    for found in done.differences:
        if as_json:
            output.json_line(
                {
                    "body": found.body,
                    "report_year": found.report_year,
                    "what": found.what,
                    "stored": found.stored,
                    "rebuilt": found.rebuilt,
                }
            )
        else:
            click.echo(str(found))
    if done.skipped:
        output.complain(f"judge: {done.skipped} bodies not compared: something came in after they were judged")
    if not as_json:
        output.table(
            ("verified", "number"),
            [("bodies", done.bodies), ("obligations", done.obligations), ("differences", len(done.differences))],
        )
    if done.differences:
        sys.exit(1)
