"""Sound reports of three generations of the form, 6 years a body: nothing is held against them. 1,200 in campaigns."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest

from monitor.model import Filing, Finding, Outcome, Severity
from monitor.rules import cases, check, labels
from parsers.model import Figure, FoundDay, Generation, Number, Section, State, Statement
from registry.model import Body, Kind, Level, Registry

YEARS = range(2017, 2023)
MERGED = 2022
KINDS = (Kind.GOVERNMENT, Kind.DEPARTMENT, Kind.TOWNSHIP, Kind.SUBDISTRICT)
WORDS = "清单窗口企业群众咨询答复平台专栏更新培训街道社区走访台账整改督办反馈归档目录指南专人季度沟通回访宣讲"

# The shapes of sound reports that do give a warning, and the rule that gives it.
NAMED = {
    "lapsed": "in_force",  # documents lapse without being repealed: the message offers it
    "wechat_alone": "narrative_table",  # WeChat stated alone beside a row of Weibo and WeChat: the message says so
}


class World:
    """One body's years: what it received, carried and kept in force, consistent from year to year."""

    def __init__(self, number: int) -> None:
        self.rng = random.Random(number)
        self.number = number
        self.kind = KINDS[number % 4]
        self.blank = number % 3 == 0  # prints blanks for noughts
        self.merged = number % 17 == 0  # founded by a merger in 2022
        self.lapses = number % 10 == 1
        self.carried = dict.fromkeys(labels.APPLICANTS, 0)
        self.in_force = {"rules": 0, "normative_documents": self.rng.randrange(60)}
        self.items = {row: self.rng.randrange(40) for row in ("licensing", "penalties", "coercion", "fees")}

    def requests(self, form: Generation) -> dict[tuple[str, str], Number | str | None]:
        """A table that adds up and carries in what was carried over."""
        rng, rows = self.rng, cases.outcome_rows(form)
        table: dict[tuple[str, str], int] = {}
        for column in labels.APPLICANTS:
            received = rng.choice((0, 0, rng.randrange(30)))
            work = received + self.carried[column]
            over = rng.randrange(work + 1) if rng.random() < 0.3 else 0
            values = dict.fromkeys(rows, 0)
            for _ in range(work - over):
                values[rng.choice(rows)] += 1
            values |= {"received": received, "carried_in": self.carried[column], "handled_total": work - over}
            values["carried_over"] = over
            self.carried[column] = over
            table |= {(row, column): value for row, value in values.items()}
        for row in {row for row, _ in table}:
            table[(row, "total")] = sum(table[(row, column)] for column in labels.APPLICANTS)
        return {key: self.printed(value) for key, value in table.items()}

    def printed(self, value: int) -> Number | str | None:
        if value == 0 and self.blank:
            return self.rng.choice((0, None, "/", "—"))
        return value

    def proactive(self, form: Generation) -> dict[tuple[str, str], Number | str | None]:
        rng = self.rng
        if form is Generation.FORM_2019:
            made = rng.randrange(9)
            table: dict[tuple[str, str], Number | str | None] = {
                ("normative_documents", "made"): made,
                ("normative_documents", "newly_disclosed"): made,
                ("normative_documents", "total_disclosed"): made + rng.randrange(50),
            }
            for row in self.items:
                change = rng.randrange(-self.items[row], 9) if self.items[row] else rng.randrange(9)
                table |= {(row, "items_last_year"): self.items[row], (row, "change"): change}
                self.items[row] += change
                if row != "fees":
                    table[(row, "decisions")] = rng.randrange(900)
            return table
        issued, repealed = rng.randrange(9), rng.randrange(self.in_force["normative_documents"] + 1)
        lapsed = 1 if self.lapses and self.in_force["normative_documents"] + issued - repealed > 0 else 0
        self.in_force["normative_documents"] += issued - repealed - lapsed
        return {
            ("normative_documents", "issued"): issued,
            ("normative_documents", "repealed"): repealed,
            ("normative_documents", "in_force"): self.in_force["normative_documents"],
            ("penalties", "decisions"): rng.randrange(900),
            ("fees", "amount_10k_yuan"): Decimal(rng.randrange(100, 99999)) / 100,
        }

    def sheet(self) -> dict[str, Number | str | None]:
        rng = self.rng
        parts = {code: rng.randrange(9) for code in ("requests.letter", "requests.online", "requests.in_person")}
        total = sum(parts.values())
        refused = rng.randrange(total + 1)
        return {
            **parts, "requests.received": total, "completed.total": total, "completed.on_time": total,
            "replied.total": total, "replied.granted": total - refused, "replied.refused": refused,
            "refused.privacy": refused, "staff.total": 3, "staff.full_time": 1, "staff.part_time": 2,
            "response.weibo_wechat": 28, "disclosed.total": 800, "disclosed.normative_documents": rng.randrange(80),
        }  # fmt: skip


