"""What a report itself says of a sum over two years that fails: then nobody can tell whether it should hold."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from monitor import periods
from monitor.model import Outcome, Passage
from monitor.rules.engine import Reading, Verdict
from monitor.rules.narrative import COUNT
from parsers.model import Number, Responsibility

# Where another body, or its duties, came in: sums over two years then hold for neither.
_MERGED = re.compile(
    r"[^。；\n]{0,40}(?:并入[本我该]?(?:局|委|办|厅|镇|乡|街道|中心|单位|机关)|合并(?:组建|成立|设立|为|后)|撤并"
    r"|(?:职责|职能|业务|机构)[^。；\n]{0,12}(?:划入|划转|整合(?:组建|为))|机构改革[^。；\n]{0,40}(?:组建|合并|并入|划入|更名|重组))[^。；\n]{0,40}"
)
# What takes documents out of force without a repeal, and requests out of those carried over without an outcome.
LAPSED = re.compile(r"失效|届满|到期")
DROPPED = re.compile(r"撤[回销件]|终止|放弃|移[送交]|转[办送交]")
_SENTENCE = re.compile(r"[^。；\n]+")


def unless_merged(verdict: Verdict, reading: Reading) -> Verdict:
    """A failing sum over two years, or `not_assessable` where the later report speaks of a merger itself."""
    for section, text in periods.texts(reading.report) if verdict.outcome is Outcome.FAIL else ():
        if said := _MERGED.search(text):
            zh = "无法判断：报告自述当年有机构合并或职责划转。"
            en = "Not assessable: the report itself speaks of a merger or of duties taken over in that year."
            return _unassessable(verdict, "merger", zh, en, section, said)
    return verdict


def unless_counted(
    verdict: Verdict, reading: Reading, how: re.Pattern[str], fewer: Number, whole: Number = 0
) -> Verdict:
    """A failing sum over two years, or `not_assessable` where the later report itself counts, in a sentence that says
    how, just as many as are fewer than they should be, in this column or in all (`whole`).
    """
    if verdict.outcome is not Outcome.FAIL or fewer <= 0:
        return verdict
    wanted = {fewer, whole} - {0}
    for section, text in periods.texts(reading.report):
        for said in _SENTENCE.finditer(text):
            counted = {Decimal(n.group(1).replace(",", "")) for n in COUNT.finditer(said.group())}
            if not counted.isdisjoint(wanted) and how.search(said.group()):
                zh = "无法判断：报告自述了这一差额，可能已另行计算。"
                en = "Not assessable: the report itself counts what makes the difference; it may be reckoned apart."
                return _unassessable(verdict, "difference_told", zh, en, section, said)
    return verdict


def _unassessable(verdict: Verdict, reason: str, zh: str, en: str, section: int | None, said: re.Match[str]) -> Verdict:
    return replace(
        verdict,
        outcome=Outcome.NOT_ASSESSABLE,
        zh=zh,
        en=en,
        passages=(Passage(section, said.start(), said.end(), said.group()),),
        reason=reason,
        responsibility=Responsibility.PUBLISHER,
    )
