"""Rows to figures: which generation, one answer for each cell, and a problem for each one left without."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.columns import form_order
from parsers.doubts import doubt_shapes
from parsers.forms import forms
from parsers.model import PICTURE, Figure, Generation, Problem, Responsibility, State
from parsers.rows import MODERN, Row, counts_otherwise, form_block, form_positions, place_of, slot, trim, unread, votes
from parsers.values import parse_count, parse_value


@dataclass(frozen=True, slots=True)
class Tables:
    """What the grids of a document say: figures in the form's order, the generation of each table, problems."""

    figures: tuple[Figure, ...]
    forms: dict[str, Generation]
    problems: tuple[Problem, ...]


_TABLES = ("proactive", "requests", "disputes", "indicators")
_MONEY = frozenset({"amount_10k_yuan"})
_NO_COUNTS = _MONEY | {"change"}
_LEAST_OF_A_SHEET = 5  # rows


def settle(rows: list[Row]) -> Tables:
    """Decide what the rows leave open: damaged headings by the rest of their table, rows printed twice by agreement."""
    problems: list[Problem] = []
    found: list[Figure] = []
    used_forms: dict[str, Generation] = {}
    seen: dict[str, set[str]] = {table: set() for table in _TABLES}
    for table in _TABLES:
        own = [row for row in rows if row.table == table]
        if table == "proactive":
            _by_votes(own)
        if table == "requests":
            _one_form(own)
        doubt_shapes(own)
        kept = _one_answer(own)
        if table == "indicators" and used_forms and len(kept) < _LEAST_OF_A_SHEET:
            # A heading of the newer forms with an empty cell beside it, or a table of the publisher's own (当面申请 4).
            if any(map(_has_number, kept)):
                message = f"indicators: {len(kept)} rows beside tables of the newer forms make no sheet of before 2019"
                problems.append(Problem("unread_table", message, table))
            continue
        generation = _generation(table, kept, used_forms)
        if generation and any(row.cells for row in kept):
            used_forms[table] = generation
        positions = form_positions(table) if table != "disputes" else {}
        kept.sort(key=lambda row: positions.get(row.code, row.position))
        if kept and not any(row.cells for row in kept):
            message = f"{table}: none of {len(kept)} rows could be read: {kept[0].reason}"
            problems.append(Problem("unread_table", message, table))
            continue
        for row in kept:
            if row.reason:
                problems.append(unread(row, row.reason))
            if figures := _figures(row, generation):
                found.extend(figures)
                seen[table].add(row.code)
    for figure in found:
        if figure.value is None and figure.raw and figure.state is State.UNREADABLE:
            where = f"{figure.table}/{figure.row}/{figure.column}"
            if figure.raw == PICTURE:
                message = "it shows only a picture, or what the page hides"
                problems.append(Problem("unread_cell", message, where, Responsibility.READER))
            elif figure.confidence < 1:
                message = f"'{figure.raw[:80]}' could not be read with certainty"
                problems.append(Problem("unread_cell", message, where, Responsibility.READER))
            else:
                message = f"'{figure.raw[:80]}' is no number"
                problems.append(Problem("unreadable_value", message, where, Responsibility.PUBLISHER))
    problems.extend(_absent(seen, used_forms))
    return Tables(tuple(found), used_forms, tuple(problems))


def _one_form(rows: list[Row]) -> None:
    """（六）其他处理 as a row of its own beside its three parts is a part that lost its label."""
    parts = any(row.code.startswith("other_handling.") for row in rows)
    for row in rows:
        if parts and row.code == "other_handling":
            row.reason, row.cells = "it stands beside the three parts of the newer form", {}


def _absent(seen: dict[str, set[str]], used_forms: dict[str, Generation]) -> list[Problem]:
    """Rows of the form that a table which was found does not show: one problem a table."""
    problems: list[Problem] = []
    for table, generation in used_forms.items():
        form = forms()[generation].table(table)
        codes = [row.code for block in form.blocks for row in block.rows] if form else []
        missing = [code for code in codes if code not in seen[table]]
        if missing:
            message = f"{len(missing)} rows of the form were not found in the table: {', '.join(missing)}"
            problems.append(Problem("rows_absent", message, table))
    return problems


def _by_votes(rows: list[Row]) -> None:
    """A row whose heading is damaged takes the generation of its neighbours, if its own cells allow only that."""
    tally = votes(rows)
    if len(tally) != 1:
        return
    generation = next(iter(tally))
    for row in rows:
        if not row.reason or row.cells or row.generation or counts_otherwise(row.head):
            continue
        found = form_block(generation, row.table, row.code)
        if found is None or len(found[0].columns) != 1 or len([t for t in row.head if t]) > 1:
            continue
        values = trim(row.values, 1)
        if values is not None:
            row.generation, row.reason = generation, ""
            row.cells = {found[0].columns[0].code: values[0]}


