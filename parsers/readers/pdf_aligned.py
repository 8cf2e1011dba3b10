"""Tables without ruling lines: labels of the forms found over all pages, figures by what stands below each other.

A figure's column is the heading it stands under, its row the label at whose height it lies; both have to be plain. What
is not stays text, and a figure between two rows leaves both unread.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from parsers.folding import fold, squeeze
from parsers.model import UNSURE, Problem
from parsers.readers.pdf_breaks import without_repeated
from parsers.readers.pdf_columns import Column, Heading, columns_of
from parsers.readers.pdf_labels import Label, labels_of
from parsers.readers.pdf_page import Box, Sheet
from parsers.readers.pdf_rows import Cells, is_beyond, placed
from parsers.readers.pdf_ruled import Ruled, Slot
from parsers.readers.pdf_words import Line, Word, lines_of_words
from parsers.sections import chapter_of
from parsers.values import looks_like_value
from parsers.vocabulary import Kind

_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}、")
_PIECE = re.compile(r"[\d,.]*(?:件|条|万?元)?")  # the end of a figure
_DATE = re.compile(r"\d{4}[年-]\d")
_WIDE = 0.75  # of the text's width: a line that runs so far is prose
_LINE = 1.6  # heights of a letter between two lines of a figure at most
_ROOM = 3.5  # heights of a letter below a table's last label, where nothing of it stands any more
_TABLES = ("requests", "proactive", "indicators")
_BLANK = 0.5  # heights of a letter that a blank inside a heading is wide at most
_DOUBT = 0.9  # confidence of a figure put together from lines that had room for more, or that may be another row's
_DIGIT = 1.2  # widths of a letter, beside a line of a figure, in which its next digit would have stood
_MOST_LEFT = 0.25  # of a block's lines: if more of them fit no row, none is trusted
_OUTCOMES = 15
_MANY = 3  # columns: a row in which none of them holds anything was rather not found than left blank
_LEAST_OUTCOMES = 5  # headings of the disputes
_LEAST_ROWS = 10  # labels of a table's rows that are no text any more


@dataclass(eq=False, slots=True)
class _Block:
    """Headings and the rows below them."""

    labels: list[Label] = field(default_factory=list)
    top: float = 0.0
    bottom: float = 0.0


def aligned_tables(sheets: Mapping[int, Sheet], problems: list[Problem]) -> dict[int, list[Ruled]]:
    """The tables among the letters that stand in no ruled table, by the page they begin on. Their letters are taken
    off the pages; where a table is that cannot be read for certain, its sheet's `unsure` says so, and a problem."""
    lines, again = without_repeated(lines_of_words(sheets))
    found: dict[int, list[Ruled]] = {}
    used: set[int] = set()
    for region in _regions(lines, labels_of(lines)):
        if not region[1] and (bare := _bare_row(region[0])):
            found.setdefault(bare.page, []).append(bare.ruled)
            used |= {id(letter) for word in bare.words for letter in word.letters}
        for block in _blocks(*region):
            words = [w for line in region[0] for w in line if block.top <= w.y < block.bottom]
            table = _read(block, words)
            if table is None:
                _doubt(words, sheets)
                problems.extend(_not_read(block))
                continue
            found.setdefault(table.page, []).append(table.ruled)
            headings = [w for line in again for w in line if block.top <= w.y < block.bottom]
            used |= {id(letter) for word in [*table.words, *headings] for letter in word.letters}
            own = set(map(id, table.words))
            _doubt([word for word in words if id(word) not in own], sheets)
    for sheet in sheets.values():
        if used:
            sheet.letters = [letter for letter in sheet.letters if id(letter) not in used]
    return found


def _not_read(block: _Block) -> Iterable[Problem]:
    """What to say of a block of labels that was not read: nothing if a few of them stand in a text."""
    tally = Counter(h.table for x in block.labels for h in x.hits if h.kind is Kind.ROW and h.table in _TABLES)
    for table, count in tally.most_common(1):
        if count >= _LEAST_ROWS:
            message = f"the figures of the table '{table}', without lines, could not be told apart"
            yield Problem("table_absent", message, table)


