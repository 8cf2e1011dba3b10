"""Whose and which year's: list entries by title and column, documents by what is read in them."""

from dataclasses import replace

import pytest
from monitor_cases import HOST, at, body, column, names, registry

from monitor.attribution import (
    Assignment,
    Attribution,
    Held,
    Reason,
    attribute_entry,
    attribute_report,
    host_of,
    hosts_of,
    latest_report_year,
)
from parsers.model import Figure, Problem, Report, State
from registry.model import Entry, Kind

HOUSING = replace(body("hou"), name="北京市西城区住房和城乡建设局")
ROWS = registry(
    body("fin"),
    body("edu"),
    HOUSING,
    replace(body("gov", Kind.GOVERNMENT), name="北京市西城区人民政府"),
    replace(body("other"), name="衡阳市珠晖区财政局", division="430405"),
    columns=[column(bodies=("fin", "edu", "hou")), column("one", ("gov",)),
             column("y", ("gov",), years_from=2023, years_to=2023)],
)  # fmt: skip
INDEX, HOSTS, NOW = names(ROWS), hosts_of(ROWS), at("03-01")
REPORT = "政府信息公开工作年度报告"


def by_title(title: str, col: str = "col", url: str = f"{HOST}/a.html", **more) -> Attribution:
    return attribute_entry(Entry(url, title), ROWS.columns[col], ROWS, INDEX, now=NOW, hosts=HOSTS, **more)


@pytest.mark.parametrize(
    ("title", "col", "who", "year", "reason"),
    [
        (f"北京市西城区财政局2024年{REPORT}", "col", "fin", 2024, Reason.PUBLISHER),
        (f"西城区财政局2024年{REPORT}", "col", "fin", 2024, Reason.PUBLISHER),
        (f"财政局2024年{REPORT}", "col", "fin", 2024, Reason.PUBLISHER),
        (f"区住建局2024年{REPORT}", "col", "hou", 2024, Reason.SHORT_NAME),
        (f"2024年{REPORT}", "one", "gov", 2024, Reason.COLUMN),
        (f"我局2024年{REPORT}", "one", "gov", 2024, Reason.COLUMN),
        (f"北京市西城区人民政府办公室2024年{REPORT}", "one", "gov", 2024, Reason.COLUMN),
        (f"北京市西城区财政局2024年{REPORT}", "one", "fin", 2024, Reason.PUBLISHER_ELSEWHERE),
        (f"衡阳市珠晖区财政局2024年{REPORT}", "col", "other", 2024, Reason.PUBLISHER_ELSEWHERE),
        (REPORT, "y", "gov", 2023, Reason.COLUMN),  # the registry binds the column to one year
        (f"2025年{REPORT}", "y", "gov", 2025, Reason.COLUMN),  # the title knows better
    ],
)
def test_entries_that_are_decided(title, col, who, year, reason) -> None:
    found = by_title(title, col)
    assert (found.body, found.report_year, found.reason) == (who, year, reason)


@pytest.mark.parametrize(
    ("title", "col", "bodies", "years", "reason"),
    [
        (f"2024年{REPORT}", "col", {"fin", "edu", "hou"}, {2024}, Reason.NO_NAME),
        (f"西城区财政局{REPORT}", "col", {"fin"}, set(range(2008, 2026)), Reason.NO_YEAR),
        (f"西城区财政局2031年{REPORT}", "col", {"fin"}, set(range(2008, 2026)), Reason.NO_YEAR),
        (f"某某新区管理委员会2024年{REPORT}", "col", set(), {2024}, Reason.UNKNOWN_PUBLISHER),
        (f"西城区教体局2024年{REPORT}", "col", {"edu"}, {2024}, Reason.UNKNOWN_PUBLISHER),
        (f"西城区统计局2024年{REPORT}", "one", {"gov"}, {2024}, Reason.UNKNOWN_PUBLISHER),
        ("西城区财政局", "col", {"fin"}, set(range(2008, 2026)), Reason.NOT_TITLED),
        ("西城区财政局2024年", "col", {"fin"}, {2024}, Reason.NOT_TITLED),
        ("2024年", "one", {"gov"}, {2024}, Reason.NOT_TITLED),
    ],
)
def test_entries_that_are_not_decided(title, col, bodies, years, reason) -> None:
    found = by_title(title, col)
    assert found.reason is reason
    assert not found.decided
    assert (set(found.bodies), set(found.years)) == (bodies, years)
    assert found.to_register == (reason is Reason.UNKNOWN_PUBLISHER)


@pytest.mark.parametrize("title", ["政府信息公开指南", "图解：西城区财政局2024年信息公开年报", "关于开会的通知"])
def test_entries_that_are_no_report(title) -> None:
    assert not by_title(title).candidates


def test_a_copy_on_another_host_is_never_attributed() -> None:
    found = by_title(f"北京市西城区财政局2024年{REPORT}", url="http://xicheng-copy.com/a.html")
    assert found.reason is Reason.FOREIGN_HOST
    assert found.candidates == {("fin", 2024)}
    assert host_of("http://WWW.Example.gov.cn:80/x") == host_of("https://example.gov.cn/") == "example.gov.cn"
    assert host_of("http://122.137.242.24:8080/x") == "122.137.242.24:8080"
    assert host_of("http://[::1") == ""


def test_a_persons_word_wins() -> None:
    url = f"{HOST}/a.html"
    said = by_title(f"西城区教育局2024年{REPORT}", assigned={url: Assignment(url, "fin", 2025)})
    assert (said.body, said.report_year, said.reason) == ("fin", 2025, Reason.ASSIGNED)
    none = by_title(f"西城区教育局2024年{REPORT}", assigned={url: Assignment(url, None, None)})
    assert not none.candidates


