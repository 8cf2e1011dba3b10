"""The text's own arithmetic: percentages and parts stated in it, from the typed statements (domain section 4)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from monitor.model import Outcome, Severity
from monitor.rules import bases, cases
from monitor.rules.engine import Reading, Rule, Subject, Verdict, show
from monitor.rules.narrative import COUNT, case, cells_of, passages_of, places, text_of
from parsers.model import Number, State, Statement


def shares(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """A percentage stated beside its part equals part / whole, rounded; cut off instead of rounded is a notice. One
    that does not say of what may be of any whole that could be meant."""
    reading = subject.reading
    count: dict[int, int] = defaultdict(int)
    for share in reading.report.statements:
        if share.what != "share" or share.qualifier != "exact" or share.of is None:
            continue
        part, whole = _part_of(reading, share), _whole_of(reading, share)
        if part is None or not whole or _ELSEWHERE.search(_before(reading, share)):
            continue
        count[share.section] += 1
        place = ("text", f"section{share.section}", "share", str(count[share.section]))
        wholes = (whole, *(other for other in _other_wholes(reading, share) if other >= part))
        # Of the wholes that could be meant: one by which it holds, else one by which it was only cut off.
        yield min((_share(reading, share, part, of, place) for of in wholes), key=_gravity)


def _gravity(verdict: Verdict) -> int:
    return 0 if verdict.outcome is Outcome.PASS else 1 if verdict.severity is Severity.NOTICE else 2


def _part_of(reading: Reading, share: Statement) -> Number | None:
    """The figure the share is said of: the last count before it in its own sentence, else None."""
    before = _before(reading, share)
    found = list(COUNT.finditer(before))
    if not found or "%" in before[found[-1].end() :] or re.search(r"[。；;]", before[found[-1].end() :]):
        return None
    number = Decimal(found[-1].group(1).replace(",", ""))
    return int(number) if number == number.to_integral_value() else number


def _before(reading: Reading, share: Statement) -> str:
    """What stands before the share in its own sentence."""
    text = text_of(reading, share)
    start = max(0, text.rfind(share.sentence, 0, share.start + len(share.sentence)))
    return text[start : share.start]


def _whole_of(reading: Reading, share: Statement) -> Number | None:
    """The stated whole nearest before the share, in the text; else the table's."""
    wholes = [
        s for s in reading.report.statements
        if s.what == share.of and s.of is None and s.qualifier == "exact" and s.unit != "percent"
        and (s.section, s.start) < (share.section, share.start) and s.year in (None, reading.year)
    ]  # fmt: skip
    if wholes:
        return wholes[-1].value
    for key in cells_of(reading, share.of or ""):
        figure = reading.cells.get(key)
        if figure is not None and figure.state is State.NUMBER and figure.confidence == 1:
            return figure.value
    return None


_NAMED = re.compile(r"占[^,，。;；:：\d%％]{0,16}(?:收到|申请|受理|答复|办结|办理)[^,，。;；:：\d%％]{0,8}$")
# 占全市总数的3.5%: of what others have too, which no figure of this report is.
_ELSEWHERE = re.compile(r"占\D{0,6}(?:全[国省市区县州盟旗镇乡街局系]|辖区|各级|同类)[^,，。;；:：\d%％]{0,12}$")
_REQUESTS = ("received", "handled_total")


def _other_wholes(reading: Reading, share: Statement) -> Iterator[Number]:
    """What else a share may be of that does not name its whole (占48.8%): the counts before it in its sentence, and of
    requests those received, those handled, and all that there were to handle."""
    before = _before(reading, share)
    if _NAMED.search(before):
        return
    for found in COUNT.finditer(before):
        if number := Decimal(found.group(1).replace(",", "")):
            yield number
    if share.of not in _REQUESTS:
        return
    figures = (reading.cells.get(("requests", row, "total")) for row in (*_REQUESTS, "carried_in"))
    received, handled, carried_in = (f.value if f is not None and f.confidence == 1 else None for f in figures)
    yield from filter(None, (received, handled))
    if received and carried_in:
        yield received + carried_in


