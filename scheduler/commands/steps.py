"""`read` and `check` without files: the home's own documents and reports."""

from __future__ import annotations

import sys

import click

from db.judgement_rows import load_findings
from monitor.model import Outcome
from monitor.rules import Switch, switched
from monitor.rules.output import finding_as_json
from scheduler import output
from scheduler.home import Home
from scheduler.pipeline import judge, read, working


def read_home(home: Home, as_json: bool) -> None:
    """Read what was crawled and not read yet; print how many documents gave how many reports."""
    with working(home) as database:
        done = read(home, database)
    if as_json:
        output.json_line(
            {
                "documents": done.documents,
                "reports": done.reports,
                "unreadable": done.unreadable,
                "unattributed": done.unattributed,
                "missing": done.missing,
            }
        )
    else:
        output.table(
            ("read", "number"),
            [
                ("documents", done.documents),
                ("reports", done.reports),
                ("unreadable documents", done.unreadable),
                ("reports nobody could be found for", done.unattributed),
                ("documents missing in the archive", done.missing),
            ],
        )
    if done.missing:
        sys.exit(2)


def check_home(home: Home, as_json: bool, everything: bool) -> bool:
    """Judge the home and print the findings that stand; True if something does not hold."""
    with working(home) as database:
        judge(home, database)
        found = load_findings(database)
    public = {rule.id for rule in switched(home.settings.rules.states) if rule.state is Switch.ON}
    fails = [f for f in found if f.outcome is Outcome.FAIL and f.rule in public]
    for finding in found if everything else fails:
        if as_json:
            shown = finding_as_json(finding, reasons=everything)
            output.json_line({"body": finding.body, "report_year": finding.report_year, **shown})
        else:
            click.echo(
                f"{finding.body} {finding.report_year} {finding.severity} {finding.family}: {finding.message_en}"
            )
    return bool(fails)
