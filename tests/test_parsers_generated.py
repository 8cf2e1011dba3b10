"""Known reports printed in random shapes and read back: no wrong cell, nearly all read, a problem for each other."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

import pytest
from report_files import as_docx, as_pdf, as_xlsx
from report_printer import Drawn, draw
from report_shapes import NO_BLANKS, TEXT_SHAPES, as_html, as_text

from parsers import read
from parsers.model import Report, State

DRAWS = int(os.environ.get("OGIWATCH_DRAWS", "100"))
SEED = int(os.environ.get("OGIWATCH_SEED", "20201216"))


def printed(number: int) -> tuple[str, Drawn, bytes]:
    """The shape, the report and its bytes of one draw."""
    rng = random.Random(SEED * 1_000_003 + number)
    shape = rng.choice(["html"] * 9 + list(TEXT_SHAPES))
    drawn = draw(rng, blanks=shape not in NO_BLANKS)
    data = as_html(drawn, rng) if shape == "html" else as_text(drawn, rng, shape)
    return shape, drawn, data


def printed_carelessly(number: int) -> tuple[str, Drawn, bytes]:
    """The same with tables that lost and gained cells, rows and letters."""
    rng = random.Random(SEED * 2_000_003 + number)
    shape = rng.choice(["html"] * 9 + list(TEXT_SHAPES))
    drawn = draw(rng, blanks=rng.random() < 0.5)
    for key, value in drawn.values.items():  # no two neighbours alike, so that a shift cannot hide
        if value == 0 and rng.random() < 0.9:
            drawn.values[key] = rng.randint(1, 99_999)
            drawn.texts[key] = str(drawn.values[key])
    _add_up(drawn)
    data = as_html(drawn, rng, damage=True) if shape == "html" else as_text(drawn, rng, shape, damage=True)
    return shape, drawn, data


def _add_up(drawn: Drawn) -> None:
    """Totals that are the sums of their rows, as in nearly all real reports."""
    for table, row, column in list(drawn.values):
        if column == "total":
            parts = [v for (t, r, c), v in drawn.values.items() if (t, r) == (table, row) and c != "total"]
            drawn.values[table, row, column] = sum(v for v in parts if v is not None)
            drawn.texts[table, row, column] = str(drawn.values[table, row, column])


def wrong(drawn: Drawn, report: Report) -> Iterator[str]:
    """Cells that say something else than was printed."""
    for figure in report.figures:
        key = (figure.table, figure.row, figure.column)
        if figure.value is None and figure.state is not State.NUMBER:
            continue
        if key not in drawn.values:
            yield f"{key} was never printed"
        elif figure.value != drawn.values[key]:
            yield f"{key}: printed {drawn.texts[key]!r}, read {figure.value} from {figure.raw!r}"


def emptied(drawn: Drawn, report: Report) -> Iterator[str]:
    """Cells read as blank where something was printed (in a whole table; a damaged one may have lost it)."""
    for figure in report.figures:
        printed = drawn.texts.get((figure.table, figure.row, figure.column), "")
        if figure.state is State.BLANK and printed.strip():
            yield f"{figure.table}/{figure.row}/{figure.column}: printed {printed!r}, read as blank"


def unread(drawn: Drawn, report: Report) -> set[tuple[str, str, str]]:
    """Printed cells of which reading gave nothing."""
    found = {
        (f.table, f.row, f.column)
        for f in report.figures
        if f.state is not State.UNREADABLE and f.state is not State.ABSENT
    }
    return set(drawn.values) - found


def held(number: int, shape: str, drawn: Drawn, data: bytes) -> int:
    """Reads one printed report and holds every cell against what was printed; returns how many were left unread."""
    reports = read(data, name="report")
    assert len(reports) == 1, (number, shape)
    report = reports[0]
    faults = [*wrong(drawn, report), *emptied(drawn, report)]
    assert not faults, (number, shape, faults[:5])
    absent = unread(drawn, report)
    said = {"/".join(p.where.split("/")[:2]) for p in report.problems} | {p.where for p in report.problems}
    silent = {key for key in absent if f"{key[0]}/{key[1]}" not in said and key[0] not in said}
    assert not silent, (number, shape, sorted(silent)[:5], report.problems[:3])
    assert (report.publisher, report.report_year) == (drawn.publisher, drawn.year), (number, shape)
    return len(absent)


def test_what_was_printed_is_read() -> None:
    cells = missed = 0
    for number in range(DRAWS):
        shape, drawn, data = printed(number)
        missed += held(number, shape, drawn, data)
        cells += len(drawn.values)
    assert missed <= cells * 0.005, (missed, cells)


@pytest.mark.parametrize(
    ("shape", "write", "share"), [("docx", as_docx, 0.1), ("xlsx", as_xlsx, 0.1), ("pdf", as_pdf, 0.03)]
)
def test_what_was_written_to_a_file_is_read(
    shape: str, write: Callable[[Drawn, random.Random], bytes], share: float
) -> None:
    cells = missed = 0
    for number in range(max(2, int(DRAWS * share))):
        rng = random.Random(SEED * 3_000_017 + number)
        drawn = draw(rng, blanks=True)
        missed += held(number, shape, drawn, write(drawn, rng))
        cells += len(drawn.values)
    assert missed <= cells * 0.005, (missed, cells)


def test_a_damaged_table_is_never_misread() -> None:
    read_cells = 0
    for number in range(DRAWS // 2):
        shape, drawn, data = printed_carelessly(number)
        for report in read(data, name="report"):
            faults = list(wrong(drawn, report))
            assert not faults, (number, shape, faults[:5])
            read_cells += sum(figure.state is State.NUMBER for figure in report.figures)
    assert read_cells > 100
