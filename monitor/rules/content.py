"""Form and law within one report: what must be spoken of, blanks, years and periods, units (domain section 4)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from monitor import periods
from monitor.model import Outcome, Passage, Severity
from monitor.rules import bases, cases, labels
from monitor.rules.engine import Gap, Reading, Rule, Subject, Verdict, unassessable
from parsers.model import Figure, Generation, Responsibility, Section, State
from registry.model import Kind

NEW_FORMS = (Generation.FORM_2019, Generation.FORM_2021)


def texts(reading: Reading) -> list[tuple[int | None, str]]:
    """The running text of a reading by section, as `periods.texts`."""
    return periods.texts(reading.report)


def spoken_of(rule: Rule, subject: Subject, *, words: re.Pattern[str], zh: str, en: str) -> Iterator[Verdict]:
    """The words occur somewhere in the report. Says that they were not found, never that the thing was not done."""
    reading = subject.reading
    place = ("text", rule.id.rpartition(".")[2])
    written = [(n, t) for n, t in (*texts(reading), *((None, s.heading) for s in reading.report.sections)) if t]
    for number, text in written:
        match = words.search(text)
        if match:
            yield Verdict(
                Outcome.PASS,
                place,
                f"文中提到{zh}（“{match.group()}”）。",
                f"The text speaks of {en} (“{match.group()}”).",
                passages=(Passage(number, match.start(), match.end(), match.group()),),
            )
            return
    read = reading.report.sections and any(text.strip() for _, text in texts(reading))
    if reading.blame() is not Responsibility.PUBLISHER or not read:  # without chapters its text may stand elsewhere
        yield unassessable(place, Gap("unread_section", Responsibility.READER))
        return
    yield Verdict(
        Outcome.FAIL,
        place,
        f"全文未见{zh}的字样（查找：{words.pattern.replace('|', '、')}）。",
        f"The words for {en} were not found (looked for: {words.pattern.replace('|', ', ')}).",
    )


def form_blank(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """Per table: no blank or placeholder where the form asks for a number; whole rows and columns are named as such."""
    reading = subject.reading
    tables: dict[str, list[Figure]] = defaultdict(list)
    for figure in reading.report.figures:
        if figure.state is not State.ABSENT:
            tables[figure.table].append(figure)
    for table, figures in tables.items():
        empty = [f for f in figures if f.state in (State.BLANK, State.PLACEHOLDER)]
        zh, en = labels.table(table)
        if not empty:
            yield Verdict(Outcome.PASS, (table,), f"{zh}没有空格。", f"No blank cell in the {en}.")
            continue
        parts = _blank_parts(table, figures, empty)
        yield Verdict(
            Outcome.FAIL,
            (table,),
            f"{zh}有 {len(empty)} 格为空或为占位符，应填数字：{'；'.join(p[0] for p in parts)}。",
            f"{len(empty)} cells of the {en} are blank or hold a placeholder where the form asks for a number: "
            f"{'; '.join(p[1] for p in parts)}.",
            cells=tuple(reading.ref(f) for f in empty),
        )


def _blank_parts(table: str, figures: list[Figure], empty: list[Figure]) -> list[tuple[str, str]]:
    """The blanks in words: the whole table, whole columns, whole rows, then cells (at most five by name)."""
    if len(empty) == len(figures):
        return [("整张表", "the whole table")]
    left = {(f.row, f.column) for f in empty}
    cells = {(f.row, f.column) for f in figures}
    parts: list[tuple[str, str]] = []
    if table == "requests":
        for axis, name in ((1, labels.column), (0, partial(labels.row, table))):
            for code in dict.fromkeys(cell[axis] for cell in cells if cell in left):
                line = {cell for cell in cells if cell[axis] == code}
                if len(line) > 1 and line <= left:
                    zh, en = name(code)
                    parts.append((f"“{zh}”整{'列' if axis else '行'}", f"{'column' if axis else 'row'} “{en}”"))
                    left -= line
        parts.sort()
    named = [labels.cell(table, f.row, f.column) for f in empty if (f.row, f.column) in left]
    parts += [(zh, en) for zh, en in named[:5]]
    if len(named) > 5:
        parts.append((f"另 {len(named) - 5} 格", f"{len(named) - 5} more"))
    return parts


TITLE_YEAR = re.compile(r"(20\d\d)\s*年")


def title_year(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """The years that the title names are the report year."""
    reading = subject.reading
    title = reading.report.title or ""
    named = [int(match) for match in TITLE_YEAR.findall(title)]
    if not named:
        return
    right = reading.year in named
    yield Verdict(
        Outcome.PASS if right else Outcome.FAIL,
        ("title",),
        f"标题所载年度为{named[0]}年，报告年度为{reading.year}年。",
        f"The title names {named[0]}; the report is of {reading.year}.",
        passages=(Passage(None, 0, len(title), title),),
        formula=f"{named[0]} {'=' if right else '≠'} {reading.year}",
    )


def period(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """The statistics period stated in the text runs from 1 January to 31 December of the report year."""
    year = subject.reading.year
    stated = periods.stated_period(subject.reading.report)
    if stated is None:
        return
    right = stated.is_of(year)
    begin, end = stated.begin, stated.end
    yield Verdict(
        Outcome.PASS if right else Outcome.FAIL,
        ("period",),
        f"统计期限为{begin}至{end}" + ("。" if right else f"，与{year}年报告的1月1日至12月31日不符。"),
        f"The statistics period is {begin} to {end}"
        + ("." if right else f"; that of a report of {year} is {year}-01-01 to {year}-12-31."),
        passages=(Passage(stated.section, stated.start, stated.stop, stated.text),),
        formula=f"{begin}..{end} {'=' if right else '≠'} {year}-01-01..{year}-12-31",
    )


def text_year(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """A text that names years names the report year among them."""
    reading = subject.reading
    named = [(n, match) for n, text in texts(reading) for match in periods.YEAR.finditer(text)]
    years = sorted({int(match.group(1)) for _, match in named})
    if len(named) < periods.LEAST_YEARS:
        return
    right = reading.year in years
    listed = ", ".join(map(str, years))
    yield Verdict(
        Outcome.PASS if right else Outcome.FAIL,
        ("text", "year"),
        f"正文提到的年份为 {listed}" + ("，含报告年度。" if right else f"，从未提到报告年度{reading.year}年。"),
        f"The text names the years {listed}"
        + (", the report year among them." if right else f"; it never names {reading.year}, the report year."),
        passages=() if right else tuple(Passage(n, m.start(), m.end(), m.group()) for n, m in named[:5]),
        formula=f"{reading.year} {'in' if right else 'not in'} {{{listed}}}",
    )


OTHER_UNIT = re.compile(r"(?<![万亿])元|亿元?")


def form_unit(rule: Rule, subject: Subject) -> Iterator[Verdict]:
    """An amount is in 万元, the form's unit: a cell that names another unit was converted, and is told."""
    reading = subject.reading
    for key, figure in reading.cells.items():
        if key[2] != "amount_10k_yuan" and not key[1].endswith("amount_10k_yuan"):
            continue
        if figure.state is not State.NUMBER:
            continue
        other = OTHER_UNIT.search(figure.raw)
        zh, en = labels.cell(*key)
        yield Verdict(
            Outcome.FAIL if other else Outcome.PASS,
            key,
            f"{zh}印为“{figure.raw}”" + ("，格式的单位为万元。" if other else "，单位与格式一致。"),
            f"{en}: printed as “{figure.raw}”" + ("; the form's unit is 万元." if other else ", in the form's unit."),
            cells=(reading.ref(figure),),
        )


