"""Equalities and limits over cells, with blanks as unknown non-negative numbers (domain section 4, last paragraphs)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model import CellRef, Outcome, Severity
from monitor.rules.engine import REASONS, Gap, Key, Reading, Rule, Sides, Verdict, show
from parsers.model import Number, Responsibility, State

Term = tuple[Reading, Key]
SIGNED = "change"  # the one column whose blank may stand for a negative number


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an equality as printed: its cells and its values, None where the cell is blank."""

    terms: tuple[Term, ...]
    values: tuple[Number | None, ...]
    refs: tuple[CellRef, ...]
    signs: tuple[int, ...]
    uncertain: bool
    open_above: bool
    open_below: bool

    @property
    def known(self) -> Number:
        """The sum of the printed numbers, blanks taken as zero."""
        total: Number = 0
        for sign, value in zip(self.signs, self.values, strict=True):
            if value is not None:
                total += sign * value
        return total

    @property
    def complete(self) -> bool:
        """True if every cell holds a number."""
        return None not in self.values

    def __str__(self) -> str:
        """The filled-in side: "4 + 1" (zeros left out where something else is left), blanks as "?"."""
        shown = [(s, v) for s, v in zip(self.signs, self.values, strict=True) if v != 0]
        text = "" if shown else "0"
        for sign, value in shown:
            negative = (sign < 0) != (value is not None and value < 0)
            digits = show(value).lstrip("-")
            if text:
                text += f" {'-' if negative else '+'} {digits}"
            else:
                text = f"-{digits}" if negative else digits
        return text

    @property
    def summed(self) -> str:
        """As `str`, followed by the sum where the side has more than one term left."""
        text = str(self)
        return f"{text} = {show(self.known)}" if " " in text and self.complete else text


def side(terms: Sequence[Term], signs: Sequence[int] | None = None) -> Side:
    """Reads one side; raises `Gap` for an unreadable or absent cell, keeps blanks open."""
    values: list[Number | None] = []
    refs: list[CellRef] = []
    uncertain = above = below = False
    signs = tuple(signs) if signs else (1,) * len(terms)
    for (reading, key), sign in zip(terms, signs, strict=True):
        figure = reading.figure(key)
        if figure.state is State.UNREADABLE:
            raise Gap("unreadable_cell", Responsibility.READER)
        values.append(figure.value)
        refs.append(reading.ref(figure))
        uncertain = uncertain or figure.confidence < 1
        if figure.value is None:
            above = above or sign > 0 or key[2] == SIGNED
            below = below or sign < 0 or key[2] == SIGNED
    return Side(tuple(terms), tuple(values), tuple(refs), tuple(signs), uncertain, above, below)


def compare(
    rule: Rule,
    place: tuple[str, ...],
    left: Side,
    right: Side,
    zh: tuple[str, str, str],
    en: tuple[str, str, str],
    *,
    limit: bool = False,
    report_year: int | None = None,
    hint: tuple[str, str] = ("", ""),
) -> Verdict:
    """The verdict on left = right (`limit`: left <= right). `zh`/`en` name the subject, the left and the right side."""
    residual = left.known - right.known
    allowed = rule.tolerance
    cells = left.refs + right.refs
    holds = residual <= allowed and (limit or residual >= -allowed)
    # The widest range of left - right over all non-negative numbers that could stand in the blanks.
    reaches_down = left.open_below or right.open_above
    reaches_up = left.open_above or right.open_below
    reachable = (residual <= allowed or reaches_down) and (limit or residual >= -allowed or reaches_up)
    sign = ("≤" if limit else "=") if holds else (">" if limit else "≠")
    left_text, right_text = left.summed, right.summed
    formula = f"{left_text} {sign} {right_text}"
    reason, doing = "", None
    if holds:
        zeros = all(not value for value in (*left.values, *right.values))
        outcome = Outcome.PASS_TRIVIALLY if zeros else Outcome.PASS
        text_zh = f"{zh[0]}：{zh[1]}与{zh[2]}相符（{formula}）。"
        text_en = f"{en[0]}: {en[1]} agrees with {en[2]} ({formula})."
        if limit:
            text_zh = f"{zh[0]}：{zh[1]}不超过{zh[2]}（{formula}）。"
            text_en = f"{en[0]}: {en[1]} does not exceed {en[2]} ({formula})."
    elif reachable:
        outcome, reason, doing = Outcome.NOT_ASSESSABLE, "blank_cell", Responsibility.PUBLISHER
        formula = f"{left} {'≤' if limit else '='} {right}"
        text_zh = f"{zh[0]}：{REASONS[reason][0]}（{formula}）"
        text_en = f"{en[0]}: {REASONS[reason][1]} ({formula})"
    elif (left.uncertain or right.uncertain) and rule.severity is not Severity.NOTICE:
        outcome, reason, doing = Outcome.NOT_ASSESSABLE, "uncertain_cell", Responsibility.READER
        text_zh = f"{zh[0]}：{REASONS[reason][0]}（{formula}）"
        text_en = f"{en[0]}: {REASONS[reason][1]} ({formula})"
    else:
        outcome = Outcome.FAIL
        ought_zh, ought_en = ("前者不应超过后者", "must not exceed") if limit else ("二者应当相等", "should equal")
        text_zh = f"{zh[0]}：{zh[1]}为 {left_text}，{zh[2]}为 {right_text}，{ought_zh}。{hint[0]}"
        text_en = f"{en[0]}: {left_text} against {right_text}; {en[1]} {ought_en} {en[2]}.{hint[1]}"
    one_report = len({id(reading) for reading, _ in left.terms + right.terms}) == 1
    return Verdict(
        outcome,
        place,
        text_zh,
        text_en,
        cells=cells,
        formula=formula,
        reason=reason,
        responsibility=doing,
        report_year=report_year,
        sides=Sides(
            tuple(key for _, key in left.terms),
            tuple(key for _, key in right.terms),
            residual if left.complete and right.complete else None,
        )
        if one_report and not limit
        else None,
    )
