"""The catalogue: every rule of every family, in the order in which a report is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

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
from monitor.rules.engine import Rule, Scope, Switch

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


# Views of a status go with the status.
SWITCHABLE = tuple(rule.id for rule in CATALOGUE if rule.scope is not Scope.TIME)


def switched(states: Mapping[str, Switch]) -> tuple[Rule, ...]:
    """The catalogue with some rules switched on or into shadow; raises MonitorError for an id that cannot be."""
    if unknown := [name for name in states if name not in SWITCHABLE]:
        raise MonitorError(f"rule: expected the id of a rule that can be switched, found {unknown[0]!r}")
    return tuple(replace(rule, state=states.get(rule.id, rule.state)) for rule in CATALOGUE)
