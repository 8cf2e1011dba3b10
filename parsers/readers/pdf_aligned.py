"""Tables without ruling lines on a PDF page: columns by what stands below each other, rows by their figures.

What is not plain is left as lines of text: a table is made only where every figure has one column and every column is
apart from the next.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers.folding import fold, numbering, squeeze
from parsers.readers.pdf_page import Letter, Sheet
from parsers.readers.pdf_ruled import Ruled, Slot, line_text, lines_of
from parsers.sections import chapter_of
from parsers.values import looks_like_value
from parsers.vocabulary import Kind, lookup

_APART = 0.5  # heights of a letter between two pieces of a line
_DIGITS = 0.15  # the same between two figures
_HEAD_LINES = 8
Extent = tuple[float, float]  # left and right side
_FULL_WIDTH = re.compile("[\uff10-\uff19]")  # they break anywhere: a line may hold the end of a figure above
_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}、")


@dataclass(slots=True)
class Piece:
    """Letters of a line that stand together."""

    letters: list[Letter]
    text: str

    @property
    def x0(self) -> float:
        """Its left side."""
        return self.letters[0].x0

    @property
    def x1(self) -> float:
        """Its right side."""
        return self.letters[-1].x1

    @property
    def is_value(self) -> bool:
        """Whether it can be a figure of a table."""
        return looks_like_value(self.text)

    @property
    def is_numbered(self) -> bool:
        """Whether a row's number opens it."""
        return bool(numbering(self.text)[0])

    @property
    def is_heading(self) -> bool:
        """Whether it names a column, or opens a block of the form."""
        return any(
            hit.kind is Kind.COLUMN or hit.kind is Kind.CLAUSE or hit.code in ("organizations", "applicants")
            or (hit.kind is Kind.GROUP and hit.table == "disputes")
            for hit in lookup(self.text)
        )  # fmt: skip


@dataclass(slots=True)
class Line:
    """A line of a page in pieces."""

    pieces: list[Piece]
    top: float
    bottom: float

    @property
    def values(self) -> list[Piece]:
        """The figures that end it."""
        found: list[Piece] = []
        for piece in reversed(self.pieces):
            if not piece.is_value:
                break
            found.insert(0, piece)
        return found

    @property
    def labels(self) -> list[Piece]:
        """What stands before its figures."""
        return self.pieces[: len(self.pieces) - len(self.values)]

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(piece.text for piece in self.pieces)


@dataclass(slots=True)
class _Row:
    line: Line
    labels: list[list[Piece]] = field(default_factory=list)  # each label's pieces from top to bottom


def aligned_tables(sheet: Sheet) -> list[Ruled]:
    """The tables among the letters that stand in no ruled table; their letters are taken off the page."""
    lines = [_line(line) for line in lines_of([x for x in sheet.letters if not x.text.isspace()])]
    lines = [line for line in lines if line.pieces]
    width = max((p.x1 for line in lines for p in line.pieces), default=0.0)
    width -= min((p.x0 for line in lines for p in line.pieces), default=0.0)
    found: list[Ruled] = []
    columns: list[Extent] = []
    used: set[int] = set()
    at = 0
    while at < len(lines):
        end = _block_end(lines, at, width)
        table = _table(lines[at:end], columns) if end > at else None
        if table:
            found.append(table[0])
            columns = table[1]
            used |= {id(letter) for line in lines[at:end] for piece in line.pieces for letter in piece.letters}
        at = max(end, at + 1)
    if used:
        sheet.letters = [letter for letter in sheet.letters if id(letter) not in used]
    return found


def _line(letters: list[Letter]) -> Line:
    pieces: list[list[Letter]] = []
    for letter in letters:
        last = pieces[-1][-1] if pieces else None
        if last and letter.x0 - last.x1 <= letter.size * (_DIGITS if _is_figure(last, letter) else _APART):
            pieces[-1].append(letter)
        else:
            pieces.append([letter])
    whole = [Piece(piece, line_text(piece)) for piece in pieces]
    return Line([p for p in whole if p.text], min(x.top for x in letters), max(x.bottom for x in letters))


def _is_figure(left: Letter, right: Letter) -> bool:
    return left.text.isdigit() and right.text.isdigit()


def _is_prose(line: Line, width: float) -> bool:
    text = fold(line.text)
    if len(line.pieces) > 1 and line.values:
        return False
    words = re.sub(_NUMBERED, "", squeeze(text), count=1)
    if _NUMBERED.match(squeeze(text)) and chapter_of(words) is not None:
        return True
    if "。" in text or text.endswith((";", ",", "，", "；")) or re.search(r"\d{4}[年-]\d", text):
        return True
    return len(line.pieces) == 1 and line.pieces[0].x1 - line.pieces[0].x0 > width * 0.75


