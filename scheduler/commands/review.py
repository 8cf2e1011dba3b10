"""`ogiwatch review`: what a person says of what the machine could not decide, and of what it found."""

from __future__ import annotations

import click

from db.attribution_rows import store_assignment
from db.look_rows import accept_layout
from db.rule_rows import store_verdict
from monitor.attribution import Assignment
from scheduler import output
from scheduler.home import Home
from scheduler.options import as_json, as_of, pass_home

_author = click.option("--author", required=True, help="Who says so; it stands beside the verdict on the site.")
_reason = click.option("--reason", required=True, help="Why, in a sentence.")
_source = click.option("--source", default="", help="Where this can be checked: an address, a letter's number.")


@click.group("review")
def command() -> None:
    """Assign documents that could be several bodies' or years' report; confirm, dismiss or dispute findings; accept
    the new layout of a column.

    What people say is kept with author, reason and source, survives every re-reading and judging again, and a
    verdict on a finding holds as long as the values it was given for.
    """


@command.command("list")
@as_json
@pass_home
def list_command(home: Home, as_json: bool) -> None:
    """List what waits for a person: reports that could be several bodies' or years', and of unknown publishers."""
    database = home.open(create=False, read_only=True)
    try:
        found = list(database["unassigned_reports"].rows_where(order_by="report_id"))
    finally:
        database.close()
    if as_json:
        for row in found:
            output.json_line(row)
    else:
        output.table(
            ("address", "publisher", "year", "reason", "title"),
            [
                (r["url"], r["publisher"], r["printed_year"], r["attribution"], r["title"] or r["list_title"])
                for r in found
            ],
        )


@command.command("assign")
@click.argument("url")
@click.option("--body", help="Id of the body whose report it is.")
@click.option("--year", type=click.IntRange(2008, 2099), help="The report year.")
@click.option("--none", "no_report", is_flag=True, help="It is no annual report at all.")
@_author
@_reason
@_source
@as_of
@pass_home
def assign_command(
    home: Home, url: str, body: str | None, year: int | None, no_report: bool, author: str, reason: str, source: str
) -> None:
    """Say whose and which year's report stands at the address URL; it is read and judged anew by `read` and `judge`.

    \b
    Examples:
      ogiwatch review assign https://www.example.gov.cn/nb/t1.html --body bj-haidian --year 2024 \\
          --author "L. Chen" --reason "the text speaks of 2024 throughout"
      ogiwatch review assign https://www.example.gov.cn/nb/t2.html --none --author "L. Chen" --reason "a plan"
    """
    if no_report == (body is not None or year is not None) or (body is None) != (year is None):
        raise click.UsageError("expected --body and --year, or --none")
    from scheduler.pipeline import take_registry, working

    with working(home) as database:
        registry = take_registry(home, database)
        if body is not None and body not in registry.bodies:
            raise click.BadParameter(f"{body}: no such body", param_hint="--body")
        word = Assignment(url, body, year)
        store_assignment(database, word, author=author, reason=reason, source=source, now=home.clock.now())
    click.echo(url)


@command.command("accept-layout")
@click.argument("column")
@_author
@_reason
@as_of
@pass_home
def accept_layout_command(home: Home, column: str, author: str, reason: str) -> None:
    """Say that COLUMN (its id) was rebuilt and that what it lists now is its whole list.

    After a portal's redesign no look can be complete, since the entries known before are listed no longer. Open
    the address first: its next look is then held to no earlier list, and every proof that a report is absent begins
    anew with it. `ogiwatch registry probe` does the same by itself where all titles known before are still listed.

    \b
    Example:
      ogiwatch review accept-layout bj-haidian-nb --author "L. Chen" --reason "new portal, all years are there"
    """
    database = home.open(create=False)
    try:
        look = accept_layout(database, column, author=author, reason=reason, now=home.clock.now())
    finally:
        database.close()
    output.progress(f"{column}: {look.result}: {look.detail}")
    click.echo(column)


def _verdict(word: str, help_text: str) -> click.Command:
    @click.argument("finding")
    @_author
    @_reason
    @_source
    @as_of
    @pass_home
    def give(home: Home, finding: str, author: str, reason: str, source: str) -> None:
        database = home.open(create=False)
        try:
            now = home.clock.now()
            store_verdict(database, finding, word, author=author, reason=reason, source=source, now=now)
        finally:
            database.close()
        click.echo(finding)

    return click.command(word, help=help_text)(give)


for _word, _help in (
    ("confirm", "Confirm FINDING (its id): a person looked and it is so."),
    ("dismiss", "Dismiss FINDING (its id): a person looked and it is not so."),
    ("dispute", "Note that the body disputes FINDING (its id); --reason holds its answer."),
):
    command.add_command(_verdict(_word, _help))
