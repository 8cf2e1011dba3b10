"""Titles to publisher and report year; which titles are a report's and which a companion's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from parsers.folding import fold, numeral

_REPORT = re.compile(
    r"(?:关于)?(?:(?:政府|政务)?信息公开(?:工作)?(?:情况)?(?:的)?(?:20\d\d)?(?:年度?)?(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:报告|年报)"
    r"|政务公开(?:工作)?(?:情况)?(?:的)?(?:20\d\d)?年度(?:工作)?(?:情况)?报告)"
)
# A letter O among the digits is a slip of the keyboard; 2023年1月 behind the title is the month of its making.
_YEAR = re.compile(
    r"(?P<y>(?:19|2[0Oo])\s?[\dOo]\s?\d|二[〇○零0O][〇○零一二三四五六七八九0O]{2})\s?年?\s?(?:年度|年|度)(?!\d{1,2}月(?!1日))"
)
_YEAR_ONLY = re.compile(r"(?P<y>20\d\d)(?!\d|年?\d{1,2}月(?!1日))")
_YEARS = re.compile(r"20\d\d\s?年?度?\s?[-—–~至到、和]\s?20\d\d\s?年?度?")  # 2021—2022年度: of no year in particular
_PART_OF_YEAR = re.compile(r"[上下]半年|第?[一二三四1-4]季度|月报|季报|\d{1,2}月份|\d月?[-—至到]\d{1,2}月(?!\d)")
_BODY_BEHIND = re.compile(
    r"^[-—–:_|(\s]+(?P<name>[\u4e00-\u9fff]{2,28}(?:局|委|厅|办|府|院|镇|乡|街道|处|中心|会|署|队|所|馆|室|部|行|司|县|区|市|省))\)?$"
)
_YEAR_BEHIND = re.compile(r"\(?20\d\d年?度?\)?$")
_MARKS = re.compile(
    r"[(【\[](?:图片版|图解|文字版|超链版|电子版|图文版|全文|PDF版?|Word版?|正文|附件|公开版?|主动公开|网络版|终稿|定稿|修订版?|更正版?|正式版?|盖章版|扫描版|无障碍版?)[)】\]]",
    re.IGNORECASE,
)
_COMPANION = re.compile(
    r"问答解读|解读|图解|一图读懂|一图看懂|图说|读懂|指南|目录|工作要点|工作方案|实施方案|工作计划|通知|培训|会议|考核|视频"
    r"|漫画|H5|动漫|海报|新闻发布|意见征集|语音朗读|制度|名单|统计表$|汇总|编制说明|情况说明$|的函$|通报"
)
_SUFFIX = re.compile(r"\.(?:html?|docx?|pdf|txt|wps|xlsx?|zip)$", re.I)
_LEAD = re.compile(r"^(?:附件?\d*[:.]|\d{1,2}[.、](?!\d)|当前位置.*[>»]|标题[:]|《|【[^】]{1,8}】|\[[^\]]{1,8}\])\s*")
_COMPANION_LEAD = re.compile(r"^(?:(?:相关|政策)?(?:解读|图解)|一图读懂|图说|相关链接|附件)\d*[:《「\"“丨|]*")
# Words that stand in menus and in news, never in a body's name.
_NO_NAME = re.compile(
    r"[>»›:|!?。\[\]【】]|指南|目录|信息公开(?!办|中心|科|处|领导小组)|公开(?:年报|制度|栏|平台|专栏)|政务公开(?!办|局|中心|科|处)|首页|位置|栏目|专栏|网站|门户|年报|年度报告|报告$|通知"
    r"|召开|举行|举办|做好|印发|发布(?!中心)|公布|报送|编制(?!办|委)|部署|开展|启动|推进|当前|依申请|返回|打印|下载|附件"
    r"|上一[篇条]|下一[篇条]|^(?:相关|上级|本级|部门|各级|各部门|更多|查看|点击|法定|历年|往年)"
)
# What stands around a name and is no part of it: a document's number, the month of its making, the months it is of.
_NOT_OF_THE_NAME = re.compile(
    r"^[\u4e00-\u9fff]{0,8}(?:[〔\[(]20\d\d[〕\])])?第?\d{1,4}号|^20\d\d年\d{1,2}月(?:\d{1,2}日)?|(?:\d{1,2}[-—~至]\d{1,2}月|\d\d年?)$"
    r"|(?:法治政府建设|依法行政|政务公开)?(?:工作)?(?:情况)?(?:报告)?暨$"
)
_OTHER_YEAR = re.compile(r"20\d\d年")
FIRST_YEAR, LAST_YEAR = 2007, 2100


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says: publisher and report year (None if not said), whether it names a report, and whether it is a
    companion's (interpretation, graphic, guide, plan ...)."""

    publisher: str | None
    report_year: int | None
    is_report: bool
    companion: bool
    part_of_year: bool = False  # statistics of a month, a quarter, half a year