def figures(seed: int) -> tuple[Figure, ...]:
    return tuple(Figure("requests", f"r{i}", "total", str(i * seed), i * seed, State.NUMBER) for i in range(1, 20))


def report(publisher: str | None = "北京市西城区财政局", year: int | None = 2024, seed: int = 1, **more) -> Report:
    values = {"title": None, "published_on": None, "published_on_source": None, "forms": {}, "sections": (),
              "statements": (), "problems": ()}  # fmt: skip
    return Report(publisher, year, figures=figures(seed), **{**values, **more})


def whose(read: Report, *, seen: str = "02-01", **more) -> Attribution:
    given = {"url": f"{HOST}/new.html", "column": ROWS.columns["col"], "fingerprint": "f-new", **more}
    return attribute_report(read, registry=ROWS, names=INDEX, first_seen=at(seen), hosts=HOSTS, **given)


def test_documents() -> None:
    assert whose(report()).candidates == {("fin", 2024)}
    assert whose(report(None, None), list_title=f"西城区教育局2023年{REPORT}").candidates == {("edu", 2023)}
    assert whose(report(), list_title=f"西城区教育局2024年{REPORT}").reason is Reason.SEVERAL_BODIES
    assert whose(report(), list_title=f"西城区财政局2023年{REPORT}").reason is Reason.SEVERAL_YEARS
    assert whose(report("某某公司")).to_register
    assert whose(report(), url="http://elsewhere.com/1").reason is Reason.FOREIGN_HOST
    assert whose(report(None, None), column=None).candidates == frozenset()


def test_last_years_title_over_this_years_text_leaves_the_year_open() -> None:
    period = "统计期限自{0}年1月1日起至{0}年12月31日止。"
    slip = whose(report(preamble=period.format(2025)))
    assert (slip.reason, slip.years) == (Reason.SEVERAL_YEARS, (2024, 2025))
    assert whose(report(preamble=period.format(2025)), seen="2025-02-01").years == (2024,)  # 2025 is not over
    for leftover in (period.format(2023), "2024年，统计期限自2025年1月1日起至2025年6月30日止。"):
        assert whose(report(preamble=leftover)).years == (2024,)


def test_a_document_in_which_nothing_can_be_read_is_held_by_its_title() -> None:
    blank = report(None, None, problems=(Problem("not_a_report", "no tables"),))
    assert whose(blank).reason is Reason.NOT_A_REPORT
    assert whose(blank, list_title=f"西城区财政局2024年{REPORT}").body == "fin"
    assert whose(blank, list_title=f"图解：西城区财政局2024年{REPORT}").reason is Reason.COMPANION


HELD = {("fin", 2024): [Held(f"{HOST}/old.html", "f-old", report(seed=1))]}


def test_a_document_that_repeats_a_year() -> None:
    """In February 2026 a second report under 2024 may be that of 2025; in February 2025 it could not."""
    doubtful = whose(report(seed=7), held=HELD)
    assert (doubtful.reason, doubtful.years) == (Reason.REPEATED_YEAR, (2024, 2025))
    assert whose(report(seed=7), held=HELD, seen="2025-02-01").decided
    assert whose(report(seed=7), held=HELD, seen="2025-10-01").reason is Reason.REPEATED_YEAR


def test_a_double_is_no_repeat() -> None:
    same = whose(report(seed=1), held=HELD)
    assert (same.body, same.reason) == ("fin", Reason.SAME_REPORT)
    assert whose(report(seed=7), held=HELD, fingerprint="f-old").decided
    article = {("fin", 2024): [Held(f"{HOST}/page.html", "f-page", None)]}
    assert whose(report(seed=7), held=article, entry_url=f"{HOST}/page.html").decided  # the article's own attachment
    later = {**HELD, ("fin", 2025): [Held(f"{HOST}/2025.html", "f-2025")]}
    assert whose(report(seed=7), held=later).decided  # the next year's is held: nothing else is left


def test_the_next_years_report_keeps_its_year_when_it_moves_with_its_wrong_title() -> None:
    """A person had said that the page under last year's title is this year's; its copy at a new address is it too."""
    held = {**HELD, ("fin", 2025): [Held(f"{HOST}/slip.html", "f-slip", report(seed=7))]}
    moved = whose(report(seed=7), held=held)
    assert (moved.body, moved.report_year, moved.reason) == ("fin", 2025, Reason.SAME_REPORT)
    assert whose(report(seed=1), held=held).report_year == 2024
    assert whose(report(seed=9), held=held).report_year == 2024


def test_zeros_prove_nothing() -> None:
    zero = tuple(replace(f, value=0, raw="0") for f in figures(1))
    held = {("fin", 2024): [Held(f"{HOST}/old.html", "f-old", replace(report(), figures=zero))]}
    assert whose(replace(report(), figures=zero), held=held).reason is Reason.REPEATED_YEAR


def test_another_content_at_the_same_address() -> None:
    held = {("fin", 2024): [Held(f"{HOST}/new.html", "f-old", report(seed=5))]}
    assert whose(report(seed=7), held=held).reason is Reason.REPEATED_YEAR
    assert whose(report(seed=7), held=held, seen="2025-05-01").decided  # a correction


def test_the_latest_year_a_report_can_be_of() -> None:
    assert latest_report_year(at("2026-09-30")) == 2025
    assert latest_report_year(at("2026-10-01")) == 2026
