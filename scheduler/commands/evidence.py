"""`ogiwatch evidence`: what a verdict rests on, for whoever wants to check it."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.home import Home
from scheduler.options import as_of, pass_home


@click.command("evidence")
@click.argument("body")
@click.argument("year", type=click.IntRange(2008, 2099))
@click.option("--output", "folder", type=click.Path(path_type=Path, file_okay=False), help="Write here.")
@click.option("--wacz", is_flag=True, help="Also write the records as one file that replay tools open.")
@as_of
@pass_home
def command(home: Home, body: str, year: int, folder: Path | None, wacz: bool) -> None:
    """Write a folder with all that the verdict on BODY (its id) and YEAR rests on; print the paths.

    It holds a statement in plain words (what was looked at and when, in Chinese and English), every look with its
    result, the list pages and documents as they were fetched under their SHA-256, the WARC records of what was sent
    and answered with their headers, the findings, and a manifest with the hash of every file. By default it is
    ./evidence-BODY-YEAR. The setting evidence.timestamp_command is run on the manifest, e.g. for an RFC 3161 stamp.

    \b
    Example:
      ogiwatch evidence bj-haidian 2024
    """
    from scheduler.evidence import write_evidence

    database = home.open(create=False, read_only=True)
    try:
        written = write_evidence(home, database, body, year, folder or Path(f"evidence-{body}-{year}"), wacz=wacz)
    finally:
        database.close()
    for path in written:
        click.echo(str(path))
