"""The demo's reports: printed as portals print them and read back cell by cell; sound where no slip is wanted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import parsers
from monitor.model import Filing, Outcome
from monitor.rules import check
from parsers.model import Report, State
from registry.kinds import fold
from samples.made_reports import made_reports
from samples.portal_model import Portal, PortalEntry
from samples.portal_pages import article
from samples.printing import print_report, print_table
from samples.report_model import SAMPLES, SampleReport, load_sample
from samples.season_plan import BODIES, YEAR, DemoBody

REAL = Path(__file__).parents[2] / "shared" / "reports"
only_with_reports = pytest.mark.skipif(not REAL.is_dir(), reason="the five reports are not beside this checkout")
CELLS = {"000": 198, "001": 200, "002": 58, "003": 198, "004": 200}


def read_back(report: SampleReport) -> Report:
    entry = PortalEntry(report.title, "x.html", report.day, print_report(report), show_day=report.day is not None)
    (read,) = parsers.read(article(Portal("x"), entry).encode(), content_type="text/html")
    return read


def cells(report: Report) -> dict[tuple[str, str, str], str]:
    return {(f.table, f.row, f.column): f.raw for f in report.figures if f.state is not State.ABSENT}


@pytest.mark.parametrize("number", SAMPLES)
def test_a_printed_sample_is_read_back_whole(number: str) -> None:
    sample = load_sample(number)
    read = read_back(sample)
    assert not read.problems
    assert len(cells(read)) == CELLS[number]
    printed = sorted(raw for rows in sample.tables.values() for row in rows.values() for raw in row)
    assert sorted(cells(read).values()) == printed
    assert {table: form.value for table, form in read.forms.items()} == dict(sample.forms)
    assert (read.publisher, read.report_year) == (sample.publisher, sample.report_year)


@only_with_reports
@pytest.mark.parametrize("number", SAMPLES)
def test_a_sample_says_what_the_real_report_says(number: str) -> None:
    """Cell by cell, section by section, finding by finding."""
    source = next(REAL.glob(f"{number}*"))
    (real,) = parsers.read(source.read_bytes(), name=source.name)
    read = read_back(load_sample(number))
    assert cells(read) == cells(real)
    assert [(s.number, s.heading) for s in read.sections] == [(s.number, s.heading) for s in real.sections]
    assert (read.publisher, read.report_year, read.published_on) == (
        real.publisher,
        real.report_year,
        real.published_on,
    )

    def fails(report: Report) -> list[tuple[str, str]]:
        found = check([Filing(report, report.report_year or 0, file="x")])
        return sorted((f.rule, f.formula) for f in found if f.outcome is Outcome.FAIL)

    assert fails(read) == fails(real)


@only_with_reports
@pytest.mark.parametrize("number", SAMPLES)
def test_the_prose_is_our_own(number: str) -> None:
    """No run of 21 characters is shared with the real text: titles, labels and names are shorter or facts."""

    def bare(text: str) -> str:
        return re.sub(r"\s", "", fold(text))

    sample = load_sample(number)
    real = bare(next(REAL.glob(f"{number}*")).read_text(encoding="utf-8"))
    for text in (*sample.opening, *sample.closing, *(p for s in sample.sections for p in s.paragraphs)):
        ours = bare(text)
        shared = [ours[i : i + 21] for i in range(len(ours) - 20) if ours[i : i + 21] in real]
        assert not shared


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.id)
def test_invented_figures_are_sound_without_their_slips(body: DemoBody) -> None:
    years = {*body.held, YEAR}
    made = made_reports(body.name, years, body.scale, government=body.kind in ("government", "township"))
    filings = [Filing(read_back(made[year]), year, body=body.id, name=body.name, file=str(year)) for year in years]
    assert [f.message_en for f in check(filings) if f.outcome is Outcome.FAIL and f.family != "late"] == []
    assert all(not filing.report.problems and filing.report.publisher == body.name for filing in filings)


def test_a_table_that_a_form_lacks_is_refused() -> None:
    with pytest.raises(LookupError, match="expected a table of the form 2021"):
        print_table("indicators", "2021", {})
