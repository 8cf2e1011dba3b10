"""The data dictionary names what can be had and nothing that is closed; what it links to answers as data."""

from __future__ import annotations

import csv
import io

from site_client import Page, get, page

CLOSED = ("subscribers", "deliveries", "runs", "findings", "about")


def tables(made: Page) -> set[str]:
    return {name.removeprefix("table-") for name in made.ids() if name.startswith("table-")}


def test_every_public_table_and_query_is_described_and_nothing_closed() -> None:
    for language in ("zh", "en"):
        made = page(f"/data?lang={language}")
        assert {"bodies", "obligations", "looks", "requests", "cells"} <= tables(made)
        assert not tables(made) & set(CLOSED)
        said = made.all("main")[0][1]
        assert "due_on" in said and "findings_list" in said and "proof_of_absence" in said
        assert not made.unbalanced


def test_what_the_dictionary_links_to_answers_with_the_columns_it_names() -> None:
    made = page("/data?lang=en")
    for name in tables(made):
        answer = get(f"/ogiwatch/{name}.csv?_size=1")
        assert answer.status_code == 200, name
        head = next(csv.reader(io.StringIO(answer.text)))
        described = made.all("article", id=f"table-{name}")[0][1]
        assert all(column in described for column in head), name


def test_the_foot_of_every_page_leads_there() -> None:
    assert "/data" in [a.get("href") for a, _ in page("/").all("a")]
