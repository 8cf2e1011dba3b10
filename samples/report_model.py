"""A report as a portal publishes it: titles, sections of prose, and the raw text of every cell of its tables."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

Rows = Mapping[str, tuple[str, ...]]  # row code -> raw cells in the order of the form's columns

FOLDER = Path(__file__).parent / "reports"
SAMPLES = ("000", "001", "002", "003", "004")


@dataclass(frozen=True, slots=True)
class SampleSection:
    """One chapter: heading as printed, paragraphs, and the tables printed under them ("proactive", "requests" ...)."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What one report says. `forms` names the generation of each table ("2021", "2019", "pre2019"); `tables` holds the
    raw cells of each by row code. `opening` stands before the first chapter, `closing` after the last one.
    `day` is the publication day the page states, None if it states none.
    """

    title: str
    publisher: str
    report_year: int
    forms: Mapping[str, str]
    tables: Mapping[str, Rows]
    sections: tuple[SampleSection, ...]
    opening: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    day: date | None = None
    companions: tuple[str, ...] = field(default=())


def _rows(raw: Mapping[str, Any]) -> Rows:
    cells = {code: value if isinstance(value, list) else [value] for code, value in raw.items()}
    return {code: tuple(str(cell) for cell in row) for code, row in cells.items()}


@cache
def load_sample(number: str) -> SampleReport:
    """One of the five real reports by its number ("000" to "004"): real figures, labels, titles and days; the prose
    says what the report says in words of our own.
    """
    text = (FOLDER / f"{number}.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    return SampleReport(
        title=raw["title"],
        publisher=raw["publisher"],
        report_year=raw["report_year"],
        forms=raw["forms"],
        tables={name: _rows(rows) for name, rows in raw["tables"].items()},
        sections=tuple(
            SampleSection(s["heading"], tuple(s.get("paragraphs", ())), tuple(s.get("tables", ())))
            for s in raw["sections"]
        ),
        opening=tuple(raw.get("opening", ())),
        closing=tuple(raw.get("closing", ())),
        day=raw.get("day"),
        companions=tuple(raw.get("companions", ())),
    )
