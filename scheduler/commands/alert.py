"""`ogiwatch alert`: tell the subscribers."""

from __future__ import annotations

import sys

import click

from scheduler import output
from scheduler.home import Home
from scheduler.options import as_json, as_of, pass_home


@click.command("alert")
@click.option("--dry-run", is_flag=True, help="Print what would be sent, to whom; send nothing.")
@as_json
@as_of
@pass_home
def command(home: Home, dry_run: bool, as_json: bool) -> None:
    """Send what waits in the outbox, each event once to each subscriber, and try failed ones again when due.

    A message that a channel accepted is never sent again. Where that could not be noted (the machine died just
    then), the repeat carries the same Message-ID or idempotency key.
    """
    from scheduler.alerting import deliver, waiting

    if dry_run:
        for message in waiting(home):
            if as_json:
                output.json_line(message.as_json())
            else:
                click.echo(f"to {message.subscriber}: {message.message.subject}\n{message.message.body}\n")
        return
    done = deliver(home)
    if as_json:
        output.json_line({"sent": done.sent, "failed": done.failed, "given_up": done.given_up})
    else:
        output.table(
            ("deliveries", "number"), [("sent", done.sent), ("failed", done.failed), ("given up", done.given_up)]
        )
    if done.failed or done.given_up:
        sys.exit(2)
