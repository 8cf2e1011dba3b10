"""Chapters: which lines are headings, what number they have, and the text under them without its tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from parsers.folding import fold, numeral, squeeze
from parsers.model import Block, Grid, Section, record
from parsers.values import looks_like_value
from parsers.vocabulary import lookup

# The chapters of the 2019 and 2021 forms, by the words that no two of them share.
_CHAPTERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (4, re.compile(r"行政复议.{0,6}(?:行政)?诉讼|被申请行政复议|提起行政诉讼")),
    (3, re.compile(r"(?:收到|处理).{0,12}申请.{0,6}(?:情况)?$|依申请公开.{0,6}情况$|申请.{0,4}办理情况$")),
    (5, re.compile(r"(?:存在|主要|突出).{0,8}问题|问题.{0,6}改进")),
    (6, re.compile(r"其[他它].{0,8}(?:报告|说明)|其[他它](?:事项|情况)$|^其[他它]$|^需要报告的(?:其他)?事项")),
    (2, re.compile(r"^(?:政府信息)?主动公开(?:政府)?(?:信息)?(?:的)?(?:基本)?情况$|^主动公开政府信息")),
    (1, re.compile(r"^(?:总体|基本|整体)(?:工作)?(?:情况|概况)|^概述$|^概况$|^工作总体情况|总体情况$")),
)
_NUMBERED = re.compile(
    r"^(?:第\s?(?P<part>[一二三四五六七八九十]{1,3})\s?(?:部分|章|节)\s?[、.:,\s]?"
    r"|(?P<num>[一二三四五六七八九十]{1,3})\s?[、.,:,·\s]|(?P<paren>[(][一二三四五六七八九十]{1,3}[)]))\s?(?P<words>\S.*)$"
)
_LONGEST = 60
_CELLS = re.compile(r"[|｜│¦\t]|\S(?:\s+|[,;])[-+]?[\d/—][\d,.]*$|\S\s{2,}\S+\s{2,}\S")  # a table's row
_ENDINGS = re.compile(r"[。;!?]")


@record
class Heading:
    """A heading line: printed number, the form's chapter its words name (each None if not told)."""

    at: int
    text: str
    printed: int | None
    chapter: int | None
    weak: bool = False  # numbered as parts of a chapter are: （二）, 2.


def chapter_of(words: str) -> int | None:
    """The chapter of the 2019 and 2021 forms that a heading's words name."""
    flat = squeeze(words).rstrip(":。.")
    if len(flat) > 45:
        return None
    for number, pattern in _CHAPTERS:
        if pattern.search(flat):
            return number
    return None


def raw_headings(parts: Sequence[Block | Grid]) -> list[Heading]:
    """Every line among `parts` that could be a chapter heading, in order. Numbered labels of a table are none."""
    found: list[Heading] = []
    for at, part in enumerate(parts):
        if isinstance(part, Grid) or len(part.text) > _LONGEST * 2:
            continue
        told = _told(part.text) if _may_open(part.text[:1]) else None
        if told and not (_is_label(part.text) and _table_follows(parts, at)):
            found.append(Heading(at, part.text.strip(), *told))
    strong = [h for h in found if not h.weak]
    if len({h.chapter for h in strong if h.chapter}) >= 3 or len({h.chapter for h in found if h.weak}) < 5:
        return strong
    return found


def split_headings(parts: Sequence[Block | Grid], gaps: Sequence[int]) -> tuple[tuple[Block | Grid, ...], list[int]]:
    """Blocks that begin with a chapter's heading, word for word, and run on into its text, as two blocks; the gaps."""
    lines = ((at, part.text) for at, part in enumerate(parts) if isinstance(part, Block) and len(part.text) >= _RUN_ON)
    cuts = {at: cut for at, text in lines if (cut := _heading_end(text))}
    if not cuts:
        return tuple(parts), list(gaps)
    out: list[Block | Grid] = []
    depths: list[int] = []
    for at, part in enumerate(parts):
        depths.extend(gaps[at : at + 1])
        if isinstance(part, Grid) or at not in cuts:
            out.append(part)
            continue
        end, start = cuts[at]
        out.append(replace(part, text=part.text[:end]))
        out.append(replace(part, text=part.text[start:], start=part.start + start, heading=False))
        if gaps:
            depths.append(SAME_ELEMENT)
    return tuple(out), depths


def _heading_end(text: str) -> tuple[int, int] | None:
    """Where the heading that a text begins with ends, and where what runs on behind it begins; None if none does."""
    found = _RUNS_ON.match(text)
    return (found.end("words"), found.start("text")) if found and _is_title(squeeze(found["words"])) else None


_RUNS_ON = re.compile(
    r"\s*[一二三四五六]\s?[、.．:：]\s?(?P<words>[^。:：\n]{4,32})[。:：]\s*(?P<text>[^\n]*[。；！][^\n]*)$"
)
_RUN_ON = 8  # letters of the shortest such line
SAME_ELEMENT = 10_000  # deeper than any page


def choose_headings(found: Sequence[Heading]) -> list[Heading]:
    """The headings of one report out of its candidates: the form's chapters where three are there, else all numbered
    lines that count upwards."""
    kept = list(found)
    modern = {h.chapter for h in found if h.chapter and h.printed in (h.chapter, None)}
    if len(modern) >= 3:
        kept = [h for h in found if h.chapter or _fits_between(h, found)]
    else:
        kept = [h for h in found if h.printed is not None]
    return _rising(kept)


# What a heading can open with, folded: its number, a dash or a numeral in place of it, the form's own titles.
_OPENINGS = frozenset("第一二三四五六七八九十(-—–－ー壹贰叁肆伍陆VI总主政收处因存其")


