"""What the pipeline hands to the judge: forms of one report, versions at one address, texts of all bodies."""

from __future__ import annotations

from pathlib import Path
from random import Random

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


def copied(made: Ledger) -> list[tuple[str, int, str]]:
    return made.execute("SELECT body_id, report_year, substr(id, -5) FROM findings WHERE rule = 'copied_text'"
                        " AND outcome = 'fail' AND closed_at IS NULL ORDER BY 1, 2, 3")  # fmt: skip


def test_texts_are_compared_across_batches_and_nights_and_only_when_new(tmp_path: Path, monkeypatch) -> None:
    """A copy is told whichever night and whichever batch its original came in, and told no more once it is changed."""
    monkeypatch.setattr("scheduler.judging._AT_ONCE", 1)
    made = Ledger(tmp_path)
    words = "办理清单窗口企业群众咨询答复平台专栏更新审核培训街道社区走访台账整改督办反馈归档目录指南专人季度"
    randoms = [Random(seed) for seed in (3, 7)]
    stories = ["。".join("".join(r.choice(words) for _ in range(18)) for _ in range(60)) for r in randoms]

    def tell(url: str, story: str) -> None:
        made.pages[url] = made.pages[url].replace("按要求做好信息公开。", f"按要求做好信息公开。{story}")

    tell(made.publish("t-finance", 2023, day="2024-01-05"), stories[0])
    tell(made.publish("t-water", 2023, day="2024-01-05", received=30), stories[1])
    made.look("2024-02-10")
    made.judge("2024-02-10 13:00")
    assert copied(made) == []
    tell(copy := made.publish("t-audit", 2023, day="2024-02-11", received=44), stories[0])
    made.look("2024-02-12")
    made.judge("2024-02-12 13:00")
    assert copied(made) == [("t-audit", 2023, "other"), ("t-finance", 2023, "other")]
    monkeypatch.setattr("scheduler.copying.proposals", None)  # nothing is new: nothing is compared
    made.judge("2024-02-13 13:00")
    assert copied(made) == [("t-audit", 2023, "other"), ("t-finance", 2023, "other")]
    monkeypatch.undo()
    made.pages[copy] = made.pages[copy].replace(stories[0], stories[0][::-1])
    made.look("2024-02-14")
    made.judge("2024-02-14 13:00")
    assert copied(made) == []
    tell(made.publish("t-water", 2024, day="2025-01-05", received=30), stories[1])
    made.look("2025-02-10")
    made.judge("2025-02-10 13:00")
    assert copied(made) == [("t-water", 2024, "t:own")]


def test_what_a_rule_in_shadow_finds_is_kept_for_operators_and_no_news_when_it_is_switched_on(tmp_path: Path) -> None:
    made = Ledger(tmp_path)
    made.held(["t-audit", "t-water"], 2024)
    made.look("2025-03-01")
    made.publish("t-finance", 2024, handled=13)
    public = []
    for settings, day, state in (
        ('[rules]\nrequest_balance = "shadow"\nrequest_parts = "shadow"\n', "2025-03-10", "shadow"),
        ("", "2025-03-11", "on"),
    ):
        made.write_settings(settings)
        made.look(day)
        made.judge(f"{day} 13:00")
        assert made.execute("SELECT state FROM rules WHERE id = 'request_parts'") == [(state,)]
        ((kept,),) = made.execute("SELECT count(*) FROM findings WHERE family IN ('request_balance', 'request_parts')"
                                  " AND outcome = 'fail' AND closed_at IS NULL")  # fmt: skip
        assert kept
        public += made.execute("SELECT open_findings - ? FROM body_years WHERE body_id = 't-finance'"
                               " AND report_year = 2024", 0 if state == "shadow" else kept)  # fmt: skip
        told = made.execute("SELECT e.key FROM events e JOIN findings f ON f.id = e.finding_id"
                            " WHERE f.family IN ('request_balance', 'request_parts')")  # fmt: skip
        assert not told
    assert public[0] == public[1]


def test_several_reports_of_one_page_are_kept_as_its_parts(tmp_path: Path) -> None:
    made = Ledger(tmp_path)
    url = made.publish("t-finance", 2024, day="2025-01-05")
    both = [f"<h1>{title(body, 2024)}</h1>{report_page(BODIES[body][0], 2024, 20 + n)}"
            for n, body in enumerate(("t-finance", "t-water"))]  # fmt: skip
    made.pages[url] = f"<html><body>{''.join(both)}</body></html>"
    made.look("2025-03-10")
    made.judge("2025-03-10 13:00")
    held = made.execute("SELECT part, publisher FROM reports WHERE is_report = 1 ORDER BY part")
    assert held == [("#1", BODIES["t-finance"][0]), ("#2", BODIES["t-water"][0])]
