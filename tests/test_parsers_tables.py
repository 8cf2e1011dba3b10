"""Headings and layouts of statutory tables as publishers change them; and tables of their own, which are not read."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence

import pytest

from parsers import read
from parsers.columns import form_order
from parsers.forms import form_columns, form_in_force, form_rows, forms
from parsers.model import Generation, Report, State
from parsers.readers.html import lay_out
from parsers.vocabulary import lookup

PAGE = """<html><body><h1>青山市教育局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>略。</p>
<p>二、主动公开政府信息情况</p>{proactive}<p>三、收到和处理政府信息公开申请情况</p>{requests}
<p>四、政府信息公开行政复议、行政诉讼情况</p>{disputes}<p>五、存在的主要问题及改进情况</p><p>略。</p>
<p>六、其他需要报告的事项</p><p>略。</p></body></html>"""
_TABLE = forms()[Generation.FORM_2021].table("requests")
assert _TABLE is not None
ROWS = _TABLE.blocks[0].rows
VALUES = {row.code: [i * 10 + j for j in range(6)] + [60 * i + 15] for i, row in enumerate(ROWS)}
SUBS = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
Row = Sequence[str | tuple[str, str]]


def tr(cells: Row) -> str:
    return (
        "<tr>" + "".join(f"<td>{c}</td>" if isinstance(c, str) else f"<td {c[1]}>{c[0]}</td>" for c in cells) + "</tr>"
    )


def table(*rows: Row) -> str:
    return f"<table>{''.join(tr(row) for row in rows)}</table>"


def requests(*head: Row, order: Sequence[int] = range(7), shape: Callable[[list[str]], list[str]] = list) -> str:
    rows = [shape([row.label, *(str(VALUES[row.code][i]) for i in order)]) for row in ROWS]
    return table(*head, *rows)


STANDARD = (
    [("（勾稽关系）", "rowspan=3"), ("申请人情况", "colspan=7")],
    [("自然人", "rowspan=2"), ("法人或其他组织", "colspan=5"), ("总计", "rowspan=2")],
    SUBS,
)
FLAT = ["项目", "自然人", *SUBS, "总计"]


def page(**tables: str) -> Report:
    parts = {"proactive": "", "requests": "", "disputes": ""} | tables
    reports = read(PAGE.format(**parts).encode())
    assert len(reports) == 1
    return reports[0]


def exact(report: Report) -> int:
    """The number of cells of the requests table that were read, each of them right."""
    read_cells = [f for f in report.figures if f.table == "requests" and f.value is not None]
    for figure in read_cells:
        assert figure.value == VALUES[figure.row][form_order("requests").index(figure.column)], figure
    return len(read_cells)


HEADS = {
    "as the form": requests(*STANDARD),
    "flat": requests(FLAT),
    "blank cells in the third row": requests(
        *STANDARD[:1], ["自然人", ("法人或其他组织", "colspan=5"), "总计"], ["", *SUBS, ""]
    ),
    "total first": requests(["项目", "总计", "自然人", *SUBS], order=[6, 0, 1, 2, 3, 4, 5]),
    "total in the second row": requests(
        [("x", "rowspan=2"), ("自然人", "rowspan=2"), ("法人或其他组织", "colspan=6")], [*SUBS, "总计"]
    ),
    "organizations narrower than their columns": requests(
        STANDARD[0], [("自然人", "rowspan=2"), ("法人或其他组织", "colspan=4"), ("总计", "rowspan=2")], SUBS
    ),
    "second lines lost": requests(["项目", "自然人", "商业", "科研", "社会公益", "法律服务", "其他", "总计"]),
    "other order": requests(["项目", "自然人", "科研机构", "商业企业", *SUBS[2:], "总计"], order=[0, 2, 1, 3, 4, 5, 6]),
    "running numbers": requests(["序号", *FLAT], shape=lambda cells: ["7", *cells]),
    "a column of units": requests(["项目", "单位", *FLAT[1:]], shape=lambda cells: [cells[0], "件", *cells[1:]]),
    "remarks": requests([*FLAT, "备注"], shape=lambda cells: [*cells, ""]),
    "printed twice": requests(*STANDARD) + requests(*STANDARD),
    "nested": f"<table><tr><td>{requests(*STANDARD)}</td></tr></table>",
    "a table of its own before it": table(["月份", "1月", "2月"], ["予以公开", "5", "6"]) + requests(*STANDARD),
    "everything two columns wide": requests(*STANDARD).replace("<td>", '<td colspan="2">'),
    "cells as paragraphs": "".join(
        f"<p>{text}</p>"
        for text in [
            "自然人",
            "法人或其他组织",
            "总计",
            *SUBS,
            *(t for r in ROWS for t in (r.label, *map(str, VALUES[r.code]))),
        ]
    ),
}


@pytest.mark.parametrize("head", HEADS)
def test_headings(head: str) -> None:
    assert exact(page(requests=HEADS[head])) == 175


def test_without_a_heading_nothing_is_read_by_place_alone() -> None:
    report = page(requests=requests())
    assert exact(report) == 0
    assert [p.where for p in report.problems if p.code == "unread_table"] == ["requests"]


def test_two_answers_for_a_cell_are_none() -> None:
    other = requests(*STANDARD).replace("<td>20</td>", "<td>21</td>", 1)
    report = page(requests=requests(*STANDARD) + other)
    assert exact(report) == 168
    assert any(p.where == "requests/granted" for p in report.problems)


@pytest.mark.parametrize("lost", [1, 4, 7])
def test_a_lost_cell_leaves_its_row_unread(lost: int) -> None:
    cut = requests(*STANDARD, shape=lambda c: c[:lost] + c[lost + 1 :] if "予以公开" in c[0] else c)
    report = page(requests=cut)
    assert exact(report) == 168
    assert [p.where for p in report.problems if p.code == "unread_cell"] == ["requests/granted"]


OWN = [
    table(["类别", "数量"], ["行政许可", "5"], ["规章", "7"], ["行政处罚", "9"]),
    table(["事项", "2022年", "2023年"], ["行政许可", "5", "6"], ["行政强制", "7", "8"]),
    table(["行政许可", "5"], ["行政处罚", "6"]),
    table(["类别", "本年"], ["行政许可", "5"]),
]


@pytest.mark.parametrize("own", OWN)
def test_a_publishers_own_table_is_not_read(own: str) -> None:
    report = page(proactive=own, requests=requests(*STANDARD))
    assert [f for f in report.figures if f.table == "proactive" and f.value is not None] == []
    assert exact(report) == 175


def test_disputes_turned_round() -> None:
    leaves = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    turned = table(
        ["类别", *leaves],
        ["行政复议", "1", "2", "3", "4", "10"],
        [("行政诉讼", "rowspan=2"), "未经复议直接起诉", "0", "0", "0", "0", "0"],
        ["复议后起诉", "5", "0", "0", "0", "5"],
    )
    values = {(f.row, f.column): f.value for f in page(disputes=turned).figures}
    assert values["reconsideration", "total"] == 10
    assert values["litigation_after_reconsideration", "upheld"] == 5
    assert len(values) == 15


WHOLE = PAGE.format(proactive="", requests=requests(*STANDARD), disputes="")
ONE_LINE = WHOLE.replace("\n", "\\n").replace("/", "\\/")
SCRIPTS = {
    "string": f"<html><body><div id=c></div><script>c.innerHTML={json.dumps(WHOLE)};</script></body></html>",
    "twice escaped": f"<html><body><script>var d={{a:{json.dumps(json.dumps(WHOLE))}}}</script></body></html>",
    "single quotes": "<html><body><script>var c='"
    + WHOLE.replace("\n", "\\n").replace("/", "\\/")
    + "';</script></body>",
    "json": json.dumps({"data": {"content": WHOLE}}),
    "json in ascii": json.dumps({"data": [WHOLE]}, ensure_ascii=True),
    "form field": f"<html><body><textarea>{html.escape(WHOLE)}</textarea></body></html>",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_reports_inside_scripts(script: str) -> None:
    (report,) = read(SCRIPTS[script].encode())
    assert exact(report) == 175
    assert (report.publisher, report.report_year) == ("青山市教育局", 2023)


LAST_YEAR = WHOLE.replace("2023", "2022").replace("<p>", "<p>去年：", 1)
BARE = WHOLE.replace("青山市教育局2023年政府信息公开工作年度报告", "")
TITLED = {"title": "青山市教育局2023年政府信息公开工作年度报告", "content": BARE}
ANSWERS = {
    "titles beside the content": ([TITLED], [2023]),
    "several years": ([{"content": WHOLE}, {"content": LAST_YEAR}], [2022, 2023]),
    "a copy for phones": ({"content": WHOLE, "mobile": BARE}, [2023]),
}


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("name", ANSWERS)
def test_reports_in_an_answer_are_read_from_its_strings(name: str, ascii_only: bool) -> None:
    answer, years = ANSWERS[name]
    reports = read(json.dumps(answer, ensure_ascii=ascii_only).encode())
    assert sorted((r.publisher, r.report_year, exact(r)) for r in reports) == [("青山市教育局", y, 175) for y in years]


def test_chapters_that_are_strings_of_their_own_are_read_together() -> None:
    cut = WHOLE.index("三、")
    (report,) = read(json.dumps([WHOLE[:cut], WHOLE[cut:]], ensure_ascii=False).encode())
    assert (report.publisher, report.report_year, exact(report)) == ("青山市教育局", 2023, 175)


def test_a_string_too_deep_to_be_a_page_is_left_alone() -> None:
    deep = "信息公开" * 80 + "\\u003cdiv\\u003e" * 30_000
    (report,) = read(f'<html><body>{WHOLE}<script>var a="{deep}"</script></body></html>'.encode())
    assert exact(report) == 175
    (report,) = read(f'<html><body>x<script>var a="{deep}"</script></body></html>'.encode())
    assert [problem.code for problem in report.problems] == ["not_a_report"]


def test_figures_have_their_places() -> None:
    report = page(requests=requests(*STANDARD))
    figure = next(f for f in report.figures if (f.row, f.column) == ("received", "total"))
    assert figure.place is not None
    assert (figure.place.grid, figure.place.row, figure.place.column) == (0, 3, 7)


def test_spans_are_laid_out_as_a_browser_does() -> None:
    grid = lay_out([[(["a"], 2, 1), (["b"], 1, 2)], [(["c"], 1, 1), (["d"], 1, 1)]], 0)
    assert [(c.text, c.row, c.column) for c in grid.cells] == [("a", 0, 0), ("b", 0, 1), ("c", 1, 1), ("d", 1, 2)]


LABELS = [
    ("2.其他法律行政止公开", "refused.prohibited_by_law"),
    ("上年结转政府信息公开数量", "carried_in"),
    ("1.逾期不补正", "other_handling.uncorrected"),
    ("行政事业型收费", "fees"),
    ("规 章", "rules"),
    ("(三)不予公开1.属于国家秘密", "refused.state_secret"),
    ("５．属于三类内部事务信息", "refused.internal_affairs"),
    ("二、上年结转政府信息公开申请数量", "carried_in"),
    ("行政处分", None),
    ("行政检查", None),
    ("主动公开政府信息情况", None),
    ("结果", None),
    ("数量", None),
]


@pytest.mark.parametrize(("label", "code"), LABELS)
def test_row_labels(label: str, code: str | None) -> None:
    found = {hit.code for hit in lookup(label) if hit.kind == "row" and hit.table in ("proactive", "requests")}
    assert found == ({code} if code else set())


def test_forms_as_rows() -> None:
    rows, columns = list(form_rows()), list(form_columns())
    assert len({row[:3] for row in rows}) == len(rows)
    assert len({column[:4] for column in columns}) == len(columns)
    assert sum(row[0] == "pre2019" for row in rows) == 58
    assert [row[3] for row in rows if row[:2] == ("2019", "requests")].count("other_handling") == 1
    assert [form_in_force(year).value for year in (2010, 2018, 2019, 2020, 2021, 2030)] == [
        "pre2019", "pre2019", "2019", "2019", "2021", "2021",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="n.png">',
        '<svg><path d="M0 0"/></svg>',
        "<canvas></canvas>",
        '<object data="n.svg"></object>',
        '<i style="background:url(n.png)"></i>',
    ],
)
def test_a_cell_that_shows_only_a_picture_is_not_blank(picture: str) -> None:
    """Nobody knows its figure: it is unread, and neither a zero nor a lapse of the publisher."""
    row = ROWS[3]
    shown = requests(*STANDARD).replace(f"<td>{VALUES[row.code][0]}</td>", f"<td>{picture}</td>", 1)
    report = page(requests=shown)
    missing = [f for f in report.figures if (f.table, f.row, f.column) == ("requests", row.code, "natural_person")]
    assert [f.state for f in missing] == [State.UNREADABLE]
    assert any(p.code == "unread_cell" and row.code in p.where for p in report.problems)
    assert exact(report) == 7 * len(ROWS) - 1
