"""The command line `ogiwatch`: results on standard output, progress and faults on standard error.

Exit status 0: done; 1: the work found what the user asked to be told; 2: bad usage or input.
"""

from __future__ import annotations

import errno
import importlib
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from db.errors import DatabaseError
from monitor.model import MonitorError
from parsers.model import ParserError
from registry.model import RegistryError
from scheduler.clock import Clock
from scheduler.home import Home
from scheduler.model import SchedulerError
from scheduler.options import Moment

# name: (where it is, what it does). A command is imported when it is called: `ogiwatch read` should not wait for the
# web server's import.
COMMANDS = {
    "init": ("scheduler.commands.init:command", "Make a home with a commented settings file."),
    "demo": ("scheduler.commands.demo:command", "Play a season on made-up local portals and serve the site."),
    "run": ("scheduler.commands.run:command", "Run the service: nightly rounds, alerts and the site."),
    "serve": ("scheduler.commands.run:serve", "Serve the site alone, read-only."),
    "crawl": ("scheduler.commands.crawl:command", "Visit the portals that are due, archive what is new."),
    "read": ("scheduler.commands.read:command", "Read reports: files, or what was crawled."),
    "check": ("scheduler.commands.check:command", "Check reports: do the figures add up, is the form kept?"),
    "judge": ("scheduler.commands.judge:command", "Judge who has published, and what does not add up."),
    "alert": ("scheduler.commands.alert:command", "Tell the subscribers what changed."),
    "status": ("scheduler.commands.status:command", "Show where every obligation stands."),
    "registry": ("scheduler.commands.registry:command", "Check, list and extend who owes reports, and where."),
    "rules": ("scheduler.commands.rules:command", "List the rules that reports are judged by."),
    "subscribe": ("scheduler.commands.subscribe:command", "Add, list and remove subscribers."),
    "review": ("scheduler.commands.review:command", "Assign what could not be decided; give verdicts on findings."),
    "evidence": ("scheduler.commands.evidence:command", "Write what one verdict rests on into a folder."),
    "export": ("scheduler.commands.export:command", "Write everything as CSV and JSON lines."),
    "backup": ("scheduler.commands.export:backup", "Copy the database as it is at one instant."),
}


class Failure(click.ClickException):
    """Bad input or a machine that cannot go on: one line on standard error, exit status 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the message as one line."""
        click.echo(f"ogiwatch: {' '.join(self.message.split())}", err=True)


def explain(error: Exception) -> str | None:
    """The one line that a person can act on, or None for what is a fault of ours and should show its traceback."""
    if isinstance(error, RegistryError | ParserError | MonitorError | DatabaseError | SchedulerError):
        return str(error)
    if isinstance(error, sqlite3.Error):
        return f"database: {error}"
    if isinstance(error, OSError) and error.errno in _MACHINE:
        return f"{error.filename or 'writing'}: {_MACHINE[error.errno]}"
    return None


_MACHINE = {
    errno.ENOSPC: "the disk is full; free some space and run the command again, it picks up where it was",
    errno.EDQUOT: "the disk quota is used up; free some space and run the command again",
    errno.EFBIG: "the file would become larger than this system allows",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.EIO: "the disk reports an error",
    errno.EADDRINUSE: "the address is in use by another program",
}


class Commands(click.Group):
    """The group of all commands, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands in the order of a first use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command; None if there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands (each has --help)"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; turn what a person can act on into one line and exit status 2."""
        try:
            return super().invoke(ctx)
        except (ValueError, RuntimeError, sqlite3.Error, OSError) as error:
            message = explain(error)
            if message is None:
                raise
            raise Failure(message) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    envvar="OGIWATCH_HOME",
    show_default="./data",
    show_envvar=True,
    help="The folder that holds the database, the archive and the settings.",
)
@click.option("--as-of", type=Moment(), help="Take this for now (a day or an instant; no offset: Asia/Shanghai).")
@click.option("-q", "--quiet", is_flag=True, help="No progress on standard error; faults are still said.")
@click.version_option(package_name="ogiwatch", prog_name="ogiwatch")
@click.pass_context
def main(ctx: click.Context, home: Path, as_of: datetime | None, quiet: bool) -> None:
    """Watch whether China's public bodies publish their yearly open government information reports.

    \b
    First steps:
      ogiwatch demo                     see the whole service at work on made-up portals
      ogiwatch read report.html         what a report says
      ogiwatch check report.html        whether its figures add up and its form is kept
      ogiwatch init                     make a home of your own, with a commented settings file
      ogiwatch run                      look, read, judge and tell every night, and serve the site

    Results go to standard output, progress and faults to standard error. Exit status: 0 done, 1 found what
    you asked to be told (check --strict), 2 bad usage or input.
    """
    ctx.obj = Home(home, Clock(as_of))
