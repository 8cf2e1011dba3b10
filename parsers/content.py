"""Which part of a page is the report, where one report ends and the next begins, and whether it is one at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.folding import fold
from parsers.identity import Identity
from parsers.model import Block, Document, Grid, State
from parsers.sections import Heading
from parsers.settling import Tables
from parsers.titles import parse_title

_FOOTER = re.compile(
    r"^(?:主办|承办|协办|版权所有|网站标识码|政府网站标识码|扫一扫|打\s?印|【?(?:打印|关闭|返回|收藏)|\[?(?:打印|关闭)|分享(?:到|至)?|上一[篇条]|下一[篇条]"
    r"|相关(?:文章|链接|解读|文件|信息|新闻|附件|阅读)|联系我们|网站地图|技术支持|copyright|©|浏览次数|阅读次数|责任编辑|附件(?:下载)?\s?[:]|友情链接"
    r"|地址\s?[:].{4,40}(?:邮编|电话)|您是第|本站|建议使用|网站声明|关于我们|设为首页)|ICP备|公网安备|^(?:建议)?分辨率"
    r"|^[^。;]{0,80}\.(?:pdf|docx?|xlsx?|wps|ofd|zip|rar)$",
    re.IGNORECASE,
)
# A sentence may begin like a footer (承办建议30件。), but for what footers say in whole sentences.
_NO_FOOTER = re.compile(r"^(?!.*(?:版权|ICP|公网安备|©|转载|本站)).*[。;]$")
_TRAIL = re.compile(r"当前位置|您(?:现在)?(?:所在)?的?位置|首页\s?[>»›/]")


@dataclass(frozen=True, slots=True)
class Span:
    """Places of the first part of the report and of the one after its last."""

    start: int
    end: int


def content_span(document: Document, headings: Sequence[Heading]) -> Span:
    """The parts that stand in the same element as the chapter headings, without the page's footer.

    Without two headings, or without a tree (plain text), the whole document but the footer, which stands below the last
    heading, or below the last table.
    """
    parts, gaps = document.parts, document.gaps
    start, end = 0, len(parts)
    if gaps and len(headings) >= 2:
        first, last = headings[0].at, headings[-1].at
        shared = min(gaps[first + 1 : last + 1])
        start, end = first, last + 1
        while start > 0 and gaps[start] >= shared:
            start -= 1
        while end < len(parts) and gaps[end] >= shared:
            end += 1
    grids = [at for at, part in enumerate(parts) if isinstance(part, Grid)]
    if headings or grids:
        for at in range((headings[-1].at if headings else grids[-1]) + 1, end):
            part = parts[at]
            if isinstance(part, Block) and len(part.text) <= 120 and _is_footer(fold(part.text)):
                return Span(start, at)
    return Span(start, end)


def _is_footer(text: str) -> bool:
    return _FOOTER.search(text) is not None and not _NO_FOOTER.match(text)


def preamble_start(parts: Sequence[Block | Grid], first_heading: int, *, page: bool) -> int:
    """Where the report's own text begins before its first chapter: its title on a page, the start of a plain text."""
    if not page:
        return 0
    titles = [
        at
        for at, part in enumerate(parts[:first_heading])
        if isinstance(part, Block)
        and len(part.text) < 100
        and not _TRAIL.search(part.text)
        and _names_report(part.text)
    ]
    if titles:
        return titles[-1]
    return max(0, first_heading - 6)


def _names_report(text: str) -> bool:
    return parse_title(text).is_report and not re.search(r"[。;]|编制", text)


def report_starts(parts: Sequence[Block | Grid], headings: Sequence[Heading]) -> list[int]:
    """Where each report of a page begins (tabs by year, several bodies on one page): a new first chapter after at
    least four others opens a new one, from the title line before it. Always begins with 0."""
    starts = [0]
    seen: set[int] = set()
    previous = 0
    listed = contents(headings)
    for i, heading in enumerate(headings):
        if i < listed:
            continue
        if heading.chapter == 1 and len(seen) >= 4:
            title = next(
                (
                    at
                    for at in range(heading.at - 1, previous, -1)
                    if isinstance(part := parts[at], Block) and len(part.text) < 100 and _names_report(part.text)
                ),
                heading.at,
            )
            starts.append(title)
            seen = set()
        if heading.chapter:
            seen.add(heading.chapter)
        previous = heading.at
    return starts


def contents(headings: Sequence[Heading]) -> int:
    """How many of the first headings are a table of contents: four or more on lines that follow one another."""
    run = 1
    while run < len(headings) and headings[run].at - headings[run - 1].at <= 1:
        run += 1
    first = headings[0].chapter if headings else None
    again = any(heading.chapter == first for heading in headings[run:])
    return run if run >= 4 and first is not None and again else 0


def looks_like_list(parts: Sequence[Block | Grid]) -> bool:
    """A page that lists reports: several titles of reports, each a line of its own."""
    titles = {
        (title.publisher, title.report_year)
        for part in parts
        if isinstance(part, Block) and len(part.text) < 100 and (title := parse_title(part.text)).is_report
    }
    return len(titles) >= 4


def _speaks_of_disclosure(headings: Sequence[Heading], identity: Identity, parts: Sequence[Block | Grid]) -> bool:
    """Reports under other laws have chapters of the same words; a report of this one names its subject."""
    if identity.title_is_report or any("信息公开" in h.text or "主动公开" in h.text for h in headings):
        return True
    return sum(part.text.count("信息公开") for part in parts if isinstance(part, Block)) >= 3


def no_report(tables: Tables, headings: Sequence[Heading], identity: Identity, parts: Sequence[Block | Grid]) -> str:
    """Why the document is no report, '' if it is one."""
    chapters = {h.chapter for h in headings if h.chapter}
    figures = sum(figure.value is not None or figure.state is not State.BLANK for figure in tables.figures)
    empty = len(tables.figures) - figures  # a form that nobody filled in, or zeros left blank
    if identity.companion and not figures:
        return "its title is that of a companion of a report (interpretation, graphic, guide, plan)"
    if identity.part_of_year:
        return "its title is that of statistics of a part of a year"
    figures += empty
    if figures >= 20 and (chapters or identity.title_is_report or figures >= 50):
        return ""
    if identity.companion:
        return "its title is that of a companion of a report (interpretation, graphic, guide, plan)"
    if figures and (identity.title_is_report or len(chapters) >= 2):
        return ""
    if len(chapters) >= 3 and _speaks_of_disclosure(headings, identity, parts):
        return ""
    if looks_like_list(parts):
        return "it is a page that lists reports"
    if identity.title_is_report and len(headings) >= 3:
        return ""  # a report in prose, as before 2014
    if identity.title_is_report:
        return "it has the title of a report, but neither its tables nor its chapters"
    return "neither the statutory tables nor the chapters of a report were found"
