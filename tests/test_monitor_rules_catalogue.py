"""One generic test runs every rule's sound and broken case; the catalogue's own shape."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from monitor.model import Finding, MonitorError, Outcome
from monitor.rules import CATALOGUE, Rule, Scope, Switch, check, switched
from monitor.rules.catalogue import released
from monitor.rules.released import RELEASED

JUDGED = [rule for rule in CATALOGUE if rule.judge is not None]
SETTLED = (Outcome.PASS, Outcome.PASS_TRIVIALLY)


def _of(rule: Rule, filings: tuple[object, ...]) -> list[Finding]:
    return [f for f in check(filings, rules=[rule]) if f.rule == rule.id]  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", JUDGED, ids=lambda rule: rule.id)
def test_rule_passes_its_sound_case_and_fails_its_broken_one(rule: Rule) -> None:
    sound, broken = _of(rule, rule.sound), _of(rule, rule.broken)
    assert [f.message_en for f in sound if f.outcome is Outcome.FAIL] == []
    assert any(f.outcome in SETTLED for f in sound), [f.message_en for f in sound]
    fails = [f for f in broken if f.outcome is Outcome.FAIL]
    assert fails
    for fail in fails:
        assert fail.message_zh and fail.message_en and fail.message_zh != fail.message_en
        assert fail.family == rule.family
        assert fail.input_hash


def test_ids_are_unique_and_every_family_of_the_domain_is_declared() -> None:
    ids = [rule.id for rule in CATALOGUE]
    assert len(ids) == len(set(ids))
    assert {
        "request_balance", "request_parts", "request_row_total", "dispute_total", "indicator_sum", "proactive_logic",
        "narrative_table", "narrative_arithmetic", "form_generation", "form_section", "form_content", "form_blank",
        "form_year", "form_unit", "plausibility", "carry_over", "in_force", "copied_text", "restated", "late",
        "missing", "withdrawn", "back_dated", "undated",
    } == {rule.family for rule in CATALOGUE}  # fmt: skip


def test_what_statistics_and_likeness_say_starts_in_shadow() -> None:
    assert {rule.id for rule in CATALOGUE if rule.state is Switch.SHADOW} == {"plausibility.jump", "copied_text"}
    on = switched({"copied_text": Switch.ON, "request_parts": Switch.SHADOW})
    assert {rule.id for rule in on if rule.state is Switch.SHADOW} == {"plausibility.jump", "request_parts"}
    with pytest.raises(MonitorError, match="'missing'"):
        switched({"missing": Switch.SHADOW})


def test_a_new_rule_and_a_changed_one_are_in_shadow_until_they_are_released() -> None:
    known = CATALOGUE[0]
    new, changed = replace(known, id="request_balance.new"), replace(known, version=known.version + 1)
    assert [rule.state for rule in released([known, new, changed])] == [Switch.ON, Switch.SHADOW, Switch.SHADOW]
    assert RELEASED.keys() <= {rule.id for rule in CATALOGUE}


CODE = re.compile(r"[a-z]+_[a-z_.]+|[a-z]{3,}\.[a-z]{3,}|[a-z]+/[a-z]+")


@pytest.mark.parametrize("rule", JUDGED, ids=lambda rule: rule.id)
def test_a_message_speaks_in_labels_and_never_in_codes(rule: Rule) -> None:
    found = [f for case in (rule.sound, rule.broken) for f in _of(rule, case)]
    assert found
    assert [f.message_zh for f in found if CODE.search(f.message_zh)] == []
    assert [f.message_en for f in found if CODE.search(f.message_en)] == []
    assert [f.formula for f in found if f.outcome is not Outcome.PENDING and CODE.search(f.formula)] == []


def test_every_basis_stands_in_both_languages() -> None:
    for rule in CATALOGUE:
        assert re.search("[\u4e00-\u9fff]", rule.basis.zh), rule.id
        assert re.match("[A-Z][a-z]+[ :]", rule.basis.en), rule.id


def test_only_views_of_the_status_have_no_judge() -> None:
    assert {rule.id for rule in CATALOGUE if rule.judge is None} == {"missing", "withdrawn", "back_dated", "undated"}
    assert all(rule.scope is Scope.TIME for rule in CATALOGUE if rule.judge is None)
