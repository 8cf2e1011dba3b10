"""Word documents (DOCX, and new WPS files, which are the same): the text and tables of the body, in order."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree  # type: ignore[import-untyped]

from parsers.decoding import decode
from parsers.folding import RAISED, fold
from parsers.model import PICTURE, Block, Cell, Document, Grid, ParserError, Place, Problem
from parsers.readers.html import read_html
from parsers.readers.mhtml import is_mhtml, page_of
from parsers.readers.numbering import Element, Numbering, W, numbering
from parsers.readers.sniffing import MAIN_PART
from parsers.values import looks_like_value

MAX_DEPTH = 10  # of tables in tables
MAX_XML = 60_000_000  # bytes of document.xml unpacked; a report has under 3 MB
_FLAT_NAME = "{http://schemas.microsoft.com/office/2006/xmlPackage}name"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_P, _TBL, _TR, _TC, _R = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc", f"{W}r"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXT = {f"{W}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"}
_FIELD = f"{W}fldChar"
_BOX, _CHUNK = f"{W}txbxContent", f"{W}altChunk"
_GONE = {f"{W}del", f"{W}moveFrom", f"{W}rt", f"{_MC}Fallback"}  # deleted text, readings above letters, doubles
_WRAPPERS = {
    f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}smartTag", f"{W}customXml", f"{_MC}AlternateContent",
    f"{_MC}Choice",
}  # fmt: skip
_SIGNS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}noBreakHyphen": "-"}
# What is saved as "Strict Open XML" has the same elements under other names of their namespaces (ISO/IEC 29500).
_STRICT = b"http://purl.oclc.org/ooxml/"
_USUAL = {
    _STRICT + b"wordprocessingml/main": W[1:-1].encode(),
    _STRICT + b"officeDocument/relationships": _REL[1:].partition("}")[0].encode(),
}
_PICTURES = (f"{W}drawing", f"{W}pict", f"{W}object")
_CHOSEN = (f"{W}ddList", f"{W}fldSimple")  # fields that show something without holding it
_NEEDS_OCR = "holds pictures and no table; reading them needs the optional extra 'ocr'"


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
    """A Document of the body's paragraphs and tables. Deleted text of tracked changes is left out, inserted text kept;
    the numbers that Word counts by itself are put before their paragraphs. Raises ParserError if the package or its
    XML is broken."""
    if not data.startswith(b"PK"):
        return _read_flat(data)
    main = main_part(data)
    root = _xml(member(data, main, MAX_XML), main)
    lists, styles, links = (
        _xml(member(data, name, MAX_XML), name) if _has(data, name) else None
        for name in ("word/numbering.xml", "word/styles.xml", f"word/_rels/{main.removeprefix('word/')}.rels")
    )
    walk = _Walk(numbering(lists, styles), data, _targets(links))
    return _document(root, walk)


def _read_flat(data: bytes) -> Document:
    """The same for a package that is one XML file ("Word XML document")."""
    package = _xml(data, "the file")
    parts = {
        part.get(_FLAT_NAME): part[0][0]
        for part in package
        if len(part) and len(part[0]) and isinstance(part.tag, str)
    }
    root = parts.get("/word/document.xml")
    if root is None:
        raise ParserError("expected /word/document.xml in the file")
    return _document(root, _Walk(numbering(parts.get("/word/numbering.xml"), parts.get("/word/styles.xml"))))


def _document(root: Element, walk: _Walk) -> Document:
    body = root.find(f"{W}body")
    if body is None:
        raise ParserError("expected a body in word/document.xml")
    walk.run(body, 0)
    problems: tuple[Problem, ...] = ()
    if not walk.grids and any(next(body.iter(tag), None) is not None for tag in _PICTURES):
        problems = (Problem("picture_only", f"the document {_NEEDS_OCR}"),)
    return Document("docx", tuple(walk.parts), problems=problems)


def _xml(content: bytes, name: str) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    if _STRICT in content[:4000]:
        for strict, usual in _USUAL.items():
            content = content.replace(strict, usual)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ParserError(f"expected well-formed XML in {name}: {error}") from error


def main_part(data: bytes) -> str:
    """The member that holds the body: Word in a browser numbers it (word/document2.xml)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return next(filter(MAIN_PART.fullmatch, archive.namelist()), "word/document.xml")