def _doubt(words: Iterable[Word], sheets: Mapping[int, Sheet]) -> None:
    for word in words:
        sheets[word.page].unsure.append((word.box[1], word.box[3]))


# --- where tables may stand ---------------------------------------------------------------------------------------


def _regions(lines: Sequence[Line], labels: Sequence[Label]) -> Iterable[tuple[list[Line], list[Label]]]:
    """Runs of lines between lines of prose, each with its labels."""
    own = {id(word): label for label in labels for word in label.words}
    left = min((line[0].x0 for line in lines), default=0.0)
    width = max((line[-1].x1 for line in lines), default=0.0) - left
    run: list[Line] = []
    sheet = False  # whether labels that only the old sheet has stand in this run
    for line in [*lines, []]:
        here = [hit for word in line if id(word) in own for hit in own[id(word)].hits]
        if line and ((sheet and any(hit.table == "indicators" for hit in here)) or not _is_prose(line, own, width)):
            run.append(line)
            sheet = sheet or (bool(here) and all(hit.table == "indicators" for hit in here))
            continue
        sheet = False
        yield run, list(dict.fromkeys(own[id(word)] for each in run for word in each if id(word) in own))
        run = []


def _is_prose(line: Line, own: Mapping[int, Label], width: float) -> bool:
    text = squeeze(" ".join(word.text for word in line))
    if _NUMBERED.match(text) and chapter_of(_NUMBERED.sub("", text, count=1)) is not None:
        return True
    if any(id(word) in own for word in line):
        return False
    if "。" in text or any(_DATE.search(squeeze(word.text)) for word in line):
        return True
    gaps = [b.x0 - a.x1 for a, b in pairwise(line)]
    return max(gaps, default=0.0) < line[0].size * 0.5 and line[-1].x1 - line[0].x0 > width * _WIDE


def _blocks(lines: Sequence[Line], labels: Sequence[Label]) -> list[_Block]:
    """The labels of a region by headings and the rows below them."""
    if not labels:
        return []
    blocks: list[_Block] = []
    below = True  # whether rows have come since the last headings
    for label in sorted(labels, key=lambda x: x.ys[0]):
        is_row = any(hit.kind is Kind.ROW for hit in label.hits)
        is_head = label.is_clause or label.spans or any(hit.kind is Kind.COLUMN for hit in label.hits)
        if not blocks or (is_head and not is_row and below):
            blocks.append(_Block(top=label.ys[0] - label.words[0].size * 0.5))
            below = False
        below = below or (is_row and not is_head)
        blocks[-1].labels.append(label)
    for block, following in pairwise(blocks):
        block.bottom = following.top
    if blocks:
        blocks[-1].bottom = lines[-1][0].y + 1
    return blocks


# --- one table ----------------------------------------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class _Table:
    page: int
    ruled: Ruled
    words: list[Word]


