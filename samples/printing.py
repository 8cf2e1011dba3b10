"""Prints a report as portals do: an HTML fragment with its prose and the statutory tables, spans and labels as in the
form. The labels come from `parsers.forms`, so that a page printed here and the reader agree on one source only.
"""

from __future__ import annotations

from html import escape
from itertools import groupby

from parsers.forms import FormBlock, FormRow, FormTable, forms
from samples.report_model import Rows, SampleReport

RECONCILED = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
OUTCOMES = "三、本年度办理结果"
ORGANISATIONS = "法人或其他组织"
# Rows of the old sheet before which one of its headings stands, in the order of `FormTable.headings`.
HEADED = (
    "disclosed.total", "channel.gazette", "response.events", "response.press_conferences", "requests.received",
    "institution.offices", "meetings.total",
)  # fmt: skip


def print_report(report: SampleReport) -> str:
    """The report's page body as an HTML fragment, title left out (the article page prints it)."""
    parts = [f"<p><a href='jd{i}.html'>{escape(text)}</a></p>" for i, text in enumerate(report.companions, 1)]
    parts += _paragraphs(report.opening)
    for section in report.sections:
        parts.append(f"<p><strong>{escape(section.heading)}</strong></p>")
        parts += _paragraphs(section.paragraphs)
        parts += [print_table(name, report.forms[name], report.tables[name]) for name in section.tables]
    return "\n".join([*parts, *_paragraphs(report.closing)])


def print_table(name: str, generation: str, rows: Rows) -> str:
    """One statutory table with the raw text of its cells; a row that `rows` lacks is left out, as some portals do."""
    form = next((form for form in forms().values() if form.generation.value == generation), None)
    table = form.table(name) if form else None
    if table is None:
        raise LookupError(f"{name}: expected a table of the form {generation}")
    printed = {"proactive": _proactive, "requests": _requests, "disputes": _disputes, "indicators": _indicators}[name]
    lines = "\n".join(f"<tr>{line}</tr>" for line in printed(table, rows))
    return f'<table border="1" cellspacing="0">\n{lines}\n</table>'


def _paragraphs(texts: tuple[str, ...]) -> list[str]:
    return [f"<p>{escape(text)}</p>" for text in texts]


def _cell(text: str, columns: int = 1, rows: int = 1) -> str:
    spans = (f' colspan="{columns}"' if columns > 1 else "") + (f' rowspan="{rows}"' if rows > 1 else "")
    return f"<td{spans}>{escape(text)}</td>"


def _proactive(table: FormTable, rows: Rows) -> list[str]:
    lines = []
    for block in table.blocks:
        printed = [row for row in block.rows if row.code in rows]
        if not printed:
            continue
        widths = _widths(len(block.columns), 3)
        lines.append(_cell(block.label, 4))
        lines.append(_cell("信息内容") + _spread([column.label for column in block.columns], widths))
        lines += [_cell(row.label) + _spread(list(rows[row.code]), widths) for row in printed]
    return lines


def _widths(cells: int, room: int) -> list[int]:
    """How many of `room` columns each cell takes: the last one takes what is left."""
    return [1] * (cells - 1) + [room - cells + 1]


def _spread(texts: list[str], widths: list[int]) -> str:
    return "".join(_cell(text, width) for text, width in zip(texts, widths, strict=True))


def _requests(table: FormTable, rows: Rows) -> list[str]:
    block = table.blocks[0]
    lines = _request_headings(block)
    printed = [row for row in block.rows if row.code in rows]
    outcomes = [row for row in printed if row.group]
    for row in printed:
        figures = "".join(_cell(raw) for raw in rows[row.code])
        if not row.group:
            lines.append(_cell(row.label, 3) + figures)
            continue
        lead = _cell(OUTCOMES, rows=len(outcomes)) if row is outcomes[0] else ""
        if row.group == OUTCOMES:
            lines.append(lead + _cell(row.label, 2) + figures)
            continue
        siblings = [other for other in outcomes if other.group == row.group]
        if row is siblings[0]:
            lead += _cell(row.group, rows=len(siblings))
        lines.append(lead + _cell(row.label) + figures)
    return lines


def _request_headings(block: FormBlock) -> list[str]:
    inside = [column for column in block.columns if column.group == ORGANISATIONS]
    middle = ""
    for group, columns in groupby(block.columns, key=lambda c: c.group):
        found = list(columns)
        middle += _cell(group, len(found)) if group else "".join(_cell(c.label, rows=2) for c in found)
    return [
        _cell(RECONCILED, 3, 3) + _cell(block.label, len(block.columns)),
        middle,
        "".join(_cell(column.label) for column in inside),
    ]


def _disputes(table: FormTable, rows: Rows) -> list[str]:
    block = table.blocks[0]
    alone = [row for row in block.rows if not row.group]
    grouped = [row for row in block.rows if row.group]
    width = len(block.columns)
    labels = "".join(_cell(column.label) for column in block.columns)
    tall = "".join(_cell(column.label, rows=2) for column in block.columns)
    group: FormRow = grouped[0]
    return [
        "".join(_cell(row.label, width) for row in alone) + _cell(group.group, width * len(grouped)),
        tall * len(alone) + "".join(_cell(row.label, width) for row in grouped),
        labels * len(grouped),
        "".join(_cell(raw) for row in (*alone, *grouped) for raw in rows[row.code]),
    ]


def _indicators(table: FormTable, rows: Rows) -> list[str]:
    headings = dict(zip(HEADED, table.headings, strict=True))
    # two headings stand one above the other before the first channel and the first press conference
    lines = [_cell("指  标") + _cell("单位") + _cell("数量")]
    for row in table.blocks[0].rows:
        if row.code in headings:
            lines.append(_cell(headings[row.code]) + _cell("—") + _cell(""))
        if row.code in rows:
            lines.append(_cell(row.label) + _cell(row.unit) + _cell(rows[row.code][0]))
    return lines
