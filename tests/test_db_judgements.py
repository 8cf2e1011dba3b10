"""Judgements, events and deliveries: one transaction, the same when judged again, each message once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from db_made import NOW, Given, document, figure, filled, later, report

from db.connection import open_database
from db.errors import DatabaseError
from db.judgement_rows import Changes, Stored, load_findings, load_obligations, store_judgements
from db.outbox import (
    ATTEMPTS,
    Subscriber,
    add_subscriber,
    due_deliveries,
    load_subscribers,
    mark_failed,
    mark_sent,
    message_id,
    next_attempt_at,
    remove_subscriber,
)
from db.report_rows import store_reports
from db.rule_rows import load_verdicts, standing_verdicts, store_rules, store_verdict
from db.snapshot import public_copy
from monitor.events import finding_events, status_event
from monitor.model import (
    CellRef,
    Event,
    Finding,
    Obligation,
    Observation,
    Outcome,
    Passage,
    Severity,
    Sight,
    Status,
)
from monitor.rules import CATALOGUE

ROOT = Path(__file__).parent.parent


def obligation(status=Status.AWAITING, body="b1", year=2024, **more) -> Obligation:
    values = {"due_on": date(2025, 1, 31), "certain": True, "duty": "d1", "explanation_zh": "说", "explanation_en": "e"}
    return Obligation(body, year, status, **(values | more))


def finding(id_="f1", outcome=Outcome.FAIL, **more) -> Finding:
    values = {
        "rule": "request_balance",
        "rule_version": 1,
        "family": "request_balance",
        "severity": Severity.ERROR,
        "message_zh": "不平",
        "message_en": "does not balance",
        "body": "b1",
        "report_year": 2024,
        "input_hash": "h1",
    }
    return Finding(id=id_, outcome=outcome, **(values | more))


def events_of(changes: Changes) -> list[Event]:
    """The monitor's own, with every finding news."""
    made = []
    for key, new in changes.obligations.items():
        made.append(status_event(changes.old_obligations.get(key), new, changes.now, watch_from=2024))
    old, new_ = changes.old_findings.values(), changes.findings.values()
    return [e for e in made if e] + list(finding_events(old, new_, changes.now, is_news=lambda _: True))


def judge(db, obligations=(), findings=(), now=NOW, **more) -> Stored:
    return store_judgements(db, obligations, findings, now, events_of=events_of, **more)


def row(db, id_="f1"):
    return db["findings"].get(id_)


def test_obligations_and_findings_come_back_whole(tmp_path):
    db = filled(tmp_path)
    look = Observation(7, "c1", NOW, Sight.ABSENT, "", "neighbours:b2")
    whole = obligation(
        Status.LATE,
        clause="own_date",
        days_late=3,
        basis="own_date",
        published_on=date(2025, 2, 3),
        published_after=NOW,
        published_by=later(days=1),
        looks=(7, 8),
        observations=(look,),
        stated_on=date(2025, 2, 3),
        contradicted_by=(look,),
        since=later(days=-2),
    )
    told = finding(
        cells=(
            CellRef("requests", "received", "total", "22.50万", Decimal("22.50"), 2024, "http://x"),
            CellRef("requests", "carried_in", "total", "/", None),
        ),
        passages=(Passage(None, 0, 2, "甲乙"),),
        formula="a + b = c",
        reason="r",
        responsibility="publisher",
        document="ab",
    )
    judge(db, [whole], [told])
    assert load_obligations(db, ["b1"]) == [whole]
    assert load_findings(db, ["b1"]) == [told]
    assert load_obligations(db, ["b2"]) == []


def test_judging_twice_changes_nothing(tmp_path):
    db = filled(tmp_path)
    add_subscriber(db, Subscriber("s", "mailto://x"), later(days=-1))
    given = [obligation(Status.MISSING)], [finding(), finding("p", Outcome.PASS), finding("q", Outcome.PENDING)]
    assert judge(db, *given) == Stored(statuses=1, opened=1, closed=0, events=2, deliveries=2)
    tables = ("obligations", "findings", "events", "deliveries", "check_counts")
    before = {table: list(db[table].rows) for table in tables}
    assert judge(db, *given) == Stored()
    assert {table: list(db[table].rows) for table in tables} == before
    assert judge(db, *given, now=later(days=3)) == Stored()
    assert {f.id for f in load_findings(db)} == {"f1", "q"}
    counts = db.execute("SELECT family, outcome, checks FROM check_counts ORDER BY outcome").fetchall()
    assert counts == [("request_balance", outcome, 1) for outcome in ("fail", "pass", "pending")]


