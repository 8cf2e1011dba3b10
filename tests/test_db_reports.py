"""Reports: whole, exact, the same when read again; versions; holdings."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from db_made import EXACT, NOW, Given, document, figure, filled, later, report, reports
from hypothesis import HealthCheck, given, settings

import parsers
from db.archive import Archive
from db.crawl_rows import store_address
from db.errors import DatabaseError
from db.report_rows import (
    bodies_with_unread,
    forget_readings,
    load_filings,
    load_holdings,
    load_report,
    store_reports,
    unread_documents,
)
from db.report_values import fingerprint
from db.search import renew_search, search_sections
from parsers.model import FoundDay, Place, Problem, Section, State

OURS = Given("b1", 2024)
RELAXED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
TABLES = (
    *("reports", "proactive", "requests", "disputes", "indicators", "cells", "sections", "statements", "problems"),
    *("report_days", "report_candidates"),
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One database for all draws (making one costs more than a draw), and numbers for new documents."""
    db = filled(tmp_path_factory.mktemp("home"))
    yield db, count(1)
    db.close()


def put(db, n, *made, given=OURS, at=NOW, version="p1", **more):
    document_id = document(db, n, at=at, **more)
    return store_reports(db, document_id, made, [given] * len(made), at, parser_version=version)


def dump(db):
    return {table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in TABLES}


def without_plain_places(given_report):
    """What the database promises: the places of plain cells are not kept."""

    def kept(f):
        number = f.state is State.NUMBER and isinstance(f.value, int) and f.value in range(-(2**63), 2**63)
        plain = number and f.confidence == 1.0 and f.raw == str(f.value)
        return replace(f, place=None) if plain or f.place == Place() else f

    return replace(given_report, figures=tuple(map(kept, given_report.figures)))


@RELAXED
@given(reports())
def test_any_report_comes_back_whole(shared, drawn):
    db, number = shared
    (report_id,) = put(db, next(number), drawn)
    expected = without_plain_places(drawn)
    loaded = load_report(db, report_id)
    assert Counter(loaded.figures) == Counter(expected.figures)
    assert {type(f.value) for f in loaded.figures} <= {int, Decimal, type(None)}
    assert replace(loaded, figures=()) == replace(expected, figures=())
    assert fingerprint(loaded) == fingerprint(drawn)


@RELAXED
@given(reports(part="a.html"), reports(part=2))
def test_reading_again_gives_the_same_rows(shared, one, other):
    db, number = shared
    db.execute("DELETE FROM reports")
    n = next(number)
    ids = put(db, n, one, other)
    before = dump(db)
    forget_readings(db)
    assert put(db, n, one, other) == ids
    assert dump(db) == before
    put(db, n, other, one)  # another reading, then the first again
    put(db, n, one)
    assert len(dump(db)["reports"]) == 1
    put(db, n, one, other)
    after = dump(db)
    assert [row[1:] for row in after["sections"]] == [row[1:] for row in before["sections"]]


def test_raw_text_and_decimals_stay_exact(tmp_path):
    db = filled(tmp_path)
    figures = (
        figure("proactive", "fees", "amount_10k_yuan", "22010.3538万元", EXACT, place=Place(grid=0, row=3, column=1)),
        figure("proactive", "rules", "issued", "+2", 2),
        figure("requests", "received", "natural_person", "", None, State.BLANK),
        figure("requests", "received", "enterprise", "/", None, State.PLACEHOLDER),
        figure("requests", "received", "legal_service", "0", 0),
        figure("requests", "received", "total", "-16", -16),
        figure("requests", "carried_in", "total", "?", None, State.UNREADABLE, confidence=0.4),
    )
    (report_id,) = put(db, 1, report(*figures))
    assert set(load_report(db, report_id).figures) == set(figures)
    row = db.execute("SELECT natural_person, enterprise, legal_service, total, typeof(total) FROM requests").fetchall()
    assert (None, None, 0, -16, "integer") in row
    assert db.execute(
        "SELECT amount_10k_yuan, typeof(amount_10k_yuan) FROM proactive WHERE row = 'fees'"
    ).fetchone() == (
        22010.3538,
        "real",
    )


def test_figures_come_in_the_forms_order(tmp_path):
    db = filled(tmp_path)
    names = ["received", "carried_in", "granted", "refused.state_secret", "handled_total", "carried_over"]
    (report_id,) = put(db, 1, report(*[figure(row=name) for name in reversed(names)]))
    assert [f.row for f in load_report(db, report_id).figures] == names


