"""An article whose tables are several pictures, crawled and read: one report, each picture in its place."""

from __future__ import annotations

import io
import random
from datetime import date
from pathlib import Path

import pytest
from report_printer import Drawn, keys_of
from report_scans import as_sheets
from scheduler_town import BODIES, Town

from parsers.forms import forms
from parsers.model import Generation
from samples.portals import PortalAttachment, PortalEntry

AS_OF = "2026-02-20T02:00"
NAME = BODIES["t-finance"][0]


def drawn(table: str) -> Drawn:
    """One table of a report of 2025, whose figures are all 6."""
    made = Drawn(Generation.FORM_2021, NAME, 2025, tables=(table,))
    form = forms()[made.generation].table(table)
    assert form is not None
    for key in keys_of(form):
        made.texts[key] = "6"
    return made


def picture(table: str) -> bytes:
    """The table alone, cut out of its page."""
    (page,) = as_sheets(drawn(table), random.Random(5), 150)
    grey = page.convert("L").point([255 * (value < 128) for value in range(256)])
    rows = grey.resize((1, page.height)).load()
    assert rows is not None
    lines = [y for y in range(page.height) if rows[0, y] > 150]  # its level lines fill the width between the margins
    stream = io.BytesIO()
    page.crop((0, lines[0] - 12, page.width, lines[-1] + 12)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.campaign
def test_the_pictures_of_an_article_are_read_in_their_places(tmp_path: Path) -> None:
    with Town(tmp_path / "home") as town:
        words = [f"<p>{chapter}</p>" for chapter in (
            "一、总体情况", "按时更新。", "二、主动公开政府信息情况", '<img src="1.png">', "四、行政复议情况",
            '<img src="2.png">', "五、存在的主要问题及改进情况", "将继续努力。",
        )]  # fmt: skip
        entry = PortalEntry(
            f"{NAME}2025年政府信息公开工作年度报告", "202601/t20260120_1.html", date(2026, 1, 20), "".join(words)
        )
        entry.attachments = (
            PortalAttachment("1.png", picture("proactive"), "image/png"),
            PortalAttachment("2.png", picture("disputes"), "image/png"),
        )
        town.portals["t-finance"].entries.append(entry)
        for step in ("crawl", "read"):
            town.here(step, "--as-of", AS_OF)
        held = town.rows("SELECT r.id, d.url FROM reports r JOIN documents d ON d.id = r.document_id"
                         " WHERE r.body_id = 't-finance' AND r.report_year = 2025 AND r.is_report = 1"
                         " AND r.format = 'html'")  # fmt: skip
        assert [row["url"].rsplit("/", 1)[-1] for row in held] == ["t20260120_1.html"]
        figures = town.rows("SELECT * FROM disputes WHERE report_id = ?", held[0]["id"])
        assert len(figures) == 3 and all(row["total"] == 6 and row["pending"] == 6 for row in figures)
        found = town.rows("SELECT * FROM proactive WHERE report_id = ?", held[0]["id"])
        assert {row["row"] for row in found} >= {"rules", "licensing", "fees"}
        said = town.rows("SELECT code FROM problems WHERE report_id = ?", held[0]["id"])
        assert all(row["code"] != "tables_are_pictures" for row in said)
