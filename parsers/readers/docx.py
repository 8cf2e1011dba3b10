"""Word documents (DOCX, and new WPS files, which are the same): the text and tables of the body, in order."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from parsers.folding import fold
from parsers.model import Block, Cell, Document, Grid, ParserError, Place

MAX_DEPTH = 10  # of tables in tables
MAX_XML = 60_000_000  # bytes of document.xml unpacked; a report has under 3 MB
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _TBL, _TR, _TC = f"{_W}p", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_TEXT, _TAB, _BREAK, _CR = f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr"
_DELETED = {f"{_W}del", f"{_W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_WRAPPERS = {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}smartTag", f"{_W}customXml"}
Element = Any  # lxml brings no types


def member(data: bytes, name: str, limit: int) -> bytes:
    """One member of a ZIP, unpacked up to `limit` bytes; ParserError if it is longer or broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(name) as stream:
            content = stream.read(limit + 1)
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, ValueError, EOFError, RuntimeError) as error:
        raise ParserError(f"expected a readable member {name!r} in the package: {error}") from error
    if len(content) > limit:
        raise ParserError(f"the member {name!r} unpacks to more than {limit} bytes")
    return content


def read_docx(data: bytes) -> Document:
    """A Document of the body's paragraphs and tables. Deleted text of tracked changes is left out, inserted text kept.
    Raises ParserError if the package or its XML is broken."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(member(data, "word/document.xml", MAX_XML), parser)
    except etree.XMLSyntaxError as error:
        raise ParserError(f"expected well-formed XML in word/document.xml: {error}") from error
    body = root.find(f"{_W}body")
    if body is None:
        raise ParserError("expected a body in word/document.xml")
    walk = _Walk()
    walk.run(body, 0)
    return Document("docx", tuple(walk.parts))


@dataclass(slots=True)
class _Walk:
    """Collects the parts of a body; a table with tables inside is a frame and walked cell by cell."""

    parts: list[Block | Grid] = field(default_factory=list)
    offset: int = 0
    grids: int = 0

    def run(self, parent: Element, depth: int) -> None:
        for element in _flow(parent):
            if element.tag == _P:
                self.paragraph(element)
            elif depth < MAX_DEPTH and element.find(f".//{_TBL}") is not None:
                for cell in (c for c in element.iter(_TC) if _owner(c, _TBL) is element):
                    self.run(cell, depth + 1)
            else:
                self.parts.append(_grid(element, self.grids))
                self.grids += 1

    def paragraph(self, element: Element) -> None:
        for line in _text(element).split("\n"):
            if fold(line):
                self.parts.append(Block(line.strip(), self.offset))
                self.offset += len(line) + 1


def _flow(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables in order, those in content controls and insertions included."""
    for child in parent:
        if child.tag in (_P, _TBL):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _flow(child)


def _text(paragraph: Element) -> str:
    pieces: list[str] = []
    skipped: list[Element] = []
    for event, node in etree.iterwalk(paragraph, events=("start", "end")):
        if node.tag in _DELETED:
            if event == "start":
                skipped.append(node)
            elif skipped:
                skipped.pop()
            continue
        if event == "end" or skipped:
            continue
        if node.tag == _TEXT:
            pieces.append(node.text or "")
        elif node.tag == _TAB and node.getparent().tag != f"{_W}tabs":
            pieces.append("\t")
        elif node.tag in (_BREAK, _CR):
            pieces.append("\n")
    return "".join(pieces)


def _number(node: Element | None) -> int:
    value = node.get(f"{_W}val") if node is not None else None
    return min(int(value), 200) if value and value.isdigit() else 1


def _grid(table: Element, index: int) -> Grid:
    cells: list[Cell] = []
    open_above: dict[int, int] = {}  # column -> place in `cells` of the cell that is merged downwards
    width = 0
    rows = [row for row in table.iter(_TR) if _owner(row, _TBL) is table]
    for r, row in enumerate(rows):
        before = row.find(f"{_W}trPr/{_W}gridBefore")
        c = _number(before) if before is not None else 0
        for cell in (node for node in row.iter(_TC) if _owner(node, _TR) is row):
            span = _number(cell.find(f"{_W}tcPr/{_W}gridSpan"))
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merge is not None and merge.get(f"{_W}val") != "restart" and c in open_above:
                place = open_above[c]
                above = cells[place]
                cells[place] = Cell(above.text, above.row, above.column, r - above.row + 1, above.colspan, above.place)
            else:
                text = "\n".join(line for p in cell.iter(_P) if (line := _text(p).strip()))
                cells.append(Cell(text, r, c, 1, span, Place(index, r, c)))
                if merge is not None:
                    open_above[c] = len(cells) - 1
                else:
                    open_above.pop(c, None)
            c += span
        width = max(width, c)
    return Grid(index, tuple(cells), len(rows), width)


def _owner(node: Element, tag: str) -> Element | None:
    """The nearest element of that tag around a node."""
    parent = node.getparent()
    while parent is not None and parent.tag != tag:
        parent = parent.getparent()
    return parent
