"""Scanned pages and pictures of tables, read by the OCR process: the same blocks and grids as of any other document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.folding import fold
from parsers.model import Block, Cell, Document, Grid, ParserError, Place, Problem
from parsers.ocr import process
from parsers.ocr.seen import MOST_SURE, Bounds, SeenLine, SeenPage, SeenTable
from parsers.readers.flowing import Line, is_page_number, starts_anew
from parsers.readers.picture_aligned import Aligned, Part, with_aligned
from parsers.values import looks_like_value

MAX_BYTES = 40_000_000
_SAME_LINE = 0.5  # of its height that pieces of one line may differ in place
_GAP = 1.2  # heights of a line between two pieces that part cells, as in a PDF with text
_LOOSE = 10  # figures outside ruled tables from which on they are a table without lines
FROM_PICTURE = "from_picture"


@dataclass(frozen=True, slots=True)
class PictureParts:
    """What a picture of a page gives a document, and what could not be read of it."""

    parts: tuple[Block | Grid, ...]
    problems: tuple[Problem, ...]


def read_pictures(files: Sequence[bytes]) -> Document:
    """The Document of one picture file, or of several that are pages in that order, and the pages of a TIFF in theirs.
    Places carry the page (the first is 1) and a box in the picture's pixels as it is shown, that is turned as its
    camera says, from the top left.

    Raises ParserError if the extra is absent, a file is too large, or nothing of them could be read.
    """
    if absent := process.absence():
        raise ParserError(f"a picture: reading it {absent}")
    if (size := max(map(len, files))) > MAX_BYTES:
        raise ParserError(f"a picture of {size} bytes; at most {MAX_BYTES} are read")
    pages = [replace(page, number=n) for n, page in enumerate((p for data in files for p in process.see(data)), 1)]
    if not any(page.parts for page in pages):
        faults = [page.fault for page in pages if page.fault]
        raise ParserError(f"a picture: {faults[0]}" if faults else "a picture without text or tables")
    parts: list[Block | Grid] = []
    problems: list[Problem] = []
    for page, seen in with_aligned(pages, problems):
        found = page_parts(page, seen, parts)
        parts.extend(found.parts)
        problems.extend(found.problems)
    problems.append(from_picture(len(pages)))
    return Document("picture", tuple(parts), problems=tuple(problems), text_confidence=text_confidence(parts))


def text_confidence(parts: Sequence[Block | Grid]) -> float:
    """That of the most doubtful block of parts of which some were read from pictures."""
    return min((part.confidence for part in parts if isinstance(part, Block)), default=MOST_SURE)


def with_pictures(
    data: bytes, parts: Sequence[Block | Grid], pages: Sequence[tuple[int, int]]
) -> tuple[list[Block | Grid], tuple[Problem, ...]]:
    """The parts of a PDF and those of its pages without text, in order; `pages`: how many parts stand before each, and
    its number. Boxes are in points. Without the extra there is a problem for each page."""
    if absent := process.absence():
        return list(parts), tuple(
            Problem("picture_only", f"page {number} holds only a picture; reading it {absent}", f"page {number}")
            for _, number in pages
        )
    before = {number: count for count, number in pages}
    whole = list(parts)
    problems: list[Problem] = []
    read = 0
    for page, seen in with_aligned(list(process.see(data, list(before))), problems):
        found = page_parts(page, seen, whole)
        at = before[page.number] + len(whole) - len(parts)
        whole[at:at] = found.parts
        problems.extend(found.problems)
        read += not page.fault
    if read < len(pages):
        message = f"{len(pages) - read} of {len(pages)} pages without text could not be read"
        problems.append(Problem("picture_only", message, "pages"))
    if read:
        problems.append(from_picture(read))
    return whole, tuple(problems)


def from_picture(count: int) -> Problem:
    """The problem that every document read from pictures has: nothing in it is certain."""
    pages = "a page was" if count == 1 else f"{count} pages were"
    return Problem(FROM_PICTURE, f"{pages} read from pictures: no figure and no sentence of it is certain")


def page_parts(page: SeenPage, seen: Sequence[Part], before: Sequence[Block | Grid]) -> PictureParts:
    """The blocks and grids of what was `seen` on one page; the offsets of its blocks follow those of the parts
    `before`."""
    where = f"page {page.number}"
    if page.fault:
        return PictureParts((), (Problem("unreadable", f"{where}: {page.fault}", where),))
    grids = sum(isinstance(part, Grid) for part in before)
    offset = max((part.start + len(part.text) + 1 for part in before if isinstance(part, Block)), default=0)
    out: list[Block | Grid] = []
    run: list[SeenLine] = []
    sides = min((part.at[0] for part in seen), default=0.0), max((part.at[2] for part in seen), default=0.0)
    for part in (*seen, None):
        if isinstance(part, SeenLine):
            run.append(part)
            continue
        for text, score, box in _paragraphs(run, sides):
            out.append(Block(text, offset, place=Place(page=page.number, box=box), confidence=score))
            offset += len(text) + 1
        run.clear()
        if isinstance(part, Aligned):
            out.append(Grid(grids, part.cells, part.rows, part.columns, ruled=False))
        elif part is not None:
            out.append(_grid(part, page.number, grids))
        grids += part is not None
    problems: list[Problem] = []
    loose = sum(isinstance(part, SeenLine) and looks_like_value(part.text) for part in seen)
    if loose >= _LOOSE:
        message = f"{where}: {loose} figures stand outside the tables that were read; which cells they are is not plain"
        problems.append(Problem("unread_table", message, where))
    return PictureParts(tuple(out), tuple(problems))


def _grid(table: SeenTable, page: int, index: int) -> Grid:
    cells = tuple(
        Cell(c.text, c.row, c.column, c.rowspan, c.colspan, Place(page=page, box=c.box), c.score) for c in table.cells
    )
    return Grid(index, cells, table.rows, table.columns)


def _paragraphs(run: Sequence[SeenLine], sides: tuple[float, float]) -> list[tuple[str, float, Bounds]]:
    """The lines between two tables as paragraphs, each with its least score and its box in the picture. `sides`: of
    all that stands on the page."""
    rows = _rows(run)
    lines = [_line(row) for row in rows]
    left = min((line[0] for line in lines), default=0.0)
    right = max((line[2] for line in lines), default=0.0)
    paragraphs: list[tuple[list[Line], list[SeenLine]]] = []
    for row, line in zip(rows, lines, strict=True):
        before = paragraphs[-1][0][-1] if paragraphs else None
        if before is None or starts_anew(line, before, left, right) or _is_centred(before, *sides):
            paragraphs.append(([], []))
        paragraphs[-1][0].append(line)
        paragraphs[-1][1].extend(row)
    out = []
    for inside, pieces in paragraphs:
        text = "".join(line[4] for line in inside)
        if fold(text) and not is_page_number(text):
            box = (
                min(piece.box[0] for piece in pieces),
                min(piece.box[1] for piece in pieces),
                max(piece.box[2] for piece in pieces),
                max(piece.box[3] for piece in pieces),
            )
            out.append((text, min(piece.score for piece in pieces), box))
    return out


def _is_centred(line: Line, left: float, right: float) -> bool:
    """Whether a line stands off both sides of the text, further than the first of a paragraph: a title."""
    size = line[3] - line[1]
    return line[0] - left > 1.75 * size and right - line[2] > 0.8 * size


def _rows(run: Sequence[SeenLine]) -> list[list[SeenLine]]:
    """Pieces that stand beside each other, from left to right."""
    rows: list[list[SeenLine]] = []
    for piece in sorted(run, key=lambda one: one.at[1] + one.at[3]):
        height = piece.at[3] - piece.at[1]
        if rows and abs(rows[-1][0].at[1] - piece.at[1]) <= height * _SAME_LINE:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda one: one.at[0]) for row in rows]


def _line(row: Sequence[SeenLine]) -> Line:
    text = ""
    for i, piece in enumerate(row):
        height = piece.at[3] - piece.at[1]
        if i and piece.at[0] - row[i - 1].at[2] > height * _GAP:
            text += "   "
        text += piece.text
    top, bottom = min(p.at[1] for p in row), max(p.at[3] for p in row)
    return row[0].at[0], top, row[-1].at[2], bottom, text
