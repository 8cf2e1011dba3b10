"""What was read with doubt accuses nobody: a failure that rests on such a cell or text cannot be assessed."""

from __future__ import annotations

from dataclasses import replace

from monitor.model import CellRef, Outcome
from monitor.rules.engine import REASONS, Reading, Subject, Verdict
from parsers.model import Responsibility

# Problems of ours by which a part of the document was never read: what is not found then may stand there.
UNREAD_PARTS = frozenset({"too_large", "unreadable", "unreadable_letters", "picture_only", "tables_are_pictures"})


def settle_doubt(subject: Subject, verdict: Verdict) -> Verdict:
    """The verdict, or where it fails on a cell or text of confidence less than 1, or on the text of a document that was
    not read whole, `not_assessable` and our doing.

    A failure names the cells and passages it rests on; one that names no cell rests on the text.
    """
    if verdict.outcome is not Outcome.FAIL:
        return verdict
    if any(_is_doubtful(reading, ref) for ref in verdict.cells for reading in readings_of(subject, ref)):
        return unsettled(verdict, "uncertain_cell")
    if subject.reading.report.text_confidence < 1 and (verdict.passages or not verdict.cells):
        return unsettled(verdict, "uncertain_text")
    if not verdict.cells and any(problem.code in UNREAD_PARTS for problem in subject.reading.report.problems):
        return unsettled(verdict, "cut_document")
    return verdict


def unsettled(verdict: Verdict, reason: str, doing: Responsibility = Responsibility.READER) -> Verdict:
    """A failing verdict that cannot be upheld, for a reason of `engine.REASONS`; its evidence stays with it."""
    zh, en = REASONS[reason]
    return replace(verdict, outcome=Outcome.NOT_ASSESSABLE, zh=zh, en=en, reason=reason, responsibility=doing)


def readings_of(subject: Subject, ref: CellRef) -> tuple[Reading, ...]:
    """The readings that a cell of evidence may stand in: the subject's own, or another year's or version's."""
    year = subject.reading.year if ref.report_year is None else ref.report_year
    found = (subject.reading, *subject.history.versions.get(year, ()))
    return tuple(r for r in found if r.year == year and ref.file in (r.filing.file, *r.elsewhere.values()))


def _is_doubtful(reading: Reading, ref: CellRef) -> bool:
    figure = reading.cells.get((ref.table, ref.row, ref.column))
    return figure is not None and figure.confidence < 1
