"""Scanned reports read back: no wrong cell, a problem for every unread one, nothing certain; and hostile pictures."""

from __future__ import annotations

import base64
import io
import os
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from report_printer import Drawn, draw
from report_scans import Wear, as_file, as_scan, as_sheets, worn
from test_parsers_generated import emptied, unread, wrong

from parsers import read
from parsers.model import Report, State
from parsers.ocr import process
from parsers.readers.archives import in_pages
from parsers.readers.inline import carried_pictures
from parsers.readers.mhtml import page_of

SEED = int(os.environ.get("OGIWATCH_SEED", "20201216"))
ROOT = Path(__file__).parents[1]


def only(drawn: Drawn, *tables: str) -> Drawn:
    """The report with some of its tables: a page takes the engine ten seconds."""
    drawn.tables = tuple(table for table in drawn.tables if table in tables)
    drawn.values = {key: value for key, value in drawn.values.items() if key[0] in drawn.tables}
    return drawn


def drawn_with(rng: random.Random, *tables: str) -> Drawn:
    while True:
        drawn = draw(rng, blanks=True)
        if set(tables) <= set(drawn.tables):
            return only(drawn, *tables)


def held(drawn: Drawn, reports: tuple[Report, ...]) -> int:
    """How many cells were left unread; every other one must be right and none certain."""
    (report,) = reports
    faults = list(wrong(drawn, report))
    assert not faults, faults[:5]
    absent = unread(drawn, report)
    said = {"/".join(p.where.split("/")[:2]) for p in report.problems} | {p.where for p in report.problems}
    silent = {key for key in absent if f"{key[0]}/{key[1]}" not in said and key[0] not in said}
    assert not silent, sorted(silent)[:5]
    assert all(f.confidence < 1 for f in report.figures if f.raw or f.state is not State.UNREADABLE)
    assert report.text_confidence < 1
    assert report.report_year == drawn.year
    return len(absent)


SCANS = [
    pytest.param(Wear(dpi=150, angle=1.7, noise=4, grey=245), ("proactive", "disputes"), "PDF", id="grainy and askew"),
    pytest.param(Wear(dpi=150, stamp=True, lean=0.01, grey=235), ("proactive", "disputes"), "ZIP", id="stamped, two"),
    pytest.param(Wear(dpi=110, turned=1, quality=85), ("disputes",), "HTML", id="coarse, lying, in a page"),
    pytest.param(Wear(dpi=120, angle=0.6, desk=True), ("disputes",), "PNG", id="on a dark desk"),
    pytest.param(Wear(dpi=150, angle=0.8, noise=3, lines="level"), ("proactive", "disputes"), "PNG", id="level lines"),
]


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    process.prepare(1)  # two test processes share the cores


@pytest.mark.parametrize(("wear", "tables", "kind"), SCANS)
def test_a_scanned_page_is_read(wear: Wear, tables: tuple[str, ...], kind: str) -> None:
    rng = random.Random(SEED * 5_000_011 + wear.dpi)
    drawn = drawn_with(rng, *tables)
    (page,) = as_sheets(drawn, rng, wear.dpi, wear.lines)
    seen = worn(page, wear, rng)
    if kind == "HTML":
        data = _page(drawn, as_file([seen], "JPEG", wear))
    elif kind == "ZIP":
        data = _archive([as_file([half], "PNG", wear) for half in _halves(page, wear, rng)])
    else:
        data = as_file([seen], kind, wear)
    reports = read(data, name="report")
    missed = held(drawn, reports)
    assert missed <= 1, (missed, len(drawn.values))
    width, height = (seen.width * 72 / wear.dpi, seen.height * 72 / wear.dpi) if kind == "PDF" else seen.size
    places = [figure.place for figure in reports[0].figures if figure.place]
    assert len(places) == len(drawn.values) - sum(not f.place for f in reports[0].figures)
    for place in places:
        assert place.page in ((1, 2) if kind == "ZIP" else (1,)) and place.box is not None
        left, top, right, bottom = place.box
        assert 0 < left < right <= width and 0 < top < bottom <= height


def _halves(page: Image.Image, wear: Wear, rng: random.Random) -> list[Image.Image]:
    """The page cut between two of its tables, each half worn by itself."""
    blank = [y for y in range(0, page.height - 8, 4) if page.crop((0, y, page.width, y + 8)).getextrema()[0][0] == 255]
    at = min(blank, key=lambda y: abs(y - page.height * 0.3))
    sheets = [Image.new("RGB", page.size, "white") for _ in range(2)]
    sheets[0].paste(page.crop((0, 0, page.width, at)))
    sheets[1].paste(page.crop((0, at, page.width, page.height)), (0, 40))
    return [worn(sheet, wear, rng) for sheet in sheets]


