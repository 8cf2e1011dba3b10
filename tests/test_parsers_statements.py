"""Figures in running text: subject, number, unit, year, scope, negation; and what must not be taken for one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from parsers.model import Generation, Section, Statement
from parsers.statements import find_statements

MODERN = {"requests": Generation.FORM_2021}


def find(text: str, heading: str = "一、总体情况", number: int = 1, **options: Any) -> tuple[Statement, ...]:
    section = Section(number, heading, text)
    found = find_statements([section], "", options.get("year", 2023), options.get("forms", MODERN))
    for statement in found:
        assert statement.sentence in text
        assert 0 <= statement.start < statement.end <= len(text)
    return found


def said(text: str, **options: Any) -> list[tuple[str, Any]]:
    return [(s.what, s.value) for s in find(text, **options)]


SAID = [
    ("答复率100%,满意率百分之九十八点五。", [("share", 100), ("share", Decimal("98.5"))]),
    ("2023年共收到政府信息公开申请12件。", [("received", 12)]),
    ("全年新收政府信息公开申请1,204件,上年结转15件。", [("received", 1204), ("carried_in", 15)]),
    ("本年度收到政府信息公开申请数量５件。", [("received", 5)]),
    ("我局共收到依申请公开3件。", [("received", 3)]),
    ("共受理12件政府信息公开申请。", [("received", 12)]),
    ("收到依申请公开政府信息申请十二件。", [("received", 12)]),
    ("结转上年度政府信息公开申请2件,结转下年度继续办理3件。", [("carried_in", 2), ("carried_over", 3)]),
    ("未收到政府信息公开申请。", [("received", 0)]),
    ("2023年我镇没有收到公民、法人或者其他组织的政府信息公开申请。", [("received", 0)]),
    ("本年度未收到依申请公开政府信息申请,无行政复议和行政诉讼案件。",
     [("received", 0), ("reconsideration", 0), ("litigation", 0)]),
    ("未产生因政府信息公开引起的行政复议、行政诉讼。", [("reconsideration", 0), ("litigation", 0)]),
    ("因政府信息公开被申请行政复议3件,被提起行政诉讼2起。", [("reconsideration", 3), ("litigation", 2)]),
    ("办理依申请公开答复中,予以公开3件,部分公开2件,不予公开1件,无法提供4件,不予处理5件。",
     [("granted", 3), ("granted_in_part", 2), ("refused", 1), ("unable", 4), ("not_processed", 5)]),
    ("主动公开政府信息226条。", [("disclosed", 226)]),
    ("全年主动公开各类政府信息共1558条。", [("disclosed", 1558)]),
    ("主动公开2306条政府信息。", [("disclosed", 2306)]),
    ("全年制发行政规范性文件8件。", [("issued.normative_documents", 8)]),
    ("作出行政处罚决定1192件。", [("penalties", 1192)]),
    ("行政事业性收费金额为25.1万元。", [("fees", Decimal("25.1"))]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_what_is_said(text: str, expected: list[tuple[str, Any]]) -> None:
    assert said(text) == expected


NOT_SAID = [
    "全年受理完成各类行政审批件52件。",
    "收到群众投诉52件,办结信访事项3件。",
    "收到行政许可申请300件。",
    "收到低保申请30件。",
    "政府信息公开申请同比增加12件。",
    "收到政府信息公开申请较上年减少3件。",
    "自2008年以来累计收到政府信息公开申请300件。",
    "上半年收到政府信息公开申请3件。",
    "办理行政复议案件50件。",
    "未收到因政府信息公开申请引发的投诉。",
    "收到政府信息公开申请。其中5件来自企业。",
    "审结一审行政诉讼案件12件。",
    "法规文件类信息1条。",
    "解读区级规范性文件0个。",
    "政府常务会议12次、热点回应45次。",
    "依申请公开中,予以公开及部分公开258件。",
    "因政府信息公开发生行政复议和行政诉讼共3件。",
]


@pytest.mark.parametrize("text", NOT_SAID)
def test_what_is_not_said(text: str) -> None:
    assert [s for s in said(text) if s[0] != "share"] == []


# A figure of some only, of part of the year, of a plan or of somebody else: none is the body's own figure of its year.
NARROWED = [
    "本年度收到省级部门移交的依申请公开3件。",
    "2023年第一季度收到政府信息公开申请3件,第二季度收到4件。",
    "2023年上半年,我局收到政府信息公开申请3件。",
    "截至10月底,共收到政府信息公开申请6件。",
    "近三年来,我局共收到政府信息公开申请60件。",
    "2021年至2023年,共作出行政处罚决定300件。",
    "本届政府以来,共制发行政规范性文件30件。",
    "收到要求公开征地批文的政府信息公开申请6件。",
    "收到同一申请人提出的政府信息公开申请31件。",
    "收到补正后的政府信息公开申请2件。",
    "收到县长信箱转来的政府信息公开申请2件。",
    "向镇街了解,收到政府信息公开申请1件的单位有3个。",
    "按照要求每件政府信息公开申请须在收到申请1件后登记。",
    "同期收到政府信息公开申请8件。",
    "因申请人撤回,实际受理政府信息公开申请4件。",
    "除1件邮寄申请外,未收到政府信息公开申请。",
    "除网上申请外,没有收到其他形式的政府信息公开申请。",
    "未收到超出受理范围的政府信息公开申请。",
    "未收到港澳同胞的政府信息公开申请。",
    "未收到需缴费的政府信息公开申请。",
    "未收到公民、法人和其他组织以书面形式提出的政府信息公开申请。",
    "第四季度以来未收到政府信息公开申请。",
    "如果当年未收到政府信息公开申请,填零。",
    "力争主动公开政府信息500条以上。",
    "2024年将主动公开政府信息600条。",
    "在区政府网站主动公开政府信息120条。",
    "新增主动公开政府信息20条。",
    "办理行政复议3件、行政诉讼2件,均与政府信息公开无关。",
    "全市法院受理政府信息公开行政诉讼案件45件。",
    "代理区政府办理政府信息公开行政复议案件2件。",
    "适用简易程序作出行政处罚决定120件,适用普通程序作出行政处罚决定30件。",
    "县公安局作出行政处罚决定812件,县教育局作出行政处罚决定3件。",
    "退还行政事业性收费3万元。",
    "应缴行政事业性收费10万元,实缴8万元。",
    "参与制发行政规范性文件2件。",
    "拟制发规范性文件5件。",
    "全年主动公开政府信息从800条增加到920条。",
    "未发生除征地外的政府信息公开行政诉讼。",
    "我局作为第三人参加政府信息公开行政复议2件。",
    "减半征收行政事业性收费3万元。",
    "受县政府委托作出行政许可决定30件。",
    "以县政府名义制发规范性文件3件。",
    "审核镇街制发规范性文件12件。",
    "机构改革前收到政府信息公开申请5件。",
    "原规划局收到政府信息公开申请5件。",
    "上年结转行政诉讼1件,新发生政府信息公开行政诉讼2件。",
    "办结上年度结转政府信息公开申请2件。",
    "收到政府信息公开申请(含上年结转)8件。",
    "自然人申请中,予以公开3件,不予公开1件。",
    "涉及征地拆迁的政府信息公开申请中,予以公开3件。",
    "政府信息公开申请经补正,予以公开1件。",
    "因行政复议责令重新答复政府信息公开申请,予以公开1件。",
]


@pytest.mark.parametrize("text", NARROWED)
def test_a_narrowed_figure_is_not_the_years(text: str) -> None:
    assert said(text) == []


WHOLE = [
    ("截至2023年12月31日,我局共收到政府信息公开申请14件。", [("received", 14)]),
    ("2023年1月1日至12月31日,收到政府信息公开申请14件。", [("received", 14)]),
    ("今年以来,共收到政府信息公开申请6件。", [("received", 6)]),
    ("上半年调整了目录,全年收到政府信息公开申请5件。", [("received", 5)]),
    ("某市教育局2023年度共收到公民、法人和其他组织提出的政府信息公开申请9件。", [("received", 9)]),
    ("通过信函、网络等渠道,共收到政府信息公开申请9件。", [("received", 9)]),
    ("与2022年的8件相比,2023年收到政府信息公开申请5件。", [("received", 5)]),
    ("2022年度的申请8件于2023年办结,2023年度收到政府信息公开申请6件。", [("received", 6)]),
    ("收到政府信息公开申请5件,受理政府信息公开申请4件。", [("received", 5)]),
    ("未收到公民、法人或者其他组织提出的政府信息公开申请。", [("received", 0)]),
    ("全年未发生行政复议案件,但因政府信息公开被提起行政诉讼1件。", [("reconsideration", 0), ("litigation", 1)]),
    ("因政府信息公开引发行政复议3件,其中维持2件;行政诉讼2件。", [("reconsideration", 3), ("litigation", 2)]),
]


@pytest.mark.parametrize(("text", "expected"), WHOLE)
def test_what_is_not_narrowed_is_said(text: str, expected: list[tuple[str, Any]]) -> None:
    assert said(text) == expected


def test_two_years_in_turn_have_a_figure_each() -> None:
    found = find("2022、2023年分别收到政府信息公开申请8件、5件。")
    assert [(s.value, s.year) for s in found] == [(8, 2022), (5, 2023)]
    assert said("2022、2023年分别收到政府信息公开申请8件。") == []


@pytest.mark.parametrize(
    "piece", ["收到政府信息公开申请5件,", "占总数的5%,3件", "收到政府信息公开申请5件;其中信函申请2件;"]
)
def test_a_text_that_has_lost_its_full_stops_states_nothing(piece: str) -> None:
    assert find(piece * 8000) == ()


def test_a_figure_takes_its_subject_from_its_numbered_heading_only() -> None:
    text = "1.主动公开情况\n规划计划类3条,占总体的1.8%。\n2.办公情况\n规划计划类3条,占总体的1.8%。"
    assert [s.of for s in find(text)] == ["disclosed", None]
    assert said("(三)依申请公开情况\n全年收到申请6件。") == [("received", 6)]
    assert said("(三)办理行政审批。全年收到申请6件。") == []


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("收到政府信息公开申请80余件。", "over"),
        ("收到政府信息公开申请约80件。", "about"),
        ("收到政府信息公开申请近80件。", "about"),
        ("收到政府信息公开申请超过80件。", "over"),
        ("收到政府信息公开申请80件以上。", "over"),
        ("收到政府信息公开申请80件左右。", "about"),
        ("收到政府信息公开申请80件。", "exact"),
        ("未收到政府信息公开申请。", "none"),
    ],
)
def test_qualifiers(text: str, qualifier: str) -> None:
    assert [s.qualifier for s in find(text)] == [qualifier]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2022年收到政府信息公开申请8件。", 2022),
        ("去年收到政府信息公开申请8件。", 2022),
        ("2023年收到政府信息公开申请8件。", 2023),
        ("今年收到政府信息公开申请8件。", 2023),
        ("收到政府信息公开申请8件。", None),
        ("2022年收到政府信息公开申请3件,2023年收到政府信息公开申请8件。", 2022),
        ("上年结转政府信息公开申请8件。", 2023),
    ],
)
def test_years(text: str, year: int | None) -> None:
    assert find(text)[0].year == year


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("全区收到政府信息公开申请8件。", "district"),
        ("各街道收到政府信息公开申请8件。", "subordinate"),
        ("区本级收到政府信息公开申请8件。", "own"),
        ("我局收到政府信息公开申请8件。", "own"),
        ("收到政府信息公开申请8件。", "unknown"),
    ],
)
def test_scopes(text: str, scope: str) -> None:
    assert [s.scope for s in find(text)] == [scope]


def test_parts_name_their_whole() -> None:
    found = find("全年收到政府信息公开申请10件,其中信函申请4件,网络申请6件。")
    assert [(s.what, s.value, s.of) for s in found] == [
        ("received", 10, None),
        ("requests.letter", 4, "received"),
        ("requests.online", 6, "received"),
    ]
    found = find("在已经办结的5件公开申请中:“同意公开”的3件,占总数的60%。")
    assert [(s.what, s.of) for s in found] == [
        ("handled_total", None),
        ("granted", "handled_total"),
        ("share", "handled_total"),
    ]


def test_parts_in_a_row_are_all_parts_of_the_figure_before_them() -> None:
    found = find(
        "全年收到政府信息公开申请12件,其中予以公开8件,不予公开2件;作出行政许可决定9件,其中作出行政处罚决定3件。"
    )
    assert [(s.what, s.of) for s in found] == [
        ("received", None), ("granted", "received"), ("refused", "received"), ("licensing", None),
        ("penalties", "licensing"),
    ]  # fmt: skip


def test_a_share_without_its_count_has_no_whole() -> None:
    (share,) = find("2.申请情况\n从申请的内容来看,75%是行政职责类信息。")
    assert (share.what, share.value, share.unit, share.of) == ("share", 75, "percent", None)


def test_offsets_are_those_of_the_section() -> None:
    text = "一是加强领导。\n二是收到政府信息公开申请１２件。"
    (statement,) = find(text)
    assert text[statement.start : statement.end] == "１２"
    assert statement.sentence == "二是收到政府信息公开申请１２件。"


def test_old_reports_speak_in_the_codes_of_their_sheet() -> None:
    forms = {"indicators": Generation.PRE2019}
    assert said("收到政府信息公开申请5件。", forms=forms, year=2017) == [("requests.received", 5)]
    assert said("九、会议和培训\n召开政府信息公开会议4次,举办培训班2期。", forms=forms, year=2017) == [
        ("meetings.total", 4),
        ("trainings.total", 2),
    ]
