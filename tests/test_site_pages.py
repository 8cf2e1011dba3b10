"""Every page in both languages: what it shows, and that the cells and passages of findings are really marked."""

from __future__ import annotations

import sqlite3
from urllib.parse import quote

import pytest
from site_client import Page, database, get, page
from site_seed import BODIES, STATUSES

from parsers.forms import form_columns, form_rows

FINDING = quote("indicator_sum.replied|zhuhui|2019", safe="")
PATHS = (
    "/",
    "/?year=2019",
    "/bodies",
    "/bodies?status=late&year=2024",
    "/bodies?q=%E6%95%99%E8%82%B2&kind=department&division=51",
    "/body/haidian",
    "/body/demo-bureau",
    "/body/demo-bureau/2024",
    "/body/xicheng-fuwu/2019",
    "/body/zhuhui/2019",
    "/body/hostile/2024",
    "/body/demo-wall/2024",
    "/report/1",
    "/report/3",
    "/report/5",
    "/report/6",
    "/report/7",
    "/report/8",
    "/report/9",
    "/findings",
    "/findings?outcome=pending&sort=severity&severity=error&year=2024&kind=government&family=request_balance",
    f"/finding/{FINDING}",
    "/looks",
    "/looks?result=incomplete",
    "/columns",
    "/column/demo-list",
    "/column/bad-list",
    "/rules",
    "/rule/request_balance.all",
    "/changes",
    "/changes?kind=status&division=51",
    "/search",
    "/search?q=%E6%B5%B7%E6%B7%80",
    "/unassigned",
    "/about",
    "/ogiwatch",
    "/ogiwatch/obligations",
    "/ogiwatch/statuses?report_year=2024",
)


def rows(sql: str, *params: object) -> list[tuple[object, ...]]:
    with sqlite3.connect(database()) as conn:
        return conn.execute(sql, params).fetchall()


