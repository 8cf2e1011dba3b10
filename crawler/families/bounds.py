"""What a page may ask of a reader before a tree of it is built: a parser's time grows with the square of the depth.

Measured on 2026-11-22: 20,000 nested `div` take 0.8 s, 100,000 take 50 s; the largest of the real reports and lists at
hand has some 4,000 tags and is 40 deep.
"""

from __future__ import annotations

import re

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# tags that end by themselves or hold nothing: left open they do not nest
FLAT = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
     "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "colgroup"}
)  # fmt: skip
FEW = 16_000  # marks of tags that take no time, however they are nested
MOST = 120_000  # marks of tags; far beyond any report
DEEPEST = 2_000
LARGEST = 8 * 1024 * 1024  # characters


def refusal(text: str) -> str:
    """Why no tree should be built of a page; empty if it may be. Linear in the length of the text."""
    if len(text) > LARGEST:
        return f"a page of {len(text)} characters"
    marks = text.count("<")
    if marks <= FEW:
        return ""
    if marks > MOST:
        return f"a page of {marks} tags"
    depth = deepest = 0
    for found in TAG.finditer(text):
        if found[2].lower() in FLAT:
            continue
        depth = max(0, depth - 1) if found[1] else depth + 1
        deepest = max(deepest, depth)
    return f"a page whose elements are nested {deepest} deep" if deepest > DEEPEST else ""
