"""Across years: both ways, pending expectations, generations, mergers, versions; publication of files alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.model import Filing, Finding, Outcome, Severity
from monitor.rules import cases, check, current_filings
from monitor.rules.time_rules import STATUTORY
from parsers.model import FoundDay, Generation, Section
from registry.loader import load
from registry.model import Body, Kind, Level, Registry


def _family(findings: list[Finding], family: str, outcome: Outcome | None = None) -> list[Finding]:
    return [f for f in findings if f.family == family and (outcome is None or f.outcome is outcome)]


def _day(day: date, **changes: object) -> FoundDay:
    values = {"source": "date_line", "label": "发布时间:", "raw": f"发布时间:{day}", "publication": True, **changes}
    return FoundDay(day, **values)  # type: ignore[arg-type]


def test_a_lone_report_states_what_it_expects_of_both_neighbours() -> None:
    table = cases.requests({("carried_in", "total"): 425, ("carried_over", "total"): 257})
    documents = {("normative_documents", "issued"): 8, ("normative_documents", "in_force"): 140}
    figures = (*table, *cases.proactive(documents))
    found = check([cases.filing(figures, 2024)])
    formulas = [f.formula for f in found if f.outcome is Outcome.PENDING]
    assert any("carried_in 2025 = 257" in t for t in formulas)
    assert any("carried_over 2023 = 425" in t for t in formulas)
    assert any("in_force 2023 = 140 - 8 + 0 = 132" in t for t in formulas)
    told = "".join(f.message_en for f in found if f.outcome is Outcome.PENDING)
    assert "The report of 2025 is awaited: column “total”, carried in should be 257." in told


@pytest.mark.parametrize("order", [1, -1])
def test_a_cross_year_finding_stands_on_the_later_file_whatever_the_order(order: int) -> None:
    filings = [
        cases.filing(cases.requests({("carried_over", "natural_person"): 3, ("carried_over", "total"): 3}), 2022),
        cases.filing(cases.requests(), 2023),
    ][::order]
    fails = _family(check(filings), "carry_over", Outcome.FAIL)
    assert {f.report_year for f in fails} == {2023}
    assert {f.filing for f in fails} == {f.filing for f in check(filings) if f.filing.startswith("2023.txt")}
    assert {c.report_year for f in fails for c in f.cells} == {2022, 2023}
    assert "1 against 3" in fails[0].message_en


def test_a_pending_finding_keeps_its_id_when_the_neighbour_arrives() -> None:
    first = cases.filing(cases.requests(), 2022)
    waiting = {f.id for f in _family(check([first]), "carry_over", Outcome.PENDING)}
    both = {f.id for f in _family(check([first, cases.filing(cases.requests(), 2023)]), "carry_over", Outcome.PASS)}
    assert both <= waiting


def test_publishers_are_one_only_if_their_names_are_equal() -> None:
    one = cases.filing(cases.requests({("carried_over", "total"): 9}), 2022, name="甲县人民政府")
    other = cases.filing(cases.requests(), 2023, name="乙县人民政府")
    spaced = cases.filing(cases.requests(), 2023, name="甲县 人民政府")
    assert not _family(check([one, other]), "carry_over", Outcome.FAIL)
    assert _family(check([one, spaced]), "carry_over", Outcome.FAIL)


def test_neighbours_without_the_table_are_not_assessable() -> None:
    sheet = cases.filing(cases.indicators(), 2019)
    (first, *_) = _family(check([sheet, cases.filing(cases.requests(None, Generation.FORM_2019), 2020)]), "carry_over")
    assert (first.outcome, first.reason) == (Outcome.NOT_ASSESSABLE, "no_such_table")


def test_nothing_is_expected_of_the_years_before_the_form() -> None:
    found = _family(check([cases.filing(cases.requests(None, Generation.FORM_2019), 2019)]), "carry_over")
    assert {f.report_year for f in found} == {2020}


def test_in_force_across_generations_and_mergers_is_not_assessable() -> None:
    old = cases.filing(cases.proactive(None, Generation.FORM_2019), 2020)
    new = cases.filing(cases.proactive({("rules", "in_force"): 7}), 2021)
    found = _family(check([old, new]), "in_force")
    assert {f.reason for f in found if f.report_year == 2021} == {"other_generation"}
    body = Body("b1", cases.NAME, Kind.GOVERNMENT, Level.COUNTY, "110101", exists_from=date(2022, 5, 1))
    registry = Registry({"b1": body}, {}, ())
    pair = [
        cases.filing(cases.proactive({("rules", "in_force"): 5}), 2021, body="b1"),
        cases.filing(cases.proactive({("rules", "in_force"): 9}), 2022, body="b1"),
    ]
    assert _family(check(pair), "in_force", Outcome.FAIL)
    assert not _family(check(pair, registry=registry), "in_force", Outcome.FAIL)


def test_a_body_that_took_another_one_in_is_not_held_to_its_own_carry_over() -> None:
    gone = Body("b2", "乙局", Kind.DEPARTMENT, Level.COUNTY, "110101", exists_to=date(2022, 3, 1), successor="b1")
    body = Body("b1", cases.NAME, Kind.GOVERNMENT, Level.COUNTY, "110101")
    pair = [
        cases.filing(cases.requests(), 2021, body="b1"),
        cases.filing(cases.requests({("carried_in", "natural_person"): 9}), 2022, body="b1"),
    ]
    assert _family(check(pair, registry=Registry({"b1": body}, {}, ())), "carry_over", Outcome.FAIL)
    found = _family(check(pair, registry=Registry({"b1": body, "b2": gone}, {}, ())), "carry_over")
    assert {f.reason for f in found if f.report_year == 2022} == {"merger"}


def test_lapsed_documents_are_offered_as_an_explanation() -> None:
    pair = [
        cases.filing(cases.proactive({("normative_documents", "in_force"): 20}), 2022),
        cases.filing(cases.proactive({("normative_documents", "in_force"): 15}), 2023),
    ]
    (finding,) = _family(check(pair), "in_force", Outcome.FAIL)
    assert "15 against 20" in finding.message_en and "lapsed" in finding.message_en


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("因有效期届满自然失效规范性文件40件。", {"carry_over"}),
        ("上年结转的申请中，2件由申请人撤回。", {"in_force"}),
        ("规范性文件因有效期届满失效39件；上年结转的申请中3件撤回。", {"carry_over", "in_force"}),  # other numbers
        ("全年办结40件，公开2件。", {"carry_over", "in_force"}),  # nothing said of how
        ("规范性文件失效40件，另有2件申请撤回。", set()),
        ("规范性文件失效0件，申请撤回0件。", {"carry_over", "in_force"}),
    ],
)
def test_what_the_report_itself_counts_as_gone_is_no_breach(text: str, told: set[str]) -> None:
    over = {("carried_over", "natural_person"): 1, ("carried_over", "enterprise"): 1, ("carried_over", "total"): 2}
    none = {("carried_in", column): 0 for column in ("natural_person", "enterprise", "total")}
    before = cases.filing(
        (*cases.requests(over), *cases.proactive({("normative_documents", "in_force"): 60})), 2022
    )
    fewer = cases.proactive({("normative_documents", "in_force"): 20})
    after = cases.filing((*cases.requests(none), *fewer), 2023, parts=[Section(1, "总体情况", text)])
    found = [f for f in check([before, after]) if f.report_year == 2023 and f.outcome is Outcome.FAIL]
    assert {f.family for f in found if f.family in ("carry_over", "in_force")} == told


def test_two_files_of_one_year_are_versions() -> None:
    first = cases.filing(cases.requests({("carried_over", "total"): 9}), 2022, file="a.txt")
    second = cases.filing(cases.requests(), 2022, version=2, file="b.txt")
    later = cases.filing(cases.requests(), 2023)
    found = check([first, second, later])
    assert not _family(found, "carry_over", Outcome.FAIL)
    assert len({f.id for f in found}) == len(found)
    (finding,) = _family(found, "restated", Outcome.FAIL)
    assert "9 → 1" in finding.formula
    assert "依申请公开表“结转下年度”行“总计”列：9 → 1" in finding.message_zh
    assert "table of requests, row “carried over”, column “total”: 9 → 1" in finding.message_en
    everything = check([first, second, later], superseded=True)
    assert {f.filing.split("#")[0] for f in everything} == {"a.txt", "b.txt", "2023.txt"}


def _seen(at: int, url: str, received: int, version: int, **more: object) -> Filing:
    table = cases.requests({("received", "total"): received}) if received else ()
    made = cases.filing(table, 2023, body="b1", version=version)
    return replace(made, url=url, first_seen=datetime(2024, 1, at, tzinfo=UTC), id=version, **more)  # type: ignore[arg-type]


def test_a_page_and_its_pdf_that_read_differently_are_one_report_in_two_forms() -> None:
    page = _seen(5, "http://x/1.html", 7, 1)
    pdf = _seen(6, "http://x/1.pdf", 8, 2, entry_url="http://x/1.html")
    assert [f.rule for f in _family(check([page, pdf]), "restated")] == ["restated.sources"]
    assert [f.id for f in current_filings([page, pdf]).values()] == [page.id]
    shell = replace(page, report=replace(page.report, figures=(), forms={}))
    assert [f.id for f in current_filings([shell, pdf]).values()] == [pdf.id]


def test_a_report_put_up_again_at_another_address_is_no_change_of_the_first() -> None:
    old, new = _seen(5, "http://x/1.html", 7, 1), _seen(9, "http://x/2.html", 8, 2)
    assert not _family(check([old, new]), "restated")
    assert current_filings([old, new]) == {("b1", 2023): new}


def test_what_an_address_gives_now_is_judged_and_shown_and_a_late_mirror_of_the_old_is_not() -> None:
    first, second = _seen(5, "http://x/1.html", 7, 1, current=False), _seen(7, "http://x/1.html", 8, 2)
    assert [f.outcome for f in _family(check([first, second]), "restated")] == [Outcome.FAIL]
    mirror = replace(_seen(8, "http://x/mirror.html", 7, 1), id=3)
    assert current_filings([first, mirror, second]) == {("b1", 2023): second}
    back, gone = replace(first, current=True), replace(second, current=False)  # A, then B, then A again
    assert current_filings([back, gone]) == {("b1", 2023): back}
    assert not _family(check([back, gone]), "restated")


def test_parts_of_one_archive_are_no_changes_of_each_other() -> None:
    parts = [_seen(5, "http://x/1.zip", 7 + n, n + 1) for n in range(2)]
    parts = [replace(f, report=replace(f.report, part=f"{n}.docx")) for n, f in enumerate(parts)]
    assert {f.rule for f in _family(check(parts), "restated")} == {"restated.sources"}


def test_a_file_alone_is_late_by_its_own_date_line() -> None:
    day = _day(date(2020, 12, 16))
    (known,) = _family(check([cases.filing(year=2019, days=[day], kind=Kind.DEPARTMENT)]), "late")
    assert "late by 320 days" in known.message_en and "逾期320天" in known.message_zh
    (unknown,) = _family(check([cases.filing(year=2019, days=[day], kind=None, name="某某服务中心")]), "late")
    assert unknown.severity is Severity.WARNING
    assert "31 March" in unknown.message_en and "late by 260 days" in unknown.message_en


def test_what_never_makes_a_file_late() -> None:
    for day in (
        _day(date(2021, 5, 1), publication=False),
        _day(date(2021, 5, 1), source="signature"),
        _day(date(2023, 5, 1)),
    ):
        (finding,) = _family(check([cases.filing(year=2020, days=[day])]), "late")
        assert finding.outcome is Outcome.NOT_ASSESSABLE
    assert not _family(check([cases.filing(year=2020, days=[_day(date(2021, 5, 1))], body="b1")]), "late")
    assert not _family(check([cases.filing(year=2020, days=[_day(date(2021, 5, 1))], kind=Kind.INSTITUTION)]), "late")


def test_local_practice_is_a_notice() -> None:
    filing = cases.filing(year=2022, days=[_day(date(2023, 2, 10))], kind=Kind.SUBDISTRICT)
    (finding,) = _family(check([filing]), "late", Outcome.FAIL)
    assert finding.severity is Severity.NOTICE
    assert "not a breach of art. 49" in finding.message_en


def test_due_days_of_files_are_those_of_the_shipped_registry() -> None:
    shipped = {duty.id: duty for duty in load().duties}
    assert {duty.id: duty for duty in STATUTORY} == {k: shipped[k] for k in (d.id for d in STATUTORY)}


PERIOD = "本报告统计期限为{0}年1月1日至{0}年12月31日。"


@pytest.mark.parametrize(
    ("text", "day", "told"),
    [
        (PERIOD.format(2023), date(2024, 1, 20), False),  # last year's title over this year's text
        ("2023年培训3次。2023年公开30条。2023年收到申请12件。", date(2024, 1, 20), False),
        ("本机关做好公开工作。", date(2024, 1, 20), False),  # next season, nothing bears the title out
        ("本机关做好公开工作。", date(2023, 6, 20), True),
        (PERIOD.format(2022), date(2024, 1, 20), True),
        ("2022年收到申请12件。", date(2024, 1, 20), True),
        (PERIOD.format(2021), date(2023, 2, 20), True),  # a sentence left from last year says nothing
    ],
)
def test_nobody_is_late_by_the_title_of_last_year(text: str, day: date, told: bool) -> None:
    filing = cases.filing(year=2022, days=[_day(day)], kind=Kind.DEPARTMENT, preamble=text)
    (finding,) = _family(check([filing]), "late")
    assert finding.outcome is (Outcome.FAIL if told else Outcome.NOT_ASSESSABLE)
    assert told or finding.reason == "other_year_said"


def test_the_next_years_report_under_last_years_title_restates_nothing() -> None:
    first = cases.filing(cases.requests(), 2022, preamble=PERIOD.format(2022), file="a.html")
    other = cases.requests({("granted", "natural_person"): 90})
    slip = cases.filing(other, 2022, preamble=PERIOD.format(2023), file="b.html", version=2)
    (finding,) = _family(check([first, slip]), "restated")
    assert (finding.outcome, finding.reason) == (Outcome.NOT_ASSESSABLE, "other_year_said")
    changed = replace(slip, report=replace(slip.report, preamble=PERIOD.format(2022)))
    assert _family(check([first, changed]), "restated", Outcome.FAIL)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("本年机构改革中，原市某某办并入本局。", False),
        ("根据机构改革方案，由两局合并组建新局。", False),
        ("市政务办职责划入本局。", False),
        ("整合各类平台，合并办理事项。", True),
        ("继续落实机构改革要求，加强公开。", True),
    ],
)
def test_a_merger_that_the_report_speaks_of_is_no_breach(text: str, told: bool) -> None:
    over = {("carried_over", "natural_person"): 2, ("carried_over", "total"): 2}
    documents = {("normative_documents", "in_force"): 40}
    before = cases.filing((*cases.requests(over), *cases.proactive()), 2022)
    after = cases.filing((*cases.requests(), *cases.proactive(documents)), 2023, parts=[Section(1, "总体情况", text)])
    found = [f for f in check([before, after]) if f.family in ("carry_over", "in_force") and f.report_year == 2023]
    assert {f.family for f in found if f.outcome is Outcome.FAIL} == ({"carry_over", "in_force"} if told else set())
    if not told:
        assert {f.family for f in found if f.reason == "merger" and f.passages} == {"carry_over", "in_force"}