def _has(data: bytes, name: str) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return name in archive.namelist()


def _targets(links: Element | None) -> dict[str, str]:
    """Ids of the parts that the document names -> their member's names; what lies outside the package is left out."""
    found = {} if links is None else {n.get("Id", ""): n for n in links.findall(_PACKAGE)}
    return {
        key: target.lstrip("/") if (target := node.get("Target", "")).startswith("/") else f"word/{target}"
        for key, node in found.items()
        if node.get("TargetMode") != "External"
    }


@dataclass(slots=True)
class _Walk:
    """Collects the parts of a body; a table with tables inside is a frame and walked cell by cell."""

    numbers: Numbering
    package: bytes = b""
    targets: dict[str, str] = field(default_factory=dict)
    parts: list[Block | Grid] = field(default_factory=list)
    offset: int = 0
    grids: int = 0

    def run(self, parent: Element, depth: int) -> None:
        for element in _flow(parent):
            if element.tag == _P:
                self.paragraph(element, depth)
            elif element.tag == _CHUNK:
                self.chunk(self.targets.get(element.get(_REL, ""), ""))
            elif depth < MAX_DEPTH and _is_frame(element):
                for cell in (c for c in element.iter(_TC) if _owner(c, _TBL) is element):
                    self.run(cell, depth + 1)
            else:
                self.parts.append(_grid(element, self.grids, self.numbers))
                self.grids += 1

    def paragraph(self, element: Element, depth: int) -> None:
        for line in _text(element, self.numbers).split("\n"):
            self.line(line)
        for box in _boxes(element) if depth < MAX_DEPTH else ():
            self.run(box, depth + 1)

    def line(self, line: str) -> None:
        if fold(line):
            self.parts.append(Block(line.strip(), self.offset))
            self.offset += len(line) + 1

    def chunk(self, name: str) -> None:
        """A page put into the document as a file of its own, as web editors that export to Word do."""
        if not name or not _has(self.package, name):
            return
        content = member(self.package, name, MAX_XML)
        page = page_of(content).data if is_mhtml(content) else content
        if page.lstrip()[:1] != b"<":
            return
        for part in read_html(decode(page)[0]).parts:
            if isinstance(part, Block):
                self.line(part.text)
            else:
                self.parts.append(replace(part, index=self.grids))
                self.grids += 1


