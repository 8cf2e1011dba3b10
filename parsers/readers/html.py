"""HTML pages through one tree of an HTML5 parser: blocks of text and the innermost tables, in page order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.folding import RAISED, fold
from parsers.model import PICTURE, Block, Cell, Document, Grid, ParserError, Problem
from parsers.readers.hiding import drop_hidden, innermost
from parsers.readers.nesting import beyond_bounds
from parsers.readers.styles import apply_sheets

MAX_CELLS = 20_000  # of one table; the statutory ones have under 400
MAX_SPAN = 60  # wider or higher spans are slips of the editor (colspan="1000")


def _numbers(*names: str) -> frozenset[int]:
    """The numbers that the tree has for elements; a walk asks for them in a third of the time of their names."""
    tree = LexborHTMLParser("")
    return frozenset(tree.create_node(name).tag_id for name in names)


_BREAKS = _numbers(
    "p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "center", "dl",
     "dt", "dd", "pre", "blockquote", "header", "footer", "nav", "main", "form", "hr", "table", "tbody", "thead",
     "tfoot", "tr", "td", "th", "caption", "fieldset", "option", "aside", "figure", "address", "title", "body", "html"
)  # fmt: skip
_SKIPPED = _numbers(
    "script", "style", "noscript", "template", "head", "textarea", "select", "svg", "iframe", "object"
)
_SKIPPED |= frozenset({0, 1, 3, 4, 5})  # no elements: ends, documents, comments, document types
_TEXT = 2
_HEADINGS = _numbers("h1", "h2", "h3", "h4", "h5", "h6")
_CELLS = _numbers("td", "th")
_SCRIPTS = _numbers("script", "style")
_FILLED_IN = _numbers("span", "label", "em", "i", "b", "font")
(_ROW,), (_TABLE,), (_CAPTION,), (_INPUT,), (_SCRIPT,) = map(_numbers, ("tr", "table", "caption", "input", "script"))
_NO_TEXT = frozenset({"hidden", "checkbox", "radio", "button", "submit", "reset", "image", "file", "password"})
_SPACES = re.compile(r"[ \t\r\n\f]+")
_MARGIN = " \xa0\u3000\u200b\ufeff"
_PICTURES = _numbers("img", "svg", "canvas", "object", "embed", "iframe", "video")
_BREAK = "\v"  # what a break of markup is inside a cell, until its lines are cut
_STRIPPED = _MARGIN + _BREAK + "\t\r\n\f"
_TWICE = re.compile(r"&amp;(nbsp;|ensp;|emsp;|thinsp;|#160;|#12288;|#x[aA]0;)")  # a blank that was escaped twice
_DATA = re.compile(r"(<[tT][dDhH]\b[^<>]*>\s*)(?=<!\[CDATA\[)")  # XML's way of text, which no browser shows
_PRE = re.compile(r"(</?pre\b)", re.IGNORECASE)
# Inside a cell: what was struck out is no figure, and a raised number is a note's mark.
_STRUCK = 'td s, td strike, td del, td [style*="line-through"], th s, th strike, th del'
_LINKED_DATA = re.compile(r'"(pubDate|datePublished)"\s*:\s*"([^"]{8,40})"')  # of a page's description for machines
# Raised numbers, and links to a place on the page: what stands in a page that has them, and what finds them in cells.
_MARKS = (
    ("<sup", "td sup, th sup"), ("<SUP", "td sup, th sup"),
    ("super", 'td [style*="super" i], th [style*="super" i]'), ('href="#', 'td a[href^="#"], th a[href^="#"]'),
)  # fmt: skip
_DEEP_MARK = 50  # elements between a raised number and its cell
_LONGEST_STRUCK = 60  # an element that is never closed may hold the rest of the page


def read_html(html: str) -> Document:
    """A Document from decoded markup. Layout tables are walked like any other block; a table without a table inside
    becomes a Grid, its spans laid out as a browser does. Nothing is fetched, scripts are not run.
    """
    if reason := beyond_bounds(html):
        raise ParserError(f"the markup is not that of a page: {reason}")
    if "<pre" in html or "<PRE" in html:
        html = _as_lines(html)
    if "&amp;" in html:
        html = _TWICE.sub(r"&\1", html)
    if "<![CDATA[" in html:
        html = _DATA.sub(rf"\1{PICTURE}", html)
    tree = LexborHTMLParser(html)
    apply_sheets(html, tree)
    drop_hidden(html, tree)
    _mend_cells(html, tree)
    walk = _Walk(_frames(tree))
    root = tree.body or tree.root
    if root is not None:
        walk.run(root)
    title = tree.css_first("title")
    metadata = _metadata(html, tree)
    shown = fold(title.text()) if title else ""
    return Document("html", tuple(walk.parts), metadata, shown, tuple(walk.problems), tuple(walk.gaps))


def _as_lines(html: str) -> str:
    """The markup with preformatted text, where that ends, as lines: its line ends are breaks, its wide blanks part
    columns."""
    pieces = _PRE.split(html)
    closed = max((at for at in range(1, len(pieces), 2) if pieces[at][1] == "/"), default=0)
    for at in range(1, closed, 2):
        if pieces[at][1] != "/":
            pieces[at + 1] = re.sub(r" {2,}|\t", "\u3000\u3000", pieces[at + 1].replace("\n", "<br>"))
    return "".join(pieces)


def _mend_cells(html: str, tree: LexborHTMLParser) -> None:
    """Drop what is struck out in cells, keep the chosen one of options, and let the marks of notes look like marks,
    backgrounds and icons like pictures."""
    some = tree.css_first("s, strike, del, sup, select") is not None
    if some or "line-through" in html:
        for node in innermost(tree, _STRUCK):
            if len(node.text()) <= _LONGEST_STRUCK:
                node.decompose()
    if "url(" in html:
        for node in tree.css('td [style*="url("], th [style*="url("]'):
            node.insert_before(PICTURE)
    if some and ("<select" in html or "<SELECT" in html):
        for node in innermost(tree, "td select, th select"):
            chosen = node.css_first("option[selected]") or node.css_first("option")
            node.replace_with(chosen.text() if chosen else "")
    if "icon" in html:
        for node in tree.css('td i[class*="icon"], td span[class*="icon"]'):
            if node.first_child is None:  # drawn by a style sheet
                node.insert_before(PICTURE)
    marks = [selector for sign, selector in _MARKS if sign in html]
    if marks:
        whole: dict[int, str] = {}  # the text of each cell, looked up once
        for node in innermost(tree, ", ".join(marks)):
            text = fold(node.text())
            if text and len(text) <= 8 and text != _cell_text(node, whole):
                marked = text.translate(RAISED) if text.isdigit() else node.text().strip()
                node.replace_with(marked if marked != text or not text[-1].isdigit() else f"[{text}]")


def _cell_text(node: LexborNode, whole: dict[int, str]) -> str:
    """The whole text of the cell that a node stands in; '' if it stands too deep in it to be all of it."""
    parent = node.parent
    for _ in range(_DEEP_MARK):
        if parent is None or parent.tag in ("td", "th"):
            break
        parent = parent.parent
    else:
        return ""
    if parent is not None and parent.mem_id not in whole:
        whole[parent.mem_id] = fold(parent.text())
    return whole[parent.mem_id] if parent is not None else ""


def _metadata(html: str, tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), fold(content))
    if "ld+json" in html:
        for node in tree.css('script[type="application/ld+json"]'):
            for name, content in _LINKED_DATA.findall(node.text()):
                found.setdefault(name.lower(), content)
    return found


def _frames(tree: LexborHTMLParser) -> frozenset[int]:
    """The tables that have a table inside."""
    found: set[int] = set()
    for table in tree.css("table table"):
        parent = table.parent
        while parent is not None and parent.tag != "table" and parent.mem_id not in found:
            parent = parent.parent
        if parent is not None and parent.tag == "table":
            found.add(parent.mem_id)
    return frozenset(found)


@dataclass(slots=True)
class _Walk:
    """Depth first without recursion: a page may be nested deeper than Python's stack."""

    frames: frozenset[int]
    parts: list[Block | Grid] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    offset: int = 0
    grids: int = 0
    heading: bool = False
    gaps: list[int] = field(default_factory=list)
    low: int = 0  # least depth since the last part
    stack: list[tuple[LexborNode, bool]] = field(default_factory=list)  # around a node, and whether they break lines

    def run(self, root: LexborNode) -> None:
        stack = self.stack
        node: LexborNode | None = root.first_child
        text = self.text
        while True:
            while node is None:
                if not stack:
                    self.flush()
                    return
                parent, breaks = stack.pop()
                if breaks and text:
                    self.flush()
                if len(stack) < self.low:
                    self.low = len(stack)
                node = parent.next
            tag = node.tag_id
            if tag == _TEXT:
                text.append(node.text_content or "")
                node = node.next
                continue
            breaks = tag in _BREAKS
            if breaks:
                if text:
                    self.flush()
                self.heading = tag in _HEADINGS
                if tag == _TABLE and node.mem_id not in self.frames and self.table(node):
                    node = node.next
                    continue
            elif tag in _SKIPPED:
                node = node.next
                continue
            child = node.first_child
            if child is None:
                node = node.next
            else:
                stack.append((node, breaks))
                node = child

    def flush(self) -> None:
        text = "".join(self.text)
        self.text.clear()
        if not text.isalnum():
            text = _one_blank(text.strip(_STRIPPED))
        if text:
            self.add(Block(text, self.offset, self.heading))
            self.offset += len(text) + 1

    def add(self, part: Block | Grid) -> None:
        """Take a part, with the depth of what it shares with the one before."""
        self.parts.append(part)
        self.gaps.append(self.low)
        self.low = len(self.stack)

    def table(self, table: LexborNode) -> bool:
        """Add the table as a Grid; False if it is a frame for the page's layout and has to be walked."""
        rows, caption = _rows(table)
        if sum(len(row) for row in rows) > MAX_CELLS:
            self.problems.append(Problem("too_large", f"a table of more than {MAX_CELLS} cells was left out", "table"))
            return True
        grid = lay_out(rows, self.grids)
        if _is_layout(grid):
            return False
        if caption:
            self.add(Block(caption, self.offset, self.heading))
            self.offset += len(caption) + 1
        self.add(grid)
        self.grids += 1
        return True


