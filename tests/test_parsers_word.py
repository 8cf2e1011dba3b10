"""What Word puts into a file beside its letters, and old Word files through LibreOffice: no figure gained or lost."""

from __future__ import annotations

import io
import socket
import subprocess
import tempfile
import threading
import zipfile
from pathlib import Path

import pytest

from parsers import read
from parsers.model import Block, Document, Grid, ParserError
from parsers.readers import office
from parsers.readers.docx import read_docx
from parsers.readers.office import read_office
from parsers.readers.sniffing import Format, sniff

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(body: str, **others: str | bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        root = f'<w:document xmlns:w="{_W}" xmlns:mc="{_MC}" xmlns:r="{_R}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", root)
        for name, content in others.items():
            archive.writestr("word/" + name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc><w:p>{cell}</w:p></w:tc>" for cell in cells) + "</w:tr>"


def lines(document: Document) -> list[str]:
    return [part.text for part in document.parts if isinstance(part, Block)]


def cells(document: Document) -> list[list[str]]:
    (grid,) = (part for part in document.parts if isinstance(part, Grid))
    return [[cell.text for cell in grid.cells if cell.row == r] for r in range(grid.rows)]


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (run("7") + "<w:del><w:r><w:delText>9</w:delText></w:r></w:del>" + f"<w:ins>{run('6')}</w:ins>", "76"),
        (f"<w:moveFrom>{run('9')}</w:moveFrom><w:moveTo>{run('4')}</w:moveTo>", "4"),
        (run("12") + run("9", "<w:vanish/>"), "12"),
        (run("9", "<w:strike/>") + run("12", '<w:strike w:val="0"/>'), "12"),
        (run("9", "<w:dstrike/>") + run("3"), "3"),
        (run("314") + run("1", '<w:vertAlign w:val="superscript"/>'), "314¹"),
        (f"<mc:AlternateContent><mc:Choice>{run('5')}</mc:Choice><mc:Fallback>{run('5')}</mc:Fallback>"
         "</mc:AlternateContent>", "5"),
        (f'<w:fldSimple w:instr=" =SUM(LEFT) ">{run("8")}</w:fldSimple>', "8"),
        ('<w:fldSimple w:instr=" =SUM(LEFT) "/>', "\ufffc"),
        ('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:listEntry w:val="8"/></w:ddList></w:ffData>'
         "</w:fldChar></w:r>", "\ufffc"),
        ("<w:r><w:instrText>SEQ 9</w:instrText></w:r>" + run("8"), "8"),
        ('<w:r><w:sym w:font="Symbol" w:char="F031"/></w:r>', "1"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F031"/></w:r>', "\ufffd"),
        ("<w:r><w:noBreakHyphen/></w:r>" + run("3"), "-3"),
        (run("2") + '<w:r><w:footnoteReference w:id="2"/></w:r>', "2"),
        (f"<w:sdt><w:sdtContent>{run('6')}</w:sdtContent></w:sdt>", "6"),
    ],
)  # fmt: skip
def test_a_cell_says_what_is_printed(runs: str, text: str) -> None:
    assert cells(read_docx(package(f"<w:tbl>{row(run('规章'), runs)}</w:tbl>"))) == [["规章", text]]


def test_deleted_and_hidden_rows_and_deleted_cells_are_not_there() -> None:
    gone = row(run("旧"), run("9")).replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>")
    hidden = row(run("藏"), run("9")).replace("<w:tr>", "<w:tr><w:trPr><w:hidden/></w:trPr>")
    cell = f"<w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p>{run('9')}</w:p></w:tc></w:tr>"
    kept = row(run("规章"), run("1")).replace("</w:tr>", cell)
    assert cells(read_docx(package(f"<w:tbl>{gone}{kept}{hidden}</w:tbl>"))) == [["规章", "1"]]


def test_merged_cells_end_where_the_next_row_has_another_one() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{run(text)}</w:p></w:tc>"

    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = "".join(
        f"<w:tr>{line}</w:tr>"
        for line in (
            cell("甲", start) + cell("1"),
            cell("", on) + cell("2"),
            cell("乙", '<w:gridSpan w:val="2"/>'),
            cell("丙", on) + cell("3"),  # goes on with nothing: a cell of its own
            cell("丁", '<w:hMerge w:val="restart"/>') + cell("", '<w:hMerge w:val="continue"/>'),
        )
    )
    (grid,) = read_docx(package(f"<w:tbl>{table}</w:tbl>")).parts
    assert isinstance(grid, Grid)
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in grid.cells] == [
        ("甲", 0, 0, 2, 1), ("1", 0, 1, 1, 1), ("2", 1, 1, 1, 1), ("乙", 2, 0, 1, 2), ("丙", 3, 0, 1, 1),
        ("3", 3, 1, 1, 1), ("丁", 4, 0, 1, 2),
    ]  # fmt: skip


