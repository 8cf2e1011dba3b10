"""The yardstick of the five real reports, where they lie beside the repository, and every figure of theirs changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from monitor_mutation import mutated

from monitor.model import Filing, Finding, Outcome, Severity
from monitor.rules import check
from parsers import read
from registry.model import Kind

REPORTS = Path(__file__).parents[2] / "shared" / "reports"
pytestmark = pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports are not beside the repository")
NARRATIVE = {"narrative_table", "narrative_arithmetic"}


def _filing(prefix: str, kind: Kind | None = None) -> Filing:
    (path,) = REPORTS.glob(f"{prefix}_*.txt")
    (report,) = read(path.read_bytes(), name=path.name)
    assert report.report_year is not None
    return Filing(report, report.report_year, name=report.publisher or "", kind=kind, file=path.name)


def _fails(filing: Filing) -> list[Finding]:
    return [f for f in check([filing]) if f.outcome is Outcome.FAIL]


def _grave(found: list[Finding]) -> list[tuple[str, str]]:
    return sorted(
        (f.rule, f.severity.value) for f in found if f.severity is not Severity.NOTICE and f.family not in NARRATIVE
    )


def test_000_is_late_by_its_own_date() -> None:
    found = _fails(_filing("000", Kind.DEPARTMENT))
    assert _grave(found) == [("late", "warning")]
    assert "late by 320 days" in next(f.message_en for f in found if f.family == "late")
    assert {f.family for f in found} <= {"late", "narrative_arithmetic"}


def test_000_cuts_a_share_off() -> None:
    (finding,) = [f for f in _fails(_filing("000", Kind.DEPARTMENT)) if f.family in NARRATIVE]
    assert (finding.rule, finding.severity) == ("narrative_arithmetic.share", Severity.NOTICE)
    assert "1.2%" in finding.message_en and "2/154 is 1.2987%" in finding.message_en


def test_002_says_other_figures_than_its_sheet() -> None:
    filing = _filing("002")
    found = [f for f in _fails(filing) if f.family in NARRATIVE]
    assert {(f.cells[0].row, f.formula, f.severity) for f in found} == {
        ("response.interpretations", "2 + 1 = 3 ≠ 12", Severity.WARNING),
        ("response.weibo_wechat", "16 ≠ 28", Severity.WARNING),
        ("response.events", "6256 ≠ 6261", Severity.WARNING),
        ("meetings.total", "4 ≠ 2", Severity.WARNING),
        ("trainings.total", "1 ≠ 3", Severity.WARNING),
    }
    texts = {s.number: s.text for s in filing.report.sections}
    for finding in found:
        (passage,) = finding.passages
        assert passage.section is not None and texts[passage.section][passage.start : passage.end] == passage.text
        assert passage.text.rstrip("。") in finding.message_zh


def test_001_lacks_a_heading_and_two_words_and_states_what_it_expects() -> None:
    filing = _filing("001")
    found = _fails(filing)
    assert sorted(f.id.split(":", 3)[0] + ":" + f.id.split(":", 3)[3] for f in found) == [
        "form_content.accountability:text:accountability",
        "form_content.review:text:review",
        "form_section:section:3",
    ]
    pending = "\n".join(f.formula for f in check([filing]) if f.outcome is Outcome.PENDING)
    for expected in ("carried_in 2025 = 257", "carried_over 2023 = 425", "in_force 2023 = 140 - 8 + 0 = 132"):
        assert expected in pending


def test_002_contradicts_itself_in_an_outdated_form() -> None:
    found = _fails(_filing("002"))
    assert _grave(found) == [("indicator_sum.replied", "error")]
    assert "0 against 4 + 1" in next(f.message_en for f in found if f.family == "indicator_sum")
    assert sorted(f.rule for f in found if f.severity is Severity.NOTICE and f.family not in NARRATIVE) == [
        "form_generation",
        "form_section.instruction",
    ]
    assert "要求数据真实、与去年进行对比" in next(f.message_zh for f in found if f.family == "form_section")


@pytest.mark.parametrize("prefix", ["003", "004"])
def test_003_and_004_hold(prefix: str) -> None:
    assert _fails(_filing(prefix)) == []


@pytest.mark.parametrize("prefix", ["000", "001", "002", "003", "004"])
def test_every_figure_changed_by_one_is_found(prefix: str) -> None:
    tried, missed = mutated(_filing(prefix))
    assert tried > 30 and missed == []


@pytest.mark.parametrize("prefix", ["000", "001", "002", "003", "004"])
def test_every_passage_with_a_section_stands_where_it_says(prefix: str) -> None:
    filing = _filing(prefix)
    texts = {s.number: s.text for s in filing.report.sections} | {0: filing.report.preamble}
    for finding in check([filing]):
        for passage in finding.passages:
            if passage.section is not None:
                assert texts[passage.section][passage.start : passage.end] == passage.text, finding.rule
