"""What a browser does not show of a page: what a style or an attribute hides, and readings above letters."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|font-size\s*:\s*0(?:\.0+)?\s*(?:[a-z]{2,3}|%)?\s*(?:[;!]|$)",
    re.IGNORECASE,
)
# Old editors write the names of styles in capitals; case is looked away from only where one of these stands.
_SIGNS = (
    "display:", "display :", "DISPLAY", "visibility", "VISIBILITY", "mso-hide", "font-size:0", "font-size: 0", " hidden"
)  # fmt: skip
_STYLES = ("display", "visibility", "mso-hide", "font-size:0", "font-size: 0")
_INSIDE = ", ".join(
    f'{around}[style*="{style}" i]' for around in ("td ", "th ", "span") for style in _STYLES
) + ", td [hidden], th [hidden], span[hidden]"  # fmt: skip
_CELLS = ", ".join(f"{tag}{sign}" for tag in ("tr", "td", "th") for sign in ('[style*="display" i]', "[hidden]"))
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_LONGEST = 400  # letters of what is hidden; what holds a report is a tab that a script shows


def innermost(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """Each element that a selector finds, once and before those around it: the list of the tree itself has an element
    for each part of the selector that fits, and one that was taken out must not be touched again."""
    return list(reversed({node.mem_id: node for node in tree.css(selector)}.values()))


def drop_hidden(html: str, tree: LexborHTMLParser) -> None:
    """Take out of `tree`, parsed from `html`, what is hidden in cells and in lines of text, and cells that are hidden
    themselves; blocks of text that are may be tabs, and stay."""
    if any(sign in html for sign in _SIGNS):
        for selector, style in ((_INSIDE, _HIDDEN), (_CELLS, _NO_DISPLAY)):
            for node in innermost(tree, selector):
                attributes = node.attributes
                if not ("hidden" in attributes or style.search(attributes.get("style") or "")):
                    continue
                if len(node.text()) <= _LONGEST and node.css_first("table") is None:
                    node.decompose()
    if "<rt" in html or "<RT" in html:
        for node in innermost(tree, "rt, rp"):
            node.decompose()
    if "<noscript" in html or "<NOSCRIPT" in html:
        for node in innermost(tree, "td noscript, th noscript"):
            node.decompose()
