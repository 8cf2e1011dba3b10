"""Prints a known report in random shapes: what the reader has to give back, cell by cell.

`draw(random)` makes a report's figures; `as_html` and `as_text` print it in one of the many ways portals do. Prose is
our own; labels and their variants are those that occur.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape

from parsers.forms import FormTable, forms
from parsers.model import Generation, Number

Key = tuple[str, str, str]
Line = list[str]

PUBLISHERS = ("青山市教育局", "白河县人民政府", "柳林镇人民政府", "东湖街道办事处", "云岭省水利厅", "南渡区城市管理局")
LABELS = {
    "行政规范性文件": ("规范性文件", "行政规范性 文件"),
    "规章": ("规 章",),
    "行政事业性收费": ("行政事业型收费",),
    "本年收费金额（单位：万元）": ("本年收费金额", "本年收费金额(单位:万元)", "收费金额(单位：万元)"),
    "本年制发件数": ("本年度发件数", "本年制发件数量", "本年制发\n件数"),
    "本年处理决定数量": ("本年度处理决定数量", "本年处理绝对数量"),
    "现行有效件数": ("现行有效件", "现行有效\n件数"),
    "本年新制作数量": ("制作数量", "本年新 制作数量", "本年新"),
    "本年新公开数量": ("公开数量", "本年新\n公开数量", "本年新"),
    "本年增/减": ("本年增/", "本年增／减", "本年增/减(如-8)"),
    "上一年项目数量": ("上一年项目数量（指2018年事项数）", "上一年 项目数量"),
    "采购总金额": ("采购总金额(万元)", "采购总金额（单位：万元）"),
    "商业企业": ("商业\n企业", "商业 企业", "商业"),
    "科研机构": ("科研\n机构", "科研  机构"),
    "自然人": ("自然 人",),
    "总计": ("总 计", "合计"),
    "二、上年结转政府信息公开申请数量": ("二、上年结转政府信息公开数量",),
    "2.其他法律行政法规禁止公开": ("2.其他法律行政止公开", "2．其他法律、行政法规禁止公开"),
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": (
        "1.逾期不补正",
        "1.申请人无正当理由逾期不补正",
    ),
    "3.危及“三安全一稳定”": ('3.危及"三安全一稳定"', "3、危及三安全一稳定"),
    "结果维持": ("结果\n维持",),
    "结果纠正": ("结果\n纠正", "结果 纠正"),
    "其他结果": ("其他\n结果", "其它结果"),
}
HALF = str.maketrans("（）：，１２３", "():,123")


@dataclass(slots=True)
class Drawn:
    """A report with the text of each of its cells and the value that reading must give (None: no number there)."""

    generation: Generation
    publisher: str
    year: int
    values: dict[Key, Number | None] = field(default_factory=dict)
    texts: dict[Key, str] = field(default_factory=dict)
    blanks: bool = True
    tables: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.publisher}{self.year}年政府信息公开工作年度报告"


def keys_of(table: FormTable) -> list[Key]:
    if table.name == "disputes":
        block = table.blocks[0]
        return [(table.name, row.code, column.code) for row in block.rows for column in block.columns]
    return [
        (table.name, row.code, column.code) for block in table.blocks for row in block.rows for column in block.columns
    ]


def draw(rng: random.Random, *, blanks: bool) -> Drawn:
    generation = rng.choice([Generation.FORM_2021, Generation.FORM_2021, Generation.FORM_2019, Generation.PRE2019])
    year = {Generation.FORM_2021: rng.randint(2021, 2025), Generation.FORM_2019: rng.randint(2019, 2020)}.get(
        generation, rng.randint(2014, 2018)
    )
    drawn = Drawn(generation, rng.choice(PUBLISHERS), year, blanks=blanks)
    tables = forms()[generation].tables
    drawn.tables = tuple(table.name for table in tables)
    density = rng.choice([0.0, 0.05, 0.3, 1.0])
    style = rng.choice(["plain", "plain", "mixed"])
    blank_style = rng.choice(["none", "none", "some", "placeholder"]) if blanks else "none"
    for table in tables:
        for key in keys_of(table):
            money = key[2] == "amount_10k_yuan" or key[1].endswith("amount_10k_yuan")
            value = _value(rng, density, money=money, change=key[2] == "change")
            if blank_style == "some" and rng.random() < 0.1:
                drawn.values[key], drawn.texts[key] = None, ""
            elif blank_style == "placeholder" and rng.random() < 0.1:
                drawn.values[key], drawn.texts[key] = None, rng.choice(["/", "—", "-", "无", "／"])
            else:
                drawn.values[key] = value
                drawn.texts[key] = _print(rng, value, style, money=money, change=key[2] == "change")
    return drawn


def _value(rng: random.Random, density: float, *, money: bool, change: bool) -> Number:
    if rng.random() > density:
        return 0
    if money:
        return Decimal(rng.randint(1, 10**8)).scaleb(-rng.randint(1, 6)).normalize() + 0
    high = rng.choice([9, 99, 999, 60427])
    return rng.randint(-high if change else 0, high)


def _print(rng: random.Random, value: Number, style: str, *, money: bool, change: bool) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if change and value > 0 and rng.random() < 0.5:
        text = f"+{value}"
    if style == "plain" or rng.random() < 0.6:
        return text
    kind = rng.choice(["wide", "thousands", "unit", "words", "zeros"])
    if kind == "wide":
        return text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    if kind == "thousands" and isinstance(value, int) and value >= 1000:
        return f"{value:,}"
    if kind == "unit" and money:
        return f"{value * 10000:f}元" if rng.random() < 0.5 else text + "万元"
    if kind == "unit" and not change:
        return text + "件"
    if kind == "words" and change and value:
        return ("增" if value > 0 else "减") + str(abs(value))
    if kind == "zeros" and value == 0 and money:
        return "0.00"
    return text


class Labels:
    """One report's way of printing labels: full or half width, variants, blanks."""

    def __init__(self, rng: random.Random, drawn: Drawn) -> None:
        self.rng = rng
        self.half = rng.random() < 0.5
        self.rate = rng.choice([0.0, 0.0, 0.3, 0.8])
        self.points = rng.choice([".", ".", "．", "、"])
        self.modern = drawn.generation is not Generation.PRE2019

    def __call__(self, label: str) -> str:
        shown = label
        if label in LABELS and self.rng.random() < self.rate:
            shown = self.rng.choice(LABELS[label])
        if shown[:1].isdigit() and shown[1:2] == ".":
            shown = shown[0] + self.points + shown[2:]
        return shown.translate(HALF) if self.half else shown


