"""How a document was read, in lines for a person: its tables, which label matched what, what was left out and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from parsers.content import content_span, contents
from parsers.decoding import decode
from parsers.folding import fold
from parsers.model import UNSURE, Block, Cell, Document, Figure, Grid, ParserError, State
from parsers.opening import open_document, open_text
from parsers.readers.embedded import inside_answer, inside_page
from parsers.readers.sniffing import Format, sniff
from parsers.reading import read, read_document
from parsers.reshaping import reshaped
from parsers.rows import Row
from parsers.sections import Heading, choose_headings, raw_headings, split_headings
from parsers.settling import settle
from parsers.tables import read_rows
from parsers.textgrids import gather
from parsers.unfolding import unfold

_SHOWN = 40  # letters of a text that are shown


def explain(data: bytes, *, name: str = "", url: str = "", content_type: str = "") -> Iterator[str]:
    """Lines that say how `read` with the same arguments comes to its report; a document of several reports is explained
    as one. Nothing is raised: what cannot be opened is said in a line."""
    kind = sniff(data)
    if kind is Format.ZIP:
        yield "an archive: unpack it and explain the file that matters"
        return
    inner = _string(data, name, url, content_type) if kind is Format.TEXT else ""
    try:
        document = open_text(inner, "", url, {}) if inner else open_document(data, kind, content_type)
    except ParserError as error:
        yield f"cannot be opened: {error}"
        return
    if inner:
        yield f"read from a string of {len(inner)} characters that the answer, or a script of the page, holds"
    parts, depths = unfold(document.parts, document.gaps)
    cut, gaps = split_headings(parts, depths)
    document = Document(document.format, cut, document.metadata, document.title, document.problems, tuple(gaps))
    tables = sum(isinstance(part, Grid) for part in cut)
    yield f"format {document.format}: {len(cut) - tables} blocks of text, {tables} tables"
    yield from _pictures(document)
    yield from _chapters(document)
    for grid in (part for part in gather(_marked(document)) if isinstance(part, Grid)):
        yield from _grid(grid)
    yield from _outcome(data, name, url, content_type)


def _string(data: bytes, name: str, url: str, content_type: str) -> str:
    """The string inside an answer or a page that gave the report's figures; "" if the page as it stands gave them."""
    text = decode(data)[0]
    strings = [*inside_answer(text), *inside_page(text)]
    if not strings:
        return ""
    wanted = len(read(data, name=name, url=url, content_type=content_type)[0].figures)
    if not wanted or (not [*inside_answer(text)] and _figures(text, content_type, url) == wanted):
        return ""
    return next((inner.text for inner in strings if _figures(inner.text, "", url) == wanted), "")


def _figures(text: str, content_type: str, url: str) -> int:
    """How many figures the fullest report of a page or a string has."""
    try:
        document = open_text(text, content_type, url, {})
    except ParserError:
        return 0
    return max(len(report.figures) for report in read_document(document))


def _pictures(document: Document) -> Iterator[str]:
    """What of a document was read by OCR, and how surely."""
    seen = [c for part in document.parts if isinstance(part, Grid) for c in part.cells if c.confidence < 1]
    if document.text_confidence < 1:
        unsure = [f"'{_short(cell.text)}'" for cell in seen if cell.text.endswith(UNSURE)]
        some = f": {', '.join(unsure[:8])}" if unsure else ""
        yield f"read by OCR: {len(seen)} cells of tables, {len(unsure)} of them unsure{some}"
        yield f"read by OCR: least confidence of a line of text {document.text_confidence:.2f}; nothing has 1.00"


def _marked(document: Document) -> list[Block | Grid]:
    """The parts with chapter headings marked, so that no table of text swallows them."""
    marked = list(document.parts)
    for heading in _headings(document):
        part = marked[heading.at]
        if isinstance(part, Block):
            marked[heading.at] = Block(part.text, part.start, True)
    return marked


def _headings(document: Document) -> list[Heading]:
    candidates = raw_headings(document.parts)
    return choose_headings(candidates[contents(candidates) :])