def _share(reading: Reading, share: Statement, part: Number, whole: Number, place: tuple[str, ...]) -> Verdict:
    stated = Decimal(share.value)
    printed = re.search(r"\d+(?:\.(\d+))?", text_of(reading, share)[share.start : share.end])
    digits = len(printed.group(1) or "") if printed else places(share.value)
    step = Decimal(1).scaleb(-digits)
    exact = Decimal(part) * 100 / Decimal(whole)
    rounded = abs(exact - stated) <= step / 2
    cut = exact.quantize(step, rounding=ROUND_DOWN) == stated
    shown = show(exact.quantize(step / 1000).normalize())
    formula = f"{show(part)} / {show(whole)} = {shown}% {'≈' if rounded else '≠'} {show(share.value)}%"
    how_zh, how_en = ("系舍去尾数而非四舍五入", "cut off, not rounded") if cut else ("不相符", "they do not agree")
    if rounded:
        how_zh, how_en = "相符", "they agree"
    return Verdict(
        Outcome.PASS if rounded else Outcome.FAIL,
        place,
        f"文中占比为 {show(share.value)}%，而 {show(part)}/{show(whole)} 为 {shown}%，{how_zh}。",
        f"The text states {show(share.value)}% where {show(part)}/{show(whole)} is {shown}%: {how_en}.",
        passages=passages_of(reading, [share]),
        formula=formula,
        severity=Severity.NOTICE if cut and not rounded else None,
    )


# Parts that exclude one another: their stated numbers cannot come to more than the whole they are said to be of.
_DISJOINT: tuple[frozenset[str], ...] = (
    frozenset({"requests.in_person", "requests.fax", "requests.online", "requests.letter"}),
    frozenset({*cases.HANDLED, *cases.OTHER_2019, *cases.OTHER_2021}),
    frozenset({"completed.on_time", "completed.extended"}),
    frozenset({"staff.full_time", "staff.part_time"}),
)


def parts(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Parts stated of a whole in one sentence do not come to more than it; fewer may be a list cut short."""
    reading = subject.reading
    groups: dict[tuple[int, str, str, int], list[Statement]] = defaultdict(list)
    for s in reading.report.statements:
        family = next((i for i, codes in enumerate(_DISJOINT) if s.what in codes), None)
        if s.of is not None and family is not None and s.qualifier == "exact" and s.unit != "percent":
            groups[(s.section, s.sentence, s.of, family)].append(s)
    count: dict[int, int] = defaultdict(int)
    for (section, _, of, _), group in groups.items():
        codes = {s.what for s in group}
        wholes = [
            s for s in reading.report.statements
            if s.what == of and s.of is None and s.qualifier == "exact"
            and (s.section, s.start) < (section, group[0].start)
        ]  # fmt: skip
        if len(codes) < 2 or len(codes) != len(group) or not wholes:
            continue
        count[section] += 1
        total: Number = 0
        for s in group:
            total += s.value
        whole = wholes[-1].value
        fails = total > whole
        text = " + ".join(show(s.value) for s in group)
        formula = f"{text} = {show(total)} {'>' if fails else '<=' if total < whole else '='} {show(whole)}"
        yield Verdict(
            Outcome.FAIL if fails else Outcome.PASS,
            ("text", f"section{section}", "sum", str(count[section])),
            f"文中各分项之和为 {text} = {show(total)}，总数为 {show(whole)}" + ("，分项超过总数。" if fails else "。"),
            f"The parts stated come to {text} = {show(total)} of {show(whole)}"
            + (", more than their whole." if fails else "."),
            passages=passages_of(reading, group),
            formula=formula,
        )


_SHARE = (("received", 154, "件", None), ("share", Decimal("3.2"), "percent", "received"))
_WRONG = (("received", 154, "件", None), ("share", Decimal("5.2"), "percent", "received"))
_PARTS = (("requests.letter", 3, "件", "received"), ("requests.online", 2, "件", "received"))
RULES: tuple[Rule, ...] = (
    Rule(
        id="narrative_arithmetic.share",
        family="narrative_arithmetic",
        severity=Severity.WARNING,
        title_zh="文中百分比成立",
        title_en="Percentages of the text hold",
        formula="share = part / whole, rounded to the places stated",
        note_zh="容许末位数字的一半；符合舍去尾数而不符合四舍五入的，只作提示。",
        note_en="Half a unit of the last place is allowed; a share that fits only when cut off is a notice.",
        basis=bases.OWN_FIGURES,
        judge=shares,
        sound=(cases.filing(**case("收到154件，其中网络5件，占3.2%。", *_SHARE)),),  # type: ignore[arg-type]
        broken=(cases.filing(**case("收到154件，其中网络5件，占5.2%。", *_WRONG)),),  # type: ignore[arg-type]
    ),
    Rule(
        id="narrative_arithmetic.parts",
        family="narrative_arithmetic",
        severity=Severity.WARNING,
        title_zh="文中分项之和不超过总数",
        title_en="Parts stated in the text do not exceed their whole",
        formula="sum of parts <= whole",
        basis=bases.OWN_FIGURES,
        judge=parts,
        sound=(cases.filing(**case("收到5件，信函3件，网络2件。", ("received", 5, "件", None), *_PARTS)),),  # type: ignore[arg-type]
        broken=(cases.filing(**case("收到4件，信函3件，网络2件。", ("received", 4, "件", None), *_PARTS)),),  # type: ignore[arg-type]
    ),
)
