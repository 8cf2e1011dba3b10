"""What the style sheets of a page say of its elements, written where inline styles stand: one reader for both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_SHEETS = 300_000  # characters
MAX_RULES = 200  # that tell something; pages have a handful
_BRACES = re.compile("([{}])")
_COMPOUND = r"(?:[A-Za-z][\w-]*)?(?:[.#][A-Za-z_][\w-]*)+|[A-Za-z]\w*"
_SELECTOR = re.compile(rf"(?:{_COMPOUND})(?:(?: ?> ?| )(?:{_COMPOUND}))*", re.ASCII)  # no states, no attributes
_LONGEST = 200  # letters of a selector
_NAMED = re.compile(r"[.#]([\w-]+)")
_TAG = re.compile(r"(?<![.#\w-])[a-zA-Z]\w*")
# What decides whether something is seen, or seen as a figure, and the values that say it is not.
_DECLARED = re.compile(
    r"(?<![\w-])(display|visibility|font-size|vertical-align|text-decoration(?:-line)?)\s*:\s*([^;!]+)", re.IGNORECASE
)
_TELLING = re.compile(r"none|hidden|collapse|0(?:\.0+)?\s*(?:px|pt|r?em|%)?|super|line-through.*", re.IGNORECASE)


class _Rule(NamedTuple):
    weight: tuple[int, ...]
    selector: str
    declared: tuple[tuple[str, str], ...]  # property, value

    @property
    def tells(self) -> bool:
        return any(_TELLING.fullmatch(value) for name, value in self.declared if value != "none" or name == "display")


def apply_sheets(html: str, tree: LexborHTMLParser) -> None:
    """Write what the <style> elements of `html` hide, raise or strike out into the style attributes of `tree`, parsed
    from it, as the cascade has it: by the selector's weight, then the order, an element's own style last. Rules for
    other media say nothing here."""
    if "<style" not in html and "<STYLE" not in html:
        return
    sheets = _without_comments("\n".join(node.text() for node in tree.css("style"))[:MAX_SHEETS])
    rules = sorted(_rules(sheets), key=lambda rule: rule.weight)
    telling = [rule for rule in rules if rule.tells][:MAX_RULES]
    nodes: dict[int, LexborNode] = {}
    for rule in telling:
        if all(html.count(name) > sheets.count(name) for name in _NAMED.findall(rule.selector)):
            nodes.update((node.mem_id, node) for node in tree.css(rule.selector))
    if not nodes:
        return
    names = {name for rule in telling for name, _ in rule.declared}
    styles: dict[int, dict[str, str]] = {key: {} for key in nodes}
    for rule in [rule for rule in rules if any(name in names for name, _ in rule.declared)][-MAX_RULES:]:
        for node in tree.css(rule.selector):
            if node.mem_id in styles:
                styles[node.mem_id].update(rule.declared)
    for key, style in styles.items():
        own = nodes[key].attributes.get("style") or ""
        kept = (f"{name}:{value}" for name, value in style.items() if name not in own.lower())
        nodes[key].attrs["style"] = ";".join([*kept, own])


def _without_comments(sheets: str) -> str:
    first, *rest = sheets.split("/*")
    return "".join([first, *(piece.partition("*/")[2] for piece in rest)]).replace("<!--", "").replace("-->", "")


def _rules(sheets: str) -> Iterator[_Rule]:
    """The rules that declare what may matter, of selectors that are understood, in their order."""
    for selectors, declarations in _blocks(sheets):
        declared = tuple((name.lower(), value.strip()) for name, value in _DECLARED.findall(declarations))
        for selector in selectors.split(",") if declared else ():
            if len(selector) <= _LONGEST and _SELECTOR.fullmatch(selector := " ".join(selector.split())):
                weight = (selector.count("#"), selector.count("."), len(_TAG.findall(selector)))
                yield _Rule(("!" in declarations, *weight), selector, declared)


def _blocks(sheets: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the rules that stand in no other block (@media print)."""
    around: list[str] = []
    text = ""
    for piece in _BRACES.split(sheets):
        if piece == "{":
            around.append(text.rpartition(";")[2].strip())
        elif piece == "}" and around:
            if len(around) == 1 and not around[0].startswith("@"):
                yield around[0], text
            around.pop()
        text = piece if piece not in "{}" else ""
