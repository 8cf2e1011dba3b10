"""Judging files alone: which reports belong together, and what the rules say of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model import Filing, Finding, Outcome
from monitor.rules import Switch, check, filing_key, rule
from monitor.rules.output import findings_as_json
from parsers.model import Report
from registry.model import Kind
from registry.names import fold
from scheduler.files import FileRead


@dataclass(frozen=True, slots=True)
class Checked:
    """One report of one file with all that the rules say of it."""

    filing: Filing
    findings: tuple[Finding, ...]

    @property
    def report(self) -> Report:
        """The report as read."""
        return self.filing.report

    @property
    def fails(self) -> tuple[Finding, ...]:
        """What does not hold, by rules that are switched on."""
        return tuple(f for f in self.findings if f.outcome is Outcome.FAIL and rule(f.rule).state is Switch.ON)

    def as_json(self, everything: bool) -> dict[str, object]:
        """The object of `ogiwatch check --json` (design: contracts of the command line)."""
        shown = findings_as_json(self.filing, self.findings, all_outcomes=everything)
        return {**shown, "report_year": self.report.report_year}


def check_reports(files: Sequence[FileRead], kind: Kind | None, publisher: str) -> list[Checked]:
    """Judge the reports of some files, in their order. `kind` and `publisher`, where given, hold for all of them.

    Reports are of one body only if `publisher` says so or their printed names are equal. Reports of one body and
    year are versions of it, in the order given.
    """
    filings: list[Filing] = []
    versions: dict[tuple[str, int], int] = {}
    for read in files:
        for report in read.reports:
            name = publisher or report.publisher or ""
            year = report.report_year or 0
            version = versions.get((fold(name), year), 0) + 1
            versions[fold(name), year] = version
            filings.append(
                Filing(report, year, name=name, kind=kind, file=read.file, document=read.document, version=version)
            )
    # A report without a year stands alone: year 0 would make a neighbour of it.
    found = check([filing for filing in filings if filing.report_year], superseded=True)
    for filing in filings:
        if not filing.report_year:
            found += check([filing])
    by_filing: dict[str, list[Finding]] = {}
    for finding in found:
        by_filing.setdefault(finding.filing, []).append(finding)
    return [Checked(filing, tuple(by_filing.get(filing_key(filing), ()))) for filing in filings]