def test_since_stays_while_the_status_stays(tmp_path):
    db = filled(tmp_path)

    def since():
        return db.execute("SELECT since, judged_at FROM obligations").fetchone()

    judge(db, [obligation(Status.AWAITING)])
    judge(db, [obligation(Status.AWAITING, clause="other")], now=later(days=1))
    assert since() == ("2025-02-01T03:04:05Z", "2025-02-02T03:04:05Z")
    judge(db, [obligation(Status.UNVERIFIED)], now=later(days=2))
    assert since()[0] == "2025-02-03T03:04:05Z"
    judge(db, [obligation(Status.MISSING, since=later(days=2, hours=5))], now=later(days=3))
    assert since()[0] == "2025-02-03T08:04:05Z"
    assert [e[0] for e in db.execute("SELECT new FROM events ORDER BY id")] == ["unverified", "missing"]


def test_a_finding_is_opened_closed_and_opened_again(tmp_path):
    db = filled(tmp_path)
    judge(db, findings=[finding()])
    judge(db, findings=[finding(message_en="other words", input_hash="h2")], now=later(days=1))
    assert (row(db)["opened_at"], row(db)["message_en"]) == ("2025-02-01T03:04:05Z", "other words")
    assert judge(db, findings=[finding(outcome=Outcome.PASS)], now=later(days=2)).closed == 1
    assert row(db)["closed_at"] == "2025-02-03T03:04:05Z"
    assert load_findings(db) == []
    assert len(load_findings(db, closed=True)) == 1
    assert judge(db, bodies=["b1"], now=later(days=3)).closed == 0
    assert judge(db, findings=[finding()], now=later(days=4)).opened == 1
    assert (row(db)["opened_at"], row(db)["closed_at"]) == ("2025-02-05T03:04:05Z", None)


def test_only_judged_bodies_are_closed(tmp_path):
    db = filled(tmp_path)
    judge(db, findings=[finding(), finding("f2", body="b2")])
    judge(db, findings=[finding("f2", body="b2")])
    assert row(db)["closed_at"] is None
    judge(db, bodies=["b1"])
    assert row(db)["closed_at"] is not None
    assert row(db, "f2")["closed_at"] is None


def test_pending_leaves_no_trace_and_becomes_a_finding_when_it_fails(tmp_path):
    db = filled(tmp_path)
    judge(db, findings=[finding(outcome=Outcome.PENDING), finding("n", Outcome.NOT_ASSESSABLE)])
    assert judge(db, findings=[finding()], now=later(days=1)).opened == 1
    assert row(db)["opened_at"] == "2025-02-02T03:04:05Z"
    assert [r["id"] for r in db["findings"].rows] == ["f1"]


def test_a_finding_stands_on_the_report_it_names(tmp_path):
    db = filled(tmp_path)
    for n in (1, 2):
        made = [report(figure(raw=str(n), value=n))]
        store_reports(db, document(db, n), made, [Given("b1", 2024)], NOW, parser_version="p")
    judge(
        db,
        findings=[
            finding("named", filing="http://a##sha#1#1"),
            finding("by document", document=f"{1:064x}"),
            finding("newest"),
            finding("none", report_year=2019),
        ],
    )
    assert dict(db.execute("SELECT id, report_id FROM findings")) == {
        "named": 1,
        "by document": 1,
        "newest": 2,
        "none": None,
    }
    store_reports(db, 1, [], [], NOW, parser_version="p")
    assert row(db, "named")["report_id"] is None


