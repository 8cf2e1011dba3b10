"""Strips to figures: rows by their labels, values by the columns that the heading establishes, never by place alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from parsers.columns import PROCEEDINGS, disputes_order, form_order, outcomes_order, proactive_orders, requests_order
from parsers.folding import core, numbering, squeeze
from parsers.model import PICTURE, UNSURE, Cell, Generation, Grid, State
from parsers.reshaping import reshaped
from parsers.rowlabels import SHY, is_heading, numbered_otherwise, only_row, reading_of, row_hits
from parsers.rows import Row, counts_in_yuan, counts_otherwise, form_block, form_positions, trim
from parsers.strips import Strip, shortened, strips
from parsers.values import looks_like_value, parse_value
from parsers.vocabulary import Hit, Kind, lookup

_UNIT_WORDS = frozenset(
    ["件", "条", "次", "篇", "人", "人次", "个", "万元", "元", "件次", "份", "项", "期", "场", "亿元"]
)
_LONGEST_STRIP = 2000  # cells; lines of words without any figure make one strip of them all
_LONGEST_HEAD = 300  # texts; that of the disputes has some 25
_REMARKS = frozenset(["备注", "说明", "备注说明"])
_SUBTOTALS = frozenset(["小计", "法人小计", "法人或其他组织小计"])  # of the organisations, which no form prints
_BESIDE = _REMARKS | _SUBTOTALS


def read_rows(grids: Iterable[Grid]) -> list[Row]:
    """All rows of statutory tables that the grids of one document print, in document order."""
    reader = _Reader()
    for grid in grids:
        for strip in strips(reshaped(grid)):
            reader.feed(strip)
    return reader.rows


class _Reader:
    """Walks the strips with the little context a printed table has: the heading above and the group beside a row."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.head: tuple[str, ...] = ()
        self.head_cells: tuple[Cell, ...] = ()  # those of `head`, and the number of their grid
        self.head_grid = -1
        self.head_open = False
        self.foreign = False  # a line that heads nothing of ours stood below or between those of `head`
        self.beside = False  # one of `head_cells` is a 备注 or a 小计
        self.table = ""
        self.group = ""
        self.strayed = False  # a row of the sheet was not recognised since the last one that was
        self.subtotals = False  # groups of the requests have a 合计 of their own
        self.filled_up = False  # the heading's lines are padded to the table's width

    def feed(self, strip: Strip) -> None:
        """Take the next strip: a heading, a row of figures, or nothing of ours."""
        if len(strip.cells) > _LONGEST_STRIP:  # what is a table's row or heading stands at its end
            strip = shortened(strip, _LONGEST_STRIP)
        read = reading_of(strip.words, strip.exact)
        label_at, hit, width = read.at, read.hit, 1
        if not strip.exact or (hit is None and read.labelled):
            label_at, hit, width = self._label(strip, read.headings)
        if hit is None:
            self.strayed = True
            if not self._turned_disputes(strip):
                self._heading(strip.cells, strip.grid)
                self._disputes(strip)
            return
        first = label_at - width + 1
        if not strip.exact and read.headings and read.headings[0] < first:
            self._heading(strip.cells[:first], strip.grid)
        for text in strip.words[:first]:
            if _is_group(text, hit.table):
                self.group = core(text)
        self.head_open = self.strayed = False
        self.table = hit.table
        values = strip.cells[label_at + 1 :]
        if hit.table != "indicators":
            values = self._under_heading(strip, values, hit.table)
            if values and squeeze(values[0].text) in _UNIT_WORDS:
                values = values[1:]  # a column 单位 beside the labels
        row = Row(hit.table, hit.code, hit.distance, len(self.rows), strip.grid, self.head, values, strip.exact)
        if not strip.exact and hit.distance and core(strip.cells[label_at].text)[-1:].isdigit():
            row.reason, row.values = "a figure is glued to its label, and what follows may be the rest of it", ()
        elif hit.table == "proactive":
            self._proactive(row)
        elif hit.table == "requests":
            row.numbered = hit.code == "handled_total" and bool(numbering(strip.words[label_at])[0])
            self._requests(row)
        else:
            self._indicator(row)
        self.rows.append(row)

    # --- labels -------------------------------------------------------------------------------------------------
    def _label(self, strip: Strip, headings: Sequence[int]) -> tuple[int, Hit | None, int]:
        """Place, reading and width (cells it was broken over) of the row's label: the last one that is a row's.
        `headings`: the places of headings in the strip, which may be as long as a document."""
        cells = strip.cells
        headed, last = (headings[0], headings[-1]) if headings else (len(cells), -1)
        for at in range(len(cells) - 2, -1, -1):
            text = cells[at].text
            if not text or (strip.exact and text.isdigit()):
                continue
            hits = row_hits(text)
            if hits and (hit := self._choose(text, hits, headed < at)) and last <= at:
                return at, hit, 1
            if not strip.exact and not looks_like_value(text):
                for width in (2, 3):
                    left = cells[at - width + 1].text if at - width + 1 >= 0 else ""
                    if not left or looks_like_value(left) or row_hits(left) or hits:
                        break
                    joined = "".join(c.text for c in cells[at - width + 1 : at + 1])
                    hit = self._choose(joined, row_hits(joined), headed < at - width + 1)
                    if hit:
                        return at, hit, width
        return -1, None, 0

    def _choose(self, text: str, hits: Sequence[Hit], headed: bool) -> Hit | None:
        if hit := only_row(text):
            return hit
        if not hits:
            return None
        if core(text) in SHY and not self._shy(text, headed):
            return None
        same = [hit for hit in hits if hit.table == self.table] or list(hits)
        if len(same) > 1 and same[0].table == "indicators":
            last = next((r for r in reversed(self.rows) if r.table == "indicators"), None)
            same = [hit for hit in same if last and not self.strayed and _follows(hit.code, last.code)]
        return same[0] if len(same) == 1 and not numbered_otherwise(text, same[0]) else None

    def _shy(self, text: str, headed: bool) -> bool:
        """总计 and 其他 name columns too: as rows they need their number, or rows of the same table before them."""
        front, words = numbering(text)
        if headed:
            return False
        last = self.rows[-1] if self.rows else None
        if last is None or last.table != "requests":
            return False
        if words.startswith(("其他", "其它")):
            return last.code.startswith("other_handling") and ("3" in front or last.code == "other_handling.unpaid")
        if "七" in front or (last.code.startswith("other_handling") and not self.subtotals):
            return True
        self.subtotals = True
        return False

    # --- headings -----------------------------------------------------------------------------------------------
    def _heading(self, cells: Sequence[Cell], grid: int) -> None:
        texts = [cell.text for cell in cells if cell.text]
        if not texts:
            return
        if _is_row(texts):
            self.head_open = False  # of another table: what heads that one (总计) does not head ours
            return
        clause = max((i for i, t in enumerate(texts) if _is_clause(t)), default=-1)
        if clause < 0 and not any(is_heading(t) for t in texts):
            if len(texts) > 1 and not self.head_open and not any(looks_like_value(t) for t in texts):
                self.head = ()  # a heading that is none of ours: what stands under it is not in our columns
            self.foreign = True
            return
        if clause >= 0 or not self.head_open or (self.foreign and grid != self.head_grid):
            self.head, self.head_cells, self.beside, self.foreign = (), (), False, False
        self.head_grid = grid
        self.filled_up = (
            not cells[-1].text if clause >= 0 or not self.head_open else self.filled_up or not cells[-1].text
        )
        self.head_open = True
        self.head += tuple(texts[clause + 1 :])
        self.head_cells += tuple([cell for cell in cells if cell.text][clause + 1 :])
        self.beside = self.beside or not _BESIDE.isdisjoint(squeeze(text) for text in texts[clause + 1 :])
        if len(self.head) > _LONGEST_HEAD:
            self.head, self.head_cells = (), ()  # no heading of ours, and nothing stands under it

    def _under_heading(self, strip: Strip, values: tuple[Cell, ...], table: str) -> tuple[Cell, ...]:
        """The cells of a real table's row that stand under headings of ours, not under a 备注 or a 小计 beside them."""
        if not self.beside or not strip.exact or strip.grid != self.head_grid:
            return values
        if table == "requests" and len(values) == len(form_order(table)) + 1:
            beside = [c.column for c in self.head_cells if squeeze(c.text) in _SUBTOTALS]
            values = tuple(c for c in values if c.column not in beside)
        own = [c for c in self.head_cells if _is_column(c.text, table)]
        if not own:
            return values
        end = max(c.column + c.colspan for c in own)
        if not any(c.column >= end and squeeze(c.text) in _REMARKS for c in self.head_cells):
            return values
        kept = tuple(c for c in values if c.column < end)
        return kept if kept else tuple(values)

    # --- rows ---------------------------------------------------------------------------------------------------
    def _proactive(self, row: Row) -> None:
        row.unit = "元" if counts_in_yuan(row.head) else ""
        fitting: list[tuple[Generation, tuple[str, ...], tuple[Cell, ...]]] = []
        reason = "no heading above it establishes its columns"
        for generation, order in proactive_orders(row.head, row.code):
            values = trim(row.values, len(order))
            if values is None:
                reason = f"expected {len(order)} figures, found {len(row.values)}"
                continue
            fitting.append((generation, order, values))
        if len(fitting) == 1:
            row.generation, order, values = fitting[0]
            row.cells = dict(zip(order, values, strict=True))
            if any(_is_alien(cell.text) for cell in values):
                row.reason, row.cells = "a text stands among its figures", {}
            if counts_otherwise(row.head):
                row.reason, row.cells = "its heading counts in a unit that is not the form's", {}
        else:
            row.reason = reason if not fitting else "its heading fits both generations of the form"

    def _requests(self, row: Row) -> None:
        order = requests_order(row.head)
        values = trim(row.values, 7)
        if order is None:
            row.reason = "the heading does not establish the applicants"
        elif values is None:
            row.reason = f"expected 7 figures, found {len(row.values)}"
        elif any(not cell.text.isdigit() and _is_alien(cell.text) for cell in values):
            row.reason = "a text stands among its figures"
        else:
            row.cells = dict(zip(order, values, strict=True))

    def _indicator(self, row: Row) -> None:
        row.generation = Generation.PRE2019
        cells = row.values
        columns, at = _indicator_columns(row.head)
        values: tuple[Cell, ...] | None
        if cells and (unit := squeeze(cells[0].text)) in _UNIT_WORDS:
            row.unit = unit
        if at >= 0 and len(cells) >= len(columns):
            extra = len(cells) > len(columns) and any(cell.text for cell in cells[len(columns) :])
            values = None if extra else cells[at : at + 1]
        elif "" in columns:
            values = None
        else:
            values = trim(cells[1:] if row.unit else cells, 1)
        if values is None:
            row.reason = f"expected a unit and one figure, found {len(row.values)} cells"
        else:
            row.cells = {"value": values[0]}

    def _turned_disputes(self, strip: Strip) -> bool:
        """A dispute table turned round: a row for each proceeding, the five outcomes as its columns."""
        filled = [i for i, cell in enumerate(strip.cells) if cell.text]
        marks = [
            (i, hit.code)
            for i in filled
            for hit in lookup(strip.cells[i].text)
            if hit.table == "disputes" and hit.code in PROCEEDINGS
        ]
        outcomes = outcomes_order(self.head)
        if len(marks) != 1 or outcomes is None:
            return False
        at, proceeding = marks[0]
        values = trim(strip.cells[at + 1 :], 5)
        if values is None or any(parse_value(cell.text).state is State.UNREADABLE for cell in values):
            return False
        if not strip.exact and not any(cell.text for cell in values):
            return False  # the padding of a heading's line
        row = Row("disputes", proceeding, 0, len(self.rows), strip.grid, cells=dict(zip(outcomes, values, strict=True)))
        self.rows.append(row)
        self.head_open = False
        return True

    def _part_of_disputes(self, strip: Strip) -> bool:
        """行政复议 and 行政诉讼 as two tables: five and ten figures under their own headings."""
        marks = [h.code for t in self.head for h in lookup(t) if h.table == "disputes" and h.kind is Kind.GROUP]
        size = 5 if len(strip.cells) == 5 else 10
        wanted = (PROCEEDINGS[:1],) if size == 5 else (PROCEEDINGS[1:],)
        named = tuple(dict.fromkeys(mark for mark in marks if mark in PROCEEDINGS))
        outcomes = [t for t in self.head if any(h.kind is Kind.COLUMN and h.table == "disputes" for h in lookup(t))]
        orders = [outcomes_order(tuple(outcomes[i : i + 5])) for i in range(0, size, 5)]
        if named not in wanted or len(outcomes) != size or any(order is None for order in orders):
            return False
        if any(parse_value(c.text).state is State.UNREADABLE for c in strip.cells):
            return False
        for i, (proceeding, order) in enumerate(zip(named, orders, strict=True)):
            cells = dict(zip(order or (), strip.cells[i * 5 : i * 5 + 5], strict=True))
            self.rows.append(Row("disputes", proceeding, 0, len(self.rows), strip.grid, cells=cells))
        self.table, self.head_open = "disputes", False
        return True

    def _disputes(self, strip: Strip) -> None:
        cells = strip.cells
        last = max((i for i, c in enumerate(cells) if c.text and lookup(c.text)), default=-1)
        values = cells[last + 1 :]
        if strip.exact and last < 0 and self.head_open and len(values) in (5, 10) and self._part_of_disputes(strip):
            return
        empty = not any(c.text for c in values)
        if len(values) < 15 or (empty and not (strip.exact and last < 0 and len(values) == 15 and self.head_open)):
            return  # fifteen empty cells are a row only where nothing else can be meant
        order = disputes_order(self.head)
        if order is None:
            return
        if len(values) > 15 and last >= 0:  # padding of the heading's own line
            line = cells[last].row
            start = next((i for i, c in enumerate(values) if c.row != line or c.text), 0)
            values = values[start:]
        kept = trim(values, 15)
        if kept and any(_is_alien(cell.text) for cell in kept):
            kept = None
        end = values[-1].column + values[-1].colspan if values else 0
        uneven = len({c.colspan for c in values}) > 1
        padded = uneven or end < strip.width if strip.exact else self.filled_up or any(not c.text for c in cells[:last])
        self.table, self.head_open = "disputes", False
        for i, (proceeding, outcome) in enumerate(order):
            if i % 5 == 0:
                self.rows.append(Row("disputes", proceeding, 0, len(self.rows), strip.grid, padded=padded))
            row = self.rows[-1]
            if kept is None:
                row.values, row.reason = tuple(values), f"expected 15 figures, found {len(values)}"
            else:
                row.cells[outcome] = kept[i]


