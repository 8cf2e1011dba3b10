"""One cell's text to one value, or to the reason why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from parsers.folding import fold, numeral
from parsers.model import Number, State


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell says: `number` is set with State.NUMBER only."""

    state: State
    number: Number | None = None


BLANK = Value(State.BLANK)
PLACEHOLDER = Value(State.PLACEHOLDER)
UNREADABLE = Value(State.UNREADABLE)

_PLACEHOLDERS = frozenset(
    {"/", "\\", "-", "--", "---", "—", "——", "―", "–", "‐", "−", "－", "ー", "─", "一", "*", "**", "***", "×", "x",
     "X", "无", "空", "暂无", "没有", "未有", "无此项", "无数据", "无内容", "不适用", "不涉及", "略", "N/A", "n/a",
     "NA", "无.", "无。", "//", "///", "...", "......", "·", "/ /", "null", "NULL", "None", "-/-", "暂缺", "未统计",
     "不详"}
)  # fmt: skip
# "本单位未制作规章": words instead of a number. Kept as a placeholder: what they mean is not ours to decide.
# The verb or noun has to be one of these: 尚未审结, 未经复议, 无法提供 are labels, whole or damaged.
_WORDS = re.compile(
    r"^(?![(（]?[一二三四五六七八九十\d]+[)）、.])[^\d,。;]{0,10}(?:未|无|没有|不涉及|不存在|不具有)[^\d。;]{0,4}"
    r"(?:制作|制定|制发|出台|印发|涉及|产生|发生|收到|收取|收费|开展|实施|设立|采购|此项|该项|此类|该类|相关|权限|职能|职责|业务|数据"
    r"|内容|情况|事项)[^\d。;]{0,10}[。]?$"
)
_COUNT_UNITS = "件次|人次|批次|件|条|次|项|个|篇|人|名|份|家|户|宗|起|例|部|册|场|期|类|处|批"
# Words that open a remark with figures of its own behind the cell's figure: 12(其中信函1件), 3(2022年为5件).
_REMARKS = r"其中|含|包括|不含|不包括|另|均|全部|较|同比|比上年|上年|去年|注|指|截[至止]|20\d\d年"
_NUMBER = re.compile(
    rf"""^(?P<words>净?增加?|上升|增长|新增|净?减少?|下降|降低|↑|↓)?\s?
    (?P<sign>[+\-−–﹣])?\s?
    (?P<int>\d{{1,3}}(?:,\d{{3}})+|\d+)(?P<frac>\.\d+)?\s?
    (?P<unit>亿元|万元|万|元|{_COUNT_UNITS})?\s?
    (?:[(\[](?P<scale>亿元|万元|万|元|[千百十]?[万亿][^()\d]{{0,2}})[)\]])?
    (?P<remark>[(\[][^\d()\[\]]*[)\]]?|[(\[](?:{_REMARKS})[^()\[\]]*[)\]]?)?[。.;、]?$""",
    re.VERBOSE,
)
_DOWN = frozenset({"减", "减少", "净减", "净减少", "下降", "降低", "↓"})
_SCALE = {"亿元": Decimal(10000), "万元": Decimal(1), "万": Decimal(1), "元": Decimal(1) / 10000}
# A note's mark behind a figure (314①, 75²) is no digit of it, though NFKC folds it to one.
_MARK = "\u00b9\u00b2\u00b3\u2070-\u2079\u2080-\u2089\u2460-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289\u32b1-\u32bf"
_MARKS = re.compile(f"(?<=\\S)\\s?[{_MARK}]+\\s*$")
_IS_SCALED = re.compile(r"单位[^)]*(?:(?<!万)元|亿|[万千百](?!元))|[(\[](?:千|百)?(?:元|万|亿|千)")
_STARS = re.compile(r"(?<=[\d件条次])\s?(?:[*※]{1,3}|[(\[]?注\d{0,2}[)\]]?|\[\d\])$")
_MARKED = re.compile(f"[{_MARK}\u00bc-\u00be\u2150-\u215f]")
_LIMIT = 9  # digits of a count; longer runs are ids, telephone numbers or glued cells
_MONEY_LIMIT = 13