def test_rules_in_shadow_tell_nobody(tmp_path):
    db = filled(tmp_path)
    add_subscriber(db, Subscriber("s", "mailto://x"), later(days=-1))
    rules = [r for r in CATALOGUE if r.judge is not None][:2]
    store_rules(db, [replace(rules[0], state="shadow"), rules[1]])
    shadowed = finding("a", rule=rules[0].id)
    assert judge(db, findings=[shadowed, finding("b", rule=rules[1].id)]).events == 1
    assert [f["finding_id"] for f in db["open_findings"].rows] == ["b"]
    assert db.execute("SELECT sum(checks) FROM check_counts").fetchone() == (1,)
    store_rules(db, rules)  # switched on: shown at once, and no news
    assert judge(db, findings=[shadowed, finding("b", rule=rules[1].id)]).events == 0
    assert {f["finding_id"] for f in db["open_findings"].rows} == {"a", "b"}
    store_verdict(db, "a", "dismiss", author="li", reason="no", now=NOW)
    assert len(due_deliveries(db, later(days=9))) == 1
    store_rules(db, [rules[0], replace(rules[1], state="shadow")])  # taken back: what it said is published no longer
    assert due_deliveries(db, later(days=9)) == []
    assert [e["finding_id"] for e in db["latest_changes"].rows] == []
    with sqlite3.connect(public_copy(db, tmp_path / "public.db")) as copy:
        kept = [copy.execute(f"SELECT {name} FROM {table}").fetchall()
                for table, name in (("findings", "id"), ("verdicts", "finding_id"), ("events", "finding_id"))]
    assert kept == [[("a",)], [("a",)], []]


def test_bad_judgements_leave_nothing(tmp_path):
    db = filled(tmp_path)
    with pytest.raises(DatabaseError, match="body and a report year"):
        judge(db, findings=[finding(body=None)])
    with pytest.raises(DatabaseError, match="one finding an id"):
        judge(db, findings=[finding(), finding()])
    with pytest.raises(DatabaseError, match="FOREIGN KEY"):
        judge(db, [obligation()], [finding(body="nobody")])

    def broken(changes):
        yield from events_of(changes)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store_judgements(db, [obligation(Status.MISSING)], [finding()], NOW, events_of=broken)
    assert [db[t].count for t in ("obligations", "findings", "events", "check_counts")] == [0, 0, 0, 0]


