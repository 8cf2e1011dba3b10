"""Text against tables, from the typed statements (domain section 4).

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
from monitor.rules import bases, cases, labels
from monitor.rules.engine import Gap, Key, Reading, Rule, Subject, Verdict, show, unassessable
from parsers.model import Generation, Number, Responsibility, Section, Statement
from registry.model import Kind

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
_REQUEST_CODES = (*cases.HANDLED, *cases.OTHER_2021)
_ISSUED = {Generation.FORM_2019: "made", Generation.FORM_2021: "issued"}
# Words that make a statement narrower than the row it is filed under: found / missing -> what it leaves out.
_NARROWER: tuple[tuple[str, str, str, tuple[str, str]], ...] = (
    ("response.weibo_wechat", "微信", "微博", ("文中只说微信，表中为微博和微信", "the text speaks of WeChat alone")),
    ("response.weibo_wechat", "微博", "微信", ("文中只说微博，表中为微博和微信", "the text speaks of Weibo alone")),
)


COUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(?:条|件|次|篇|人次|人|项|个|份|起|宗)")
# What a body counts in one place and leaves out in another: 收到13件，其中1件撤回; 521件，其中不予许可1件.
_RECKONED_APART = re.compile(
    r"撤[回销件]|退[回件]|转[办送交为至信]|移[送交]|[剔扣]除|除去|重复|[无有]效|实际|合并|并案|不属|不是|非政府信息|作废|终止|放弃|不予|咨询"
    r"|计入|结转|含|包括"
)

# 公文属性：主动公开12件，依申请公开34件，不予公开40件: the marks a body gives its own documents as they are made.
_MARKED = re.compile(
    r"公开属性|(?:(?:主动|依申请|不予)公开[^\d。；，、]{0,8}\d+\s*[件份条个](?:[（(][^）)]*[）)])?[，、,；;和及\s]*){3}"
)


def cells_of(reading: Reading, what: str) -> tuple[Key, ...]:
    """The cells whose sum a statement's code speaks of in this report; () if no table of it has any."""
    if "indicators" in reading.tables:
        code = {"disclosed": "disclosed.total", "received": "requests.received"}.get(what, what)
        return (("indicators", code, "value"),) if code in labels.INDICATORS else ()
    if what in _ALIASES:
        return _ALIASES[what]
    row = ("requests", what, "total")
    if row in reading.cells:
        return (row,)
    group = tuple(("requests", code, "total") for code in _REQUEST_CODES if code.startswith(what + "."))
    if group:
        return tuple(key for key in group if key in reading.cells)
    if what in labels.PROCEEDINGS:
        return (("disputes", what, "total"),)
    name, _, measure = what.partition(".")
    if what == "issued.normative_documents":
        name, measure = "normative_documents", ""
    form = reading.forms.get("proactive")
    if form is None or name not in cases.measures(form):
        return ()
    asked = cases.measures(form)[name]
    if not measure:
        measure = "decisions" if "decisions" in asked else _ISSUED.get(form, "")
    return (("proactive", name, measure),) if measure in asked else ()


def _comparable(reading: Reading, statement: Statement) -> bool:
    return (
        statement.scope in SCOPES
        and statement.year in (None, reading.year)
        and statement.qualifier in ("exact", "none")
        and statement.of is None
        and statement.what not in ("share",)
        and not (statement.what == "granted" and "同意公开" in statement.sentence)  # wholly or in part
    )


def _counts_times(reading: Reading, statement: Statement) -> bool:
    """收到申请14件次: times, of which one application can make several."""
    return re.match(r"\s*[件份条]次", text_of(reading, statement)[statement.end :]) is not None


