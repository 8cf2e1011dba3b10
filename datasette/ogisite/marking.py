"""Filters for the templates. All text from portals is hostile: nothing here returns markup, links are http(s) only."""

import json
import re
from datetime import datetime
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from ogisite import troubles
from ogisite.looking import in_chinese

SHANGHAI = ZoneInfo("Asia/Shanghai")
# what XML 1.0 forbids, and the signs that turn the direction of text round
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(r" ?<(https?://[^\s<>]+)>")
_AFTER_TITLE = re.compile(r"(?<=[^\s;；])(?<!column)(?<!columns)(?<!栏目) <https?://[^\s<>]+>")
# the basis after a due day, which a list need not repeat
_BASIS = re.compile(r"(Due by [\d-]{10}) \(.*\)\.$|(应于[\d-]{10}前（含当日）公布)，依据：.*。$")
# what a complete look says of itself in English: its pages and entries stand in columns of their own
_COUNTS = re.compile(r"^\d+ of \d+ pages, \d+ entries(; |$)| \(\d+ of \d+ pages, \d+ entries\)$")
_DOCUMENTS = re.compile(r"(?s)(?:(\d+) new documents(?:; |$))?(?:(\d+) could not be fetched ?)?(.*)")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(value):
    """A string without control characters and direction overrides; numbers and None become text."""
    if value is None:
        return ""
    return _DIRECTION.sub("", _UNPRINTABLE.sub("\ufffd", str(value)))


def clip(value, length=120):
    """At most `length` characters of a text, with an ellipsis where it was cut."""
    text = clean(value)
    return text if len(text) <= length else text[: length - 1] + "…"


def safe_url(value):
    """The address if it is a plain http or https one, else an empty string."""
    text = str(value or "").strip()
    if len(text) > 2000 or any(c in text for c in "\"'<>\\` \t\r\n") or _UNPRINTABLE.search(text):
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return ""
    return text if parts.scheme.lower() in ("http", "https") and host else ""


def pieces(value, length=900):
    """A sentence with addresses in angle brackets as (text, '') and ('', address) in turn."""
    found = []
    for n, part in enumerate(_ADDRESS.split(clip(value, length))):
        if part:
            found.append(("", part) if n % 2 else (part, ""))
    return found


def spoken(value, length=220):
    """A sentence for a list: no address after a title, of any other its host, no basis; the page behind has them."""
    text = _AFTER_TITLE.sub("", clean(value))
    text = _ADDRESS.sub(lambda found: f" {host(found[1])}", text)
    text = _BASIS.sub(lambda found: f"{found[1]}." if found[1] else f"{found[2]}。", text)
    return clip(text, length)


def remark(value):
    """What the detail of a look adds to its counts: new documents, documents not fetched, the rest as it is."""
    text = _COUNTS.sub("", clean(value))
    new, failed, rest = _DOCUMENTS.fullmatch(text).groups("")
    return int(new or 0), int(failed or 0), rest


def host(value):
    """The host of an address, '' where it has none."""
    return urlsplit(str(value)).hostname or "" if safe_url(value) else ""


def instant(value):
    """'2025-02-08T02:00:00Z' -> '2025-02-08 10:00', Asia/Shanghai; anything else is returned as it is."""
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return clean(value)
    if moment.tzinfo is None:
        return clean(value)
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def day_of(value):
    """The Shanghai day of an instant."""
    return instant(value)[:10]


def number(value):
    """A number as a person writes it: no '.0', no exponent."""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return clean(value)


def thousands(value):
    """1234567 -> 1,234,567."""
    return f"{value:,}" if isinstance(value, int) else number(value)


def segment(value):
    """One segment of a path."""
    return quote(str(value), safe="")


def anchor(text):
    """The part of a fragment that names a cell, as `tables.anchor` writes it."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", str(text))[:120]


def codes(text):
    """The codes of a JSON list in a column; a text that is none counts as one code."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return [clip(text, 60)]
    return [str(code) for code in found] if isinstance(found, list) else [str(found)]


def reason(text):
    """The code of an attribution, which is kept as JSON; any other text is returned as it is."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return clean(text)
    return str(found.get("reason") or "") if isinstance(found, dict) else clean(text)


def install(env):
    """Adds the filters to the template environment of Datasette, which escapes by default."""
    env.filters.update(
        clean=clean, clip=clip, safe_url=safe_url, instant=instant, day_of=day_of, number=number,
        thousands=thousands, segment=segment, anchor=anchor, codes=codes, reason=reason, pieces=pieces, remark=remark,
        spoken=spoken, host=host, in_chinese=in_chinese, trouble_in_chinese=troubles.in_chinese,
    )  # fmt: skip
