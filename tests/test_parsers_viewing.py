"""Every cell and every stated figure points to where it stands, and what is packed for a page shows just that there."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from report_files import as_docx, as_pdf, as_xlsx
from report_printer import Drawn, draw, plain_page
from report_shapes import TEXT_SHAPES, as_html, as_text

from parsers import read
from parsers.model import Block, Report
from parsers.viewing import pack, sealed
from samples.printing import print_report
from samples.report_model import SAMPLES, load_sample

FOLDER = Path(__file__).parent / "data" / "samples"
WRITERS: dict[str, Callable[[Drawn, random.Random], bytes]] = {
    "html": as_html,
    "text": lambda drawn, rng: as_text(drawn, rng, rng.choice(TEXT_SHAPES)),
    "docx": as_docx,
    "xlsx": as_xlsx,
}


def unpacked(report: Report) -> dict[str, Any]:
    return json.loads(zlib.decompress(pack(report)))


def shown_at(view: dict[str, Any], place: dict[str, Any]) -> str | None:
    """The text of a place in the packed document: of a cell, else of a stretch of text."""
    if "grid" in place:
        for part in view["parts"]:
            if part[0] == "g" and part[1] == place["grid"]:
                for cell in part[3]:
                    own = cell[5:] or cell[:2]
                    if own == [place["row"], place["column"]]:
                        return str(cell[4])
        return None
    for part in view["parts"]:
        if part[0] == "b" and part[1] <= place["start"] and place["end"] <= part[1] + len(part[2]):
            return str(part[2][place["start"] - part[1] : place["end"] - part[1]])
    return None


def said_at(report: Report) -> Iterator[tuple[str, str]]:
    """What stands at the place of each statement, and what its section says there."""
    assert report.document is not None
    blocks = [part for part in report.document.parts if isinstance(part, Block)]
    for said in report.statements:
        texts = [report.preamble] if not said.section else [s.text for s in report.sections if s.number == said.section]
        text = next(text for text in texts if said.sentence in text or len(texts) == 1)
        place = said.place
        assert place is not None and place.start is not None and place.end is not None
        (block,) = [b for b in blocks if b.start <= place.start < b.start + len(b.text)]
        yield block.text[place.start - block.start : place.end - block.start], text[said.start : said.end]


def lost(report: Report) -> list[tuple[str, str, str | None]]:
    """The figures whose place shows another text than was read."""
    view = unpacked(report)
    raws = {(f.table, f.row, f.column): f.raw for f in report.figures}
    found = [(":".join(key), raws[tuple(key)], shown_at(view, place)) for *key, place in view["figures"]]
    return [(key, raw, shown) for key, raw, shown in found if shown is None or shown.strip() != raw.strip()]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_cell_points_to_the_text_it_was_read_from(kind: str) -> None:
    checked = 0
    for seed in range(12):
        rng = random.Random(seed)
        drawn = draw(rng, blanks=True)
        (report,) = read(WRITERS[kind](drawn, rng), name=f"x.{kind}")
        assert lost(report) == []
        checked += len(report.figures)
        assert all(f.place.sheet for f in report.figures if f.place) == (kind == "xlsx")
    assert checked > 500


def test_a_cell_of_a_pdf_points_to_its_page_and_box() -> None:
    rng = random.Random(5)
    (report,) = read(as_pdf(draw(rng, blanks=False), rng), name="x.pdf")
    places = [f.place for f in report.figures]
    assert len({(p.page, p.box) for p in places if p}) == len(report.figures) > 50
    for place in places:
        assert place is not None and place.page is not None and place.box is not None and place.grid is not None
        x0, top, x1, bottom = place.box
        assert 0 <= x0 < x1 <= 595 and 0 <= top < bottom <= 842
    assert unpacked(report)["parts"] == []  # its pages are shown as they are
    assert all(span.page and span.box for spans in report.origins for span in spans)


def test_statements_and_passages_point_into_the_document() -> None:
    checked = 0
    pages = {p.name: p.read_bytes() for p in sorted(FOLDER.iterdir()) if p.suffix in (".html", ".txt")}
    pages |= {f"{number}.html": print_report(load_sample(number)).encode() for number in SAMPLES}
    for name, data in pages.items():
        for report in read(data, name=name):
            for shown, said in said_at(report) if report.is_report else ():
                assert shown == said, name
                checked += 1
            for section, spans in zip(
                (report.preamble, *(s.text for s in report.sections)), report.origins, strict=False
            ):
                assert "\n".join(section[s.offset : s.offset + s.length] for s in spans) == section
    assert checked > 60


def test_tables_are_counted_over_the_whole_page_where_it_holds_several_reports() -> None:
    bodies = ""
    for name, seed in (("甲县人民政府", 8), ("乙县人民政府", 9)):
        drawn = replace(draw(random.Random(seed), blanks=False), publisher=name)
        bodies += f"<p>{drawn.title}</p>{plain_page(drawn)}"
    reports = [r for r in read(f"<html><body>{bodies}</body></html>".encode(), name="x.html") if r.is_report]
    assert len(reports) == 2
    grids = [{f.place.grid for f in r.figures if f.place} for r in reports]
    assert max(grids[0]) < min(grids[1])
    for report in reports:
        assert lost(report) == []


def test_what_is_packed_is_text_and_small() -> None:
    script = "<script>alert(1)</script><img src=http://x/ onerror=alert(1)>"
    data = (FOLDER / sorted(p.name for p in FOLDER.iterdir() if p.suffix == ".html")[0]).read_bytes()
    (report, *_) = read(script.encode() + data, name="x.html")
    view = json.dumps(unpacked(report))
    assert "onerror" not in view and "http://x/" not in view
    assert len(pack(report)) < max(6000, len(data) // 4)
    closed = sealed(report, keep=True)
    assert closed.document is None and closed.view and closed == report
    assert sealed(report, keep=False).view == b""