def test_broken_escapes_do_not_stop_storing(tmp_path):
    db = filled(tmp_path)
    (report_id,) = put(db, 1, report(text="甲\ud83d乙\x00丙"))
    assert load_report(db, report_id).sections[0].text == "甲\ufffd乙\x00丙"


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ((figure(column="nobody"),), "table and column of the forms"),
        ((figure(table="annex"),), "table and column of the forms"),
        ((figure(), figure(raw="4", value=4)), "one answer for a cell"),
    ],
)
def test_what_no_table_has_is_refused_and_leaves_nothing(tmp_path, figures, message):
    db = filled(tmp_path)
    document_id = document(db)
    with pytest.raises(DatabaseError, match=message):
        store_reports(db, document_id, [report(*figures)], [OURS], NOW, parser_version="p1")
    assert db["reports"].count == 0
    assert [d.id for d in unread_documents(db, "p1")] == [document_id]


def test_an_unknown_body_or_document_or_a_doubled_part_is_refused(tmp_path):
    db = filled(tmp_path)
    with pytest.raises(DatabaseError, match="FOREIGN KEY"):
        put(db, 1, report(), given=Given("nobody", 2024))
    with pytest.raises(DatabaseError, match="another part"):
        put(db, 1, report(), report())
    with pytest.raises(DatabaseError, match="no such document"):
        store_reports(db, 77, [], [], NOW, parser_version="p1")
    with pytest.raises(DatabaseError, match="one attribution a report"):
        store_reports(db, 1, [report()], [], NOW, parser_version="p1")
    assert db["reports"].count == 0


def test_unread_documents(tmp_path):
    db = filled(tmp_path)
    for n in (1, 2, 3):
        document(db, n)
    put(db, 2, report(), version="p1")
    put(db, 3, report(), version="p9")
    assert [d.id for d in unread_documents(db, "p1")] == [1, 3]
    assert [d.id for d in unread_documents(db, "p5", limit=2)] == [1, 2]
    assert bodies_with_unread(db, "p9") == {"b1", "b2"}  # document 1 is in both bodies' column
    put(db, 1)  # no report in it: only marked read
    put(db, 3, report())
    assert unread_documents(db, "p1") == []
    assert bodies_with_unread(db, "p1") == set()


def test_versions_count_contents_and_are_never_overwritten(tmp_path):
    db = filled(tmp_path)
    first, other = report(figure()), report(figure(raw="4", value=4))
    put(db, 1, first)
    put(db, 2, first, at=later(days=1))  # a copy elsewhere
    put(db, 3, other, at=later(days=2), url="http://a.gov.cn/1.html")  # edited at its address
    put(db, 4, first, at=later(days=3), given=Given("b1", 2023))
    filings = load_filings(db, ["b1"])
    assert [(f.report_year, f.version, f.url, f.id) for f in filings] == [
        (2023, 1, "http://a.gov.cn/4.html", 4),
        (2024, 1, "http://a.gov.cn/1.html", 1),
        (2024, 1, "http://a.gov.cn/2.html", 2),
        (2024, 2, "http://a.gov.cn/1.html", 3),
    ]
    assert [f.report.figures for f in filings] == [*[first.figures] * 3, other.figures]
    assert filings[1].first_seen == NOW
    assert load_filings(db) == filings
    assert load_filings(db, ["b2"]) == []


def test_current_is_what_an_address_gives_now(tmp_path):
    """A, then B, then A again at one address, where a counter makes each answer another content."""
    db = filled(tmp_path)
    url = "http://a.gov.cn/1.html"
    first, other = report(figure()), report(figure(raw="4", value=4))
    put(db, 1, first)
    store_address(db, url, at=NOW, status=200, sha256=f"{1:064x}")
    assert [f.current for f in load_filings(db)] == [True]
    put(db, 2, other, at=later(days=1), url=url)
    store_address(db, url, at=later(days=1), status=200, sha256=f"{2:064x}")
    assert [(f.version, f.current) for f in load_filings(db)] == [(1, False), (2, True)]
    put(db, 3, first, at=later(days=2), url=url)
    store_address(db, url, at=later(days=2), status=200, sha256=f"{3:064x}")
    assert [(f.version, f.id, f.current) for f in load_filings(db)] == [(1, 1, True), (2, 2, False)]
    store_address(db, url, at=later(days=3), status=404)
    assert [f.current for f in load_filings(db)] == [True, False]  # gone: what it gave last stands


def test_page_counters_and_blanks_make_no_version():
    one = report(text="本年 共受理申请3件。浏览次数：120次")
    assert fingerprint(one) == fingerprint(report(text="本年共受理申请 3 件。\u3000浏览次数:99"))
    assert fingerprint(one) == fingerprint(replace(one, days=(), published_on=date(2025, 3, 3)))
    assert fingerprint(one) != fingerprint(report(text="本年共受理申请4件。"))
    assert fingerprint(report(figure(raw="3.0", value=Decimal("3.0")))) == fingerprint(report(figure()))
    assert fingerprint(report(figure(raw="", value=None, state=State.BLANK))) != fingerprint(
        report(figure(raw="0", value=0))
    )


