"""Numbers that Word counts by itself (一、 （二） 3.): they are printed, but stand nowhere in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = frozenset(
    ["chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand"]
)
_HAN = "零一二三四五六七八九"
_MAX_LINKS = 20  # of styles based on styles
Element = Any  # lxml brings no types


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: the number it starts with, how numbers are spelt, and the text around them (第%1章)."""

    start: int
    style: str
    text: str


@dataclass(slots=True)
class Numbering:
    """The lists of one document. `before` has to be asked about every paragraph, in order: it counts."""

    lists: dict[str, tuple[str, dict[int, Level]]] = field(default_factory=dict)  # number of a list -> what it counts
    anew: set[str] = field(default_factory=set)  # lists that start their own count although they share another's levels
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)  # paragraph style -> list, level
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def before(self, paragraph: Element) -> str:
        """What Word prints before a paragraph by itself; '' where that is nothing or a bullet."""
        number, depth = self._list_of(paragraph)
        owner, levels = self.lists.get(number, ("", {}))
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self.counts.setdefault(owner, {})
        if number in self.anew:
            self.anew.discard(number)
            counts.clear()
        for deeper in [at for at in counts if at > depth]:
            del counts[deeper]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        if level.style in ("bullet", "none"):
            return ""

        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            other = levels.get(at, level)
            return spelt(counts.get(at, other.start), other.style)

        return re.sub("%([1-9])", shown, level.text)

    def _list_of(self, paragraph: Element) -> tuple[str, int]:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return self.styles.get("", ("", 0))
        style = properties.find(f"{W}pStyle")
        number, depth = self.styles.get(style.get(f"{W}val", "") if style is not None else "", ("", 0))
        own = properties.find(f"{W}numPr")
        return _pair(own, number, depth) if own is not None else (number, depth)


def spelt(number: int, style: str) -> str:
    """A number as a list prints it: 十二, ⑫, l, 12."""
    if style in _CHINESE:
        return chinese(number)
    if style.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(0x245F + number)
    if style in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        return chr((96 if style == "lowerLetter" else 64) + number)
    return str(number)


def chinese(number: int) -> str:
    """1 to 99 as printed before chapters: 一, 十, 十二, 二十, 二十三; other numbers in figures."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else _HAN[tens] + "十") + (_HAN[ones] if ones else "")


def numbering(lists: Element | None, styles: Element | None) -> Numbering:
    """The lists of a document, of the roots of word/numbering.xml and word/styles.xml (None: the part is absent)."""
    found = Numbering()
    if lists is None:
        return found
    levels = {
        node.get(f"{W}abstractNumId", ""): dict(_level(level) for level in node.findall(f"{W}lvl"))
        for node in lists.findall(f"{W}abstractNum")
    }
    for node in lists.findall(f"{W}num"):
        number = node.get(f"{W}numId", "")
        owner = _val(node.find(f"{W}abstractNumId"))
        own = dict(levels.get(owner, {}))
        for override in node.findall(f"{W}lvlOverride"):
            own.update(_level(level) for level in override.findall(f"{W}lvl"))
            if override.find(f"{W}startOverride") is not None:
                found.anew.add(number)
        found.lists[number] = (owner, own)
    if styles is not None:
        found.styles = _numbered_styles(styles)
    return found


def _numbered_styles(styles: Element) -> dict[str, tuple[str, int]]:
    paragraphs = {s.get(f"{W}styleId", ""): s for s in styles.findall(f"{W}style[@{W}type='paragraph']")}
    found: dict[str, tuple[str, int]] = {}
    for name, style in paragraphs.items():
        base, number, depth = style, "", 0
        for _ in range(_MAX_LINKS):
            own = base.find(f"{W}pPr/{W}numPr")
            if own is not None:
                number, depth = _pair(own, "", 0)
            following = paragraphs.get(_val(base.find(f"{W}basedOn")))
            if number or following is None:
                break
            base = following
        if number:
            found[name] = number, depth
            if style.get(f"{W}default") == "1":
                found[""] = number, depth
    return found


def _pair(own: Element, number: str, depth: int) -> tuple[str, int]:
    level = _val(own.find(f"{W}ilvl"))
    return _val(own.find(f"{W}numId")) or number, int(level) if level.isdigit() else depth


def _level(node: Element) -> tuple[int, Level]:
    at, start = node.get(f"{W}ilvl", ""), _val(node.find(f"{W}start"))
    return int(at) if at.isdigit() else 0, Level(
        int(start) if start.isdigit() else 1,
        _val(node.find(f"{W}numFmt")) or "decimal",
        _val(node.find(f"{W}lvlText")),
    )


def _val(node: Element | None) -> str:
    return str(node.get(f"{W}val", "")) if node is not None else ""
