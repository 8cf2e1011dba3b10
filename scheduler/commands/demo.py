"""`ogiwatch demo`: the whole service on made-up portals."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.home import Home
from scheduler.options import pass_home


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Stop when the season is played instead of serving the site.")
@click.option("--port", type=click.IntRange(0, 65535), help="Serve the site here; by default the settings' port.")
@click.pass_context
@pass_home
def command(home: Home, ctx: click.Context, no_serve: bool, port: int | None) -> None:
    """Play a season on local portals: crawl over HTTP on simulated days, read, judge, alert, and serve the site.

    Everything is written to ./demo-data unless --home says otherwise; nothing leaves this machine.
    """
    from scheduler.demo import play

    chosen = ctx.find_root().get_parameter_source("home")
    if chosen is not None and chosen.name == "DEFAULT":
        home.path = Path("demo-data")
    play(home, serve=not no_serve, port=port)
