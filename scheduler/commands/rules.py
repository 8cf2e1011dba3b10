"""`ogiwatch rules`: what is judged."""

from __future__ import annotations

import click

from db.rule_rows import Opinion, load_opinions
from monitor.rules import switched
from monitor.rules.methodology import validity
from scheduler import output
from scheduler.home import Home
from scheduler.options import as_json, pass_home


@click.command("rules")
@as_json
@pass_home
@click.option("--family", default="", help="Only the rules of this family.")
def command(home: Home, as_json: bool, family: str) -> None:
    """List the rules: what each says of a sound report, on what basis, and how grave a breach is.

    What a rule in state `shadow` finds is computed and shown to operators, never published or alerted. A new rule
    starts so; the section [rules] of settings.toml switches rules on, or into shadow: "copied_text" = "on".
    Confirmed, dismissed and disputed count people's newest words on findings of the rule's present version in this
    home; the precision is the share confirmed of those confirmed or dismissed.
    """
    catalogue = switched(home.settings.rules.states)
    chosen = [rule for rule in catalogue if not family or rule.family == family]
    if not chosen:
        known = ", ".join(dict.fromkeys(rule.family for rule in catalogue))
        raise click.BadParameter(f"no such family; there are {known}", param_hint="--family")
    said = _said(home)
    if not as_json:
        output.table(
            ("rule", "version", "family", "severity", "scope", "state", "title", "formula", "valid for", "tolerance",
             "basis", "confirmed", "dismissed", "disputed", "precision"),
            [
                (r.id, r.version, r.family, r.severity, r.scope, r.state, r.title_en, r.formula, validity(r) or "all",
                 str(r.tolerance), r.basis.en,
                 o.confirmed, o.dismissed, o.disputed, "" if o.precision is None else f"{o.precision:.0%}")
                for r in chosen
                for o in (said.get(r.id, Opinion(0, 0, 0)),)
            ],
        )  # fmt: skip
        return
    for rule in chosen:
        opinion = said.get(rule.id, Opinion(0, 0, 0))
        output.json_line(
            {
                "id": rule.id,
                "version": rule.version,
                "family": rule.family,
                "severity": rule.severity,
                "scope": rule.scope,
                "state": rule.state,
                "title_zh": rule.title_zh,
                "title_en": rule.title_en,
                "formula": rule.formula,
                "basis_zh": rule.basis.zh,
                "basis_en": rule.basis.en,
                "generations": rule.generations,
                "years_from": rule.years_from,
                "years_to": rule.years_to,
                "kinds": rule.kinds,
                "tolerance": str(rule.tolerance),
                "note_zh": rule.note_zh,
                "note_en": rule.note_en,
                "confirmed": opinion.confirmed,
                "dismissed": opinion.dismissed,
                "disputed": opinion.disputed,
                "precision": opinion.precision,
            }
        )


def _said(home: Home) -> dict[str, Opinion]:
    """What people said of each rule in this home; nothing where there is no home yet."""
    if not home.exists:
        return {}
    database = home.open(create=False, read_only=True)
    try:
        return load_opinions(database)
    finally:
        database.close()
