"""`ogiwatch registry`: who owes reports, where they are listed, by when."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry.loader import check, load
from registry.model import Kind, Level
from scheduler import output
from scheduler.home import Home
from scheduler.options import as_json, pass_home
from scheduler.registering import NewBody, NewColumn, add_column


@click.group("registry")
def command() -> None:
    """Check, list and extend the registry of bodies and of the addresses that list their reports.

    The rows shipped with the program are never changed: those of <home>/registry/ extend them, and replace
    those with the same id.
    """


@command.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@pass_home
def check_command(home: Home, folder: Path | None) -> None:
    """Name every fault of a registry by file, line and field; exit status 2 if there is one.

    FOLDER is a folder of registry files; without it the home's own, with the shipped rows beneath.
    """
    if folder is not None and not folder.is_dir():
        raise click.BadParameter(f"{folder} is no folder", param_hint="FOLDER")
    chosen = folder or home.registry_folder
    faults = check(chosen)
    for fault in faults:
        output.complain(fault)
    if faults:
        sys.exit(2)
    registry = load(chosen)
    click.echo(
        f"no fault: {len(registry.bodies)} bodies, {len(registry.columns)} columns, "
        f"{len(registry.duties)} duties, {len(registry.exemptions)} exemptions"
    )


@command.command("list")
@as_json
@click.option("--body", default="", help="Only this body (id, or a part of its name).")
@pass_home
def list_command(home: Home, as_json: bool, body: str) -> None:
    """List the bodies and their columns."""
    registry = home.registry
    columns: dict[str, list[str]] = {}
    for column in registry.columns.values():
        for owner in column.bodies:
            columns.setdefault(owner, []).append(column.id)
    rows = [item for item in registry.bodies.values() if body in (item.id, "") or body in item.name]
    if as_json:
        for item in rows:
            own = [registry.columns[column] for column in columns.get(item.id, [])]
            output.json_line(
                {
                    "id": item.id,
                    "name": item.name,
                    "kind": item.kind,
                    "level": item.level,
                    "division": item.division,
                    "columns": [
                        {"id": c.id, "url": c.url, "family": c.family, "verified": c.verified, "basis": c.basis}
                        for c in own
                    ],
                }
            )
        return
    output.table(
        ("body", "name", "kind", "division", "columns"),
        [(b.id, b.name, b.kind, b.division, " ".join(columns.get(b.id, ())) or "-") for b in rows],
    )


@command.command("add")
@click.argument("url")
@click.option("--body", "bodies", multiple=True, required=True, help="Id of a body listed there; may be repeated.")
@click.option("--id", "column", default="", help="Id of the new column; by default made of the host's name.")
@click.option("--family", default="generic", show_default=True, help="The CMS family, see registry/families.csv.")
@click.option("--title", default="", help="The column's title as the portal prints it.")
@click.option("--years-from", type=int, help="First report year it holds, if it is bound to years.")
@click.option("--years-to", type=int, help="Last report year it holds, if it is bound to years.")
@click.option("--verified", is_flag=True, help="You opened the address and it lists these bodies' yearly reports.")
@click.option("--name", default="", help="For a body that is not in the registry yet: its full name.")
@click.option("--kind", type=click.Choice([k.value for k in Kind]), help="For a new body: what kind it is.")
@click.option("--level", type=click.Choice([k.value for k in Level]), help="For a new body: its level.")
@click.option("--division", default="", help="For a new body: its GB/T 2260 code.")
@pass_home
def add_command(
    home: Home,
    url: str,
    bodies: tuple[str, ...],
    column: str,
    family: str,
    title: str,
    years_from: int | None,
    years_to: int | None,
    verified: bool,
    name: str,
    kind: str | None,
    level: str | None,
    division: str,
) -> None:
    """Add the address of a list of yearly reports to the home's registry.

    Nothing is written unless the whole registry is still without fault. Only a verified column can ever prove
    that a report is absent.

    \b
    Examples:
      ogiwatch registry add https://www.example.gov.cn/zfxxgk/zfxxgknb/ --body bj-haidian --family trs
      ogiwatch registry add https://www.example.gov.cn/nb/ --body my-bureau --name 某某市教育局 \\
          --kind department --level prefecture --division 420200
    """
    new_body = None
    if name or kind or level or division:
        if not (name and kind and level and division) or len(bodies) != 1:
            raise click.UsageError("a new body needs --name, --kind, --level and --division, and stands alone")
        new_body = NewBody(bodies[0], name, kind, level, division)
    row = NewColumn(url, bodies, column, family, title, years_from, years_to, verified)
    written = add_column(home.path / "registry", row, new_body)
    click.echo(written)
