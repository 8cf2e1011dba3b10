"""Findings as the plain objects of `ogiwatch check --json` (design: contracts of the command line)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from monitor.model import CellRef, Filing, Finding, Outcome, Passage
from monitor.rules.catalogue import rule
from monitor.rules.engine import Switch, filing_key
from parsers.model import Number


def findings_as_json(
    filing: Filing, findings: Iterable[Finding], *, all_outcomes: bool = False
) -> dict[str, object]:
    """One object a report. Of `findings` (those of the whole run will do) the ones that stand on this filing are taken.

    Only failures of rules that are switched on, unless `all_outcomes`; then also `reason` and `responsibility`.
    """
    key = filing_key(filing)
    here = [f for f in findings if f.filing == key]
    if not all_outcomes:
        here = [f for f in here if f.outcome is Outcome.FAIL and rule(f.rule).state is Switch.ON]
    return {
        "file": filing.file,
        "part": filing.report.part,
        "publisher": filing.report.publisher,
        "report_year": filing.report.report_year,
        "findings": [finding_as_json(f, reasons=all_outcomes) for f in here],
    }


def finding_as_json(finding: Finding, *, reasons: bool = False) -> dict[str, object]:
    """One finding; `reasons` adds why it could not be assessed and whose doing that is."""
    result: dict[str, object] = {
        "id": finding.id,
        "rule": finding.rule,
        "family": finding.family,
        "severity": finding.severity.value,
        "outcome": finding.outcome.value,
        "message_zh": finding.message_zh,
        "message_en": finding.message_en,
        "cells": [cell_as_json(c) for c in finding.cells],
        "passages": [passage_as_json(p) for p in finding.passages],
        "formula": finding.formula,
    }
    if reasons:
        result["reason"] = finding.reason
        result["responsibility"] = finding.responsibility
    return result


def cell_as_json(cell: CellRef) -> dict[str, object]:
    """A cell as evidence."""
    return {
        "table": cell.table,
        "row": cell.row,
        "column": cell.column,
        "raw": cell.raw,
        "value": number_as_json(cell.value),
        "report_year": cell.report_year,
        "file": cell.file,
    }


def passage_as_json(passage: Passage) -> dict[str, object]:
    """A passage as evidence; offsets are code points in the text of the section."""
    return {"section": passage.section, "start": passage.start, "end": passage.end, "text": passage.text}


def number_as_json(value: Number | None) -> int | float | None:
    """A whole number as an integer, any other as the nearest float (JSON has no decimals)."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