def text(path: str) -> str:
    return str(get(path).text)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_answers_in_both_languages(path: str, language: str) -> None:
    found = page(f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert found.all("html")[0][0]["lang"] == ("zh-Hans" if language == "zh" else "en")
    assert not found.unbalanced
    assert len(found.all("h1")) >= 1
    navigation = found.all("nav", class_="rooms")[0][1]
    assert ("首页" in navigation) == (language == "zh")


def test_the_address_sets_the_cookie_and_the_cookie_decides() -> None:
    answer = get("/about?lang=en", headers={"accept-language": "zh"})
    assert "lang=en" in answer.headers["set-cookie"]
    assert '<html lang="en">' in get("/about", cookies={"lang": "en"}).text
    assert '<html lang="zh-Hans">' in get("/about", cookies={"lang": "zh"}, headers={"accept-language": "en"}).text
    assert '<html lang="en">' in get("/about", headers={"accept-language": "en-GB"}).text


def test_front_page_counts_each_status() -> None:
    found = page("/?year=2024&lang=en")
    counts = dict(rows("SELECT status, count(*) FROM obligations WHERE report_year = 2024 GROUP BY 1"))
    for status in ("on_time", "late", "missing", "withdrawn", "undated", "unverified", "awaiting", "not_due", "exempt"):
        tile = found.all("li", class_=f"tile-{status}")[0][1]
        assert tile.startswith(str(counts.get(status, 0))), status
    assert "2025-02-18 10:03" in found.all("p", class_="fresh")[0][1]
    assert [name for _, name in found.all("nav", class_="years")] == ["2024202320202019"]


def test_all_nine_statuses_stand_on_the_bodies_pages() -> None:
    for body, year, status, *_ in STATUSES:
        assert page(f"/body/{body}/{year}?lang=en").all("span", class_=f"st-{status}"), (body, year)


def test_a_body_shows_its_years_reports_and_columns() -> None:
    found = page("/body/haidian?lang=zh")
    assert {a["href"] for a, _ in found.all("a") if a["href"]} >= {
        "/body/haidian/2024",
        "/body/haidian/2023",
        "/report/2",
        "/report/3",
        "/report/4",
        "/column/haidian-list",
    }


def test_the_verdict_page_shows_the_proof() -> None:
    html = text("/body/demo-bureau/2024?lang=en")
    found = Page(html)
    looks = found.all("tr", class_="counted")
    assert len(looks) == 4
    assert all("absent" in row and "示例市统计局" in row for _, row in looks)
    assert "paging cut" in html and "counts for nothing" in html
    assert "no positive control" in html
    assert "art. 49 para. 1" in html and "Yes: it rests on law" in html
    assert "By 2025-02-18, not found in" in html
    assert "It does not say that the body did not publish." in html
    assert len(found.all("li", class_="yes")) == 6


def test_a_portal_that_could_not_be_looked_at_is_unverified_and_says_why() -> None:
    html = text("/body/demo-wall/2024?lang=en")
    assert "no complete look since the due day" in html
    assert "blocked (401/403/412" in html
    assert "st-missing" not in html


def test_late_by_own_date_shows_interval_and_days() -> None:
    html = text("/body/xicheng-fuwu/2019?lang=en")
    assert "by 320 days" in html and "2020-12-16" in html and "by its own date" in html


def occupied(lines: list[list[dict[str, str | None]]]) -> list[int]:
    """Width of every line of a printed table, spans counted, as a browser lays it out."""
    taken: set[tuple[int, int]] = set()
    widths = []
    for y, cells in enumerate(lines):
        x = 0
        for cell in cells:
            while (y, x) in taken:
                x += 1
            for down in range(int(cell.get("rowspan") or 1)):
                for across in range(int(cell.get("colspan") or 1)):
                    assert (y + down, x + across) not in taken, "cells overlap"
                    taken.add((y + down, x + across))
        widths.append(0)
    for y, _ in taken:
        assert y < len(lines), "a cell reaches below the table"
        widths[y] += 1
    return widths


def printed_lines(found: Page, table: str) -> list[list[dict[str, str | None]]]:
    start = next(
        i
        for i, (tag, a, _) in enumerate(found.elements)
        if tag == "table" and f"form-{table}" in (a.get("class") or "").split()
    )
    lines: list[list[dict[str, str | None]]] = []
    for tag, attributes, _ in found.elements[start + 1 :]:
        if tag in ("table", "section", "p"):
            break
        if tag == "tr":
            lines.append([])
        elif tag in ("td", "th"):
            lines[-1].append(attributes)
    return lines


@pytest.mark.parametrize(
    ("report", "table"),
    [
        (3, "proactive"),
        (3, "requests"),
        (3, "disputes"),
        (5, "proactive"),
        (5, "requests"),
        (6, "requests"),
        (7, "indicators"),
    ],
)
def test_printed_tables_are_whole_rectangles(report: int, table: str) -> None:
    lines = printed_lines(page(f"/report/{report}?lang=zh"), table)
    widths = occupied(lines)
    assert len(set(widths)) == 1, widths


@pytest.mark.parametrize(("report", "form"), [(3, "2021"), (5, "2019"), (7, "pre2019")])
def test_every_cell_of_the_form_is_printed_with_its_value(report: int, form: str) -> None:
    found = page(f"/report/{report}?lang=zh")
    cells = {str(a["id"]): value for a, value in found.all("td", class_="fig")}
    expected = 0
    for row in (r for r in form_rows() if r[0] == form):
        for column in (c for c in form_columns() if c[:2] == (form, row[1]) and c[2] in ("", row[3])):
            key = {"disputes": "proceeding", "indicators": "code"}.get(row[1], "row")
            (value,) = rows(f'SELECT "{column[4]}" FROM {row[1]} WHERE report_id = ? AND {key} = ?', report, row[3])[0]
            printed = cells[f"c-{row[1]}-{row[3]}-{column[4]}"]
            assert printed.startswith(str(value)), (row[3], column[4])
            expected += 1
    assert len(cells) == expected
    labels = {head for _, head in found.all("th")}
    assert {r[4] for r in form_rows() if r[0] == form} <= labels


def test_labels_of_the_form_nest_as_printed() -> None:
    found = page("/report/3?lang=zh")
    heads = {head: a for a, head in found.all("th")}
    assert heads["三、本年度办理结果"]["rowspan"] == "22"
    assert heads["（三）不予公开"]["rowspan"] == "8"
    assert heads["（一）予以公开"]["colspan"] == "2"
    assert heads["申请人情况"]["colspan"] == "7"
    assert heads["法人或其他组织"]["colspan"] == "5"
    assert heads["行政诉讼"]["colspan"] == "10"


def test_cells_of_findings_are_marked_with_their_number() -> None:
    found = page("/report/3?lang=en")
    marked = {str(a["id"]): value for a, value in found.all("td", class_="marked")}
    assert marked == {
        "c-requests-received-total": "311",
        "c-requests-carried_in-total": "212",
        "c-requests-handled_total-total": "321",
        "c-requests-carried_over-total": "11",
    }
    assert {"finding-1", "finding-2"} <= found.ids()


def test_a_finding_of_the_next_year_marks_the_cell_of_the_year_before() -> None:
    found = page("/report/4?lang=en")
    assert [a["id"] for a, _ in found.all("td", class_="marked")] == ["c-requests-carried_over-total"]
    assert "raised by the report for 2024" in text("/report/4?lang=en")


def test_an_older_version_carries_no_marks_of_the_newer() -> None:
    assert not page("/report/2?lang=en").all("td", class_="marked")


def test_passages_are_marked_where_they_stand() -> None:
    found = page("/report/7?lang=zh")
    assert [mark for _, mark in found.all("mark")] == ["要求数据真实、与去年进行对比2"]
    assert [a["id"] for a, _ in found.all("td", class_="marked")] == [
        "c-indicators-replied.total-value",
        "c-indicators-replied.granted-value",
    ]


def test_a_passage_that_cannot_be_placed_is_said_and_not_guessed() -> None:
    assert "the passage could not be placed in the text" in text("/report/6?lang=en")


def test_raw_text_blank_placeholder_and_unreadable_stay_different() -> None:
    found = page("/report/6?lang=en")
    by_id = {str(a["id"]): (a, value) for a, value in found.all("td", class_="fig")}
    amount = by_id["c-proactive-fees-amount_10k_yuan"]
    assert amount[1] == "3829.46万元" and amount[0]["title"] == "read as 3829.46"
    assert "placeholder" in str(by_id["c-requests-received-legal_service"][0]["class"])
    assert by_id["c-requests-received-legal_service"][1] == "/"
    assert (
        "blank" in str(by_id["c-requests-received-enterprise"][0]["class"])
        and by_id["c-requests-received-enterprise"][1] == ""
    )
    assert "unreadable" in str(by_id["c-disputes-reconsideration-upheld"][0]["class"])
    assert "absent" in str(by_id["c-proactive-rules-issued"][0]["class"])


def test_an_unknown_form_hides_nothing() -> None:
    html = text("/report/8?lang=en")
    assert "The form was not recognised" in html


def test_problems_are_said_plainly() -> None:
    assert "We could not read:" in text("/report/1?lang=en")


def test_a_report_without_a_body_waits_on_the_unassigned_page() -> None:
    html = text("/unassigned?lang=en")
    assert "/report/9" in html and "its publisher is to be registered" in html
    assert "unread.pdf" in html
    assert "/body/hostile/2024" in html


def test_the_newest_report_of_a_year_is_one_step_away() -> None:
    answer = get("/body/haidian/2024/report")
    assert answer.status_code == 302 and answer.headers["location"] == "/report/3"
    assert get("/body/haidian/2018/report").status_code == 404


def test_finding_page_shows_formula_cells_rule_and_people() -> None:
    html = text(f"/finding/{FINDING}?lang=en")
    assert "0 = 4 + 1" in html and "（三）申请答复数" in html and "version 2" in html
    assert "disputed by the body" in html and "confirmed" in html
    assert "/report/7#c-indicators-replied.total-value" in html


def test_findings_filters() -> None:
    def shown(query: str) -> int:
        return len(page(f"/findings?lang=en&{query}").all("li", class_="finding-line"))

    assert shown("") == 5
    assert shown("severity=error") == 3
    assert shown("family=form_section") == 1
    assert shown("year=2024") == 2
    assert shown("kind=department") == 1
    assert shown("outcome=pending") == 1
    assert shown("outcome=closed") == 1
    assert all(shown(f"sort={sort}") == 5 for sort in ("new", "severity", "year", "body"))
    assert shown("division=43") == 2
    gravest = [sev for _, sev in page("/findings?lang=en&sort=severity").all("span", class_="sev")]
    assert gravest == ["error"] * 3 + ["warning", "notice"]
    assert shown("family=nonsense&severity=nonsense") == 5


def test_pages_are_bounded() -> None:
    for number in ("0", "-1", "999999999", "x", "201"):
        assert get(f"/findings?page={number}").status_code == 200
    assert not page("/findings?page=999&outcome=fail").all("nav", class_="pager")


def test_search_finds_bodies_and_texts() -> None:
    html = text("/search?q=" + quote("海淀") + "&lang=en")
    assert "北京市海淀区人民政府" in html
    found = page("/search?q=" + quote("解读文件") + "&lang=en")
    assert found.all("mark") and all(mark == "解读文件" for _, mark in found.all("mark"))
    for odd in ('"', "'", "NEAR(", "* AND", "海 -淀", "%", "_", '" OR "'):
        assert get("/search?q=" + quote(odd)).status_code == 200, odd


def test_feed_is_atom() -> None:
    from xml.etree import ElementTree

    answer = get("/changes.atom?lang=en")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.text)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{atom}entry")
    assert len(entries) == 6
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == 6
    for entry in entries:
        href = entry.find(f"{atom}link").attrib["href"]  # type: ignore[union-attr]
        assert get(href.removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/nope", "/body/nobody", "/body/haidian/1999", "/report/999", "/finding/nope", "/column/x", "/rule/x"]
)
def test_unknown_addresses_get_our_own_page(path: str) -> None:
    answer = get(path + "?lang=en")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text and "masthead" in answer.text


def test_every_body_has_a_page() -> None:
    for body in BODIES:
        assert get(f"/body/{body[0]}").status_code == 200


def test_checks_that_hold_are_counted() -> None:
    assert "Apart from these, 12 checks hold and 0 could not be judged." in text("/body/zhuhui/2019?lang=en")
