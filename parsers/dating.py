"""The days of a document: which of its lines, tags and addresses may name one, and which of them is believed first."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.dates import address_days, bare_days, labelled_days, metadata_days
from parsers.identity import Identity
from parsers.model import Block, Document, FoundDay, Grid
from parsers.titles import parse_title

_NEAR = 12  # parts above the first chapter in which a day without a label is the report's

Parts = Sequence[Block | Grid]


def _title_end(head: Parts, identity: Identity) -> int:
    """Where the report's title ends among the parts above its first chapter; 0 if it is not among them."""
    for at, part in enumerate(head):
        if isinstance(part, Block) and "公" in part.text and len(part.text) < 100 and identity.publisher:
            title = parse_title(part.text)
            if title.is_report and (title.publisher, title.report_year) == (identity.publisher, identity.report_year):
                return at + 1
    return 0


def document_days(document: Document, head: Parts, tail: Parts, url: str, identity: Identity) -> list[FoundDay]:
    """All days above the first chapter and below the last one, of the head tags and of the address. A page's header
    shows today, and the days of other pages: what stands above the title counts only where nothing below it does.
    """
    start = _title_end(head, identity)
    below = [part.text for part in (*head[start:], *tail) if isinstance(part, Block)]
    below += [row for part in head if isinstance(part, Grid) for row in _metadata_rows(part)]
    labelled = labelled_days(below)
    if not any(day.publication for day in labelled):
        labelled = labelled_days([*(part.text for part in head[:start] if isinstance(part, Block)), *below])
    near = head[max(start, len(head) - _NEAR) :]
    return [
        *labelled,
        *metadata_days(document.metadata),
        *bare_days([part for part in (*near, *tail) if isinstance(part, Block)]),
        *address_days(url),
    ]


def _metadata_rows(grid: Grid) -> list[str]:
    """The cells of a table above the report (索引号, 发布机构, 发布日期 ...) as lines label: value."""
    cells = [cell.text for cell in grid.cells[:60] if len(cell.text) < 60]
    lines: list[str] = []
    for i, cell in enumerate(cells):
        following = cells[i + 1] if i + 1 < len(cells) else ""
        lines.append(cell if any(c.isdigit() for c in cell) else f"{cell.rstrip(':： ')}:{following}")
    return lines
