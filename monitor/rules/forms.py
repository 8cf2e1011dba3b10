"""Form: generations of the tables, the sections of the report, instructions left in the text (domain sections 2, 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.model import Outcome, Passage, Severity
from monitor.rules import bases, cases, labels
from monitor.rules.engine import Gap, Reading, Rule, Subject, Verdict, unassessable
from parsers.model import Generation, Responsibility, Section

JUDGED_TABLES = ("proactive", "requests", "indicators")  # disputes are the same in 2019 and 2021
GENERATIONS: dict[Generation, tuple[str, str]] = {
    Generation.PRE2019: ("2019年以前的统计表", "the pre-2019 sheet"),
    Generation.FORM_2019: ("2019年版", "the form of 2019"),
    Generation.FORM_2021: ("2021年版", "the form of 2021"),
}


def wrong_generations(reading: Reading) -> dict[str, Generation]:
    """The tables that are not of the generation in force for the report year; disputes are never judged."""
    expected = cases.in_force_form(reading.year)
    return {t: g for t, g in reading.forms.items() if t in JUDGED_TABLES and g is not expected}


def wholly_wrong(reading: Reading) -> bool:
    """True if every judged table is of a wrong generation, and one and the same."""
    judged = [t for t in reading.forms if t in JUDGED_TABLES]
    wrong = wrong_generations(reading)
    return bool(judged) and len(wrong) == len(judged) and len(set(wrong.values())) == 1


def form_generation(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Each table is of the generation in force for the report year; a whole report in the wrong one gets this once."""
    reading = subject.reading
    expected = cases.in_force_form(reading.year)
    due_zh, due_en = GENERATIONS[expected]
    judged = [t for t in JUDGED_TABLES if t in reading.forms]
    if not judged:
        yield unassessable(("report",), Gap("no_such_table", reading.blame()))
        return
    wrong = wrong_generations(reading)
    if wholly_wrong(reading):
        used_zh, used_en = GENERATIONS[next(iter(wrong.values()))]
        yield Verdict(
            Outcome.FAIL,
            ("report",),
            f"{reading.year}年报告全文使用{used_zh}格式，应使用{due_zh}格式。",
            f"The whole report of {reading.year} uses {used_en}; {due_en} is in force for that year.",
            formula=f"{next(iter(wrong.values())).value} ≠ {expected.value}",
        )
        return
    for table in judged:
        zh, en = labels.table(table)
        used = reading.forms[table]
        used_zh, used_en = GENERATIONS[used]
        fails = table in wrong
        yield Verdict(
            Outcome.FAIL if fails else Outcome.PASS,
            (table,),
            f"{zh}为{used_zh}格式" + (f"，{reading.year}年应使用{due_zh}格式。" if fails else "，与报告年度相符。"),
            f"The {en} is in {used_en}"
            + (f"; {due_en} is in force for {reading.year}." if fails else ", which is in force for the report year."),
            formula=f"{used.value} {'≠' if fails else '='} {expected.value}",
        )


# What a heading of each section must hold to be taken for it, whatever its number.
_TOPICS: dict[int, re.Pattern[str]] = {
    1: re.compile(r"总体情况|基本情况|概述|概况"),
    2: re.compile(r"主动公开"),
    3: re.compile(r"申请"),
    4: re.compile(r"复议|诉讼"),
    5: re.compile(r"问题|改进"),
    6: re.compile(r"其他需要|其它需要|需要报告|其他事项|其它事项"),
}
_TABLE_OF = {2: "proactive", 3: "requests", 4: "disputes"}
_NUMERALS = "〇一二三四五六"


def _sections(reading: Reading) -> dict[int, list[tuple[int, Section]]]:
    """The statutory sections found, each with its position: by topic first, then by number."""
    found: dict[int, list[tuple[int, Section]]] = {n: [] for n in _TOPICS}
    for position, section in enumerate(reading.report.sections):
        topics = [n for n, topic in _TOPICS.items() if topic.search(section.heading)]
        if section.number in topics or (section.number in _TOPICS and not topics):
            number = section.number
        elif len(topics) == 1 or (section.number is None and topics):
            number = topics[0]
        else:
            continue
        if number is not None:
            found[number].append((position, section))
    return found