def _follows(code: str, last: str) -> bool:
    """Whether a row of the old sheet stands behind another one of the same group: （二）被依法纠错数 occurs in two."""
    positions = form_positions("indicators")
    return _group_of(code) == _group_of(last) and positions[code] > positions[last]


@cache
def _group_of(code: str) -> str:
    found = form_block(Generation.PRE2019, "indicators", code)
    return found[1].group if found else ""


@lru_cache(maxsize=1024)
def _indicator_columns(head: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """What stands right of 指标 in its heading row: unit, value, '' for anything else; and the place of the one value
    among them, -1 if there are two, or nothing else."""
    columns: list[str] = []
    for text in head:
        hits = [hit for hit in lookup(text) if hit.table == "indicators"]
        if any(hit.kind is Kind.GROUP for hit in hits):
            break  # the first heading row of the sheet
        columns.append(next((hit.code for hit in hits if hit.kind is Kind.COLUMN), ""))
    return tuple(columns), columns.index("value") if len(columns) > 1 and columns.count("value") == 1 else -1


@lru_cache(maxsize=4096)
def _is_group(text: str, table: str) -> bool:
    return any(hit.table == table and hit.kind is Kind.GROUP for hit in lookup(text))


@lru_cache(maxsize=4096)
def _is_column(text: str, table: str) -> bool:
    return any(hit.table == table and hit.kind is Kind.COLUMN for hit in lookup(text))


@lru_cache(maxsize=4096)
def _is_alien(text: str) -> bool:
    """A text among figures that is neither a number nor a word for none: what stands beside it may be shifted."""
    if text == PICTURE or (text.endswith(UNSURE) and len(text) <= 3):
        return False  # a figure shown as a picture, or a sign in one that could not be made out
    return (
        bool(text) and not any(c.isdigit() for c in text) and parse_value(text, change=True).state is State.UNREADABLE
    )


def _is_row(texts: Sequence[str]) -> bool:
    """Whether cells that are no row of ours are one all the same: figures stand behind each word that could head them
    (合计 9 12; 信函申请, 总计, 81)."""
    values = [looks_like_value(text) for text in texts]
    if len(texts) < 2 or values[0] or not values[-1]:
        return False
    headed = [values[at + 1 : at + 2] for at, text in enumerate(texts) if is_heading(text)]
    return all(values[1:]) or bool(headed and all(behind == [True] for behind in headed))


@lru_cache(maxsize=4096)
def _is_clause(text: str) -> bool:
    return any(hit.kind is Kind.CLAUSE for hit in lookup(text))
