"""One generic test runs every rule's sound and broken case; the catalogue's own shape."""

from __future__ import annotations

import pytest

from monitor.model import Finding, MonitorError, Outcome
from monitor.rules import CATALOGUE, Rule, Scope, Switch, check, switched

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


def test_only_views_of_the_status_have_no_judge() -> None:
    assert {rule.id for rule in CATALOGUE if rule.judge is None} == {"missing", "withdrawn", "back_dated", "undated"}
    assert all(rule.scope is Scope.TIME for rule in CATALOGUE if rule.judge is None)