def _chapters(document: Document) -> Iterator[str]:
    candidates = raw_headings(document.parts)
    listed = contents(candidates)
    if listed:
        yield f"table of contents: {listed} lines"
    kept = {heading.at for heading in _headings(document)}
    for heading in candidates[listed:]:
        chapter = f"chapter {heading.chapter} by its words" if heading.chapter else "no chapter's words"
        verdict = chapter if heading.at in kept else f"left out ({chapter})"
        yield f"heading '{_short(heading.text)}': {verdict}, printed number {heading.printed or 'none'}"
    span = content_span(document, _headings(document))
    yield f"content: parts {span.start} to {span.end} of {len(document.parts)}"


def _grid(grid: Grid) -> Iterator[str]:
    rows = read_rows([grid])
    settled = settle(rows)
    shape = "rows and columns as printed" if grid.exact else "columns guessed from lines of text"
    if not grid.ruled:
        shape = "without lines: each figure in the column of the heading above it and in the row of the label beside it"
    changed = " brought back to the form's shape," if reshaped(grid) is not grid else ""
    names = ", ".join(dict.fromkeys(row.table for row in rows)) or "none of the form's"
    yield f"table {grid.index}: {grid.rows} x {grid.columns},{changed} {shape}: {names}"
    for table, generation in settled.forms.items():
        yield f"  {table}: form {generation}"
    used: set[int] = set()
    values = {(f.table, f.row, f.column): f for f in settled.figures}
    for row in rows:
        line, printed = _row(row, reshaped(grid), values)
        if printed is not None:
            used.add(printed)
        yield line
    yield from _rest(reshaped(grid), used)


def _row(row: Row, grid: Grid, values: Mapping[tuple[str, str, str], Figure]) -> tuple[str, int | None]:
    """What became of a recognised row, and its number in the grid."""
    cells: Sequence[Cell] = tuple(row.cells.values()) or row.values
    at = cells[0].row if cells else None
    first = cells[0].column if cells else 0
    labels = [c.text for c in grid.cells if c.row == at and c.column < first and c.text]
    label = f"'{_short(labels[-1])}' " if labels else ""
    how = "exactly" if row.distance == 0 else f"within {row.distance}"
    if row.cells:
        pairs = ", ".join(f"{code} {_value(values.get((row.table, row.code, code)))}" for code in row.cells)
        return f"  row {at}: {label}is {row.table} {row.code} ({how}): {pairs}", at
    return f"  row {at}: {label}is {row.table} {row.code} ({how}), UNREAD: {row.reason}", at


def _value(figure: Figure | None) -> str:
    if figure is None:
        return "[left out]"  # another row of the same code was taken
    return str(figure.value) if figure.state is State.NUMBER else f"[{figure.state}]"


def _rest(grid: Grid, used: set[int]) -> Iterator[str]:
    """The rows of a grid that are no row of the form: headings, own rows, or damaged labels."""
    rest: dict[int, list[str]] = {}
    for cell in grid.cells:
        if cell.row not in used and cell.text:
            rest.setdefault(cell.row, []).append(_short(cell.text))
    for row, texts in rest.items():
        yield f"  row {row}: heading or none of the form's: {' | '.join(texts)[:160]}"


def _outcome(data: bytes, name: str, url: str, content_type: str) -> Iterator[str]:
    for report in read(data, name=name, url=url, content_type=content_type):
        year = report.report_year or "unknown"
        yield f"report: publisher {report.publisher or 'unknown'}, year {year}, {len(report.figures)} cells"
        for day in report.days:
            counts = "publication" if day.publication else "not called its publication"
            yield f"  day {day.day}: {day.source} {day.label} ({counts})"
        for problem in report.problems:
            yield f"  problem {problem.code} ({problem.responsibility}): {problem.message}"


def _short(text: str) -> str:
    flat = fold(text)
    return flat if len(flat) <= _SHOWN else flat[:_SHOWN] + "…"