def _block_end(lines: Sequence[Line], start: int, width: float) -> int:
    """The end of the block of a table that begins here: headings, then rows of figures, up to the next headings;
    `start` if none does."""
    at = start
    while at < len(lines) and not lines[at].values:
        if _is_prose(lines[at], width) or at - start > _HEAD_LINES or _far(lines, at):
            return start
        at += 1
    if at == start and not (lines[at].labels or len(lines[at].values) > 4) if at < len(lines) else True:
        return start
    left = min(v.x0 for v in lines[at].values)
    last = at
    for i in range(at, len(lines)):
        line = lines[i]
        if line.values:
            last, left = i, min(left, *(v.x0 for v in line.values))
        elif _is_prose(line, width) or any(p.is_heading for p in line.pieces) or any(p.x0 > left for p in line.pieces):
            break
        if _far(lines, i):
            break
    end = last + 1
    while end < len(lines) and end - last < 3 and _is_tail(lines[end], lines[end - 1], left, width):
        end += 1
    return end


def _far(lines: Sequence[Line], at: int) -> bool:
    """Whether a wide room parts a line from the next."""
    return at + 1 < len(lines) and lines[at + 1].top - lines[at].bottom > (lines[at].bottom - lines[at].top) * 3.5


def _is_tail(line: Line, above: Line, left: float, width: float) -> bool:
    """Whether a line goes on with the label of the row above it."""
    return (
        not line.values
        and not any(p.is_numbered or p.is_heading or p.x1 > left for p in line.pieces)
        and not _is_prose(line, width)
        and line.top - above.bottom < (line.bottom - line.top) * 0.7
    )


def _table(lines: Sequence[Line], before: Sequence[Extent]) -> tuple[Ruled, list[Extent]] | None:
    """The block as a table and its columns; None where its columns or rows are not plain."""
    first = next(i for i, line in enumerate(lines) if line.values)
    body = lines[first:]
    columns = _columns([line.values for line in body if line.values])
    if columns is None or any(_FULL_WIDTH.search(piece.text) for line in body for piece in line.values):
        return None
    head = [piece for line in lines[:first] for piece in line.pieces]
    label_end = max((p.x1 for line in body if line.values for p in line.labels), default=columns[0][0] - 1)
    if not head and before:
        columns = _continued(columns, before)
    if any(len({_column(columns, p) for p in line.values}) < len(line.values) for line in body):
        return None
    headings = _headings(lines[:first], columns, label_end)
    if label_end > columns[0][0] + 1:
        return None
    named = {i for i, _ in headings}
    rows_of_figures = [line for line in body if line.values]
    if any(len(line.values) < len(columns) for line in rows_of_figures) and (
        not named >= set(range(len(columns))) or not all(line.labels for line in rows_of_figures)
    ):
        return None  # an empty place counts only under a heading of its own, and where no figure runs over two lines
    if any(any(c.isdigit() for c in text) and not any(c.isalpha() for c in text) for _, text in headings):
        return None
    rows = _rows(lines, first, columns)
    if rows is None or (len(rows) < 2 and not headings and len(columns) < 5):
        return None
    return _as_ruled(rows, headings, columns, lines), columns


def _columns(rows: Sequence[Sequence[Piece]]) -> list[Extent] | None:
    """Where figures stand below each other; None if two of one row fall into one column."""
    spans = sorted((p.x0, p.x1) for row in rows for p in row)
    merged: list[Extent] = []
    for x0, x1 in spans:
        if merged and x0 <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], x1)
        else:
            merged.append((x0, x1))
    for row in rows:
        if len({_column(merged, p) for p in row}) < len(row):
            return None
    return merged


def _column(columns: Sequence[Extent], piece: Piece) -> int:
    middle = (piece.x0 + piece.x1) / 2
    return min(range(len(columns)), key=lambda i: abs((columns[i][0] + columns[i][1]) / 2 - middle))


def _continued(columns: list[Extent], before: Sequence[Extent]) -> list[Extent]:
    """The columns of the block above where each of these lies in one of its own."""
    places = []
    for x0, x1 in columns:
        over = [i for i, (a, b) in enumerate(before) if a < x1 and x0 < b]
        if len(over) != 1:
            return columns
        places.append(over[0])
    if len(set(places)) < len(places):
        return columns
    joined = list(before)
    for (x0, x1), i in zip(columns, places, strict=True):
        joined[i] = min(x0, before[i][0]), max(x1, before[i][1])
    return joined


def _headings(lines: Sequence[Line], columns: list[Extent], label_end: float) -> list[tuple[int, str]]:
    """Headings with their columns (-1: left of all), in reading order. A heading over no figure makes a column."""
    found: dict[int, list[Piece]] = {}
    wide: list[tuple[float, Piece]] = []
    pieces = [cut for line in lines for piece in line.pieces for cut in _cut(piece, columns)]
    for piece in pieces:
        over = [i for i, (a, b) in enumerate(columns) if piece.x0 - 1 <= (a + b) / 2 <= piece.x1 + 1]
        touched = [i for i, (a, b) in enumerate(columns) if piece.x0 < b and a < piece.x1]
        if len(over) > 1 or any(hit.kind is Kind.CLAUSE for hit in lookup(piece.text)):
            wide.append((piece.x0, piece))
        elif over or len(touched) == 1:
            found.setdefault((over or touched)[0], []).append(piece)
        elif piece.x0 > label_end:
            near = _column(columns, piece)
            gap = max(columns[near][0] - piece.x1, piece.x0 - columns[near][1])
            if gap < (piece.x1 - piece.x0) and near not in found:
                found.setdefault(near, []).append(piece)
            else:
                wide.append((piece.x0, piece))
        else:
            wide.append((piece.x0, piece))
    texts = [(columns[i][0], i, "".join(p.text for p in own)) for i, own in found.items()]
    texts.extend((x, -1, piece.text) for x, piece in wide)
    return [(i, text) for _, i, text in sorted(texts)]


