"""A report as rows and back again: exact raw texts, exact numbers, no SQL.

Figures go into wide tables, so that they can be added up in SQL; what a wide table cannot say (raw text that is not
just the number, blank, placeholder, decimals, doubt) goes into `cells`. A figure that is in neither was not there.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from db.errors import DatabaseError
from db.instants import day_of
from db.tables import FIGURE_TABLES
from parsers.model import (
    Figure,
    FoundDay,
    Generation,
    Number,
    Place,
    Problem,
    Report,
    Responsibility,
    Section,
    State,
    Statement,
)

Row = dict[str, Any]
CHILD_TABLES = (*FIGURE_TABLES, "cells", "report_days", "sections", "statements", "problems")
_INT64 = range(-(2**63), 2**63)
# counters that portals print on every visit anew: they make no new version
_COUNTERS = re.compile(
    r"(?:浏览|阅读|点击|访问|查看)(?:次数|人次|量|数|率)?[:：]?\d*次?|\d+(?:次|人次)(?:浏览|阅读|点击|访问)|打印时间[:：]?[\d年月日时分秒:-]*"
)
_PAGE_PART = re.compile(r"#(\d+)")


@dataclass(slots=True)
class StoredParts:
    """The child rows of one report as loaded: table -> rows."""

    of: dict[str, list[Row]] = field(default_factory=dict)

    def __getitem__(self, table: str) -> list[Row]:
        return self.of.get(table, [])


def child_rows(report: Report, *, url: str, report_year: int | None) -> dict[str, list[Row]]:
    """The rows of all child tables, without their report id. Raises DatabaseError for a code that no table has."""
    made: dict[str, list[Row]] = _figure_rows(report.figures)
    made["report_days"] = [
        {
            "position": position,
            "day": found.day.isoformat(),
            "source": found.source,
            "label": clean(found.label),
            "raw": clean(found.raw),
            "publication": int(found.publication),
            "host": urlsplit(url).hostname or "",
            "report_year": report_year,
        }
        for position, found in enumerate(report.days)
    ]
    made["sections"] = [
        {"position": position, "number": s.number, "heading": clean(s.heading), "text": clean(s.text)}
        for position, s in enumerate(report.sections)
    ]
    made["statements"] = [
        {
            "position": position,
            "what": s.what,
            "value": _exact(s.value),
            "unit": s.unit,
            "of": s.of,
            "qualifier": s.qualifier,
            "year": s.year,
            "scope": s.scope,
            "section": s.section,
            "start": s.start,
            "end": s.end,
            "sentence": clean(s.sentence),
        }
        for position, s in enumerate(report.statements)
    ]
    made["problems"] = [
        {
            "position": position,
            "code": p.code,
            "message": clean(p.message),
            "place": clean(p.where),
            "responsibility": str(p.responsibility),
        }
        for position, p in enumerate(report.problems)
    ]
    return made


def report_from(head: Row, parts: StoredParts, order: Mapping[tuple[str, str], int]) -> Report:
    """The report of a `reports` row and its child rows; `order` gives (table, row) their position in the form."""
    return Report(
        publisher=head["publisher"],
        report_year=head["printed_year"],
        title=head["title"],
        published_on=day_of(head["published_on"]),
        published_on_source=head["published_on_source"],
        forms={table: Generation(form) for table, form in json.loads(head["forms"]).items()},
        figures=tuple(sorted(_figures(parts), key=lambda figure: _place_in_form(figure, order))),
        sections=tuple(Section(row["number"], row["heading"], row["text"]) for row in parts["sections"]),
        statements=tuple(
            Statement(
                what=row["what"],
                value=_number(row["value"]),
                unit=row["unit"],
                section=row["section"],
                start=row["start"],
                end=row["end"],
                sentence=row["sentence"],
                of=row["of"],
                qualifier=row["qualifier"],
                year=row["year"],
                scope=row["scope"],
            )
            for row in parts["statements"]
        ),
        problems=tuple(
            Problem(row["code"], row["message"], row["place"], Responsibility(row["responsibility"]))
            for row in parts["problems"]
        ),
        days=days_from(parts["report_days"]),
        preamble=head["preamble"],
        part=part_from(head["part"]),
        text_confidence=head["text_confidence"],
        format=head["format"],
    )


def days_from(found: Iterable[Row]) -> tuple[FoundDay, ...]:
    """The days found on a page, of its `report_days` rows."""
    return tuple(
        FoundDay(day_of(r["day"]) or _never(r), r["source"], r["label"], r["raw"], bool(r["publication"]))
        for r in found
    )


def fingerprint(report: Report) -> str:
    """Hash of the figures, the section texts and the title, blanks and page counters left out.

    Equal fingerprints are one version; the days on the page and the order of things do not make a new one.
    """
    figures = sorted((f.table, f.row, f.column, str(f.state), _canonical(f.value)) for f in report.figures)
    texts = [(section.number, _still(section.heading), _still(section.text)) for section in report.sections]
    content = json.dumps([figures, texts, _still(report.title or "")], ensure_ascii=False)
    return hashlib.sha256(clean(content).encode()).hexdigest()


def part_text(part: str | int | None) -> str:
    """A report's part of its document as stored: '' for the whole, `#3` for page 3, a member's name as it is."""
    return "" if part is None else f"#{part}" if isinstance(part, int) else clean(part)


def part_from(text: str) -> str | int | None:
    """The part that `part_text` wrote."""
    page = _PAGE_PART.fullmatch(text)
    return int(page.group(1)) if page else text or None


def clean(text: str) -> str:
    """`text` with lone surrogates (broken escapes in a page's script) as U+FFFD, since UTF-8 has none; offsets stay."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def clean_or_none(text: str | None) -> str | None:
    """`clean`, with None for None."""
    return None if text is None else clean(text)


def _figure_rows(figures: Sequence[Figure]) -> dict[str, list[Row]]:
    wide: dict[str, dict[str, Row]] = {table: {} for table in FIGURE_TABLES}
    cells: list[Row] = []
    seen: set[tuple[str, str, str]] = set()
    for figure in figures:
        where = (figure.table, figure.row, figure.column)
        key, columns = FIGURE_TABLES.get(figure.table, ("", ()))
        if figure.column not in columns:
            raise DatabaseError(f"figure {'/'.join(where)}: expected a table and column of the forms")
        if where in seen:
            raise DatabaseError(f"figure {'/'.join(where)}: expected one answer for a cell, got two")
        seen.add(where)
        row = wide[figure.table].get(figure.row)
        if row is None:
            row = wide[figure.table][figure.row] = {key: figure.row, **dict.fromkeys(columns)}
        row[figure.column] = _wide(figure.value)
        if not _plain(figure):
            cells.append(cell_row(figure))
    return {**{table: list(found.values()) for table, found in wide.items()}, "cells": cells}


def cell_row(figure: Figure) -> Row:
    """A figure with all that was read of it, as `cells` keeps it."""
    return {
        "table_name": figure.table,
        "row": figure.row,
        "column": figure.column,
        "raw": clean(figure.raw),
        "value": None if figure.value is None else str(figure.value),
        "state": str(figure.state),
        "confidence": float(figure.confidence),
        "place": _place_json(figure.place),
    }


def _plain(figure: Figure) -> bool:
    whole = isinstance(figure.value, int) and figure.value in _INT64
    return whole and figure.state is State.NUMBER and figure.confidence == 1.0 and figure.raw == str(figure.value)


def _wide(value: Number | None) -> int | float | None:
    if value is None or (isinstance(value, int) and value in _INT64):
        return value
    return float(value)


def _figures(parts: StoredParts) -> Iterator[Figure]:
    odd = {(row["table_name"], row["row"], row["column"]): row for row in parts["cells"]}
    for table, (key, columns) in FIGURE_TABLES.items():
        for row in parts[table]:
            for column in columns:
                cell = odd.get((table, row[key], column))
                if cell is not None:
                    yield Figure(
                        table,
                        row[key],
                        column,
                        cell["raw"],
                        None if cell["value"] is None else _number(cell["value"]),
                        State(cell["state"]),
                        cell["confidence"],
                        _place(cell["place"]),
                    )
                elif row[column] is not None:
                    yield Figure(table, row[key], column, str(row[column]), row[column], State.NUMBER)


def _place_in_form(figure: Figure, order: Mapping[tuple[str, str], int]) -> tuple[int, int, str, int]:
    tables = list(FIGURE_TABLES)
    columns = FIGURE_TABLES[figure.table][1]
    position = order.get((figure.table, figure.row), len(order))
    return tables.index(figure.table), position, figure.row, columns.index(figure.column)


def _exact(value: Number) -> int | str:
    return value if isinstance(value, int) and value in _INT64 else str(value)


def _number(stored: int | str) -> Number:
    if isinstance(stored, int):
        return stored
    try:
        return int(stored) if re.fullmatch(r"-?\d+", stored) else Decimal(stored)
    except InvalidOperation as error:
        raise DatabaseError(f"expected a number, the database holds {stored!r}") from error


def _canonical(value: Number | None) -> str:
    return "" if value is None else str(Decimal(value).normalize())


def _still(text: str) -> str:
    return _COUNTERS.sub("", "".join(unicodedata.normalize("NFKC", text).split()))


def _place_json(place: Place | None) -> str:
    if place is None:
        return "{}"
    parts = {name: getattr(place, name) for name in Place.__dataclass_fields__}
    return json.dumps({name: value for name, value in parts.items() if value is not None})


def _place(stored: str) -> Place | None:
    parts = json.loads(stored)
    if not parts:
        return None
    if "box" in parts:
        parts["box"] = tuple(parts["box"])
    return Place(**parts)


def _never(row: Row) -> Any:
    raise DatabaseError(f"report day at position {row['position']}: expected a day, found {row['day']!r}")
