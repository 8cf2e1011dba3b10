"""What a page tells whom it accuses: each look with its requests, the formula in words, precision, whom to write to."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from urllib.parse import quote

from site_client import Page, get, open_site, page

RESTATED = quote("restated|haidian|2024", safe="")


def text_of(made: Page) -> str:
    return made.all("main")[0][1]


def test_a_look_has_a_page_with_its_requests_and_its_list() -> None:
    site = open_site(
        "INSERT INTO fetches(column_id, look_id, url, at, purpose, status, bytes, sha256, warc_file, warc_offset)"
        " SELECT column_id, id, 'http://www.demo.gov.cn/nb/', started_at, 'list', 200, 77, 'abcdef0123', 'w.gz', 12"
        " FROM looks WHERE id = 1",
        "INSERT INTO fetches(column_id, look_id, url, at, purpose, error)"
        " SELECT column_id, id, 'javascript:alert(1)', started_at, 'article', 'timeout' FROM looks WHERE id = 1",
    )
    made = site.page("/look/1?lang=zh")
    said = text_of(made)
    assert "abcdef0123" in said and "w.gz @12" in said and "列表" in said and "超时" in said
    assert not [a for a, _ in made.all("a") if str(a.get("href")).startswith("javascript")]
    assert site.get("/look/999999").status_code == 404
    rows = site.get("/ogiwatch/fetches_of_look.json?look=1&_shape=objects").json()["rows"]
    assert [row["sha256"] for row in rows] == ["abcdef0123", ""]


def test_looks_lead_to_their_pages() -> None:
    for path in ("/looks", "/column/demo-list", "/body/demo-bureau/2024"):
        assert [a for a, _ in page(path).all("a") if str(a.get("href")).startswith("/look/")], path


def test_a_page_says_whom_to_write_to() -> None:
    path = "/finding/" + quote("request_balance.all|haidian|2024|total", safe="") + "?lang=en"
    assert "has not published an address" in text_of(page(path))
    site = open_site(contact="watch@example.org")
    for where in (path, "/body/haidian/2024", "/about"):
        assert "watch@example.org" in text_of(site.page(where)), where


def test_a_finding_says_its_formula_in_words_and_how_often_its_rule_is_right() -> None:
    made = page("/finding/" + quote("request_balance.all|haidian|2024|total", safe="") + "?lang=zh")
    said = text_of(made)
    assert "应当成立： 本年新收 + 上年结转 = 办理结果总计 + 结转下年度" in said
    assert "这条规则的准确率" in said


def test_a_restated_figure_is_told_by_its_version() -> None:
    cells = '[{"table":"requests","row":"received","column":"total","raw":"30","value":30},'
    cells += '{"table":"requests","row":"received","column":"total","raw":"31","value":31}]'
    site = open_site(
        "INSERT INTO findings(id, rule, rule_version, family, severity, outcome, body_id, report_year, report_id,"
        " message_zh, message_en, cells, input_hash, opened_at) VALUES ('restated|haidian|2024', 'restated', 2,"
        f" 'restated', 'warning', 'fail', 'haidian', 2024, 3, '改', 'changed', '{cells}', 'h', '2025-02-01T04:00:00Z')"
    )
    made = site.page(f"/finding/{RESTATED}?lang=en")
    links = [str(a["href"]) for a, _ in made.all("a") if "#c-requests" in str(a.get("href"))]
    assert [link.split("#")[0] for link in links] == ["/report/2", "/report/3"]
    assert "/report/3/changes?with=2" in [a.get("href") for a, _ in made.all("a")]
    (cell,) = (text for a, text in site.page("/report/3").all("td", id="c-requests-received-total"))
    assert cell.startswith("31") and len(set(cell[2:])) == len(cell[2:]) > 0, "one mark a finding"


def test_a_filtered_feed_is_a_feed_of_its_own() -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    all_ids = set()
    for query in ("?lang=en", "?lang=zh", "?lang=en&kind=status", "?lang=en&status=missing", "?lang=en&division=51"):
        feed = ET.fromstring(get("/changes.atom" + query).content)
        links = {link.attrib["rel"]: link.attrib["href"] for link in feed.findall(f"{atom}link")}
        assert links["self"] == feed.findtext(f"{atom}id")
        assert all(pair in links["self"] for pair in query[1:].split("&"))
        all_ids.add(feed.findtext(f"{atom}id"))
    assert len(all_ids) == 5
