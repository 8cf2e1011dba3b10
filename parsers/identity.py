"""Who published a report, for which year, under which title: from the title, the metadata, the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.folding import fold
from parsers.instants import plain_days
from parsers.model import Block, Document, Grid
from parsers.titles import FIRST_YEAR, Title, parse_title

_PERIOD = re.compile(
    r"(?P<y>20\d\d)\s?[年./-]?\s?\d{0,2}\s?[月./-]?\s?0?1\s?日?\s?(?:起|开始)?[,、]?\s?(?:至|到|—|-|~)\s?(?P<z>20\d\d)?\s?[年./-]?\s?12\s?[月./-]?\s?3[01]"
)
_PERIOD_IN_WORDS = re.compile(r"[至到—-]二[〇○零]")
_TEXT_YEAR = re.compile(r"(?P<y>20\d\d)\s?年(?!底前|以来|前|[^,。;\n]{0,4}(?:将|计划|拟|打算))")
_PLANS = re.compile(r"存在的?主要问题|问题及改进|下一步")  # what follows speaks of years to come
_KIND_OF_BODY = (
    "街道办事处|人民政府办公室|人民政府|街道|镇政府|乡政府|区政府|县政府|市政府|管理委员会|管委会|委员会|办公室|管理局|监督局|总队|支队|大队"
    "|中心|分局|总局|局|厅|委|院|部|署|处|所|镇|乡"
)
_DAY_ALONE = re.compile(r"^[(]?(?:20\d\d|二[〇○零]\S\S)\s?年\s?\S{1,2}\s?月\s?\S{1,3}\s?日[)]?$")
_SIGNATURE = re.compile(r"^[\u4e00-\u9fff][\u4e00-\u9fff()]{3,28}$")
_NAMES_BODY = re.compile(rf"(?:{_KIND_OF_BODY}|[省市县区州盟旗村校队站会社馆司行庭苑])[)]?$")
# The same body's title in full stands beside the short one.
_FULL_NAMES = ("人民政府", "办事处", "管理委员会", "委员会")
_VERB = (
    "始终|一直|继续|以|认真|坚持|深入|严格|按照|全面|积极|高度|贯彻|切实|紧紧|围绕|共|主动|扎实|进一步|持续|高效|依法|依据|根据|在"
    "|政府信息公开工作|信息公开工作|政务公开工作|落实|深化|着力|不断|大力|结合|聚焦|通过"
)
# 2023年,北新桥街道坚持...: the body that a first sentence speaks of, if a verb follows it.
_SUBJECT = re.compile(
    r"(?:20\d\d年度?(?:以来)?,?|^|\n|。|;|领导下,)(?:在[^,。]{2,20}领导下,)?"
    rf"(?P<name>[\u4e00-\u9fff]{{2,22}}?(?:{_KIND_OF_BODY}))(?=(?:{_VERB}))"
)
_OWN_REPORT = re.compile(
    rf"(?:对|将|现将|现就|由|如对|与|[,。\n]|^)(?P<name>[\u4e00-\u9fff]{{2,22}}?(?:{_KIND_OF_BODY}))"
    r"(?:20\d\d年度?)?(?:开展|编制了?)?(?:20\d\d年度?)?政府信息公开(?:工作)?(?:的)?(?:情况|年度报告)"
)
# 由...编制: whoever compiled it; its office (办公室) is not named for itself.
_COMPILED = re.compile(
    rf"由(?P<name>[\u4e00-\u9fff]{{2,24}}?(?:{_KIND_OF_BODY}))(?=(?:办公室)?(?:结合|根据|依据|按照|负责|组织)?[^,。;]{{0,20}}编制)"
)
_FORETOLD = re.compile(r"^(?:现|特|予以|向社会|依法|正式|公布|发布|公开|将|对|就|关于)+")
_NOT_A_NAME = re.compile(
    r"^(?:我|本|各|该|全|其|区委|县委|市委|省委|党中央|国务院|上级|有关|相关|按照|根据|在|由|和|与|及|为|对|依据)"
    r"|(?:各|有关|相关|领导下)"
)
_TRAIL = re.compile(r"当前位置|您(?:现在)?(?:所在)?的?位置|首页\s?[>»›/]|>\s?正文")
_COLUMN = re.compile(r"年报\s*$")  # 政府信息公开年报 alone is the name of a column
_OURSELVES = re.compile(r"(?:^|[,。;\n])(?:20\d\d年度?,?)?我(?P<kind>局|委|厅|镇|乡|办|街道|院)(?!属|辖|县|市|区|省)")
_SOURCE = re.compile(
    r"(?:信息来源|来\s?源|发布(?:机构|单位|机关)|公开(?:主体|机构|单位)|发文(?:机关|机构|单位))\s?:\s?(?P<name>[\u4e00-\u9fff]{4,28})(?![\u4e00-\u9fff])"
)
_BETWEEN = re.compile(r"20\d\d年?度?$|\([\u4e00-\u9fff]{3,24}\)$")
_HEAD_LINES = 40
Parts = Sequence[Block | Grid]


@dataclass(frozen=True, slots=True)
class Identity:
    """Publisher as printed, report year and title, each None if not found; where publisher and year came from."""

    publisher: str | None
    report_year: int | None
    title: str | None
    publisher_source: str = ""
    year_source: str = ""
    companion: bool = False
    title_is_report: bool = False
    part_of_year: bool = False  # only titles of statistics of a month, a quarter, half a year


@dataclass(frozen=True, slots=True)
class _Claim:
    title: Title
    text: str
    source: str
    place: int = 0
    heading: bool = False


def identify(
    document: Document, head: Parts, parts: Parts, first_heading: int, name: str, names: Sequence[str]
) -> Identity:
    """`head`: what stands above the first chapter, the page's own lines included; `parts`: the report's parts, its
    first chapter at `first_heading`; `name`: file name or link text; `names`: what the registry calls the bodies whose
    column this is, for pages that never name their publisher in full.
    """
    claims = _claims(document, head, name)
    reports = [c for c in claims if c.title.is_report]
    # Titles without a publisher stand in menus as well (2023年政府信息公开年报): the nearest to the text is its own.
    lines = [c for c in reports if not c.title.publisher and c.title.report_year and c.source in ("title", "two_lines")]
    reports = [c for c in reports if c not in lines[:-1]]
    full = _most_trusted([c for c in reports if c.title.publisher])
    bare = (c for c in reports if c.title.report_year or not _COLUMN.search(c.text))
    best = full[0] if full else next(bare, None)
    publisher, publisher_source = (full[0].title.publisher, full[0].source) if full else (None, "")
    companions = [c for c in claims if c.title.companion and (c.title.publisher or c.title.report_year)]
    dated = next((c for c in (*full[:1], *reports) if c.title.report_year), None)
    text = ""
    unnamed = publisher is None and not (companions and companions[0].title.publisher)
    # The text is folded only where a title left something open.
    if unnamed or dated is None or (full and dated is not full[0]):
        text = "\n".join(fold(p.text) for p in parts[max(0, first_heading - 12) :] if isinstance(p, Block))
    year: int | None
    if full and dated is not full[0] and (period := _period(text)):
        year, year_source = period, "text"  # the report's own title names no year; one in a menu may be any
    else:
        year, year_source = (dated.title.report_year, dated.source) if dated else (None, "")
    if publisher is None and companions and companions[0].title.publisher:
        publisher, publisher_source = companions[0].title.publisher, "companion"
    if publisher is None and (signed := _signed_by(parts[max(0, first_heading - 12) :])):
        publisher, publisher_source = signed, "signature"
    if publisher is None:
        publisher, publisher_source = _from_text(text, names), "text"
    if publisher is None:
        publisher, publisher_source = _from_source(document, head, text), "source"
    if year is None:
        year, year_source = _year_from_text(text), "text"
    if year is None and companions:
        year, year_source = companions[0].title.report_year, "companion"
    lead = claims[0].title if claims else None
    companion = bool(lead and lead.companion and not reports)
    shown = best.text if best and best.source in ("metadata", "title", "two_lines", "page_title") else None
    of_part = not reports and any(c.title.part_of_year for c in claims)
    return Identity(publisher, year, shown, publisher_source, year_source, companion, bool(reports), of_part)


def _claims(document: Document, head: Parts, name: str) -> list[_Claim]:
    """Everything that looks like a title, most trusted first: metadata, lines above the first chapter, page title."""
    found: list[_Claim] = []
    meta = document.metadata.get("articletitle", "")
    if meta:
        found.append(_Claim(parse_title(meta), meta, "metadata"))
    blocks = [part for part in head if isinstance(part, Block)][-_HEAD_LINES:]
    texts = [fold(block.text) for block in blocks]
    for i, text in enumerate(texts):
        if len(text) > 90 or not text:
            continue
        title = parse_title(text)
        shown, source = text, "title"
        following = texts[i + 1] if i + 1 < len(texts) else ""
        may_join = following and len(text) + len(following) <= 90 and ("公" in text or "公" in following)
        between = _BETWEEN.match(following) is not None and _NAMES_BODY.search(text) is not None
        if not (may_join or between or _is_claim(title)) or _TRAIL.search(text):
            continue
        if between and i + 2 < len(texts):  # a year or another name of the body between
            following = ("" if following[0] == "(" else following) + texts[i + 2]
            may_join = len(text) + len(following) <= 90
        if may_join and not _ends_title(text) and not _TRAIL.search(following):
            joined = parse_title(text + following)
            if joined.is_report and _is_continued(following, title, joined):
                title, shown, source = joined, text + following, "two_lines"
        if _is_claim(title) and _is_title_line(shown):
            found.append(_Claim(title, shown, source, i, blocks[i].heading))
    for text, source in ((document.title, "page_title"), (name, "name")):
        if text:
            shown = re.split(r"[_|]|\s[-–—]\s|--|[-–—](?=[^-–—]*(?:网|网站|门户|平台)$)", text)[0].strip()
            if source == "page_title":
                shown = re.sub(r"[-–—](?!.*(?:报告|年报))[^-–—]*$", "", shown)  # the site's name behind it
            title = parse_title(shown)
            if source == "page_title" and title.report_year is None:
                continue  # the name of the column: what it belongs to may be another body
            if _is_claim(title):
                found.append(_Claim(title, shown, source))
    return found


def _is_claim(title: Title) -> bool:
    return title.is_report or title.companion or title.part_of_year


def _most_trusted(full: Sequence[_Claim]) -> list[_Claim]:
    """Claims with a publisher, the most trusted first: with a year, on one line; then the head tags; of the lines the
    one that the page's title or the link says as well, a heading of the page, the nearest to the text (menus name
    other reports in full)."""
    said = {(c.title.publisher, c.title.report_year) for c in full if c.source in ("metadata", "page_title", "name")}
    sources = ("metadata", "title", "page_title", "name")

    def weakness(claim: _Claim) -> tuple[int, int, bool, bool, int]:
        title, source = claim.title, "title" if claim.source == "two_lines" else claim.source
        poor = 2 if title.report_year is None else int(claim.source == "two_lines")
        agrees = (title.publisher, title.report_year) in said
        return poor, sources.index(source), not agrees, not claim.heading, -claim.place

    ordered = sorted(full, key=weakness)
    best = ordered[:1]
    whole = {(f"{c.title.publisher}{ending}", c.title.report_year) for c in best for ending in _FULL_NAMES}
    fuller = [c for c in ordered if (c.title.publisher, c.title.report_year) in whole]
    return [*fuller[:1], *ordered]


def _ends_title(text: str) -> bool:
    return text.rstrip().endswith(("报告", "年报", "。", ")", "解读"))


def _is_continued(second: str, alone: Title, joined: Title) -> bool:
    """A title over two lines: the second line completes it, and is not a title of its own."""
    if parse_title(second).publisher or len(second) > 40:
        return False
    named = joined.publisher is None or _NAMES_BODY.search(joined.publisher) is not None  # not 正文, 字号
    return not alone.is_report and joined.report_year is not None and named


def _is_title_line(text: str) -> bool:
    return not re.search(r"[。;]|编制本报告|根据|依据", text)


def _signed_by(parts: Parts) -> str | None:
    """The body named on the line above a day that stands alone, as under a letter."""
    lines = [fold(part.text) for part in parts if isinstance(part, Block) and len(part.text) <= 60]
    for line, below in pairwise(lines):
        if _DAY_ALONE.match(below) and _SIGNATURE.match(line) and _NAMES_BODY.search(line):
            return line
    return None


def _from_text(text: str, names: Sequence[str]) -> str | None:
    for known in names:
        if known and known in text:
            return known
    found: Counter[str] = Counter()
    first: dict[str, int] = {}
    for pattern in (_OWN_REPORT, _COMPILED, _SUBJECT):
        for match in pattern.finditer(text[:6000]):
            word = _FORETOLD.sub("", match["name"])
            if not _NOT_A_NAME.search(word):
                found[word] += 1
                first.setdefault(word, match.start())
    if not found:
        return None
    return min(found, key=lambda word: (-found[word], first[word]))


def _from_source(document: Document, head: Parts, text: str) -> str | None:
    """The source that the page names, if it is such a body as the text calls itself (我局): the owner of the site, who
    may be named there as well, is not the publisher."""
    own = _OURSELVES.search(text)
    if own is None:
        return None
    lines = [fold(part.text) for part in head if isinstance(part, Block) and len(part.text) <= 120]
    for part in head:
        cells = [fold(cell.text) for cell in part.cells[:60]] if isinstance(part, Grid) else []
        lines.extend(f"{label.rstrip(':')}:{value}" for label, value in pairwise(cells))
    named = [document.metadata.get("contentsource", ""), *(m["name"] for line in lines for m in _SOURCE.finditer(line))]
    return next((name for name in named if _SIGNATURE.match(name) and name.endswith(own["kind"])), None)


def _period(text: str) -> int | None:
    """The year of the statistics period."""
    found = _PERIOD.search(text)
    if found is None and _PERIOD_IN_WORDS.search(text):
        found = _PERIOD.search(plain_days(text))
    return int(found["y"]) if found and found["z"] in (found["y"], None) else None


def _year_from_text(text: str) -> int | None:
    """The statistics period, else the year that most sentences speak of, unless two are about as frequent."""
    if period := _period(text):
        return period
    plans = _PLANS.search(text)
    text = text[: plans.start()] if plans else text
    years = Counter(int(m["y"]) for m in _TEXT_YEAR.finditer(text))
    common = [(year, n) for year, n in years.most_common(2) if year > FIRST_YEAR]
    if not common:
        return None
    if len(common) == 2 and common[0][1] == common[1][1]:
        first = _TEXT_YEAR.search(text)
        return int(first["y"]) if first else None
    return common[0][0]
