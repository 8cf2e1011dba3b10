"""Copies: whole, public, and as plain files; none half written."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from db_made import NOW, Given, document, figure, filled, report

from db.connection import open_database
from db.errors import DatabaseError
from db.outbox import Subscriber, add_subscriber
from db.report_rows import load_report, store_reports
from db.snapshot import EXPORTS, backup, export, public_copy

ROOT = Path(__file__).parent.parent


@pytest.fixture
def db(tmp_path):
    db = filled(tmp_path / "home")
    made = report(figure(raw="+2", value=2), text="=HYPERLINK(1)", title="-乙+丙")
    store_reports(db, document(db), [made], [Given("b1", 2024)], NOW, parser_version="p")
    add_subscriber(db, Subscriber("s", "mailto://secret-of-s"), NOW)
    return db


def test_a_backup_is_the_whole_database_and_opens_as_a_home(db, tmp_path):
    target = backup(db, tmp_path / "copy" / "ogiwatch.db")
    copy = open_database(tmp_path / "copy", create=False)
    assert load_report(copy, 1) == load_report(db, 1)
    assert copy["subscribers"].count == 1
    copy.close()
    backup(db, target)  # in its place
    assert [p.name for p in target.parent.iterdir() if not p.name.endswith(("-wal", "-shm"))] == ["ogiwatch.db"]


def test_a_public_copy_holds_no_secret(db, tmp_path):
    target = public_copy(db, tmp_path / "public.db")
    assert b"secret-of-s" not in target.read_bytes()
    assert b"secret-of-s" in backup(db, tmp_path / "all.db").read_bytes()
    with sqlite3.connect(target) as copy:
        assert copy.execute("SELECT count(*) FROM reports").fetchone() == (1,)
        found = copy.execute("SELECT rowid / 4096 FROM section_search WHERE section_search MATCH '\"总 体\"'")
        assert found.fetchall() == [(1,)]
    assert db["subscribers"].count == 1


def test_an_export_is_readable_by_others(db, tmp_path):
    written = export(db, tmp_path / "out")
    assert len(written) == 2 * len(EXPORTS)
    assert {p.name for p in (tmp_path / "out").iterdir()} == {p.name for p in written}
    text = (tmp_path / "out" / "cells.csv").read_text(encoding="utf-8-sig")
    assert next(csv.DictReader(text.splitlines()))["raw"] == "+2"
    sections = (tmp_path / "out" / "sections.csv").read_text(encoding="utf-8-sig")
    assert next(csv.DictReader(sections.splitlines()))["text"] == "'=HYPERLINK(1)"
    reports = (tmp_path / "out" / "reports.csv").read_text(encoding="utf-8-sig")
    assert next(csv.DictReader(reports.splitlines()))["title"] == "'-乙+丙"
    line = json.loads((tmp_path / "out" / "sections.jsonl").read_text().splitlines()[0])
    assert (line["text"], line["number"]) == ("=HYPERLINK(1)", 1)
    export(db, tmp_path / "out")


def test_what_is_not_published_is_in_no_copy_for_others(db, tmp_path):
    rule = "INSERT INTO rules(id, version, family, severity, title_zh, title_en, basis_zh, basis_en, formula, state) "
    finding = """INSERT INTO findings(id, rule, rule_version, family, severity, outcome, body_id, report_year,
                   message_zh, message_en, input_hash, opened_at, reason) """
    with db.conn:
        for name, state in (("tried", "shadow"), ("used", "on")):
            db.conn.execute(rule + "VALUES (?, 1, 'f', 'error', '', '', '', '', '', ?)", (name, state))
        for name, outcome, reason in (
            ("tried", "fail", ""), ("used", "fail", ""), ("used", "not_assessable", "uncertain_cell"),
            ("used", "not_assessable", "blank_cell"),
        ):  # fmt: skip
            said = (f"{name} {reason}", name, outcome, f"{name} says {reason}", reason)
            db.conn.execute(finding + "VALUES (?1, ?2, 1, 'f', 'error', ?3, 'b1', 2024, ?4, ?4, 'h', 't', ?5)", said)
    export(db, tmp_path / "out")
    told = [json.loads(line)["finding_id"] for line in (tmp_path / "out" / "findings.jsonl").read_text().splitlines()]
    assert told == ["used ", "used blank_cell"]
    for path in (tmp_path / "out").iterdir():
        assert "tried says" not in path.read_text() and "says uncertain" not in path.read_text()
    assert b"tried says" not in public_copy(db, tmp_path / "public.db").read_bytes()
    with sqlite3.connect(tmp_path / "public.db") as copy:
        assert copy.execute("SELECT id FROM findings ORDER BY id").fetchall() == [("used ",), ("used blank_cell",)]


def test_copies_that_cannot_be_written_are_said(db, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseError, match="copy could not be written"):
        backup(db, tmp_path / "file" / "x.db")
    with pytest.raises(DatabaseError, match="export could not be written"):
        export(db, tmp_path / "file")


def test_a_full_disk_leaves_the_former_copy(db, tmp_path):
    target = backup(db, tmp_path / "copy.db")
    before = target.read_bytes()
    code = """
        import resource, sys
        from pathlib import Path
        from db.connection import open_database
        from db.errors import DatabaseError
        from db.snapshot import backup
        db = open_database(Path(sys.argv[1]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            backup(db, Path(sys.argv[2]))
        except DatabaseError as error:
            print(error)
    """
    arguments = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "home"), str(target)]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "the copy could not be written" in done.stdout, done.stderr
    assert target.read_bytes() == before
    assert not list(tmp_path.glob(".*part*"))
