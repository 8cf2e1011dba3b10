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

# A command is imported when it is called: `ogiwatch read` should not wait for the web server's import.
COMMANDS = {
    "init": "scheduler.commands.init",
    "demo": "scheduler.commands.demo",
    "run": "scheduler.commands.run",
    "serve": "scheduler.commands.run:serve",
    "crawl": "scheduler.commands.crawl",
    "read": "scheduler.commands.read",
    "check": "scheduler.commands.check",
    "judge": "scheduler.commands.judge",
    "alert": "scheduler.commands.alert",
    "status": "scheduler.commands.status",
    "registry": "scheduler.commands.registry",
    "rules": "scheduler.commands.rules",
    "subscribe": "scheduler.commands.subscribe",
    "review": "scheduler.commands.review",
    "evidence": "scheduler.commands.evidence",
    "export": "scheduler.commands.export",
    "backup": "scheduler.commands.export:backup",
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
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute or "command")
        return command

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
