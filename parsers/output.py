"""A report as JSON, exactly as the command line's contract says (design, `ogiwatch read --json`)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from parsers.model import Number, Report, Statement


def report_as_json(report: Report, file: str) -> dict[str, Any]:
    """One JSON object a report. Codes of domain section 3; absent tables are left out; a value is a number or null.

    `uncertain` lists the cells read with doubt, `text_confidence` stands where the text was; both only where some was.
    """
    out: dict[str, Any] = {
        "file": file,
        "part": report.part,
        "publisher": report.publisher,
        "report_year": report.report_year,
        "title": report.title,
        "published_on": report.published_on.isoformat() if report.published_on else None,
        "published_on_source": report.published_on_source,
        "forms": {table: generation.value for table, generation in report.forms.items()},
    }
    for figure in report.figures:
        value = number(figure.value)
        table = out.setdefault(figure.table, {})
        if figure.table == "indicators":
            table[figure.row] = value
        else:
            table.setdefault(figure.row, {})[figure.column] = value
    doubts = [
        {"table": f.table, "row": f.row, "column": f.column, "confidence": round(f.confidence, 3)}
        for f in report.figures
        if f.confidence < 1
    ]
    if doubts:
        out["uncertain"] = doubts
    if report.text_confidence < 1:
        out["text_confidence"] = round(report.text_confidence, 3)
    out["sections"] = [{"number": s.number, "heading": s.heading, "text": s.text} for s in report.sections]
    out["preamble"] = report.preamble
    out["statements"] = [statement_as_json(s) for s in report.statements]
    out["problems"] = [
        {"code": p.code, "message": p.message, "where": p.where, "responsibility": p.responsibility.value}
        for p in report.problems
    ]
    return out


def number(value: Number | None) -> int | float | None:
    """A JSON number; amounts print as they were read (44.7377)."""
    return float(value) if isinstance(value, Decimal) else value


def statement_as_json(statement: Statement) -> dict[str, Any]:
    """A statement as the contract names its keys."""
    return {
        "what": statement.what,
        "value": number(statement.value),
        "unit": statement.unit,
        "of": statement.of,
        "qualifier": statement.qualifier,
        "year": statement.year,
        "scope": statement.scope,
        "section": statement.section,
        "start": statement.start,
        "end": statement.end,
        "sentence": statement.sentence,
    }