@lru_cache(maxsize=4096)
def _may_open(letter: str) -> bool:
    first = fold(letter)[:1]
    return not first or first in _OPENINGS or first.isdecimal()


_Told = tuple[int | None, int | None, bool]  # what a heading's line says: printed, chapter and weak of Heading


@lru_cache(maxsize=4096)
def _told(line: str) -> _Told | None:
    """What a line says as a heading; None if it is none."""
    text = fold(line)
    if odd := _ODD_NUMBER.match(text):
        text = _AS_USUAL[odd["num"]] + text[odd.end("num") :]
    if not text or len(text) > _LONGEST or _ENDINGS.search(text, 0, len(text) - 1):
        return None
    found = _told_folded(text)
    return found if found and not _CELLS.search(line.strip()) else None


def _told_folded(text: str) -> _Told | None:
    numbered = _NUMBERED.match(text)
    if numbered:
        words = numbered["words"]
        if numbered["paren"]:
            return _told_weakly(words)
        return numeral(numbered["part"] or numbered["num"]), chapter_of(words), False
    if arabic := _ARABIC.match(text):
        return _told_weakly(arabic["words"])
    flat = squeeze(text)
    if len(flat) <= 32 and _is_title(flat) and not _NO_TITLE.search(flat) and (chapter := chapter_of(text)):
        return None, chapter, False
    return None


def _told_weakly(words: str) -> _Told | None:
    """A chapter under the number of a part, if its words are the form's."""
    chapter = chapter_of(words) if _is_title(squeeze(words)) else None
    return (None, chapter, True) if chapter else None


# A dash for 一, numerals as on a cheque, Roman ones.
_AS_USUAL = (
    dict.fromkeys("-—–－ー", "一") | dict(zip("壹贰叁肆伍陆", "一二三四五六", strict=True))
    | dict(zip(("I", "II", "III", "IV", "V", "VI"), "一二三四五六", strict=True))
)  # fmt: skip
_ODD_NUMBER = re.compile(r"^(?P<num>[-—–－ー壹贰叁肆伍陆]|VI|IV|V|I{1,3})\s?[、.]")
_NO_TITLE = re.compile(r"[\d,:]")
_ARABIC = re.compile(r"^\d{1,2}\s?[.、]\s?(?P<words>\D.*)$")
_TITLES = re.compile(
    r"^(?:总体情况|(?:政府信息)?主动公开(?:政府信息)?情况|(?:收到和)?处理政府信息公开申请(?:的)?情况|收到和处理政府信息公开申请情况"
    r"|(?:因)?政府信息公开(?:工作)?(?:被申请)?行政复议[、,]?(?:提起)?行政诉讼(?:的)?情况|(?:政府信息公开工作)?存在的?主要问题及改进(?:情况|措施)"
    r"|其他需要报告的(?:其他)?事项)$"
)


_REMARK = re.compile(r"\([^()]*\)$")


def _is_title(flat: str) -> bool:
    """A line without a number is a heading only if it is the form's heading, word for word."""
    return bool(_TITLES.match(_REMARK.sub("", flat) if flat.endswith(")") else flat))


@lru_cache(maxsize=4096)
def _is_label(text: str) -> bool:
    if chapter_of(text.strip().lstrip("一二三四五六、. ")) == 6:
        return False  # 六、其他 is no row, though 其他 is one
    return any(hit.distance == 0 for hit in lookup(text))


def _table_follows(parts: Sequence[Block | Grid], at: int) -> bool:
    """Whether the next line is a cell: then a numbered label (六、举报投诉数量) is one as well."""
    for part in parts[at + 1 : at + 2]:
        if isinstance(part, Grid):
            return False
        text = part.text.strip()
        return looks_like_value(text) or bool(lookup(text)) or len(text) <= 2 or "|" in text
    return False


def _fits_between(heading: Heading, found: Sequence[Heading]) -> bool:
    """An unknown heading whose number is the one missing just there."""
    before = [h for h in found if h.at < heading.at and h.chapter]
    after = [h for h in found if h.at > heading.at and h.chapter]
    low = before[-1].chapter if before else 0
    high = after[0].chapter if after else 99
    return heading.printed is not None and (low or 0) < heading.printed < (high or 99)


def _rising(found: list[Heading]) -> list[Heading]:
    """Drop numbered lines inside a chapter that start counting anew (一、 二、 below a chapter of a higher number)."""
    kept: list[Heading] = []
    highest = 0
    for heading in found:
        number = heading.chapter or heading.printed or 0
        if heading.chapter is None and number <= highest:
            continue
        highest = max(highest, number)
        kept.append(heading)
    return kept


def cut_sections(parts: Sequence[Block | Grid], headings: Sequence[Heading], *, old: bool) -> tuple[Section, ...]:
    """The chapters in order, each with the text of its blocks joined by line ends. `old`: a pre-2019 report, whose
    numbers count as printed; else the words of a heading decide its number before the printed one does."""
    sections: list[Section] = []
    for i, heading in enumerate(headings):
        end = headings[i + 1].at if i + 1 < len(headings) else len(parts)
        number = heading.printed if old and heading.printed is not None else heading.chapter or heading.printed
        sections.append(Section(number, heading.text, text_of(parts[heading.at + 1 : end])))
    return tuple(sections)


def text_of(parts: Sequence[Block | Grid]) -> str:
    """The blocks' texts joined by line ends; tables are left out."""
    return "\n".join(part.text.strip() for part in parts if isinstance(part, Block))
