"""The generated page of rules is current and names every rule."""

from __future__ import annotations

from pathlib import Path

from monitor.rules import CATALOGUE
from monitor.rules.methodology import methodology_markdown

PAGE = Path(__file__).parents[1] / "docs" / "rules.md"


def test_the_page_is_current() -> None:
    """To renew it: python -c "from monitor.rules.methodology import methodology_markdown as m; print(m(), end='')"."""
    assert PAGE.read_text(encoding="utf-8") == methodology_markdown()


def test_the_page_names_every_rule_once() -> None:
    text = methodology_markdown()
    for rule in CATALOGUE:
        assert text.count(f"### `{rule.id}` ") == 1
        assert rule.title_zh in text and rule.title_en in text
