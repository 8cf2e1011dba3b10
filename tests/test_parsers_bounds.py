"""Hostile sizes: what would take time or memory without end is cut at a stated limit, and all else grows linearly."""

from __future__ import annotations

import gc
import io
import time
import zipfile
from collections.abc import Callable

import pytest

from parsers import read
from parsers.reading import MAX_PIECES, MAX_REPORTS

SENTENCE = "2023年，本机关共收到政府信息公开申请12件，其中予以公开5件，部分公开2件。"
CHAPTERS = (
    "一、总体情况\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n"
    "四、政府信息公开行政复议、行政诉讼情况\n"
)  # fmt: skip
TITLE = "某局2023年政府信息公开工作年度报告\n"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def page(body: str) -> str:
    return f"<html><body>{body}</body></html>"


def cell(body: str) -> str:
    return page(f"<table><tr><td>规章</td><td>{body}</td></tr></table>")


def packed(members: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def docx(body: str) -> bytes:
    return packed({"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"})


def xlsx(data: str, after: str = "", before: str = "") -> bytes:
    """The least workbook that opens: one sheet with these rows."""
    one = '<Relationship Id="r1" Type="{type}" Target="{target}"/>'
    return packed(
        {
            "_rels/.rels": f"<Relationships {RELATIONS}>"
            + one.format(type=f"{OFFICE}/officeDocument", target="xl/workbook.xml")
            + "</Relationships>",
            "xl/workbook.xml": f'<workbook {S} {R}><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f"<Relationships {RELATIONS}>"
            + one.format(type=f"{OFFICE}/worksheet", target="worksheets/sheet1.xml")
            + "</Relationships>",
            "xl/worksheets/sheet1.xml": f"{before}<worksheet {S}><sheetData>{data}</sheetData>{after}</worksheet>",
        }
    )


WIDE = '<w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr><w:p/></w:tc>'
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{column}{row}"><v>1</v></c></row>'
STATED: dict[str, tuple[str | bytes, str]] = {
    "elements nested without end": (page("<div>" * 30_000), "nest deeper"),
    "many tags at a great depth": (page("<div>" * 3000 + "<p>x</p>" * 60_000), "nest deeper"),
    "formatting that is never closed": (page("".join(f"<p><b id={i}>" for i in range(4000))), "never closed"),
    "formatting closed too late": (
        page("<p>" + "".join(f"<b id={i}>" for i in range(300)) + "</p>" + "<p>x</p>" * 4000), "never closed"),
    "attributes without end": (page("<p " + " ".join(f"a{i}=1" for i in range(20_000)) + ">x"), "attributes"),
    "a table of too many columns": (page("<table><tr>" + "<td>1" * 25_000 + "</table>"), "a table of more than"),
    "a table of too many rows": (page("<table>" + "<tr><td>规章<td>1" * 12_000 + "</table>"), "a table of more than"),
    "tables without end": (page(f"<table><tr>{'<td>1' * 1000}</table>" * (MAX_PIECES // 1000 + 1)), "lines and tables"),
    "lines without end": (("政" * 390 + "\n") * (MAX_PIECES // 39), "lines and tables"),
    "reports without end": ((CHAPTERS + "五、存在的主要问题\n") * (MAX_REPORTS + 3), f"the first {MAX_REPORTS} of"),
    "nothing but statements": (TITLE + CHAPTERS + (SENTENCE + "\n") * 8_000, "figures stated in the text"),
    "more text than is read": ("政" * 3_000_010, "characters; at most"),
    "members without end": (packed({f"{i}.txt": "x" for i in range(70)}), "members were read"),
    "a cell in the last corner of a sheet": (xlsx(FAR.format(row=1048576, column="XFD")), "60000 cells"),
    "merged cells over a whole sheet": (
        xlsx(FAR.format(row=100, column="B"), '<mergeCells><mergeCell ref="A1:XFD60000"/></mergeCells>'), "merged"),
    "entities in a sheet": (xlsx('<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>',
                                 before='<!DOCTYPE x [<!ENTITY b "12345">]>'), "readable sheet"),
}  # fmt: skip
GROWING: dict[str, tuple[int, Callable[[int], str | bytes]]] = {
    "spans": (1500, lambda n: page("<span>" * n + "x" + "</span>" * n)),
    "tables in tables": (800, lambda n: page("<table><tr><td>" * n + "x")),
    "marks of notes in a cell": (1000, lambda n: cell("<sup>1</sup>" * n)),
    "struck out figures": (1000, lambda n: cell("<s>1</s>" * n)),
    "preformatted text that never ends": (2000, lambda n: page("<!--</pre>" + "<pre>x\n" * n)),
    "columns": (3000, lambda n: page("<table><tr>" + "<td>信息内容" * n + "</table>")),
    "columns that differ": (1000, lambda n: page("<table><tr>" + "".join(f"<td>{i}号" for i in range(n)) + "</table>")),
    "enormous spans": (1000, lambda n: page("<table>" + "<tr><td rowspan=1000000000 colspan=1000000000>规章<td>1" * n)),
    "tables": (1500, lambda n: page("<table><tr><td>规章<td>1</table>" * n)),
    "rows of one code": (2000, lambda n: page("<table>" + "<tr><td>规章<td>1<td>2<td>3" * n + "</table>")),
    "the same requests": (800, lambda n: page("<table>" + f"<tr><td>（一）予以公开{'<td>1' * 7}" * n + "</table>")),
    "heads of tables": (1500, lambda n: page("<table>" + "<tr><td>自然人<td>商业企业<td>科研机构" * n + "</table>")),
    "one line": (60_000, lambda n: "政" * n),
    "one number": (60_000, lambda n: "1" * n),
    "a number in a cell": (60_000, lambda n: cell("1" * n)),
    "a number in a sentence": (60_000, lambda n: f"{CHAPTERS}收到政府信息公开申请{'1' * n}件。"),
    "a numeral in a sentence": (60_000, lambda n: f"{CHAPTERS}收到政府信息公开申请{'一' * n}件。"),
    "blanks in a sentence": (60_000, lambda n: f"{CHAPTERS}收到{' ' * n}件。"),
    "blanks in a line": (60_000, lambda n: "规章" + " " * n + "x"),
    "brackets": (30_000, lambda n: cell("(" * n)),
    "ruling lines": (30_000, lambda n: "|" + "-+" * n + "x"),
    "commas": (30_000, lambda n: "1," * n),
    "years": (10_000, lambda n: "2023年" * n),
    "days": (5_000, lambda n: "发布时间：2023-01-0 " * n),
    "a title": (20_000, lambda n: f"<title>{'关于政府信息公开' * n}</title><p>x"),
    "a trail": (10_000, lambda n: "首页 > " * n),
    "subjects": (10_000, lambda n: CHAPTERS + "2023年某局某局某" * n),
    "titles": (1000, lambda n: TITLE * n),
    "chapters": (1500, lambda n: "一、总体情况\n" * n),
    "numbered lines": (1000, lambda n: "\n".join(f"（一）主动公开情况{i}" for i in range(n))),
    "sentences without a stop": (4000, lambda n: CHAPTERS + SENTENCE.replace("。", "，") * n),
    "shares": (4000, lambda n: CHAPTERS + "占5%," * n),
    "labels nearly ours": (1000, lambda n: "\n".join(f"结转政府信息公开申请{chr(0x4E00 + i)}" for i in range(n))),
    "bars": (3000, lambda n: "| | |\n" * n),
    "tabs": (4000, lambda n: "a\tb\n" * n),
    "labels and figures": (2000, lambda n: "规章\n1\n" * n),
    "rows with blanks": (1500, lambda n: "规章 1 2 3\n" * n),
    "quotes in a script": (3000, lambda n: page("<script>var a='" + "\\'" * n + "</script>")),
    "records in a script": (3000, lambda n: page("<script type=text/xml>" + "<![CDATA[" * n + "</script>")),
    "JSON in JSON": (5000, lambda n: '{"a":' * n + "1" + "}" * n),
    "a list of reports": (800, lambda n: page(f"<ul>{'<li><a href=x>' + TITLE + '</a></li>'}</ul>" * n)),
    "Word cells": (2000, lambda n: docx(f"<w:tbl><w:tr>{'<w:tc><w:p/></w:tc>' * n}</w:tr></w:tbl>")),
    "Word tables": (1000, lambda n: docx("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>" * n)),
    "Word spans": (1000, lambda n: docx(f"<w:tbl><w:tr>{WIDE * n}</w:tr></w:tbl>")),
}  # fmt: skip


def as_bytes(document: str | bytes) -> bytes:
    return document.encode() if isinstance(document, str) else document


@pytest.mark.parametrize("name", STATED)
def test_a_limit_is_stated(name: str) -> None:
    document, words = STATED[name]
    messages = [problem.message for report in read(as_bytes(document)) for problem in report.problems]
    assert any(words in message for message in messages), messages[:3]


def seconds(document: bytes) -> float:
    """Seconds of CPU that reading takes, without the collector's walks through all that other tests left behind."""
    gc.disable()
    try:
        start = time.process_time()
        assert read(document)
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("name", GROWING)
def test_time_grows_with_the_size_and_not_with_its_square(name: str) -> None:
    size, made = GROWING[name]
    small, large = as_bytes(made(size)), as_bytes(made(4 * size))
    few, many = seconds(small), seconds(large)
    for _ in range(4):  # other work on the machine only ever adds
        if many <= max(few, 0.03) * 8:
            break
        few, many = seconds(small), min(many, seconds(large))
    assert many <= max(few, 0.03) * 8, (few, many)  # four times as much; the square would be sixteen times


def test_ordinary_markup_stays_within_the_bounds() -> None:
    spans = "<p><b><font face=宋体><span lang=EN-US>" * 20 + "文" + "</span></font></b></p>" * 20
    picture = f'<img src="data:image/png;base64,{"iVBORw0KGgo/" * 20_000}">'
    for body in ("<td>" + "<p>文" * 3000, spans * 100, "<font size=3>" * 3 + "<p>文</p>" * 5000, picture):
        (report,) = read(as_bytes(page(f"<h1>{TITLE}</h1>{body}")))
        assert not any("not that of a page" in problem.message for problem in report.problems)
