"""The catalogue: every rule of every family, in the order in which a report is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    sources,
    time_rules,
    versions,
    years,
)
from monitor.rules.engine import Rule, Scope, Switch
from monitor.rules.released import RELEASED

_DECLARED: tuple[Rule, ...] = (
    *arithmetic.RULES,
    *proactive.RULES,
    *narrative.RULES,
    *narrative_sums.RULES,
    *forms.RULES,
    *content.RULES,
    *plausibility.RULES,
    *years.RULES,
    *versions.RULES,
    *sources.RULES,
    *copied.RULES,
    *time_rules.RULES,
)


def released(declared: Iterable[Rule]) -> tuple[Rule, ...]:
    """These rules, on if this very version of them is released, else in shadow."""
    return tuple(
        replace(rule, state=Switch.ON if RELEASED.get(rule.id) == rule.version else Switch.SHADOW) for rule in declared
    )


CATALOGUE = released(_DECLARED)
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
