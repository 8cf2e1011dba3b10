"""A document as a page can show it beside its figures: its own text and grids, and where each cell and passage stands.

What is packed is plain text with row and column numbers. No markup, address or script of the document is in it, so that
whoever prints it (escaped, as text) cannot be made to run or load anything.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from parsers.model import Block, Document, Grid, Place, Report, Section, Span, Statement

MAX_TEXT = 600_000  # characters of one document that are shown; a report page has under 100,000
VERSION = 1


def sealed(report: Report, *, keep: bool) -> Report:
    """The report without the document it was read from; with `keep`, `view` holds what a page needs of it, packed."""
    view = pack(report) if keep and report.document is not None and report.figures else b""
    return replace(report, document=None, origins=(), view=view)


def pack(report: Report) -> bytes:
    """zlib over JSON: `parts` (["b", start, text, page, box] and ["g", index, sheet, cells], a cell being [row, column,
    rowspan, colspan, text] and its own row and column where they differ), `figures` ([table, row, column, place]) and
    `passages`, for the preamble and each section the pieces it was put together from ([offset, start, length]).

    Pages of a PDF and pictures are shown as such: of these only places and passages are packed.
    """
    document = report.document
    parts: list[Any] = []
    if document is not None and not any(_paged(part) for part in document.parts[:200]):
        parts = list(_parts(document))
    figures = [[f.table, f.row, f.column, _place(f.place)] for f in report.figures if f.place is not None]
    made = {"v": VERSION, "parts": parts, "figures": figures, "passages": report.origins}
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "replace"), 6)


def origins_of(parts: Sequence[Block | Grid]) -> tuple[Span, ...]:
    """The pieces of the text that `sections.text_of` makes of these parts."""
    found: list[Span] = []
    offset = 0
    for part in parts:
        if isinstance(part, Block):
            text = part.text.strip()
            lead = len(part.text) - len(part.text.lstrip())
            page, box = (part.place.page, part.place.box) if part.place else (None, None)
            found.append(Span(offset, part.start + lead, len(text), page, box))
            offset += len(text) + 1
    return tuple(found)


def placed(
    statements: Sequence[Statement], sections: Sequence[Section], origins: Sequence[Sequence[Span]]
) -> tuple[Statement, ...]:
    """The statements with their places in the document; `origins` of the preamble and each section, in order."""
    numbered: dict[int | None, list[int]] = {}
    for at, section in enumerate(sections, 1):
        numbered.setdefault(section.number, []).append(at)
    offsets = [[span.offset for span in spans] for spans in origins]
    out: list[Statement] = []
    for s in statements:
        at = 0
        if s.section:
            same = numbered.get(s.section, [-1])
            at = same[0] if len(same) == 1 else next((i for i in same if s.sentence in sections[i - 1].text), same[0])
        place = _place_of(s, origins[at], offsets[at]) if 0 <= at < len(origins) else None
        told = (s.what, s.value, s.unit, s.section, s.start, s.end, s.sentence, s.of, s.qualifier, s.year, s.scope)
        out.append(Statement(*told, place))
    return tuple(out)


def _place_of(said: Statement, spans: Sequence[Span], offsets: Sequence[int]) -> Place | None:
    at = bisect_right(offsets, said.start) - 1  # the last one that begins before it
    if at < 0:
        return None
    offset, start, length, page, box = spans[at]
    if said.start >= offset + length:
        return None
    start += said.start - offset
    return Place(start=start, end=start + said.end - said.start, page=page, box=box)


def _paged(part: Block | Grid) -> bool:
    if isinstance(part, Block):
        return part.place is not None and part.place.page is not None
    return any(cell.place is not None and cell.place.page is not None for cell in part.cells[:1])


def _parts(document: Document) -> Iterator[list[Any]]:
    left = MAX_TEXT
    for part in document.parts:
        if left <= 0:
            return
        if isinstance(part, Block):
            yield ["b", part.start, part.text[:left]]
            left -= len(part.text)
            continue
        first = next((cell.place for cell in part.cells if cell.place is not None), None)
        index = part.index if first is None or first.grid is None else first.grid
        cells = []
        for cell in part.cells:
            own = (cell.row, cell.column)
            if cell.place is not None and cell.place.row is not None and cell.place.column is not None:
                own = (cell.place.row, cell.place.column)
            shown = [cell.row, cell.column, cell.rowspan, cell.colspan, cell.text]
            cells.append(shown if own == (cell.row, cell.column) else [*shown, *own])
            left -= len(cell.text)
        yield ["g", index, first.sheet if first else None, cells]


def _place(place: Place | None) -> dict[str, Any]:
    parts = {name: getattr(place, name) for name in Place.__dataclass_fields__}
    if parts["box"] is not None:
        parts["box"] = [round(edge, 1) for edge in parts["box"]]
    return {name: value for name, value in parts.items() if value is not None}