def test_a_report_attributed_anew_leaves_its_old_place(tmp_path):
    db = filled(tmp_path)
    put(db, 1, report(figure()))
    put(db, 2, report(figure(raw="9", value=9)), at=later(days=1))
    assert [f.version for f in load_filings(db)] == [1, 2]
    put(db, 1, report(figure()), given=Given("b2", 2024))
    assert [(f.body, f.version) for f in load_filings(db)] == [("b1", 1), ("b2", 1)]


def test_holdings(tmp_path):
    db = filled(tmp_path)
    migration = FoundDay(date(2020, 12, 16), "metadata", "发布日期", "2020-12-16", True)
    signed = FoundDay(date(2020, 1, 2), "signature", "", "2020年1月2日")
    unread = report(problems=(Problem("not_a_report", "only pictures"),), days=())
    put(db, 1, report(days=(migration, signed)), given=Given("b1", 2017), list_day=date(2018, 1, 2))
    put(db, 2, report(days=(migration,)), given=Given("b2", 2018))
    put(db, 3, report(days=(migration,)), given=Given("b2", 2019))
    put(db, 4, report(days=(migration,)), given=Given("b2", 2016), url="http://elsewhere.gov.cn/4.html")
    put(db, 5, unread, given=Given("b1", 2023))
    store_address(db, "http://a.gov.cn/1.html", at=later(days=5), status=404)
    one, pictures = load_holdings(db, ["b1"])
    assert (one.report_year, one.days, one.list_day) == (2017, (migration, signed), date(2018, 1, 2))
    assert (one.gone_at, one.gone_status, one.shared_years) == (later(days=5), 404, (2017, 2018, 2019))
    assert (pictures.report_year, pictures.shared_years, pictures.gone_at) == (2023, (), None)
    assert load_holdings(db)[2].shared_years == (2016,)
    assert [f.report_year for f in load_filings(db, ["b1"])] == [2017]  # pictures are held, and are no filing


def test_search_finds_two_character_words_and_follows_readings(tmp_path):
    db = filled(tmp_path)
    (report_id,) = put(db, 1, report(text="海淀区受理申请ＡＢＣ"))
    assert search_sections(db, "海淀") == [(report_id, 0)]
    assert search_sections(db, "abc 申请") == [(report_id, 0)]
    assert search_sections(db, "总体") == [(report_id, 0)]
    assert search_sections(db, '"') == []
    put(db, 1, report(text="西城区"))
    assert search_sections(db, "海淀") == []
    assert search_sections(db, "西城") == [(report_id, 0)]
    assert not renew_search(db)
    db.execute("UPDATE about SET value = '0' WHERE key = 'search'")
    assert renew_search(db)
    assert search_sections(db, "西城") == [(report_id, 0)]
    put(db, 1)
    assert search_sections(db, "西城") == []
    db.execute("INSERT INTO section_search(section_search) VALUES ('integrity-check')")


def test_everything_can_be_read_again_from_the_archive(tmp_path):
    """The rows are a function of archive, documents and reading; here the reading is a plain one of our own."""
    db, archive = filled(tmp_path), Archive(tmp_path)

    def read_again(version):
        for found in unread_documents(db, version):
            number, text = archive.get(found.sha256).decode().split("|")
            made = report(figure(raw=number, value=int(number)), sections=(Section(1, "一", text),))
            store_reports(db, found.id, [made], [OURS], NOW, parser_version=version)

    for n, content in enumerate(("3|甲", "4|甲", "3|甲", "3|乙")):
        document(db, n, sha256=archive.put(content.encode()), at=later(days=n))
    read_again("p1")
    before = dump(db)
    assert [row[0] for row in db.execute("SELECT version FROM reports ORDER BY id")] == [1, 2, 1, 3]
    forget_readings(db)
    read_again("p1")
    assert dump(db) == before
    read_again("p2")
    assert dump(db) == before


REAL = sorted((Path(__file__).parent.parent.parent / "shared" / "reports").glob("*.txt"))


@pytest.mark.skipif(not REAL, reason="the real reports lie outside of the repository")
def test_the_real_reports_come_back_whole(tmp_path):
    db = filled(tmp_path)
    for n, path in enumerate(REAL, 1):
        (read,) = parsers.read(path.read_bytes(), name=path.name)
        (report_id,) = put(db, n, read, given=Given("b1", 2000 + n))
        loaded, expected = load_report(db, report_id), without_plain_places(read)
        assert Counter(loaded.figures) == Counter(expected.figures)
        assert replace(loaded, figures=()) == replace(expected, figures=())
