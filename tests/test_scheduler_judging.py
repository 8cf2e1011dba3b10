"""What the pipeline hands to the judge: forms of one report, versions at one address, texts of all bodies."""

from __future__ import annotations

from pathlib import Path

from ledger_home import BODIES, Ledger, at, days, title
from scheduler_town import report_page

from db.archive import Archive
from db.connection import open_database
from db.crawl_rows import store_document
from monitor.model import Status


def attach(made: Ledger, article: str, names: dict[str, str], when: str) -> None:
    """Documents that hang on an article, each with a content of its own."""
    db = open_database(made.path)
    (parent,) = db.conn.execute("SELECT id FROM documents WHERE url = ?", (article,)).fetchone()
    for url, page in names.items():
        store_document(
            db, url=url, sha256=Archive(made.path).put(page.encode()), bytes=len(page), purpose="attachment",
            seen_at=at(when), content_type="text/html", column_id="c-all", parent_id=parent,
        )  # fmt: skip
    db.close()


def test_two_attachments_of_one_article_are_one_report_however_they_were_read(tmp_path: Path) -> None:
    """Seen when the next year's report could exist: without the article they hang on, the second would be in doubt."""
    made = Ledger(tmp_path)
    made.held(["t-audit", "t-water"], 2024)
    article = made.publish("t-finance", 2024, day="2025-11-20")
    made.pages[article] = f"<html><title>{title('t-finance', 2024)}</title><body>见附件。</body></html>"
    made.look("2025-12-01")
    name = BODIES["t-finance"][0]
    said = f"<h1>{title('t-finance', 2024)}</h1>"
    pages = {f"{article}.{n}.html": f"{said}{report_page(name, 2024, received=100 + 11 * n)}" for n in (1, 2)}
    attach(made, article, pages, "2025-12-01 12:03")
    made.judge("2025-12-01 13:00")
    found = made.execute("SELECT body_id, report_year, attribution FROM reports r JOIN documents d ON d.id ="
                         " r.document_id WHERE d.parent_id IS NOT NULL")  # fmt: skip
    assert found == [("t-finance", 2024, "publisher")] * 2


def test_next_years_report_under_last_years_title_is_in_doubt_and_nobody_is_missing(tmp_path: Path) -> None:
    """The slip everyone makes in January: the new report, at a new address, still titled with the year before."""
    made = Ledger(tmp_path)
    made.held(BODIES, 2024)
    made.look("01-10")
    made.publish("t-finance", 2025, day="2026-01-20")
    slip = made.publish("t-water", 2025, said=title("t-water", 2024), day="2026-01-21", received=77)
    for day in days("02-01", "02-09"):
        made.look(day)
    made.judge("02-09 13:00")
    assert made.execute("SELECT body_id, attribution FROM reports r JOIN documents d ON d.id = r.document_id"
                        " WHERE d.url = ?", slip) == [(None, "repeated_year")]  # fmt: skip
    assert made.status("t-water", 2025).clause == "undecidable_entry"
    assert made.status("t-audit", 2025).status is Status.MISSING


def test_a_report_changed_and_changed_back_is_shown_and_judged_as_its_address_gives_it_now(tmp_path: Path) -> None:
    made = Ledger(tmp_path)
    made.held(["t-audit", "t-water"], 2024)
    url = made.publish("t-finance", 2024, day="2025-01-05")
    first = made.pages[url]
    second = first.replace(report_page(BODIES["t-finance"][0], 2024), report_page(BODIES["t-finance"][0], 2024, 31))
    assert second != first
    stands = []
    for day, page in (("2025-03-10", first), ("2025-03-20", second), ("2025-03-30", first)):
        made.pages[url] = page
        made.look(day)
        made.judge(f"{day} 13:00")
        (found,) = made.execute(
            """SELECT r.version, y.report_id = o.report_id, (SELECT count(*) FROM findings f WHERE f.rule = 'restated'
                 AND f.body_id = o.body_id AND f.outcome = 'fail' AND f.closed_at IS NULL)
               FROM obligations o JOIN reports r ON r.id = o.report_id JOIN body_years y USING (body_id, report_year)
               WHERE o.body_id = 't-finance' AND o.report_year = 2024"""
        )
        stands.append(found)
    assert stands == [(1, 1, 0), (2, 1, 1), (1, 1, 0)]
