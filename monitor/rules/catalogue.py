"""The catalogue: every rule of every family, in the order in which a report is judged."""

from __future__ import annotations

from monitor.model import MonitorError
from monitor.rules import (
    arithmetic,
    content,
    copied,
    forms,
    narrative,
    narrative_sums,
    plausibility,
    proactive,
    time_rules,
    years,
)
from monitor.rules.engine import Rule

CATALOGUE: tuple[Rule, ...] = (
    *arithmetic.RULES,
    *proactive.RULES,
    *narrative.RULES,
    *narrative_sums.RULES,
    *forms.RULES,
    *content.RULES,
    *plausibility.RULES,
    *years.RULES,
    *copied.RULES,
    *time_rules.RULES,
)
_BY_ID = {rule.id: rule for rule in CATALOGUE}


def rule(rule_id: str) -> Rule:
    """The rule of this id; raises MonitorError if the catalogue has none."""
    try:
        return _BY_ID[rule_id]
    except KeyError:
        raise MonitorError(f"rule: expected an id of the catalogue, found {rule_id!r}") from None
