"""What one look weighs in a verdict: cited, not needed, too early, waiting for a person, or nothing, and then why."""

import re

# "undecidable" for one of these reasons says nothing; for any other, an entry could be the report
SILENT = ("no_positive_control", "column_not_verified", "column_of_other_years")
HELD = ("on_time", "late", "undated")
_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?!\d)")


def due_end(due_on):
    """The first instant after a Shanghai day, as instants are stored (UTC): 16:00 of the same date; '' without one."""
    return f"{due_on}T16:00:00Z" if due_on else ""


def speaks_of(column, year):
    """False if the column is bound to other years: by the registry, else by the years its address or title names."""
    first, last = column["years_from"], column["years_to"]
    if first is not None or last is not None:
        return (first or 0) <= year <= (9999 if last is None else last)
    named = _YEAR.findall(f"{column['url']} {column['title']}")
    return not named or str(year) in named


def weigh(look, column, obligation, year):
    """(weight, reason) of a look: codes of the words `weight` and `clause`; the reason may be ''."""
    said = look["said"]
    if look["counted"]:
        return "cited", (said or {}).get("reason", "")
    if look["result"] != "complete":
        return "void", "look_incomplete"
    held = obligation["status"] in HELD
    if said and said.get("sight") == "undecidable" and not held:
        reason = said.get("reason", "")
        return ("void" if reason in SILENT else "open"), reason
    too_early = look["started_at"] < due_end(obligation["due_on"])
    if said and said.get("sight") == "absent" and too_early and not held:
        return "early", ""
    if said or held:
        return "spare", ""
    if column is not None and not speaks_of(column, year):
        return "void", "column_of_other_years"
    if look["started_at"] < look["kept_since"]:
        return "spare", "other_looks_decide"
    return "void", "says_nothing"
