"""Lines of text as they stand on a page, put together to paragraphs."""

from __future__ import annotations

import re

from parsers.folding import fold

Line = tuple[float, float, float, float, str]  # x0, top, x1, bottom, text
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}[、.]|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.、](?!\d))"
)


def starts_anew(line: Line, previous: Line, left: float, right: float) -> bool:
    """Whether a line opens a paragraph: the one before ended early, this one is indented, or a gap parts them.
    `left`, `right`: the sides of the page's text."""
    size = max(previous[3] - previous[1], 1.0)
    indented = line[0] - left > size * 1.2
    ended_early = right - previous[2] > size * 2
    if _NUMBERED.match(line[4]) or (_NUMBERED.match(previous[4]) and len(previous[4]) < 40 and "。" not in previous[4]):
        return True
    return indented or ended_early or line[1] - previous[3] > size * 2.5 or "   " in line[4] or "   " in previous[4]


def is_page_number(text: str) -> bool:
    """Whether a paragraph is only the number of its page."""
    bare = fold(text).strip("-—– 第页/共")
    return len(bare) <= 3 and bare.isdigit()
