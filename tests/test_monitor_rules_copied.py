"""Copied narratives: own last year, other bodies, names swapped, boiler-plate, and one pass over many."""

from __future__ import annotations

import random

from monitor.model import Filing, Finding, Outcome
from monitor.rules import cases, check, likenesses, narratives
from monitor.rules.copied import CROWD, Index, shingles
from parsers.model import Section

WORDS = "办理清单窗口企业群众咨询答复平台专栏更新审核培训街道社区走访台账整改督办反馈归档目录指南专人季度"


def _story(seed: int, length: int = 60) -> str:
    rng = random.Random(seed)
    return "".join("".join(rng.choice(WORDS) for _ in range(18)) + f"共{rng.randrange(90)}件。" for _ in range(length))


def _filing(story: str, year: int = 2023, name: str = cases.NAME, extra: str = "") -> Filing:
    parts = [Section(1, cases.HEADINGS[0], story + extra)]
    return cases.filing(year=year, name=name, parts=parts, file=f"{name}{year}")


def _copied(filings: list[Filing]) -> list[Finding]:
    return [f for f in check(filings) if f.family == "copied_text" and f.outcome is Outcome.FAIL]


def test_another_bodys_text_with_names_and_figures_changed_is_told_and_the_foreign_name_named() -> None:
    first = _filing(_story(1), name="甲乙县人民政府", extra="甲乙县将继续努力做好各项工作。")
    copy = _filing(_story(1).replace("件", "件"), name="丙丁县人民政府", extra="甲乙县将继续努力做好各项工作。")
    found = _copied([first, copy])
    assert {f.id.split(":")[1] for f in found} == {"甲乙县人民政府", "丙丁县人民政府"}
    (on_copy,) = [f for f in found if "丙丁县人民政府" in f.id]
    assert "甲乙县人民政府" in on_copy.message_zh and "still names “甲乙县”" in on_copy.message_en
    assert on_copy.passages


def test_different_texts_and_short_ones_are_left_alone() -> None:
    assert not _copied([_filing(_story(1), name="甲乙县人民政府"), _filing(_story(2), name="丙丁县人民政府")])
    assert not _copied([_filing("无。", 2022), _filing("无。", 2023)])


def test_last_years_own_text_counts_and_that_of_long_ago_does_not() -> None:
    (found,) = _copied([_filing(_story(3), 2022), _filing(_story(3), 2023)])
    assert found.report_year == 2023 and found.id.endswith(":text:own")
    assert not _copied([_filing(_story(3), 2020), _filing(_story(3), 2023)])


def test_form_boilerplate_alone_is_no_copy() -> None:
    plate = "依据《中华人民共和国政府信息公开条例》第五十条规定，制作本报告。" * 30
    assert not _copied([_filing(plate, name="甲乙县人民政府"), _filing(plate, name="丙丁县人民政府")])


def test_the_index_proposes_few_and_finds_the_like() -> None:
    index = Index()
    for seed in range(60):
        assert index.add(seed, _story(seed, 20)) == []
    assert index.add(60, _story(17, 20)) == [17]
    for n in range(CROWD + 50):
        assert len(index.add(100 + n, "同一篇" + _story(99, 20))) <= CROWD
    assert len(shingles("一二三四五六七")) == 2


def test_batches_are_compared_with_all_by_the_texts_collected_first() -> None:
    one, two = _filing(_story(5), name="甲乙县人民政府"), _filing(_story(5), name="丙丁县人民政府")
    assert not _copied([one]) and not _copied([two])
    likes = likenesses([*narratives([one]), *narratives([two])])
    for filing in (one, two):
        found = [f for f in check([filing], copies=likes) if f.outcome is Outcome.FAIL and f.family == "copied_text"]
        assert len(found) == 1