def _read(block: _Block, words: Sequence[Word]) -> _Table | None:
    """The block as a table; None if it is none, or not plain."""
    tally = Counter(h.table for x in block.labels for h in x.hits if h.kind is Kind.ROW and h.table in _TABLES)
    outcomes = [x for x in block.labels if x.is_column("disputes")]
    table = tally.most_common(1)[0][0] if tally else ""
    if len(outcomes) >= _LEAST_OUTCOMES and tally[table] < len(outcomes) / 2:
        return _disputes(block, words)
    if not table:
        return None
    heads = [x for x in block.labels if x.is_column(table) and not _is_row(x, table)]
    deep = max((x.ys[-1] for x in heads), default=0.0) + block.labels[0].words[0].size * 0.5
    heads.extend(x for x in block.labels if x.is_column(table) and _is_row(x, table) and x.ys[0] <= deep)
    side = min((x.x0 for x in heads), default=float("inf"))
    rows = [x for x in block.labels if x.x0 < side and _is_row(x, table) and x not in heads]
    rows = [x for x in rows if not _is_parent(x, rows)]
    if not rows:
        return None
    rows.sort(key=lambda x: x.middle)
    edge = max(x.x1 for x in rows)
    first, last = min(x.ys[0] for x in rows), max(x.ys[-1] for x in rows)
    size = rows[0].words[0].size
    leaves = [x for x in heads if x.ys[-1] < first]
    if any(x.x0 >= edge and x.ys[0] > first for x in block.labels if x not in heads):
        return None
    taken = {id(w) for x in block.labels for w in x.words}
    free = [w for w in words if id(w) not in taken and w.y < last + size * _ROOM]
    free.extend(_overrun([w for w in words if w.page == rows[-1].words[-1].page + 1]))
    side = min([edge - size * 0.1, *(x.x0 for x in leaves)])
    loose = [w for w in free if w.x0 >= side or (looks_like_value(w.text) and w.middle > side)]
    over = [w for w in loose if w.y < first - size * 0.7 and not any(c.isdigit() for c in w.text)]
    deep = max([*(x.ys[-1] for x in leaves), *(w.y for w in over)], default=0.0)
    over = [w for w in loose if w in over or w.y <= deep]  # a year in a heading is no figure
    columns = columns_of([w for w in loose if w not in over], _headings(leaves, over))
    if not columns:
        return None
    strange = [w for w in free if w not in loose]
    strays = [w for w in strange if looks_like_value(w.text) and w.x1 > min(x.x0 for x in rows)]
    if strays and not all(column.lines for column in columns):
        return None
    return _built(block, rows, columns, first, strange)


def _overrun(words: Sequence[Word]) -> list[Word]:
    """Of the words from the top of the page after a table's last row the lines that a figure of that row, broken over
    lines, may go on with."""
    found: list[Word] = []
    for _, line in groupby(words, key=lambda w: w.y):
        here = list(line)
        if not all(looks_like_value(w.text) or _PIECE.fullmatch(w.text) for w in here):
            break
        found.extend(here)
    return found


def _is_row(label: Label, table: str) -> bool:
    groups = table == "indicators" and any(h.kind is Kind.GROUP and h.table == table for h in label.hits)
    return label.is_row(table) or groups


def _is_parent(label: Label, rows: Sequence[Label]) -> bool:
    """Whether a label is the group of other rows, though an older form has a row of its name."""
    codes = tuple(hit.code + "." for hit in label.hits if hit.kind is Kind.ROW and hit.table == "requests")
    return bool(codes) and any(hit.code.startswith(codes) for row in rows if row is not label for hit in row.hits)


def _disputes(block: _Block, words: Sequence[Word]) -> _Table | None:
    """The one row below the headings of the disputes, which has no label."""
    leaves = [x for x in block.labels if x.is_column("disputes")]
    bottom = max(x.ys[-1] for x in leaves)
    taken = {id(w) for x in block.labels for w in x.words}
    loose = [w for w in words if id(w) not in taken]
    first = min((w.y for w in loose if w.y > bottom and looks_like_value(w.text)), default=float("inf"))
    figures = [w for w in loose if w.y >= first]
    over = [w for w in loose if w.y < first]
    if not figures or any(c.isdigit() for w in over for c in w.text):
        return None
    columns = columns_of(figures, _headings(leaves, over))
    if not columns:
        return None
    levels = [figures[0].y]
    for word in figures:
        if levels[-1] < word.y <= levels[-1] + word.size * _LINE:
            levels.append(word.y)
    return _built(block, [Label([], "", (), 0.0, 0.0, levels)], columns, bottom + 1, [])


