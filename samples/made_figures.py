"""Invented figures that hold together as a body's years do: what is carried over comes in again, what is in force grows
by what is issued. A slip is put in on purpose, cell by cell, afterwards.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from parsers.forms import Form, FormTable, form_in_force, forms
from samples.report_model import Rows

APPLICANTS = 6  # columns before the total
# Shares of what was handled, by outcome; the first one takes the rest.
OUTCOMES: Mapping[str, float] = {
    "granted": 0.0,
    "granted_in_part": 0.14,
    "refused.internal_affairs": 0.04,
    "refused.enforcement_files": 0.05,
    "unable.not_held": 0.22,
    "unable.creation_required": 0.05,
    "not_processed.petition": 0.08,
    "not_processed.repeated": 0.03,
}
Cell = tuple[str, str, str]  # table, row, column: a key of a slip; the value is added to the sound figure
Slips = Mapping[Cell, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """The tables of one report year: which generation each is of, and its raw cells."""

    forms: Mapping[str, str]
    tables: Mapping[str, Rows]

    def number(self, table: str, row: str, position: int) -> int:
        """One cell as a number; `position` counts from 0, -1 is the last column (the total)."""
        return int(self.tables[table][row][position])


def figures_of(seed: str, years: range, scale: int) -> dict[int, Figures]:
    """Sound figures for a run of years without a gap, the same for the same seed. `scale`: requests a year, about."""
    dice = random.Random(seed)
    carried = [dice.randint(0, max(1, scale // 12)), 0, 0, 0, 0, 0]
    in_force, items = dice.randint(6, 30), {"licensing": dice.randint(8, 40), "penalties": dice.randint(20, 90)}
    made: dict[int, Figures] = {}
    for year in years:
        form = forms()[form_in_force(year)]
        if form.table("indicators") is not None:
            made[year] = Figures({"indicators": form.generation.value}, {"indicators": _indicators(dice, scale)})
            continue
        requests, carried = _requests(dice, form, scale, carried)
        disputes = {
            "reconsideration": _dispute(dice, scale),
            "litigation_direct": _dispute(dice, scale // 3),
            "litigation_after_reconsideration": _dispute(dice, scale // 4),
        }
        if form.generation.value == "2021":
            issued, repealed = dice.randint(0, 5), dice.randint(0, 3)
            in_force += issued - repealed
            proactive = _proactive(dice, scale, (issued, repealed, in_force))
        else:
            proactive = _proactive_2019(dice, scale, items)
        names = dict.fromkeys(("proactive", "requests", "disputes"), form.generation.value)
        made[year] = Figures(names, {"proactive": proactive, "requests": requests, "disputes": disputes})
    return made


def with_slips(figures: Figures, slips: Slips) -> Figures:
    """The same figures with some cells changed by so much; raises KeyError for a cell that is not there."""
    tables = {name: dict(rows) for name, rows in figures.tables.items()}
    for (table, row, column), by in slips.items():
        place = _columns(figures.forms[table], table, row).index(column)
        cells = list(tables[table][row])
        cells[place] = str(int(cells[place]) + by)
        tables[table][row] = tuple(cells)
    return Figures(figures.forms, tables)


def in_older_form(figures: Figures) -> Figures:
    """The same figures with the requests printed on the form of 2019: (六)其他处理 in one row."""
    rows = dict(figures.tables["requests"])
    old = forms()[form_in_force(2019)].table("requests")
    assert old is not None
    nothing = ("0",) * (APPLICANTS + 1)
    requests = {row.code: rows.get(row.code, nothing) for row in old.blocks[0].rows}
    return Figures({**figures.forms, "requests": "2019"}, {**figures.tables, "requests": requests})


def _columns(generation: str, name: str, row: str) -> list[str]:
    table = _table(generation, name)
    return [c.code for block in table.blocks for c in block.columns if any(r.code == row for r in block.rows)]


def _table(generation: str, name: str) -> FormTable:
    form = next(form for form in forms().values() if form.generation.value == generation)
    table = form.table(name)
    assert table is not None, f"{generation} has no table {name}"
    return table


def _texts(numbers: list[int]) -> tuple[str, ...]:
    return tuple(map(str, numbers))


def _requests(dice: random.Random, form: Form, scale: int, carried_in: list[int]) -> tuple[Rows, list[int]]:
    """The table, and what it carries over per applicant."""
    received = [dice.randint(scale * 4 // 5, scale * 6 // 5), scale // 9, 0, 0, scale // 30, scale // 40]
    carried_over = [dice.randint(0, max(1, scale // 12)), dice.randint(0, 1) if scale > 20 else 0, 0, 0, 0, 0]
    handled = [r + i - o for r, i, o in zip(received, carried_in, carried_over, strict=True)]
    rows = {row.code: [0] * APPLICANTS for row in _table(form.generation.value, "requests").blocks[0].rows}
    rows |= {"received": received, "carried_in": carried_in, "carried_over": carried_over, "handled_total": handled}
    for column, number in enumerate(handled):
        left = number
        for code, share in OUTCOMES.items():
            rows[code][column] = int(number * share)
            left -= rows[code][column]
        rows["granted"][column] += left
    return {code: _texts([*numbers, sum(numbers)]) for code, numbers in rows.items()}, carried_over


def _dispute(dice: random.Random, scale: int) -> tuple[str, ...]:
    parts = [dice.randint(0, scale // 12), dice.randint(0, scale // 40), dice.randint(0, scale // 30)]
    parts.append(dice.randint(0, scale // 50))
    return _texts([*parts, sum(parts)])


def _proactive(dice: random.Random, scale: int, documents: tuple[int, int, int]) -> Rows:
    return {
        "rules": ("0", "0", "0"),
        "normative_documents": _texts(list(documents)),
        "licensing": (str(dice.randint(scale * 8, scale * 12)),),
        "penalties": (str(dice.randint(scale * 3, scale * 5)),),
        "coercion": (str(dice.randint(0, scale // 4)),),
        "fees": (f"{dice.randint(scale, scale * 3)}.{dice.randint(1, 99):02}",),
    }


def _proactive_2019(dice: random.Random, scale: int, items: dict[str, int]) -> Rows:
    new = dice.randint(0, 4)
    rows = {
        "rules": ("0", "0", "0"),
        "normative_documents": _texts([new, new, new + dice.randint(5, 20)]),
        "other_services": ("12", "0", str(dice.randint(scale, scale * 2))),
        "coercion": ("3", "0", str(dice.randint(0, scale // 4))),
        "fees": ("2", "0"),
        "procurement": (str(dice.randint(2, 9)), f"{dice.randint(scale, scale * 4)}.{dice.randint(1, 99):02}"),
    }
    for code in ("licensing", "penalties"):
        change = dice.randint(-3, 5)
        rows[code] = (str(items[code]), f"{change:+d}" if change else "0", str(dice.randint(scale * 3, scale * 5)))
        items[code] += change
    return rows


def _indicators(dice: random.Random, scale: int) -> Rows:
    """The old sheet: sums hold, 其中 items stay below what they are part of."""
    online, letter, in_person = dice.randint(scale // 2, scale), dice.randint(1, 9), dice.randint(1, 9)
    received = online + letter + in_person
    extended = received // 20
    partly, refused, not_existing = received // 8, received // 10, received // 6
    granted = received - partly - refused - not_existing
    full_time, part_time = dice.randint(2, 6), dice.randint(4, 20)
    website = dice.randint(scale * 60, scale * 90)
    given = {
        "disclosed.total": website + 40, "disclosed.normative_documents": 6, "issued.normative_documents": 7,
        "channel.gazette": 24, "channel.website": website, "channel.wechat": scale * 9,
        "response.events": scale, "response.press_conferences": 3, "response.press_conferences_by_head": 1,
        "response.interpretations": 14, "response.weibo_wechat": scale // 2,
        "requests.received": received, "requests.in_person": in_person, "requests.online": online,
        "requests.letter": letter, "completed.total": received, "completed.on_time": received - extended,
        "completed.extended": extended, "replied.total": received, "replied.granted": granted,
        "replied.granted_in_part": partly, "replied.refused": refused, "replied.not_existing": not_existing,
        "refused.privacy": refused, "institution.offices": 1, "institution.reading_points": 3,
        "staff.total": full_time + part_time, "staff.full_time": full_time, "staff.part_time": part_time,
        "budget.amount_10k_yuan": 8, "meetings.total": 2, "trainings.total": 3, "trainings.people": 160,
    }  # fmt: skip
    table = _table("pre2019", "indicators")
    return {row.code: (str(given.get(row.code, 0)),) for row in table.blocks[0].rows}