@lru_cache(maxsize=2048)
def parse_title(text: str) -> Title:
    """Read a title, a link's text or a file name.

    `publisher` is the string as printed, without year and without the words for report; None where only these stand.
    A companion (图解: ..., ...的问答解读) keeps publisher and year of the report it speaks of, with is_report False.
    """
    flat = fold(text)
    flat = _SUFFIX.sub("", flat)
    flat = _LEAD.sub("", flat.lstrip("#*_>`= ")).strip('《》“”" *_`=')
    joined = re.sub(r"\s+", "", flat)
    bare = _MARKS.sub("", joined)
    found = _report_words(bare)
    if found is None:
        year = _year(bare)
        part = "信息公开" in bare and _PART_OF_YEAR.search(bare) is not None
        return Title(None, year[0] if year else None, False, bool(_COMPANION.search(bare)), part)
    before, words, after = bare[: found[0]], bare[found[0] : found[1]], bare[found[1] :]
    companion = bool(_COMPANION.search(after)) or bool(re.match(r"^(?:相关|政策)?(?:解读|图解|一图)", before))
    before = _COMPANION_LEAD.sub("", before)
    before = before if "》" in before else before.rpartition("《")[2]  # 关于印发《
    if _YEARS.search(before):
        before, year = _YEARS.sub("", before), None
    else:
        year = _year(before)
    publisher = _publisher(before, year)
    behind = _BODY_BEHIND.match(_YEAR_BEHIND.sub("", after)) if publisher is None else None
    if behind and not _NO_NAME.search(behind["name"]):
        publisher = behind["name"]
    year = year or (None if _YEARS.search(bare) else _year(words) or _year(after))
    return Title(publisher, year[0] if year else None, not companion, companion)


def _report_words(text: str) -> tuple[int, int] | None:
    """Start and end of 政府信息公开...年度报告 in a title; None if it names no such report."""
    match = next(reversed(list(_REPORT.finditer(text))), None)
    if match is None:
        year = _YEAR.search(text)
        if year is None or not (inner := re.search(r"信息公开.{0,20}(?:报告|年报)", text)):
            return None
        start = re.search(r"(?:关于)?(?:政府)?信息公开", text)
        return (start.start() if start else inner.start()), inner.end()
    words = match.group()
    if "年" not in words and _YEAR.search(text) is None:
        return None  # 政府信息公开工作报告 of no year is any report
    kept = text[: match.start()].endswith("人民") and words.startswith("政府信息") and not words.startswith("政府政府")
    return match.start() + 2 * kept, match.end()


def _year(text: str) -> tuple[int, int, int] | None:
    """(year, start, end) of the report year named last: 2024年...公布2023年度."""
    for found in (*reversed([*_YEAR.finditer(text)]), *reversed([*_YEAR_ONLY.finditer(text)])):
        digits = found["y"].replace(" ", "")
        plain = digits.replace("O", "0").replace("o", "0")
        year = int(plain) if plain.isdigit() and plain.isascii() else numeral(re.sub("[○0O]", "〇", digits))
        if year is not None and FIRST_YEAR < year < LAST_YEAR:
            return year, found.start(), found.end()
    return None


def _publisher(before: str, year: tuple[int, int, int] | None) -> str | None:
    rest = before
    if year is not None and before[year[1] : year[2]]:
        rest = (before[: year[1]] + before[year[2] :]) if year[2] <= len(before) else before
    rest = re.sub(r"(?:关于)$|^关于", "", rest)
    rest = re.sub(r"(?:20\d\d)?(?:年度|年|度)?(?:关于)?$", "", rest).strip("的,:;、-—_<>《》“”\"'.*# ")
    if rest.count("(") != rest.count(")") or (rest.startswith("(") and rest.endswith(")")):
        rest = rest.strip("()")
    rest = _NOT_OF_THE_NAME.sub("", re.sub(r"^(?:关于|年度)", "", rest))
    if _OTHER_YEAR.search(rest):  # 青山市教育局2022年工作总结和
        return None
    return rest if 2 <= len(rest) <= 45 and not rest.isdigit() and not _NO_NAME.search(rest) else None