def _archive(pictures: list[bytes]) -> bytes:
    """A ZIP of pages whose order is that of their numbers, not of their letters."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number, picture in reversed([*enumerate(pictures, 9)]):
            archive.writestr(f"年报/第{number}页.png", picture)
    return stream.getvalue()


def _page(drawn: Drawn, picture: bytes) -> bytes:
    """A page that carries the picture of its tables in itself."""
    source = f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"
    chapters = "".join(f"<p>{words}</p>" for words in ("一、总体情况", "按时更新栏目。", "二、主动公开政府信息情况"))
    icon = '<img src="data:image/png;base64,iVBORw0KGgo=">'
    image = f'<p><img alt="" src="{source}"></p>'
    return f"<html><body>{icon}<h1>{drawn.title}</h1>{chapters}{image}<p>五、存在的主要问题</p></body></html>".encode()


def test_pictures_that_differ_in_a_number_are_pages_and_years_are_no_numbers() -> None:
    names = ["a/10.jpg", "b.png", "a/2.JPG", "S_20230112_02.jpg", "S_20230112_01.jpg", "局2022.png", "局2023.png"]
    groups = in_pages(names)
    assert ("a/2.JPG", "a/10.jpg") in groups and ("S_20230112_01.jpg", "S_20230112_02.jpg") in groups
    assert ("局2022.png",) in groups and ("局2023.png",) in groups and ("b.png",) in groups


def test_a_page_takes_the_pictures_that_were_fetched_with_it_and_leaves_the_others() -> None:
    page = '<p>一、总体</p><img src="./W1.jpg"><img src="/p/a&amp;b.png"><img src=W9.jpg><img src="data:text/css,x">'
    beside = {"http://a.cn/x/W1.jpg": b"1", "http://a.cn/p/a&b.png": b"2"}
    found = carried_pictures(page, beside, "http://a.cn/x/t1.html")
    assert found.pictures == (b"1", b"2")
    assert found.markup.count("<img") == 1 and "W9.jpg" in found.markup


def test_a_web_archive_gives_its_page_the_pictures_beside_it() -> None:
    picture = base64.b64encode(_png(40, 40) * 60).decode()
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n"
    page = "--B\r\nContent-Type: text/html\r\nContent-Location: http://a.cn/x/t.html\r\n\r\n<p>一<img src=W1.png>\r\n"
    kind = "--B\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
    one = f"{kind}Content-Location: W1.png\r\n\r\n{picture}\r\n"
    other = f"{kind}Content-ID: <p2>\r\n\r\n{picture}\r\n--B--"
    found = page_of((head + page + one + other).encode())
    assert found.url == "http://a.cn/x/t.html" and "一<img".encode() in found.data
    assert set(found.pictures) == {"http://a.cn/x/W1.png", "cid:p2"}


@pytest.mark.campaign
def test_worn_reports_are_never_misread() -> None:
    cells = missed = 0
    for number in range(int(os.environ.get("OGIWATCH_SCANS", "10"))):
        rng = random.Random(SEED * 7_000_003 + number)
        drawn, wear = draw(rng, blanks=True), Wear.draw(rng)
        missed += held(drawn, read(as_scan(drawn, rng, wear), name="report"))
        cells += len(drawn.values)
    assert missed <= cells * 0.005, (missed, cells)  # 0.2 % of 6,448 when last measured


@pytest.mark.campaign
def test_worn_reports_without_lines_are_never_misread() -> None:
    cells = missed = 0
    for number in range(int(os.environ.get("OGIWATCH_SCANS", "10")) // 2):
        rng = random.Random(SEED * 9_000_011 + number)
        drawn, wear = draw(rng, blanks=True), Wear.draw(rng)
        wear = replace(wear, lean=0.0, lines=rng.choice(["level", "none"]))
        reports = read(as_scan(drawn, rng, wear), name="report")
        missed += held(drawn, reports)
        assert not list(emptied(drawn, reports[0]))
        cells += len(drawn.values)
    assert missed <= cells * 0.1, (missed, cells)


def _png(width: int, height: int) -> bytes:
    """A PNG that says its size and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + content


def _blank() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_png(100_000, 100_000), "100000 x 100000 pixels"),
        (_png(20_000, 20), "is no page"),
        (_png(500, 500), "expected a readable picture"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, "expected a readable picture"),
        (b"II*\x00" + b"\xff" * 500, "expected a readable picture"),
        (b"RIFF\xff\xff\xff\x7fWEBPVP8 " + b"\1" * 300, "expected a readable picture"),
        (_blank(), "without text or tables"),
    ],
    ids=["bomb", "strip", "no pixels", "no jpeg", "no tiff", "no webp", "blank"],
)
def test_hostile_and_empty_pictures_end_in_one_clear_problem(data: bytes, words: str) -> None:
    (report,) = read(data)
    assert not report.is_report
    assert words in report.problems[0].message


def test_a_process_that_dies_or_dawdles_is_said_and_the_next_picture_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "without text" in read(_blank())[0].problems[0].message
    held_by_us = process._life.process
    assert held_by_us is not None
    held_by_us._child.kill()
    assert "ended while reading" in read(_blank())[0].problems[0].message
    assert "without text" in read(_blank())[0].problems[0].message
    monkeypatch.setattr(process, "PAGE_SECONDS", 0.0)
    assert "took longer" in read(_blank())[0].problems[0].message


ABSENT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "rapidocr":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
from parsers import read
for path in sys.argv[1:]:
    (report,) = read(open(path, "rb").read())
    print(report.problems[0].code, report.problems[0].message)
"""


def test_without_the_extra_the_problem_says_which_and_how_to_install_it(tmp_path: Path) -> None:
    page = Image.new("RGB", (800, 1100), "white")
    picture, scan = tmp_path / "a.png", tmp_path / "b.pdf"
    page.save(picture)
    page.save(scan)
    done = subprocess.run(
        [sys.executable, "-c", ABSENT, str(picture), str(scan)], capture_output=True, text=True, cwd=ROOT, check=True
    )
    first, second = done.stdout.splitlines()
    assert first.startswith("unreadable ") and second.startswith("picture_only ")
    assert all("extra 'ocr'" in line and "`make extras`" in line for line in (first, second))
