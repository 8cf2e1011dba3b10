"""Days as pages print them, and which of them a page calls its publication."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from parsers.folding import fold
from parsers.instants import CHINESE_DAY, of_digits, plain_days
from parsers.model import Block, FoundDay

_DAY = r"(?P<y>(?:19|20)\d\d)\s?(?:年|[-./])\s?(?P<m>\d{1,2})\s?(?:月|[-./])\s?(?P<d>\d{1,2})\s?[日号]?(?!\d)"
# Labels that say: published then. 成文日期, 生成日期, 发文日期, 印发日期 say when a text was made, and never count.
_PUBLICATION = r"(?:发\s?布|发\s?表|公\s?开|公\s?布|上\s?网)\s?(?:时\s?间|日\s?期)|发\s?布\s?于"
# 失效日期, 统计时间: of the text's validity, of what it counts, of the page's being looked at.
_UNRELATED = "失效|生效|有效|实施|施行|废止|截止|截至|统计|起草|报送|审核|打印|访问|当前|系统"
_OTHER = rf"(?:发文|成文|生成|印发|更新|编辑|录入)(?:时间|日期)|(?<!{_UNRELATED})(?:日\s?期|时\s?间)"
_LABELLED = re.compile(rf"(?P<label>(?P<pub>{_PUBLICATION})|{_OTHER})(?:\s?[:\s\]】]\s?[\[【(]?|(?<=[间期]))\s?{_DAY}")
_EMPTY = re.compile(rf"(?:(?P<pub>{_PUBLICATION})|{_OTHER})\s?[:\]】]?$")
_LABEL_END = re.compile("[间間期于]")  # one of them stands in every label
_CLOCK = r"\d{1,2}\s?:\s?\d{1,2}(?:\s?:\s?\d{1,2})?"
_AROUND = r"(?:来源|作者|编辑|责任编辑|发布人|字号|字体|浏览|阅读|点击|访问)"
_BARE = re.compile(rf"^[\[(]?\s?{_DAY}\s?[\])]?\s?(?:{_CLOCK})?(?P<around>[\s|丨/\[【]*{_AROUND}.*)?\s?$")
_BEHIND_SOURCE = re.compile(rf"^(?:来源|作者)\s?:[^。]{{1,40}}?[\s|丨/]{_DAY}\s?(?:{_CLOCK})?\s?$")
_SIGNED = re.compile(rf"^[(\[]?\s?{_DAY}\s?[)\]]?$")
# A body's name with the day behind it on one line, as under a letter.
_SIGNED_BY = re.compile(
    rf"^[\u4e00-\u9fff]{{3,26}}(?:局|委|厅|办|府|院|镇|乡|街道|处|中心|会|队|所|室|部|司|县|区|市)\s?{_DAY}$"
)
# Of head tags and of the fields of answers, without the marks in them: publish-date and publish_date are one.
_META_PUBLICATION = (
    "pubdate", "publishdate", "publishtime", "pubtime", "articlepublishedtime", "bytedancepublishedtime",
    "datepublished", "displaypublishtime", "releasedate", "releasetime", "fbsj", "fbrq",
)  # fmt: skip
_META = (*_META_PUBLICATION, "dcdate", "firstpublishedtime", "createdate")
_MARKS = re.compile(r"[^a-z]")
_FIRST_YEAR = 2008


def day_of(found: re.Match[str]) -> date | None:
    """The date a match names; None for 2019-02-30 and for years before the law (1970-01-01 is no date)."""
    try:
        day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None
    return day if day.year >= _FIRST_YEAR else None


def labelled_days(lines: Iterable[str]) -> list[FoundDay]:
    """Days behind a label in the lines of a page; an empty label may have its day on the next line."""
    found: list[FoundDay] = []
    waiting: re.Match[str] | None = None
    for line in lines:
        labelled = _LABEL_END.search(line) is not None
        if not labelled and waiting is None:
            continue
        text = fold(line)
        if len(text) > 300:
            waiting = None
            continue
        printed, text = text, plain_days(text)
        if waiting and (bare := _BARE.match(text)) and (day := day_of(bare)):
            found.append(FoundDay(day, "date_line", waiting.group().rstrip(": "), printed, bool(waiting["pub"])))
        if not labelled:
            waiting = None
            continue
        for match in _LABELLED.finditer(text):
            if day := day_of(match):
                label = match["label"].replace(" ", "")
                raw = match.group() if text == printed else printed
                found.append(FoundDay(day, "date_line", label, raw, bool(match["pub"])))
        waiting = _EMPTY.search(text)
    return found


def metadata_days(metadata: Mapping[str, str]) -> list[FoundDay]:
    """Days of the standard head tags (PubDate and the like)."""
    found: list[FoundDay] = []
    tags: dict[str, str] = {}
    for name, text in metadata.items():
        tags.setdefault(_MARKS.sub("", name.lower()), text)
    for name in _META:
        text = tags.get(name, "")
        match = re.search(_DAY, plain_days(of_digits(text))) if text else None
        if match and (day := day_of(match)):
            found.append(FoundDay(day, "metadata", name, text, name in _META_PUBLICATION))
    return found


def bare_days(blocks: Sequence[Block]) -> list[FoundDay]:
    """Days that stand alone on a line: in brackets under a title or after the text they are a signature."""
    found: list[FoundDay] = []
    for block in blocks:
        text = fold(block.text)
        if len(text) > 60 or not ("20" in text or "19" in text or "年" in text):  # one of them stands in every day
            continue
        match = _SIGNED.match(text) or _SIGNED_BY.match(text)
        if match and (day := day_of(match)):
            in_words = "年" in text
            found.append(FoundDay(day, "signature" if in_words else "date_line", "", text, False))
        elif CHINESE_DAY.search(text) and len(text) <= 40 and (day := _day_in(plain_days(text))):
            found.append(FoundDay(day, "signature", "", text, False))
        elif (match := _on_date_line(text)) and (day := day_of(match)):
            found.append(FoundDay(day, "date_line", "", text, False))
    return found


def _on_date_line(text: str) -> re.Match[str] | None:
    """A day alone (with hyphens), or beside the source, the author, the number of readers."""
    match = _BARE.match(text)
    return match if match and ("-" in text or match["around"]) else _BEHIND_SOURCE.match(text)


def _day_in(text: str) -> date | None:
    match = re.search(_DAY, text)
    return day_of(match) if match else None


_ADDRESS = (
    re.compile(r"/(?:t|art/)?(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)_\d+\.s?html?"),
    re.compile(r"/t(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)_"),
    re.compile(r"/art/(?P<y>20\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})/"),
    re.compile(r"/(?P<y>20\d\d)[-/]?(?P<m>[01]\d)[-/](?P<d>[0-3]\d)/"),
    re.compile(r"/(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)/"),
)


def address_days(url: str) -> list[FoundDay]:
    """The day in an address, where its family writes one (real-world section 1); never a publication by itself."""
    for pattern in _ADDRESS:
        match = pattern.search(url)
        if match and (day := day_of(match)):
            return [FoundDay(day, "address", "", match.group().strip("/"), False)]
    return []


def best_day(days: Sequence[FoundDay]) -> FoundDay | None:
    """The day to show: called publication by the page, else date line, metadata, address, signature."""
    ranks = {"date_line": 1, "metadata": 2, "address": 3, "signature": 4}
    return min(days, key=lambda d: (not d.publication, ranks[d.source]), default=None)
