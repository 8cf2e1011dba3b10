"""The real reports beside the repository, verbatim; skipped where they are absent. The check walks the printed text by
itself: every figure of the file, in printed order, against what reading gave."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from parsers import read
from parsers.model import Report

REPORTS = Path(__file__).parents[1].parent / "shared" / "reports"
pytestmark = pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports are not beside the repository")

KNOWN = {
    "000": ("北京市西城区全响应服务中心", 2019, date(2020, 12, 16), "date_line"),
    "001": ("北京市海淀区人民政府", 2024, None, None),
    "002": ("珠晖区人民政府", 2019, date(2020, 1, 20), "signature"),
    "003": ("重庆市黔江区城市管理局", 2020, None, None),
    "004": ("北新桥街道", 2023, None, None),
}
FORMS = {"000": "2019", "001": "2021", "003": "2019", "004": "2021"}


def _read(number: str) -> tuple[str, Report]:
    path = next(REPORTS.glob(f"{number}_*.txt"))
    (report,) = read(path.read_bytes(), name=path.name)
    return path.read_text("utf-8"), report


@pytest.mark.parametrize("number", KNOWN)
def test_identity(number: str) -> None:
    _, report = _read(number)
    assert (report.publisher, report.report_year, report.published_on, report.published_on_source) == KNOWN[number]
    assert report.problems == ()


def _printed(text: str, start: str, end: str) -> list[str]:
    """All cells with a figure between two lines, in printed order."""
    part = text[text.index(start) : text.index(end, text.index(start))]
    cells = (cell.strip() for cell in re.split(r"[|\n]", part))
    return [cell for cell in cells if re.fullmatch(r"[+-]?\d[\d.]*(?:万元)?", cell)]


PRINTED_ORDER = {  # where each table starts in the text, and the line that ends it
    "proactive": ("第二十条第(一)项", ("(本列数据的勾稽关系",)),
    "requests": ("(本列数据的勾稽关系", ("四、政府信息公开行政复议",)),
    "disputes": ("四、政府信息公开行政复议", ("五、",)),
}


COUNTS = {
    ("2019", "proactive"): 22, ("2019", "requests"): 23 * 7, ("2019", "disputes"): 15,
    ("2021", "proactive"): 10, ("2021", "requests"): 25 * 7, ("2021", "disputes"): 15,
}  # fmt: skip


@pytest.mark.parametrize("number", FORMS)
@pytest.mark.parametrize("table", PRINTED_ORDER)
def test_every_cell_in_printed_order(number: str, table: str) -> None:
    text, report = _read(number)
    start, ends = PRINTED_ORDER[table]
    end = next(e for e in ends if e in text)
    printed = _printed(text, start, end)
    figures = [figure for figure in report.figures if figure.table == table]
    assert [figure.raw for figure in figures] == printed
    assert {generation.value for generation in report.forms.values()} == {FORMS[number]}
    assert len(figures) == COUNTS[FORMS[number], table]
    for figure in figures:
        plain = re.sub(r"[+万元]", "", figure.raw)
        assert figure.value == Decimal(plain)
        assert figure.place is not None and figure.place.start is not None
        assert text[figure.place.start : figure.place.end].strip() == figure.raw


def test_the_sheet_of_58_indicators() -> None:
    text, report = _read("002")
    lines = text[text.index("指 标 |") :].splitlines()[1:]
    printed = [line.split("|")[2].strip() for line in lines if line.count("|") == 3]
    printed = [cell for cell in printed if cell]
    assert len(printed) == 58
    assert [figure.raw for figure in report.figures] == printed
    assert {t: g.value for t, g in report.forms.items()} == {"indicators": "pre2019"}


def test_sections() -> None:
    numbers = {n: [s.number for s in _read(n)[1].sections] for n in KNOWN}
    assert numbers["000"] == numbers["003"] == numbers["004"] == [1, 2, 3, 4, 5, 6]
    assert numbers["001"] == [1, 2, 4, 5, 6]
    assert numbers["002"] == list(range(1, 12))
