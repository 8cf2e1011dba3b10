"""Files that are broken, hostile, empty or of another kind: one clear problem, never a crash; and archives."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from report_files import as_docx, as_pdf, as_xlsx
from report_printer import draw
from report_shapes import as_html

from parsers import read
from parsers.readers.sniffing import Format, sniff


def _report() -> tuple[bytes, bytes, bytes]:
    rng = random.Random(7)
    drawn = draw(rng, blanks=False)
    return as_docx(drawn, rng), as_xlsx(drawn, rng), as_pdf(drawn, rng)


DOCX, XLSX, PDF = _report()


def _zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_formats_are_told_by_their_bytes() -> None:
    assert [sniff(data) for data in (DOCX, XLSX, PDF)] == [Format.DOCX, Format.SHEET, Format.PDF]
    assert sniff(_zip({"a.txt": b"x"})) is Format.ZIP
    assert sniff(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) is Format.DOC
    assert sniff(b"\x89PNG\r\n\x1a\n") is Format.PICTURE
    assert sniff("<html>".encode("utf-16")) is Format.TEXT


@pytest.mark.parametrize("data", [DOCX, XLSX, PDF], ids=["docx", "xlsx", "pdf"])
def test_truncated_and_mutated_files_do_not_crash(data: bytes) -> None:
    rng = random.Random(1)
    for size in (10, 100, len(data) // 2, len(data) - 30):
        (report,) = read(data[:size])
        assert not report.is_report or report.problems is not None
    for _ in range(3):
        spoiled = bytearray(data)
        for _ in range(20):
            spoiled[rng.randrange(4, len(spoiled))] = rng.randrange(256)
        assert read(bytes(spoiled))


def test_a_broken_package_says_what_was_expected() -> None:
    (report,) = read(_zip({"word/document.xml": b"<w:document"}))
    assert {p.code for p in report.problems} == {"unreadable", "not_a_report"}
    assert "word/document.xml" in report.problems[0].message


def test_entities_of_a_package_are_not_followed() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:document xmlns:w="x">&b;</w:document>'
    (report,) = read(_zip({"word/document.xml": bomb}))
    assert not report.is_report


def test_an_archive_gives_its_reports_with_their_members_names() -> None:
    rng = random.Random(3)
    drawn = draw(rng, blanks=False)
    page = as_html(drawn, rng)
    reports = read(_zip({"年报/一.docx": DOCX, "二.html": page, "说明.txt": "说明".encode(), "__MACOSX/x": b"1"}))
    assert [report.part for report in reports] == ["年报/一.docx", "二.html"]
    assert all(report.is_report for report in reports)
    (nested,) = read(_zip({"a.zip": _zip({"b.docx": DOCX})}))
    assert nested.part == "a.zip/b.docx"


def test_archives_in_archives_and_bombs_end() -> None:
    data = DOCX
    for _ in range(6):
        data = _zip({"a.zip": data})
    (report,) = read(data)
    assert "too_large" in {p.code for p in report.problems}
    bomb = _zip({"a.txt": b"\0" * 130_000_000})
    assert len(bomb) < 1_000_000
    (report,) = read(bomb)
    assert "unreadable" in {p.code for p in report.problems}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "expected a readable picture"),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 50, "expected HTML"),
        (b"%PDF-1.4\nnothing", "PDF"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(data: bytes, words: str) -> None:
    (report,) = read(data)
    assert not report.is_report
    assert words in " ".join(problem.message for problem in report.problems)


def test_old_word_files_need_an_optional_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    (report,) = read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "libreoffice-writer-nogui" in report.problems[0].message
