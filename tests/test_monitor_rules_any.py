"""Whatever was read, judging answers: no crash, no silence, no accusation out of what could not be read."""

from __future__ import annotations

import random
from dataclasses import replace

from monitor.model import Filing, Outcome, Severity
from monitor.rules import cases, check
from parsers.model import Figure, Generation, Problem, Section, State, Statement
from registry.model import Kind

STATES = (State.BLANK, State.PLACEHOLDER, State.UNREADABLE, State.ABSENT)


def _worn(figure: Figure, rng: random.Random) -> Figure | None:
    roll = rng.random()
    if roll < 0.6:
        return figure
    if roll < 0.65:
        return None
    if roll < 0.85:
        return replace(figure, value=None, state=rng.choice(STATES), raw=rng.choice(("", "/", "1 2")))
    if roll < 0.95:
        return replace(figure, value=rng.randrange(-3, 40), confidence=rng.choice((1.0, 0.6)))
    return replace(figure, table="requests", row="unheard.of")


def _report(seed: int) -> Filing:
    rng = random.Random(seed)
    year = rng.randrange(2008, 2027)
    form = rng.choice(tuple(Generation))
    tables = [cases.requests(None, form), cases.disputes(), cases.indicators()]
    if form is not Generation.PRE2019:
        tables.append(cases.proactive(None, form))
    figures = [w for t in rng.sample(tables, rng.randrange(len(tables) + 1)) for f in t if (w := _worn(f, rng))]
    parts = [
        Section(rng.choice((None, *range(1, 12))), rng.choice(("", *cases.HEADINGS)), rng.choice(("", "收费5元。")))
        for _ in range(rng.randrange(8))
    ]
    statements = [
        Statement(
            rng.choice(("received", "share", "disclosed", "fees", "litigation", "nonsense")), rng.randrange(90),
            rng.choice(("件", "percent", "yuan")), rng.randrange(12), rng.randrange(9), rng.randrange(9), "句子",
            of=rng.choice((None, "received")), scope=rng.choice(("own", "district")),
        )
        for _ in range(rng.randrange(5))
    ]  # fmt: skip
    problems = [Problem("x", "y")] if rng.random() < 0.3 else []
    return cases.filing(
        figures, year, form=form, parts=parts, statements=statements, problems=problems, name=f"第{seed % 40}县政府",
        kind=rng.choice((None, *Kind)), file=f"{seed}", version=seed,
    )  # fmt: skip


def test_anything_read_is_judged_without_a_crash_and_ids_are_unique() -> None:
    filings = [_report(seed) for seed in range(300)]
    found = check(filings)
    assert len({f.id for f in found}) == len(found)
    assert check(filings, superseded=True)
    for finding in found:
        assert finding.message_zh and finding.message_en
        assert bool(finding.reason) == (finding.outcome in (Outcome.NOT_ASSESSABLE, Outcome.PENDING))
        assert (finding.outcome is Outcome.NOT_ASSESSABLE) == (finding.responsibility != "")


def test_no_error_or_warning_rests_on_a_cell_read_with_doubt() -> None:
    for seed in range(300):
        filing = _report(seed)
        unsure = {(f.table, f.row, f.column) for f in filing.report.figures if f.confidence < 1}
        unsure |= {(f.table, f.row, f.column) for f in filing.report.figures if f.state is State.UNREADABLE}
        for finding in check([filing]):
            if finding.outcome is Outcome.FAIL and finding.severity is not Severity.NOTICE:
                assert not unsure & {(c.table, c.row, c.column) for c in finding.cells}, finding.message_en


def test_a_report_of_unknown_year_is_not_held_to_any_year() -> None:
    filing = replace(cases.filing((*cases.requests(), *cases.proactive()), 2023, parts=cases.sections()), report_year=0)
    found = check([filing])
    assert not [f.id for f in found if f.outcome in (Outcome.FAIL, Outcome.PENDING)]
    assert {f.rule for f in found if f.reason == "year_unknown"} >= {"form_generation", "carry_over", "late"}
    assert [f for f in found if f.rule == "request_balance" and f.outcome is Outcome.PASS]


def test_tables_without_chapters_are_not_told_what_their_text_lacks() -> None:
    alone = cases.filing(cases.requests(), preamble="某某县2023年政府信息公开工作年度报告\n发布时间：2024-01-20")
    assert not [f for f in check([alone]) if f.family == "form_content" and f.outcome is Outcome.FAIL]
    told = cases.filing(cases.requests(), parts=[Section(1, cases.HEADINGS[0], "本县认真做好工作。")])
    assert [f for f in check([told]) if f.family == "form_content" and f.outcome is Outcome.FAIL]
