"""Markup that no tree should be made of: nested or misnested until an HTML5 parser takes minutes or gigabytes.

A tag costs the parser time by the depth it stands at; formatting elements that are never closed are made anew in each
block that follows (24 KB can become two million elements); attributes are compared with each other. All three are
estimated from the tags alone.
"""

from __future__ import annotations

import re
from collections import Counter

MAX_DEPTH = 20_000  # elements open at once; pages have under 100, Word's worst spans some thousand
MAX_STEPS = 250_000_000  # elements open at each tag, added up: a second or two of parsing
MAX_REMADE = 500_000  # formatting elements made anew: some 200 MB
MAX_ATTRIBUTES = 2_000  # of one tag
_FEW_TAGS = 1_000
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)  # fmt: skip
_FORMATTING_TAG = re.compile(rf"<(?ai:{'|'.join(sorted(_FORMATTING))})[\s/>]")
# Void, or closed by what follows them.
_FLAT = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
     "li", "dd", "dt", "option", "optgroup", "tr", "td", "th", "tbody", "thead", "tfoot", "colgroup", "rt", "rp"}
)  # fmt: skip
_LONG = 8000
_LONG_TAG = re.compile(f"<[a-zA-Z][^<>]{{{_LONG},}}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_BETWEEN = re.compile(r"[\s/\"]+")


def beyond_bounds(html: str) -> str:
    """Why the markup must not be parsed, in words; '' for every page that portals publish."""
    long = _LONG_TAG.findall(html) if _runs_on(html) else ()
    if any(len(_BETWEEN.findall(_QUOTED.sub('"', tag))) > MAX_ATTRIBUTES for tag in long):
        return f"an element has more than {MAX_ATTRIBUTES} attributes"
    tags = html.count("<")
    if tags <= _FEW_TAGS:
        return ""
    formatting = len(_FORMATTING_TAG.findall(html))
    return _nested(html) if formatting * tags > MAX_REMADE or tags * tags > MAX_STEPS else ""


def _runs_on(html: str) -> bool:
    """Whether more than _LONG letters stand between two ends of tags; asked in leaps, so that it costs nothing."""
    at = 0
    while len(html) - at > _LONG:
        at = html.rfind(">", at, at + _LONG + 1) + 1
        if not at:
            return True
    return False


def _nested(html: str) -> str:
    opened: Counter[str] = Counter()
    depth = steps = formatting = remade = 0
    for closing, name in _TAG.findall(html):
        name = name.lower()
        steps += depth
        if name not in _FORMATTING:
            remade += formatting
        if name in _FLAT:
            continue
        if not closing:
            opened[name] += 1
            change = 1
        elif opened[name]:
            opened[name] -= 1
            change = -1
        else:
            continue
        depth += change
        formatting += change * (name in _FORMATTING)
        if depth > MAX_DEPTH or steps > MAX_STEPS:
            return f"its elements nest deeper than {MAX_DEPTH}, or too deep for their number"
        if remade > MAX_REMADE:
            return "formatting that is never closed would be repeated in more than half a million elements"
    return ""
