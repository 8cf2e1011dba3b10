"""One report in several forms (page, PDF, picture, a double elsewhere) is one filing: the best source wins.

What hangs on one entry of a list (the article, its attachments) and what members of one archive hold are sources of one
filing; so is a double at another address that says the same. A newer content of the same address, and a correction
published anew, are versions and no sources. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from monitor.model import Difference, Filing, Key, Source
from parsers.model import Figure, Report, Responsibility, State
from registry.model import SHANGHAI
from registry.names import fold

# Structured exact tables before ruled or guessed ones; converted files keep spans, but by another program's rules.
FORMAT_ORDER = ("html", "docx", "sheet", "pdf", "text", "doc")
SAME_FIGURES = 8  # numbers other than zero in both, by which two documents are known to be one report
FEW_DIFFERENCES = 2  # or a tenth of these numbers
_CORRECTED = re.compile(r"更正|修订|勘误|更新|重新(?:发布|公开)|补充")
_READ = (State.NUMBER, State.BLANK, State.PLACEHOLDER)


def united(filings: Sequence[Filing]) -> list[Filing]:
    """The filings of one body, those that are sources of one another made one; in the order given.

    Only what addresses give now is united, contents of the past stay alone.
    """
    of_year: dict[int, list[Filing]] = {}
    for filing in filings:
        if filing.report.is_report and filing.current and not filing.sources:
            of_year.setdefault(filing.report_year, []).append(filing)
    joined: dict[int, Filing] = {}  # by the place of the last source
    absorbed: set[int] = set()
    places = {id(filing): place for place, filing in enumerate(filings)}
    for of_one in of_year.values():
        for group in _groups(of_one) if len(of_one) > 1 else ():
            if len(group) > 1:
                at = [places[id(filing)] for filing in group]
                joined[max(at)] = unite(group)
                absorbed.update(at)
    return [joined.get(i, filing) for i, filing in enumerate(filings) if i in joined or i not in absorbed]


def unite(group: Sequence[Filing]) -> Filing:
    """The best source with all others as its `sources`: cells it has not are taken from the next one that has, and the
    text from the one with more chapters; nothing is taken from one that gives other figures altogether.
    """
    best, *others = sorted(group, key=rank, reverse=True)
    figures = {key_of(f): f for f in best.report.figures}
    forms = dict(best.report.forms)
    alike = {id(other): is_alike(best.report, other.report) for other in others}
    filled: dict[int, list[Key]] = {}
    for other in others:
        if not alike[id(other)]:
            continue
        theirs = other.report
        new_tables = {table for table, form in theirs.forms.items() if table not in forms}
        forms.update({table: theirs.forms[table] for table in new_tables})
        for figure in theirs.figures:
            key = key_of(figure)
            if forms.get(figure.table) == theirs.forms.get(figure.table) and _fills(figure, figures.get(key)):
                figures[key] = figure
                filled.setdefault(id(other), []).append(key)
    text = max((best, *(other for other in others if alike[id(other)])), key=_chapters)
    report = replace(best.report, figures=tuple(figures.values()), forms=forms)
    if text is not best:
        said = text.report
        report = replace(
            report,
            sections=said.sections,
            statements=said.statements,
            preamble=said.preamble,
            text_confidence=said.text_confidence,
            problems=(*report.problems, *(p for p in said.problems if p not in report.problems)),
        )
    sources = tuple(
        Source(other, alike[id(other)], frozenset(filled.get(id(other), ())), other is text) for other in others
    )
    return replace(best, report=report, sources=sources, own=best.report)


def rank(filing: Filing) -> tuple[int, ...]:
    """What makes one source better than another: more figures read surely, then more read at all, then fewer problems
    of ours, then the declared order of formats, then the article before what hangs on it, then what came first.
    """
    report = filing.report
    read = [f for f in report.figures if f.state in _READ]
    ours = sum(p.responsibility is not Responsibility.PUBLISHER for p in report.problems)
    order = FORMAT_ORDER.index(report.format) if report.format in FORMAT_ORDER else len(FORMAT_ORDER)
    first = int(filing.first_seen.timestamp()) if filing.first_seen else 0
    return (sum(f.confidence == 1 for f in read), len(read), -ours, -order, not filing.entry_url, -first, -filing.id)


def differences(one: Report, other: Report) -> tuple[Difference, ...]:
    """The cells in which both hold a number and not the same one; of tables of another generation none."""
    mine = {key_of(f): f for f in one.figures if f.state is State.NUMBER}
    return tuple(
        Difference(mine[key_of(f)], f)
        for f in other.figures
        if f.state is State.NUMBER
        and key_of(f) in mine
        and mine[key_of(f)].value != f.value
        and one.forms.get(f.table) == other.forms.get(f.table)
    )


def is_alike(one: Report, other: Report) -> bool:
    """Whether two documents attributed to one body and year give one report: few of their numbers differ, or both
    print the same publisher and year.
    """
    return _differ_little(one, other) or _same_print(one, other)


def key_of(figure: Figure) -> Key:
    """Table, row and column."""
    return figure.table, figure.row, figure.column


def _fills(figure: Figure, held: Figure | None) -> bool:
    if figure.state not in _READ:
        return False
    if held is None or held.state not in _READ:
        return True
    return held.confidence < 1 and figure.confidence == 1


def _chapters(filing: Filing) -> tuple[bool, int]:
    """How much of a report's text a source holds; the first of equals is the best source."""
    report = filing.report
    return report.text_confidence == 1, len({s.number for s in report.sections if s.number and s.number <= 6})


