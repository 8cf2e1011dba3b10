"""One report in several forms: which documents are its sources, which is the best, and what their differences mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.model import Filing, Finding, Outcome, Severity
from monitor.rules import cases, check, current_filings
from monitor.sources import united
from parsers.model import Problem, State

PAGE, PDF, ELSEWHERE = "http://a/1.html", "http://a/1.pdf", "http://b/7.html"
RECEIVED = ("received", "total")


def held(url: str, changes: cases.Cells | None = None, *, at: int = 5, entry: str = "", form: str = "html") -> Filing:
    """A filing at an address; the requests table adds up but for `changes`."""
    figures = (*cases.requests(changes), *cases.proactive(), *cases.disputes())
    made = cases.filing(figures, body="b1", parts=cases.sections(), file=url)
    made = replace(made, report=replace(made.report, format=form), url=url, entry_url=entry, id=at * 10 + len(entry))
    return replace(made, first_seen=datetime(2024, 1, at, tzinfo=UTC))


def fails(filings: list[Filing], *, least: Severity = Severity.NOTICE) -> list[Finding]:
    grave = {Severity.ERROR, Severity.WARNING} | ({Severity.NOTICE} if least is Severity.NOTICE else set())
    return [f for f in check(filings) if f.outcome is Outcome.FAIL and f.severity in grave]


def test_a_slip_of_the_page_that_its_pdf_does_not_have_is_a_notice_with_both_and_no_error() -> None:
    """Page says 5, PDF says 6, the sums hold with 6: the publisher printed both."""
    page, pdf = held(PAGE, {RECEIVED: 5}), held(PDF, form="pdf", entry=PAGE)
    alone = fails([page])
    assert {f.severity for f in alone} >= {Severity.ERROR}
    (notice,) = fails([page, pdf])
    assert (notice.rule, notice.severity) == ("restated.sources", Severity.NOTICE)
    assert [(c.file, c.value) for c in notice.cells] == [(PAGE, 5), (PDF, 6)]
    assert "5 / 6" in notice.message_zh and "5 / 6" in notice.message_en
    settled = [f for f in check([page, pdf]) if f.reason == "sources_differ"]
    assert {f.family for f in settled} >= {"request_balance", "request_row_total"}
    assert {f.outcome for f in settled} == {Outcome.NOT_ASSESSABLE}


def test_an_error_that_every_form_has_stands() -> None:
    wrong = {RECEIVED: 9, ("granted", "total"): 4}
    page, pdf = held(PAGE, wrong), held(PDF, {**wrong, RECEIVED: 8}, form="pdf", entry=PAGE)
    found = fails([page, pdf])
    assert {f.rule for f in found if f.severity is Severity.ERROR} >= {"request_balance"}
    assert [f.rule for f in found if f.severity is Severity.NOTICE] == ["restated.sources"]


def test_the_declared_order_decides_between_equals_and_what_was_read_before_it() -> None:
    page, pdf, doc = held(PAGE), held(PDF, form="pdf", entry=PAGE), held("http://a/1.doc", form="doc", entry=PAGE)
    (one,) = united([doc, pdf, page])
    assert (one.url, [s.filing.url for s in one.sources]) == (PAGE, [PDF, "http://a/1.doc"])
    worn = replace(page, report=replace(page.report, figures=page.report.figures[:50]))
    assert united([worn, pdf])[0].url == PDF
    troubled = replace(page, report=replace(page.report, problems=(Problem("unread_cell", "x"),)))
    assert united([troubled, pdf])[0].url == PDF
    doubtful = tuple(replace(f, confidence=0.9) for f in page.report.figures)
    scanned = replace(page, report=replace(page.report, figures=doubtful, format="picture"))
    assert united([scanned, doc])[0].url == "http://a/1.doc"


def test_what_two_documents_say_together_is_no_slip_of_either() -> None:
    """The page's totals and the attachment's parts could not be read: no sum rests on one document."""

    def worn(filing: Filing, *, totals: bool) -> Filing:
        figures = tuple(
            replace(f, value=None, raw="1 2", state=State.UNREADABLE)
            if f.table == "requests" and (f.column == "total") is totals
            else f
            for f in filing.report.figures
        )
        return replace(filing, report=replace(filing.report, figures=figures))

    page = worn(held(PAGE), totals=True)
    changed: cases.Cells = {("granted", "total"): 7, ("handled_total", "total"): 8}
    pdf = worn(held(PDF, changed, form="pdf", entry=PAGE), totals=False)
    found = check([page, pdf])
    assert not [f for f in found if f.outcome is Outcome.FAIL and f.family == "request_row_total"]
    assert "mixed_sources" in {f.reason for f in found if f.family == "request_row_total"}
    (whole,) = fails([held(PAGE, {("granted", "total"): 7}), pdf], least=Severity.ERROR)
    assert whole.severity is Severity.ERROR  # the page alone holds this sum


def test_a_cell_the_best_source_lacks_comes_from_the_next_and_says_where_it_stands() -> None:
    page, pdf = held(PAGE), held(PDF, form="pdf", entry=PAGE)
    lost = tuple(
        replace(f, value=None, raw="1 2", state=State.UNREADABLE) if (f.row, f.column) == RECEIVED else f
        for f in page.report.figures
    )
    extra = replace(pdf.report, figures=(*pdf.report.figures[:120], *pdf.report.figures[127:]))
    page, pdf = replace(page, report=replace(page.report, figures=lost)), replace(pdf, report=extra)
    (one,) = united([page, pdf])
    assert one.url == PAGE and one.own == page.report
    (taken,) = [f for f in one.report.figures if (f.row, f.column) == RECEIVED]
    assert taken.value == 6 and one.sources[0].filled == {("requests", *RECEIVED)}
    found = check([page, pdf])
    assert not [f for f in found if f.outcome is Outcome.FAIL or f.reason == "unreadable_cell"]
    files = {c.file for f in found for c in f.cells if (c.row, c.column) == RECEIVED}
    assert files == {PDF}


def test_tables_in_the_attachment_and_text_on_the_page_are_one_report() -> None:
    page, sheet = held(PAGE), held("http://a/1.xlsx", form="sheet", entry=PAGE)
    page = replace(page, report=replace(page.report, figures=(), forms={}))
    sheet = replace(sheet, report=replace(sheet.report, sections=(), preamble=""))
    (one,) = united([page, sheet])
    assert one.url == sheet.url and one.sources[0].text
    assert one.report.sections == page.report.sections
    assert not fails([page, sheet])


def test_a_doubtful_reading_fills_and_never_denies() -> None:
    """What OCR reads otherwise is our doubt, told to operators; what only OCR read supports nothing."""
    page, scan = held(PAGE), held("http://a/1.jpg", {RECEIVED: 8}, form="picture", entry=PAGE)
    doubtful = tuple(replace(f, confidence=0.9) for f in scan.report.figures)
    scan = replace(scan, report=replace(scan.report, figures=doubtful, sections=(), text_confidence=0.9))
    assert not fails([page, scan])
    (doubt,) = [f for f in check([page, scan]) if f.rule == "restated.sources"]
    assert (doubt.outcome, doubt.reason, doubt.responsibility) == (
        Outcome.NOT_ASSESSABLE, "uncertain_source", "reader",
    )  # fmt: skip
    empty = replace(page, report=replace(page.report, figures=(), forms={}))
    assert not fails([empty, scan])


def test_pictures_of_one_table_each_are_one_report() -> None:
    whole = held("http://a/1.jpg", entry=PAGE, form="picture")
    half = len(whole.report.figures) // 2
    first = replace(whole, report=replace(whole.report, figures=whole.report.figures[:half]))
    second = replace(
        held("http://a/2.jpg", entry=PAGE, form="picture"),
        report=replace(whole.report, figures=whole.report.figures[half:]),
    )
    (one,) = united([first, second])
    assert set(one.report.figures) == set(whole.report.figures)


def test_a_double_elsewhere_is_a_source_and_a_correction_is_a_version() -> None:
    page, double = held(PAGE), held(ELSEWHERE, at=9)
    (one,) = united([page, double])
    assert (one.url, [s.filing.url for s in one.sources]) == (PAGE, [ELSEWHERE])
    corrected = held(ELSEWHERE, {RECEIVED: 7}, at=9)
    assert len(united([page, corrected])) == 2  # published anew days later, with another number
    assert current_filings([page, replace(corrected, version=2)])["b1", 2023].url == ELSEWHERE
    same_day = held(ELSEWHERE, {RECEIVED: 7})
    assert [s.filing.url for s in united([page, same_day])[0].sources] == [ELSEWHERE]
    said = replace(
        same_day, report=replace(same_day.report, title="某某县人民政府2023年政府信息公开工作年度报告（更正）")
    )
    assert len(united([page, said])) == 2


def test_a_late_mirror_of_the_old_is_no_newer_than_the_correction() -> None:
    old, corrected, mirror = held(PAGE), held(ELSEWHERE, {RECEIVED: 7}, at=9), held("http://c/3.html", at=12)
    versions = [replace(old, version=1), replace(corrected, version=2), replace(mirror, version=1)]
    assert current_filings(versions)["b1", 2023].url == ELSEWHERE


def test_a_past_content_of_the_address_is_a_version_and_its_change_is_told() -> None:
    before = replace(held(PAGE, {RECEIVED: 9}), current=False)
    now, pdf = replace(held(PAGE, at=8), version=2), held(PDF, form="pdf", entry=PAGE)
    assert len(united([before, now, pdf])) == 2
    told = [f for f in fails([before, now, pdf]) if f.rule == "restated"]
    assert len(told) == 1 and "9 → 6" in told[0].formula
    unread = replace(now, report=replace(now.report, figures=now.report.figures[:100]))  # the PDF is the best by then
    assert [f.rule for f in fails([before, unread, pdf]) if "9 → 6" in f.formula] == ["restated"]


def test_an_attachment_of_other_figures_altogether_is_left_out_and_nobody_is_accused() -> None:
    page = held(PAGE)
    other = held(PDF, {(r, c): 40 + n for n, r in enumerate(("received", "granted", "handled_total"))
                       for c in ("natural_person", "enterprise", "total")}, form="pdf", entry=PAGE)  # fmt: skip
    other = replace(other, report=replace(other.report, publisher="另一机关"))
    assert not fails([page, other])
    (said,) = [f for f in check([page, other]) if f.rule == "restated.sources"]
    assert (said.outcome, said.reason) == (Outcome.NOT_ASSESSABLE, "uncertain_source")


@pytest.mark.parametrize("parts", [("年报.docx", "年报.pdf")])
def test_members_of_one_archive_are_sources_and_files_of_one_year_are_versions(parts: tuple[str, str]) -> None:
    def file(name: str, part: str | None, received: int) -> Filing:
        made = cases.filing(cases.requests({RECEIVED: received}), file=name)
        return replace(made, report=replace(made.report, part=part), document=name)

    assert [len(f.sources) for f in united([file("a.zip", part, 6) for part in parts])] == [1]
    assert len(united([file("a.docx", None, 6), replace(file("b.pdf", None, 6), version=2)])) == 2