def test_killed_while_judging_nothing_is_half_told(tmp_path):
    db = filled(tmp_path)
    add_subscriber(db, Subscriber("s", "mailto://x"), later(days=-1))
    code = """
        import os, signal, sys
        sys.path.insert(0, "tests")
        import test_db_judgements as t
        from pathlib import Path
        db = t.open_database(Path(sys.argv[1]))
        import db.judgement_rows as judgement_rows
        whole = judgement_rows.queue_deliveries
        def die(*arguments):
            whole(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)
        judgement_rows.queue_deliveries = die
        t.judge(db, [t.obligation(t.Status.MISSING)], [t.finding()])
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code), str(tmp_path)], cwd=ROOT, timeout=60)
    assert done.returncode == -9
    assert [db[t].count for t in ("obligations", "findings", "events", "deliveries")] == [0, 0, 0, 0]
    assert judge(db, [obligation(Status.MISSING)], [finding()]).deliveries == 2


def test_subscribers_get_what_they_asked_for(tmp_path):
    db = filled(tmp_path)
    early = later(days=-1)
    for subscriber in (
        Subscriber("all", "x"),
        Subscriber("body", "x", bodies=("b2",)),
        Subscriber("beijing", "x", language="zh", divisions=("110000",)),
        Subscriber("district", "x", divisions=("310104",)),
        Subscriber("towns", "x", divisions=("110108012000",)),
        Subscriber("missing", "x", families=("missing",)),
        Subscriber("sums", "x", families=("request_balance",)),
    ):
        add_subscriber(db, subscriber, early)
    add_subscriber(db, Subscriber("tomorrow", "x"), later(days=1))
    judge(db, [obligation(Status.MISSING), obligation(Status.MISSING, "b2")], [finding()])
    waiting = [(d.subscriber.name, d.event.body, d.event.kind) for d in due_deliveries(db, NOW)]
    assert sorted(waiting) == [
        ("all", "b1", "finding_opened"),
        ("all", "b1", "status"),
        ("all", "b2", "status"),
        ("beijing", "b1", "finding_opened"),
        ("beijing", "b1", "status"),
        ("body", "b2", "status"),
        ("district", "b2", "status"),
        ("missing", "b1", "status"),
        ("missing", "b2", "status"),
        ("sums", "b1", "finding_opened"),
    ]


def test_the_outbox_tries_again_and_gives_up(tmp_path):
    db = filled(tmp_path)
    add_subscriber(db, Subscriber("s", "mailto://x"), later(days=-1))
    judge(db, [obligation(Status.MISSING)], [finding()])
    first, second = due_deliveries(db, NOW)
    assert first.message_id == message_id(first.event.key, "s") != second.message_id
    mark_sent(db, first.id, NOW)
    now, attempts = NOW, 0
    assert next_attempt_at(db) == NOW
    while (at := next_attempt_at(db)) is not None:
        assert due_deliveries(db, at)[0].message_id == second.message_id
        assert due_deliveries(db, at.replace(second=at.second - 1)) == []
        now = at
        attempts += 1
        given_up = mark_failed(db, second.id, now, "no route")
        assert given_up == (attempts == ATTEMPTS)
    assert attempts == ATTEMPTS
    assert db.execute("SELECT state, attempts, last_error FROM deliveries ORDER BY id").fetchall() == [
        ("sent", 1, ""),
        ("given_up", ATTEMPTS, "no route"),
    ]
    with pytest.raises(DatabaseError, match="no such delivery"):
        mark_failed(db, 99, NOW, "")


def test_subscribers_are_added_changed_and_removed(tmp_path):
    db = filled(tmp_path)
    id_ = add_subscriber(db, Subscriber("s", "mailto://x"), NOW)
    assert add_subscriber(db, Subscriber("s", "mailto://y", "zh", ("b1",)), later(days=1)) == id_
    assert load_subscribers(db) == [Subscriber("s", "mailto://y", "zh", ("b1",), id=id_)]
    judge(db, [obligation(Status.MISSING)], now=later(days=2))
    remove_subscriber(db, "s")
    assert due_deliveries(db, later(days=9)) == []
    assert load_subscribers(db) == []
    assert [s.active for s in load_subscribers(db, inactive=True)] == [False]
    with pytest.raises(DatabaseError, match="no such subscriber"):
        remove_subscriber(db, "t")
    with pytest.raises(DatabaseError, match="language"):
        add_subscriber(db, Subscriber("u", "x", "fr"), NOW)


def test_verdicts_stand_until_the_values_change(tmp_path):
    db = filled(tmp_path)
    judge(db, findings=[finding()])
    store_verdict(db, "f1", "confirm", author="li", reason="looked", now=NOW)
    kept = store_verdict(db, "f1", "dismiss", author="li", reason="looked again", now=later(days=1), source="http://x")
    assert standing_verdicts(db) == load_verdicts(db) == {"f1": kept}
    judge(db, findings=[finding(rule_version=2)], now=later(days=1))  # a new version that says the same of the same
    assert standing_verdicts(db) == {"f1": kept}
    assert next(iter(db["open_findings"].rows))["verdict_stands"] == 1
    judge(db, findings=[finding(input_hash="h2")], now=later(days=2))
    assert standing_verdicts(db) == {}
    assert load_verdicts(db) == {"f1": kept}
    for arguments, message in (
        (("f9", "confirm"), "no such finding"),
        (("f1", "like"), "expected one of"),
    ):
        with pytest.raises(DatabaseError, match=message):
            store_verdict(db, *arguments, author="li", reason="x", now=NOW)
    with pytest.raises(DatabaseError, match="author"):
        store_verdict(db, "f1", "confirm", author=" ", reason="x", now=NOW)


def test_the_catalogue_is_stored_as_it_is(tmp_path):
    db = filled(tmp_path)
    store_rules(db, CATALOGUE)
    assert db["rules"].count == len(CATALOGUE)
    fees = db["rules"].get("form_content.fees")
    assert (fees["generations"], fees["years_from"], fees["years_to"], fees["kinds"]) == ('["2021"]', 2021, None, "[]")
    assert (fees["tolerance"], db["rules"].get("narrative_arithmetic.share")["note_en"][:4]) == ("0", "Half")
    store_rules(db, CATALOGUE[:3])
    assert db["rules"].count == 3


def test_instants_are_utc_to_the_second(tmp_path):
    db = open_database(tmp_path / "other")
    at = datetime(2025, 2, 1, 3, 4, 5, 999999, tzinfo=UTC)
    add_subscriber(db, Subscriber("s", "x"), at)
    assert next(iter(db["subscribers"].rows))["created_at"] == "2025-02-01T03:04:05Z"