# --- rows of cells: (text, rowspan, colspan)
Span = tuple[str, int, int]


def proactive_rows(drawn: Drawn, labels: Labels) -> list[list[Span]]:
    table = forms()[drawn.generation].table("proactive")
    assert table is not None
    width = max(len(block.columns) for block in table.blocks)
    rows: list[list[Span]] = []
    for block in table.blocks:
        rows.append([(labels(block.label), 1, width + 1)])
        columns = [labels(column.label) for column in block.columns]
        rows.append([(labels("信息内容"), 1, 1), *_spread(columns, width)])
        for row in block.rows:
            texts = [drawn.texts["proactive", row.code, column.code] for column in block.columns]
            rows.append([(labels(row.label), 1, 1), *_spread(texts, width)])
    return rows


def _spread(texts: list[str], width: int) -> list[Span]:
    return [(text, 1, 1 if i < len(texts) - 1 else width - len(texts) + 1) for i, text in enumerate(texts)]


def requests_rows(drawn: Drawn, labels: Labels) -> list[list[Span]]:
    table = forms()[drawn.generation].table("requests")
    assert table is not None
    block = table.blocks[0]
    organizations = [labels(c.label) for c in block.columns if c.group]
    balance = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    rows: list[list[Span]] = [
        [(labels(balance), 3, 3), (labels("申请人情况"), 1, 7)],
        [(labels("自然人"), 2, 1), (labels("法人或其他组织"), 1, 5), (labels("总计"), 2, 1)],
        [(text, 1, 1) for text in organizations],
    ]
    done: set[str] = set()
    for row in block.rows:
        cells: list[Span] = []
        figures = [(drawn.texts["requests", row.code, column.code], 1, 1) for column in block.columns]
        inner = [r for r in block.rows if r.group == row.group]
        results = [r for r in block.rows if r.group]
        if not row.group:
            cells = [(labels(row.label), 1, 3)]
        else:
            if "results" not in done:
                cells.append((labels("三、本年度办理结果"), len(results), 1))
                done.add("results")
            if row.group == "三、本年度办理结果":
                cells.append((labels(row.label), 1, 2))
            else:
                if row.group not in done:
                    cells.append((labels(row.group), len(inner), 1))
                    done.add(row.group)
                cells.append((labels(row.label), 1, 1))
        rows.append([*cells, *figures])
    return rows


