"""Text against tables, and the text's own arithmetic, from the typed statements (domain section 4).

A statement is compared only if it is of the report year, of the body's own scope and exact; its subject is the code
the reader gave it. What a sentence says narrower than the table's row is told in the message.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from monitor.model import Outcome, Passage, Severity
from monitor.rules import cases, labels
from monitor.rules.arithmetic import FORM_60
from monitor.rules.engine import Gap, Key, Reading, Rule, Subject, Verdict, show, unassessable
from parsers.model import Generation, Number, Responsibility, Section, State, Statement

SCOPES = ("own", "unknown")
_MONEY = "amount_10k_yuan"

# Other codes by which a statement may speak of a cell of the 2019 and 2021 forms.
_ALIASES: Mapping[str, tuple[Key, ...]] = {
    "requests.received": (("requests", "received", "total"),),
    "completed.total": (("requests", "handled_total", "total"),),
    "replied.total": (("requests", "handled_total", "total"),),
    "replied.granted": (("requests", "granted", "total"),),
    "replied.granted_in_part": (("requests", "granted_in_part", "total"),),
    "reconsideration.total": (("disputes", "reconsideration", "total"),),
    "reconsideration.upheld": (("disputes", "reconsideration", "upheld"),),
    "reconsideration.corrected": (("disputes", "reconsideration", "corrected"),),
    "litigation.total": (
        ("disputes", "litigation_direct", "total"),
        ("disputes", "litigation_after_reconsideration", "total"),
    ),
    "litigation": (
        ("disputes", "litigation_direct", "total"),
        ("disputes", "litigation_after_reconsideration", "total"),
    ),
    "fees": (("proactive", "fees", _MONEY),),
    "procurement": (("proactive", "procurement", "projects"),),
}
_ISSUED = {Generation.FORM_2019: "made", Generation.FORM_2021: "issued"}
# Words that make a statement narrower than the row it is filed under: found / missing -> what it leaves out.
_NARROWER: tuple[tuple[str, str, str, tuple[str, str]], ...] = (
    ("response.weibo_wechat", "微信", "微博", ("文中只说微信，表中为微博和微信", "the text speaks of WeChat alone")),
    ("response.weibo_wechat", "微博", "微信", ("文中只说微博，表中为微博和微信", "the text speaks of Weibo alone")),
)


def cells_of(reading: Reading, what: str) -> tuple[Key, ...]:
    """The cells whose sum a statement's code speaks of in this report; () if no table of it has any."""
    if "indicators" in reading.tables:
        code = {"disclosed": "disclosed.total", "received": "requests.received"}.get(what, what)
        return (("indicators", code, "value"),) if code in labels.INDICATORS else ()
    if what in _ALIASES:
        return _ALIASES[what]
    table, row, column = "requests", what, "total"
    if (table, row, column) in reading.cells:
        return ((table, row, column),)
    if what in labels.PROCEEDINGS:
        return (("disputes", what, "total"),)
    row, _, measure = what.partition(".")
    if what == "issued.normative_documents":
        row, measure = "normative_documents", ""
    form = reading.forms.get("proactive")
    if form is None or row not in cases.measures(form):
        return ()
    asked = cases.measures(form)[row]
    if not measure:
        measure = "decisions" if "decisions" in asked else _ISSUED.get(form, "")
    return (("proactive", row, measure),) if measure in asked else ()


def _comparable(reading: Reading, statement: Statement) -> bool:
    return (
        statement.scope in SCOPES
        and statement.year in (None, reading.year)
        and statement.qualifier in ("exact", "none")
        and statement.of is None
        and statement.what not in ("share",)
    )


