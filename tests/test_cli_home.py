"""The commands over a home: from the portal's list to a verdict and back, and every bad input in one clear line."""

from __future__ import annotations

import json
import random
import resource
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from scheduler_town import BODIES, Town, entry, report_page, run

from db.archive import Archive
from db.connection import open_database
from db.crawl_rows import store_document
from samples.portals import PortalFault
from scheduler.cli import COMMANDS, main

AS_OF = "2026-02-20T02:00"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town after one round: one body on time, one late and with a slip in its figures, one whose portal fails."""
    with Town(tmp_path_factory.mktemp("home")) as town:
        finance, audit = BODIES["t-finance"][0], BODIES["t-audit"][0]
        for year in (2024, 2025):
            day = date(year + 1, 1, 20)
            town.portals["t-finance"].entries.append(entry(finance, year, day, year))
        town.portals["t-audit"].entries.append(entry(audit, 2025, date(2026, 2, 10), 1, handled=13))
        town.portals["t-water"].fault = PortalFault.FORBIDDEN
        town.here("crawl", "--as-of", AS_OF)
        town.here("read", "--as-of", AS_OF)
        town.here("judge", "--as-of", AS_OF)
        yield town


def ogiwatch(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *arguments], catch_exceptions=False)


def test_every_command_explains_itself() -> None:
    listed = CliRunner().invoke(main, ["--help"]).stdout
    for name in COMMANDS:
        assert f"\n  {name} " in listed
        shown = CliRunner().invoke(main, [name, "--help"])
        assert shown.exit_code == 0 and "Usage:" in shown.stdout and len(shown.stdout.splitlines()) > 5, name


def test_a_round_ends_in_statuses_with_their_reasons(town: Town) -> None:
    found = ogiwatch(town.home, "status", "--year", "2025", "--json").stdout.splitlines()
    by_body = {row["body_id"]: row for row in map(json.loads, found)}
    assert by_body["t-finance"]["status"] == "on_time"
    assert (by_body["t-audit"]["status"], by_body["t-audit"]["days_late"]) == ("late", 10)
    assert by_body["t-water"]["status"] in ("awaiting", "unverified")
    assert all(row["explanation_zh"] and row["explanation_en"] for row in by_body.values())
    asked = ogiwatch(town.home, "status", "--year", "1999")
    assert "report year 1999: nothing is judged for it, only for" in asked.stderr
    counts = ogiwatch(town.home, "status", "--year", "2025").stdout
    assert "late\t1" in counts and "missing\t0" in counts
    assert "t-audit" in ogiwatch(town.home, "status", "--status", "late", "--as-of", AS_OF).stdout


def test_the_whole_round_again_adds_nothing(town: Town) -> None:
    before = town.counts()
    done = town.run("run", "--once", "--as-of", AS_OF)
    assert "round: alert" in done.stderr
    assert town.counts() == before
    last = town.rows("SELECT outcome FROM runs WHERE job = 'round'")
    assert [row["outcome"] for row in last] == ["ok"]


def test_findings_of_the_home(town: Town) -> None:
    result = ogiwatch(town.home, "check", "--json", "--strict", "--as-of", AS_OF)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert {f["body"] for f in found if f["severity"] == "error"} == {"t-audit"}


def test_evidence_export_and_backup(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    result = ogiwatch(town.home, "evidence", "t-audit", "2025", "--output", str(folder))
    assert result.exit_code == 0
    statement = (folder / "statement.md").read_text(encoding="utf-8")
    assert "黄石市下陆区审计局" in statement and "late" in statement and "127.0.0.3" in statement
    documents = list((folder / "documents").iterdir())
    assert len(documents) == 1 and "年度报告" in documents[0].read_text(encoding="utf-8")
    assert ogiwatch(town.home, "evidence", "t-audit", "2011").exit_code == 2

    exported = ogiwatch(town.home, "export", str(tmp_path / "out"), "--database").stdout.splitlines()
    assert any(line.endswith("statuses.csv") for line in exported)
    with sqlite3.connect(tmp_path / "out" / "ogiwatch.db") as copy:
        assert copy.execute("SELECT count(*) FROM reports").fetchone()[0] == 3
    (path,) = ogiwatch(town.home, "backup", "--as-of", AS_OF).stdout.split()
    assert path.endswith("20260219T180000Z.db") and Path(path).exists()


def test_subscribers_come_and_go_and_their_addresses_stay_secret(town: Town) -> None:
    url = "json://user:secret@127.0.0.1:9/hook"
    assert ogiwatch(town.home, "subscribe", "add", "desk", url, "--family", "missing").exit_code == 0
    shown = ogiwatch(town.home, "subscribe", "list").stdout
    assert "desk\tjson://127.0.0.1..." in shown and "secret" not in shown
    assert ogiwatch(town.home, "subscribe", "add", "x", "nowhere").exit_code == 2
    assert ogiwatch(town.home, "subscribe", "remove", "desk").exit_code == 0
    assert ogiwatch(town.home, "subscribe", "remove", "nobody").exit_code == 2


def test_review_assigns_and_judges(town: Town) -> None:
    finding = next(
        f for f in map(json.loads, ogiwatch(town.home, "check", "--json").stdout.splitlines()) if f["body"] == "t-audit"
    )["id"]
    said = ("--author", "L. Chen", "--reason", "counted again")
    assert ogiwatch(town.home, "review", "confirm", finding, *said).exit_code == 0
    assert ogiwatch(town.home, "review", "confirm", "no-such-finding", *said).exit_code == 2
    assert ogiwatch(town.home, "review", "dismiss", finding, "--author", "me").exit_code == 2
    assert ogiwatch(town.home, "review", "assign", "http://a.example/1.html", "--none", *said).exit_code == 0
    assert ogiwatch(town.home, "review", "assign", "http://a.example/1.html", "--body", "t-audit", *said).exit_code == 2
    assert ogiwatch(town.home, "review", "list", "--json").exit_code == 0


def test_a_column_is_added_only_without_fault(tmp_path: Path) -> None:
    (tmp_path / "h").mkdir()
    new = ("--name", "黄石市下陆区教育局", "--kind", "department", "--level", "county", "--division", "420204")
    add = ("registry", "add", "https://x.example.gov.cn/nb/", "--body", "my-edu", "--no-fetch")
    added = ogiwatch(tmp_path / "h", *add, *new)
    assert added.stdout == "x.example.gov.cn-1\n"
    assert "my-edu\t黄石市下陆区教育局" in ogiwatch(tmp_path / "h", "registry", "list", "--body", "my-edu").stdout
    for wrong in (
        ("https://x.example.gov.cn/nb/", "--body", "my-edu"),  # there already
        ("ftp://x.example.gov.cn/", "--body", "my-edu"),
        ("https://y.example.gov.cn/", "--body", "nobody"),
        ("https://y.example.gov.cn/", "--body", "my-edu", "--family", "no-such"),
    ):
        result = ogiwatch(tmp_path / "h", "registry", "add", "--no-fetch", *wrong)
        assert result.exit_code == 2 and len(result.stderr.splitlines()) == 1, result.output
    assert ogiwatch(tmp_path / "h", "registry", "check").exit_code == 0


# -- bad input: one clear line and exit status 2 ----------------------------------------------------------------------


def one_line(result: Result) -> str:
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.splitlines()
    return line


def test_a_broken_registry_row(tmp_path: Path) -> None:
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "bodies.csv").write_text("id,name,kind,level,division\nx,某局,club,county,420204\n")
    for command in (("crawl",), ("read",), ("judge",), ("registry", "list"), ("registry", "check")):
        line = one_line(ogiwatch(tmp_path, *command))
        assert "bodies.csv:2: kind" in line, command


def test_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[crawl]\nspeed = 9\n")
    for command in (("crawl",), ("judge",), ("run", "--port", "0")):
        assert "settings.toml:2: speed: no such setting" in one_line(ogiwatch(tmp_path, *command)), command


def test_no_home_or_a_file_in_its_place(tmp_path: Path) -> None:
    assert "no database here" in one_line(ogiwatch(tmp_path / "nothing", "status"))
    assert "no database here" in one_line(ogiwatch(tmp_path / "nothing", "serve", "--port", "0"))
    assert not (tmp_path / "nothing").exists()
    (tmp_path / "file").write_text("")
    assert ogiwatch(tmp_path / "file", "crawl").exit_code == 2


def test_a_database_of_a_newer_version_and_one_that_is_none(tmp_path: Path) -> None:
    ogiwatch(tmp_path, "judge")
    with sqlite3.connect(tmp_path / "ogiwatch.db") as db:
        db.execute(
            "INSERT INTO _sqlite_migrations(migration_set, name, applied_at) "
            "SELECT migration_set, 'm999_of_the_future', applied_at FROM _sqlite_migrations LIMIT 1"
        )
    db.close()
    for command in (("status",), ("judge",), ("serve", "--port", "0"), ("run", "--port", "0")):
        assert "newer version" in one_line(ogiwatch(tmp_path, *command)), command
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "ogiwatch.db").write_bytes(b"not a database at all" * 100)
    assert "expected a SQLite database" in one_line(ogiwatch(tmp_path / "other", "status"))


def test_an_unreachable_host_is_a_look_and_no_fault(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    result = town.here("crawl", "--column", "c-t-water", "--as-of", "2026-02-21")
    assert result.stdout == "look\tcolumns\nwall\t1\n"
    assert capfd.readouterr().err.startswith("c-t-water: wall: http://127.0.0.4")  # said by the child process


def test_a_crawl_that_cannot_keep_what_it_fetched(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        (tmp_path / "archive").write_text("a file in the archive's place")
        result = town.run("crawl", "--as-of", AS_OF, check=False)
        assert result.returncode == 2 and "Traceback" not in result.stderr
        said = [line for line in result.stderr.splitlines() if line.startswith("ogiwatch: ")]
        assert len(said) == 1 and said[0].startswith("ogiwatch: crawl: batch 1: the crawl ended with exit status ")
        assert "archive" in result.stderr
        assert town.run("run", "--once", "--as-of", AS_OF, check=False).returncode == 2
        assert town.rows("SELECT outcome FROM runs WHERE job = 'round'") == [{"outcome": "failed"}]
        (tmp_path / "archive").unlink()
        assert town.here("crawl", "--as-of", AS_OF).stdout.startswith("look\tcolumns\n")


def test_wrong_moments_and_ids(town: Town) -> None:
    assert ogiwatch(town.home, "judge", "--as-of", "yesterday").exit_code == 2
    assert "no such column" in one_line(ogiwatch(town.home, "crawl", "--column", "nope"))
    assert "no such body" in one_line(ogiwatch(town.home, "judge", "--body", "nope"))


def test_a_full_disk(tmp_path: Path) -> None:
    """Files may grow no further than a limit: what a full disk does, without needing one."""

    def cramped() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    result = run(tmp_path, "judge", check=False, preexec_fn=cramped)
    assert result.returncode == 2 and result.stdout == ""
    assert len([line for line in result.stderr.splitlines() if line.startswith("ogiwatch: ")]) == 1, result.stderr
    assert "full" in result.stderr or "larger than" in result.stderr
    assert "Traceback" not in result.stderr
    assert run(tmp_path, "judge").returncode == 0  # and with room again it goes on


def test_an_unreadable_document_is_kept_as_that_and_the_rest_goes_on(tmp_path: Path) -> None:
    """A page of millions of characters is not read within the limit; whatever stops a reader is kept the same way."""
    url, title = "http://127.0.0.2/t-finance/zfxxgk/zfxxgknb/{}.html", "黄石市下陆区财政局{}年政府信息公开工作年度报告"
    town = Town(tmp_path)
    town.server.port = 80
    town.write("[reading]\ntimeout_seconds = 2\n")
    town.here("judge", "--as-of", AS_OF)  # takes the registry in
    letters = random.Random(1).choices("政府信息公开申请本年度处理结果", k=810_000)
    cells = ["".join(letters[at : at + 9]) for at in range(0, len(letters), 9)]
    endless = "\n".join("\t".join(cells[at : at + 5]) for at in range(0, len(cells), 5))  # a quarter of a minute
    db, archive = open_database(tmp_path), Archive(tmp_path)
    for year, body in ((2025, endless), (2024, report_page("黄石市下陆区财政局", 2024))):
        name = title.format(year)
        page = f"<title>{name}</title><h1>{name}</h1><p>发布时间：{year + 1}-01-05</p>{body}" if year < 2025 else body
        store_document(
            db, url=url.format(year), sha256=archive.put(page.encode()), bytes=len(page), purpose="article",
            seen_at=datetime(2026, 1, 6, tzinfo=UTC), column_id="c-t-finance", list_title=name,
        )  # fmt: skip
    db.close()
    result = town.here("read", "--as-of", AS_OF)
    assert "documents\t2" in result.stdout and "unreadable documents\t1" in result.stdout
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("ogiwatch: ")]
    assert line == f"ogiwatch: {url.format(2025)}: cannot be read: reading took longer than 2 seconds"
    kept = town.rows("SELECT r.report_year, p.code FROM problems p JOIN reports r ON r.id = p.report_id")
    assert (2025, "unreadable") in {(row["report_year"], row["code"]) for row in kept}
    town.here("judge", "--as-of", AS_OF)
    held = town.rows("SELECT report_year, status FROM obligations WHERE body_id = 't-finance' ORDER BY 1")
    # the list calls it the report of 2025: held, though nothing could be read in it
    assert [(r["report_year"], r["status"]) for r in held][:2] == [(2024, "on_time"), (2025, "on_time")]
    assert "documents\t0" in town.here("read", "--as-of", AS_OF).stdout


def test_a_document_the_archive_lost_is_said_and_left_unread(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.server.port = 80
    town.write()
    town.here("judge", "--as-of", AS_OF)
    db = open_database(tmp_path)
    store_document(
        db, url="http://127.0.0.2/x.html", sha256="0" * 64, bytes=1, purpose="article",
        seen_at=datetime(2026, 1, 6, tzinfo=UTC), column_id="c-t-finance",
    )  # fmt: skip
    db.close()
    for _ in range(2):
        result = ogiwatch(town.home, "read", "--as-of", AS_OF)
        assert result.exit_code == 2 and "documents missing in the archive\t1" in result.stdout
        assert "http://127.0.0.2/x.html: " in result.stderr and "nothing is kept under" in result.stderr
    judged = town.here("judge", "--as-of", AS_OF)
    assert "judge: 1 body has documents not read yet" in judged.stderr


def test_a_report_of_an_unknown_publisher_waits_for_the_registry_and_is_then_taken(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.server.port = 80
    town.write()
    ogiwatch(tmp_path, "judge", "--as-of", AS_OF)
    name, url = "黄石市下陆区交通运输局", "http://127.0.0.2/t-finance/zfxxgk/zfxxgknb/9.html"
    title = f"{name}2024年政府信息公开工作年度报告"
    page = f"<html><title>{title}</title><body><h1>{title}</h1>{report_page(name, 2024)}</body></html>".encode()
    db = open_database(tmp_path)
    store_document(
        db, url=url, sha256=Archive(tmp_path).put(page), bytes=len(page), purpose="article",
        seen_at=datetime(2026, 1, 6, tzinfo=UTC), column_id="c-t-finance", list_title=title,
    )  # fmt: skip
    db.close()
    assert "reports nobody could be found for\t1" in ogiwatch(tmp_path, "read", "--as-of", AS_OF).stdout
    assert "unknown_publisher" in ogiwatch(tmp_path, "review", "list").stdout
    new = ("--name", name, "--kind", "department", "--level", "county", "--division", "420204", "--no-fetch")
    assert ogiwatch(tmp_path, "registry", "add", "http://127.0.0.2/b/", "--body", "t-roads", *new).exit_code == 0
    assert "reports nobody could be found for\t0" in ogiwatch(tmp_path, "read", "--as-of", AS_OF).stdout
    assert town.rows("SELECT body_id, report_year FROM reports") == [{"body_id": "t-roads", "report_year": 2024}]