def test_text_boxes_come_once_and_apart_from_the_paragraph_they_hang_on() -> None:
    box = f"<w:txbxContent><w:p>{run('框中')}</w:p><w:tbl>{row(run('规章'), run('5'))}</w:tbl></w:txbxContent>"
    both = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    drawn = f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>"
    document = read_docx(package(f"<w:p>{run('正文')}{drawn}</w:p>"))
    assert lines(document) == ["正文", "框中"]
    assert cells(document) == [["规章", "5"]]


def test_numbers_that_word_counts_by_itself_are_printed() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (style, text) in enumerate([("chineseCounting", "%1、"), ("decimal", "%2."), ("bullet", "*")])
    )
    lists = (
        f'<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>'
    )
    styles = (
        f'<w:styles xmlns:w="{_W}"><w:style w:type="paragraph" w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/>'
        '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>'
        "</w:styles>"
    )

    def paragraph(text: str, level: int = 0, number: int = 1) -> str:
        pair = f'<w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
        return f"<w:p><w:pPr><w:numPr>{pair}</w:numPr></w:pPr>{run(text)}</w:p>"

    body = [
        f'<w:p><w:pPr><w:pStyle w:val="b"/></w:pPr>{run("总体情况")}</w:p>', paragraph("甲", 1), paragraph("乙", 1),
        paragraph("主动公开政府信息情况"), paragraph("丙", 1), paragraph("点", 2), paragraph("别的", 0, 2),
        f'<w:p><w:pPr><w:pStyle w:val="a"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>{run("无号")}</w:p>',
    ]  # fmt: skip
    document = read_docx(package("".join(body), numbering_xml=lists, styles_xml=styles))
    assert lines(document) == [
        "一、总体情况", "1.甲", "2.乙", "二、主动公开政府信息情况", "1.丙", "点", "一、别的", "无号",
    ]  # fmt: skip


def test_a_page_put_into_the_document_as_a_chunk_is_read() -> None:
    page = "<html><body><p>一、总体情况</p><table><tr><td>规章</td><td>5</td></tr></table></body></html>"
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="page.html"/><Relationship Id="r2" Target="http://x/y" TargetMode="External"/>'
        "</Relationships>"
    )
    chunks = '<w:altChunk r:id="r1"/><w:altChunk r:id="r2"/><w:altChunk r:id="r3"/>'
    others = {"_rels__document_xml.rels": links, "page.html": page}
    document = read_docx(package(chunks, **others))
    assert (lines(document), cells(document)) == (["一、总体情况"], [["规章", "5"]])


def test_pictures_without_a_table_are_said() -> None:
    (problem,) = read_docx(package(f"<w:p>{run('一、总体情况')}<w:r><w:drawing/></w:r></w:p>")).problems
    assert problem.code == "picture_only"


RTF = rb"{\rtf1\ansi{\*\template http://127.0.0.1:%d/t.dot}\pard here {\field{\*\fldinst INCLUDEPICTURE "
RTF += rb'"http://127.0.0.1:%d/a.png" \\d}{\fldrslt }}{\field{\*\fldinst INCLUDETEXT "http://127.0.0.1:%d/b.txt"}'
RTF += rb"{\fldrslt there}}\par}"


