"""One report as page, Word file and PDF on a real portal of loopback: crawled, read, judged and shown as one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path

import pytest
from report_files import as_docx, as_pdf
from report_printer import Drawn, Key, Labels, keys_of, parts
from scheduler_town import BODIES, Town
from site_client import Site

from parsers.forms import forms
from parsers.model import Generation
from samples.portals import PortalAttachment, PortalEntry

AS_OF = "2026-02-20T02:00"
NAME = BODIES["t-finance"][0]
SOUND: dict[Key, int] = {
    ("requests", row, column): 6
    for row in ("received", "granted", "handled_total")
    for column in ("natural_person", "total")
}
TOTAL: Key = ("requests", "received", "total")


def drawn(changes: dict[Key, int]) -> Drawn:
    """The report of 2025, its figures zero but for six requests, all granted, and the changes."""
    made = Drawn(Generation.FORM_2021, NAME, 2025)
    tables = forms()[made.generation].tables
    made.tables = tuple(table.name for table in tables)
    for key in (key for table in tables for key in keys_of(table)):
        made.texts[key] = str(changes.get(key, SOUND.get(key, 0)))
    return made


def page(made: Drawn) -> str:
    """The body of an article: paragraphs, and tables whose cells span."""
    out = []
    for _, content in parts(made, Labels(random.Random(1), made)):
        if isinstance(content, str):
            out.append(f"<p>{content}</p>")
            continue
        rows = (
            "".join(f"<td rowspan={down} colspan={across}>{escape(text)}</td>" for text, down, across in row)
            for row in content
        )
        out.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    return "".join(out)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The page prints a total of 5 where its Word file and its PDF print 6; the same page again on a second portal."""
    with Town(tmp_path_factory.mktemp("home")) as town:
        entry = PortalEntry(drawn({}).title, "202601/t20260120_1.html", date(2026, 1, 20), page(drawn({TOTAL: 5})))
        entry.attachments = (
            PortalAttachment("report.docx", as_docx(drawn({}), random.Random(3)), "application/msword", "年报.docx"),
            PortalAttachment("report.pdf", as_pdf(drawn({}), random.Random(3)), label="年报.pdf"),
        )
        town.portals["t-finance"].entries.append(entry)
        for step in ("crawl", "read", "judge"):
            town.here(step, "--as-of", AS_OF)
        yield town


def test_three_documents_are_one_report_of_one_version(town: Town) -> None:
    held = town.rows("SELECT format, version, body_id, report_year FROM reports WHERE is_report = 1 ORDER BY id")
    assert [(r["format"], r["version"]) for r in held] == [("html", 1), ("docx", 1), ("pdf", 1)]
    assert {(r["body_id"], r["report_year"]) for r in held} == {("t-finance", 2025)}
    sources = town.rows("SELECT alike, r.format FROM report_sources s JOIN reports r ON r.id = s.source_id"
                        " ORDER BY position")  # fmt: skip
    assert [(s["alike"], s["format"]) for s in sources] == [(1, "docx"), (1, "pdf")]


def test_the_slip_of_one_of_them_is_a_notice_for_each_pair_and_nothing_else(town: Town) -> None:
    found = town.rows("SELECT rule, severity, message_zh FROM findings WHERE outcome = 'fail' AND family = 'restated'")
    assert [(f["rule"], f["severity"]) for f in found] == [("restated.sources", "notice")] * 2
    assert all("5 / 6" in f["message_zh"] for f in found)
    assert not town.rows("SELECT 1 FROM findings WHERE outcome = 'fail' AND severity <> 'notice' AND family <> 'late'")
    kept = town.rows("SELECT DISTINCT reason FROM findings WHERE outcome <> 'fail' AND family = 'request_balance'")
    assert [r["reason"] for r in kept] == ["sources_differ"]
    assert not town.rows("SELECT 1 FROM events WHERE kind = 'finding_opened' AND alert = 1")


def test_judging_again_and_reading_again_changes_nothing(town: Town) -> None:
    def stored() -> list[list[dict[str, object]]]:
        tables = ("report_sources", "source_cells", "findings")
        return [town.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4") for table in tables]

    before = stored()
    town.here("judge", "--as-of", AS_OF)
    assert stored() == before


def test_the_site_shows_the_best_with_what_the_others_say(town: Town) -> None:
    site = Site(Path(town.home) / "ogiwatch.db")
    (best,) = town.rows("SELECT report_id AS id FROM obligations WHERE body_id = 't-finance' AND report_year = 2025")
    shown = site.page(f"/report/{best['id']}?lang=en")
    assert len(shown.all("li", id="source-A")) == len(shown.all("li", id="source-B")) == 1
    (cell,) = [text for attributes, text in shown.all("td", id="c-requests-received-total")]
    assert cell.startswith("5") and "≠ 6A" in cell and "≠ 6B" in cell
    (source,) = town.rows("SELECT source_id AS id FROM report_sources WHERE position = 1")
    assert f"/report/{best['id']}" in site.get(f"/report/{source['id']}?lang=en").text
    rows = site.get(f"/ogiwatch/sources_of_report.json?report={best['id']}&_shape=array").json()
    assert {(r["format"], r["row"], r["value"], r["use"]) for r in rows} == {
        ("docx", "received", "6", "differs"), ("pdf", "received", "6", "differs"),
    }  # fmt: skip
