"""What a later version of a report changed, as the page shows it: figures, text and what it says of itself."""

from __future__ import annotations

from site_client import Page, get, open_site, page, site

site()  # makes `ogisite` importable, as the plugin does

from ogisite import versions  # noqa: E402

OLD, NEW = 2, 3  # the two versions of haidian 2024 in the seeded database


def changed(made: Page) -> list[str]:
    return [text for _, text in made.all("ins")]


def test_a_later_version_shows_each_changed_figure_beside_the_earlier_one() -> None:
    made = page(f"/report/{NEW}?lang=en")
    was = [text for _, text in made.all("del")]
    assert "30" in was and "31" in changed(made)
    rows = [text for _, text in made.all("tr") if "3031" in text.replace(" ", "")]
    assert rows and all("natural persons" in r or "total" in r for r in rows)
    assert "Requests received and handled" in rows[0]


def test_the_first_version_has_nothing_to_show() -> None:
    made = page(f"/report/{OLD}")
    assert "changed" not in made.ids()
    assert get(f"/report/{OLD}/changes").status_code == 404


def test_two_versions_stand_on_a_page_of_their_own_and_as_data() -> None:
    made = page(f"/report/{NEW}/changes?with={OLD}&lang=zh")
    assert "第 1 版到第 2 版的改动" in made.all("h1")[0][1]
    answer = get(f"/ogiwatch/figures_changed.json?old={OLD}&new={NEW}&_shape=objects").json()["rows"]
    assert {"table_name": "requests", "row": "received", "column": "total", "old_value": 30, "new_value": 31} in answer
    assert all(row["old_value"] != row["new_value"] for row in answer)
    for wrong in ("9", str(NEW), "99999", "x"):
        assert get(f"/report/{NEW}/changes?with={wrong}").status_code in (200, 404)
    assert get(f"/report/{NEW}/changes?with=9").status_code == 404, "a report of another body is no version"


def test_texts_are_compared_by_sentences_and_cut_to_what_changed() -> None:
    said = "UPDATE sections SET text = '收到申请{}件。办结29件，结转1件。{}' WHERE report_id = {} AND position = 0"
    made = open_site(said.format(30, "未发生复议。", OLD), said.format(31, "<script>x</script>", NEW)).page(
        f"/report/{NEW}?lang=zh"
    )
    assert {"1", "<script>x</script>"} <= set(changed(made))
    assert not made.all("script")
    assert any("未发生复议。" in text for _, text in made.all("del"))
    assert not any("办结29件" in text for _, text in made.all("ins"))


def test_a_figure_that_was_not_read_is_not_called_zero() -> None:
    made = open_site(f"DELETE FROM disputes WHERE report_id = {OLD}").page(f"/report/{NEW}/changes?lang=en")
    assert "not read" in [text for _, text in made.all("del")]


def test_the_version_before_is_that_of_the_same_address() -> None:
    known = [
        {"id": 3, "version": 3, "url": "a"},
        {"id": 2, "version": 2, "url": "b"},
        {"id": 1, "version": 1, "url": "a"},
    ]
    assert versions.before(known, 3) == known[2]
    assert versions.before(known, 2) == known[2]
    assert versions.before(known, 1) is None and versions.before([], 1) is None


def test_equal_texts_cut_otherwise_are_no_change() -> None:
    same = [[("", "收到申请。"), ("", "办结。")], [("", "收到申请。办结。")]]
    assert versions._texts(*same) == []
    long = ("", "甲" * 5000)
    (found,) = versions._texts([long], [("", "甲" * 2500 + "乙" + "甲" * 2499)])
    assert found["new"][1] == "乙" and len(found["new"][0]) < 60 and len(found["new"][2]) < 60