def narrative_table(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Each sentence's figures of one subject equal the table's: one of them, or their sum."""
    reading = subject.reading
    groups: dict[tuple[int, str, str], list[Statement]] = defaultdict(list)
    for statement in reading.report.statements:
        if _comparable(reading, statement) and cells_of(reading, statement.what):
            groups[(statement.section, statement.sentence, statement.what)].append(statement)
    count: dict[tuple[int, str], int] = defaultdict(int)
    for (section, _, what), group in groups.items():
        keys = cells_of(reading, what)
        count[(section, what)] += 1
        place = (*keys[0], f"section{section}", str(count[(section, what)]))
        try:
            figures = [reading.figure(key) for key in keys]
            printed: Number = 0
            for key in keys:
                printed += reading.value(key)
        except Gap as gap:
            yield unassessable(place, gap, passages=_passages(reading, group))
            continue
        in_table = Side(printed, keys, min(f.confidence for f in figures))
        yield _against_table(reading, group, in_table, place)


@dataclass(frozen=True, slots=True)
class Side:
    """What the table says: the value, the cells it stands in, and how surely they were read."""

    value: Number
    keys: tuple[Key, ...]
    confidence: float


def _against_table(reading: Reading, group: Sequence[Statement], table: Side, place: tuple[str, ...]) -> Verdict:
    values = [_in_unit(s, table.keys[0]) for s in group]
    total: Number = 0
    for value in values:
        total += value
    money = table.keys[0][2] == _MONEY or table.keys[0][1].endswith(_MONEY)
    holds = any(_same(value, table.value, money) for value in (*values, total))
    parts = " + ".join(show(v) for v in values)
    stated = f"{parts} = {show(total)}" if len(values) > 1 else parts
    key = table.keys[0]
    zh, en = labels.cell(*key) if len(table.keys) == 1 else ("“行政诉讼”", "“litigation”")
    passages = _passages(reading, group)
    cells = tuple(reading.ref(reading.figure(k)) for k in table.keys)
    sentence = _short(group[0].sentence)
    if holds:
        return Verdict(
            Outcome.PASS if table.value else Outcome.PASS_TRIVIALLY,
            place,
            f"文中与表中的{zh}相符（{show(table.value)}）。",
            f"Text and table agree on {en} ({show(table.value)}).",
            cells=cells,
            passages=passages,
            formula=f"{stated} = {show(table.value)}" if len(values) == 1 else stated,
        )
    if table.confidence < 1:
        return unassessable(place, Gap("uncertain_cell", Responsibility.READER), cells=cells, passages=passages)
    narrower = next(
        (said for what, has, lacks, said in _NARROWER
         if what == group[0].what and has in group[0].sentence and lacks not in group[0].sentence),
        ("", ""),
    )  # fmt: skip
    return Verdict(
        Outcome.FAIL,
        place,
        f"{zh}：文中为 {stated}，表中为 {show(table.value)}"
        + (f"（{narrower[0]}）" if narrower[0] else "")
        + f"。原文：“{sentence}”。",
        f"{en}: {stated} in the text against {show(table.value)} in the table"
        + (f" ({narrower[1]})" if narrower[1] else "")
        + f". The sentence: “{sentence}”.",
        cells=cells,
        passages=passages,
        formula=f"{stated} ≠ {show(table.value)}",
    )


def _in_unit(statement: Statement, key: Key) -> Number:
    if statement.unit == "yuan" and (key[2] == _MONEY or key[1].endswith(_MONEY)):
        return Decimal(statement.value) / 10000
    return statement.value


def _same(stated: Number, printed: Number, money: bool) -> bool:
    """Equal; an amount also if it is the table's, rounded or cut to the places stated."""
    if stated == printed or not money:
        return stated == printed
    step = Decimal(1).scaleb(-places(stated))
    exact = Decimal(printed)
    return abs(exact - stated) <= step / 2 or exact.quantize(step, rounding=ROUND_DOWN) == stated


def places(value: Number) -> int:
    """How many decimal places a number was stated with."""
    if isinstance(value, int):
        return 0
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _text(reading: Reading, section: int) -> str:
    if section == 0:
        return reading.report.preamble
    return next((s.text for s in reading.report.sections if s.number == section), "")


def _passages(reading: Reading, group: Sequence[Statement]) -> tuple[Passage, ...]:
    """The sentence as it stands in its section, else the figures alone."""
    first = group[0]
    text = _text(reading, first.section)
    at = text.rfind(first.sentence, 0, first.end + len(first.sentence))
    if first.sentence and at >= 0:
        return (Passage(first.section, at, at + len(first.sentence), first.sentence),)
    return tuple(Passage(s.section, s.start, s.end, text[s.start : s.end] or s.sentence) for s in group)


def _short(sentence: str) -> str:
    plain = re.sub(r"\s+", " ", sentence).strip().rstrip("。；;")
    return plain if len(plain) <= 80 else plain[:78] + "……"


_COUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(?:条|件|次|篇|人次|人|项|个|份|起|宗)")


def shares(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """A percentage stated beside its part equals part / whole, rounded; cut off instead of rounded is a notice."""
    reading = subject.reading
    count: dict[int, int] = defaultdict(int)
    for share in reading.report.statements:
        if share.what != "share" or share.qualifier != "exact" or share.of is None:
            continue
        part, whole = _part_of(reading, share), _whole_of(reading, share)
        if part is None or not whole:
            continue
        count[share.section] += 1
        place = ("text", f"section{share.section}", "share", str(count[share.section]))
        yield _share(reading, share, part, whole, place)


def _part_of(reading: Reading, share: Statement) -> Number | None:
    """The figure the share is said of: the last count before it in its own sentence, else None."""
    text = _text(reading, share.section)
    start = max(0, text.rfind(share.sentence, 0, share.end + len(share.sentence)))
    before = text[start : share.start]
    found = list(_COUNT.finditer(before))
    if not found or "%" in before[found[-1].end() :] or re.search(r"[。；;]", before[found[-1].end() :]):
        return None
    number = Decimal(found[-1].group(1).replace(",", ""))
    return int(number) if number == number.to_integral_value() else number


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
        if figure is not None and figure.state is State.NUMBER:
            return figure.value
    return None


def _share(reading: Reading, share: Statement, part: Number, whole: Number, place: tuple[str, ...]) -> Verdict:
    stated = Decimal(share.value)
    printed = re.search(r"\d+(?:\.(\d+))?", _text(reading, share.section)[share.start : share.end])
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
        passages=_passages(reading, [share]),
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
            passages=_passages(reading, group),
            formula=formula,
        )


def _case(text: str, *found: tuple[str, Number, str, str | None]) -> dict[str, object]:
    """Section one with a text, and statements at the places where their figures stand."""
    statements = []
    at = 0
    for what, value, unit, of in found:
        at = text.index(show(value), at)
        end = at + len(show(value))
        statements.append(Statement(what, value, unit, 1, at, end, text, of=of, scope="own"))
        at = end
    return {"parts": [Section(1, cases.HEADINGS[0], text)], "statements": statements}


_SHARE = (("received", 154, "件", None), ("share", Decimal("3.2"), "percent", "received"))
_WRONG = (("received", 154, "件", None), ("share", Decimal("5.2"), "percent", "received"))
_PARTS = (("requests.letter", 3, "件", "received"), ("requests.online", 2, "件", "received"))
RULES: tuple[Rule, ...] = (
    Rule(
        id="narrative_table",
        family="narrative_table",
        severity=Severity.WARNING,
        title_zh="文中数字与表中一致",
        title_en="Figures of the text equal those of the tables",
        formula="statement(what) = cell(what)",
        basis=FORM_60,
        judge=narrative_table,
        sound=(cases.filing(cases.requests(), **_case("收到申请6件。", ("received", 6, "件", None))),),  # type: ignore[arg-type]
        broken=(cases.filing(cases.requests(), **_case("收到申请8件。", ("received", 8, "件", None))),),  # type: ignore[arg-type]
    ),
    Rule(
        id="narrative_arithmetic.share",
        family="narrative_arithmetic",
        severity=Severity.WARNING,
        title_zh="文中百分比成立",
        title_en="Percentages of the text hold",
        formula="share = part / whole, rounded to the places stated",
        basis="报告自身所载数字",
        judge=shares,
        sound=(cases.filing(**_case("收到154件，其中网络5件，占3.2%。", *_SHARE)),),  # type: ignore[arg-type]
        broken=(cases.filing(**_case("收到154件，其中网络5件，占5.2%。", *_WRONG)),),  # type: ignore[arg-type]
    ),
    Rule(
        id="narrative_arithmetic.parts",
        family="narrative_arithmetic",
        severity=Severity.WARNING,
        title_zh="文中分项之和不超过总数",
        title_en="Parts stated in the text do not exceed their whole",
        formula="sum of parts <= whole",
        basis="报告自身所载数字",
        judge=parts,
        sound=(cases.filing(**_case("收到5件，信函3件，网络2件。", ("received", 5, "件", None), *_PARTS)),),  # type: ignore[arg-type]
        broken=(cases.filing(**_case("收到4件，信函3件，网络2件。", ("received", 4, "件", None), *_PARTS)),),  # type: ignore[arg-type]
    ),
)
