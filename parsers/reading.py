"""From bytes to reports: decode, read the format, find tables and chapters, say who, which year and when."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.dates import address_days, bare_days, best_day, labelled_days, metadata_days
from parsers.decoding import decode
from parsers.identity import identify
from parsers.model import Block, Document, FoundDay, Generation, Grid, Problem, Report, Responsibility
from parsers.readers.html import read_html
from parsers.readers.text import read_text
from parsers.sections import Heading, cut_sections, find_headings, text_of
from parsers.settling import Tables, settle
from parsers.tables import read_rows
from parsers.textgrids import gather

_MARKUP = (b"<html", b"<!doctype", b"<table", b"<body", b"<div", b"<p>", b"<p ", b"<meta", b"<span")
MAX_BYTES = 50_000_000


def read(
    data: bytes, *, name: str = "", url: str = "", content_type: str = "", names: Sequence[str] = ()
) -> tuple[Report, ...]:
    """Read one archived document; at least one Report comes back, whatever the bytes are.

    `name`: file name or link text; `url`: its address (a day may stand in it); `content_type`: as served, a hint only;
    `names`: full names and aliases of the bodies whose column it was found in. What is no report has the problem
    `not_a_report`; what could not be read is said in `problems` and left out of `figures`.
    """
    if len(data) > MAX_BYTES:
        message = f"the document has {len(data)} bytes; at most {MAX_BYTES} are read"
        return (_nothing(Problem("too_large", message), name),)
    if not data.strip():
        return (_nothing(Problem("empty", "the document is empty", "", Responsibility.CRAWLER), name),)
    text, _ = decode(data)
    document = read_html(text) if _is_markup(data, text, content_type) else read_text(text)
    return (read_document(document, name=name, url=url, names=names),)


def _is_markup(data: bytes, text: str, content_type: str) -> bool:
    head = text[:4000].lower().encode("utf-8", "replace")
    if any(mark in head for mark in _MARKUP):
        return True
    return "html" in content_type and "<" in text


def _nothing(problem: Problem, name: str) -> Report:
    problems = (problem, Problem("not_a_report", "no report could be read", name))
    return Report(None, None, None, None, None, {}, (), (), (), problems)


def read_document(document: Document, *, name: str = "", url: str = "", names: Sequence[str] = ()) -> Report:
    """The second half of `read`, the same for every format."""
    headings = find_headings(document.parts)
    parts = gather(_marked(document.parts, headings))
    headings = _moved(headings, document.parts, parts)
    tables = settle(read_rows(p for p in parts if isinstance(p, Grid)))
    first = headings[0].at if headings else next((i for i, p in enumerate(parts) if isinstance(p, Grid)), len(parts))
    identity = identify(document, parts, first, name, names)
    old = tables.forms.get("indicators") is Generation.PRE2019 and "requests" not in tables.forms
    old = old or any((h.printed or 0) > 7 for h in headings)
    sections = cut_sections(parts, headings, old=old)
    days = _days(document, parts, headings, url)
    day = best_day(days)
    problems = [*document.problems, *tables.problems]
    if not _is_report(tables, headings, identity.companion):
        problems.append(Problem("not_a_report", "neither the statutory tables nor the chapters of a report were found"))
        tables = Tables((), {}, (), frozenset())
    forms = dict(tables.forms)
    if "disputes" not in forms and any(f.table == "disputes" for f in tables.figures):
        forms["disputes"] = _by_year(identity.report_year)
    return Report(
        publisher=identity.publisher,
        report_year=identity.report_year,
        title=identity.title,
        published_on=day.day if day else None,
        published_on_source=day.source if day else None,
        forms=forms,
        figures=tables.figures,
        sections=sections,
        statements=(),
        problems=tuple(problems),
        days=tuple(days),
        preamble=text_of(parts[:first]),
    )


def _by_year(report_year: int | None) -> Generation:
    return Generation.FORM_2019 if report_year in (2019, 2020) else Generation.FORM_2021


def _marked(parts: Sequence[Block | Grid], headings: Sequence[Heading]) -> list[Block | Grid]:
    """The parts with chapter headings marked, so that no table swallows them."""
    marked = list(parts)
    for heading in headings:
        part = marked[heading.at]
        if isinstance(part, Block):
            marked[heading.at] = Block(part.text, part.start, True)
    return marked


def _moved(headings: list[Heading], before: Sequence[Block | Grid], after: Sequence[Block | Grid]) -> list[Heading]:
    """The headings with their places among the gathered parts."""
    places = {part.start: i for i, part in enumerate(after) if isinstance(part, Block)}
    moved: list[Heading] = []
    for heading in headings:
        part = before[heading.at]
        if isinstance(part, Block):
            moved.append(Heading(places[part.start], heading.text, heading.printed, heading.chapter))
    return moved


def _days(document: Document, parts: Sequence[Block | Grid], headings: Sequence[Heading], url: str) -> list[FoundDay]:
    first = headings[0].at if headings else 30
    head = [p for p in parts[:first] if isinstance(p, Block)]
    tail = [p for p in parts[headings[-1].at :] if isinstance(p, Block)] if headings else []
    lines = [block.text for block in (*head, *tail)]
    for part in parts[:first]:
        if isinstance(part, Grid):
            lines.extend(_metadata_rows(part))
    return [
        *labelled_days(lines),
        *metadata_days(document.metadata),
        *bare_days([*head, *tail]),
        *address_days(url),
    ]


def _metadata_rows(grid: Grid) -> list[str]:
    """The cells of a table above the report (索引号, 发布机构, 发布日期 ...) as lines label: value."""
    cells = [cell.text for cell in grid.cells[:60] if len(cell.text) < 60]
    return [cells[i] if ":" in cells[i] else f"{cells[i]}:{cells[i + 1]}" for i in range(len(cells) - 1)]


def _is_report(tables: Tables, headings: Sequence[Heading], companion: bool) -> bool:
    if companion and len(tables.figures) < 20:
        return False
    if tables.figures:
        return True
    return len({h.chapter for h in headings if h.chapter}) >= 3 or len(headings) >= 6
