"""The operator's instance: closed by default and to strangers, and what it writes is what the command line writes."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from site_client import Page, Site, get, open_site

from db.attribution_rows import store_assignment
from db.connection import open_database
from db.rule_rows import standing_verdicts, store_verdict
from monitor.attribution import Assignment

FINDING = "request_balance.all|haidian|2024|total"
FORM = quote(f"/operator/finding/{FINDING}", safe="/")
NOBODY = "some-committee"
SAID = {"author": "L. Chen", "reason": "核对原文", "source": "https://example.org/letter"}
NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


class Operator:
    """A browser that logged in on an operator's instance of its own."""

    def __init__(self, *changes: str) -> None:
        self.site: Site = open_site(*changes, operator=True)
        self.cookies = {"lang": "en"}
        token = self.site.made._root_token
        answer = self.site.get(f"/-/auth-token?token={token}")
        assert answer.status_code == 302
        self.cookies["ds_actor"] = answer.cookies["ds_actor"]

    def get(self, path: str) -> Any:
        """The answer to one request."""
        answer = self.site.get(path, cookies=self.cookies)
        self.cookies.update(answer.cookies)
        return answer

    def page(self, path: str) -> Page:
        """The page at a path, which must answer 200."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text[:300]
        return Page(answer.text)

    def send(self, path: str, show: str = "", **fields: str) -> Any:
        """Fill in the form of a page and send it, with the token that the page holds."""
        token = re.search(r'name="csrftoken" value="([^"]+)"', self.get(show or path).text)
        assert token is not None
        return self.site.post(path, data={**fields, "csrftoken": token[1]}, cookies=self.cookies)

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with closing(sqlite3.connect(self.site.path)) as conn:
            return conn.execute(sql, params).fetchall()


@cache
def reader() -> Operator:
    """An operator for tests that write nothing."""
    return Operator()


@cache
def nobody() -> tuple[int, str]:
    """Id and address of the report of no known body."""
    (found,) = reader().rows(
        "SELECT r.id, d.url FROM reports r JOIN documents d ON d.id = r.document_id WHERE r.body_id IS NULL"
    )
    return found


@pytest.mark.parametrize("path", ["/operator", "/operator/said", "/operator/document/9", FORM])
def test_a_public_site_has_no_such_pages(path: str) -> None:
    assert get(path).status_code == 404
    site = open_site()
    assert site.post(path, data=SAID).status_code == 404
    assert "/operator" not in get("/").text


@pytest.mark.parametrize("path", ["/operator", "/operator/said", "/operator/document/9", FORM])
def test_strangers_are_told_to_log_in_and_can_write_nothing(path: str) -> None:
    operator = reader()
    for cookies in ({}, {"ds_actor": "forged"}, {"ds_actor": "eyJhIjp7ImlkIjoicm9vdCJ9fQ.forged"}):
        answer = operator.site.get(path, cookies={"lang": "en", **cookies})
        assert answer.status_code == 403 and "Open the address that was printed" in answer.text
        answer = operator.site.post(path, data={"verdict": "confirm", **SAID}, cookies=cookies)
        assert answer.status_code == 403
    assert len(operator.rows("SELECT * FROM verdicts")) == 2


def test_the_address_works_once_and_the_cookie_is_no_scripts() -> None:
    operator = Operator()
    assert operator.site.made._root_token is None
    assert operator.site.get("/-/auth-token?token=").status_code == 403
    for token in ("used", "%C3%A9%E4%B8%AD"):
        refused = operator.site.get(f"/-/auth-token?token={token}", cookies={"lang": "en"})
        assert refused.status_code == 403 and "This login address does not work" in refused.text
    site = open_site(operator=True)
    answer = site.get(f"/-/auth-token?token={site.made._root_token}")
    assert "HttpOnly" in answer.headers["set-cookie"] and "SameSite=lax" in answer.headers["set-cookie"]


def test_pages_of_a_login_are_kept_by_nobody_and_hold_no_scripts() -> None:
    for path in ("/", "/operator", f"/finding/{quote(FINDING, safe='')}", "/ogiwatch/bodies"):
        answer = reader().get(path)
        assert answer.headers["cache-control"] == "no-store", path
        assert "etag" not in answer.headers
        if not path.startswith("/ogiwatch"):
            assert "script-src" not in answer.headers["content-security-policy"]
    assert "Logged in as operator" not in reader().site.get("/", cookies={"lang": "en"}).text


def test_a_form_without_its_token_is_refused() -> None:
    operator = Operator()
    for token in ({}, {"csrftoken": "x"}):
        answer = operator.site.post(FORM, data={"verdict": "confirm", **SAID, **token}, cookies=operator.cookies)
        assert answer.status_code == 403
    page = operator.get(f"/finding/{quote(FINDING, safe='')}").text
    stolen = re.search(r'name="csrftoken" value="([^"]+)"', page)
    assert stolen is not None
    other = Operator()
    data = {"verdict": "confirm", **SAID, "csrftoken": stolen[1]}
    answer = other.site.post(FORM, data=data, cookies=other.cookies)
    assert answer.status_code == 403
    assert "This form is no longer good" in answer.text
    assert "frame-ancestors" in answer.headers["content-security-policy"]
    assert len(operator.rows("SELECT * FROM verdicts")) == 2


def test_a_verdict_is_kept_and_shown_to_everyone() -> None:
    operator = Operator()
    answer = operator.send(FORM, f"/finding/{quote(FINDING, safe='')}", verdict="dismiss", **SAID)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/finding/{quote(FINDING, safe='')}#people"
    assert operator.rows("SELECT finding_id, rule_version, input_hash, verdict, author, reason, source FROM verdicts")[
        -1
    ] == (FINDING, 2, "h1", "dismiss", "L. Chen", "核对原文", "https://example.org/letter")
    public = operator.site.page(f"/finding/{quote(FINDING, safe='')}?lang=en")
    assert public.all("span", class_="person-dismiss")[0][1] == "dismissed"
    assert not public.all("form", class_="say")
    listed = [text for _, text in operator.site.page("/findings?lang=en").all("li", class_="finding-line")]
    assert sum("dismissed" in text for text in listed) == 1
    database = open_database(operator.site.path.parent, read_only=True)
    assert standing_verdicts(database)[FINDING].verdict == "dismiss"
    database.close()


def test_the_answer_of_a_body_is_printed_whole_and_told_at_the_top() -> None:
    operator = Operator()
    answer = "本机关核对后认为，" + "该数字系系统迁移时录入有误，已申请更正。" * 60 + "特此答复。"
    operator.send(FORM, f"/finding/{quote(FINDING, safe='')}", verdict="dispute", **{**SAID, "reason": answer})
    public = operator.site.page(f"/finding/{quote(FINDING, safe='')}?lang=zh")
    assert answer in [text for _, text in public.all("p", class_="said")]
    ((_, told),) = public.all("p", class_="word")
    assert "机关有异议" in told and "本机关核对后认为" in told
    operator.site.run(f"UPDATE findings SET input_hash = 'h2' WHERE id = '{FINDING}'")
    assert not operator.site.page(f"/finding/{quote(FINDING, safe='')}?lang=zh").all("p", class_="word")


def test_what_a_person_dismissed_is_neither_counted_nor_marked_until_the_values_change() -> None:
    operator = Operator()
    report, count = "/body/haidian/2024/report", "/ogiwatch/finding_counts.json?_shape=array"
    errors = f"{count}&report_year=2024&severity=error&family=request_balance"

    def seen() -> tuple[bool, int, bool]:
        pages = operator.site.page(operator.site.get(report).headers["location"] + "?lang=en")
        marked = any("mark-error" in str(a.get("class")) for a, _ in pages.all("td"))
        listed = any("36" in text for _, text in pages.all("li", class_="finding-line"))
        return marked, sum(r["findings"] for r in operator.site.get(errors).json()), listed

    before = seen()
    assert before[0] and before[1]
    operator.send(FORM, f"/finding/{quote(FINDING, safe='')}", verdict="dismiss", **SAID)
    assert seen() == (False, before[1] - 1, before[2])
    operator.send(FORM, f"/finding/{quote(FINDING, safe='')}", verdict="confirm", **SAID)
    assert seen() == before
    operator.send(FORM, f"/finding/{quote(FINDING, safe='')}", verdict="dismiss", **SAID)
    operator.site.run(f"UPDATE findings SET input_hash = 'h2' WHERE id = '{FINDING}'")
    assert seen() == before


def test_the_page_of_a_status_tells_what_people_said_of_it() -> None:
    operator = Operator(
        """INSERT INTO findings(id, rule, rule_version, family, severity, outcome, body_id, report_year, message_zh,
             message_en, input_hash, opened_at)
           VALUES ('missing:demo-bureau:2024', 'missing', 1, 'missing', 'warning', 'fail', 'demo-bureau', 2024,
             '未找到', 'not found', 'h', '2025-02-18T00:00:00Z')""",
    )
    page = operator.page("/body/demo-bureau/2024?lang=en")
    assert [a["href"] for a, _ in page.all("a") if "missing%3Ademo" in str(a.get("href"))]
    assert not page.all("p", class_="word")
    target = quote("missing:demo-bureau:2024", safe="")
    operator.send(f"/operator/finding/{target}", f"/finding/{target}", verdict="dispute", **SAID)
    ((_, told),) = operator.site.page("/body/demo-bureau/2024?lang=zh").all("p", class_="word")
    assert "机关有异议" in told and "核对原文" in told


def test_cells_of_nought_are_folded_away_where_there_are_many() -> None:
    cells = [("requests", "handled_total", "total", 0)] + [("requests", f"r{n}", "total", n % 2) for n in range(14)]
    packed = json.dumps([{"table": t, "row": r, "column": c, "raw": str(v), "value": v} for t, r, c, v in cells])
    page = open_site(f"UPDATE findings SET cells = '{packed}' WHERE id = '{FINDING}'").page(
        f"/finding/{quote(FINDING, safe='')}?lang=en"
    )
    ((_, folded),) = page.all("details")
    assert "7 more cells, each 0" in folded
    assert len(page.all("td", class_="rawtext")) == 15


def test_a_verdict_reopens_only_when_the_values_change() -> None:
    operator = Operator()
    show = f"/finding/{quote(FINDING, safe='')}"
    operator.send(FORM, show, verdict="confirm", **SAID)
    operator.site.run(
        f"UPDATE findings SET message_en = 'said otherwise', opened_at = '2026-01-01T00:00:00Z' WHERE id = '{FINDING}'"
    )
    assert "reopened" not in operator.get(show).text
    operator.site.run(f"UPDATE findings SET input_hash = 'h2' WHERE id = '{FINDING}'")
    html = operator.get(show).text
    assert "reopened: the values changed since" in html and "person-reopened" in html
    queue = operator.page("/operator")
    assert "said otherwise" in " ".join(t for _, t in queue.all("section", id="reopened"))
    operator.send(FORM, show, verdict="dispute", **SAID)
    html = operator.get(show).text
    assert "person-dispute" in html and html.count("reopened: the values changed since") == 1
    assert "said otherwise" not in " ".join(t for _, t in operator.page("/operator").all("section", id="reopened"))
    operator.site.run(f"UPDATE findings SET rule_version = 3 WHERE id = '{FINDING}'")
    html = operator.get(show).text
    assert "said of version 2 of the rule" in html and "person-dispute" in html


def test_a_document_is_assigned_and_read_again() -> None:
    operator = Operator()
    report, url = nobody()
    path = f"/operator/document/{report}"
    form = operator.page(f"{path}?body=demo-bureau&year=2022")
    assert {a["value"] for a, _ in form.all("option")} >= {"demo-bureau", "demo-gov"}
    assert form.all("input", name="body")[0][0]["value"] == "demo-bureau"
    assert form.all("input", name="year")[0][0]["value"] == "2022"
    answer = operator.send(path, url=url, what="report", body="示例市教育局", year="2023", **SAID)
    assert (answer.status_code, answer.headers["location"]) == (303, "/operator")
    assert operator.rows("SELECT body_id, report_year, author FROM assignments WHERE url = ?", url) == [
        ("demo-bureau", 2023, "L. Chen")
    ]
    assert operator.rows("SELECT read_by FROM documents WHERE url = ?", url) == [(None,)]
    assert "assigned, to be read again" in operator.get("/operator").text
    answer = operator.send(path, url=url, what="none", body="ignored", year="x", **SAID)
    assert operator.rows("SELECT body_id, report_year FROM assignments WHERE url = ?", url) == [(None, None)]
    said = " ".join(text for _, text in operator.page("/operator/said").all("li"))
    assert "no report" in said and "L. Chen" in said and "confirmed" in said
    shown = operator.site.page(f"/report/{report}?lang=en").all("small", class_="said")
    assert len(shown) == 1 and SAID["reason"] in shown[0][1] and SAID["source"] in shown[0][1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"author": "  "}, "A name and a reason are needed."),
        ({"reason": "\x07"[:0]}, "A name and a reason are needed."),
        ({"body": "示例市"}, "There is no body of that id or name"),
        ({"body": ""}, "There is no body of that id or name"),
        ({"year": "20x4"}, "must be a number from 2008 to 2099"),
        ({"year": "1999"}, "must be a number from 2008 to 2099"),
        ({"url": "https://elsewhere.example/"}, "No document of that address is kept."),
    ],
)
def test_a_form_that_cannot_be_taken_says_why_and_keeps_what_was_typed(change: dict[str, str], message: str) -> None:
    operator = reader()
    report, url = nobody()
    fields = {"url": url, "what": "report", "body": "demo-gov", "year": "2024", **SAID, **change}
    answer = operator.send(f"/operator/document/{report}", **fields)
    assert answer.status_code == 400
    found = Page(answer.text)
    assert message in found.all("p", class_="warn")[0][1]
    assert found.all("input", name="source")[0][0]["value"] == SAID["source"]
    assert not operator.rows("SELECT * FROM assignments")


@pytest.mark.parametrize("change", [{"verdict": "delete"}, {"verdict": ""}, {"reason": ""}])
def test_a_verdict_that_is_none_is_refused(change: dict[str, str]) -> None:
    operator = reader()
    answer = operator.send(FORM, f"/finding/{quote(FINDING, safe='')}", **{"verdict": "confirm", **SAID, **change})
    assert answer.status_code == 400
    assert Page(answer.text).all("form", class_="say")
    assert len(operator.rows("SELECT * FROM verdicts")) == 2


def test_what_was_typed_is_no_markup() -> None:
    operator = Operator()
    bad = "<script>alert(1)</script>\"'>"
    operator.send(
        FORM, f"/finding/{quote(FINDING, safe='')}", verdict="confirm", author=bad, reason=bad, source="javascript:1"
    )
    for path in (f"/finding/{quote(FINDING, safe='')}", "/operator/said"):
        found = operator.page(path)
        assert not found.unbalanced and not found.all("script")
        assert not [a for a, _ in found.all("a") if str(a.get("href")).startswith("javascript")]


def test_rules_in_shadow_are_for_operators_alone() -> None:
    shadow = quote("shadow|haidian|2024", safe="")
    operator = reader()
    assert "shadow finding" in " ".join(t for _, t in operator.page("/operator").all("section", id="shadow"))
    assert "in shadow, not published" in operator.get(f"/finding/{shadow}").text
    assert operator.get("/rule/copied_text.shadow").status_code == 200
    for path in (f"/finding/{shadow}", "/rule/copied_text.shadow"):
        assert operator.site.get(path).status_code == 404
    assert "shadow finding" not in operator.site.get("/findings?lang=en").text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "path", ["/operator", "/operator/said", "/operator/document/9", "/operator/document/8", "/nope"]
)
def test_every_page_is_sound_in_both_languages(path: str, language: str) -> None:
    found = Page(reader().get(f"{path}?lang={language}").text)
    reader().cookies["lang"] = "en"
    assert not found.unbalanced
    assert found.all("html")[0][0]["lang"] == ("zh-Hans" if language == "zh" else "en")
    assert found.all("a", href="/operator"), "the way back stands in the navigation"


def test_logging_out() -> None:
    operator = Operator()
    answer = operator.send("/-/logout", "/")
    assert answer.status_code == 302
    assert re.search(r"ds_actor=(\"\")?;", answer.headers["set-cookie"])


# -- precision -------------------------------------------------------------------------------------------------------


def _verdicts(*words: str, version: int = 2) -> list[str]:
    columns = (
        "rule, rule_version, family, severity, outcome, body_id, report_year, report_id, message_zh, message_en,"
        " input_hash, opened_at"
    )
    made = []
    for n, word in enumerate(words):
        made.append(
            f"INSERT INTO findings(id, {columns}) SELECT 'made-{n}', {columns} FROM findings WHERE id = '{FINDING}'"
        )
        made.append(
            "INSERT INTO verdicts(finding_id, rule_version, input_hash, verdict, author, reason, at)"
            f" VALUES ('made-{n}', {version}, 'h1', '{word}', 'a', 'b', '2026-01-01T00:00:00Z')"
        )
    return made


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (_verdicts(*["confirm"] * 4, "dismiss"), "confirmed 4 · dismissed 1 · precision 80 % (4 of 5)"),
        (
            _verdicts(*["confirm"] * 4, "dispute"),
            "confirmed 4 · disputed by the body 1 · too few to say (4 confirmed or",
        ),
        (_verdicts("dismiss"), "dismissed 1 · too few to say (1 confirmed or dismissed)"),
        (_verdicts(*["confirm"] * 6, version=1), "Nobody has confirmed or dismissed a finding of this rule yet."),
        ([], "Nobody has confirmed or dismissed a finding of this rule yet."),
    ],
)
def test_precision_of_a_rule(changes: list[str], expected: str) -> None:
    site = open_site(*changes)
    assert expected in " ".join(text for _, text in site.page("/rule/request_balance.all?lang=en").all("dd"))
    if "precision" in expected:
        assert expected in " ".join(text for _, text in site.page("/rules?lang=en").all("li"))


def test_only_the_newest_word_on_a_finding_counts() -> None:
    later = _verdicts("dismiss")[1].replace("2026-01-01", "2026-01-02")
    site = open_site(*_verdicts(*["confirm"] * 5), later)
    shown = " ".join(text for _, text in site.page("/rule/request_balance.all?lang=en").all("dd"))
    assert "precision 80 % (4 of 5)" in shown


# -- the same as the command line --------------------------------------------------------------------------------------


def _traced(path: Path, work: Callable[[Any], Any]) -> list[str]:
    """The statements that change or look up something, blanks made equal, times left out."""
    database = open_database(path)
    found: list[str] = []
    database.conn.set_trace_callback(lambda sql: found.append(_plain(sql)))
    work(database)
    database.conn.set_trace_callback(None)
    database.close()
    return _telling(found)


def _plain(sql: str) -> str:
    return re.sub(r"'\d{4}-\d\d-\d\dT[\d:]+Z'", "'AT'", " ".join(sql.split()))


def _telling(found: list[str]) -> list[str]:
    return [sql for sql in found if re.match(r"INSERT|UPDATE|DELETE|SELECT rule_version", sql)]


def _site_traced(monkeypatch: pytest.MonkeyPatch, send: Callable[[Operator], Any]) -> tuple[list[str], Operator]:
    operator, found = Operator(), []
    database = operator.site.made.databases["ogiwatch"]
    connect = database.connect

    def traced(write: bool = False) -> Any:
        conn = connect(write=write)
        if write:
            conn.set_trace_callback(lambda sql: found.append(_plain(sql)))
        return conn

    monkeypatch.setattr(database, "connect", traced)
    assert send(operator).status_code == 303
    return _telling(found), operator


@pytest.mark.parametrize("body", ["demo-bureau", None])
def test_an_assignment_is_written_as_the_command_line_writes_it(
    monkeypatch: pytest.MonkeyPatch, body: str | None
) -> None:
    report, url = nobody()
    what = {"what": "report", "body": body, "year": "2023"} if body else {"what": "none"}
    ours, operator = _site_traced(
        monkeypatch, lambda o: o.send(f"/operator/document/{report}", url=url, **what, **SAID)
    )
    other = open_site()
    word = Assignment(url, body, 2023 if body else None)
    theirs = _traced(other.path.parent, lambda db: store_assignment(db, word, now=NOW, **SAID))
    assert ours == theirs
    assert len(ours) == 2
    everything = "SELECT url, body_id, report_year, author, reason, source FROM assignments"
    with closing(sqlite3.connect(other.path)) as conn:
        assert conn.execute(everything).fetchall() == operator.rows(everything)


def test_a_verdict_is_written_as_the_command_line_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    show = f"/finding/{quote(FINDING, safe='')}"
    ours, operator = _site_traced(monkeypatch, lambda o: o.send(FORM, show, verdict="confirm", **SAID))
    other = open_site()
    theirs = _traced(other.path.parent, lambda db: store_verdict(db, FINDING, "confirm", now=NOW, **SAID))
    assert ours == theirs
    assert len(ours) == 2
    everything = "SELECT finding_id, rule_version, input_hash, verdict, author, reason, source FROM verdicts"
    with closing(sqlite3.connect(other.path)) as conn:
        assert conn.execute(everything).fetchall() == operator.rows(everything)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", operator.rows("SELECT max(at) FROM verdicts")[0][0])


def test_the_problems_are_grouped_with_whose_doing_they_are() -> None:
    operator = Operator("UPDATE problems SET code = 'table_absent' WHERE code = 'cell_unreadable'")
    page = operator.page("/operator/problems?lang=zh")
    said = page.all("main")[0][1]
    assert "有一张统计表未能读出。" in said and "我们的读取程序" in said
    assert "最近一次未能完整查看的栏目" in said and not page.all("script")
    only = operator.page("/operator/problems?code=table_absent&lang=en")
    assert len(only.all("ul", class_="entries")[0][1]) < len(page.all("ul", class_="entries")[0][1])
    assert operator.site.get("/operator/problems").status_code == 403


def test_publishers_nobody_registered_are_listed_once() -> None:
    page = Operator("UPDATE reports SET publisher = '某某委员会' WHERE body_id IS NULL").page("/operator?lang=zh")
    assert len([text for _, text in page.all("tr") if text.startswith("某某委员会1")]) == 1
    assert "unregistered" in page.ids()
