"""One figure changed at a time: whether the judge sees it, and in which cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from monitor.model import Filing, Finding, Outcome
from monitor.rules import CATALOGUE, check

ARITHMETIC = {"request_balance", "request_parts", "request_row_total", "dispute_total", "indicator_sum"}
_RULES = [rule for rule in CATALOGUE if rule.family in ARITHMETIC]


def mutated(filing: Filing) -> tuple[int, list[tuple[tuple[str, str, str], int]]]:
    """How many changes by one of a cell that occurs in an equality were tried, and those not found.

    Found: the set of (finding id, both sides) is another than that of the report as it stands, and of a requests
    table the changed cell is among those named, in one finding that names it first.
    """
    whole = check([filing], rules=_RULES)
    summed = {(c.table, c.row, c.column) for f in whole if "limit" not in f.rule for c in f.cells}
    base, tried = _sides(whole), 0
    missed = []
    for at, figure in enumerate(filing.report.figures):
        key = (figure.table, figure.row, figure.column)
        if key not in summed or figure.value is None:
            continue
        for step in (1, -1):
            if figure.value + step < 0:
                continue
            changed = replace(figure, value=figure.value + step, raw=str(figure.value + step))
            figures = (*filing.report.figures[:at], changed, *filing.report.figures[at + 1 :])
            found = check([replace(filing, report=replace(filing.report, figures=figures))], rules=_RULES)
            tried += 1
            fails = [f for f in found if f.outcome is Outcome.FAIL]
            new = [f for f in fails if (f.id, f.formula) not in base]
            named = [[(c.table, c.row, c.column) for c in f.cells] for f in new]
            if _sides(found) == base or (figure.table == "requests" and [n[0] for n in named] != [key]):
                missed.append((key, step))
    return tried, missed


def _sides(found: Iterable[Finding]) -> set[tuple[str, str]]:
    return {(f.id, f.formula) for f in found if f.outcome is Outcome.FAIL}