RawCell = tuple[list[str], int, int]  # pieces of its text, rowspan, colspan


def _rows(table: LexborNode) -> tuple[list[list[RawCell]], str]:
    """The rows of an innermost table, and the caption's text."""
    rows: list[list[RawCell]] = []
    row: list[RawCell] = []
    caption: list[str] = []
    skip = False
    into = caption
    for node in table.traverse(include_text=True):
        tag = node.tag_id
        if tag == _TEXT:
            if not skip:
                text = node.text_content or ""
                into.append(_BREAK if text == "\n" else text)
            skip = False
        elif tag in _CELLS:
            if not rows:
                rows.append(row)
            into = []
            attributes = node.attributes
            if attributes:
                row.append((into, _span(attributes.get("rowspan")), _span(attributes.get("colspan"))))
            else:
                row.append((into, 1, 1))
        elif tag == _ROW:
            into, row = [], []
            rows.append(row)
        elif tag == _CAPTION:
            into = caption
        elif tag in _SCRIPTS:
            skip = node.first_child is not None
            if tag == _SCRIPT:
                into.append(PICTURE)  # it may write the figure
        elif tag in _PICTURES:
            into.append(PICTURE)
        elif tag == _INPUT:
            into.append(_entered(node.attributes))
        elif tag in _BREAKS:
            into.append(_BREAK)
        elif tag in _FILLED_IN and node.first_child is None and _is_filled(node.attributes):
            into.append(PICTURE)
    return rows, _clean("".join(caption))


