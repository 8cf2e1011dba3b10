"""PDF: tables by their ruling lines, everything else as lines of text put together to paragraphs."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from parsers.folding import fold
from parsers.model import Block, Cell, Document, Grid, ParserError, Place, Problem
from parsers.readers.flowing import Line, is_page_number, starts_anew
from parsers.readers.pdf_aligned import aligned_tables
from parsers.readers.pdf_breaks import drop_furniture, mend_rows
from parsers.readers.pdf_limits import check
from parsers.readers.pdf_page import Letter, Sheet, look
from parsers.readers.pdf_ruled import Ruled, Slot, lines_of, ruled_tables
from parsers.readers.picture import text_confidence, with_pictures

MAX_PAGES = 80  # a report has under 40
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
_BROKEN_NUMBER = re.compile(r"[+-]?\d[\d,.]*(?:\n[\d,.]+)+(?:万?元|件)?")
_LOOSE = 0.9  # confidence of lines out of a table whose cells could not be told apart
_GAP = 1.2  # widths of a letter between two words that part cells

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # a line for each odd font box otherwise


def read_pdf(data: bytes) -> Document:
    """A Document of all pages: grids with exact cells where lines rule them, blocks elsewhere; places carry page and
    box in points. Pages without text that show a picture are read by OCR, or give a problem.

    Raises ParserError if the file cannot be opened.
    """
    parts: list[Block | Grid] = []
    problems: list[Problem] = []
    pictures: list[tuple[int, int]] = []  # how many parts stand before it, number of the page
    offset = 0
    check(data)
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) > MAX_PAGES:
                message = f"only the first {MAX_PAGES} of {len(document.pages)} pages were read"
                problems.append(Problem("too_large", message, "pages"))
            sheets = dict(_sheets(document.pages[:MAX_PAGES], problems))
            tables = {number: ruled_tables(sheet) for number, sheet in sheets.items()}
            drop_furniture(tuple(sheets.values()))
            written = {number for number, sheet in sheets.items() if sheet.letters or tables[number]}
            for number, aligned in aligned_tables(sheets, problems).items():
                tables[number].extend(aligned)
            for number, sheet in sheets.items():
                if number not in written:
                    if sheet.images:
                        pictures.append((len(parts), number))
                else:
                    offset = _page(sheets, tables[number], number, parts, offset)
    except _FAULTS as error:
        if isinstance(error, ParserError):
            raise
        raise ParserError(f"expected a readable PDF: {type(error).__name__} {error}") from error
    parts = mend_rows(parts)
    if not pictures:
        return Document("pdf", tuple(parts), problems=tuple(problems))
    parts, found = with_pictures(data, parts, pictures)
    sure = text_confidence(parts)
    return Document("pdf", tuple(parts), problems=(*problems, *found), text_confidence=sure)


def _sheets(pages: Iterable[Any], problems: list[Problem]) -> Iterator[tuple[int, Sheet]]:
    """Each page with its number; one that draws too much, or writes in a font that does not say which letters it
    holds, is a problem."""
    for number, page in enumerate(pages, 1):
        where = f"page {number}"
        try:
            sheet = look(page)
        except ParserError as error:
            problems.append(Problem("too_large", f"{where}: {error}", where))
            continue
        finally:
            page.close()
        if sheet.unknown:
            message = f"{where}: {sheet.unknown} letters are of a font that does not say which letters they are"
            problems.append(Problem("unreadable_letters", message, where))
        yield number, sheet


def _page(
    sheets: Mapping[int, Sheet], tables: Sequence[Ruled], number: int, parts: list[Block | Grid], offset: int
) -> int:
    sheet = sheets[number]
    lines = list(_lines(sheet))
    flow: list[tuple[float, Any]] = [(line[1], line) for line in lines]
    flow.extend((table.box[1], table) for table in tables)
    flow.sort(key=lambda item: item[0])
    paragraph: list[Line] = []
    left = min((line[0] for line in lines), default=0.0)
    right = max([sheet.width - left, *(line[2] for line in lines)])
    for _, item in flow:
        if isinstance(item, tuple):
            if paragraph and starts_anew(item, paragraph[-1], left, right):
                offset = _flush(paragraph, parts, offset, number, sheet)
            paragraph.append(item)
        else:
            offset = _flush(paragraph, parts, offset, number, sheet)
            parts.append(_grid(item, sheets, number, sum(isinstance(part, Grid) for part in parts)))
    return _flush(paragraph, parts, offset, number, sheet)


def _grid(table: Ruled, sheets: Mapping[int, Sheet], number: int, index: int) -> Grid:
    cells = tuple(
        Cell(s.text, s.row, s.column, s.rowspan, s.colspan, _place(index, s, number, sheets), s.confidence)
        for s in table.slots
    )
    return Grid(index, cells, table.rows, len(table.lefts), ruled=table.lines)


def _place(index: int, slot: Slot, number: int, sheets: Mapping[int, Sheet]) -> Place:
    page = slot.page or number
    return Place(index, slot.row, slot.column, page=page, box=sheets[page].original(slot.box))


def _lines(sheet: Sheet) -> Iterator[Line]:
    """Lines of text; a gap wider than a letter is kept as three blanks, so that cells stay apart."""
    for line in lines_of(sheet.letters):
        text = ""
        previous: Letter | None = None
        for letter in line:
            if previous is not None:
                gap = letter.x0 - previous.x1
                text = text.rstrip() + "   " if gap > letter.size * _GAP else text + " " * (gap > letter.size * 0.3)
            text += letter.text
            previous = letter
        yield line[0].x0, min(x.top for x in line), line[-1].x1, max(x.bottom for x in line), text


def _flush(paragraph: list[Line], parts: list[Block | Grid], offset: int, page: int, sheet: Sheet) -> int:
    if paragraph:
        text = "".join(line[4] for line in paragraph)
        if fold(text) and not is_page_number(text):
            box = (
                min(line[0] for line in paragraph),
                paragraph[0][1],
                max(line[2] for line in paragraph),
                paragraph[-1][3],
            )
            loose = any(top < box[3] and box[1] < bottom for top, bottom in sheet.unsure)
            place = Place(page=page, box=sheet.original(box))
            parts.append(Block(text, offset, place=place, confidence=_LOOSE if loose else 1.0))
            offset += len(text) + 1
        paragraph.clear()
    return offset
