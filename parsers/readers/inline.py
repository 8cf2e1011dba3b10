"""Pictures inside a page of markup: those it carries itself are read in their place, the others are counted."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from urllib.parse import urljoin

from parsers.model import Block, Document, Grid, Problem
from parsers.ocr import process
from parsers.readers.html import read_html
from parsers.readers.picture import from_picture, page_parts, text_confidence
from parsers.readers.picture_aligned import with_aligned
from parsers.sections import raw_headings
from parsers.tables import read_rows

MAX_PICTURES = 20
_SMALL = 4_000  # characters of base64: an icon, a line, a button
_IMG = re.compile(r"<(?i:img)\b[^>]*>")  # the engine skips to a letter that has no case
_SOURCE = re.compile(r"""\ssrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_CARRIED = re.compile(r"data:image/[\w.+-]+(?:;[\w=.+-]+)*;base64,", re.IGNORECASE)
_ORNAMENT = re.compile(
    r"icon|logo|ewm|qrcode|share|print|btn|button|arrow|weixin|wechat|weibo|spacer|blank\.|dot\.", re.IGNORECASE
)
_MARK = re.compile("\ue0f0(\\d+)\ue0f1")
_SAME_ELEMENT = 10_000  # deeper than any page


@dataclass(frozen=True, slots=True)
class Carried:
    """A page with a mark in place of each picture that it carries, and those pictures' bytes."""

    markup: str
    pictures: tuple[bytes, ...]


def carried_pictures(markup: str, beside: Mapping[str, bytes], url: str = "") -> Carried:
    """Take the pictures that a page carries as `data:` addresses, and those that are held `beside` it by address, out
    of it; what is too small to be a page leaves no mark. `url`: the page's own address."""
    pictures: list[bytes] = []

    def taken(image: re.Match[str]) -> str:
        source = html.unescape(_source(image[0])).strip()
        inside = source[:5].lower() == "data:"
        found = _inner(source) if inside else beside.get(source) or beside.get(_joined(url, source))
        if found is None:
            return "" if inside else image[0]
        if len(pictures) >= MAX_PICTURES:
            return ""
        pictures.append(found)
        return f"<p>\ue0f0{len(pictures) - 1}\ue0f1</p>"

    return Carried(_IMG.sub(taken, markup), tuple(pictures))


def _inner(source: str) -> bytes | None:
    """The bytes that a `data:` address holds, None if it is no picture, broken or too small."""
    found = _CARRIED.match(source)
    if found is None or len(source) < _SMALL:
        return None
    try:
        return base64.b64decode(re.sub(r"\s|%0[aAdD]", "", source[found.end() :]).encode())
    except (binascii.Error, ValueError):
        return None


def _joined(url: str, source: str) -> str:
    try:
        return urljoin(url, source)
    except ValueError:  # an unfinished bracket
        return source


def _source(image: str) -> str:
    found = _SOURCE.search(image)
    return next((group for group in found.groups() if group), "") if found else ""


def with_carried(document: Document, pictures: Sequence[bytes]) -> Document:
    """The page's Document with its pictures read in their place; left out where it shows statutory tables of its own,
    and a problem where the extra is absent. Places of their cells carry the number of the picture (the first is 1) as
    page, and a box in its pixels."""
    own = bool(read_rows(part for part in document.parts if isinstance(part, Grid)))
    absent = process.absence()
    parts: list[Block | Grid] = []
    gaps: list[int] = []
    problems = list(document.problems)
    read = 0
    for part, gap in zip(document.parts, document.gaps, strict=True):
        mark = _MARK.fullmatch(part.text) if isinstance(part, Block) else None
        if mark is None:
            parts.append(part)
            gaps.append(gap)
            continue
        if own or absent:
            continue
        number = int(mark[1])
        pages = [replace(page, number=number + 1) for page in process.see(pictures[number])]
        for page, seen in with_aligned(pages, problems):
            found = page_parts(page, seen, parts)
            gaps.extend([gap, *[_SAME_ELEMENT] * (len(found.parts) - 1)][: len(found.parts)])
            parts.extend(found.parts)
            problems.extend(found.problems)
            read += not page.fault
    if absent and not own:
        problems.append(Problem("picture_only", f"the page carries {len(pictures)} pictures; reading them {absent}"))
    if not read:
        return replace(document, parts=tuple(parts), gaps=tuple(gaps), problems=tuple(problems))
    problems.append(from_picture(read))
    sure = text_confidence(parts)
    return replace(document, parts=tuple(parts), gaps=tuple(gaps), problems=tuple(problems), text_confidence=sure)


def pictures_not_read(markup: str) -> Problem | None:
    """The problem of a page without tables that shows pictures of another address among its chapters."""
    numbers = count()

    def marked(image: re.Match[str]) -> str:
        source = _source(image[0])
        return f"<p>\ue0f0{next(numbers)}\ue0f1</p>" if source and not _ORNAMENT.search(source) else ""

    text = _IMG.sub(marked, markup)
    if not next(numbers):
        return None
    parts = read_html(text).parts
    chapters = [heading.at for heading in raw_headings(parts) if heading.chapter]
    if not chapters:
        return None
    shown = sum(isinstance(p, Block) and bool(_MARK.fullmatch(p.text)) for p in parts[chapters[0] : chapters[-1]])
    if not shown:
        return None
    return Problem("tables_are_pictures", f"the tables are pictures: {shown} pictures not read", "page")
