"""What every page has in common: the year it opens with, the language that stays, and the banner of a demo."""

from __future__ import annotations

import pytest
from site_client import Page, fresh_site, get, open_site


def test_the_front_page_opens_with_the_newest_year_that_fell_due() -> None:
    site = open_site(
        """INSERT INTO obligations(body_id, report_year, status, clause, due_on, certain, explanation_zh, 
                                   explanation_en, since, judged_at)
           SELECT id, 2025, CASE id WHEN 'haidian' THEN 'on_time' WHEN 'demo-new' THEN 'exempt' ELSE 'not_due' END, '',
                  '2026-03-31', 1, '', '', '2026-01-10T00:00:00Z', '2026-01-10T00:00:00Z' FROM bodies"""
    )
    assert "Reports for 2024" in site.page("/?lang=en").all("h2")[0][1]
    assert "Status for 2024" in site.page("/bodies?lang=en").all("th")[2][1]
    years = site.page("/?lang=en").all("nav", class_="years")[0][1]
    assert years.startswith("20252024"), "the upcoming year can be chosen"
    assert "Reports for 2025" in site.page("/?year=2025&lang=en").all("h2")[0][1]
    site.run("UPDATE obligations SET judged_at = '2026-03-31T16:00:00Z' WHERE report_year = 2025")
    assert "Reports for 2025" in site.page("/?lang=en").all("h2")[0][1]


def test_the_language_survives_a_redirect_and_is_remembered_by_every_page() -> None:
    answer = get("/body/haidian/2024/report?lang=en&from=elsewhere")
    assert answer.headers["location"] == "/report/3?lang=en&from=elsewhere"
    for path in ("/body/haidian/2024/report", "/ogiwatch/bodies", "/nope", "/about", "/bodies/", "/changes.atom"):
        answer = get(f"{path}?lang=en", headers={"accept-language": "zh"})
        assert answer.headers["set-cookie"].startswith("lang=en; Max-Age=31536000; Path=/"), path
        assert answer.headers["cache-control"] == "private", path
        assert "set-cookie" not in get(f"{path}?lang=en", cookies={"lang": "en"}).headers, path
        assert "set-cookie" not in get(f"{path}?lang=fr").headers, path


@pytest.mark.parametrize("path", ["/", "/body/haidian/2024", "/ogiwatch/bodies", "/nope", "/ogiwatch/subscribers"])
def test_a_demo_says_so_on_every_page(path: str) -> None:
    site = open_site("INSERT INTO about VALUES ('site', 'demo')")
    for language, words in (("zh", "机关是虚构的"), ("en", "invented bodies")):
        banner = Page(site.get(path, cookies={"lang": language}).text).all("p", class_="banner")
        assert len(banner) == 1 and words in banner[0][1]
    assert "banner" not in get(path).text
    assert "invented bodies" in site.get("/changes.atom?lang=en").text


def test_what_the_database_says_of_itself_is_no_markup() -> None:
    site = open_site("INSERT INTO about VALUES ('site', '<script>')")
    assert not site.page("/").all("p", class_="banner")


def test_a_fresh_home_has_pages() -> None:
    site = fresh_site()
    for path in ("/", "/bodies", "/findings", "/looks", "/columns", "/changes", "/rules", "/unassigned", "/search?q=x"):
        found = site.page(f"{path}{'&' if '?' in path else '?'}lang=en")
        assert found.all("p", class_="empty"), path
    assert "no judgements in the database yet" in site.get("/?lang=en").text


def test_a_table_does_not_take_the_language_for_a_column() -> None:
    found = Page(get("/ogiwatch/bodies?lang=en&kind=department").text)
    assert "6 rows where kind" in " ".join(text for _, text in found.all("h3"))
    assert found.all("html")[0][0]["lang"] == "en"
    answer = get("/ogiwatch/bodies?lang=zh", cookies={"lang": "en"})
    assert '<html lang="zh-Hans">' in answer.text and "lang=zh" in answer.headers["set-cookie"]
    assert len(get("/ogiwatch/bodies.json?lang=en&_shape=array").json()) == 12


def test_bodies_nobody_watches_are_listed_when_asked_for() -> None:
    def shown(query: str) -> int:
        found = Page(get(f"/bodies?lang=en&year=2024{query}").text)
        return len([a for a, _ in found.all("th", scope="row")])

    assert shown("") == 10
    assert shown("&all=1") == 12
    assert shown("&q=%E7%8F%A0%E6%99%96") == 1, "a name is looked for among all"


def test_search_looks_in_texts_and_not_in_the_headings_of_the_form() -> None:
    assert "No report contains these words." in get("/search?lang=en&q=%E6%80%BB%E4%BD%93%E6%83%85%E5%86%B5").text
