"""What each look weighs on the verdict page: cited, not needed, too early, waiting, or nothing and why."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from site_client import Page, get, open_site, site

from monitor.model import Thresholds

site()  # makes `ogisite` importable, as the plugin does

from ogisite import marking, reading, troubles, weights  # noqa: E402

COLUMN = {"id": "c", "url": "http://www.demo.gov.cn/nb/", "title": "年报", "years_from": None, "years_to": None}
MISSING = {"status": "missing", "due_on": "2025-01-31"}


def weigh(said: dict[str, str] | None, obligation: dict[str, str] = MISSING, **look: Any) -> tuple[str, str]:
    base = {
        "result": "complete",
        "counted": False,
        "said": said,
        "started_at": "2025-02-05T02:00:00Z",
        "kept_since": "",
    }
    column = {**COLUMN, **look.pop("column", {})}
    return weights.weigh({**base, **look}, column, obligation, 2024)


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (("cited", ""), weigh({"sight": "absent"}, counted=True)),
        (("spare", ""), weigh({"sight": "absent"})),
        (("early", ""), weigh({"sight": "absent"}, started_at="2025-01-31T15:59:59Z")),
        (("spare", ""), weigh({"sight": "absent"}, started_at="2025-01-31T16:00:00Z")),
        (("void", "no_positive_control"), weigh({"sight": "undecidable", "reason": "no_positive_control"})),
        (("open", "no_name"), weigh({"sight": "undecidable", "reason": "no_name"})),
        (("void", "look_incomplete"), weigh(None, result="wall")),
        (("void", "column_of_other_years"), weigh(None, column={"years_to": 2020})),
        (("void", "column_of_other_years"), weigh(None, column={"title": "2019年年报"})),
        (("void", "says_nothing"), weigh(None, column={"title": "2024年年报"})),
        (("spare", "other_looks_decide"), weigh(None, kept_since="2025-02-06T00:00:00Z")),
        (("spare", ""), weigh(None, {"status": "late", "due_on": "2025-01-31"})),
    ],
)
def test_what_a_look_weighs(expected: tuple[str, str], found: tuple[str, str]) -> None:
    assert found == expected


def test_the_page_tells_not_needed_from_counting_for_nothing() -> None:
    more = [
        {"look": n, "at": f"2025-02-{d:02}T02:00:00Z", "sight": "absent", "control": "own_previous:2023"}
        for n, d in ((3, 9), (4, 12), (5, 15), (6, 18))
    ]  # fmt: skip
    site = open_site(
        f"UPDATE obligations SET observations = '{json.dumps(more)}', looks = '[3, 4, 6]'"
        " WHERE body_id = 'demo-bureau' AND report_year = 2024"
    )
    found = site.page("/body/demo-bureau/2024?lang=en")
    weights_shown = [text for _, text in found.all("span", class_="weight")]
    assert weights_shown == ["cited", "not needed", "cited", "cited", "counts for nothing", "not needed"]
    html = site.get("/body/demo-bureau/2024?lang=en").text
    assert "the look was not complete" in html and "its own report for 2023" in html


def test_looks_after_a_report_was_held_are_left_out_and_it_says_so() -> None:
    html = get("/body/demo-gone/2024?lang=en").text
    assert "Later looks are not listed" not in html, "of a withdrawn report every look matters"
    html = (
        open_site("UPDATE obligations SET published_by = '2025-02-04T00:00:00Z' WHERE body_id = 'demo-gov'")
        .get("/body/demo-gov/2023?lang=en")
        .text
    )
    assert "Later looks are not listed" in html


@pytest.mark.parametrize("path", ["/body/demo-gov/2024", "/body/demo-new/2024", "/body/beixinqiao/2023"])
def test_where_no_look_decides_none_is_listed(path: str) -> None:
    found = Page(get(f"{path}?lang=en").text)
    assert not found.all("span", class_="weight")
    assert any("No look decides this status" in text for _, text in found.all("p", class_="empty"))


def test_sentences_show_addresses_as_links_and_lists_leave_them_out() -> None:
    said = (
        "By 2025-02-18, not found in columns 年报 <http://www.demo.gov.cn/nb/> (looks on 2025-02-09). "
        "Due by 2025-01-31 (art. 49 (1))."
    )
    site = open_site(
        f"UPDATE obligations SET explanation_en = '{said}' WHERE body_id = 'demo-bureau'",
        f"UPDATE events SET message_en = '{said}' WHERE body_id = 'demo-bureau'",
    )
    links = site.page("/body/demo-bureau/2024?lang=en").all("p", class_="verdict-text")[0][1]
    assert links.startswith("By 2025-02-18, not found in columns 年报 www.demo.gov.cn (looks on")
    assert 'href="http://www.demo.gov.cn/nb/">www.demo.gov.cn</a>' in site.get("/body/demo-bureau/2024?lang=en").text
    listed = " ".join(text for _, text in site.page("/changes?lang=en").all("li", class_="event"))
    assert "not found in columns 年报 (looks on 2025-02-09). Due by 2025-01-31." in listed


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("栏目<http://a.cn/x/>没有", "栏目 a.cn没有"),
        ("column <http://a.cn/x/> showed", "column a.cn showed"),
        ("columns 年报 <http://a.cn/x/>; <http://b.cn/> (looks", "columns 年报; b.cn (looks"),
        ("未见。应于2025-01-31前（含当日）公布，依据：《条例》第四十九条。", "未见。应于2025-01-31前（含当日）公布。"),
        ("<http://a.cn/x/", "<http://a.cn/x/"),
    ],
)
def test_addresses_in_lists(sentence: str, expected: str) -> None:
    assert marking.spoken(sentence) == expected


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ("2 of 2 pages, 7 entries; 1 new documents", (1, 0, "")),
        ("2 of 2 pages, 7 entries", (0, 0, "")),
        ("4 of 4 pages, 9 entries; 2 new documents; 1 could not be fetched (x)", (2, 1, "(x)")),
        (
            "4 of 4 pages, 9 entries; 1 could not be fetched (http://a.cn/ answered 404)",
            (0, 1, "(http://a.cn/ answered 404)"),
        ),
        ("http://a.cn/ answered 403 (0 of 1 pages, 0 entries)", (0, 0, "http://a.cn/ answered 403")),
        ("3 of\nanything", (0, 0, "3 of\nanything")),
        ("", (0, 0, "")),
    ],
)
def test_the_detail_of_a_look_repeats_no_column(detail: str, expected: tuple[int, int, str]) -> None:
    assert marking.remark(detail) == expected


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ("http://a.cn/ answered 403", "http://a.cn/ 答复 403"),
        ("robots.txt: the name cannot be resolved", "robots.txt: 域名无法解析"),
        ("server_error: http://a.cn/2 answered 500", "server_error: http://a.cn/2 答复 500"),
        ("http://a.cn/x led to http://a.cn/: moved, to be verified", "http://a.cn/x 转到 http://a.cn/：已迁移，待核实"),
        ("5 of 9 entries are no longer listed", "原有 9 条中有 5 条不再列出"),
        ("http://a.cn/ speaks of 3 pages, 2 were found", "http://a.cn/ 自称有 3 页，只找到 2 页"),
        ("127.0.0.1 is not a public address (led there by a redirect)", "127.0.0.1 不是公网地址（由跳转而来）"),
        ("SomeError: what a library says", "SomeError: what a library says"),
    ],
)
def test_what_a_look_says_is_said_in_chinese(detail: str, expected: str) -> None:
    assert marking.in_chinese(detail) == expected


def test_nearly_every_problem_of_the_saved_documents_is_told_in_chinese() -> None:
    """What our readers say of a document; libraries' faults, and what was added last, may stand in English."""
    said = set()
    for path in (Path(__file__).parent / "data/samples").glob("*.json"):
        found = json.loads(path.read_text(encoding="utf-8"))
        for report in found if isinstance(found, list) else [found]:
            said |= {p["message"] for p in report.get("problems", ())} - {""}
    assert len(said) > 80
    untold = [message for message in said if troubles.in_chinese(message) == message]
    assert len(untold) <= len(said) // 20, untold
    assert troubles.in_chinese("SomeError: what a library says") == "SomeError: what a library says"


def test_an_unclear_entry_is_named_on_the_page_it_holds_up() -> None:
    site = open_site(
        "INSERT INTO report_candidates SELECT id, 'hostile', 2024 FROM reports WHERE body_id IS NULL LIMIT 1"
    )
    assert "Documents that could be this report" in site.get("/body/hostile/2024?lang=en").text


def test_pages_print_the_numbers_that_statuses_are_judged_by() -> None:
    defaults = asdict(Thresholds())
    assert {name: defaults[name] for name in reading.THRESHOLDS} == reading.THRESHOLDS
    path = "/body/demo-bureau/2024?lang=en"
    for kept, said in ((None, "at least 3 complete looks"), ({"absent_looks": 5}, "at least 5 complete looks")):
        changes = [f"INSERT INTO about VALUES ('thresholds', '{json.dumps(kept)}')"] if kept else []
        own = open_site(*changes)
        assert said in " ".join(text for _, text in own.page(path).all("li"))
        rules = " ".join(text for _, text in own.page("/rules?lang=en").all("li"))
        assert f"At {said[3:]} say absent, on 3 different days, at least 120 hours" in rules
