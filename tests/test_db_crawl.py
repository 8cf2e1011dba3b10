"""Registry, runs, fetches, documents, addresses and looks, in and out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from db_made import NOW, body, document, filled, later, registry

from db.connection import open_database
from db.crawl_rows import (
    addresses_due,
    first_complete_looks,
    known_address,
    pictures_of,
    store_address,
    store_document,
    store_fetch,
    touch_documents,
)
from db.errors import DatabaseError
from db.look_rows import last_complete_list, latest_looks, load_looks, store_look
from db.registry_rows import load_registry, load_watch_from, store_registry, store_watch_from
from db.runs import finish_run, last_ok_run, last_run, load_run, mark_interrupted, note_run, start_run
from registry.model import Division, Entry, Exemption, Fetched, GoneEntry, Look, LookResult


def test_the_registry_comes_back_as_it_was(tmp_path):
    db = open_database(tmp_path)
    haidian = {"110108": Division("110108", "北京市海淀区", "110100")}
    whole = replace(registry(), exemptions=(Exemption("b2", 2022, "并入", "http://x"),), divisions=haidian)
    assert store_registry(db, whole)
    assert load_registry(db) == whole
    assert not store_registry(db, whole)
    assert db.execute("SELECT name FROM divisions").fetchall() == [("北京市海淀区",)]


def test_what_left_the_registry_keeps_its_history(tmp_path):
    db = filled(tmp_path)
    document(db)
    smaller = replace(registry(), bodies={"b1": body("b1")}, columns={}, duties=())
    assert store_registry(db, smaller)
    assert load_registry(db) == smaller
    assert db.execute("SELECT id, active FROM bodies ORDER BY id").fetchall() == [("b1", 1), ("b2", 0)]
    assert db["column_bodies"].count == 3
    assert store_registry(db, registry())
    assert load_registry(db).columns == registry().columns


def test_a_dangling_reference_is_refused_and_nothing_changes(tmp_path):
    db = filled(tmp_path)
    broken = replace(registry(), bodies={"b9": body("b9", parent="nobody")})
    with pytest.raises(DatabaseError, match="FOREIGN KEY"):
        store_registry(db, broken)
    assert load_registry(db).bodies == registry().bodies


def test_watch_from_survives_a_new_registry(tmp_path):
    db = filled(tmp_path)
    store_watch_from(db, {"b1": 2024})
    store_registry(db, replace(registry(), duties=()))
    assert load_watch_from(db) == {"b1": 2024, "b2": None}
    assert load_watch_from(db, ["b2"]) == {"b2": None}


def test_runs(tmp_path):
    db = filled(tmp_path)
    first = start_run(db, "crawl", due_at=NOW, now=NOW, detail={"columns": 2})
    note_run(db, first, {"looks": 1})
    finish_run(db, first, outcome="ok", now=later(minutes=1), detail={"looks": 2})
    run = load_run(db, first)
    assert run is not None
    assert (run.outcome, run.detail, run.finished_at) == ("ok", {"columns": 2, "looks": 2}, later(minutes=1))
    second = start_run(db, "crawl", due_at=NOW, now=later(hours=1))
    assert last_ok_run(db, "crawl") == run
    assert last_ok_run(db, "judge") is None
    assert mark_interrupted(db, later(hours=2), "judge") == 0
    assert mark_interrupted(db, later(hours=2)) == 1
    newest = last_run(db, "crawl")
    assert newest is not None
    assert (newest.id, newest.outcome) == (second, "interrupted")
    with pytest.raises(DatabaseError, match="no such run"):
        finish_run(db, 99, outcome="ok", now=NOW)
    with pytest.raises(DatabaseError, match="as outcome"):
        finish_run(db, first, outcome="fine", now=NOW)


def test_documents_are_one_an_address_and_content(tmp_path):
    db = filled(tmp_path)
    first = document(db, 1)
    assert document(db, 1, at=later(days=3), list_title="2024年年报", list_day=date(2025, 1, 9)) == first
    assert document(db, 1, at=later(days=-1)) == first
    assert document(db, 2) != first
    row = db["documents"].get(first)
    assert (row["first_seen_at"], row["last_seen_at"]) == ("2025-01-31T03:04:05Z", "2025-02-04T03:04:05Z")
    assert (row["list_title"], row["list_day"]) == ("2024年年报", "2025-01-09")


def test_a_title_that_comes_later_makes_a_document_unread(tmp_path):
    db = filled(tmp_path)
    first = document(db, 1)
    db.execute("UPDATE documents SET read_by = '1'")
    document(db, 1)
    assert db["documents"].get(first)["read_by"] == "1"
    document(db, 1, list_title="2024年年报")
    assert db["documents"].get(first)["read_by"] is None
    db.execute("UPDATE documents SET read_by = '1'")
    document(db, 1, list_title="renamed")
    row = db["documents"].get(first)
    assert (row["read_by"], row["list_title"]) == ("1", "2024年年报")


def test_a_page_is_read_again_when_a_picture_of_it_comes(tmp_path):
    db = filled(tmp_path)
    page = document(db, 1)
    db.execute("UPDATE documents SET read_by = '1'")
    picture = {"url": "http://a.gov.cn/1.jpg", "parent_id": page}
    document(db, 5, at=later(days=1), content_type="application/pdf", url="http://a.gov.cn/1.pdf", parent_id=page)
    assert db["documents"].get(page)["read_by"] == "1"
    document(db, 2, at=later(days=1), content_type="image/jpeg", **picture)
    assert db["documents"].get(page)["read_by"] is None
    db.execute("UPDATE documents SET read_by = '1'")
    document(db, 2, at=later(days=2), content_type="image/jpeg", **picture)
    assert db["documents"].get(page)["read_by"] == "1"
    assert pictures_of(db, "http://a.gov.cn/1.html", NOW) == {"http://a.gov.cn/1.jpg": f"{2:064x}"}


def test_a_content_of_a_page_has_the_pictures_of_its_time(tmp_path):
    db = filled(tmp_path)
    page = document(db, 1)
    for n in (2, 3, 4):
        document(db, n, at=later(days=n), url="http://a.gov.cn/1.jpg", parent_id=page, content_type="image/png")
    seen = [pictures_of(db, "http://a.gov.cn/1.html", later(days=day)) for day in (0, 2, 3, 5)]
    assert [found["http://a.gov.cn/1.jpg"][-1] for found in seen] == ["2", "2", "3", "4"]
    assert pictures_of(db, "http://a.gov.cn/2.html", NOW) == {}


URL = "http://a.gov.cn/1.html"


def test_an_address_is_gone_from_its_first_404_until_its_next_200(tmp_path):
    db = filled(tmp_path)
    seen = store_document(db, url=URL, sha256="s1", bytes=1, purpose="article", seen_at=NOW)

    def answer(status, at, **more):
        store_address(db, URL, at=at, status=status, column_id="c1", **more)
        address = known_address(db, URL)
        assert address is not None
        return address

    first = answer(200, NOW, etag="e1", last_modified="m1", sha256="s1")
    assert (first.last_ok_at, first.gone_at, first.etag, first.sha256) == (NOW, None, "e1", "s1")
    assert answer(304, later(days=1)).etag == "e1"
    assert db["documents"].get(seen)["last_seen_at"] == "2025-02-02T03:04:05Z"
    assert answer(503, later(days=2)).gone_at is None
    assert answer(None, later(days=2)).last_status is None
    gone = answer(404, later(days=3))
    assert (gone.gone_at, gone.gone_status, gone.last_ok_at) == (later(days=3), 404, later(days=1))
    assert answer(403, later(days=4)).gone_at == later(days=3)
    again = answer(410, later(days=5))
    assert (again.gone_at, again.gone_status) == (later(days=3), 410)
    old = answer(200, later(days=4), sha256="s0")
    assert old == again  # an answer older than the last one is not taken
    back = answer(200, later(days=6), sha256="s2")
    assert (back.gone_at, back.gone_status, back.sha256, back.etag) == (None, None, "s2", "")
    assert answer(404, later(days=7)).gone_at == later(days=7)
    assert addresses_due(db, "c1", later(days=7)) == [known_address(db, URL)]
    assert addresses_due(db, "c1", later(days=6)) == addresses_due(db, "c2", later(days=7)) == []
    assert known_address(db, "http://never.asked/") is None


def test_touching_moves_only_the_content_last_seen(tmp_path):
    db = filled(tmp_path)
    old = store_document(db, url=URL, sha256="s1", bytes=1, purpose="article", seen_at=NOW)
    new = store_document(db, url=URL, sha256="s2", bytes=1, purpose="article", seen_at=NOW)
    store_address(db, URL, at=NOW, status=200, sha256="s2")
    touch_documents(db, [URL], later(days=9))
    assert db["documents"].get(old)["last_seen_at"] < db["documents"].get(new)["last_seen_at"]


ENTRIES = (
    Entry("http://a.gov.cn/1.html", "2023年年报", date(2024, 1, 9)),
    Entry("http://a.gov.cn/1.html", "2023年年报", date(2024, 1, 9)),
    Entry("http://a.gov.cn/2.html", "2024年年报"),
)


def look(at=NOW, result=LookResult.COMPLETE, entries=ENTRIES, **more):
    return Look("c1", at, at + timedelta(seconds=30), result, entries=entries, **more)


def test_looks_come_back_whole_and_lists_are_stored_once(tmp_path):
    db = filled(tmp_path)
    run = start_run(db, "crawl", due_at=NOW, now=NOW)
    gone = (GoneEntry("http://a.gov.cn/0.html", 404), GoneEntry("http://a.gov.cn/9.html", None))
    made = [
        look(pages_expected=2, pages_read=2, requests=5, bytes=99),
        look(later(days=1), LookResult.WALL, (), detail="403"),
        look(later(days=2), gone=gone),
        look(later(days=3), entries=ENTRIES[:1]),
    ]
    fetch = store_fetch(db, Fetched("http://a.gov.cn/", NOW, "list", 200, body=b"abc"), column_id="c1", sha256="s")
    ids = [store_look(db, one, run, fetch_ids=[fetch]) for one in made]
    stored = [replace(one, id=i) for one, i in zip(made, ids, strict=True)]
    assert load_looks(db, ["c1"]) == stored
    assert load_looks(db) == stored
    assert load_looks(db, ["c1"], since=later(days=2)) == stored[2:]
    assert load_looks(db, ["c2"]) == []
    assert last_complete_list(db, "c1") == stored[3].entries
    assert last_complete_list(db, "c2") is None
    first, _, third, _ = load_looks(db)
    assert first.entries is third.entries
    assert db["listings"].count == 3  # three entries, none, one
    assert db["entries"].count == 2
    assert db.execute("SELECT look_id, bytes FROM fetches").fetchall() == [(ids[-1], 3)]


def test_the_latest_looks_and_what_came_before_them(tmp_path):
    db = filled(tmp_path)
    results = (LookResult.COMPLETE, LookResult.WALL, LookResult.INTERRUPTED, LookResult.DNS)
    for day, result in enumerate(results):
        store_look(db, look(later(days=day), result))
    assert latest_looks(db, later(days=9)) == {"c1": (later(days=3), LookResult.DNS, LookResult.WALL)}
    assert latest_looks(db, later(days=1)) == {"c1": (later(days=1), LookResult.WALL, LookResult.COMPLETE)}
    assert latest_looks(db, NOW) == {"c1": (NOW, LookResult.COMPLETE, None)}
    assert latest_looks(db, later(days=-1)) == {}


def test_a_look_is_never_changed(tmp_path):
    db = filled(tmp_path)
    first = store_look(db, look())
    assert store_look(db, look()) == first
    second = store_look(db, look(result=LookResult.TIMEOUT))
    assert second != first
    assert [(one.result, one.started_at) for one in load_looks(db)] == [
        (LookResult.COMPLETE, NOW),
        (LookResult.TIMEOUT, later(seconds=1)),
    ]


def test_a_look_belongs_to_the_shanghai_day_it_began_on(tmp_path):
    db = filled(tmp_path)
    store_look(db, look(NOW.replace(hour=16)))
    assert db.execute("SELECT day FROM looks").fetchone() == ("2025-02-02",)


def test_first_complete_looks(tmp_path):
    db = filled(tmp_path)
    store_look(db, look(result=LookResult.WALL))
    assert first_complete_looks(db, ["b1", "b2"]) == {}
    store_look(db, look(later(days=2)))
    store_look(db, look(later(days=3)))
    assert first_complete_looks(db, ["b1"]) == {"b1": later(days=2)}


def test_naive_instants_are_refused(tmp_path):
    db = filled(tmp_path)
    with pytest.raises(ValueError, match="time zone"):
        store_look(db, look(NOW.replace(tzinfo=None)))
