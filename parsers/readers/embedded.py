"""Reports that a page keeps in a script, a JSON answer or a form field, as escaped strings of markup or text."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple, cast

from selectolax.lexbor import LexborHTMLParser

from parsers.decoding import decode
from parsers.titles import parse_title

MAX_STRINGS = 40
MIN_LENGTH = 200  # characters; shorter strings hold no report
_QUOTE = re.compile("[\"'`]")
_INSIDE = {  # what may stand between two quotes of a kind; none of it is given back, so that time stays linear
    '"': re.compile(r'(?:[^"\\\n]|\\[\s\S])*+'),
    "'": re.compile(r"(?:[^'\\\n]|\\[\s\S])*+"),
    "`": re.compile(r"(?:[^`\\]|\\[\s\S])*+"),
}
_RESTARTS = 20  # lengths of the script that may be looked through from quotes that nothing closes
_SIGNS = ("信息公开", "信息公開", "勾稽", "总体情况", "主动公开")
_PERCENT_U = re.compile("%u([0-9a-fA-F]{4})")
_PERCENT = re.compile("%u[0-9a-fA-F]{4}|%[eE][4-9]%[89abAB][0-9a-fA-F]")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}|\s)++[A-Za-z0-9+/]{0,3}={0,2}\s*")
_JSONP = re.compile(r"[\w$.]{1,60}\(\s*(?P<answer>[{\[].*[}\]])\s*\);?", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))")
_HOLDER = re.compile("<(?i:script|textarea|input|template|noscript|iframe)")
_ESCAPED = re.compile("&lt;(?i:table|p)")
_LONGEST_TITLE = 90  # letters
_LONGEST_DAY = 40
_PLAIN = {"n": "\n", "t": "\t", "r": "\n", "b": " ", "f": " ", "v": " ", "0": "", "\n": ""}


class Beside(NamedTuple):
    """What stands beside a string in an answer: the title of a report, and the fields that may name a day."""

    title: str = ""
    days: Mapping[str, str] = MappingProxyType({})


NOTHING = Beside()


class Inner(NamedTuple):
    """A string inside a page or an answer, unescaped, and what stands beside it."""

    text: str
    beside: Beside = NOTHING


def inside_answer(text: str) -> Iterator[Inner]:
    """The strings of a JSON document, bare or as the argument of a call, that may hold a report, the longest first;
    none of any other text."""
    bare = text.strip()
    if call := _JSONP.fullmatch(bare):
        bare = call["answer"]
    if bare[:1] not in ("{", "["):
        return
    try:
        stack: list[object] = [json.loads(bare)]
    except (ValueError, RecursionError):
        return
    found: dict[str, Beside] = {}
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(value.values())
            texts = [_unpacked(text) for text in value.values() if isinstance(text, str)]
            title = next((text for text in texts if len(text) <= _LONGEST_TITLE and parse_title(text).is_report), "")
            found |= dict.fromkeys(texts, Beside(title, _short(value)))
        elif isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, str):
            found.setdefault(value, NOTHING)
            if value[:1] in ("{", "[") and len(value) >= MIN_LENGTH:
                stack.append(_answer_inside(value))
    yield from _likely(found.items())


def _answer_inside(value: str) -> object:
    """What a string of an answer holds that is an answer itself; None if it is none."""
    try:
        return cast(object, json.loads(value))
    except (ValueError, RecursionError):
        return None


def _unpacked(value: str) -> str:
    return _decoded(value) if len(value) >= MIN_LENGTH else value


def _short(fields: Mapping[str, object]) -> dict[str, str]:
    """The short fields of a record of an answer, which may name its days, as text."""
    return {
        name: str(value)
        for name, value in fields.items()
        if isinstance(value, str | int) and len(name) <= _LONGEST_DAY and len(str(value)) <= _LONGEST_DAY
    }


def inside_page(text: str) -> Iterator[Inner]:
    """The strings inside a page's markup that may hold a report, the longest first."""
    found: dict[str, Beside] = {}
    tree = LexborHTMLParser(text if _HOLDER.search(text) else "")
    for node in tree.css("script, textarea, input[type=hidden], template, noscript, iframe[srcdoc]"):
        if node.tag == "script" and "xml" in (node.attributes.get("type") or ""):
            for record in node.text(deep=True).split("<![CDATA[")[1:]:  # of a list that the script will show
                found[record.partition("]]>")[0]] = NOTHING
        elif node.tag == "script":
            for literal in _literals(node.text(deep=True)):
                found[_decoded(unescape(literal))] = NOTHING
        elif node.tag in ("input", "iframe"):
            found[node.attributes.get("value" if node.tag == "input" else "srcdoc") or ""] = NOTHING
        else:
            found[node.inner_html or (node.html or "").partition(">")[2]] = NOTHING  # a template shows no inside
    if "&lt;" in text and _ESCAPED.search(text):
        found[text] = NOTHING  # markup that a script will unescape where it stands
    yield from _likely(found.items())


def _likely(found: Iterable[tuple[str, Beside]]) -> list[Inner]:
    ready = (Inner(html.unescape(text) if "&lt;" in text else text, beside) for text, beside in found)
    likely = [inner for inner in ready if len(inner.text) >= MIN_LENGTH and any(sign in inner.text for sign in _SIGNS)]
    return sorted(likely, key=lambda inner: len(inner.text), reverse=True)[:MAX_STRINGS]


def _literals(script: str) -> Iterator[str]:
    """The long string literals of a script. A quote that closes nothing long may be an apostrophe, or stand in a
    regular expression: the search goes on right behind it."""
    at, room = 0, len(script) * _RESTARTS
    while room > 0 and (quote := _QUOTE.search(script, at)):
        inside = _INSIDE[quote.group()].match(script, quote.end())
        at = quote.end()
        if inside is None or inside.end() - at < MIN_LENGTH or script[inside.end() : inside.end() + 1] != quote.group():
            room -= inside.end() - at if inside else 0
            continue
        yield inside.group()
        at = inside.end() + 1


def unescape(literal: str) -> str:
    """A script's string literal without its escapes; twice escaped markup (\\\\u003c in JSON in a script) as well."""
    once = _ESCAPE.sub(_letter, literal)
    return _ESCAPE.sub(_letter, once) if "\\u" in once or '\\"' in once else once


def _decoded(value: str) -> str:
    """A string that a script decodes before it shows it: %u653F, %E6%94%BF, base64; as it is if it is none of these."""
    if _PERCENT.search(value):
        return urllib.parse.unquote(_PERCENT_U.sub(lambda m: chr(int(m.group(1), 16)), value))
    if _BASE64.fullmatch(value):
        try:
            return decode(base64.b64decode(value, validate=False))[0]
        except (binascii.Error, ValueError):
            return value
    return value


def _letter(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2)
    if code:
        return chr(int(code, 16))
    return _PLAIN.get(found.group(3), found.group(3))
