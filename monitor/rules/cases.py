"""Small filings from which the rules' sound and broken cases are made. Invented bodies, invented figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from monitor.model import Filing
from monitor.rules.labels import APPLICANTS, INDICATORS, OUTCOMES, PROCEEDINGS, REQUEST_COLUMNS
from parsers.model import Figure, FoundDay, Generation, Number, Problem, Report, Section, State, Statement
from registry.model import Kind

Cells = Mapping[tuple[str, str], Number | str | None]
NAME = "某某县人民政府"

REFUSALS = (
    "refused.state_secret",
    "refused.prohibited_by_law",
    "refused.security_and_stability",
    "refused.third_party_rights",
    "refused.internal_affairs",
    "refused.deliberative_process",
    "refused.enforcement_files",
    "refused.administrative_inquiry",
)
HANDLED = (
    "granted",
    "granted_in_part",
    *REFUSALS,
    "unable.not_held",
    "unable.creation_required",
    "unable.still_unclear",
    "not_processed.petition",
    "not_processed.repeated",
    "not_processed.publication",
    "not_processed.excessive",
    "not_processed.confirmation",
)
OTHER_2019 = ("other_handling",)
OTHER_2021 = ("other_handling.uncorrected", "other_handling.unpaid", "other_handling.other")


def outcome_rows(form: Generation) -> tuple[str, ...]:
    """The rows that add up to `handled_total` in one generation of the form."""
    return HANDLED + (OTHER_2019 if form is Generation.FORM_2019 else OTHER_2021)


def figure(table: str, row: str, column: str, value: Number | str | None) -> Figure:
    """A cell as read: a number, a placeholder (text) or a blank (None)."""
    if isinstance(value, str):
        return Figure(table, row, column, value, None, State.PLACEHOLDER)
    if value is None:
        return Figure(table, row, column, "", None, State.BLANK)
    return Figure(table, row, column, str(value), value, State.NUMBER)


def requests(changes: Cells | None = None, form: Generation = Generation.FORM_2021) -> tuple[Figure, ...]:
    """A requests table that adds up (six received, one carried in, six handled, one carried over), then `changes`."""
    rows = ("received", "carried_in", *outcome_rows(form), "handled_total", "carried_over")
    values: dict[tuple[str, str], Number | str | None] = {(r, c): 0 for r in rows for c in REQUEST_COLUMNS}
    for row, persons, firms in (
        ("received", 5, 1),
        ("carried_in", 1, 0),
        ("granted", 4, 1),
        ("unable.not_held", 1, 0),
        ("handled_total", 5, 1),
        ("carried_over", 1, 0),
    ):
        values.update({(row, "natural_person"): persons, (row, "enterprise"): firms, (row, "total"): persons + firms})
    values.update(changes or {})
    return tuple(figure("requests", row, column, value) for (row, column), value in values.items())


def disputes(changes: Cells | None = None) -> tuple[Figure, ...]:
    """A disputes table that adds up (one reconsideration upheld, one pending), then `changes`."""
    values: dict[tuple[str, str], Number | str | None] = {
        (p, o): 0 for p in PROCEEDINGS for o in (*OUTCOMES, "total")
    }
    first = PROCEEDINGS[0]
    values.update({(first, "upheld"): 1, (first, "pending"): 1, (first, "total"): 2})
    values.update(changes or {})
    return tuple(figure("disputes", row, column, value) for (row, column), value in values.items())


_MEASURES: dict[Generation, dict[str, tuple[str, ...]]] = {
    Generation.FORM_2019: {
        "rules": ("made", "newly_disclosed", "total_disclosed"),
        "normative_documents": ("made", "newly_disclosed", "total_disclosed"),
        "licensing": ("items_last_year", "change", "decisions"),
        "other_services": ("items_last_year", "change", "decisions"),
        "penalties": ("items_last_year", "change", "decisions"),
        "coercion": ("items_last_year", "change", "decisions"),
        "fees": ("items_last_year", "change"),
        "procurement": ("projects", "amount_10k_yuan"),
    },
    Generation.FORM_2021: {
        "rules": ("issued", "repealed", "in_force"),
        "normative_documents": ("issued", "repealed", "in_force"),
        "licensing": ("decisions",),
        "penalties": ("decisions",),
        "coercion": ("decisions",),
        "fees": ("amount_10k_yuan",),
    },
}


def measures(form: Generation) -> Mapping[str, tuple[str, ...]]:
    """The rows of the proactive table of one generation and the measures each row asks for."""
    return _MEASURES[form]


def proactive(changes: Cells | None = None, form: Generation = Generation.FORM_2021) -> tuple[Figure, ...]:
    """A proactive table of noughts, then `changes`."""
    values: dict[tuple[str, str], Number | str | None] = {
        (row, measure): 0 for row, names in _MEASURES[form].items() for measure in names
    }
    values.update(changes or {})
    return tuple(figure("proactive", row, column, value) for (row, column), value in values.items())


def indicators(changes: Mapping[str, Number | str | None] | None = None) -> tuple[Figure, ...]:
    """A pre-2019 sheet of noughts, then `changes` by code."""
    values: dict[str, Number | str | None] = dict.fromkeys(INDICATORS, 0)
    values.update(changes or {})
    return tuple(figure("indicators", code, "value", value) for code, value in values.items())


HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


def sections(changes: Mapping[int, str | None] | None = None) -> tuple[Section, ...]:
    """The six sections with a line of text each; a change of None leaves the section out."""
    texts: dict[int, str | None] = {
        1: "本县认真做好政府信息公开工作，完成工作考核，开展社会评议，未发生责任追究情形。",
        2: "",
        3: "",
        4: "",
        5: "存在解读不够及时的问题，将加以改进。",
        6: "本年度未收取信息处理费。",
    }
    texts.update(changes or {})
    return tuple(Section(n, HEADINGS[n - 1], t) for n, t in sorted(texts.items()) if t is not None)


def filing(
    figures: Sequence[Figure] = (),
    year: int = 2023,
    *,
    form: Generation | None = None,
    forms: Mapping[str, Generation] | None = None,
    parts: Sequence[Section] = (),
    statements: Sequence[Statement] = (),
    problems: Sequence[Problem] = (),
    days: Sequence[FoundDay] = (),
    name: str = NAME,
    kind: Kind | None = Kind.GOVERNMENT,
    body: str | None = None,
    title: str | None = None,
    version: int = 1,
    preamble: str = "",
    file: str = "",
    published_on: date | None = None,
) -> Filing:
    """A filing of an invented body. `form` is the generation of every table given, by default that of the year."""
    if form is None:
        form = in_force_form(year)
    tables = {f.table for f in figures}
    report = Report(
        publisher=name,
        report_year=year,
        title=f"{name}{year}年政府信息公开工作年度报告" if title is None else title,
        published_on=published_on,
        published_on_source="date_line" if published_on else None,
        forms=dict(forms) if forms is not None else {
            table: Generation.PRE2019 if table == "indicators" else form for table in sorted(tables)
        },
        figures=tuple(figures),
        sections=tuple(parts),
        statements=tuple(statements),
        problems=tuple(problems),
        days=tuple(days),
        preamble=preamble,
    )
    return Filing(report, year, body=body, name=name, kind=kind, file=file or f"{year}.txt", version=version)


def in_force_form(year: int) -> Generation:
    """The generation in force for a report year (domain section 2)."""
    if year < 2019:
        return Generation.PRE2019
    return Generation.FORM_2019 if year < 2021 else Generation.FORM_2021


__all__ = [
    "APPLICANTS",
    "HANDLED",
    "HEADINGS",
    "NAME",
    "OTHER_2019",
    "OTHER_2021",
    "REFUSALS",
    "disputes",
    "figure",
    "filing",
    "in_force_form",
    "indicators",
    "measures",
    "outcome_rows",
    "proactive",
    "requests",
    "sections",
]
