"""One long table of cells as they are printed, and what each of them says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from parsers.folding import core, numbering, numeral
from parsers.model import State
from parsers.values import looks_like_value, parse_value

D = Decimal
COUNTS: list[tuple[str, Any]] = [
    ("0", 0), ("7", 7), ("60427", 60427), (" 12 ", 12), ("\u3000" * 29 + "0", 0), ("\xa0\xa05\xa0", 5),
    ("１２", 12), ("１，３６２", 1362), ("1,362", 1362),
    ("12,345,678", 12345678), ("0件", 0), ("52 件", 52), ("3条", 3),
    ("16次", 16), ("4人次", 4), ("0.00", 0), ("5.0", 5), ("12.", 12), ("8。", 8), ("\u200b9\ufeff", 9), ("零", 0),
    ("十二", 12), ("三百零五件", 305), ("1.2万", 12000), ("13(预算", 13), ("13（含上年结转）", 13), ("-5", -5),
    ("\n0\n", 0), ("12.0", 12),
    ("5(其中3件结转)", 5), ("0（其中网络0件）", 0), ("12 (含上年3)", 12), ("3(2022年为5件)", 3),
    ("一件", 1), ("两件", 2), ("12*", 12), ("12注1", 12), ("12[1]", 12), ("4名", 4), ("2批次", 2),
]  # fmt: skip
MONEY: list[tuple[str, Any]] = [
    ("3829.46万元", D("3829.46")), ("592万元", 592), ("2601.953875万", D("2601.953875")), ("251000元", D("25.1")),
    ("43.788万元", D("43.788")), ("8040", 8040), ("13000000(预算", 13000000), ("18.8710", D("18.8710")), ("0元", 0),
    ("3829(元)", D("0.3829")), ("3829（万元）", 3829), ("3829元（人民币）", D("0.3829")),
    ("22010.3538", D("22010.3538")), ("1.5亿元", 15000), ("0件", 0), ("1,234.5 万元", D("1234.5")), ("0.00", 0),
]  # fmt: skip
CHANGES: list[tuple[str, Any]] = [
    ("+2", 2), ("-16", -16), ("+0", 0), ("增1558", 1558), ("减38", -38), ("增加3", 3), ("减少12", -12), ("－4", -4),
    ("＋3", 3), ("− 7", -7), ("↓2", -2), ("0", 0), ("净增5", 5),
]  # fmt: skip
BLANK = ["", " ", "\xa0", "\u3000\u3000", "\n", "\u200b"]
PLACEHOLDERS = [
    "/", "／", "—", "——", "-", "－", "--", "无", "无 ", "暂无", "\\", "不涉及", "N/A", "本单位未制作规章",
    "本年度无此项收费", "未涉及",
    "没有", "…",
]  # fmt: skip
UNREADABLE = [
    "1 2", "3 829", "1\n2", "12,34", "1,36", "约5", "5(3)", "000", "012", "0 0 0", "12/3", "1.2.3", "五十 六",
    "1.5", "1.362", "12(万件)", "12(万)件",
    "abc", "规章5", "12345678901", "见附件", "5-6", "8%", "3、4",
]  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), COUNTS)
def test_counts(raw: str, expected: Any) -> None:
    assert (parse_value(raw).state, parse_value(raw).number) == (State.NUMBER, expected)


@pytest.mark.parametrize(("raw", "expected"), MONEY)
def test_amounts(raw: str, expected: Any) -> None:
    assert (parse_value(raw, money=True).state, parse_value(raw, money=True).number) == (State.NUMBER, expected)


@pytest.mark.parametrize(("raw", "expected"), CHANGES)
def test_changes(raw: str, expected: int) -> None:
    assert parse_value(raw, change=True).number == expected


@pytest.mark.parametrize("raw", BLANK)
def test_blank(raw: str) -> None:
    assert parse_value(raw).state is State.BLANK


@pytest.mark.parametrize("raw", PLACEHOLDERS)
def test_placeholders(raw: str) -> None:
    assert parse_value(raw).state is State.PLACEHOLDER
    assert looks_like_value(raw)


@pytest.mark.parametrize("raw", UNREADABLE)
def test_unreadable(raw: str) -> None:
    assert parse_value(raw).state is State.UNREADABLE


def test_a_column_in_yuan_converts_bare_figures_only() -> None:
    assert parse_value("251000", money=True, in_yuan=True).number == D("25.1")
    assert parse_value("25.1万元", money=True, in_yuan=True).number == D("25.1")
    assert parse_value("增5").state is State.UNREADABLE
    assert parse_value("3万元").state is State.UNREADABLE


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("二十一", 21),
        ("一百零八", 108),
        ("两千", 2000),
        ("二〇一九", 2019),
        ("一万二千", 12000),
        ("三四十", None),
        ("", None),
    ],
)
def test_numerals(text: str, number: int | None) -> None:
    assert numeral(text) == number


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("（三）1.属于国家秘密", "属于国家秘密"),
        ("1．属于国家秘密", "属于国家秘密"),
        ("一、本年新收政府信息公开申请数量", "本年新收政府信息公开申请数量"),
        ("其中：主动公开规范性文件数", "主动公开规范性文件数"),
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "部分公开"),
        ("3.危及“三安全一稳定”", "危及三安全一稳定"),
        ("本年收费金额（单位：万元", "本年收费金额"),
        ("总  计", "总计"),
        ("(七)总计", "总计"),
    ],
)
def test_the_words_of_a_label(label: str, words: str) -> None:
    assert core(label) == words


def test_the_number_of_a_label() -> None:
    assert numbering("（五）1.信访举报投诉类申请") == ("(五)1.", "信访举报投诉类申请")
    assert numbering("3.8") == ("", "3.8")