def _cut(piece: Piece, columns: Sequence[Extent]) -> list[Piece]:
    """A line of headings cut between two columns wherever its letters stand apart there, however little."""
    cuts = [(a[1] + b[0]) / 2 for a, b in zip(columns, columns[1:], strict=False)]
    out: list[list[Letter]] = [[]]
    for letter in piece.letters:
        last = out[-1][-1] if out[-1] else None
        if last and letter.x0 - last.x1 > letter.size * 0.15 and any(
            (last.x0 + last.x1) / 2 < cut < (letter.x0 + letter.x1) / 2 for cut in cuts
        ):
            out.append([])
        out[-1].append(letter)
    return [Piece(part, line_text(part)) for part in out]


def _rows(lines: Sequence[Line], first: int, columns: Sequence[Extent]) -> list[_Row] | None:
    """The rows with their labels; None where it is not plain which label is whose."""
    rows: list[_Row] = []
    between: list[Line] = []
    opening = [p for line in lines[:first] for p in line.pieces if p.x1 < columns[0][0] and p.is_numbered]
    for line in lines[first:]:
        if not line.values:
            between.append(line)
            continue
        row = _Row(line, [[piece] for piece in line.labels])
        if not _share(rows[-1] if rows else None, [p for b in between for p in b.pieces], row):
            return None
        rows.append(row)
        between = []
    rest = [p for b in between for p in b.pieces]
    if rest and rows:
        _append(rows[-1], rest)
    if opening and rows and not rows[0].line.labels:
        rows[0].labels = [[opening[-1]], *rows[0].labels]
    return rows


def _share(above: _Row | None, pieces: list[Piece], row: _Row) -> bool:
    """Give the pieces of labels between two rows to the one they belong to; False if that is not plain."""
    if not pieces:
        return True
    start = next((i for i, piece in enumerate(pieces) if piece.is_numbered), len(pieces))
    tail, head = pieces[:start], pieces[start:]
    if tail:
        own = row.labels[-1][0] if row.labels else None
        if above is None or (head == [] and (own is None or not own.is_numbered)):
            return False
        _append(above, tail)
    if not head:
        return True
    if row.labels and row.labels[-1][0].is_numbered or sum(piece.is_numbered for piece in head) > 1:
        return False
    row.labels = [[*head, *(piece for label in row.labels for piece in label)]]
    return True


def _append(row: _Row, pieces: Sequence[Piece]) -> None:
    """Pieces that stand below, or above, the row's label go with it; others are labels of their own before it."""
    for piece in pieces:
        own = row.labels[-1] if row.labels else None
        if own is None or min(piece.x1, own[0].x1) - max(piece.x0, own[0].x0) > (piece.x1 - piece.x0) * 0.5:
            row.labels = [*row.labels[:-1], [*(own or ()), piece]]
        else:
            row.labels.insert(0, [piece])


def _as_ruled(
    rows: Sequence[_Row], headings: Sequence[tuple[int, str]], columns: Sequence[Extent], lines: Sequence[Line]
) -> Ruled:
    depth = max((len(row.labels) for row in rows), default=0)
    top, bottom = lines[0].top, lines[-1].bottom
    left = min(p.x0 for line in lines for p in line.pieces)
    right = max(p.x1 for line in lines for p in line.pieces)
    slots: list[Slot] = []
    for i, text in headings:
        x0, x1 = (left, right) if i < 0 else columns[i]
        slots.append(Slot((x0, top, x1, rows[0].line.top), 0, 0 if i < 0 else depth + i, 1, 1, text=text))
    for n, row in enumerate(rows, bool(headings)):
        high, low = row.line.top, row.line.bottom
        for place, label in enumerate(row.labels, depth - len(row.labels)):
            text = "".join(piece.text for piece in label)
            slots.append(Slot((label[0].x0, high, label[0].x1, low), n, place, 1, 1, text=text))
        by_column = {_column(columns, piece): piece for piece in row.line.values}
        for i, (x0, x1) in enumerate(columns):
            piece = by_column.get(i)
            slots.append(Slot((x0, high, x1, low), n, depth + i, 1, 1, text=piece.text if piece else ""))
    lefts = [left] * depth + [x0 for x0, _ in columns]
    return Ruled((left, top, right, bottom), slots, len(rows) + bool(headings), lefts)
