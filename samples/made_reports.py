"""Reports of invented bodies: short prose of our own round figures that hold together, or slip where wanted."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from samples.made_figures import Figures, Slips, figures_of, in_older_form, with_slips
from samples.report_model import SampleReport, SampleSection

HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
OLD_HEADINGS = ("一、概述", "二、依申请公开情况", "三、存在的主要问题及改进措施", "四、附表")

# Kept short on purpose: texts of a few hundred characters are what the comparison of narratives begins with.
WORK = (
    "重点领域的文件在印发后二十个工作日内上网，旧文件同步清理。",
    "网站专栏改版后，一页就能找到目录、指南和历年年报。",
    "窗口备有查询终端，老年人可由工作人员代查。",
    "文件发布时一并附上解读，解读由起草的人写。",
    "每季度抽查一次各科室的公开清单，缺项当月补齐。",
    "新媒体账号合并为一个，更新由专人负责。",
    "公开目录按职责重排，失效内容转入历史库。",
    "政策草案先在网上听意见，采纳与否都作答复。",
)
PROBLEMS = (
    "解读偏少、更新偏慢，明年起按月排计划并公布进度。",
    "经办人调动频繁，交接不齐，今后两人一岗、互为补位。",
    "申请多集中在少数事项，拟把常被问到的内容主动放上网。",
    "目录与职责对不上的地方还有，年内逐条核对。",
    "群众更想看的数据开放不够，先从办件量大的事项做起。",
)
LAW_WORDS = "公开工作纳入年度考核，请群众代表参加社会评议，没有发生需要责任追究的情形。"
FEES = "本年度没有发出收费通知，没有收取政府信息公开信息处理费。"


@dataclass(frozen=True, slots=True)
class Made:
    """What is special about one invented report.

    `slips` are added to sound figures; `older_requests` prints the requests table on the form of 2019; `without` leaves
    chapters out (by number); `said` is put into chapter one as it is.
    """

    slips: Slips = field(default_factory=dict)
    older_requests: bool = False
    without: Collection[int] = ()
    said: str = ""


def made_reports(
    name: str, years: Collection[int], scale: int, *, special: dict[int, Made] | None = None, government: bool = False
) -> dict[int, SampleReport]:
    """The reports of one invented body by report year; the figures hold together over the whole run of years."""
    figures = figures_of(name, range(min(years), max(years) + 1), scale)
    return {year: _report(name, year, figures[year], (special or {}).get(year, Made()), government) for year in years}


def _report(name: str, year: int, sound: Figures, made: Made, government: bool) -> SampleReport:
    dice = random.Random(f"{name} {year}")
    figures = with_slips(in_older_form(sound) if made.older_requests else sound, made.slips)
    work = "".join(dice.sample(WORK, 2))
    common: dict[str, Any] = {
        "title": f"{name}{year}年政府信息公开工作年度报告",
        "publisher": name,
        "report_year": year,
        "forms": figures.forms,
        "tables": figures.tables,
        "opening": (f"本报告所列数据的统计期限自{year}年1月1日起，至{year}年12月31日止。",),
    }
    if "indicators" in figures.forms:
        received = figures.number("indicators", "requests.received", 0)
        texts = (work + LAW_WORDS, f"全年收到申请{received}件，均已办结。", dice.choice(PROBLEMS), "")
        sections = tuple(
            SampleSection(heading, (text,) if text else (), ("indicators",) if heading is OLD_HEADINGS[3] else ())
            for heading, text in zip(OLD_HEADINGS, texts, strict=True)
        )
        return SampleReport(sections=sections, **common)
    received = figures.number("requests", "received", -1)
    over = figures.number("requests", "carried_over", -1)
    said = made.said or f"本年新收政府信息公开申请{received}件，结转下年度继续办理{over}件。"
    chapters = (
        ((work + (LAW_WORDS if government else ""), said), ()),
        ((), ("proactive",)),
        ((), ("requests",)),
        ((), ("disputes",)),
        ((dice.choice(PROBLEMS),), ()),
        ((FEES,), ()),
    )
    sections = tuple(
        SampleSection(heading, paragraphs, tables)
        for number, (heading, (paragraphs, tables)) in enumerate(zip(HEADINGS, chapters, strict=True), 1)
        if number not in made.without
    )
    return SampleReport(sections=sections, **common)
