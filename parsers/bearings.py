"""For which year a figure is stated, and whose it is: by the nearest word before it that says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from parsers import narrowing

YEAR = re.compile(r"(?P<y>20\d\d)\s?年?")
LAST_YEAR = re.compile(r"上年度?|去年|上一年度?")
THIS_YEAR = re.compile(r"本年度?|今年|全年|一年来|本报告期")
# 比2022年增加4件,答复率100%: behind the comparison the sentence is again about its own year; 较2022年的8件 is not.
_COMPARED = re.compile(
    r"(?:[比较]{0}[^,;]{{0,6}}?(?=[,;增减多少升高低]|提高|上升|下降|下滑)|[与和同比较]{0}[^,;]{{0,6}}?(?=相比|相较|持平))".format(
        r"(?:20\d\d\s?年度?|上年度?|去年|上一年度?)"
    )
)
# Each branch begins with a letter, to which the engine skips (see `parsers.narrowing`).
_SCOPES = (
    ("district", re.compile(r"全[区县市镇乡省州旗盟系统](?!面)|全街道|全系统|区域内|辖区内|各级")),
    (
        "subordinate",
        re.compile(
            r"下属|所属|直属|省级各?(?:部门|单位)|市级各?(?:部门|单位)|县级各?(?:部门|单位)|区级各?(?:部门|单位)|县[(]市"
            r"|其[他它](?:单位|部门|街道|镇|乡)|区县|县区|镇街|街镇|乡镇|事业单位|各(?:街道|镇|乡|部门|单位|科室|村|社区|[\u4e00-\u9fff]{0,4}(?:校|院|所|站|公司|分局|支队|大队)|股室|处室|区县|县区|县市区|县|区|市)|基层|区直|县直|市直"
        ),
    ),
    (
        "own",
        re.compile(
            r"本(?:机关|单位|局|级|街道|镇|乡|办|委|厅|中心|部门|行政机关)|区(?:政府)?本级|县(?:政府)?本级|市(?:政府)?本级"
            r"|我(?:局|镇|乡|街道|中心|单位|委|厅|办|区|县|市|部|院|处)"
        ),
    ),
)
_WIDE_SCOPES = tuple((scope, pattern, re.compile(pattern.pattern.replace("(?!面)", ""))) for scope, pattern in _SCOPES)


class Bearings(NamedTuple):
    """What a sentence may say of the years and owners of its figures: the patterns that are found in it, and whether an
    office or a place does something. No other is found in a beginning of it, so each sentence is asked once."""

    years: tuple[re.Pattern[str], ...]
    scopes: tuple[tuple[str, re.Pattern[str]], ...]
    subject: bool

    def year_of(self, before: str, topic: str, report_year: int | None) -> int | None:
        """The year last named before the figure in its sentence, else in its heading, else None (not said)."""
        if self.years and ("比" in before or "较" in before or "持平" in before):
            before = _COMPARED.sub("", before)
        latest: re.Match[str] | None = None
        for pattern in self.years:
            for found in pattern.finditer(before):
                latest = found if latest is None or found.start() > latest.start() else latest
        if latest is None:
            return _year_in(topic)
        if latest.re is YEAR:
            return int(latest["y"])
        if latest.re is LAST_YEAR:
            if "结转" in before[max(0, latest.start() - 2) : latest.end() + 2]:
                return report_year  # carried in from last year is this year's figure
            return report_year - 1 if report_year else None
        return report_year

    def scope_of(self, before: str, names: Sequence[str]) -> str:
        """Whose figure it is, by the nearest word before it in its sentence that says so, or another office's name."""
        nearest, scope = -1, "unknown"
        for name, pattern in self.scopes:
            for match in pattern.finditer(before):
                if match.start() > nearest:
                    nearest, scope = match.start(), name
        if not self.subject:
            return scope
        if scope in ("unknown", "own") and narrowing.is_of_the_place(before[max(nearest, 0) :], names):
            return "district"
        return "subordinate" if scope == "unknown" and narrowing.is_of_another(before, names) else scope


def bearings_of(sentence: str) -> Bearings:
    """The bearings of a sentence in half-width letters."""
    dated = "年" in sentence or "20" in sentence or "本报告期" in sentence
    years = tuple([pattern for pattern in (YEAR, LAST_YEAR, THIS_YEAR) if pattern.search(sentence)]) if dated else ()
    scopes = tuple([(scope, pattern) for scope, pattern, wide in _WIDE_SCOPES if wide.search(sentence)])
    return Bearings(years, scopes, narrowing.SUBJECT_ENDS.search(sentence) is not None)


@lru_cache(maxsize=256)
def _year_in(topic: str) -> int | None:
    named = YEAR.search(topic)
    return int(named["y"]) if named else None
