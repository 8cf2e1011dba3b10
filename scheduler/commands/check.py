"""`ogiwatch check`: whether reports keep their form and their figures add up."""

from __future__ import annotations

import sys

import click

from monitor.model import Finding, Outcome
from registry.model import Kind
from scheduler import output
from scheduler.checking import Checked, check_reports
from scheduler.files import FilesRead
from scheduler.home import Home
from scheduler.options import as_json, as_of, pass_home


@click.command("check")
@click.argument("files", nargs=-1, type=click.Path(allow_dash=True), metavar="[FILE]...")
@as_json
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind]),
    help="What kind of body published it; it sets the due day. Without it the printed name's ending decides.",
)
@click.option("--publisher", default="", help="Take all FILEs for this body's, whatever name they print.")
@click.option("--all", "everything", is_flag=True, help="Also what holds, what waits and what cannot be judged.")
@click.option("--strict", is_flag=True, help="Exit with status 1 if something does not hold.")
@as_of
@pass_home
def command(
    home: Home, files: tuple[str, ...], as_json: bool, kind: str | None, publisher: str, everything: bool, strict: bool
) -> None:
    """Check reports: do the sums hold, is the form kept, does the text agree with the tables, was it late.

    With FILEs it needs neither home nor network. Files with the same printed publisher are compared across
    years; two files of one year are taken for versions of one report. Without FILE it judges the reports kept
    in the home and prints their open findings.

    \b
    Examples:
      ogiwatch check report.html
      ogiwatch check --kind department --json 2022.html 2023.html
      ogiwatch check --strict *.html && echo all sound
    """
    if not files:
        from scheduler.commands.steps import check_home

        found = check_home(home, as_json, everything)
        sys.exit(1 if strict and found else 0)
    reading = FilesRead(files)
    checked = check_reports(list(reading), Kind(kind) if kind else None, publisher)
    for item in checked:
        if as_json:
            output.json_line(item.as_json(everything))
        else:
            _show(item, item.findings if everything else item.fails)
    if reading.faults:
        sys.exit(2)
    if strict and any(item.fails for item in checked):
        sys.exit(1)


def _show(item: Checked, findings: tuple[Finding, ...]) -> None:
    report = item.report
    part = "" if report.part is None else f" [{report.part}]"
    publisher, year = report.publisher or "publisher not found", report.report_year or "no year found"
    click.echo(f"{item.filing.file}{part}: {publisher}, {year}")
    if not report.is_report:
        click.echo("  this is no annual report; nothing was judged")
    elif not findings:
        click.echo("  nothing to report")
    for finding in findings:
        outcome = "" if finding.outcome is Outcome.FAIL else f" {finding.outcome}"
        click.echo(f"  {finding.severity}{outcome} {finding.family}: {finding.message_en}")
        click.echo(f"      {finding.message_zh}")
        if finding.formula:
            click.echo(f"      {finding.formula}")
