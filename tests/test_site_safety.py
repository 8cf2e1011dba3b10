"""What portals send is hostile, what subscribers gave is secret, and every link of the site leads somewhere."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from urllib.parse import urlsplit

import pytest
from site_client import Page, get, open_site
from site_seed import HOSTILE, ROOT, SECRET

OWN = "http://localhost"
EXTERNAL_REL = {"noopener", "nofollow", "noreferrer"}


@cache
def crawl(language: str) -> dict[str, Page]:
    """Every page of ours that can be reached from the front page, by path."""
    waiting, found = ["/?lang=" + language], {}
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        answer = get(path, cookies={"lang": language})
        assert answer.status_code in (200, 302), f"{path}: {answer.status_code}"
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        found[path] = Page(answer.text)
        for attributes, _ in found[path].all("a"):
            target = str(attributes.get("href") or "").partition("#")[0]
            if target.startswith("/") and not target.startswith("/ogiwatch") and "lang=" not in target:
                waiting.append(target)
        assert len(found) < 400
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_link_is_broken(language: str) -> None:
    pages = crawl(language)
    assert len(pages) > 60
    for path, found in pages.items():
        for attributes, _ in found.all("a"):
            href = str(attributes.get("href") or "")
            target, _, fragment = href.partition("#")
            where = pages.get(target) if target else found
            if fragment and fragment != "main" and where is not None:
                assert fragment in where.ids(), f"{path} -> {href}"


def test_every_data_link_answers_with_data() -> None:
    asked = set()
    for found in crawl("en").values():
        for attributes, _ in found.all("p", class_="exports"):
            assert attributes
        asked |= {str(a["href"]) for a, _ in found.all("a") if str(a.get("href") or "").startswith("/ogiwatch/")}
    assert len(asked) > 100
    for href in sorted(asked):
        answer = get(href)
        assert answer.status_code == 200, href
        name = urlsplit(href).path
        if name.endswith(".json"):
            assert "rows" in json.loads(answer.text), href
        elif name.endswith(".csv"):
            assert next(csv.reader(io.StringIO(answer.text))), href


def test_data_links_carry_the_rows_of_the_page() -> None:
    answer = json.loads(get("/ogiwatch/statuses.json?report_year=2024&status=&_shape=objects").text)
    assert {r["status"]: r["bodies"] for r in answer["rows"]}["unverified"] == 3
    answer = json.loads(get("/ogiwatch/figures_of_report.json?report=6&table_name=proactive&_shape=objects").text)
    assert [(r["row"], r["value"], r["raw"]) for r in answer["rows"]] == [("fees", 3829.46, "3829.46万元")]
    answer = json.loads(get("/ogiwatch/verdict_looks.json?body=demo-bureau&report_year=2024&_shape=objects").text)
    assert [r["sight"] for r in answer["rows"] if r["carries"]] == ["absent"] * 4


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_hostile_becomes_markup(language: str) -> None:
    for path, found in crawl(language).items():
        assert not found.unbalanced, path
        for tag, attributes, _ in found.elements:
            assert tag not in ("script", "iframe", "object", "embed", "img", "style", "base"), path
            assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcdoc")], path
            for name in ("href", "src", "action"):
                value = str(attributes.get(name) or "/")
                assert urlsplit(value).scheme in ("", "http", "https"), f"{path}: {value}"
                if urlsplit(value).netloc:
                    assert tag == "a" and set(str(attributes.get("rel")).split()) >= EXTERNAL_REL, f"{path}: {value}"


def test_hostile_text_is_shown_as_text() -> None:
    for path in ("/report/8", "/body/hostile", "/changes", "/column/bad-list", "/unassigned"):
        html = get(path).text
        assert HOSTILE not in html
        assert "&lt;script&gt;" in html, path


def test_long_strings_are_bounded() -> None:
    found = Page(get("/report/8").text)
    assert max(len(text) for _, text in found.all("h1")) <= 200
    assert max(len(text) for _, text in found.all("title")) <= 120
    assert max(len(text) for _, text in Page(get("/column/demo-list").text).all("li")) < 200
    assert len(get("/report/8").text) < 300_000


@pytest.mark.parametrize("path", ["/", "/report/8", "/ogiwatch/bodies", "/nope", "/changes.atom", "/static/site.css"])
def test_headers(path: str) -> None:
    headers = get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "frame-ancestors 'none'" in policy
    if not path.startswith("/ogiwatch"):
        assert "script-src" not in policy and "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_pages_are_cached_by_tag_and_by_language() -> None:
    first = get("/about", headers={"accept-language": "en"})
    again = get("/about", headers={"accept-language": "en", "if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and not again.text
    other = get("/about", headers={"accept-language": "zh", "if-none-match": first.headers["etag"]})
    assert other.status_code == 200 and other.headers["etag"] != first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=30"
    assert {v.strip() for v in first.headers["vary"].split(",")} >= {"Cookie", "Accept-Language"}


@pytest.mark.parametrize("table", ["subscribers", "deliveries", "runs", "run_log", "findings", "all_findings"])
@pytest.mark.parametrize("form", ["", ".json", ".csv"])
def test_private_tables_are_closed(table: str, form: str) -> None:
    answer = get(f"/ogiwatch/{table}{form}")
    assert answer.status_code == 403
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/ogiwatch?sql=select+*+from+subscribers",
        "/ogiwatch.json?sql=select+1",
        "/ogiwatch/bodies.json?_where=1=1",
        "/ogiwatch.db",
        "/-/databases.json",
        "/-/plugins",
        "/-/metadata.json",
        "/-/threads",
        "/-/settings",
        "/-/permissions",
        "/_internal",
        "/_memory",
        "/ogiwatch/subscribers/1",
        "/ogiwatch/deliveries/1.json",
        "/.json",
    ],
)
def test_nothing_else_is_open(path: str) -> None:
    answer = get(path)
    assert answer.status_code in (200, 302, 400, 403, 404)
    assert SECRET not in answer.text and "/tmp/" not in answer.text
    if path != "/.json":
        assert answer.status_code in (400, 403, 404), path


def test_secrets_and_shadow_rules_are_on_no_page() -> None:
    for path in [
        *crawl("en"),
        "/changes.atom",
        "/ogiwatch",
        "/ogiwatch/open_findings",
        "/ogiwatch/findings_list.json?outcome=all",
    ]:
        html = get(path).text
        assert SECRET not in html, path
        assert "shadow finding" not in html and "影子发现" not in html, path


def test_no_table_and_no_query_tells_what_a_rule_in_shadow_says() -> None:
    given = "'shadow|haidian|2024', 2, 'h1', 'dismiss', 'a shadow author', 'y', '', '2025-03-01T00:00:00Z'"
    own = open_site(
        "INSERT INTO verdicts(finding_id, rule_version, input_hash, verdict, author, reason, source, at)"
        f" VALUES ({given})",
        "INSERT INTO copies VALUES ('haidian', 2024, 'a shadow body', 2023, 0.9)",
    )
    shown = own.get("/ogiwatch.json").json()
    names = "after_id column division family kind look name report result row rule severity status table_name until"
    asked = "body=haidian&report_year=2024&since=&finding=shadow|haidian|2024&outcome=all&_shape=array"
    asked += "".join(f"&{name}=" for name in names.split())
    paths = [f"/ogiwatch/{made['name']}.json?_size=max" for made in (*shown["tables"], *shown["views"])]
    paths += [f"/ogiwatch/{query['name']}.json?{asked}" for query in shown["queries"]]
    answers = {path: own.get(path) for path in paths}
    assert len([path for path, answer in answers.items() if answer.status_code == 200]) > 30
    found = [p for p, a in answers.items() if a.status_code == 200 and ("shadow|" in a.text or "a shadow" in a.text)]
    assert found == []
    assert "reviewer" in answers[f"/ogiwatch/people_said.json?{asked}"].text


def test_what_rests_on_a_doubtful_reading_is_in_no_open_data() -> None:
    own = open_site(
        "UPDATE findings SET outcome = 'not_assessable', reason = 'uncertain_cell', message_en = 'a doubtful cell' "
        "WHERE id = 'request_balance.all|haidian|2024|total'"
    )
    empty = "family=&severity=&report_year=&kind=&division=&rule=&after_id="
    for path in (
        f"/ogiwatch/findings_list.json?{empty}&outcome=all&_shape=array",
        "/ogiwatch/finding.json?finding=request_balance.all|haidian|2024|total&_shape=array",
        "/ogiwatch/open_findings.json?_shape=array",
        "/findings?outcome=not_assessable",
    ):
        answer = own.get(path)
        assert answer.status_code == 200 and "doubtful" not in answer.text, path


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in (ROOT / "datasette/static").iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text.replace('a.ext[href^="http"]', ""), path.name
        assert "@import" not in text


def test_the_directory_is_no_package() -> None:
    assert not list((ROOT / "datasette").rglob("__init__.py"))
    for path in (ROOT / "datasette").rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not line.startswith(
                ("from db", "from parsers", "from monitor", "from registry", "from scheduler", "from crawler")
            ), path
