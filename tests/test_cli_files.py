"""`ogiwatch read FILE...` and `check FILE...`: files alone, no home, no database, no registry."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from scheduler_town import entry, report_page

from scheduler.cli import main

SHARED = Path(__file__).parents[2] / "shared" / "reports"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a few reports, and nothing else in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OGIWATCH_HOME", raising=False)
    for year, handled in ((2022, 12), (2023, 13)):
        title = f"黄石市下陆区财政局{year}年政府信息公开工作年度报告"
        body = report_page("黄石市下陆区财政局", year, handled=handled)
        page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
        (tmp_path / f"{year}.html").write_text(page, encoding="utf-8")
    (tmp_path / "notice.html").write_text("<html><body><p>关于放假的通知</p></body></html>", encoding="utf-8")
    return tmp_path


def ogiwatch(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_read_gives_one_object_a_report_by_the_contract(files: Path) -> None:
    result = ogiwatch("read", "2022.html", "notice.html", "--json")
    assert result.exit_code == 0 and not result.stderr
    report, notice = lines(result)
    assert set(report) >= {
        "file", "part", "publisher", "report_year", "title", "published_on", "published_on_source", "forms",
        "requests", "sections", "statements", "problems",
    }  # fmt: skip
    assert (report["file"], report["publisher"], report["report_year"]) == ("2022.html", "黄石市下陆区财政局", 2022)
    assert report["requests"]["received"]["total"] == 12  # type: ignore[index]
    assert report["forms"] == {"requests": "2021"}
    assert "requests" not in notice
    assert "not_a_report" in {problem["code"] for problem in notice["problems"]}  # type: ignore[attr-defined]


def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(files: Path) -> None:
    result = ogiwatch("read", "absent.html", "2022.html", str(files), "2023.html", "--json")
    assert result.exit_code == 2
    assert [line["file"] for line in lines(result)] == ["2022.html", "2023.html"]
    assert result.stderr.splitlines() == [
        "ogiwatch: absent.html: no such file or directory",
        f"ogiwatch: {files}: is a directory",
    ]


def test_read_without_json_is_for_people(files: Path) -> None:
    result = ogiwatch("read", "2022.html")
    assert "report year: 2022" in result.stdout and "published on: not found" in result.stdout
    assert "received\t12\t0\t0\t0\t0\t0\t12" in result.stdout


def test_read_takes_standard_input(files: Path) -> None:
    data = (files / "2022.html").read_bytes()
    result = CliRunner().invoke(main, ["read", "-", "--json"], input=data)
    assert lines(result)[0]["report_year"] == 2022 and lines(result)[0]["file"] == "-"


def test_nothing_is_made_where_files_are_read(files: Path) -> None:
    before = sorted(files.iterdir())
    ogiwatch("read", "2022.html")
    ogiwatch("check", "2022.html")
    assert sorted(files.iterdir()) == before


def test_check_finds_what_does_not_add_up(files: Path) -> None:
    result = ogiwatch("check", "2022.html", "2023.html", "--json")
    assert result.exit_code == 0
    sound, broken = lines(result)
    errors = [f for f in broken["findings"] if f["severity"] == "error"]  # type: ignore[attr-defined, index]
    assert not [f for f in sound["findings"] if f["severity"] == "error"]  # type: ignore[attr-defined, index]
    assert errors and {f["outcome"] for f in errors} == {"fail"}
    assert set(errors[0]) >= {"id", "rule", "family", "severity", "message_zh", "message_en", "cells", "passages"}
    assert {(c["file"], c["report_year"]) for f in errors for c in f["cells"]} == {("2023.html", 2023)}


def test_strict_tells_by_the_exit_status_and_unreadable_files_come_first(files: Path) -> None:
    assert ogiwatch("check", "2023.html", "--strict").exit_code == 1
    assert ogiwatch("check", "notice.html", "--strict").exit_code == 0
    assert ogiwatch("check", "2023.html", "absent.html", "--strict").exit_code == 2


def test_all_also_shows_what_holds(files: Path) -> None:
    (few,) = lines(ogiwatch("check", "2022.html", "--json"))
    (many,) = lines(ogiwatch("check", "2022.html", "--json", "--all"))
    assert len(many["findings"]) > len(few["findings"])  # type: ignore[arg-type]
    assert {"pass"} <= {f["outcome"] for f in many["findings"]}  # type: ignore[attr-defined, index]


def test_years_are_compared_only_for_one_publisher(files: Path) -> None:
    for name, body in (("later.html", "黄石市下陆区财政局"), ("other.html", "黄石市下陆区审计局")):
        title = f"{body}2023年政府信息公开工作年度报告"
        page = f"<html><body><h1>{title}</h1>{report_page(body, 2023, carried_in=5)}</body></html>"
        (files / name).write_text(page, encoding="utf-8")

    def carried(*arguments: str) -> list[str]:
        found = lines(ogiwatch("check", "--json", *arguments))
        return [o["file"] for o in found for f in o["findings"] if f["family"] == "carry_over"]  # type: ignore

    assert set(carried("2022.html", "later.html")) == {"later.html"}
    assert set(carried("later.html", "2022.html")) == {"later.html"}  # the order of the files does not matter
    assert not carried("2022.html", "other.html")
    assert set(carried("2022.html", "other.html", "--publisher", "下陆区")) == {"other.html"}


def test_the_kind_sets_the_due_day(files: Path) -> None:
    late = entry("某中心", 2023, date(2024, 3, 15), 1)
    page = f"<html><body><h1>{late.title}</h1><p>发布时间：2024-03-15</p>{late.body}</body></html>"
    (files / "late.html").write_text(page, encoding="utf-8")

    def said(*more: str) -> list[str]:
        (report,) = lines(ogiwatch("check", "late.html", "--json", *more))
        return [f["message_en"] for f in report["findings"] if f["family"] == "late"]  # type: ignore[attr-defined, index]

    assert not said()  # the kind is unknown: 31 March
    assert "late by 44 days" in said("--kind", "department")[0]
    assert ogiwatch("check", "late.html", "--kind", "club").exit_code == 2


@pytest.mark.skipif(not SHARED.is_dir(), reason="the five real reports lie beside the repository")
def test_the_five_real_reports() -> None:
    result = ogiwatch("check", "--json", *map(str, sorted(SHARED.glob("*.txt"))))
    graver = {
        Path(str(o["file"])).name[:3]: [f["family"] for f in o["findings"] if f["severity"] == "error"]  # type: ignore[attr-defined, index]
        for o in lines(result)
    }
    assert graver == {"000": [], "001": [], "002": ["indicator_sum"], "003": [], "004": []}
