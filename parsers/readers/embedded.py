"""Reports that a page keeps in a script, a JSON answer or a form field, as escaped strings of markup or text."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
import urllib.parse
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from parsers.decoding import decode

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
_PLAIN = {"n": "\n", "t": "\t", "r": "\n", "b": " ", "f": " ", "v": " ", "0": "", "\n": ""}


def embedded(text: str) -> Iterator[str]:
    """The longest first: strings inside `text` (a page or a JSON document) that may hold a report, unescaped."""
    found: dict[str, None] = {}
    stripped = text.strip()
    if call := _JSONP.fullmatch(stripped):
        stripped = call["answer"]
    if stripped[:1] in "{[":
        for value in _json_strings(stripped):
            found[value] = None
    else:
        tree = LexborHTMLParser(text)
        for node in tree.css("script, textarea, input[type=hidden], template, noscript, iframe[srcdoc]"):
            if node.tag == "script" and "xml" in (node.attributes.get("type") or ""):
                for record in node.text(deep=True).split("<![CDATA[")[1:]:  # of a list that the script will show
                    found[record.partition("]]>")[0]] = None
            elif node.tag == "script":
                for literal in _literals(node.text(deep=True)):
                    found[_decoded(unescape(literal))] = None
            elif node.tag in ("input", "iframe"):
                found[node.attributes.get("value" if node.tag == "input" else "srcdoc") or ""] = None
            else:
                found[node.inner_html or (node.html or "").partition(">")[2]] = None  # a template shows no inside
        if "&lt;table" in text.lower() or "&lt;p" in text.lower():
            found[text] = None  # markup that a script will unescape where it stands
    ready = (html.unescape(value) if "&lt;" in value else value for value in found)
    long = [value for value in ready if len(value) >= MIN_LENGTH and any(sign in value for sign in _SIGNS)]
    yield from sorted(long, key=len, reverse=True)[:MAX_STRINGS]


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


def _json_strings(text: str) -> Iterator[str]:
    try:
        stack: list[object] = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
