"""A recognised row of a statutory table, and what is asked of it: its form, its cells, its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from parsers.folding import squeeze
from parsers.forms import FormBlock, FormRow, forms
from parsers.model import Cell, Generation, Place, Problem, Responsibility, State
from parsers.values import parse_value

MODERN = (Generation.FORM_2021, Generation.FORM_2019)
_SCALED = re.compile(r"[(:/](?:单位:?)?(?:亿元?|[百千]元|[万千百][件条份宗项个次])[)]?$")


@dataclass(slots=True)
class Row:
    """A printed row that was recognised: its code, and the text of each column that could be told."""

    table: str
    code: str
    distance: int
    position: int
    grid: int
    head: tuple[str, ...] = ()
    values: tuple[Cell, ...] = ()
    exact: bool = True
    generation: Generation | None = None
    cells: dict[str, Cell] = field(default_factory=dict)
    reason: str = ""
    unit: str = ""
    numbered: bool = False  # the label of a total carries a number, （七）总计: a 合计 without one may be of a group
    padded: bool = False  # disputes: the row is narrower than its grid, or lines of its heading are filled up


@lru_cache(maxsize=1024)
def counts_otherwise(head: tuple[str, ...]) -> bool:
    """Whether the heading above a row of figures names a unit that is not the form's: 万件, 亿元."""
    return any(_SCALED.search(squeeze(text)) for text in head)


@lru_cache(maxsize=1024)
def counts_in_yuan(head: tuple[str, ...]) -> bool:
    """Whether the heading above a row of amounts names 元 instead of the form's 万元."""
    flat = (squeeze(text) for text in head)
    return any(t.endswith(("(元)", "单位:元)", "单位:元", "/元")) and "万" not in t and "亿" not in t for t in flat)


@cache
def form_positions(table: str) -> dict[str, int]:
    """The order of the rows of a table, those of all generations merged into one list."""
    codes: list[str] = []
    for generation in (*MODERN, Generation.PRE2019):
        found = forms()[generation].table(table)
        at = 0
        for row in (row for block in found.blocks for row in block.rows) if found else ():
            if row.code not in codes:
                codes.insert(at, row.code)
            at = codes.index(row.code) + 1
    return {code: i for i, code in enumerate(codes)}


@cache
def form_block(generation: Generation, table: str, code: str) -> tuple[FormBlock, FormRow] | None:
    """The block and the row of that code in one generation's table; None if it has no such row."""
    found = forms()[generation].table(table)
    for block in found.blocks if found else ():
        for row in block.rows:
            if row.code == code:
                return block, row
    return None


def trim(values: tuple[Cell, ...], expected: int) -> tuple[Cell, ...] | None:
    """The value cells without padding to the right; None if their number is not the expected one."""
    if len(values) == expected:
        return values
    if len(values) > expected:
        if all(not cell.text for cell in values[expected:]):
            return values[:expected]
        filled = [i for i, cell in enumerate(values) if cell.text]
        if len(filled) == expected == filled[-1] - filled[0] + 1:
            return values[filled[0] : filled[-1] + 1]  # merged labels written out as blanks: every place is taken
        return None
    if values and sum(cell.colspan for cell in values) == expected:
        if all(cell.colspan == 1 or _is_nothing(cell.text) for cell in values):
            return tuple(cell for cell in values for _ in range(cell.colspan))
        return None
    if len(values) == 1 and values[0].colspan > expected and _is_nothing(values[0].text):
        return values * expected
    return None


def _is_nothing(text: str) -> bool:
    """A zero or a dash: one that spans columns stands in each of them; of another figure nobody knows whose it is."""
    value = parse_value(text)
    return value.number == 0 or value.state in (State.PLACEHOLDER, State.BLANK)


def unread(row: Row, why: str) -> Problem:
    """The problem that says why a recognised row was left unread."""
    shown = " | ".join(cell.text for cell in row.values)[:120]
    message = f"{row.table} {row.code}: {why}: '{shown}'"
    return Problem("unread_cell", message, f"{row.table}/{row.code}", Responsibility.READER)


def votes(rows: Iterable[Row]) -> Counter[Generation]:
    """How many rows of each generation were recognised with certainty."""
    return Counter(row.generation for row in rows if row.generation and not row.reason)


@lru_cache(maxsize=4096)
def slot(grid: int, row: int, column: int) -> Place:
    """The place of a slot; the tables of most documents have the same ones."""
    return Place(grid, row, column)


def place_of(cell: Cell, grid: int) -> Place:
    """Where a cell stands, with its grid's number."""
    p = cell.place
    if p is None:
        return slot(grid, cell.row, cell.column)
    row = cell.row if p.row is None else p.row
    column = cell.column if p.column is None else p.column
    own = p.grid if p.grid is not None or p.start is not None else grid  # lines of text are no table of the document
    return Place(own, row, column, p.start, p.end, p.page, p.box, p.sheet)
