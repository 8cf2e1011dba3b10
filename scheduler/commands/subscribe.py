"""`ogiwatch subscribe`: who is told of what."""

from __future__ import annotations

import re

import click

from db.outbox import LANGUAGES, Backlog, Subscriber, add_subscriber, load_backlog, load_subscribers, remove_subscriber
from monitor.channels import hidden
from scheduler import output
from scheduler.home import Home
from scheduler.options import as_json, as_of, pass_home


@click.group("subscribe")
def command() -> None:
    """Add, list and remove subscribers: who gets a message when a status or a finding changes."""


@command.command("add")
@click.argument("name")
@click.argument("url")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the messages.")
@click.option("--body", "bodies", multiple=True, help="Only this body (id); may be repeated.")
@click.option("--division", "divisions", multiple=True, help="Only this division (GB/T 2260 code) and all below it.")
@click.option("--family", "families", multiple=True, help="Only this rule family or status (late, missing ...).")
@as_of
@pass_home
def add_command(
    home: Home,
    name: str,
    url: str,
    language: str,
    bodies: tuple[str, ...],
    divisions: tuple[str, ...],
    families: tuple[str, ...],
) -> None:
    """Add the subscriber NAME, or change the one of that name; messages go to URL.

    URL is an address of the apprise kind: mailto://user:password@example.org, json://host/hook, slack://...,
    tgram://..., dingtalk://..., feishu://..., wecombot://... It may hold a secret and is shown nowhere again. A bare
    mail address goes through the mail server of the settings (alerts.smtp). A new subscriber is told of what
    happens from now on.

    \b
    Examples:
      ogiwatch subscribe add desk mailtos://me:secret@example.org --language zh
      ogiwatch subscribe add hook jsons://example.org/ogi --family missing --family late --division 110000
    """
    if "://" not in url and not re.fullmatch(r"[^@\s]+@[^@\s]+", url):
        raise click.BadParameter("expected an address such as mailto://... or json://...", param_hint="URL")
    from scheduler.pipeline import take_registry, working

    with working(home) as database:
        registry = take_registry(home, database)
        for body in bodies:
            if body not in registry.bodies:
                raise click.BadParameter(f"{body}: no such body", param_hint="--body")
        subscriber = Subscriber(name, url, language, bodies, divisions, families)
        add_subscriber(database, subscriber, home.clock.now())
    click.echo(name)


@command.command("list")
@as_json
@pass_home
def list_command(home: Home, as_json: bool) -> None:
    """List the subscribers, what waits for each and why the newest message failed; of addresses only the kind."""
    database = home.open(create=False, read_only=True)
    try:
        found = load_subscribers(database)
        backlog = load_backlog(database)
    finally:
        database.close()
    rows = [
        {
            "name": s.name,
            "channel": hidden(s.url),
            "language": s.language,
            "bodies": s.bodies,
            "divisions": s.divisions,
            "families": s.families,
            "waiting": (b := backlog.get(s.name, Backlog())).waiting,
            "sent": b.sent,
            "given_up": b.given_up,
            "last_error": b.last_error,
        }
        for s in found
    ]
    if as_json:
        for row in rows:
            output.json_line(row)
    else:
        output.table(
            ("name", "channel", "language", "bodies", "divisions", "families", "waiting", "sent", "given up", "error"),
            [[" ".join(v) or "all" if isinstance(v, tuple) else v for v in row.values()] for row in rows],
        )


@command.command("remove")
@click.argument("name")
@pass_home
def remove_command(home: Home, name: str) -> None:
    """Tell NAME nothing any more; what still waits for it is given up."""
    database = home.open(create=False)
    try:
        remove_subscriber(database, name)
    finally:
        database.close()
    click.echo(name)
