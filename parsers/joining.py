"""Files of an archive that are chapters or tables of one report, put together again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from parsers.model import Block, Document, Grid, Report

Member = tuple[str, tuple[Report, ...]]  # the name of a file, and what was read from it


def scattered(read_of: Sequence[Member]) -> list[tuple[str, Document]]:
    """The files that hold one report between them, in the order of its chapters, each with its Document; [] if there
    are none. Two or more files have chapters or tables, no two of them the same ones, and they do not name two bodies
    or years: the reports of two bodies, or one report in two formats, have the same chapters."""
    pieces = [
        (name, report, has)
        for name, reports in read_of
        if len(reports) == 1 and (report := reports[0]).document is not None and (has := _holds(report))
    ]
    if len(pieces) < 2 or any(one & other for (_, _, one), (_, _, other) in combinations(pieces, 2)):
        return []
    publishers = {report.publisher for _, report, _ in pieces if report.publisher}
    years = {report.report_year for _, report, _ in pieces if report.report_year}
    if len(publishers) > 1 or len(years) > 1:
        return []
    pieces.sort(key=lambda piece: min((h for h in piece[2] if isinstance(h, int)), default=99))
    return [(name, report.document) for name, report, _ in pieces if report.document]


def _holds(report: Report) -> frozenset[int | str]:
    """The chapters and tables of a report."""
    chapters = {section.number for section in report.sections if section.number is not None}
    return frozenset({*chapters, *(figure.table for figure in report.figures)})


def joined(documents: Sequence[Document]) -> Document:
    """One Document of the parts of several, in their order; offsets and tables are counted on."""
    parts: list[Block | Grid] = []
    offset = grids = 0
    for document in documents:
        length = 0
        for part in document.parts:
            if isinstance(part, Grid):
                parts.append(replace(part, index=grids))
                grids += 1
            else:
                parts.append(replace(part, start=part.start + offset))
                length = max(length, part.start + len(part.text) + 1)
        offset += length
    formats = {document.format for document in documents}
    title = next((document.title for document in documents if document.title), "")
    problems = tuple(problem for document in documents for problem in document.problems)
    sure = min(document.text_confidence for document in documents)
    metadata = {name: text for document in reversed(documents) for name, text in document.metadata.items()}
    name = formats.pop() if len(formats) == 1 else "zip"
    return Document(name, tuple(parts), metadata, title, problems, text_confidence=sure)
