"""A figure or a text read with doubt supports no finding, in whatever report and whatever it says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.model import Filing, Outcome
from monitor.rules import check
from monitor.rules.doubt import UNREAD_PARTS
from parsers import read
from parsers.model import Figure, Problem, State, Statement
from samples.made_reports import made_reports
from samples.printing import print_report
from samples.report_model import SAMPLES, load_sample

FOLDER = Path(__file__).parent / "data" / "samples"
PAGES = sorted(p for p in FOLDER.iterdir() if p.suffix in (".html", ".txt"))[::5]
TRIED = 4  # cells of each report


def _filing(text: str, year: int, name: str) -> Filing:
    (report,) = read(text.encode(), url="http://127.0.0.1/nb/1.html", content_type="text/html")
    return Filing(report, year, name=name, file=str(year))


def _histories() -> Iterator[tuple[str, list[Filing]]]:
    """Every sample report, alone or with its body's other years; the last is the one that is changed."""
    for number in SAMPLES:
        sample = load_sample(number)
        yield number, [_filing(print_report(sample), sample.report_year, sample.publisher)]
    for years in ((2016,), (2019, 2020), (2021, 2022, 2023)):
        made = made_reports("示例市财政局", set(years), 40)
        yield str(years), [_filing(print_report(made[year]), year, "示例市财政局") for year in years]
    for path in PAGES:
        for report in read(path.read_bytes(), name=path.name):
            if report.figures and report.report_year:
                yield path.name, [Filing(report, report.report_year, name="某局", file=path.name)]


def _accusations(filings: list[Filing]) -> set[tuple[str, ...]]:
    found = check(filings)
    return {(f.id, f.message_zh, f.message_en, f.formula, str(f.severity)) for f in found if f.outcome is Outcome.FAIL}


def _with(filing: Filing, at: int, figure: Figure) -> Filing:
    figures = filing.report.figures
    return replace(filing, report=replace(filing.report, figures=(*figures[:at], figure, *figures[at + 1 :])))


def test_no_finding_depends_on_a_doubtful_figure() -> None:
    """One random figure's confidence set to 0.9: whatever number it then is, the same is found."""
    rng = random.Random(20261122)
    dependent, bound = [], 0
    for name, (*before, last) in _histories():
        numbers = [i for i, f in enumerate(last.report.figures) if f.state is State.NUMBER]
        for at in rng.sample(numbers, min(TRIED, len(numbers))):
            figure = replace(last.report.figures[at], confidence=0.9)
            standing = _accusations([*before, _with(last, at, figure)])
            value = rng.choice([(figure.value or 0) + 1, (figure.value or 0) + 5000, -3, 0])
            changed = replace(figure, value=value, raw=str(value))
            if _accusations([*before, _with(last, at, changed)]) != standing:
                dependent.append((name, figure.table, figure.row, figure.column, value))
            sure = _accusations([*before, _with(last, at, replace(changed, confidence=1.0))])
            bound += sure != standing
    assert dependent == []
    assert bound > 60  # the same changes, read surely, are findings


def test_a_failing_sum_of_a_doubtful_cell_is_told_to_operators_as_ours() -> None:
    filing = _filing(print_report(load_sample(SAMPLES[1])), 2024, "某区")
    at = next(i for i, f in enumerate(filing.report.figures) if f.row == "received" and f.column == "total")
    figure = filing.report.figures[at]
    assert figure.value is not None
    wrong = replace(figure, value=figure.value + 1, raw=str(figure.value + 1))
    assert any(
        c.row == "received" for f in check([_with(filing, at, wrong)]) if f.outcome is Outcome.FAIL for c in f.cells
    )
    found = check([_with(filing, at, replace(wrong, confidence=0.9))])
    settled = [f for f in found if f.reason == "uncertain_cell"]
    assert {f.family for f in settled} >= {"request_row_total", "request_balance"}
    assert {f.responsibility for f in settled} == {"reader"}
    assert {f.outcome for f in settled} == {Outcome.NOT_ASSESSABLE}


@pytest.mark.parametrize("number", SAMPLES)
def test_a_text_out_of_a_picture_accuses_nobody(number: str) -> None:
    """No heading, word or figure of a recognised text is held against the publisher; the tables still are."""
    sample = load_sample(number)
    filing = _filing(print_report(sample), sample.report_year, sample.publisher)
    report = filing.report
    wrong = tuple(replace(s, value=s.value + 7) for s in report.statements)
    wrong += (Statement("received", 99999, "件", 1, 0, 1, "收到99999件", scope="own"),)
    doubtful = replace(
        filing, report=replace(report, statements=wrong, sections=report.sections[1:], text_confidence=0.8)
    )
    fails = [f for f in check([doubtful]) if f.outcome is Outcome.FAIL]
    assert all(f.cells and not f.passages for f in fails)
    said_surely = replace(doubtful, report=replace(doubtful.report, text_confidence=1.0))
    assert any(f.passages for f in check([said_surely]) if f.outcome is Outcome.FAIL) or not report.statements


@pytest.mark.parametrize("code", sorted(UNREAD_PARTS))
def test_what_was_not_found_in_a_document_not_read_whole_accuses_nobody(code: str) -> None:
    sample = load_sample(SAMPLES[1])
    filing = _filing(print_report(sample), sample.report_year, sample.publisher)
    lost = replace(filing, report=replace(filing.report, sections=filing.report.sections[:1]))
    assert {f.family for f in check([lost]) if f.outcome is Outcome.FAIL} >= {"form_section", "form_content"}
    cut = replace(lost, report=replace(lost.report, problems=(Problem(code, "only a part was read"),)))
    found = check([cut])
    assert all(f.cells for f in found if f.outcome is Outcome.FAIL)
    assert "cut_document" in {f.reason for f in found if f.family == "form_section"}