def tidy(number: Decimal) -> Number:
    """An int where the number is whole (0.00 -> 0), else the Decimal as printed."""
    return int(number) if number == number.to_integral_value() else number


def parse_value(raw: str, *, money: bool = False, in_yuan: bool = False, change: bool = False) -> Value:
    """Read one cell.

    `money`: the column is an amount in 万元, so a unit in the cell converts (251000元 -> 25.1); `in_yuan`: its heading
    says 元, so a bare figure converts as well. `change`: words and signs for up and down are allowed.
    0, blank, placeholder and unreadable stay different. Two numbers in a cell, or a number broken by blanks or a line
    break, are UNREADABLE, never joined; so is a count that is not whole (1.5 may be 万件, 1.362 a thousand).
    """
    return _parsed(raw, money, in_yuan, change)


@lru_cache(maxsize=4096)
def parse_count(raw: str) -> Value:
    """`parse_value` of a cell that counts something, as most do."""
    return parse_value(raw)


@lru_cache(maxsize=4096)
def _parsed(raw: str, money: bool, in_yuan: bool, change: bool) -> Value:
    if raw.isascii() and raw.isdigit() and len(raw) <= _LIMIT and not in_yuan:
        return Value(State.NUMBER, int(raw)) if raw == "0" or raw[0] != "0" else UNREADABLE
    if _MARKED.search(raw):
        raw = _MARKS.sub("", raw)
        if _MARKED.search(raw):
            return UNREADABLE
    text = fold(raw)
    if not text:
        return BLANK
    if text in _PLACEHOLDERS:
        return PLACEHOLDER
    found = _NUMBER.match(_STARS.sub("", text))
    if found is None:
        return _in_words(text)
    whole = found["int"].replace(",", "")
    if len(whole) > (_MONEY_LIMIT if money else _LIMIT) or (len(whole) > 1 and whole[0] == "0"):
        return UNREADABLE
    number = Decimal(whole + (found["frac"] or ""))
    words, sign, unit = found["words"], found["sign"], found["unit"] or found["scale"]
    if (found["unit"] and found["scale"]) or (found["remark"] and _IS_SCALED.search(found["remark"])):
        return UNREADABLE
    if words and (sign or not change):
        return UNREADABLE
    if (sign and sign != "+") or words in _DOWN:
        number = -number
    if money:
        if unit in _SCALE:
            number *= _SCALE[unit]
        elif unit:
            return UNREADABLE if number else Value(State.NUMBER, 0)
        elif in_yuan:
            number *= _SCALE["元"]
    elif unit == "万":
        number *= 10000
    elif unit in _SCALE or found["scale"]:
        return UNREADABLE
    if not money and number != number.to_integral_value():
        return UNREADABLE
    return Value(State.NUMBER, tidy(number))


def _in_words(text: str) -> Value:
    bare = text.replace(" ", "")
    unit = bare[-1:]
    digits = bare[:-1] if len(bare) > 1 and unit in "件条次项个篇人份" else bare
    if " " not in text and bare != "一" and (number := numeral(digits)) is not None and not digits.isascii():
        return Value(State.NUMBER, number)
    if len(bare) <= 30 and _WORDS.match(bare):
        return PLACEHOLDER
    return UNREADABLE


@lru_cache(maxsize=4096)
def looks_like_value(text: str) -> bool:
    """Whether a piece of text can stand in a value cell (number, placeholder, words for none); blanks do not count."""
    stripped = text.strip()
    if not stripped or len(stripped) > 40:
        return False
    if parse_value(stripped, change=True).state in _VALUE_STATES:
        return True
    return parse_value(stripped, money=True).number is not None


_VALUE_STATES = (State.NUMBER, State.PLACEHOLDER)