def _entered(attributes: Mapping[str, str | None]) -> str:
    """What a field of a form shows; where it shows nothing it still is no blank cell."""
    shown = (attributes.get("type") or "text").strip().lower() not in _NO_TEXT
    return (attributes.get("value") if shown else "") or PICTURE


def _is_filled(attributes: Mapping[str, str | None]) -> bool:
    """Whether an empty element is one that a script or a style sheet fills: it is named, or carries data."""
    return any(name == "id" or name.startswith("data-") for name in attributes)


def _clean(text: str) -> str:
    """The text of a cell: runs of blanks as one, a line for each break of markup; line ends inside text are blanks."""
    text = text.strip(_STRIPPED)
    if text.isalnum() or not text:
        return text
    if PICTURE in text and (shown := text.replace(PICTURE, "").strip(_STRIPPED)):
        text = shown  # an icon beside it
    if _BREAK not in text:
        return _one_blank(text)
    lines = (_one_blank(line.strip(_STRIPPED)) for line in text.split(_BREAK))
    return "\n".join(line for line in lines if line)


def _one_blank(text: str) -> str:
    """The text with each run of blanks as one."""
    return text if text.isprintable() and "  " not in text else _SPACES.sub(" ", text)


def _span(text: str | None) -> int:
    if not text:
        return 1
    digits = text.strip()
    return min(max(int(digits), 1), MAX_SPAN) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 1


def _is_layout(grid: Grid) -> bool:
    """A table with a long text in a cell frames the page; so does one of a single cell."""
    return len(grid.cells) <= 1 or max([len(cell.text) for cell in grid.cells]) > 600


def lay_out(rows: list[list[RawCell]], index: int) -> Grid:
    """Give each cell its slot, as HTML's table model does: spans of earlier rows push cells to the right."""
    cells: list[Cell] = []
    taken: dict[int, int] = {}  # column -> first row that is free again
    width = 0
    for r, row in enumerate(rows):
        c = 0
        for pieces, rowspan, colspan in row:
            if taken:
                while taken.get(c, 0) > r:
                    c += 1
            text = "".join(pieces)
            if not text.isalnum():  # a blank, a break or a picture in it: few cells
                text = _clean(text)
            cells.append(Cell(text, r, c, rowspan, colspan))
            if rowspan > 1 or (colspan > 1 and taken):
                for column in range(c, c + colspan):
                    taken[column] = r + rowspan
            c += colspan
        width = max(width, c)
    return Grid(index, tuple(cells), len(rows), width)
