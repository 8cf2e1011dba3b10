"""Every figure of the sample reports changed by one, as they are printed and read in this repository."""

from __future__ import annotations

from collections import Counter

import pytest
from monitor_mutation import mutated

from monitor.model import Filing
from parsers import read
from samples.made_reports import made_reports
from samples.printing import print_report
from samples.report_model import SAMPLES, SampleReport, load_sample


def _filing(sample: SampleReport) -> Filing:
    (report,) = read(print_report(sample).encode(), url="http://127.0.0.1/nb/1.html", content_type="text/html")
    return Filing(report, sample.report_year, name=sample.publisher, file=sample.title)


@pytest.mark.parametrize("number", SAMPLES)
def test_every_figure_of_a_real_report_changed_by_one_is_found(number: str) -> None:
    filing = _filing(load_sample(number))
    tried, missed = mutated(filing)
    assert missed == []
    held = Counter(f.table for f in filing.report.figures)
    assert tried > 0.8 * (held["requests"] + held["disputes"])  # no table fell out unseen


@pytest.mark.parametrize("year", [2016, 2020, 2023])
def test_every_figure_of_an_invented_report_changed_by_one_is_found(year: int) -> None:
    tried, missed = mutated(_filing(made_reports("示例市财政局", {year}, 40)[year]))
    assert tried > 20 and missed == []
