"""Related sums told as one: the cell in which failing sums cross, and what it would have to be.

Nothing is repaired before it is checked: this only reads the failures of the sums as printed, and says of a cell
that every sum through it would hold at one and the same other number. Where several cells could be the wrong one,
none is named; failures that share cells are then one finding with its parts. So are all that are left in a table of
requests: where its rows add up, what fails in the column of totals is what fails in the applicants' columns together,
and the other way round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.model import CellRef, Outcome
from monitor.rules import labels
from monitor.rules.engine import Key, Reading, Rule, Verdict, show
from parsers.model import Number

Judged = tuple[Rule, Verdict]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cell, the number at which every sum through it would hold, and those sums (positions in the list judged)."""

    key: Key
    ought: Number
    sums: frozenset[int]


def relate(reading: Reading, judged: Sequence[Judged]) -> list[Judged]:
    """Merges related failing sums of one report; everything else is handed on as it came, in its order."""
    failing = [i for i, (_, v) in enumerate(judged) if v.outcome is Outcome.FAIL and v.sides]
    if len(failing) < 2:
        return list(judged)
    through: dict[Key, set[int]] = defaultdict(set)
    for i, (_, verdict) in enumerate(judged):
        if verdict.sides:
            for key in verdict.sides.left + verdict.sides.right:
                through[key].add(i)
    bad = set(failing)
    suspects = _suspects(reading, judged, {key: sums for key, sums in through.items() if len(sums) > 1 and sums <= bad})
    merged: dict[int, Verdict] = {}
    gone: set[int] = set()
    for suspect in suspects:
        first, *others = sorted(suspect.sums)
        merged[first] = _localised(reading, [judged[i][1] for i in (first, *others)], suspect)
        gone.update(others)
        bad -= suspect.sums
    for group in _components(bad, through):
        first, *others = sorted(group)
        if others:
            merged[first] = _with_parts([judged[i][1] for i in (first, *others)], reading)
            gone.update(others)
    return [(rule, merged.get(i, verdict)) for i, (rule, verdict) in enumerate(judged) if i not in gone]


def _suspects(reading: Reading, judged: Sequence[Judged], through: Mapping[Key, set[int]]) -> list[Suspect]:
    """Cells all of whose sums fail and would hold at one number, where no other cell explains any of these sums."""
    found: list[Suspect] = []
    for key, sums in through.items():
        value = reading.cells[key].value
        oughts: set[Number | None] = set()
        for i in sums:
            sides = judged[i][1].sides
            if sides is None or sides.residual is None or value is None:
                oughts.add(None)
            else:
                oughts.add(value - sides.residual if key in sides.left else value + sides.residual)
        ought = next(iter(oughts))
        if len(oughts) == 1 and ought is not None and ought >= 0:
            found.append(Suspect(key, ought, frozenset(sums)))
    return [s for s in found if not any(s.sums & other.sums for other in found if other is not s)]


def _components(bad: set[int], through: Mapping[Key, set[int]]) -> list[set[int]]:
    """Groups of failing sums that are linked by shared cells."""
    linked: dict[int, set[int]] = {i: {i} for i in bad}
    requests = {i for key, sums in through.items() if key[0] == "requests" for i in sums}
    for sums in (requests, *through.values()):
        here = sorted(sums & bad)
        for i in here[1:]:
            if linked[i] is not linked[here[0]]:
                joined = linked[here[0]] | linked[i]
                for j in joined:
                    linked[j] = joined
    groups: list[set[int]] = []
    for i in sorted(bad):
        if linked[i] not in groups:
            groups.append(linked[i])
    return groups


def _cells(verdicts: Sequence[Verdict]) -> tuple[CellRef, ...]:
    return tuple(dict.fromkeys(ref for verdict in verdicts for ref in verdict.cells))


def _localised(reading: Reading, verdicts: Sequence[Verdict], suspect: Suspect) -> Verdict:
    zh, en = labels.cell(*suspect.key)
    figure = reading.cells[suspect.key]
    printed, ought = show(figure.value), show(suspect.ought)
    wrong = reading.ref(figure)
    merged = _with_parts(verdicts, reading)
    return replace(
        merged,
        zh=f"{merged.zh}上述各式相交于{zh}一格：印为 {printed}，若为 {ought} 则各式均成立。",
        en=f"{merged.en} These sums cross in {en}: it is printed as {printed}, and at {ought} all of them would hold.",
        cells=(wrong, *(ref for ref in merged.cells if ref != wrong)),
    )


LEAST = 3  # sums that a row or column of noughts is named for
TOLD = 4  # sums spelt out in a sentence; the formula and the evidence hold all of them


def _with_parts(verdicts: Sequence[Verdict], reading: Reading) -> Verdict:
    more = len(verdicts) - TOLD
    line_zh, line_en = _noughts(verdicts, reading)
    return replace(
        verdicts[0],
        zh="".join(v.zh for v in verdicts[:TOLD]) + (f"另有 {more} 式不成立。" if more > 0 else "") + line_zh,
        en=" ".join(v.en for v in verdicts[:TOLD])
        + (f" {more} more {'sum does' if more == 1 else 'sums do'} not hold." if more > 0 else "")
        + line_en,
        cells=_cells(verdicts),
        formula="; ".join(v.formula for v in verdicts),
    )


def _noughts(verdicts: Sequence[Verdict], reading: Reading) -> tuple[str, str]:
    """The one row or column of requests that all these sums pass through and that holds nothing but noughts, in words;
    nothing where there is none, or several.
    """
    passed = [v.sides.left + v.sides.right for v in verdicts if v.sides]
    if len(passed) < LEAST or any(key[0] != "requests" for keys in passed for key in keys):
        return "", ""
    found: list[tuple[str, str]] = []
    for axis in (1, 2):
        common = set.intersection(*({key[axis] for key in keys} for keys in passed))
        for code in sorted(common):
            line = [f for key, f in reading.cells.items() if key[0] == "requests" and key[axis] == code]
            if all(f.value == 0 for f in line):
                zh, en = labels.row("requests", code) if axis == 1 else labels.column(code)
                found.append((f"“{zh}”整{'行' if axis == 1 else '列'}", f"{'row' if axis == 1 else 'column'} “{en}”"))
    if len(found) != 1:
        return "", ""
    zh, en = found[0]
    return f"上述各式都经过{zh}，其各格均印为 0。", f" All of them pass through {en}, printed as 0 throughout."
