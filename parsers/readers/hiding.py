"""What a browser does not show of a page: what a style or an attribute hides, and readings above letters."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.model import PICTURE

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|font-size\s*:\s*0(?:\.0+)?\s*(?:[a-z]{2,3}|%)?\s*(?:[;!]|$)",
    re.IGNORECASE,
)
# What stands in a page that hides something so, and what finds it; old editors write the names of styles in capitals.
_SIGNS = (
    ("display:", '[style*="display" i]'), ("display :", '[style*="display" i]'), ("DISPLAY", '[style*="display" i]'),
    ("visibility", '[style*="visibility" i]'), ("VISIBILITY", '[style*="visibility" i]'),
    ("mso-hide", '[style*="mso-hide"]'), (" hidden", "[hidden]"),
    ("font-size:0", '[style*="font-size:0"]'), ("font-size: 0", '[style*="font-size: 0"]'),
)  # fmt: skip
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CELLS = ("tr", "td", "th")
_DEEPEST = 50  # elements between what is hidden and its cell
_LONGEST = 400  # letters of what is hidden; what holds a report is a tab that a script shows


def innermost(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """Each element that a selector finds, once and before those around it: the list of the tree itself has an element
    for each part of the selector that fits, and one that was taken out must not be touched again."""
    return list(reversed({node.mem_id: node for node in tree.css(selector)}.values()))


def _is_in_cell(node: LexborNode) -> bool:
    parent = node.parent
    for _ in range(_DEEPEST):
        if parent is None or parent.tag in ("td", "th"):
            break
        parent = parent.parent
    return parent is not None and parent.tag in ("td", "th")


def drop_hidden(html: str, tree: LexborHTMLParser) -> None:
    """Take out of `tree`, parsed from `html`, what is hidden in cells and in lines of text, and cells that are hidden
    themselves; blocks of text that are may be tabs, and stay."""
    if selectors := dict.fromkeys(selector for sign, selector in _SIGNS if sign in html):
        for node in innermost(tree, ", ".join(selectors)):
            cell = node.tag in _CELLS
            style = (_NO_DISPLAY if cell else _HIDDEN).search(node.attributes.get("style") or "")
            if not (style or "hidden" in node.attributes) or not (cell or node.tag == "span" or _is_in_cell(node)):
                continue
            if len(node.text()) <= _LONGEST and node.css_first("table") is None:
                _take_out(node)
    if "<rt" in html or "<RT" in html:
        for node in innermost(tree, "rt, rp"):
            node.decompose()
    if "<noscript" in html or "<NOSCRIPT" in html:
        for node in innermost(tree, "td noscript, th noscript"):
            _take_out(node)


def _take_out(node: LexborNode) -> None:
    """Where a cell shows nothing else, it is no blank one: a script may show what the page as sent hides."""
    says = node.text().strip() or node.tag == "input" or node.css_first("input") is not None
    if node.tag not in _CELLS and says and _is_in_cell(node):
        node.insert_before(PICTURE)
    node.decompose()