def open_document_text(port: int) -> bytes:
    office_name, link = "urn:oasis:names:tc:opendocument:xmlns", f"http://127.0.0.1:{port}"
    prefixes = {"office": "office", "text": "text", "draw": "drawing"}
    names = " ".join(f'xmlns:{prefix}="{office_name}:{name}:1.0"' for prefix, name in prefixes.items())
    content = (
        f'<?xml version="1.0"?><office:document-content {names} xmlns:xlink="http://www.w3.org/1999/xlink" '
        'office:version="1.2"><office:body><office:text><text:p>here <draw:frame text:anchor-type="as-char">'
        f'<draw:image xlink:href="{link}/a.png" xlink:type="simple"/></draw:frame></text:p><text:section text:name="s">'
        f'<text:section-source xlink:href="{link}/b.odt" xlink:type="simple"/><text:p>there</text:p></text:section>'
        "</office:text></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}"/>'
        for path, media in (("/", kind), ("content.xml", "text/xml"))
    )
    manifest = f'<manifest:manifest xmlns:manifest="{office_name}:manifest:1.0">{entries}</manifest:manifest>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return stream.getvalue()


def test_nothing_a_document_links_to_is_fetched() -> None:
    """Without our settings LibreOffice asks for the picture of the second document."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def listen() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                with caller:
                    asked.append(caller.recv(200))

        threading.Thread(target=listen, daemon=True).start()
        for data in (RTF % (port, port, port), open_document_text(port)):
            assert sniff(data) is Format.DOC
            text = " ".join(lines(read_office(data)))
            assert "here" in text and "there" in text
        server.shutdown(socket.SHUT_RDWR)
    assert asked == []


def test_a_program_that_hangs_is_killed_with_its_children_and_its_folder_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nsleep 600 & echo $! >{tmp_path}/child\nwait\n")
    program.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name: str(program))
    monkeypatch.setattr(office, "TIMEOUT_SECONDS", 1)
    (tmp_path / "ogiwatch-office-left").mkdir()
    (tmp_path / "ogiwatch-office-left" / "lock").touch()  # of a process that was killed
    with pytest.raises(ParserError, match="within 1 seconds"):
        read_office(b"{\\rtf1 x}")
    child = int((tmp_path / "child").read_text())
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(child)], capture_output=True, text=True).stdout.strip()
    assert state[:1] in ("", "Z"), state
    assert not list(tmp_path.glob("ogiwatch-office-*"))


def test_a_folder_in_use_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with office._folder() as first, office._folder() as second:
        assert first.is_dir() and second.is_dir() and first != second


@pytest.mark.parametrize("data", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), b"\x01\xfe\x32" + bytes(600)])
def test_what_libreoffice_cannot_open_is_said(data: bytes) -> None:
    (report,) = read(data)
    assert report.problems[0].code == "unreadable" and not report.figures


def test_a_page_named_doc_and_a_page_with_its_pictures_in_one_file() -> None:
    page = "<html><body><p>某县水利局2023年政府信息公开工作年度报告</p><p>一、总体情况</p></body></html>"
    mht = (
        b"From: <Saved by WebKit>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        b'\tboundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset="gb2312"\r\n'
        b"Content-Transfer-Encoding: 8bit\r\n\r\n" + page.encode("gbk") + b"\r\n--b--\r\n"
    )
    for data in (page.encode(), mht):
        (report,) = read(data, name="report.doc")
        assert (report.title, report.report_year) == ("某县水利局2023年政府信息公开工作年度报告", 2023)


def test_files_locked_with_a_password_are_named() -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    (report,) = read(locked)
    assert "password" in report.problems[0].message


def test_two_conversions_at_once() -> None:
    data = b"{\\rtf1\\ansi one\\par two\\par}"
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(lines(read_office(data)))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["one", "two"]] * 2