def disputes_rows(drawn: Drawn, labels: Labels) -> list[list[Span]]:
    table = forms()[drawn.generation].table("disputes")
    assert table is not None
    block = table.blocks[0]
    leaves = [column.label for column in block.columns]
    return [
        [(labels("行政复议"), 1, 5), (labels("行政诉讼"), 1, 10)],
        [*((labels(t), 2, 1) for t in leaves), (labels("未经复议直接起诉"), 1, 5), (labels("复议后起诉"), 1, 5)],
        [(labels(t), 1, 1) for t in leaves * 2],
        [(drawn.texts[key], 1, 1) for key in keys_of(table)],
    ]


def indicator_rows(drawn: Drawn, labels: Labels) -> list[list[Span]]:
    table = forms()[drawn.generation].table("indicators")
    assert table is not None
    rows: list[list[Span]] = [[(labels("指 标"), 1, 1), (labels("单位"), 1, 1), (labels("数量"), 1, 1)]]
    headings = list(table.headings)
    group = ""
    for row in table.blocks[0].rows:
        if row.group != group:
            group = row.group
            if group in headings:
                rows.append([(labels(group), 1, 1), ("—", 1, 1), ("", 1, 1)])
        rows.append([(labels(row.label), 1, 1), (row.unit, 1, 1), (drawn.texts["indicators", row.code, "value"], 1, 1)])
    return rows


ROWS = {
    "proactive": proactive_rows,
    "requests": requests_rows,
    "disputes": disputes_rows,
    "indicators": indicator_rows,
}
CHAPTERS = {
    "proactive": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "disputes": "四、政府信息公开行政复议、行政诉讼情况",
    "indicators": "二、附表",
}


def parts(drawn: Drawn, labels: Labels) -> list[tuple[str, str | list[list[Span]]]]:
    """The report in order: ("p", paragraph) and ("table", rows)."""
    out: list[tuple[str, str | list[list[Span]]]] = [("p", "一、总体情况")]
    out.append(("p", "本年度围绕群众关心的事项做好公开，按时更新栏目内容。"))
    for name in drawn.tables:
        out.append(("p", CHAPTERS[name]))
        out.append(("table", ROWS[name](drawn, labels)))
    if "indicators" in drawn.tables:
        return out
    out.extend([("p", "五、存在的主要问题及改进情况"), ("p", "一是栏目更新不够及时，二是业务培训还要加强。")])
    out.extend([("p", "六、其他需要报告的事项"), ("p", "无其他需要报告的事项。")])
    return out


def plain_page(drawn: Drawn) -> str:
    """The report as the body of an article: paragraphs, and tables whose cells span."""
    out = []
    for _, content in parts(drawn, Labels(random.Random(1), drawn)):
        if isinstance(content, str):
            out.append(f"<p>{content}</p>")
        else:
            rows = ("".join(f"<td rowspan={d} colspan={a}>{escape(t)}</td>" for t, d, a in row) for row in content)
            out.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    return "".join(out)