def _bare_row(lines: Sequence[Line]) -> _Table | None:
    """The one line of figures of the disputes whose headings are ruled, or stand on the page before."""
    words = lines[0] if len(lines) == 1 else []
    if len(words) != _OUTCOMES or not all(looks_like_value(word.text) for word in words):
        return None
    slots = [Slot(word.box, 0, n, 1, 1, text=word.text) for n, word in enumerate(words)]
    return _Table(words[0].page, Ruled(_around([w.box for w in words]), slots, 1, [w.x0 for w in words], False), words)


def _headings(leaves: Iterable[Label], over: Iterable[Word]) -> list[Heading]:
    """The headings, each with the words above or below it that no form knows; such words alone are one too."""
    found = [Heading(x.text, list(x.words)) for x in leaves]
    for word in over:
        own = [h for h in found if h.extent[0] < word.x1 and word.x0 < h.extent[1]]
        own = own or [h for h in found if any(w.y == word.y and 0 <= word.x0 - w.x1 < w.size * _BLANK for w in h.words)]
        if own:
            own[0].words.append(word)
            own[0].words.sort(key=lambda w: (w.y, w.x0))
            own[0].text = "".join(w.text for w in own[0].words)
        else:
            found.append(Heading(word.text, [word]))
    return found


def _built(
    block: _Block, rows: Sequence[Label], columns: Sequence[Column], first: float, strange: Sequence[Word]
) -> _Table | None:
    cells = placed(rows, [column.lines for column in columns], [w.y for w in strange])
    left = [line for _, lost in cells for line in lost]
    if len(left) > max(2, sum(len(column.lines) for column in columns) * _MOST_LEFT):
        return None
    unsure = {(n, at) for at, (_, lost) in enumerate(cells) for line in lost for n in _beside(rows, line[0].y)}
    empty = {n for n in range(len(rows)) if not any(n in found for found, _ in cells)}
    groups = {n for n in empty if any(hit.kind is Kind.GROUP for hit in rows[n].hits)}
    # a figure of several lines, not all beside its label, next to a blank: one of its lines may be the blank cell's
    unsure |= {(m, at) for at, (found, _) in enumerate(cells) for n, cell in found.items() if is_beyond(rows[n], cell)
               for beside in (n - 1, n + 1) if 0 <= beside < len(rows) and beside not in found for m in (n, beside)}
    if left or len(columns) >= _MANY or len({word.page for label in block.labels for word in label.words}) > 1:
        unsure |= {(n, at) for n in empty - groups for at in range(len(columns))}  # its figures may stand elsewhere
    odd = _shifted(rows, strange) | _crowded(rows, [found for found, _ in cells])
    unsure |= {(n, at) for n in odd for at in range(len(columns))}
    return _Output(block, rows, columns, first).table([found for found, _ in cells], unsure, groups)


def _shifted(rows: Sequence[Label], strange: Sequence[Word]) -> set[int]:
    """The rows with a figure between their label and the columns, where most have none (a number of the line, say):
    their figures may all stand a column too far to one side."""
    figures = [w for w in strange if looks_like_value(w.text)]
    found = {
        n for n, row in enumerate(rows)
        if any(w.x0 >= row.x1 and row.ys[0] - w.size / 2 <= w.y <= row.ys[-1] + w.size / 2 for w in figures)
    }  # fmt: skip
    return found if len(found) * 2 <= len(rows) else set()


def _crowded(rows: Sequence[Label], cells: Sequence[Cells]) -> set[int]:
    """The rows with two figures side by side in one cell: the columns of their page stand elsewhere, if it has more."""
    found = {
        n for column in cells for n, lines in column.items() for line in lines
        if sum(looks_like_value(word.text) for word in line) > 1
    }  # fmt: skip
    pages = Counter(row.words[-1].page for n, row in enumerate(rows) if n in found and row.words)
    moved = {page for page, count in pages.items() if count > 1}
    return found | {n for n, row in enumerate(rows) if row.words and row.words[-1].page in moved}


