"""Sums with blanks, uncertain cells, localisation, blank totals, and one wrong figure at a time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from monitor.model import Filing, Finding, Outcome, Severity
from monitor.rules import cases, check, labels
from monitor.rules.output import findings_as_json
from parsers.model import Figure, Generation, Number, State

ARITHMETIC = {"request_balance", "request_parts", "request_row_total", "dispute_total", "indicator_sum"}


def _arithmetic(filing: Filing, outcome: Outcome | None = Outcome.FAIL) -> list[Finding]:
    return [f for f in check([filing]) if f.family in ARITHMETIC and (outcome is None or f.outcome is outcome)]


def _set(filing: Filing, table: str, row: str, column: str, **changes: object) -> Filing:
    figures = tuple(
        replace(f, **changes) if (f.table, f.row, f.column) == (table, row, column) else f  # type: ignore[arg-type]
        for f in filing.report.figures
    )
    return replace(filing, report=replace(filing.report, figures=figures))


def test_a_pre2019_contradiction_names_both_sides() -> None:
    sheet = cases.indicators({"replied.granted": 4, "replied.granted_in_part": 1})
    (finding,) = _arithmetic(cases.filing(sheet, 2019))
    assert finding.severity is Severity.ERROR
    assert finding.rule == "indicator_sum.replied"
    assert "0 against 4 + 1" in finding.message_en
    assert "4 + 1" in finding.message_zh
    assert finding.formula == "0 ≠ 4 + 1 = 5"


def test_limits_of_sub_items_are_warnings() -> None:
    (finding,) = _arithmetic(cases.filing(cases.indicators({"response.press_conferences_by_head": 2}), 2016))
    assert finding.severity is Severity.WARNING
    assert "2 against 0" in finding.message_en


def test_blanks_are_unknown_numbers_never_zeros() -> None:
    # granted blank: some number satisfies it, zero does not.
    table = cases.requests({("granted", "natural_person"): None})
    found = _arithmetic(cases.filing(table), None)
    parts = {f.id: f for f in found if f.rule == "request_parts"}
    person = next(f for k, f in parts.items() if k.endswith(":natural_person"))
    assert person.outcome is Outcome.NOT_ASSESSABLE
    assert (person.reason, person.responsibility) == ("blank_cell", "publisher")
    assert not [f for f in found if f.outcome is Outcome.FAIL]
    # a blank that zero satisfies passes
    table = cases.requests({("granted_in_part", "natural_person"): "/", ("granted_in_part", "total"): None})
    assert all(f.outcome in (Outcome.PASS, Outcome.PASS_TRIVIALLY) for f in _arithmetic(cases.filing(table), None))
    # the printed parts already exceed the printed total: no number could satisfy it
    table = cases.requests({("granted", "enterprise"): None, ("granted", "natural_person"): 9})
    assert [f.rule for f in _arithmetic(cases.filing(table))] == ["request_parts"]


@pytest.mark.parametrize("changes", [{"state": State.UNREADABLE, "value": None}, {"confidence": 0.8}])
def test_unreadable_and_uncertain_cells_never_accuse(changes: dict[str, object]) -> None:
    wrong = cases.filing(cases.requests({("received", "natural_person"): 8}))
    assert _arithmetic(wrong)
    doubtful = _set(wrong, "requests", "received", "natural_person", **changes)
    assert _arithmetic(doubtful) == []
    assert {f.responsibility for f in _arithmetic(doubtful, Outcome.NOT_ASSESSABLE)} == {"reader"}


def test_a_cell_that_breaks_a_row_and_a_column_is_one_finding_that_names_it() -> None:
    (finding,) = _arithmetic(cases.filing(cases.requests({("granted", "natural_person"): 7})))
    assert (finding.cells[0].row, finding.cells[0].column, finding.cells[0].value) == ("granted", "natural_person", 7)
    assert "printed as 7, and at 4" in finding.message_en
    assert "印为 7，若为 4" in finding.message_zh
    assert finding.formula.count("≠") == 2


def test_two_wrong_cells_are_two_findings_each_named() -> None:
    table = cases.requests({("granted", "natural_person"): 7, ("received", "enterprise"): 5})
    found = _arithmetic(cases.filing(table))
    assert [(f.cells[0].row, f.cells[0].column) for f in found] == [
        ("received", "enterprise"),
        ("granted", "natural_person"),
    ]


def test_several_explanations_name_no_cell() -> None:
    table = cases.requests({("granted", "natural_person"): 5, ("unable.not_held", "enterprise"): 1})
    (finding,) = _arithmetic(cases.filing(table))
    assert "printed as" not in finding.message_en
    assert finding.formula.count("≠") == 4


def test_a_blank_column_of_totals_is_said_once() -> None:
    rows = [f.row for f in cases.requests() if f.column == "total"]
    table = cases.requests({(row, "total"): None for row in rows})
    found = _arithmetic(cases.filing(table), Outcome.NOT_ASSESSABLE)
    assert [f.reason for f in found if f.rule == "request_row_total"] == ["blank_totals"]
    row = cases.requests({("handled_total", c): "—" for c in (*cases.APPLICANTS, "total")})
    found = _arithmetic(cases.filing(row), Outcome.NOT_ASSESSABLE)
    assert [(f.rule, f.reason) for f in found] == [(r, "blank_totals") for r in ("request_balance", "request_parts")]
    totals = cases.disputes({("reconsideration", "upheld"): 2, **{(p, "total"): None for p in labels.PROCEEDINGS}})
    (finding,) = _arithmetic(cases.filing(totals), Outcome.NOT_ASSESSABLE)
    assert (finding.rule, finding.reason) == ("dispute_total", "blank_totals")
    assert "Disputes: every total is blank or a placeholder" in finding.message_en


def test_a_row_or_column_printed_as_noughts_is_said_once() -> None:
    rows = [f.row for f in cases.requests() if f.column == "total"]
    row = {("handled_total", c): 0 for c in (*cases.APPLICANTS, "total")}
    column = {(r, "natural_person"): 0 for r in rows}
    (finding,) = _arithmetic(cases.filing(cases.requests(row)))
    assert finding.formula.count("≠") >= 4
    assert "All of them pass through row “handled in total”, printed as 0 throughout." in finding.message_en
    assert "“办理结果总计”整行，其各格均印为 0" in finding.message_zh
    (finding,) = _arithmetic(cases.filing(cases.requests(column)))
    assert finding.formula.count("≠") == 6 and "2 more sums do not hold." in finding.message_en
    assert "throughout" not in finding.message_en  # other columns hold nothing but noughts too: none is named


def test_a_wrong_figure_carried_into_its_total_is_one_finding_with_both_columns() -> None:
    """The row adds up, so both columns fail by the same amount: one slip, told once, and no cell is named."""
    table = cases.requests({("granted", "natural_person"): 14, ("granted", "total"): 15})
    (finding,) = _arithmetic(cases.filing(table))
    assert finding.formula.count("≠") == 2 and "printed as" not in finding.message_en


def test_rows_of_other_handling_follow_the_printed_table() -> None:
    for form in (Generation.FORM_2019, Generation.FORM_2021):
        assert _arithmetic(cases.filing(cases.requests(None, form), 2022, form=form)) == []
    both = (*cases.requests(), cases.figure("requests", "other_handling", "total", 0))
    outcomes = [f for f in _arithmetic(cases.filing(both), None) if f.rule == "request_parts"]
    assert [f.reason for f in outcomes] == ["mixed_rows"]


def _sides(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(f.id, f.formula) for f in findings}


@pytest.mark.parametrize("step", [1, -1])
def test_every_single_changed_figure_is_found(step: int) -> None:
    sheet: dict[str, Number | str | None] = {
        "requests.received": 5, "requests.online": 5, "completed.total": 5, "completed.on_time": 5,
        "replied.total": 5, "replied.granted": 4, "replied.refused": 1, "refused.privacy": 1,
        "staff.total": 5, "staff.full_time": 3, "staff.part_time": 2,
    }  # fmt: skip
    reports = [
        cases.filing((*cases.requests(), *cases.disputes())),
        cases.filing((*cases.requests(None, Generation.FORM_2019), *cases.disputes()), 2020),
        cases.filing(cases.indicators(sheet), 2017),
    ]
    changed = found = 0
    for report in reports:
        base = _sides(_arithmetic(report))
        in_equality = {
            (c.table, c.row, c.column) for f in _arithmetic(report, None) if "limit" not in f.rule for c in f.cells
        }
        for figure in report.report.figures:
            key = (figure.table, figure.row, figure.column)
            if key not in in_equality or figure.value is None or figure.value + step < 0:
                continue
            mutated = _set(report, *key, value=figure.value + step, raw=str(figure.value + step))
            fails = _arithmetic(mutated)
            changed += 1
            found += _sides(fails) != base
            assert key in {(c.table, c.row, c.column) for f in fails for c in f.cells}, key
            if figure.table == "requests":
                assert len(fails) == 1
    assert changed > 20 and found == changed


def test_ids_hold_no_values_and_the_hash_does() -> None:
    one = _arithmetic(cases.filing(cases.requests({("granted", "total"): 9})))
    two = _arithmetic(cases.filing(cases.requests({("granted", "total"): 8})))
    assert [f.id for f in one] == [f.id for f in two]
    assert [f.input_hash for f in one] != [f.input_hash for f in two]
    assert one[0].input_hash == _arithmetic(cases.filing(cases.requests({("granted", "total"): 9})))[0].input_hash


def test_output_is_the_contract_of_check() -> None:
    filing = cases.filing(cases.requests({("granted", "total"): 9}), 2023)
    found = findings_as_json(filing, check([filing]))
    assert set(found) == {"file", "part", "publisher", "report_year", "findings"}
    (first,) = [f for f in found["findings"] if f["family"] in ARITHMETIC]  # type: ignore[attr-defined]
    assert set(first) == {
        "id", "rule", "family", "severity", "outcome", "message_zh", "message_en", "cells", "passages", "formula"
    }  # fmt: skip
    assert first["cells"][0] == {
        "table": "requests", "row": "granted", "column": "total", "raw": "9", "value": 9, "report_year": 2023,
        "file": "2023.txt",
    }  # fmt: skip
    everything = findings_as_json(filing, check([filing]), all_outcomes=True)
    assert len(everything["findings"]) > len(found["findings"])  # type: ignore[arg-type]


def test_money_is_printed_exactly() -> None:
    figure = Figure("proactive", "fees", "amount_10k_yuan", "22010.3538", Decimal("22010.3538"), State.NUMBER)
    assert check([cases.filing([figure])]) is not None


def test_every_column_row_and_proceeding_of_the_forms_is_judged() -> None:
    """The sums are counted, so that none can fall out unseen."""
    for form, year, outcomes in ((Generation.FORM_2019, 2020, 19), (Generation.FORM_2021, 2023, 21)):
        found = check([cases.filing((*cases.requests(None, form), *cases.disputes()), year)])
        places = {rule: {f.id.split(":", 3)[3] for f in found if f.rule == rule} for rule in SUMS}
        columns = {f"requests:-:{column}" for column in labels.REQUEST_COLUMNS}
        assert len(columns) == 7
        assert places["request_balance"] == places["request_parts"] == columns
        assert len(places["request_row_total"]) == outcomes + 4
        assert places["dispute_total"] == {f"disputes:{row}:-" for row in labels.PROCEEDINGS}


@pytest.mark.parametrize("column", labels.REQUEST_COLUMNS)
def test_a_balance_that_fails_in_one_column_names_that_column(column: str) -> None:
    moved = {("carried_over", column): 40}
    found = [f for f in check([cases.filing(cases.requests(moved))]) if f.outcome is Outcome.FAIL]
    assert any(f.family == "request_balance" and f.id.endswith(f":{column}") for f in found)


SUMS = ("request_balance", "request_parts", "request_row_total", "dispute_total")
