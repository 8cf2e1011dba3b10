"""One report as page, Word file and PDF on a real portal of loopback: crawled, read, judged and shown as one."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from report_files import as_docx, as_pdf, as_xlsx
from report_printer import Drawn, Key, keys_of, plain_page
from scheduler_town import BODIES, Town
from site_client import Page, Site

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
HOSTILE = "<script src=http://127.0.0.1:1/x.js></script><img src=x.png onerror=alert(1)><p>&lt;b&gt;</p>"
TOTAL: Key = ("requests", "received", "total")


def drawn(changes: dict[Key, int]) -> Drawn:
    """The report of 2025, its figures zero but for six requests, all granted, and the changes."""
    made = Drawn(Generation.FORM_2021, NAME, 2025)
    tables = forms()[made.generation].tables
    made.tables = tuple(table.name for table in tables)
    for key in (key for table in tables for key in keys_of(table)):
        made.texts[key] = str(changes.get(key, SOUND.get(key, 0)))
    return made


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The page prints a total of 5 where its Word file and its PDF print 6; another body has a sheet and a ZIP."""
    with Town(tmp_path_factory.mktemp("home")) as town:
        slip = HOSTILE + plain_page(drawn({TOTAL: 5}))
        entry = PortalEntry(drawn({}).title, "202601/t20260120_1.html", date(2026, 1, 20), slip)
        entry.attachments = (
            PortalAttachment("report.docx", as_docx(drawn({}), random.Random(3)), "application/msword", "年报.docx"),
            PortalAttachment("report.pdf", as_pdf(drawn({}), random.Random(3)), label="年报.pdf"),
        )
        town.portals["t-finance"].entries.append(entry)
        audit = replace(drawn({}), publisher=BODIES["t-audit"][0])
        shell = PortalEntry(audit.title, "202601/t20260121_2.html", date(2026, 1, 21), "<p>见附件。</p>")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("年报/report.pdf", as_pdf(audit, random.Random(3)))
        sheet, archived = as_xlsx(audit, random.Random(2)), packed.getvalue()
        shell.attachments = (
            PortalAttachment("table.xlsx", sheet, "application/vnd.ms-excel", "年报.xlsx"),
            PortalAttachment("all.zip", archived, "application/zip", "年报.zip"),
        )
        town.portals["t-audit"].entries.append(shell)
        for step in ("crawl", "read", "judge"):
            town.here(step, "--as-of", AS_OF)
        yield town


def test_three_documents_are_one_report_of_one_version(town: Town) -> None:
    held = town.rows("SELECT format, version, body_id, report_year FROM reports WHERE is_report = 1"
                     " AND body_id = 't-finance' ORDER BY id")  # fmt: skip
    assert [(r["format"], r["version"]) for r in held] == [("html", 1), ("docx", 1), ("pdf", 1)]
    assert {(r["body_id"], r["report_year"]) for r in held} == {("t-finance", 2025)}
    sources = town.rows("SELECT alike, r.format FROM report_sources s JOIN reports r ON r.id = s.source_id"
                        " WHERE r.body_id = 't-finance' ORDER BY position")  # fmt: skip
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
    (source,) = town.rows("SELECT source_id AS id FROM report_sources WHERE report_id = ? AND position = 1", best["id"])
    assert f"/report/{best['id']}" in site.get(f"/report/{source['id']}?lang=en").text
    rows = site.get(f"/ogiwatch/sources_of_report.json?report={best['id']}&_shape=array").json()
    assert {(r["format"], r["row"], r["value"], r["use"]) for r in rows} == {
        ("docx", "received", "6", "differs"), ("pdf", "received", "6", "differs"),
    }  # fmt: skip


def original(site: Site, town: Town, body: str, kind: str, cell: str) -> tuple[int, Page]:
    """The page that shows a cell of a body's report in the document of one format, and the report's id."""
    (held,) = town.rows("SELECT id FROM reports WHERE body_id = ? AND format = ?", body, kind)
    return held["id"], site.page(f"/report/{held['id']}/original?cell={cell}&lang=en")


def test_a_cell_is_shown_in_its_document_whatever_the_format(town: Town) -> None:
    site = Site(Path(town.home) / "ogiwatch.db")
    cell = "requests/received/total"
    for body, kind, text in (("t-finance", "html", "5"), ("t-finance", "docx", "6"), ("t-audit", "sheet", "6")):
        _, shown = original(site, town, body, kind, cell)
        assert [text for attributes, text in shown.all("td") if attributes.get("id") == "here"] == [text]
        assert shown.unbalanced == []
    place = next(text for _, text in shown.all("dd") if "sheet" in text)
    assert "cell J" in place


def test_a_page_of_a_pdf_is_drawn_anew_with_its_cell_framed(town: Town) -> None:
    site = Site(Path(town.home) / "ogiwatch.db")
    for body in ("t-finance", "t-audit"):  # the second one inside an archive
        number, shown = original(site, town, body, "pdf", "requests/received/total")
        ((frame, _),) = [(a, t) for a, t in shown.all("rect") if a.get("id") == "here"]
        ((sheet, _),) = [(a, t) for a, t in shown.all("svg") if a.get("class") == "sheet"]
        assert sheet["viewbox"] == "0 0 595.0 842.0" and 0 < float(frame["x"] or 0) < 595
        ((picture, _),) = shown.all("image")
        answer = site.get(str(picture["href"]))
        assert answer.headers["content-type"] == "image/png" and answer.content.startswith(b"\x89PNG")
        assert site.get(f"/report/{number}/page/99.png").status_code == 404


def test_nothing_of_a_hostile_page_is_loaded_or_run(town: Town) -> None:
    site = Site(Path(town.home) / "ogiwatch.db")
    (held,) = town.rows("SELECT id FROM reports WHERE body_id = 't-finance' AND format = 'html'")
    answer = site.get(f"/report/{held['id']}/original?cell=requests/received/total")
    assert "onerror" not in answer.text and "x.js" not in answer.text and "<p>&lt;b&gt;</p>" in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    for odd in ("cell=a/b/c", "cell=%00/'/x", "passage=1-2", "passage=99-0-5", "passage=0-0-9999999", "page=0", ""):
        assert site.get(f"/report/{held['id']}/original?{odd}").status_code == 200
    assert site.get("/report/999999/original").status_code == 404


def test_a_passage_is_marked_where_it_stands(town: Town) -> None:
    site = Site(Path(town.home) / "ogiwatch.db")
    (held,) = town.rows("SELECT id FROM reports WHERE body_id = 't-finance' AND format = 'html'")
    (section,) = town.rows("SELECT position, text FROM sections WHERE report_id = ? AND number = 1", held["id"])
    at = section["text"].index("围绕")
    shown = site.page(f"/report/{held['id']}/original?passage={section['position'] + 1}-{at}-{at + 6}")
    assert [text for _, text in shown.all("mark", id="here")] == [section["text"][at : at + 6]]
