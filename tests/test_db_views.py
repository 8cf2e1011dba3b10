"""The views that pages read, and the plans of the queries that have to stay fast over a million reports."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from db_made import NOW, Given, document, figure, filled, later, report

from db.attribution_rows import load_assignments, load_held, load_undecided, store_assignment
from db.connection import open_database
from db.crawl_rows import store_address
from db.document_rows import latest_document, load_document
from db.errors import DatabaseError
from db.judgement_rows import store_judgements
from db.look_rows import store_look
from db.report_rows import store_reports, unread_documents
from db.rule_rows import store_rules
from db.transactions import rows
from db.views import create_views
from monitor.attribution import Assignment
from monitor.model import CellRef, Finding, Obligation, Observation, Outcome, Severity, Sight, Status
from monitor.rules import CATALOGUE
from parsers.model import Generation, State
from registry.model import Entry, Look, LookResult

ROOT = Path(__file__).parent.parent
VIEWS = (ROOT / "db" / "views.sql").read_text()


def described():
    """view -> columns, of the comment at the head of views.sql."""
    head = VIEWS.split("CREATE VIEW")[0]
    found: dict[str, list[str]] = {}
    name = ""
    for line in head.splitlines()[3:]:
        if match := re.match(r"-- (\w+) +(.*)", line):
            name, text = match.groups()
            found[name] = []
        elif match := re.match(r"-- {10,}(.*)", line):
            text = match.group(1)
        else:
            continue
        found[name].append(text)
    found.pop("ORDER", None)
    return {name: " ".join(text) for name, text in found.items() if "view" not in name}


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    db = filled(tmp_path_factory.mktemp("home"))
    store_rules(db, CATALOGUE)
    figures = (
        figure(row="received", column="natural_person", raw="2", value=2),
        figure(row="received", column="total", raw="３", value=3),
        figure(row="carried_in", column="total", raw="/", value=None, state=State.PLACEHOLDER),
    )
    made = replace(report(*figures), forms={"requests": Generation.FORM_2021})
    store_reports(db, document(db, 1), [made], [Given("b1", 2024)], NOW, parser_version="p")
    undecided = Given(None, None, "several_bodies", (("b1", 2023), ("b2", 2023)))
    store_reports(db, document(db, 2), [report()], [undecided], NOW, parser_version="p")
    store_address(db, "http://a.gov.cn/1.html", at=NOW, status=404)
    look = store_look(db, Look("c1", NOW, NOW, LookResult.COMPLETE, entries=(Entry("http://a.gov.cn/1.html", "年报"),)))
    seen = Observation(look, "c1", NOW, Sight.ABSENT, "", "neighbours:b2")
    obligations = [
        Obligation("b1", 2024, Status.LATE, None, duty="d1", looks=(look,), observations=(seen,)),
        Obligation("b2", 2024, Status.MISSING, None),
    ]
    told = Finding(
        "f1", "r", 1, "request_balance", Severity.ERROR, Outcome.FAIL, "不平", "uneven", "b1", 2024,
        cells=(CellRef("requests", "received", "total", "3", 3),),
    )  # fmt: skip
    store_judgements(db, obligations, [told], NOW, events_of=lambda _: ())
    yield db
    db.close()


def test_every_view_has_the_columns_that_its_head_names(db):
    heads = described()
    assert set(heads) == set(db.view_names())
    for name, text in heads.items():
        cursor = db.conn.execute(f"SELECT * FROM {name} LIMIT 1")
        columns = [column[0] for column in cursor.description]
        if name == "body_looks":
            continue
        missing = [column for column in columns if not re.search(rf"\b{column}\b", text)]
        assert not missing or name == "all_findings", (name, missing)


def test_views_are_renewed_when_their_file_changes(tmp_path):
    db = open_database(tmp_path)
    assert not create_views(db)
    db.execute("UPDATE about SET value = 'older' WHERE key = 'views'")
    db.execute("CREATE VIEW leftover AS SELECT 1")
    assert create_views(db)
    assert "leftover" not in db.view_names()


def test_a_report_is_printed_as_the_form_does(db):
    cells = list(rows(db, "SELECT * FROM report_tables WHERE report_id = 1 AND table_name = 'requests'"))
    (form,) = rows(db, "SELECT count(*) AS n FROM form_rows WHERE form = '2021' AND table_name = 'requests'")
    assert len(cells) == form["n"] * 7 > 150
    of = {(c["row"], c["column"]): c for c in cells}
    assert [of["received", "natural_person"][k] for k in ("value", "raw", "state")] == [2, "2", "number"]
    assert [of["received", "total"][k] for k in ("value", "raw", "state")] == [3, "３", "number"]
    assert [of["carried_in", "total"][k] for k in ("value", "raw", "state")] == [None, "/", "placeholder"]
    assert [of["granted", "total"][k] for k in ("value", "raw", "state")] == [None, "", "absent"]
    assert "总计" in of["received", "total"]["column_label"]
    first = min(cells, key=lambda c: (c["row_position"], c["column_position"]))
    assert (first["row"], first["column"]) == ("received", "natural_person")


def test_pages_find_what_they_ask_for(db):
    def one(sql):
        (found,) = rows(db, sql)
        return found

    year = one("SELECT * FROM body_years WHERE body_id = 'b1' AND report_year = 2024")
    assert (year["status"], year["report_id"], year["versions"], year["open_findings"]) == ("late", 1, 1, 1)
    page = one("SELECT * FROM report_pages WHERE report_id = 1")
    assert (page["body_id"], page["gone_status"], page["versions"]) == ("b1", 404, 1)
    assert one("SELECT * FROM marked_cells WHERE body_id = 'b1' AND cell_year = 2024")["row"] == "received"
    step = one("SELECT * FROM obligation_looks WHERE body_id = 'b1' AND report_year = 2024")
    assert (step["sight"], step["result"], step["carries"], step["control"]) == (
        "absent",
        "complete",
        1,
        "neighbours:b2",
    )
    assert one("SELECT * FROM look_log WHERE column_id = 'c1'")["entries"] == 1
    assert one("SELECT * FROM unassigned_reports")["attribution"] == "several_bodies"
    assert one("SELECT sum(obligations) AS n FROM status_counts WHERE report_year = 2024")["n"] == 2
    assert one("SELECT value FROM figures WHERE report_id = 1 AND row = 'received' AND column = 'total'")["value"] == 3


def test_undecided_reports_wait_for_a_person(db):
    (found,) = load_undecided(db, ["b2"])
    assert (found.url, found.candidates) == ("http://a.gov.cn/2.html", (("b1", 2023), ("b2", 2023)))
    assert load_undecided(db) == [found]
    assert load_undecided(db, []) == []
    held = load_held(db, ["b1"])
    assert [h.url for h in held["b1", 2024]] == ["http://a.gov.cn/1.html"]
    assert load_held(db, ["b1"], before_document=1) == {}
    word = Assignment("http://a.gov.cn/2.html", "b2", 2023)
    store_assignment(db, word, author="li", reason="signed by it", now=NOW)
    assert load_assignments(db) == {word.url: word}
    assert [d.url for d in unread_documents(db, "p")] == [word.url]
    store_reports(db, 2, [report()], [Given("b2", 2023, "assigned")], NOW, parser_version="p")
    assert load_undecided(db) == []
    with pytest.raises(DatabaseError, match="author and a reason"):
        store_assignment(db, word, author="", reason="", now=NOW)
    with pytest.raises(DatabaseError, match="FOREIGN KEY"):
        store_assignment(db, replace(word, body="nobody"), author="li", reason="x", now=NOW)


def test_an_assignment_reaches_the_attachments_of_a_page(tmp_path):
    db = filled(tmp_path)
    page = document(db, 1)
    attachment = document(db, 2, parent_id=page)
    for one in (page, attachment, document(db, 3)):
        store_reports(db, one, [], [], NOW, parser_version="p")
    store_assignment(db, Assignment("http://a.gov.cn/1.html", None, None), author="li", reason="a guide", now=NOW)
    assert [d.id for d in unread_documents(db, "p")] == [page, attachment]


def test_the_latest_document_of_an_address(tmp_path):
    db = filled(tmp_path)
    document(db, 1)
    newer = document(db, 2, url="http://a.gov.cn/1.html", at=later(days=1))
    assert latest_document(db, "http://a.gov.cn/1.html") == load_document(db, newer)
    assert latest_document(db, "http://never/") is None


MANY = "(SELECT value FROM json_each('[\"b1\"]'))"
# every query of the room and of a page that runs often; each must reach its rows by an index
QUERIES = {
    "filings": f"SELECT * FROM reports r WHERE r.body_id IN {MANY} AND r.report_year IS NOT NULL AND r.is_report = 1",
    "versions": "SELECT id FROM reports WHERE body_id = 'b1' AND report_year = 2024 AND is_report = 1",
    "held": f"SELECT r.id FROM reports r JOIN documents d ON d.id = r.document_id WHERE r.body_id IN {MANY}",
    "candidates": f"SELECT report_id FROM report_candidates WHERE body_id IN {MANY}",
    "children": "SELECT * FROM requests WHERE report_id IN (SELECT value FROM json_each('[1]'))",
    "days": "SELECT DISTINCT report_year FROM report_days WHERE host = 'a' AND day = 'd' AND publication = 1",
    "never read": "SELECT id FROM documents WHERE read_by IS NULL",
    "read by an older": "SELECT id FROM documents WHERE read_by < 'p'",
    "latest document": "SELECT * FROM documents WHERE url = 'u' ORDER BY last_seen_at DESC",
    "documents by content": "SELECT * FROM documents WHERE sha256 = 's'",
    "last complete look": "SELECT * FROM looks WHERE column_id = 'c1' AND result = 'complete' ORDER BY started_at DESC",
    "looks since": "SELECT * FROM looks WHERE started_at >= 'a' AND column_id IN (SELECT value FROM json_each('[1]'))",
    "addresses": "SELECT * FROM addresses WHERE column_id = 'c1'",
    "address": "SELECT * FROM addresses WHERE url = 'u'",
    "obligations": f"SELECT * FROM obligations WHERE body_id IN {MANY}",
    "findings": f"SELECT * FROM findings WHERE body_id IN {MANY}",
    "counts": f"SELECT * FROM check_counts WHERE body_id IN {MANY}",
    "due deliveries": "SELECT * FROM deliveries WHERE state = 'waiting' AND next_at <= 'n'",
    "last run": "SELECT * FROM runs WHERE job = 'crawl' AND outcome = 'ok' ORDER BY started_at DESC LIMIT 1",
    "status counts": "SELECT * FROM status_counts WHERE report_year = 2024",
    "body page": "SELECT * FROM body_years WHERE body_id = 'b1'",
    "report page": "SELECT * FROM report_pages WHERE report_id = 1",
    "report tables": "SELECT * FROM report_tables WHERE report_id = 1",
    "figures": "SELECT * FROM figures WHERE report_id = 1",
    "marked cells": "SELECT * FROM marked_cells WHERE body_id = 'b1' AND cell_year = 2024",
    "findings of a year": "SELECT * FROM open_findings WHERE report_year = 2024 AND family = 'late'",
    "finding page": "SELECT * FROM open_findings WHERE finding_id = 'f1'",
    "findings of a report": "SELECT id FROM findings WHERE report_id = 1",
    "looks of a body": "SELECT * FROM body_looks WHERE body_id = 'b1'",
    "how a status was reached": "SELECT * FROM obligation_looks WHERE body_id = 'b1' AND report_year = 2024",
    "list of a look": "SELECT * FROM listed_entries WHERE look_id = 1",
    "changes of a body": "SELECT * FROM latest_changes WHERE body_id = 'b1'",
    "newest changes": "SELECT * FROM latest_changes ORDER BY detected_at DESC LIMIT 20",
    "problems of a report": "SELECT * FROM problem_log WHERE report_id = 1",
    "looks at an entry": "SELECT listing FROM entries e JOIN listing_entries x ON x.entry_id = e.id WHERE url = 'u'",
    "fetches of a look": "SELECT * FROM fetches WHERE look_id = 1",
}
# json_each has no index; a registry's divisions, the form's rows and the rules are some hundred rows
SMALL = re.compile(r"SCAN (json_each|j|k|x|s|fr|fc|CONSTANT ROW|.* VIRTUAL TABLE|\w+ USING INDEX events_by_time)")


@pytest.mark.parametrize("name", QUERIES)
def test_queries_reach_their_rows_by_an_index(db, name):
    plan = [row[3] for row in db.conn.execute(f"EXPLAIN QUERY PLAN {QUERIES[name]}")]
    assert any("SEARCH" in step or "events_by_time" in step for step in plan), plan
    assert [step for step in plan if step.startswith("SCAN") and not SMALL.match(step)] == []
