"""`ogiwatch export` and `ogiwatch backup`: copies for others, and for the day the disk dies."""

from __future__ import annotations

from pathlib import Path

import click

from db import snapshot
from scheduler.home import Home
from scheduler.options import as_of, pass_home


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--database", is_flag=True, help="Also ogiwatch.db without subscribers, fit to be published.")
@pass_home
def command(home: Home, folder: Path, database: bool) -> None:
    """Write what is known into FOLDER as CSV and JSON lines: statuses, findings, reports, figures, looks, changes.

    All files show one instant. Prints the paths.
    """
    source = home.open(create=False, read_only=True)
    try:
        written = snapshot.export(source, folder)
        if database:
            written.append(snapshot.public_copy(source, folder / "ogiwatch.db"))
    finally:
        source.close()
    for path in written:
        click.echo(str(path))


@click.command("backup")
@click.argument("target", required=False, type=click.Path(path_type=Path, dir_okay=False))
@as_of
@pass_home
def backup(home: Home, target: Path | None) -> None:
    """Copy the database, as it is at one instant, to TARGET (default: <home>/backups/<instant>.db); print the path.

    It may run while the service works. The archive beside it is never changed, only added to: copy the folder
    archive/ with any tool, after the database.
    """
    name = home.clock.now().strftime("%Y%m%dT%H%M%SZ.db")
    source = home.open(create=False, read_only=True)
    try:
        written = snapshot.backup(source, target or home.path / "backups" / name)
    finally:
        source.close()
    click.echo(str(written))