def narrative_table(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Each sentence's figures of one subject equal the table's: one of them, or their sum."""
    reading = subject.reading
    groups: dict[tuple[int, str, str], list[Statement]] = defaultdict(list)
    for statement in reading.report.statements:
        if _comparable(reading, statement) and cells_of(reading, statement.what):
            groups[(statement.section, statement.sentence, statement.what)].append(statement)
    count: dict[tuple[int, str], int] = defaultdict(int)
    stated: dict[str, set[Number]] = defaultdict(set)
    for (_, _, what), group in groups.items():
        stated[what].update(s.value for s in group)
    carried = {(s.section, s.sentence, s.of) for s in reading.report.statements if s.what == "carried_in" and s.of}
    for (section, sentence, what), group in groups.items():
        keys = cells_of(reading, what)
        count[(section, what)] += 1
        place = (*keys[0], f"section{section}", str(count[(section, what)]))
        try:
            figures = [reading.figure(key) for key in keys]
            printed: Number = 0
            for key in keys:
                printed += reading.value(key)
        except Gap as gap:
            yield unassessable(place, gap, passages=passages_of(reading, group))
            continue
        if (section, sentence, what) in carried:  # 受理14件，其中上年结转2件: more than the row of those received
            yield unassessable(place, Gap("part_or_whole", Responsibility.READER), passages=passages_of(reading, group))
            continue
        in_table = Side(printed, keys, min(f.confidence for f in figures))
        verdict = _against_table(reading, group, in_table, place)
        if verdict.outcome is Outcome.FAIL and keys[0][0] != "indicators" and printed in stated[what]:
            # The whole is stated rightly elsewhere: what differs here may be a part of it, told in other words.
            yield unassessable(place, Gap("part_or_whole", Responsibility.READER), cells=verdict.cells)
            continue
        doubt = _innocent(reading, group, printed) if verdict.outcome is Outcome.FAIL else ""
        if doubt:
            more = {"cells": verdict.cells, "passages": verdict.passages}
            verdict = unassessable(place, Gap(doubt, Responsibility.READER), **more)
        yield verdict


def _innocent(reading: Reading, group: Sequence[Statement], printed: Number) -> str:
    """The reason for which a figure that is not the table's contradicts nobody, '' if there is none."""
    stated = sum(s.value for s in group)
    # A government's tables may count its departments too, of which the sentence says that it leaves them out.
    if reading.kind is Kind.GOVERNMENT and "本级" in group[0].sentence and stated < printed:
        return "other_scope"
    if any(_counts_times(reading, s) for s in group):
        return "counted_in_times"
    if group[0].what.endswith("refused") and _MARKED.search(group[0].sentence):
        return "other_subject"
    if group[0].what.startswith("channel.") and "政府信息" not in group[0].sentence:
        return "other_subject"  # 微信推送信息280条: all that was sent, of which the table counts government information
    if _is_part(group, printed):
        return "part_or_whole"
    return "difference_told" if _difference_told(reading, group, printed) else ""


def _is_part(group: Sequence[Statement], printed: Number) -> bool:
    """Whether the sentence sums its figures up to the table's (图解3个、文字解读9篇，共12篇), names a special kind, or
    gives them as a part of something else (发布信息1600条，其中属于政府信息600条).
    """
    sentence = group[0].sentence
    if re.search(rf"(?:共|合计|总计)[^\d。；]{{0,4}}{printed}(?![\d.])", sentence) or "专题" in sentence:
        return True
    return any(re.search(rf"\d\s*[条件][^。；]{{0,4}}其中[^。；\d]{{0,16}}{s.value}(?![\d.])", sentence) for s in group)


def _difference_told(reading: Reading, group: Sequence[Statement], printed: Number) -> bool:
    """Whether the sentence counts apart just what text and table differ by, or what another office adds to it."""
    sentence = group[0].sentence
    stated = sum(s.value for s in group)
    others = [
        s.value for s in reading.report.statements
        if (s.section, s.sentence, s.what) == (group[0].section, sentence, group[0].what) and s.scope not in SCOPES
    ]  # fmt: skip
    if others and stated + sum(others) == printed:
        return True
    if not _RECKONED_APART.search(sentence):
        return False
    counts = [Decimal(found.group(1).replace(",", "")) for found in COUNT.finditer(sentence)]
    for s in group:
        if s.value in counts:
            counts.remove(Decimal(s.value))
    return any(abs(s.value - printed) in counts for s in group) or abs(stated - printed) in counts


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
    zh, en = labels.cell(*key) if len(table.keys) == 1 else _group_name(group[0].what)
    passages = passages_of(reading, group)
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


_GROUPS = {
    "litigation": ("行政诉讼", "litigation"),
    "refused": ("不予公开", "refused"),
    "unable": ("无法提供", "unable to provide"),
    "not_processed": ("不予处理", "not processed"),
    "other_handling": ("其他处理", "other handling"),
}


def _group_name(what: str) -> tuple[str, str]:
    zh, en = _GROUPS.get(what.partition(".")[0], (what, what))
    return f"“{zh}”各行之和", f"“{en}” (its rows together)"


def _in_unit(statement: Statement, key: Key) -> Number:
    if statement.unit == "yuan" and (key[2] == _MONEY or key[1].endswith(_MONEY)):
        return Decimal(statement.value) / 10000
    return statement.value


def _same(stated: Number, printed: Number, money: bool) -> bool:
    """Equal; an amount also if one of them is the other, rounded or cut to its places."""
    if stated == printed or not money:
        return stated == printed
    shorter, longer = sorted((Decimal(stated), Decimal(printed)), key=places)
    step = Decimal(1).scaleb(-places(shorter))
    return abs(longer - shorter) <= step / 2 or longer.quantize(step, rounding=ROUND_DOWN) == shorter


def places(value: Number) -> int:
    """How many decimal places a number was stated with."""
    if isinstance(value, int):
        return 0
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def text_of(reading: Reading, said: Statement) -> str:
    """The text of the section a statement stands in; of sections that share a number, the one that holds it."""
    if said.section == 0:
        return reading.report.preamble
    found = [s.text for s in reading.report.sections if s.number == said.section]
    return next((text for text in found if said.sentence in text), found[0] if found else "")


def passages_of(reading: Reading, group: Sequence[Statement]) -> tuple[Passage, ...]:
    """The sentence as it stands in its section, else the figures alone."""
    first = group[0]
    text = text_of(reading, first)
    at = text.rfind(first.sentence, 0, first.start + len(first.sentence))
    if first.sentence and at >= 0:
        return (Passage(first.section, at, at + len(first.sentence), first.sentence),)
    return tuple(Passage(s.section, s.start, s.end, text[s.start : s.end] or s.sentence) for s in group)


def _short(sentence: str) -> str:
    plain = re.sub(r"\s+", " ", sentence).strip().rstrip("。；;")
    return plain if len(plain) <= 80 else plain[:78] + "……"


def case(text: str, *found: tuple[str, Number, str, str | None]) -> dict[str, object]:
    """Section one with a text, and statements at the places where their figures stand."""
    statements = []
    at = 0
    for what, value, unit, of in found:
        at = text.index(show(value), at)
        end = at + len(show(value))
        statements.append(Statement(what, value, unit, 1, at, end, text, of=of, scope="own"))
        at = end
    return {"parts": [Section(1, cases.HEADINGS[0], text)], "statements": statements}


RULES: tuple[Rule, ...] = (
    Rule(
        id="narrative_table",
        family="narrative_table",
        severity=Severity.WARNING,
        title_zh="文中数字与表中一致",
        title_en="Figures of the text equal those of the tables",
        formula="statement(what) = cell(what)",
        note_zh="只比较主语和范围与表相同、数字确切的句子；金额只要一方是另一方四舍五入或舍去尾数即视为相符。",
        note_en="Only sentences of the table's subject and scope with an exact figure are compared; an amount agrees "
        "where one is the other rounded or cut to its places.",
        basis=bases.FORMS,
        judge=narrative_table,
        sound=(cases.filing(cases.requests(), **case("收到申请6件。", ("received", 6, "件", None))),),  # type: ignore[arg-type]
        broken=(cases.filing(cases.requests(), **case("收到申请8件。", ("received", 8, "件", None))),),  # type: ignore[arg-type]
    ),
)