def _content_rule(name: str, words: str, zh: str, en: str, *, fee: bool = False) -> Rule:
    sound = cases.filing(cases.requests(), parts=cases.sections())
    broken = cases.filing(
        cases.requests(),
        parts=[Section(1, cases.HEADINGS[0], "本县认真做好工作。"), Section(6, cases.HEADINGS[5], "无。")],
    )
    return Rule(
        id=f"form_content.{name}",
        family="form_content",
        severity=Severity.NOTICE,
        title_zh=f"报告{zh}",
        title_en=f"The report speaks of {en}",
        formula=f"text contains {words.replace('|', ' / ')}",
        basis=bases.FORM_2021_SECTION_6 if fee else bases.ART_50,
        judge=partial(spoken_of, words=re.compile(words), zh=zh, en=en),
        generations=(Generation.FORM_2021,) if fee else NEW_FORMS,
        years_from=2021 if fee else 2019,
        kinds=() if fee else (Kind.GOVERNMENT, Kind.TOWNSHIP),
        sound=(sound,),
        broken=(broken,),
    )


def _money(raw: str) -> tuple[Figure, ...]:
    return (Figure("proactive", "fees", "amount_10k_yuan", raw, 25, State.NUMBER),)


RULES: tuple[Rule, ...] = (
    _content_rule("assessment", "考核|考评", "工作考核", "assessment (工作考核)"),
    _content_rule("review", "评议", "社会评议", "public review (社会评议)"),
    _content_rule("accountability", "责任追究|追究|追责|问责", "责任追究", "accountability (责任追究)"),
    _content_rule(
        "fees", "收费|处理费|收取|缴费|费用", "收取信息处理费情况", "fees for processing information", fee=True
    ),
    Rule(
        id="form_blank",
        family="form_blank",
        severity=Severity.NOTICE,
        title_zh="应填数字的格没有空白",
        title_en="No blank where the form asks for a number",
        formula="state(cell) = number",
        basis=bases.FORMS,
        judge=form_blank,
        sound=(cases.filing(cases.requests()),),
        broken=(cases.filing(cases.requests({("granted", "total"): None, ("received", "enterprise"): "/"})),),
    ),
    Rule(
        id="form_year.title",
        family="form_year",
        severity=Severity.NOTICE,
        title_zh="标题年度与报告年度一致",
        title_en="The title names the report year",
        formula="year(title) = report_year",
        basis=bases.FORMS,
        judge=title_year,
        of_year=True,
        sound=(cases.filing(cases.requests()),),
        broken=(cases.filing(cases.requests(), 2023, title="某某县人民政府2022年政府信息公开工作年度报告"),),
    ),
    Rule(
        id="form_year.text",
        family="form_year",
        severity=Severity.NOTICE,
        title_zh="正文提到报告年度",
        title_en="The text names the report year",
        formula="report_year in years(text)",
        basis=bases.FORMS,
        judge=text_year,
        of_year=True,
        sound=(cases.filing(cases.requests(), parts=[Section(1, cases.HEADINGS[0], "2023年。2022年。2023年。")]),),
        broken=(cases.filing(cases.requests(), parts=[Section(1, cases.HEADINGS[0], "2022年。2022年。2021年。")]),),
    ),
    Rule(
        id="form_year.period",
        family="form_year",
        severity=Severity.NOTICE,
        title_zh="统计期限为报告年度1月1日至12月31日",
        title_en="The statistics period is the report year",
        formula="period = report_year-01-01 .. report_year-12-31",
        basis=bases.FORMS,
        judge=period,
        of_year=True,
        sound=(cases.filing(cases.requests(), preamble="本报告数据统计期限为2023年1月1日至12月31日。"),),
        broken=(cases.filing(cases.requests(), preamble="本报告数据统计期限为2022年1月1日起至2022年12月31日止。"),),
    ),
    Rule(
        id="form_unit",
        family="form_unit",
        severity=Severity.NOTICE,
        title_zh="金额以万元为单位",
        title_en="Amounts are in 10,000 yuan",
        formula="unit(amount) = 万元",
        basis=bases.FORMS,
        judge=form_unit,
        sound=(cases.filing(_money("25万元")),),
        broken=(cases.filing(_money("250000元")),),
    ),
)
