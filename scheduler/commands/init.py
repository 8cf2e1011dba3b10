"""`ogiwatch init`: a home of one's own."""

from __future__ import annotations

import click

from scheduler import output
from scheduler.home import Home
from scheduler.options import pass_home
from scheduler.settings import FILE_NAME, default_text


@click.command("init")
@click.option("--print", "only_print", is_flag=True, help="Print the settings file with all defaults; write nothing.")
@pass_home
def command(home: Home, only_print: bool) -> None:
    """Make a home: the folder, a settings file in which every default stands as a comment, and a registry folder.

    What is already there stays as it is. The database is made by the first command that needs it.

    \b
    Example:
      ogiwatch --home ./data init
      ogiwatch init --print > my-settings.toml
    """
    if only_print:
        click.echo(default_text(), nl=False)
        return
    home.make()
    (home.path / "registry").mkdir(exist_ok=True)
    path = home.path / FILE_NAME
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(default_text())
        output.progress(f"wrote {path}: set crawl.contact before you crawl real portals")
    except FileExistsError:
        output.progress(f"kept {path} as it is")
    click.echo(str(home.path))
