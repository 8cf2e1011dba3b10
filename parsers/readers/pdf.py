"""PDF: tables by their ruling lines, everything else as lines of text put together to paragraphs."""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from parsers.folding import fold
from parsers.model import Block, Cell, Document, Grid, ParserError, Place, Problem

MAX_PAGES = 80  # a report has under 40
MAX_CHARACTERS = 20_000  # of one page
_FAULTS = (
    PDFSyntaxError,
    PDFPasswordIncorrect,
    PSException,
    MalformedPDFException,
    PdfminerException,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    RecursionError,
    OverflowError,
    OSError,
    ArithmeticError,
)  # fmt: skip -- what pdfminer raises on broken files: it has no base class for them
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}[、.]|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.、](?!\d))"
)
_BROKEN_NUMBER = re.compile(r"[+-]?\d[\d,.]*(?:\n[\d,.]+)+(?:万?元|件)?")
_GAP = 1.2  # widths of a letter between two words that part cells
Line = tuple[float, float, float, float, str]  # x0, top, x1, bottom, text

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # a line for each odd font box otherwise


def read_pdf(data: bytes) -> Document:
    """A Document of all pages: grids with exact cells where lines rule them, blocks elsewhere; places carry page and
    box. Pages that hold only a picture give a problem. Raises ParserError if the file cannot be opened."""
    parts: list[Block | Grid] = []
    problems: list[Problem] = []
    offset = 0
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) > MAX_PAGES:
                message = f"only the first {MAX_PAGES} of {len(document.pages)} pages were read"
                problems.append(Problem("too_large", message, "pages"))
            for number, page in enumerate(document.pages[:MAX_PAGES], 1):
                if not page.chars:
                    if page.images:
                        problems.append(Problem("picture_only", _needs_ocr(f"page {number}"), f"page {number}"))
                elif len(page.chars) > MAX_CHARACTERS:
                    problems.append(Problem("too_large", f"page {number} has too many characters", f"page {number}"))
                else:
                    offset = _page(page, number, parts, offset)
                page.close()
    except _FAULTS as error:
        raise ParserError(f"expected a readable PDF: {type(error).__name__} {error}") from error
    return Document("pdf", tuple(parts), problems=tuple(problems))


def _needs_ocr(what: str) -> str:
    return f"{what} holds only a picture; reading it needs the optional extra 'ocr'"


def _page(page: Any, number: int, parts: list[Block | Grid], offset: int) -> int:
    tables = [table for table in page.find_tables() if len(table.rows) > 1 or len(table.cells) > 2]
    boxes = [table.bbox for table in tables]

    def outside(item: dict[str, Any]) -> bool:
        x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
        return not any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in boxes)

    lines = list(_lines(page.filter(lambda item: item["object_type"] != "char" or outside(item))))
    flow: list[tuple[float, Any]] = [(line[1], line) for line in lines]
    flow.extend((table.bbox[1], table) for table in tables)
    flow.sort(key=lambda item: item[0])
    paragraph: list[Line] = []
    left = min((line[0] for line in lines), default=0.0)
    right = max([float(page.width) - left, *(line[2] for line in lines)])
    for _, item in flow:
        if isinstance(item, tuple):
            if paragraph and _starts_anew(item, paragraph[-1], left, right):
                offset = _flush(paragraph, parts, offset)
            paragraph.append(item)
        else:
            offset = _flush(paragraph, parts, offset)
            parts.append(_grid(item, page, number, sum(isinstance(part, Grid) for part in parts)))
    return _flush(paragraph, parts, offset)


def _lines(page: Any) -> Iterator[Line]:
    """Lines of text; a gap wider than a letter is kept as three blanks, so that cells stay apart."""
    words = page.extract_words(x_tolerance=2, y_tolerance=3, keep_blank_chars=False, use_text_flow=False)
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda w: (w["top"], w["x0"])):
        if rows and abs(rows[-1][0]["top"] - word["top"]) <= (word["bottom"] - word["top"]) * 0.5:
            rows[-1].append(word)
        else:
            rows.append([word])
    for row in rows:
        row.sort(key=lambda w: w["x0"])
        text = ""
        previous: dict[str, Any] | None = None
        for word in row:
            if previous is not None:
                size = word["bottom"] - word["top"]
                text += "   " if word["x0"] - previous["x1"] > size * _GAP else _between(previous["text"], word["text"])
            text += word["text"]
            previous = word
        top, bottom = min(w["top"] for w in row), max(w["bottom"] for w in row)
        yield row[0]["x0"], top, row[-1]["x1"], bottom, plain(text)


