"""What the site says of doubtful readings, and what it does with documents that cannot be drawn."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from site_client import open_site, page


def test_a_figure_read_with_doubt_is_marked_with_its_confidence() -> None:
    doubts = ("UPDATE cells SET confidence = 0.62 WHERE state = 'number'", "UPDATE reports SET text_confidence = 0.8")
    site = open_site(*doubts)
    with closing(sqlite3.connect(site.path)) as conn:
        (number,) = conn.execute("SELECT min(report_id) FROM cells WHERE confidence < 1").fetchone()
    shown = site.page(f"/report/{number}?lang=en")
    doubtful = [attributes for attributes, _ in shown.all("td", class_="unsure")]
    assert doubtful and all("62 %" in str(attributes["title"]) for attributes in doubtful)
    assert "80 %" in site.get(f"/report/{number}?lang=en").text
    rows = site.get(f"/ogiwatch/figures_of_report.json?report={number}&table_name=&_shape=array").json()
    assert {row["confidence"] for row in rows} == {0.62, 1.0}


def test_what_cannot_be_drawn_is_no_picture(tmp_path: Path) -> None:
    """The program that draws pages fails alone, and says nothing of why to readers."""
    page("/about")  # puts the site's folder on the path
    pictures = sys.modules["ogisite.pictures"]
    digest = "a" * 64
    folder = tmp_path / digest[:2] / digest[2:4]
    folder.mkdir(parents=True)
    (folder / digest).write_bytes(b"%PDF-1.4 nothing of a PDF")
    assert pictures.image_of(tmp_path, digest, "", 1) is None
    assert pictures.image_of(tmp_path, "b" * 64, "", 1) is None
    assert pictures.image_of(tmp_path, "../../etc/passwd", "", 1) is None
