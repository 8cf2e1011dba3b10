"""`ogiwatch crawl`: visit the portals."""

from __future__ import annotations

import sys

import click

from scheduler import output
from scheduler.home import Home
from scheduler.options import as_json, as_of, pass_home


@click.command("crawl")
@click.option("--column", "columns", multiple=True, help="This column (id), due or not; may be repeated.")
@click.option("--body", "bodies", multiple=True, help="The columns of this body (id), due or not; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="All columns, due or not.")
@as_json
@as_of
@pass_home
def command(home: Home, columns: tuple[str, ...], bodies: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Visit the columns that are due: read their lists, archive what is new, and keep a look of each visit.

    A column that cannot be reached is no fault of the command: the look says what happened, and nothing is
    concluded from it. Prints how many looks came to what; exit status 2 only if the crawl itself failed.

    \b
    Examples:
      ogiwatch crawl
      ogiwatch crawl --body bj-haidian
      ogiwatch crawl --all --as-of 2026-04-09T02:00
    """
    from scheduler.pipeline import crawl, working

    with working(home) as database:
        done = crawl(home, database, columns=columns, bodies=bodies, everything=everything)
    if as_json:
        output.json_line({"columns": done.columns, "looks": done.looks, "failed_batches": done.failed})
    else:
        output.table(("look", "columns"), sorted(done.looks.items()))
    if done.failed:
        sys.exit(2)