def _groups(filings: Sequence[Filing]) -> Iterator[list[Filing]]:
    """The sources of each filing of one body and year."""
    roots: dict[object, list[Filing]] = {}
    for filing in filings:
        roots.setdefault(_root(filing), []).append(filing)
    groups: list[list[Filing]] = []
    for root in roots.values():
        best = max(root, key=rank)
        double = next((g for g in groups if _is_double(max(g, key=rank), best)), None)
        if double is None:
            groups.append(root)
        else:
            double.extend(root)
    yield from groups


def _root(filing: Filing) -> object:
    """What sources of one filing have in common: the entry of a list, or the archive they are members of."""
    if filing.url:
        return filing.entry_url or filing.url
    return (filing.file, filing.document) if isinstance(filing.report.part, str) else id(filing)


def _is_double(one: Filing, other: Filing) -> bool:
    """Whether documents of two entries are one report: they say the same, or differ little from the first day on."""
    if not (one.url and other.url) or any(_CORRECTED.search(f.report.title or "") for f in (one, other)):
        return False
    if one.fingerprint and one.fingerprint == other.fingerprint:
        return True
    found = [d for d in differences(one.report, other.report) if d.sure]
    enough = len(_common(one.report, other.report)) >= SAME_FIGURES
    if not enough and not (_same_print(one.report, other.report) and one.report.forms and other.report.forms):
        return False
    return not found or (_differ_little(one.report, other.report) and _first_day(one) == _first_day(other) is not None)


def _differ_little(one: Report, other: Report) -> bool:
    sure = sum(d.sure for d in differences(one, other))
    return sure <= max(FEW_DIFFERENCES, len(_common(one, other)) // 10)


def _common(one: Report, other: Report) -> list[Key]:
    """The cells other than zero in which both hold a number."""
    mine = _numbers(one)
    return [key for key, value in _numbers(other).items() if key in mine and (value or mine[key])]


def _numbers(report: Report) -> Mapping[Key, object]:
    return {key_of(f): f.value for f in report.figures if f.state is State.NUMBER}


def _same_print(one: Report, other: Report) -> bool:
    printed = one.publisher, one.report_year
    return None not in printed and (fold(one.publisher or ""), one.report_year) == (
        fold(other.publisher or ""),
        other.report_year,
    )


def _first_day(filing: Filing) -> object:
    return filing.first_seen.astimezone(SHANGHAI).date() if filing.first_seen else None
