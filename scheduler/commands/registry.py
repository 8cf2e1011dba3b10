"""`ogiwatch registry`: who owes reports, where they are listed, by when."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path

import click

from registry.fields import COLUMNS
from registry.loader import check, load
from registry.model import Kind, Level, Verification
from registry.writing import cells_of, change_rows
from scheduler import output
from scheduler.home import Home
from scheduler.model import SchedulerError
from scheduler.options import as_json, as_of, pass_home
from scheduler.registering import NewBody, NewColumn, add_column, new_column


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
@click.option("--family", default="", help="The CMS family, see registry/families.csv; by default as recognised.")
@click.option("--title", default="", help="The column's title as the portal prints it.")
@click.option("--years-from", type=int, help="First report year it holds, if it is bound to years.")
@click.option("--years-to", type=int, help="Last report year it holds, if it is bound to years.")
@click.option("--javascript", is_flag=True, help="A script draws the list: read it with a browser (`make extras`).")
@click.option("--legacy-tls", is_flag=True, help="The host speaks old TLS only, or shows a certificate nobody signed.")
@click.option("--verified", is_flag=True, help="You opened the address and it lists these bodies' yearly reports.")
@click.option("--name", default="", help="For a body that is not in the registry yet: its full name.")
@click.option("--kind", type=click.Choice([k.value for k in Kind]), help="For a new body: what kind it is.")
@click.option("--level", type=click.Choice([k.value for k in Level]), help="For a new body: its level.")
@click.option("--division", default="", help="For a new body: its GB/T 2260 code.")
@click.option("--dry-run", is_flag=True, help="Show what was found and the row; write nothing.")
@click.option("--no-fetch", is_flag=True, help="Write the row without looking at the address.")
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
    javascript: bool,
    legacy_tls: bool,
    verified: bool,
    name: str,
    kind: str | None,
    level: str | None,
    division: str,
    dry_run: bool,
    no_fetch: bool,
) -> None:
    """Look at the address of a list of yearly reports and add it to the home's registry; print its id.

    The list is read once and no report fetched: family, entries, years, paging and robots.txt are shown, and the row
    is `verified` if the whole list was read and holds yearly reports that are not another body's. Nothing is
    written of an address that is dead or has moved, nor unless the whole registry is still without fault. Only a
    verified column can ever prove that a report is absent.

    \b
    Examples:
      ogiwatch registry add https://www.example.gov.cn/zfxxgk/zfxxgknb/ --body bj-haidian --dry-run
      ogiwatch registry add https://www.example.gov.cn/nb/ --body my-bureau --name 某某市教育局 \\
          --kind department --level prefecture --division 420200
    """
    from scheduler.probing import described, probe_columns, settle

    new_body = None
    if name or kind or level or division:
        if not (name and kind and level and division) or len(bodies) != 1:
            raise click.UsageError("a new body needs --name, --kind, --level and --division, and stands alone")
        new_body = NewBody(bodies[0], name, kind, level, division)
    registry = home.registry
    row = new_column(registry, NewColumn(url, bodies, column, family, title, years_from, years_to, verified), new_body)
    row = replace(row, javascript=javascript, legacy_tls=legacy_tls)
    if not no_fetch:
        if new_body is not None:
            registry = replace(registry, bodies={**registry.bodies, new_body.id: new_body.as_body()})
        found = list(probe_columns(home, [row]))
        if not found:
            raise SchedulerError(f"{url}: the probe was not finished in time; nothing was written")
        (probed,) = settle(found, [row], registry)
        output.progress(described(probed))
        said = probed.row.verified
        if said in (Verification.DEAD, Verification.MOVED) and not dry_run:
            raise SchedulerError(f"{url}: {said}: {probed.found.detail}; nothing was written (--no-fetch writes it)")
        kept = Verification.VERIFIED if verified else said
        row = replace(probed.row, verified=kept, family=family or probed.found.family or row.family)
    if dry_run:
        output.json_line({key: cell for key, cell in cells_of(row).items() if cell})
        return
    add_column(home.path / "registry", row, new_body)
    click.echo(row.id)


@command.command("probe")
@click.option("--column", "columns", multiple=True, help="This column (id); may be repeated.")
@click.option("--all", "everything", is_flag=True, help="Every column of the bodies that are watched.")
@click.option("--dry-run", is_flag=True, help="Show what was found; write nothing.")
@as_json
@as_of
@pass_home
def probe_command(home: Home, columns: tuple[str, ...], everything: bool, dry_run: bool, as_json: bool) -> None:
    """Look once at columns and mark their rows verified, moved, dead or blocked in <home>/registry/columns.csv.

    The shipped rows are never changed: a row that differs is written into the home's file, where it takes their place.
    A row is kept where the probe cannot tell. Prints one line a column; progress goes to standard error.

    \b
    Examples:
      ogiwatch registry probe --column bj-haidian-nb --dry-run
      ogiwatch registry probe --all --json
    """
    from scheduler.probing import accept_kept_layouts, probe_columns, settle, span

    if bool(columns) == everything:
        raise click.UsageError("expected --column (once or more) or --all")
    registry = home.registry
    if unknown := [name for name in columns if name not in registry.columns]:
        raise SchedulerError(f"--column {unknown[0]}: no such column; `ogiwatch registry list` shows them")
    watched = {body.id for body in home.watched(registry)}
    chosen = [
        column
        for name, column in sorted(registry.columns.items())
        if name in columns or (everything and not watched.isdisjoint(column.bodies))
    ]
    probed = settle(list(probe_columns(home, chosen)), chosen, registry)
    changed = [cells_of(one.row) for one in probed if one.changed]
    if changed and not dry_run:
        change_rows(home.path / "registry", COLUMNS, changed)
    for name in () if dry_run else accept_kept_layouts(home, probed):
        output.progress(f"{name}: rebuilt with all its titles; its next look is held to no earlier list")
    if as_json:
        for one in probed:
            shown = {**asdict(one.found), "titles": one.found.titles[:5], "column": one.column.id}
            shown |= {"verified": one.row.verified, "was": one.column.verified, "remark": one.remark}
            output.json_line(shown)
        return
    output.table(
        ("column", "was", "is", "look", "family", "reports", "entries", "years", "remark"),
        [
            (
                one.column.id, one.column.verified, one.row.verified, one.found.result, one.found.family or "-",
                one.found.reports, one.found.entries, span(one.found.years), one.remark or one.found.detail,
            )
            for one in probed
        ],
    )  # fmt: skip
