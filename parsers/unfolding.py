"""Grids that hold a whole report: chapter headings and paragraphs that stand in rows of their own come out as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from parsers.folding import fold
from parsers.model import Block, Cell, Grid, Place
from parsers.sections import SAME_ELEMENT, chapter_of
from parsers.vocabulary import lookup

_CHAPTERS = 3
_NUMBERS = frozenset("一二三四五六")
_LONG, _SHORT = 200, 6  # characters of a single cell that make its row a paragraph, without a full stop and with one


def unfold(parts: Sequence[Block | Grid], gaps: Sequence[int]) -> tuple[tuple[Block | Grid, ...], tuple[int, ...]]:
    """Split each exact grid at rows whose only text is a chapter heading or a paragraph.

    Spreadsheets, and Word files laid out as one table, print reports like that. A page (it has `gaps`, the depths
    between its parts) is unfolded only where one grid holds three chapters: its other tables are walked as layout.
    """
    least = _CHAPTERS if gaps else 0
    if not any(isinstance(part, Grid) and part.exact and _prose_rows(part, least) for part in parts):
        return tuple(parts), tuple(gaps)
    out: list[Block | Grid] = []
    depths: list[int] = []
    offset = max((part.start + len(part.text) + 1 for part in parts if isinstance(part, Block)), default=0)
    for at, part in enumerate(parts):
        if gaps:
            depths.extend([SAME_ELEMENT] * (len(out) - len(depths)))
            depths.append(gaps[at])
        prose = _prose_rows(part, least) if isinstance(part, Grid) and part.exact else {}
        if isinstance(part, Block) or not prose:
            out.append(part)
            continue
        held: list[Cell] = []
        for cell in part.cells:
            if cell.row not in prose:
                held.append(cell)
            elif cell.text:
                _close(held, part, out)
                for line in cell.text.split("\n"):
                    if fold(line):
                        out.append(Block(line.strip(), offset, confidence=cell.confidence))
                        offset += len(line) + 1
        _close(held, part, out)
    if gaps:
        depths.extend([SAME_ELEMENT] * (len(out) - len(depths)))
    return numbered(out), tuple(depths)


def _prose_rows(grid: Grid, least: int) -> dict[int, str]:
    """The rows with one text only, which is a heading of a chapter or long; {} if fewer than `least` are headings."""
    half = grid.columns / 2
    if least and len([c for c in grid.cells if c.colspan > half and c.text[:1] in _NUMBERS]) < least:
        return {}
    texts: dict[int, list[str]] = {}
    for cell in grid.cells:
        if cell.text:
            texts.setdefault(cell.row, []).append(cell.text)
    prose = {row: found[0] for row, found in texts.items() if len(found) == 1 and _is_prose(found[0])}
    if least and sum(_chapter(fold(text)) is not None for text in prose.values()) < least:
        return {}
    if least:  # on a page every row of one text in between is a paragraph
        last = max(prose)
        prose |= {r: f[0] for r, f in texts.items() if len(f) == 1 and r < last + 3 and not lookup(f[0])}
    return prose


def _chapter(flat: str) -> int | None:
    return chapter_of(flat.lstrip("一二三四五六、. ")) if len(flat) <= 60 else None


def _is_prose(text: str) -> bool:
    flat = fold(text)
    if any(hit.distance == 0 for hit in lookup(text)):
        return False
    if len(flat) > (_SHORT if "。" in flat else _LONG):
        return True
    return len(flat) <= 60 and ("报告" in flat or "统计期限" in flat or _chapter(flat) is not None)


def _close(held: list[Cell], grid: Grid, out: list[Block | Grid]) -> None:
    if held:
        cells = (c if c.place else replace(c, place=Place(grid.index, c.row, c.column)) for c in held)
        out.append(Grid(-1, tuple(cells), grid.rows, grid.columns, grid.exact))
        held.clear()


def numbered(parts: Sequence[Block | Grid]) -> tuple[Block | Grid, ...]:
    """The parts, grids without a number (-1) numbered behind all others: a table keeps the number it has in its
    document, by which its cells are found there again.
    """
    free = count(1 + max((part.index for part in parts if isinstance(part, Grid)), default=-1))
    return tuple(replace(p, index=next(free)) if isinstance(p, Grid) and p.index < 0 else p for p in parts)