def _one_answer(rows: list[Row]) -> list[Row]:
    """Rows printed more than once: equal ones are one; of two tables the fuller one counts; else none is read."""
    by_code: dict[str, list[Row]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    if len(by_code) == len(rows):
        return rows
    sizes = _sizes(rows)
    kept: list[Row] = []
    torn: list[set[int]] = []  # the grids of each row that two tables print with different figures
    single: list[Row] = []
    for code, entries in by_code.items():
        if code == "handled_total":
            entries = [row for row in entries if row.numbered] or entries
        read = [row for row in entries if row.cells]
        if len(read) <= 1:
            kept.append((read or entries)[0])
            single.extend(read)
            continue
        # within one table: a typing error in the label of this year's row would make last year's table the nearer
        nearest = {grid: min(row.distance for row in read if row.grid == grid) for grid in {row.grid for row in read}}
        read = [row for row in read if row.distance == nearest[row.grid]]
        fullest = max(sizes[row.position] for row in read)
        if code != "handled_total" or len({row.grid for row in read}) > 1:
            read = [row for row in read if sizes[row.position] * 2 > fullest]
        first = read[0]
        if any(_values(row) != _values(first) for row in read[1:]):
            first.reason = f"printed {len(read)} times with different figures"
            first.values, first.cells = tuple(c for row in read for c in row.cells.values()), {}
            grids = {row.grid for row in read}
            torn.extend([grids] if len(grids) > 1 else [])
        elif len(read) == 1:
            single.append(first)
        kept.append(first)
    for row in single if len(torn) >= 2 else ():
        if any(row.grid in grids for grids in torn):
            row.reason, row.cells = "of two tables with different figures only one could be read in this row", {}
    return kept


def _sizes(rows: list[Row]) -> dict[int, int]:
    """For each row's position the number of rows of the printed table it stands in (a new one begins where the form's
    order falls back)."""
    runs: list[list[Row]] = []
    for row in rows:
        order = form_positions(row.table) if row.table != "disputes" else {}
        if (
            not runs
            or row.code in {r.code for r in runs[-1]}
            or (order and order[row.code] < order[runs[-1][-1].code] - 3)
        ):
            runs.append([])
        runs[-1].append(row)
    return {row.position: sum(bool(r.cells) for r in run) for run in runs for row in run}


def _values(row: Row) -> dict[str, tuple[State, object]]:
    out: dict[str, tuple[State, object]] = {}
    for column, cell in row.cells.items():
        value = parse_value(cell.text, money=column in _MONEY, change=column == "change")
        out[column] = (value.state, value.number)
    return out


def _has_number(row: Row) -> bool:
    return any(number is not None for _, number in _values(row).values())


def _generation(table: str, rows: list[Row], forms_so_far: dict[str, Generation]) -> Generation | None:
    if not rows:
        return None
    if table == "indicators":
        return Generation.PRE2019
    if table == "proactive":
        tally = votes(rows)
        return tally.most_common(1)[0][0] if tally else None
    codes = {row.code for row in rows}
    if table == "requests":
        if any(code.startswith("other_handling.") for code in codes):
            return Generation.FORM_2021
        if "other_handling" in codes:
            return Generation.FORM_2019
        return forms_so_far.get("proactive")
    return forms_so_far.get("requests") or forms_so_far.get("proactive")


def _figures(row: Row, generation: Generation | None) -> list[Figure]:
    figures: list[Figure] = []
    of_money = row.code.endswith(".amount_10k_yuan")
    for code in _columns(row, generation):
        cell = row.cells.get(code)
        if cell is None:
            if row.reason:
                figures.append(Figure(row.table, row.code, code, "", None, State.UNREADABLE))
            continue
        text = cell.text
        if of_money or code in _NO_COUNTS:
            money = code != "change"
            value = parse_value(text, money=money, in_yuan=money and row.unit == "元", change=code == "change")
        else:
            value = parse_count(text)
        place = place_of(cell, row.grid) if cell.place else slot(row.grid, cell.row, cell.column)
        figures.append(Figure(row.table, row.code, code, text, value.number, value.state, cell.confidence, place))
    return figures


def _columns(row: Row, generation: Generation | None) -> tuple[str, ...]:
    if row.table in ("requests", "disputes"):
        return form_order(row.table)
    if row.table == "indicators":
        return ("value",)
    for candidate in (row.generation, generation, *MODERN):
        found = form_block(candidate, row.table, row.code) if candidate else None
        if found:
            return tuple(column.code for column in found[0].columns)
    return ()
