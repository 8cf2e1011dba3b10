"""Sentences as reports print them, from the text to the finding: what contradicts the table is told, what is not the
body's own whole figure of its year never is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from monitor.model import Finding, Outcome, Severity
from monitor.rules import cases, check
from parsers.model import Generation, Section
from parsers.statements import find_statements
from registry.kinds import kind_from_name

YEAR = 2023
FORMS = dict.fromkeys(("requests", "proactive", "disputes"), Generation.FORM_2021)
NAME = "某某区财政局"
# 12 received (10 by natural persons, 2 by enterprises), 2 carried in, 11 handled, 3 carried over
REQUESTS = {
    ("received", "natural_person"): 10, ("received", "enterprise"): 2, ("received", "total"): 12,
    ("carried_in", "natural_person"): 2, ("carried_in", "enterprise"): 0, ("carried_in", "total"): 2,
    ("granted", "natural_person"): 5, ("granted", "enterprise"): 0, ("granted", "total"): 5,
    ("granted_in_part", "natural_person"): 1, ("granted_in_part", "total"): 1,
    ("refused.enforcement_files", "natural_person"): 1, ("refused.enforcement_files", "total"): 1,
    ("unable.not_held", "natural_person"): 2, ("unable.not_held", "enterprise"): 2, ("unable.not_held", "total"): 4,
    ("handled_total", "natural_person"): 9, ("handled_total", "enterprise"): 2, ("handled_total", "total"): 11,
    ("carried_over", "natural_person"): 3, ("carried_over", "total"): 3,
}  # fmt: skip
PROACTIVE = {
    ("normative_documents", "issued"): 8, ("normative_documents", "repealed"): 1,
    ("normative_documents", "in_force"): 140,
    ("licensing", "decisions"): 520, ("penalties", "decisions"): 1192, ("coercion", "decisions"): 3,
    ("fees", "amount_10k_yuan"): Decimal("25.1"),
}  # fmt: skip
DISPUTES = {("litigation_direct", "upheld"): 1, ("litigation_direct", "total"): 1}  # and two reconsiderations


def accused(text: str, name: str = NAME) -> list[Finding]:
    """What the judge holds against a report of the tables above with this text in section one."""
    figures = (*cases.requests(REQUESTS), *cases.proactive(PROACTIVE), *cases.disputes(DISPUTES))  # type: ignore[arg-type]
    part = Section(1, cases.HEADINGS[0], text)
    said = find_statements([part], "", YEAR, FORMS, names=[name] if name else ())
    filing = cases.filing(figures, YEAR, parts=[part], statements=said, name=name, kind=kind_from_name(name))
    found = [f for f in check([filing]) if f.outcome is Outcome.FAIL and f.severity is not Severity.NOTICE]
    assert {f.family for f in found} <= {"narrative_table", "narrative_arithmetic"}
    return found


CONTRADICTIONS = [
    ("区本级收到政府信息公开申请15件。", "15 ≠ 12"),
    ("我局收到政府信息公开申请13件，同比增长20%。", "13 ≠ 12"),
    ("区财政局2023年共收到政府信息公开申请13件。", "13 ≠ 12"),
    ("与2022年的8件相比，2023年收到政府信息公开申请14件。", "14 ≠ 12"),
    ("2023年度，收到政府信息公开申请十三件。", "13 ≠ 12"),
    ("未收到政府信息公开申请。", "0 ≠ 12"),
    ("没有因政府信息公开工作被提起行政诉讼。", "0 ≠ 1"),
    ("因政府信息公开被申请行政复议2件、提起行政诉讼2件。", "2 ≠ 1"),
    ("政府信息公开行政复议3件。", "3 ≠ 2"),
    ("全年未发生行政诉讼，因政府信息公开被申请行政复议2件。", "0 ≠ 1"),
    ("上年结转政府信息公开申请0件。", "0 ≠ 2"),
    ("制发行政规范性文件9件。", "9 ≠ 8"),
    ("作出行政处罚决定1129件。", "1129 ≠ 1192"),
    ("收取行政事业性收费30万元。", "30 ≠ 25.1"),
    ("收到政府信息公开申请12件，其中予以公开5件，占51.7%。", "5 / 12 = 41.6667% ≠ 51.7%"),
    ("收到政府信息公开申请12件，予以公开5件，占收到申请的45.5%。", "5 / 12 = 41.6667% ≠ 45.5%"),
    ("收到政府信息公开申请12件，答复11件，予以公开5件，占答复总数的41.7%。", "5 / 11 = 45.4545% ≠ 41.7%"),
    ("答复11件，其中予以公开5件；共收到政府信息公开申请10件。", "10 ≠ 12"),
    ("收到政府信息公开申请15件，其中1件撤回，实际办理14件。", "15 ≠ 12"),
    ("收到政府信息公开申请13件，其中1件由自然人提出。", "13 ≠ 12"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "formula"), CONTRADICTIONS)
def test_a_contradiction_is_told_with_both_figures(text: str, formula: str) -> None:
    (finding,) = accused(text)
    assert finding.formula == formula
    assert finding.passages and finding.passages[0].text.rstrip("。") in text


INNOCENT = [
    # whose figure it is
    "全区各级行政机关共收到政府信息公开申请860件。",
    "全区共收到依申请公开860件，区本级收到12件。",
    "区政府收到政府信息公开申请60件，我局承办5件。",
    "其中，区政府办公室收到政府信息公开申请9件。",
    "其中：收到政府信息公开申请9件。",
    "镇综合执法队作出行政处罚决定40件。",
    "原区农委2023年收到政府信息公开申请7件。",
    "局属事业单位收到政府信息公开申请3件。",
    "街道本级收到政府信息公开申请12件，社区未收到政府信息公开申请。",
    "指导各镇街答复政府信息公开申请33件。",
    "协助区政府办理政府信息公开申请7件。",
    "代区政府起草规范性文件3件。",
    "区法院受理政府信息公开行政诉讼9件。",
    "我区收到政府信息公开申请860件。",
    "2023年，本市共收到政府信息公开申请9860件。",
    "各中小学校共收到政府信息公开申请39件。",
    # what is divided
    "全年共办理依申请公开14件（含上年结转2件），其中予以公开5件，部分公开1件。",
    "2023年共收到政府信息公开申请12件，上年结转2件，其中予以公开5件，部分公开1件。",
    "收到政府信息公开申请12件，不予公开1件，其中部分公开1件，予以公开5件。",
    # of which time
    "历年累计收到政府信息公开申请530件。",
    "上年收到政府信息公开申请30件。",
    "近三年共收到政府信息公开申请60件。",
    "“十三五”期间共收到政府信息公开申请300件。",
    "自条例施行以来，我局共收到政府信息公开申请530件。",
    "2022年我局收到政府信息公开申请8件，2023年收到12件。",
    "收到政府信息公开申请数量从2022年的8件上升到2023年的12件。",
    "2021年、2022年、2023年分别收到政府信息公开申请5件、8件、12件。",
    "1月至11月，收到政府信息公开申请11件。",
    "2023年（截至11月底）收到政府信息公开申请10件。",
    "自2023年7月机构改革以来，收到政府信息公开申请7件。",
    "预计2024年收到政府信息公开申请20件。",
    # negations that deny a part only
    "未收到涉及商业秘密的政府信息公开申请。",
    "未发生因政府信息公开被纠正的行政复议。",
    "没有因申请人逾期不缴费而不再处理的申请。",
    "除上述12件外，未收到其他政府信息公开申请。",
    "未收到超期办理的政府信息公开申请投诉。",
    # percentages: rounded, cut off, vague, of something else
    "收到政府信息公开申请12件，其中予以公开5件，占41.7%。",
    "收到政府信息公开申请12件，其中予以公开5件，占41.6%。",
    "其中予以公开5件（占45.5%），部分公开1件（占9.1%）。",
    "收到政府信息公开申请12件，办结11件，其中予以公开5件，占45.5%。",
    "共有政府信息公开申请14件，其中予以公开5件，占35.7%。",
    "收到政府信息公开申请12件，其中予以公开5件，占比近50%。",
    "收到政府信息公开申请12件，其中予以公开5件，占比不足50%。",
    "收到政府信息公开申请12件，其中予以公开5件，占比超40%。",
    "收到政府信息公开申请12件，其中自然人申请10件，占比80%以上。",
    "收到政府信息公开申请12件，其中予以公开5件，同比上升25%。",
    "收到政府信息公开申请12件，答复11件，予以公开5件，占答复总数的45.45%。",
    # parts, wholes, and wholes with something more in them
    "全年共受理政府信息公开申请14件，其中上年结转2件。",
    "共办理政府信息公开申请14件（新收12件、上年结转2件）。",
    "收到有效政府信息公开申请10件。",
    "剔除重复申请后，收到政府信息公开申请9件。",
    "登记政府信息公开申请15件，剔除重复3件后收到12件。",
    "收到政府信息公开申请12件，其中信函6件、网络5件、当面1件。",
    "予以公开（含部分公开）6件。",
    "同意公开6件。",
    "收到政府信息公开申请12件，涉及15项内容。",
    "共接收政府信息公开申请13件，其中1件申请人撤回，实际办理12件。",
    "收到政府信息公开申请13件，其中1件因不属于政府信息公开转信访处理。",
    "作出行政许可决定521件，其中不予许可决定1件。",
    "局机关收到政府信息公开申请9件，下属执法大队收到政府信息公开申请3件。",
    "收到政府信息公开申请14件次，涉及申请人12名。",
    "2023年未收到其他政府信息公开申请。",
    "未发生负面的行政复议和行政诉讼。",
    # other subjects in the same words
    "全年公示行政许可信息600条、行政处罚信息1300条。",
    "行政处罚事项210项，行政许可事项25项，行政强制事项6项。",
    "作出行政处罚决定1192件，其中简易程序900件、一般程序292件。",
    "清理规范性文件140件，其中继续有效139件、废止1件。",
    "公开政策文件30件，其中规范性文件8件。",
    "全年办理行政复议案件50件，其中涉及政府信息公开2件。",
    "全年行政复议案件50件，涉信息公开的2件。",
    "共发生行政诉讼20件，政府信息公开类1件。",
    "全年共被提起行政复议50件。其中，政府信息公开类2件。",
    "行政复议50件、行政诉讼20件，其中涉及政府信息公开的行政复议2件、行政诉讼1件。",
    "参加政府信息公开行政诉讼出庭应诉5次。",
    "收到政府信息公开申请9件（网络渠道）。",
    "收到政府信息公开申请10份（12件）。",
    "收到政府信息公开申请表15份。",
    "电话咨询政府信息公开申请45件。",
    # amounts, rounded one way or the other, and money that is no fee of the table's
    "收取行政事业性收费251000元。",
    "收取行政事业性收费25万元。",
    "征收行政事业性收费25.1037万元。",
    "收取行政事业性收费约26万元。",
    "退付行政事业性收费3万元。",
    "代收行政事业性收费12万元。",
    "因政府信息公开收取费用0元。",
    # what the body's own documents are marked with as they are made
    "公文公开属性源头认定：主动公开12件，依申请公开34件，不予公开40件。",
    "全年发文86件，其中依申请公开34件（占40%）、主动公开12件（占14%）、不予公开40件（占46%）。",
    # shares of a whole that others have a part in, and of one of two wholes, cut off
    "收到政府信息公开申请12件，占全市总数的3.5%。",
    "收到政府信息公开申请12件，其中部分公开1件，占比9.0%。",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_not_the_tables_figure_is_never_held_against_it(text: str) -> None:
    assert [f.message_en for f in accused(text)] == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("某某区人民政府", True),
        ("北京市某某区人民政府", True),
        ("某某区人民政府办公室", False),
        ("某某区财政局", False),
        ("某某区某某镇人民政府", False),
        ("", False),
    ],
)
def test_an_office_that_a_sentence_names_is_the_body_only_by_its_name(name: str, told: bool) -> None:
    assert bool(accused("区政府共收到政府信息公开申请60件。", name)) is told


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("某某区人民政府", "区本级收到政府信息公开申请5件。", False),  # the table may count the departments too
        ("某某区人民政府", "区本级收到政府信息公开申请15件。", True),
        ("某某区人民政府", "收到政府信息公开申请5件。", True),
        ("某某区财政局", "区本级收到政府信息公开申请5件。", True),
        ("某某市人民政府办公室", "2023年，市政府及办公室共收到政府信息公开申请112件。", False),
        ("某某市和平区教育局", "和平区教育局共收到政府信息公开申请112件。", True),
    ],
)
def test_a_figure_of_a_wider_or_narrower_scope_is_left_alone(name: str, text: str, told: bool) -> None:
    assert bool(accused(text, name)) is told


def test_a_share_cut_off_is_a_notice() -> None:
    text = "收到政府信息公开申请12件，其中予以公开5件，占41.6%。"
    part = Section(1, cases.HEADINGS[0], text)
    said = find_statements([part], "", YEAR, FORMS)
    filing = cases.filing(cases.requests(REQUESTS), YEAR, parts=[part], statements=said)
    (finding,) = [f for f in check([filing]) if f.family == "narrative_arithmetic"]
    assert (finding.outcome, finding.severity) == (Outcome.FAIL, Severity.NOTICE)
    assert "cut off, not rounded" in finding.message_en


SHEET = {
    "disclosed.total": 800, "channel.website": 600, "channel.weibo": 120, "channel.wechat": 80,
    "response.interpretations": 12, "response.press_conferences": 3,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("通过政府网站发布信息1600条，其中属于主动公开政府信息600条。", False),
        ("微信公众号推送信息280条，阅读量3.5万次。", False),
        ("召开专题新闻发布会1次。", False),
        ("发布图解3个、视频解读2个、文字解读7篇，共12篇。", False),
        ("全年主动公开政府信息900条。", True),
        ("发布法规文件解读2条，规划解读1条。", True),
        ("召开新闻发布会5次。", True),
    ],
)
def test_the_old_sheet_is_held_against_its_own_figures_only(text: str, told: bool) -> None:
    part = Section(1, "一、概述", text)
    said = find_statements([part], "", 2016, {"indicators": Generation.PRE2019}, names=[NAME])
    found = check([cases.filing(cases.indicators(SHEET), 2016, parts=[part], statements=said, name=NAME, kind=None)])
    assert bool([f for f in found if f.family == "narrative_table" and f.outcome is Outcome.FAIL]) is told
