"""Known reports printed in random shapes and read back: no wrong cell, nearly all read, a problem for each other."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest
from report_drawn import RULES, converted, drawn_by_chromium, page_to_draw
from report_files import as_docx, as_pdf, as_xlsx
from report_printer import Drawn, draw
from report_shapes import NO_BLANKS, TEXT_SHAPES, as_html, as_text

from parsers import read
from parsers.model import Report, State

DRAWS = int(os.environ.get("OGIWATCH_DRAWS", "200"))
FULL_DRAWS = 2000
_BARE = ("plain", "horizontal", "booktabs", "striped")
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
    missed, cells = tally((*printed(number), number) for number in range(DRAWS))
    assert missed <= cells * 0.005, (missed, cells)


@pytest.mark.campaign
def test_what_was_printed_is_read_two_thousand_times() -> None:
    missed, cells = tally((*printed(number), number) for number in range(100_000, 100_000 + FULL_DRAWS))
    assert missed <= cells * 0.005, (missed, cells)


Case = tuple[str, Drawn, bytes, int]


def tally(cases: Iterable[Case]) -> tuple[int, int]:
    """How many cells of the given reports were left unread, and how many they have; none is wrong."""
    missed = cells = 0
    for shape, drawn, data, number in cases:
        missed += held(number, shape, drawn, data)
        cells += len(drawn.values)
    return missed, cells


def drawn_at_random(seed: int, count: int) -> list[tuple[Drawn, random.Random]]:
    """Reports to be written to files, each with the generator of its shape."""
    generators = [random.Random(SEED * seed + number) for number in range(count)]
    return [(draw(rng, blanks=True), rng) for rng in generators]


@pytest.mark.parametrize(
    ("shape", "write", "count"), [("docx", as_docx, 75), ("xlsx", as_xlsx, 75), ("pdf", as_pdf, 16)]
)
def test_what_was_written_to_a_file_is_read(
    shape: str, write: Callable[[Drawn, random.Random], bytes], count: int
) -> None:
    made = drawn_at_random(3_000_017, count)
    missed, cells = tally((shape, drawn, write(drawn, rng), n) for n, (drawn, rng) in enumerate(made))
    assert missed <= cells * 0.005, (missed, cells)


def _by_chromium(count: int, rules: Sequence[str]) -> list[Case]:
    """PDF files that the browser printed from reports with those rules round their cells."""
    made = drawn_at_random(4_000_037, count)
    kinds = [rules[i % len(rules)] for i in range(count)]
    pages = [page_to_draw(drawn, rng, kind) for (drawn, rng), kind in zip(made, kinds, strict=True)]
    files = drawn_by_chromium(pages, random.Random(SEED))
    return [(f"{kinds[i]} pdf", made[i][0], files[i], i) for i in range(count)]


def _by_libreoffice(count: int, target: str, *, bare: int = 0) -> list[Case]:
    """DOCX files that LibreOffice made into another format, the first `bare` of them without lines."""
    made = drawn_at_random(5_000_011, count)
    files = [as_docx(drawn, rng, lines=n >= bare) for n, (drawn, rng) in enumerate(made)]
    files = converted(files, "docx", target)
    return [(target, made[i][0], files[i], i) for i in range(count)]


def test_what_a_browser_printed_with_lines_is_read() -> None:
    missed, cells = tally(_by_chromium(10, ("ruled",)))
    assert missed <= cells * 0.005, (missed, cells)


def test_what_a_browser_printed_without_lines_is_read() -> None:
    missed, cells = tally(_by_chromium(8, _BARE))
    assert missed <= cells * 0.005, (missed, cells)


def test_what_libreoffice_printed_is_read() -> None:
    """Its narrow columns break figures over lines; where the page breaks there too, they stay unread."""
    missed, cells = tally(_by_libreoffice(8, "pdf", bare=4))
    assert missed <= cells * 0.005, (missed, cells)


@pytest.mark.parametrize("target", ["doc", "rtf"])
def test_old_word_files_are_read(target: str) -> None:
    missed, cells = tally(_by_libreoffice(5 if target == "doc" else 2, target))
    assert missed <= cells * 0.005, (missed, cells)


@pytest.mark.campaign
def test_files_of_every_producer_many_times() -> None:
    """The same over many more reports and all kinds of rules."""
    made = drawn_at_random(6_000_023, 500)
    writers = (as_docx, as_xlsx, as_docx, as_xlsx, as_pdf)
    written = [writers[n % 5](drawn, rng) for n, (drawn, rng) in enumerate(made)]
    kinds: list[tuple[str, list[Case]]] = [
        ("by hand", [(writers[n % 5].__name__, made[n][0], data, n) for n, data in enumerate(written)]),
        ("browser, all rules", _by_chromium(60, RULES)),
        ("browser, no lines", _by_chromium(40, _BARE)),
        ("office, mostly without lines", _by_libreoffice(60, "pdf", bare=40)),
        ("old office", _by_libreoffice(20, "doc")),
    ]
    for kind, cases in kinds:
        missed, cells = tally(cases)
        assert missed <= cells * 0.005, (kind, missed, cells)


def test_a_damaged_table_is_never_misread() -> None:
    read_cells = 0
    for number in range(DRAWS // 2):
        shape, drawn, data = printed_carelessly(number)
        for report in read(data, name="report"):
            faults = list(wrong(drawn, report))
            assert not faults, (number, shape, faults[:5])
            read_cells += sum(figure.state is State.NUMBER for figure in report.figures)
    assert read_cells > 100
