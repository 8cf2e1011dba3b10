"""Other spellings of a day as the plain one, YYYY-MM-DD: instants of another zone, epochs, digits, Chinese numerals."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from parsers.folding import numeral

_SHANGHAI = timezone(timedelta(hours=8))
_MONTHS = {
    name: at
    for at, name in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1)
}
_INSTANT = re.compile(
    r"(?P<day>20\d\d-\d\d-\d\d)[T ](?P<clock>\d\d:\d\d)(?::\d\d(?:\.\d{1,9})?)?\s?"
    r"(?:Z|GMT|UTC|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)(?!\d))"
)
# As programs print an instant. Java's: Sat Jan 20 08:30:00 CST 2024 (CST is China's own time); the web's: Sat, 20 Jan
# 2024 00:30:00 GMT; and a day alone: Jan 20, 2024.
_M = rf"(?P<m>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_CLOCK = r"(?P<clock>\d\d:\d\d):\d\d"
_PRINTED = (
    re.compile(rf"(?:[A-Z][a-z]{{2}}\s)?{_M}\s(?P<d>\d{{1,2}})\s{_CLOCK}\s(?P<zone>[A-Z]{{3,4}})\s(?P<y>20\d\d)"),
    re.compile(rf"(?:[A-Z][a-z]{{2}},\s)?(?P<d>\d{{1,2}})\s{_M}\s(?P<y>20\d\d)\s{_CLOCK}\s(?P<zone>[A-Z]{{3,4}})"),
    re.compile(rf"{_M}\s(?P<d>\d{{1,2}}),?\s(?P<y>20\d\d)(?P<clock>)(?P<zone>)"),
)
CHINESE_DAY = re.compile(
    r"(?P<y>二[〇○零0O]?[〇○零一二三四五六七八九0O]{2,3})年"
    r"(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十]{1,3})日"
)
_DASHED = re.compile(r"(20\d\d)\s?([-‐‑–—·])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
# Digits alone are a day only where a label or a tag says so: ids have eight digits as well.
_DIGITS = re.compile(r"(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[0-2]\d[0-5]\d[0-5]\d)?")
_EPOCH = re.compile(r"1[2-9]\d{8}(?:\d{3})?")
_BEHIND_A_LABEL = re.compile(rf"(?<=[间期于])(?P<mark>\s?:\s?|\s)(?P<digits>{_DIGITS.pattern}|{_EPOCH.pattern})(?!\d)")


def plain_days(text: str) -> str:
    """A folded line with its days spelled plainly, in Shanghai's time. Eight or fourteen digits, and the seconds or
    milliseconds of an epoch, are days only right behind a label (发布时间:20240120); what is no day stays as it is."""
    text = _INSTANT.sub(_of_instant, text)
    for pattern in _PRINTED:
        text = pattern.sub(_of_printed, text)
    text = CHINESE_DAY.sub(_of_words, text)
    text = _DASHED.sub(r"\1-\3-\4", text)
    return _BEHIND_A_LABEL.sub(lambda found: found["mark"] + of_digits(found["digits"]), text)


def of_digits(text: str) -> str:
    """The day that digits alone name (20240120, 20240120083000, 1705710600000), plainly; the text if they name none."""
    if found := _DIGITS.fullmatch(text):
        return f"{found[1]}-{found[2]}-{found[3]}"
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), _SHANGHAI).date().isoformat()
    return text


def _of_instant(found: re.Match[str]) -> str:
    minutes = int(found["hours"]) * 60 + int(found["minutes"]) if found["sign"] else 0
    return _in_shanghai(
        f"{found['day']}T{found['clock']}", -minutes if found["sign"] == "-" else minutes, found.group()
    )


def _of_printed(found: re.Match[str]) -> str:
    ahead = 0 if found["zone"] in ("GMT", "UTC") else 480
    there = f"{found['y']}-{_MONTHS[found['m']]:02}-{int(found['d']):02}T{found['clock'] or '00:00'}"
    return _in_shanghai(there, ahead, found.group())


def _in_shanghai(there: str, ahead: int, printed: str) -> str:
    """The day in Shanghai of a time in a zone `ahead` minutes east of Greenwich; as printed if there is none."""
    try:
        zone = timezone(timedelta(minutes=ahead))
        return datetime.fromisoformat(there).replace(tzinfo=zone).astimezone(_SHANGHAI).date().isoformat()
    except ValueError:
        return printed


def _of_words(found: re.Match[str]) -> str:
    year = numeral(re.sub("[0O]", "〇", found["y"]))
    try:
        return date(year or 0, numeral(found["m"]) or 0, numeral(found["d"]) or 0).isoformat()
    except ValueError:
        return found.group()