def _prose(world: World, year: int, received: Number | None, wechat: bool) -> tuple[list[Section], list[Statement]]:
    """A narrative of its own with the figures of the table, of the whole district, and shares rounded or cut off."""
    rng = world.rng
    whole = 800  # as in the sheet
    part = rng.randrange(1, whole)
    mode = ROUND_DOWN if world.number % 5 == 0 else ROUND_HALF_UP
    share = (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), rounding=mode)
    said = [f"全县各单位共收到申请{(received or 0) + 700}件", f"公开信息{whole}条", f"动态类{part}条，占{share}%"]
    if received is not None:
        said.append(f"本机关收到申请{received}件")
    if wechat:
        said.append("微信回应16条")
    story = ["".join(rng.choice(WORDS) for _ in range(25)) for _ in range(25)]
    text = "。".join([*said, *story, "完成工作考核，开展社会评议，未发生责任追究"]) + "。"
    found = [
        ("received", (received or 0) + 700, "件", "district", None, said[0]),
        ("disclosed", whole, "条", "own", None, said[1]),
        ("share", share, "percent", "own", "disclosed", said[2]),
    ]
    if received is not None:
        found.append(("received", received, "件", "own", None, said[3]))
    if wechat:
        found.append(("response.weibo_wechat", 16, "条", "own", None, said[-1]))
    statements = []
    for what, value, unit, scope, of, sentence in found:
        start = text.index(sentence) + sentence.rindex(str(value))
        end = start + len(str(value))
        statements.append(Statement(what, value, unit, 1, start, end, sentence, scope=scope, of=of, year=year))  # type: ignore[arg-type]
    sections = cases.sections({1: text, 6: f"本年收取信息处理费{rng.randrange(9)}元，联系{world.number}号窗口。"})
    return list(sections), statements


def _reports(bodies: int) -> Iterator[tuple[Filing, set[str], Body]]:
    for number in range(bodies):
        world = World(number)
        name = f"第{number}号县机关"
        level = Level.COUNTY if world.kind in (Kind.GOVERNMENT, Kind.DEPARTMENT) else Level.TOWN
        founded = date(MERGED, 6, 1) if world.merged else None
        body = Body(f"b{number}", name, world.kind, level, "110101", exists_from=founded)
        for year in YEARS:
            form = cases.in_force_form(year)
            shapes: set[str] = set()
            figures: tuple[Figure, ...]
            if form is Generation.PRE2019:
                figures = cases.indicators(world.sheet())
                received = next(f.value for f in figures if f.row == "requests.received")
                if number % 20 == 3:
                    shapes.add("wechat_alone")
            else:
                if world.merged and year == MERGED:  # what the other body had not finished
                    world.carried = {column: number + 2 for column, number in world.carried.items()}
                figures = (*cases.requests(world.requests(form), form), *cases.proactive(world.proactive(form), form))
                figures += cases.disputes({("reconsideration", o): 0 for o in (*labels.OUTCOMES, "total")})
                if world.merged and year == MERGED:
                    world.in_force["normative_documents"] += 40  # the other body's documents
                    figures = tuple(
                        replace(f, value=world.in_force[f.row], raw=str(world.in_force[f.row]))
                        if (f.row, f.column) == ("normative_documents", "in_force") else f
                        for f in figures
                    )  # fmt: skip
                received = next(f.value for f in figures if (f.row, f.column) == ("received", "total"))
                if world.lapses:
                    shapes.add("lapsed")
            sections, statements = _prose(world, year, received, "wechat_alone" in shapes)
            day = FoundDay(date(year + 1, 1, 20), "date_line", "发布时间", f"{year + 1}-01-20", publication=True)
            filing = cases.filing(
                figures, year, parts=sections, statements=statements, days=[day], name=name, kind=world.kind,
                body=body.id, file=f"{body.id}-{year}", preamble=f"统计期限自{year}年1月1日起至{year}年12月31日止。",
            )  # fmt: skip
            yield filing, shapes, body


@pytest.mark.parametrize("bodies", [40, pytest.param(200, marks=pytest.mark.campaign)])
def test_sound_reports_get_no_error_and_no_unnamed_warning(bodies: int) -> None:
    made = list(_reports(bodies))
    assert len(made) == 6 * bodies
    registry = Registry({body.id: body for _, _, body in made}, {}, ())
    found = check([filing for filing, _, _ in made], registry=registry)
    assert len({f.id for f in found}) == len(found)
    allowed = {(f.body, f.report_year, NAMED[s]) for f, shapes, _ in made for s in shapes}
    grave = [f for f in found if f.outcome is Outcome.FAIL and f.severity is not Severity.NOTICE]
    unnamed = [f for f in grave if (f.body, f.report_year, f.family) not in allowed]
    assert [f"{f.id}: {f.message_en}" for f in unnamed] == []
    seen = Counter(f.family for f in grave)
    assert set(seen) == set(NAMED.values()), "each named shape must really occur"
    notices = Counter(f.rule for f in found if f.outcome is Outcome.FAIL and f.severity is Severity.NOTICE)
    assert set(notices) <= {"form_blank", "narrative_arithmetic.share"}
    _nothing_is_silent(found)
    merged = {f.family for f in found if f.reason == "merger" and f.report_year == MERGED}
    assert merged == {"carry_over", "in_force"}, "a merger must really stand between two years"
    assert all(f.state is not State.UNREADABLE for filing, _, _ in made for f in filing.report.figures)


def _nothing_is_silent(found: list[Finding]) -> None:
    for finding in found:
        assert finding.message_zh and finding.message_en
        assert bool(finding.reason) == (finding.outcome in (Outcome.NOT_ASSESSABLE, Outcome.PENDING))
        if finding.outcome is Outcome.NOT_ASSESSABLE:
            assert finding.responsibility in ("publisher", "reader", "crawler")