def form_section(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """The six sections are all there, once, in order and not empty. Says nothing of a wholly wrong generation."""
    reading = subject.reading
    if wholly_wrong(reading):
        return
    found = _sections(reading)
    if not any(found.values()):
        yield unassessable(("sections",), Gap("no_sections", reading.blame()))
        return
    fine = True
    for number, hits in found.items():
        for verdict in _one_section(reading, number, hits):
            fine = fine and verdict.outcome is not Outcome.FAIL
            yield verdict
    order = [number for _, number in sorted((hits[0][0], n) for n, hits in found.items() if hits)]
    if order != sorted(order):
        fine = False
        text = "".join(_NUMERALS[n] for n in order)
        yield Verdict(
            Outcome.FAIL,
            ("sections", "order"),
            f"各部分的次序为{'、'.join(text)}，与规定格式不符。",
            f"The sections stand in the order {', '.join(map(str, order))}, not that of the form.",
            formula=f"{order} ≠ {sorted(order)}",
        )
    if fine:
        yield Verdict(Outcome.PASS, ("sections",), "六个部分齐全、有序。", "All six sections are there, in order.")


def _heading(section: Section) -> Passage:
    """A heading as evidence: it stands in no section's text, so the passage has no section."""
    return Passage(None, 0, len(section.heading), section.heading)


def _one_section(reading: Reading, number: int, hits: list[tuple[int, Section]]) -> Iterator[Verdict]:
    place = ("section", str(number))
    heading = cases.HEADINGS[number - 1]
    table = _TABLE_OF.get(number)
    has_table = table in reading.tables
    if not hits:
        if has_table and table is not None:
            zh, en = f"（{labels.table(table)[0]}尚在）", f" (its {labels.table(table)[1]} is there)"
        else:
            zh, en = "", ""
        yield Verdict(
            Outcome.FAIL,
            place,
            f"未找到第{_NUMERALS[number]}部分的标题“{heading}”{zh}。",
            f"The heading of section {number}, “{heading}”, was not found{en}.",
        )
        return
    if len(hits) > 1:
        yield Verdict(
            Outcome.FAIL,
            (*place, "twice"),
            f"第{_NUMERALS[number]}部分“{hits[0][1].heading}”出现 {len(hits)} 次。",
            f"Section {number}, “{hits[0][1].heading}”, stands {len(hits)} times.",
            passages=tuple(_heading(s) for _, s in hits),
        )
    if has_table or any(section.text.strip() for _, section in hits):
        return
    if reading.blame() is not Responsibility.PUBLISHER or not reading.tables or reading.report.format == "sheet":
        # A section of pictures reads as empty: without a single table read, emptiness is no one's but ours to say. In a
        # spreadsheet a short line without a full stop is a cell like any other.
        yield unassessable((*place, "empty"), Gap("unread_section", Responsibility.READER))
        return
    yield Verdict(
        Outcome.FAIL,
        (*place, "empty"),
        f"第{_NUMERALS[number]}部分“{hits[0][1].heading}”没有内容。",
        f"Section {number}, “{hits[0][1].heading}”, is empty.",
        passages=(_heading(hits[0][1]),),
    )


INSTRUCTIONS = re.compile(
    r"要求数据真实[^。；;\n]{0,20}?与去年进行对比|要求数据真实|该部分以表格形式报告|(?:此|本)部分以表格形式(?:报告|反映|体现)"
    r"|(?:此处|在此处?)(?:填写|录入|输入)[^。\n]{0,12}|请(?:在此)?(?:填写|填报)[^。\n]{0,12}|(?:××|XX|xx|\*\*)(?:年|市|县|区|局|镇|乡|件|条)"
    r"|字数(?:控制|要求)在?[^。\n]{0,12}|(?:填表|填报)说明[:：]"
)


def leftover_instructions(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Instructions of the form that were left in the text; each section names its own."""
    report = subject.reading.report
    texts = [(0, report.preamble, True), *((s.number, s.text, True) for s in report.sections)]
    texts += [(s.number, s.heading, False) for s in report.sections]
    clean = True
    seen: dict[str, int] = {}
    for number, text, body in texts:
        for match in INSTRUCTIONS.finditer(text):
            clean = False
            where = str(number if number is not None else "-")
            seen[where] = seen.get(where, 0) + 1
            zh = f"第{number}部分" if number else "正文"
            en = f"section {number}" if number else "the text"
            yield Verdict(
                Outcome.FAIL,
                ("section", where, "instruction", *([str(seen[where])] if seen[where] > 1 else [])),
                f"{zh}留有格式的填写要求：“{match.group()}”。",
                f"An instruction of the form was left in {en}: “{match.group()}”.",
                passages=(Passage(number if body else None, match.start(), match.end(), match.group()),),
            )
    if clean:
        yield Verdict(Outcome.PASS, ("sections", "instruction"), "正文未见残留的填写要求。", "No instruction was left.")


RULES: tuple[Rule, ...] = (
    Rule(
        id="form_generation",
        family="form_generation",
        severity=Severity.NOTICE,
        title_zh="表格为报告年度所用格式",
        title_en="Tables are of the generation in force",
        formula="form(table) = form in force for the report year",
        basis=bases.FORMS_IN_FORCE,
        judge=form_generation,
        of_year=True,
        sound=(cases.filing(cases.requests()),),
        broken=(cases.filing(cases.requests(None, Generation.FORM_2019), 2023, form=Generation.FORM_2019),),
    ),
    Rule(
        id="form_section",
        family="form_section",
        severity=Severity.NOTICE,
        title_zh="六个部分齐全、有序、有内容",
        title_en="The six sections are there, once, in order, not empty",
        formula="sections = 1, 2, 3, 4, 5, 6",
        basis=bases.FORMS,
        judge=form_section,
        years_from=2019,
        sound=(
            cases.filing((*cases.proactive(), *cases.requests(), *cases.disputes()), parts=cases.sections()),
        ),
        broken=(
            cases.filing((*cases.proactive(), *cases.requests(), *cases.disputes()), parts=cases.sections({3: None})),
        ),
    ),
    Rule(
        id="form_section.instruction",
        family="form_section",
        severity=Severity.NOTICE,
        title_zh="没有残留的填写要求",
        title_en="No instruction of the form is left in the text",
        formula="instructions in text = none",
        basis=bases.FORMS,
        judge=leftover_instructions,
        sound=(cases.filing(cases.requests(), parts=cases.sections()),),
        broken=(
            cases.filing(cases.requests(), parts=cases.sections({1: "本部分要求数据真实、与去年进行对比。"})),
        ),
    ),
)