def _beside(rows: Sequence[Label], y: float) -> list[int]:
    """The rows above and below a line that is in none."""
    above = [n for n, row in enumerate(rows) if row.middle <= y]
    below = [n for n, row in enumerate(rows) if row.middle > y]
    return [*above[-1:], *below[:1]]


class _Output:
    """Writes a table's cells."""

    def __init__(self, block: _Block, rows: Sequence[Label], columns: Sequence[Column], first: float) -> None:
        self.rows, self.columns = rows, columns
        self.slots: list[Slot] = []
        self.words: list[Word] = [w for x in block.labels for w in x.words]
        self.words.extend(w for c in columns if c.heading for w in c.heading.words)
        self.heads = [x for x in block.labels if x.ys[-1] < first and x not in rows]

    def table(self, cells: Sequence[Cells], unsure: set[tuple[int, int]], groups: set[int]) -> _Table:
        """The table of the lines of each column's cells; cells in `unsure` are marked as such, rows that only name a
        group of others are left out."""
        at = self._headings()
        depth = 1 if self.rows[0].words else 0
        for n, row in enumerate(self.rows):
            if n in groups:
                continue
            if depth:
                self._slot(row.words, at + n, 0, row.text)
            for place, column in enumerate(self.columns):
                lines = cells[place].get(n, [])
                text, sure = _text(lines, column)
                if (n, place) in unsure:
                    text, sure = text.removesuffix(UNSURE) + UNSURE, _DOUBT
                words = [word for line in lines for word in line]
                self._slot(words or row.words or self.words[:1], at + n, depth + place, text, sure)
                self.words.extend(words)
        page = min(word.page for word in self.words)
        boxes = [word.box for word in self.words if word.page == page]
        lefts = [min(b[0] for b in boxes)] * depth + [column.extent[0] for column in self.columns]
        return _Table(page, Ruled(_around(boxes), self.slots, at + len(self.rows), lefts, False), self.words)

    def _headings(self) -> int:
        """Write the headings; how many rows they take."""
        leaves = {id(w): c.heading for c in self.columns if c.heading for w in c.heading.words}
        clauses = [x for x in self.heads if x.is_clause and "条" in x.text]
        wide = [x for x in self.heads if x not in clauses and not any(id(w) in leaves for w in x.words)]
        for place, label in enumerate(clauses):
            self._slot(label.words, 0, place, label.text)
        line = [(x.x0, x.words, x.text) for x in wide]
        line.extend((h.extent[0], h.words, h.text) for h in dict.fromkeys(leaves.values()))
        line.sort(key=lambda item: item[0])
        for place, (_, words, text) in enumerate(line):
            self._slot(words, int(bool(clauses)), place, text)
        return bool(clauses) + bool(line)

    def _slot(self, words: Sequence[Word], row: int, column: int, text: str, sure: float = 1.0) -> None:
        page = words[0].page
        box = _around([word.box for word in words if word.page == page])
        self.slots.append(Slot(box, row, column, 1, 1, text=text, page=page, confidence=sure))


def _around(boxes: Sequence[Box]) -> Box:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def _text(lines: Sequence[Line], column: Column) -> tuple[str, float]:
    """A cell's text and how sure it is: a figure broken over lines is put together; where there was room for its next
    digit it is unsure, unless something struck out stands there, which may have broken it."""
    texts = [" ".join(word.text for word in line) for line in lines]
    struck = any(not letter.text for line in lines for word in line for letter in word.letters)
    for line, above, below in zip(lines, texts, texts[1:], strict=False):
        room = column.extent[1] - column.extent[0] - (line[-1].x1 - line[0].x0)
        widest = max(letter.x1 - letter.x0 for word in line for letter in word.letters)
        if fold(above)[-1:].isdigit() and fold(below)[:1].isdigit() and room > widest * _DIGIT:
            return "".join(texts) + UNSURE * (not struck), _DOUBT
    return "".join(texts), 1.0
