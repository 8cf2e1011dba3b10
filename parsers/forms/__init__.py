"""The generations of the form as data: one TOML file a generation with labels, known variants, codes and order."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from parsers.model import Generation


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column: code, printed label, other spellings that occur, group heading above it, unit of its amounts."""

    code: str
    label: str
    variants: tuple[str, ...] = ()
    group: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row: code, printed label, other spellings that occur, group heading beside or above it, unit."""

    code: str
    label: str
    variants: tuple[str, ...] = ()
    group: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FormBlock:
    """Rows that share a heading (第二十条第（一）项 with its columns)."""

    label: str
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class FormTable:
    """One statutory table of one generation; `headings` are rows of the sheet that carry no figure."""

    name: str
    blocks: tuple[FormBlock, ...]
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A generation: the report years it is in force for, and its tables in order."""

    generation: Generation
    first_year: int
    last_year: int
    tables: tuple[FormTable, ...]

    def table(self, name: str) -> FormTable | None:
        """The table of that name, None if this generation has none."""
        return next((t for t in self.tables if t.name == name), None)


@cache
def forms() -> dict[Generation, Form]:
    """All generations, oldest first."""
    return {g: _load(g.value) for g in Generation}


def form_in_force(report_year: int) -> Generation:
    """The generation the law asks for in that report year (domain section 2)."""
    for generation, form in forms().items():
        if form.first_year <= report_year <= form.last_year:
            return generation
    return Generation.PRE2019


def form_rows() -> Iterator[tuple[str, str, int, str, str, str, str]]:
    """Rows for the table `form_rows`: form, table, position, row, label, group label, unit."""
    for generation, form in forms().items():
        for table in form.tables:
            pairs = [(row, block) for block in table.blocks for row in block.rows]
            for position, (row, block) in enumerate(pairs):
                yield generation.value, table.name, position, row.code, row.label, row.group or block.label, row.unit


def form_columns() -> Iterator[tuple[str, str, str, int, str, str, str]]:
    """Rows for the table `form_columns`: form, table, row ('' for all rows), position, column, label, group label."""
    for generation, form in forms().items():
        for table in form.tables:
            for block in table.blocks:
                rows = [row.code for row in block.rows] if len(table.blocks) > 1 else [""]
                for row in rows:
                    for position, column in enumerate(block.columns):
                        yield generation.value, table.name, row, position, column.code, column.label, column.group


def _raw(name: str) -> dict[str, Any]:
    text = resources.files("parsers.forms").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _load(name: str) -> Form:
    raw = _raw(name)
    base = _load(raw["same_as"]) if "same_as" in raw else None
    tables = tuple(_table(entry, base) for entry in raw["tables"])
    return Form(Generation(raw["generation"]), raw["first_year"], raw["last_year"], tables)


def _table(entry: dict[str, Any], base: Form | None) -> FormTable:
    name = entry["name"]
    if "blocks" in entry:
        blocks = tuple(_block(block) for block in entry["blocks"])
        return FormTable(name, blocks, tuple(entry.get("headings", ())))
    inherited = base.table(name) if base else None
    if inherited is None:
        raise LookupError(f"form table {name!r} has no blocks and no form to take them from")
    blocks = inherited.blocks
    for change in entry.get("replace", ()):
        blocks = tuple(_replace(block, change["prefix"], _row(change["row"])) for block in blocks)
    return FormTable(name, blocks, inherited.headings)


def _replace(block: FormBlock, prefix: str, row: FormRow) -> FormBlock:
    rows: list[FormRow] = []
    for old in block.rows:
        if not old.code.startswith(prefix):
            rows.append(old)
        elif row not in rows:
            rows.append(row)
    return FormBlock(block.label, block.columns, tuple(rows))


def _block(raw: dict[str, Any]) -> FormBlock:
    columns = tuple(
        FormColumn(c["code"], c["label"], tuple(c.get("variants", ())), c.get("group", ""), c.get("unit", ""))
        for c in raw["columns"]
    )
    return FormBlock(raw["label"], columns, tuple(_row(r) for r in raw["rows"]))


def _row(raw: dict[str, Any]) -> FormRow:
    return FormRow(raw["code"], raw["label"], tuple(raw.get("variants", ())), raw.get("group", ""), raw.get("unit", ""))
