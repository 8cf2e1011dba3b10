"""`ogiwatch run` and `ogiwatch serve`: the service, and the site alone."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from scheduler.home import Home
from scheduler.options import Moment, as_of, pass_home


@click.command("run")
@click.option("--port", type=click.IntRange(0, 65535), help="Serve the site here; by default the settings' port.")
@click.option("--once", is_flag=True, help="One round (crawl, read, judge, tell) without the site, then end: for cron.")
@click.option("--due-at", type=Moment(), hidden=True, help="The instant at which this round fell due.")
@as_of
@pass_home
def command(home: Home, port: int | None, once: bool, due_at: datetime | None) -> None:
    """Run the service: a round every night, alerts when there are any, and the site, until it is told to stop.

    A round visits the portals that are due, reads what is new, judges, and tells the subscribers. What fell due
    while the service was down, or was cut off, is done at the next start. SIGTERM or Ctrl-C stop it cleanly. Two
    services never run on one home.
    """
    if once:
        from scheduler.pipeline import round_once

        sys.exit(0 if round_once(home, due_at) else 2)
    from scheduler.service import run_service

    run_service(home, port)


@click.command("serve")
@click.option("--host", help="Listen on this address; by default the settings'.")
@click.option("--port", type=click.IntRange(0, 65535), help="Listen on this port (0: any free one).")
@click.option(
    "--operator",
    is_flag=True,
    help="Also the pages on which people assign documents and give verdicts, for whoever logs in with the address"
    " that is printed; listens on 127.0.0.1 unless --host is given.",
)
@pass_home
def serve(home: Home, host: str | None, port: int | None, operator: bool) -> None:
    """Serve the site alone, read-only, until Ctrl-C; it may run beside `run` and beside other commands."""
    from scheduler.service import serve_site

    serve_site(home, host, port, operator=operator)
