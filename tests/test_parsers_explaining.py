"""What `explain` says about a document is what `read` did with it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from parsers.explaining import explain
from scheduler.commands.read import command
from scheduler.home import Home

HEAD = (
    "<tr><td>申请</td><td>自然人</td><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td>"
    "<td>其他</td><td>总计</td></tr>"
)
PAGE = (
    "<html><body><h1>某区统计局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>按季更新。</p>"
    "<p>二、主动公开政府信息情况</p><p>三、收到和处理政府信息公开申请情况</p><table>{}</table></body></html>"
)


def lines(rows: str) -> str:
    return "\n".join(explain(PAGE.format(HEAD + rows).encode(), name="a.html"))


def test_a_row_that_was_read_is_shown_with_its_label_and_its_figures() -> None:
    said = lines("<tr><td>二、上年结转政府信息公开申请数量</td>" + "<td>1</td>" * 6 + "<td>6</td></tr>")
    assert "'二、上年结转政府信息公开申请数量' is requests carried_in (exactly): natural_person 1" in said
    assert "report: publisher 某区统计局, year 2023" in said
    assert "heading '三、收到和处理政府信息公开申请情况': chapter 3 by its words" in said


def test_a_row_that_was_not_read_is_shown_with_the_reason() -> None:
    said = lines("<tr><td>二、上年结转政府信息公开申请数量</td>" + "<td>1</td>" * 5 + "</tr>")
    assert "is requests carried_in (exactly), UNREAD: expected 7 figures, found 5" in said


def test_what_is_no_row_of_the_form_is_named() -> None:
    said = lines("<tr><td>本局自行增加的一行</td><td>3</td></tr>")
    assert "heading or none of the form's: 本局自行增加的一行 | 3" in said


def test_a_report_that_an_answer_or_a_script_holds_is_explained_as_it_was_read() -> None:
    rows = "<tr><td>二、上年结转政府信息公开申请数量</td>" + "<td>1</td>" * 6 + "<td>6</td></tr>"
    page = PAGE.format(HEAD + rows)
    answer = json.dumps({"title": "年报", "content": page})
    for document in (answer, f"<html><script>var held = {json.dumps(page)};</script></html>"):
        first, *others = explain(document.encode(), name="a.html")
        assert first == f"read from a string of {len(page)} characters that the answer, or a script of the page, holds"
        assert any("is requests carried_in (exactly): natural_person 1" in line for line in others)


def test_what_cannot_be_opened_is_said() -> None:
    assert "cannot be opened" in next(iter(explain(b"\x89PNG\r\n\x1a\n" + b"0" * 100)))


def test_the_command_explains_files_and_names_those_it_cannot_open(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(PAGE.format(HEAD), "utf-8")
    outcome = CliRunner().invoke(command, ["--explain", str(page), str(tmp_path / "none.html")], obj=Home(tmp_path))
    assert outcome.exit_code == 2
    assert "heading '一、总体情况': chapter 1 by its words" in outcome.output
    assert "none.html" in outcome.output


def test_a_table_without_lines_is_said_to_be_one() -> None:
    data = (Path(__file__).parent / "data" / "samples" / "f_pdf_without_lines.pdf").read_bytes()
    assert "without lines: each figure in the column of the heading above it" in "\n".join(explain(data))
