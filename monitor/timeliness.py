"""Findings about publication: views of an obligation's status, never a second judgement (domain.md section 4)."""

from __future__ import annotations

import hashlib

from monitor import wording
from monitor.model import Finding, Obligation, Outcome, Severity, Status

VERSION = 1
_OF_STATUS = {
    Status.LATE: "late",
    Status.MISSING: "missing",
    Status.WITHDRAWN: "withdrawn",
    Status.UNDATED: "undated",
}


def time_findings(obligation: Obligation, *, document: str = "") -> tuple[Finding, ...]:
    """The failing findings of families late, missing, withdrawn, undated and back_dated that a status stands for.

    `document`: the sha256 of the report held, if any. Ids are `family:body:report year`. A late report that was
    withdrawn stays late on file. A duty that is not certain gives `notice`, as does `undated`.
    """
    found = []
    if family := _OF_STATUS.get(obligation.status):
        found.append(_finding(obligation, family, document, (obligation.explanation_zh, obligation.explanation_en)))
    if obligation.status is Status.WITHDRAWN and obligation.days_late:
        found.append(_finding(obligation, "late", document, (obligation.explanation_zh, obligation.explanation_en)))
    if obligation.contradicted_by:
        said = wording.contradiction(obligation.stated_on, obligation.contradicted_by)
        found.append(_finding(obligation, "back_dated", document, said))
    return tuple(found)


def _finding(obligation: Obligation, family: str, document: str, said: wording.Sentences) -> Finding:
    accuses = family != "undated" and (obligation.certain or family in ("withdrawn", "back_dated"))
    judged = (
        family, obligation.due_on, obligation.basis, obligation.days_late, obligation.published_on, obligation.stated_on
    )  # fmt: skip
    return Finding(
        id=f"{family}:{obligation.body}:{obligation.report_year}",
        rule=family,
        rule_version=VERSION,
        family=family,
        severity=Severity.WARNING if accuses else Severity.NOTICE,
        outcome=Outcome.FAIL,
        message_zh=said[0],
        message_en=said[1],
        body=obligation.body,
        report_year=obligation.report_year,
        reason=obligation.clause,
        document=document,
        input_hash=hashlib.sha256("|".join(map(str, judged)).encode()).hexdigest()[:16],
    )
