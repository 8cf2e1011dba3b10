"""Text against tables: subject, scope, negation, year and exactness respected; shares rounded, cut off and wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from monitor.model import Filing, Finding, Outcome, Severity
from monitor.rules import cases, check
from parsers.model import Generation, Number, Section, Statement


def _say(text: str, *found: tuple[str, Number] | tuple[str, Number, dict[str, Any]], section: int = 1) -> list[Any]:
    """A section with its statements, each at the next place where its figure stands."""
    statements, at = [], 0
    for what, value, *more in found:
        options: dict[str, Any] = {"unit": "件", "scope": "own", **(more[0] if more else {})}
        shown = options.pop("shown", f"{value}")
        start = text.index(shown, at) if shown else text.index("未")
        at = start + len(shown)
        left = text.rfind("。", 0, start) + 1
        right = text.find("。", at)
        sentence = text[left : right if right >= 0 else len(text)]
        statements.append(Statement(what, value, options.pop("unit"), section, start, at, sentence, **options))
    return [Section(section, cases.HEADINGS[section - 1], text), statements]


def _filing(said: list[Any], figures: Any = (), year: int = 2023) -> Filing:
    return cases.filing(figures, year, parts=[said[0]], statements=said[1])


def _fails(filing: Filing, family: str = "narrative") -> list[Finding]:
    return [f for f in check([filing]) if f.family.startswith(family) and f.outcome is Outcome.FAIL]


def test_parts_in_one_sentence_are_added_before_they_are_compared() -> None:
    sheet = cases.indicators({"response.interpretations": 12})
    said = _say("全年发文件解读2条，规划解读1条。", ("response.interpretations", 2), ("response.interpretations", 1))
    (finding,) = _fails(_filing(said, sheet, 2017))
    assert "2 + 1 = 3 in the text against 12 in the table" in finding.message_en
    assert finding.passages[0].text == "全年发文件解读2条，规划解读1条"
    text = said[0].text
    assert text[finding.passages[0].start : finding.passages[0].end] == finding.passages[0].text


def test_a_statement_narrower_than_its_row_says_so() -> None:
    sheet = cases.indicators({"response.weibo_wechat": 28})
    (finding,) = _fails(_filing(_say("微信回应共16条。", ("response.weibo_wechat", 16)), sheet, 2017))
    assert "16 in the text against 28" in finding.message_en and "WeChat alone" in finding.message_en


@pytest.mark.parametrize(
    "options",
    [
        {"qualifier": "over"},
        {"qualifier": "about"},
        {"scope": "district"},
        {"scope": "subordinate"},
        {"year": 2022},
        {"of": "received"},
    ],
)
def test_what_is_not_the_tables_figure_is_not_compared(options: dict[str, Any]) -> None:
    assert not _fails(_filing(_say("共收到申请80件。", ("received", 80, options)), cases.requests()))
    assert _fails(_filing(_say("共收到申请80件。", ("received", 80)), cases.requests()))


def test_negation_is_a_zero() -> None:
    said = _say("本年未收到申请。", ("received", 0, {"qualifier": "none", "shown": ""}))
    none = {(f.row, f.column): 0 for f in cases.requests()}
    assert not _fails(_filing(said, cases.requests(none)))
    assert "0 in the text against 6" in _fails(_filing(said, cases.requests()))[0].message_en


def test_a_blank_cell_is_never_contradicted() -> None:
    blank = cases.requests({("received", "total"): None})
    found = check([_filing(_say("收到申请80件。", ("received", 80)), blank)])
    assert [f.outcome for f in found if f.rule == "narrative_table"] == [Outcome.NOT_ASSESSABLE]


def test_amounts_are_compared_in_the_tables_unit_and_at_the_places_stated() -> None:
    fees = cases.proactive({("fees", "amount_10k_yuan"): Decimal("22010.3538")})
    assert not _fails(_filing(_say("收费22010.35万元。", ("fees", Decimal("22010.35"), {"unit": "10k_yuan"})), fees))
    assert not _fails(_filing(_say("收费220103538元。", ("fees", 220103538, {"unit": "yuan"})), fees))
    assert _fails(_filing(_say("收费22011.35万元。", ("fees", Decimal("22011.35"), {"unit": "10k_yuan"})), fees))


def test_a_smaller_figure_beside_the_right_whole_may_be_a_part() -> None:
    said = _say("收到申请6件。信访类收到申请2件。", ("received", 6), ("received", 2))
    found = [f for f in check([_filing(said, cases.requests())]) if f.rule == "narrative_table"]
    assert [f.outcome for f in found] == [Outcome.PASS, Outcome.NOT_ASSESSABLE]


def test_a_group_of_rows_is_compared_by_its_sum() -> None:
    table = cases.requests({("refused.state_secret", "total"): 2, ("refused.enforcement_files", "total"): 3})
    assert not _fails(_filing(_say("不予公开5件。", ("refused", 5)), table))
    assert "7 in the text against 5" in _fails(_filing(_say("不予公开7件。", ("refused", 7)), table))[0].message_en


def test_both_kinds_of_litigation_are_meant() -> None:
    table = cases.disputes({
        ("litigation_direct", "upheld"): 1, ("litigation_direct", "total"): 1,
        ("litigation_after_reconsideration", "upheld"): 2, ("litigation_after_reconsideration", "total"): 2,
    })  # fmt: skip
    assert not _fails(_filing(_say("行政诉讼3件。", ("litigation.total", 3)), table))
    assert _fails(_filing(_say("行政诉讼5件。", ("litigation.total", 5)), table))


def test_codes_of_the_old_sheet_and_of_the_form_are_both_understood() -> None:
    for what in ("received", "requests.received"):
        assert _fails(_filing(_say("收到申请80件。", (what, 80)), cases.requests()))
    issued = cases.proactive({("normative_documents", "issued"): 8})
    assert not _fails(_filing(_say("制发8件。", ("issued.normative_documents", 8)), issued))
    made = cases.proactive({("normative_documents", "made"): 8}, Generation.FORM_2019)
    assert _fails(_filing(_say("制发9件。", ("issued.normative_documents", 9)), made, 2020))


@pytest.mark.parametrize(
    ("part", "share", "severity"),
    [
        (1, "0.6", None), (5, "3.2", None), (146, "94.8", None), (77, "50", None), (2, "1.3", None),
        (2, "1.2", Severity.NOTICE), (2, "1.9", Severity.WARNING), (146, "94.7", Severity.WARNING),
    ],
)  # fmt: skip
def test_shares_are_rounded_cut_off_or_wrong(part: int, share: str, severity: Severity | None) -> None:
    text = f"共公开信息154条。其中动态类{part}条，占{share}%。"
    percent = {"unit": "percent", "of": "disclosed", "shown": share}
    said = _say(text, ("disclosed", 154), ("share", Decimal(share), percent))
    assert [f.severity for f in _fails(_filing(said))] == ([severity] if severity else [])


def test_a_share_without_its_part_in_the_sentence_is_left_alone() -> None:
    percent = {"unit": "percent", "of": "received", "shown": "75"}
    said = _say("收到申请4件。从内容看，75%是职责类。", ("received", 4), ("share", 75, percent))
    assert not _fails(_filing(said))


def test_parts_may_be_fewer_than_their_whole_and_never_more() -> None:
    of = {"of": "received"}

    def said(whole: int) -> list[Any]:
        text = f"收到申请{whole}件。其中信函4件，网络3件。"
        return _say(text, ("received", whole), ("requests.letter", 4, of), ("requests.online", 3, of))

    assert [len(_fails(_filing(said(whole)), "narrative_arithmetic")) for whole in (9, 8, 6)] == [0, 0, 1]