def _flow(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables in order, those in content controls and insertions included."""
    for child in parent:
        if child.tag in (_P, _TBL, _CHUNK):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _flow(child)


def _is_frame(table: Element) -> bool:
    """Whether a table stands in one of its cells."""
    return any(_owner(inner, _TC) is not None and _seen(inner, table) for inner in table.iter(_TBL))


def _seen(node: Element, above: Element) -> bool:
    """Whether nothing between a node and one above it is left out of the printed page."""
    if node is above:
        return False
    while (node := node.getparent()) is not above:
        if node.tag in _GONE:
            return False
    return True


def _boxes(paragraph: Element) -> Iterator[Element]:
    """The text boxes anchored in a paragraph."""
    for box in paragraph.iter(_BOX):
        if _owner(box, _BOX) is None and _seen(box, paragraph):
            yield box


def _text(paragraph: Element, numbers: Numbering, *, in_cell: bool = False) -> str:
    pieces: list[str] = []
    skipped: list[Element] = []
    fields: list[str] = []  # the open ones, inner ones last, each as far as it has come: its code, or what it shows
    for event, node in etree.iterwalk(paragraph, events=("start", "end")):
        tag = node.tag
        if tag in _GONE or tag == _BOX or (tag == _R and _is_hidden(node, struck=in_cell)):
            if event == "start":
                skipped.append(node)
            elif skipped:
                skipped.pop()
        elif event == "end" or skipped:
            continue
        elif tag == _FIELD:
            kind = node.get(f"{W}fldCharType", "")
            fields[-1:] = {"begin": [*fields[-1:], kind], "separate": [kind]}.get(kind, [])
        elif "begin" in fields:
            continue  # the code of a field is not shown
        elif tag in _TEXT:
            pieces.append(_raised(node) if in_cell else node.text or "")
        elif tag in _SIGNS and node.getparent().tag == _R:
            pieces.append(_SIGNS[tag])
        elif tag == f"{W}sym":
            pieces.append(_symbol(node))
    text = "".join(pieces)
    number = numbers.before(paragraph)
    return number + text if number and fold(text) and not (in_cell and looks_like_value(text)) else text


def _is_hidden(run: Element, *, struck: bool) -> bool:
    """Hidden text; in cells what is struck out as well."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False
    tags = ("vanish", "strike", "dstrike") if struck else ("vanish",)
    return any(
        (node := properties.find(f"{W}{tag}")) is not None and node.get(f"{W}val") not in ("0", "false", "off")
        for tag in tags
    )


def _raised(node: Element) -> str:
    """The text of a run in a cell; raised figures are marks of notes and stay told from the figure before them."""
    text = node.text or ""
    properties = node.getparent().find(f"{W}rPr/{W}vertAlign")
    raised = properties is not None and properties.get(f"{W}val") in ("superscript", "subscript")
    return text.translate(RAISED) if raised else text


def _symbol(node: Element) -> str:
    """A letter of a symbol font: those of Symbol are ASCII moved up, of others nothing is known."""
    try:
        code = int(node.get(f"{W}char", ""), 16) & 0xFF
    except ValueError:
        return "\ufffd"
    plain = chr(code)
    return plain if node.get(f"{W}font") == "Symbol" and plain.isascii() and not plain.isalpha() else "\ufffd"


def _number(node: Element | None) -> int:
    value = node.get(f"{W}val") if node is not None else None
    return min(int(value), 200) if value and value.isdigit() else 1


def _grid(table: Element, index: int, numbers: Numbering) -> Grid:
    cells: list[Cell] = []
    open_above: dict[int, int] = {}  # column -> place in `cells` of the cell that is merged downwards
    width = 0
    rows = [row for row in table.iter(_TR) if _owner(row, _TBL) is table and _is_printed(row, f"{W}trPr")]
    for r, row in enumerate(rows):
        before = row.find(f"{W}trPr/{W}gridBefore")
        c = _number(before) if before is not None else 0
        for cell in (n for n in row.iter(_TC) if _owner(n, _TR) is row and _is_printed(n, f"{W}tcPr")):
            span = _number(cell.find(f"{W}tcPr/{W}gridSpan"))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            beside = cell.find(f"{W}tcPr/{W}hMerge")
            place = open_above.get(c, -1)
            text = _cell_text(cell, numbers)
            if beside is not None and beside.get(f"{W}val") != "restart" and cells and cells[-1].row == r:
                cells[-1] = replace(cells[-1], colspan=cells[-1].colspan + span)
            elif _goes_on(merge) and place >= 0 and cells[place].row + cells[place].rowspan == r:
                cells[place] = replace(cells[place], rowspan=cells[place].rowspan + 1)
            else:
                cells.append(Cell(text, r, c, 1, span, Place(index, r, c)))
                if merge is not None:
                    open_above[c] = len(cells) - 1
                else:
                    open_above.pop(c, None)
            c += span
        width = max(width, c)
    return Grid(index, tuple(cells), len(rows), width)


def _goes_on(merge: Element | None) -> bool:
    return merge is not None and merge.get(f"{W}val") != "restart"


def _is_printed(node: Element, properties: str) -> bool:
    """Rows and cells deleted by a tracked change, and hidden rows, are not."""
    found = node.find(properties)
    return found is None or not any(found.find(f"{W}{tag}") is not None for tag in ("del", "cellDel", "hidden"))


def _cell_text(cell: Element, numbers: Numbering) -> str:
    lines = (_text(p, numbers, in_cell=True).strip() for p in cell.iter(_P) if _seen(p, cell))
    text = "\n".join(line for line in lines if line)
    return text or (PICTURE if any(_seen(node, cell) for node in cell.iter(*_PICTURES, *_CHOSEN)) else "")


def _owner(node: Element, tag: str) -> Element | None:
    """The nearest element of that tag around a node."""
    parent = node.getparent()
    while parent is not None and parent.tag != tag:
        parent = parent.getparent()
    return parent
