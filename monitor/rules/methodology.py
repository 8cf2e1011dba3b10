"""The page that explains every rule, generated from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.rules.catalogue import CATALOGUE
from monitor.rules.engine import Rule, Scope, Switch

SCOPES = {
    Scope.REPORT: "within one report",
    Scope.YEARS: "across a body's years",
    Scope.BODIES: "across bodies",
    Scope.TIME: "about publication",
}
HEAD = """# Rules

Generated from the catalogue in `monitor/rules`; a test keeps this page current. Do not edit it by hand.

Every rule says one of five things of a report: `fail`; `pass`; `pass_trivially` (all figures are zero); `pending` (a
neighbouring year's report is awaited, and what it should say is stated); `not_assessable` (with the reason, and whose
doing it is: the publisher's, our reader's or our crawler's). A rule that cannot be judged never passes in silence and
never accuses.

- **Blanks and placeholders are unknown non-negative numbers, never zeros.** A sum fails only if no such numbers could
  satisfy it; it passes if the blanks taken as zero satisfy it; otherwise it is not assessable.
- **A cell that we could not read, or read with doubt, supports no finding**, nor does a text recognised in a picture;
  only operators see what was left unjudged for that.
- **Related failures are one finding.** Where every failing sum through one cell would hold at one and the same other
  number, and no other cell explains them, the finding names the cell and that number. Nothing is repaired before it
  is checked.
- A finding keeps its id from run to run (rule, body, report year, place; never values). People's verdicts hold for the
  values they were given on and reopen when these change. A finding that was dismissed stays listed with that word, and
  is neither counted nor marked in the tables.
- Severity: `error` and `warning` are alerted by default, `notice` is shown. Rules in `shadow` are computed and shown
  to operators only.
"""


def methodology_markdown(rules: Iterable[Rule] = CATALOGUE) -> str:
    """The methodology page in Markdown: the principles, then each family with its rules; ends with a line break."""
    families: dict[str, list[Rule]] = {}
    for rule in rules:
        families.setdefault(rule.family, []).append(rule)
    parts = [HEAD, f"{sum(map(len, families.values()))} rules in {len(families)} families.\n"]
    for family, members in families.items():
        parts.append(f"## {family}\n")
        parts += [_entry(rule) for rule in members]
    return "\n".join(parts)


def _entry(rule: Rule) -> str:
    lines = [
        f"### `{rule.id}` (version {rule.version})\n",
        f"{rule.title_zh} / {rule.title_en}\n",
        f"- Formula: `{rule.formula}`",
        f"- Severity: {rule.severity.value}; scope: {SCOPES[rule.scope]}",
        f"- Basis: {rule.basis.en} / {rule.basis.zh}",
    ]
    lines.append(f"- Valid for: {validity(rule) or 'every form, year and kind of body'}")
    lines.append(f"- Tolerance: {rule.tolerance}")
    if rule.state is Switch.SHADOW:
        lines.append("- State: shadow")
    if rule.note_en:
        lines.append(f"- {rule.note_en} / {rule.note_zh}")
    return "\n".join(lines) + "\n"


def validity(rule: Rule) -> str:
    """The forms, report years and kinds of bodies that a rule is valid for, in words; empty for all."""
    parts = []
    if rule.generations:
        parts.append("forms " + ", ".join(g.value for g in rule.generations))
    if rule.years_from and rule.years_to:
        parts.append(f"report years {rule.years_from} to {rule.years_to}")
    elif rule.years_from:
        parts.append(f"report years from {rule.years_from}")
    elif rule.years_to:
        parts.append(f"report years to {rule.years_to}")
    if rule.kinds:
        parts.append("kinds " + ", ".join(k.value for k in rule.kinds))
    return "; ".join(parts)
