"""The words of the site: two languages with the same keys, and a word for every code that the rooms can write."""

from __future__ import annotations

import re
import string
from enum import StrEnum

import pytest
from site_client import site
from site_seed import ROOT

from monitor import absence, obligations, observations, publication
from monitor.attribution import Reason
from monitor.model import Outcome, Severity, Sight, Status
from monitor.rules.catalogue import CATALOGUE
from monitor.rules.engine import REASONS
from parsers.forms import form_columns, form_rows
from parsers.model import Generation, Responsibility, State
from registry.model import Certainty, Kind, Level, LookResult, Verification

site()  # makes `ogisite` importable, as the plugin does

from ogisite import words  # noqa: E402

KEY = re.compile(r"""\bt\("([a-z_]+\.[a-z_0-9]+)\"""")
CODES: tuple[tuple[str, type[StrEnum]], ...] = (
    ("status", Status),
    ("status_plain", Status),
    ("kind", Kind),
    ("level", Level),
    ("severity", Severity),
    ("outcome", Outcome),
    ("look", LookResult),
    ("verified", Verification),
    ("certainty", Certainty),
    ("sight", Sight),
    ("state", State),
    ("responsibility", Responsibility),
    ("form_name", Generation),
    ("attribution", Reason),
)


def test_both_languages_have_the_same_keys() -> None:
    chinese, english = (words.catalogue(language) for language in words.LANGUAGES)
    assert set(chinese) == set(english)
    assert not [key for key in chinese if not chinese[key].strip() or not english[key].strip()]


def test_both_languages_fill_in_the_same_values() -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    chinese, english = (words.catalogue(language) for language in words.LANGUAGES)
    assert not [key for key in chinese if fields(chinese[key]) != fields(english[key])]


def test_every_word_a_page_asks_for_exists() -> None:
    known = words.catalogue("en")
    sources = [*(ROOT / "datasette/templates").iterdir(), *(ROOT / "datasette/ogisite").glob("*.py")]
    asked = {key for source in sources for key in KEY.findall(source.read_text(encoding="utf-8"))}
    assert len(asked) > 150
    assert not [key for key in asked if not key.endswith("_") and key.replace(".", "/", 1) not in known]


def test_templates_hold_no_chinese_of_their_own() -> None:
    """Words come from the catalogue; only the switch names the other language in itself."""
    for template in (ROOT / "datasette/templates").iterdir():
        text = template.read_text(encoding="utf-8").replace("中文", "").replace('"、"', "")
        assert not re.search("[\u4e00-\u9fff]", text), template.name


@pytest.mark.parametrize(("group", "codes"), CODES)
def test_every_code_has_a_word(group: str, codes: type[StrEnum]) -> None:
    known = words.catalogue("zh")
    assert not [code.value for code in codes if f"{group}/{code.value}" not in known]


def test_every_clause_has_a_word() -> None:
    known = words.catalogue("zh")
    clauses = {
        value
        for module in (absence, obligations, observations, publication)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    }
    assert len(clauses) > 20
    assert not [clause for clause in (*clauses, *REASONS) if f"clause/{clause}" not in known]


def test_every_row_and_column_of_the_forms_has_a_short_name() -> None:
    known = words.catalogue("en")
    assert not {r[3] for r in form_rows() if f"row_{r[1]}/{r[3]}" not in known}
    assert not {c[4] for c in form_columns() if f"column/{c[4]}" not in known}


@pytest.mark.parametrize(
    ("asked", "cookie", "header", "expected"),
    [
        (None, None, "", "zh"),
        (None, None, "en-US,en;q=0.9,zh-CN;q=0.8", "en"),
        (None, None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (None, None, "fr,de;q=0.5", "zh"),
        (None, None, "en;q=nonsense, zh;q=0.1", "zh"),
        (None, "en", "zh-CN", "en"),
        ("zh", "en", "en", "zh"),
        ("xx", "yy", "en", "en"),
    ],
)
def test_choice_of_language(asked: str | None, cookie: str | None, header: str, expected: str) -> None:
    assert words.choose(asked, cookie, header) == expected


def test_every_formula_of_a_rule_is_said_in_words() -> None:
    chinese, english = words.Words("zh"), words.Words("en")
    for rule in CATALOGUE:
        assert not re.search("[A-Za-z]{2,}", chinese.formula(rule.formula, rule.family)), rule.id
        assert "_" not in english.formula(rule.formula, rule.family), rule.id
    assert english.formula("the text", "form_year") == "the the text", "a word is put in once"
    assert chinese.formula("requests.received = <b>x</b>", "indicator_sum") == "收到申请数 = <b>x</b>"


@pytest.mark.parametrize("purpose", ["list", "article", "attachment", "probe", "robots"])
def test_every_purpose_of_a_request_has_a_word(purpose: str) -> None:
    assert words.Words("zh").has("purpose", purpose)


def test_every_problem_of_a_reader_has_a_word() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "parsers").rglob("*.py"))
    codes = {code for source in sources for code in re.findall(r"\bProblem\(\s*\"([a-z_]+)\"", source)}
    assert len(codes) > 8
    assert not [code for code in codes if not words.Words("zh").has("problem_code", code)]
