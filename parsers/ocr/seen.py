"""What the OCR process says of a page: lines of text and tables, each with its box in the picture's own pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_SURE = 0.95  # nothing read from a picture is certain
Bounds = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of text outside tables; `at`: its bounds on the page held upright and level, `box`: in the picture."""

    text: str
    at: Bounds
    box: Bounds
    score: float


@dataclass(frozen=True, slots=True)
class SeenCell:
    """A cell of a table: text, slot and spans as those of `parsers.model.Cell`, and its box in the picture."""

    text: str
    row: int
    column: int
    rowspan: int
    colspan: int
    box: Bounds
    score: float


@dataclass(frozen=True, slots=True)
class SeenTable:
    """A ruled table, its size in rows and columns, and where it stands on the page held upright."""

    cells: tuple[SeenCell, ...]
    rows: int
    columns: int
    at: Bounds


@dataclass(frozen=True, slots=True)
class SeenWord:
    """Ink that stands apart outside ruled tables, and what it says, in doubt as a cell's text is; `at`: its bounds on
    the page held upright and level; `line`: the number of the part that it is in, -1: the engine saw no text there."""

    text: str
    at: Bounds
    score: float
    line: int


@dataclass(frozen=True, slots=True)
class SeenPage:
    """What stands on one page, from top to bottom; `size`: of the picture as given; `turned`: the degrees that it lay
    askew. Where nothing could be seen `fault` says why. `words`: where a table without lines may stand; `way` leads
    from their bounds to the picture (x = a*x + b*y + c, y = d*x + e*y + f), `letter` is how high their lines are.
    """

    number: int
    size: tuple[float, float] = (0.0, 0.0)
    parts: tuple[SeenLine | SeenTable, ...] = ()
    turned: float = 0.0
    words: tuple[SeenWord, ...] = ()
    way: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    letter: float = 0.0
    fault: str = ""


def page_of(answer: Mapping[str, Any]) -> SeenPage:
    """The page that the process sent as JSON (`dataclasses.asdict`)."""
    parts = tuple(_table(part) if "cells" in part else _line(part) for part in answer["parts"])
    width, height = answer["size"]
    words = tuple(SeenWord(w["text"], _bounds(w["at"]), w["score"], w["line"]) for w in answer["words"])
    way, letter = tuple(answer["way"]), answer["letter"]
    return SeenPage(answer["number"], (width, height), parts, answer["turned"], words, way, letter, answer["fault"])


def _line(part: Mapping[str, Any]) -> SeenLine:
    return SeenLine(part["text"], _bounds(part["at"]), _bounds(part["box"]), part["score"])


def _table(part: Mapping[str, Any]) -> SeenTable:
    cells = tuple(
        SeenCell(c["text"], c["row"], c["column"], c["rowspan"], c["colspan"], _bounds(c["box"]), c["score"])
        for c in part["cells"]
    )
    return SeenTable(cells, part["rows"], part["columns"], _bounds(part["at"]))


def _bounds(numbers: list[float]) -> Bounds:
    left, top, right, bottom = numbers
    return left, top, right, bottom