def _between(left: str, right: str) -> str:
    """Words of Latin letters and figures are parted by a blank, Chinese ones by nothing."""
    return " " if left[-1:].isascii() and right[:1].isascii() else ""


def _starts_anew(line: Line, previous: Line, left: float, right: float) -> bool:
    """Whether a line opens a paragraph: the one before ended early, this one is indented, or a gap parts them."""
    size = max(previous[3] - previous[1], 1.0)
    indented = line[0] - left > size * 1.2
    ended_early = right - previous[2] > size * 2
    if _NUMBERED.match(line[4]) or (_NUMBERED.match(previous[4]) and len(previous[4]) < 40 and "。" not in previous[4]):
        return True
    return indented or ended_early or line[1] - previous[3] > size * 2.5 or "   " in line[4] or "   " in previous[4]


def _flush(paragraph: list[Line], parts: list[Block | Grid], offset: int) -> int:
    if paragraph:
        text = "".join(line[4] for line in paragraph)
        if fold(text) and not _is_page_number(text):
            parts.append(Block(text, offset))
            offset += len(text) + 1
        paragraph.clear()
    return offset


def _is_page_number(text: str) -> bool:
    bare = fold(text).strip("-—– 第页/共")
    return len(bare) <= 3 and bare.isdigit()


def _grid(table: Any, page: Any, number: int, index: int) -> Grid:
    cells: list[Cell] = []
    texts = table.extract(x_tolerance=2, y_tolerance=3)
    width = 0
    for r, (row, line) in enumerate(zip(table.rows, texts, strict=False)):
        for c, box in enumerate(row.cells):
            if box is None:
                continue
            span = 1
            while c + span < len(row.cells) and row.cells[c + span] is None and _reaches(box, table, c + span):
                span += 1
            text = plain(line[c] or "") if c < len(line) else ""
            if "\n" in text and _BROKEN_NUMBER.fullmatch(text) and _fills(page, box):
                text = text.replace("\n", "")
            cells.append(
                Cell(text, r, c, 1, span, Place(index, r, c, page=number, box=(box[0], box[1], box[2], box[3])))
            )
        width = max(width, len(row.cells))
    return Grid(index, tuple(cells), len(table.rows), width)


def _fills(page: Any, box: Sequence[float]) -> bool:
    """Whether every line of a cell but the last reaches its right side: then a number was broken for want of room, and
    not two numbers put below each other."""
    inside = [c for c in page.crop(box, strict=False).chars if c["text"].strip()]
    tops = sorted({round(c["top"]) for c in inside})
    if len(tops) < 2:
        return False
    for top in tops[:-1]:
        line = [c for c in inside if round(c["top"]) == top]
        last = max(line, key=lambda c: c["x1"])
        first = min(line, key=lambda c: c["x0"])
        room = (box[2] - box[0]) - (last["x1"] - first["x0"])
        if room > (last["x1"] - last["x0"]) * 2:
            return False
    return True


def _reaches(box: Sequence[float], table: Any, column: int) -> bool:
    """Whether a cell's box covers the column to its right, by the left edge that column has in any row."""
    edges = [row.cells[column][0] for row in table.rows if column < len(row.cells) and row.cells[column]]
    return bool(edges) and min(edges) < box[2] - 1


def plain(text: str) -> str:
    """Kangxi radicals, which some producers write for the letters they look like, as these letters."""
    if text.isascii():
        return text
    return "".join(
        unicodedata.normalize("NFKC", c) if "\u2e80" <= c <= "\u2fdf" or "\uf900" <= c <= "\ufaff" else c for c in text
    )
