"""What only shows when all rows are read: references, double addresses, levels that do not fit, duties that overlap."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Generic, TypeVar

from registry import divisions as shipped
from registry.duties import stem
from registry.model import Body, Certainty, Column, Division, Duty, Exemption, Kind, Level
from registry.rows import Faults, Row

Value = TypeVar("Value")

UNCERTAIN = (Kind.INSTITUTION, Kind.ZONE_COMMITTEE, Kind.OTHER)  # no law or general practice names these kinds
TOWN_KINDS = (Kind.TOWNSHIP, Kind.SUBDISTRICT)
DIGITS = {Level.NATION: 0, Level.PROVINCE: 2, Level.PREFECTURE: 4, Level.COUNTY: 6}  # of a level's own division code


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """A value and the row it was read from, so that a later fault can still name its place."""

    value: Value
    row: Row


@dataclass(slots=True)
class Table(Generic[Value]):
    """The rows of one table by key, and the keys of rows that were refused (already named: no second fault)."""

    found: dict[str, Found[Value]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def values(self) -> dict[str, Value]:
        """The values by key."""
        return {key: found.value for key, found in self.found.items()}

    def known(self, key: str) -> bool:
        """True if a row has this key, sound or not."""
        return key in self.found or key in self.broken


@dataclass(slots=True)
class Tables:
    """All tables of a registry while it is being read."""

    bodies: Table[Body] = field(default_factory=Table)
    columns: Table[Column] = field(default_factory=Table)
    exemptions: Table[Exemption] = field(default_factory=Table)
    divisions: Table[Division] = field(default_factory=Table)
    families: Table[str] = field(default_factory=Table)
    duties: Table[Duty] = field(default_factory=Table)

    def has_division(self, code: str) -> bool:
        """True for a division in use or formerly in use; 12 digits are looked up by the first nine."""
        nine = code[:9] if len(code) == 12 else code
        if self.divisions.known(code) or self.divisions.known(nine):
            return True
        return nine in shipped.towns() if len(nine) == 9 else code in shipped.former()


def refuse(row: Row, faults: Faults, name: str, found: object, expected: str) -> None:
    """Note a fault of a row."""
    faults.add(row.file, row.at(name), name, found, expected)


def cross_check(tables: Tables, faults: Faults) -> None:
    """Note every fault between rows."""
    check_bodies(tables, faults)
    check_columns(tables, faults)
    for exemption in tables.exemptions.found.values():
        if not tables.bodies.known(exemption.value.body):
            refuse(exemption.row, faults, "body", exemption.value.body, "the id of a body in bodies.csv")
    for division in tables.divisions.found.values():
        if division.value.parent and not tables.has_division(division.value.parent):
            refuse(division.row, faults, "parent", division.value.parent, "the code of a division in divisions.csv")
        check_order(division.row, faults, "used_to", division.value.used_from, division.value.used_to)
    check_duties(tables, faults)


def check_order(row: Row, faults: Faults, name: str, first: date | int | None, last: date | int | None) -> None:
    """Note a period that ends before it begins."""
    if first is not None and last is not None and last < first:  # type: ignore[operator]  # both days or both years
        refuse(row, faults, name, str(last), f"nothing before {first}")


def check_bodies(tables: Tables, faults: Faults) -> None:
    """Note dangling parents and successors, circles, unknown divisions, and kinds that do not fit level or division."""
    for found in tables.bodies.found.values():
        body, row = found.value, found.row
        for name, other in (("parent", body.parent), ("successor", body.successor)):
            if other == body.id:
                refuse(row, faults, name, other, "another body's id")
            elif other is not None and not tables.bodies.known(other):
                refuse(row, faults, name, other, "the id of a body in bodies.csv")
        if circle(tables, body, "parent") or circle(tables, body, "successor"):
            name = "parent" if circle(tables, body, "parent") else "successor"
            refuse(row, faults, name, getattr(body, name), f"a chain of {name}s that ends")
        check_order(row, faults, "exists_to", body.exists_from, body.exists_to)
        if not tables.has_division(body.division):
            refuse(row, faults, "division", body.division, "a code of divisions.csv, towns.csv or division_changes.csv")
        elif reason := misplaced(body):
            refuse(row, faults, "level" if reason[0] == "level" else "division", reason[1], reason[2])
        if body.name in body.aliases:
            refuse(row, faults, "aliases", body.name, "names other than the body's own")


def circle(tables: Tables, body: Body, name: str) -> bool:
    """True if following `parent` or `successor` from a body leads back to it by way of another."""
    met = {body.id}
    at = getattr(body, name)
    while at in tables.bodies.found and at not in met:
        met.add(at)
        at = getattr(tables.bodies.found[at].value, name)
    return len(met) > 1 and at == body.id


def misplaced(body: Body) -> tuple[str, str, str] | None:
    """(field, found, expected) where kind, level and division contradict each other: a wrong one sets a wrong due day
    or lets a notice of another place reach the body."""
    if body.kind in TOWN_KINDS and body.level is not Level.TOWN:
        return "level", body.level, f"town, as its kind is {body.kind}"
    if body.kind is Kind.GOVERNMENT and body.level in (Level.TOWN, Level.NATION):
        return "level", body.level, "province, prefecture or county, as its kind is government"
    digits = len(stem(body.division))
    if body.kind is Kind.GOVERNMENT and digits != DIGITS[body.level]:
        return "division", body.division, f"the {body.level}'s own code"
    if body.level is Level.TOWN:
        return None if digits >= 4 else ("division", body.division, "the code of a town, county or prefecture")
    if digits > DIGITS[body.level]:
        return "division", body.division, f"a code no narrower than its level, {body.level}"
    return None


def check_columns(tables: Tables, faults: Faults) -> None:
    """Note dangling bodies, unknown families, periods the wrong way round and addresses that stand twice."""
    urls: dict[str, Found[Column]] = {}
    for found in tables.columns.found.values():
        column, row = found.value, found.row
        for body in column.bodies:
            if not tables.bodies.known(body):
                refuse(row, faults, "bodies", body, "the id of a body in bodies.csv")
        if not tables.families.known(column.family):
            refuse(row, faults, "family", column.family, "one of " + ", ".join(sorted(tables.families.found)))
        check_order(row, faults, "years_to", column.years_from, column.years_to)
        first = urls.setdefault(column.url, found)
        if first is not found:
            where = f"{first.row.file}:{first.row.line}"
            refuse(row, faults, "url", column.url, f"each address in one row (it stands in {where} already)")


def check_duties(tables: Tables, faults: Faults) -> None:
    """Note dangling targets, rows without the source they need, and rows of equal specificity that overlap."""
    for found in tables.duties.found.values():
        duty, row = found.value, found.row
        check_order(row, faults, "years_to", duty.years_from, duty.years_to)
        for body_id in duty.bodies:
            if not tables.bodies.known(body_id):
                refuse(row, faults, "bodies", body_id, "the id of a body in bodies.csv")
            elif duty.kinds and body_id in tables.bodies.found:
                kind = tables.bodies.found[body_id].value.kind
                if kind not in duty.kinds:
                    refuse(row, faults, "kinds", "|".join(duty.kinds), f"the kind of {body_id}, {kind}, or none")
        for code in duty.divisions:
            if not tables.has_division(code):
                refuse(row, faults, "divisions", code, "a code of divisions.csv, towns.csv or division_changes.csv")
        if duty.bodies and duty.divisions:
            refuse(row, faults, "divisions", "|".join(duty.divisions), "none beside bodies")
        if not duty.bodies and not duty.kinds:
            refuse(row, faults, "kinds", None, "the kinds it speaks of, unless it names bodies")
        if not duty.bodies and not duty.divisions and (loose := [kind for kind in duty.kinds if kind in UNCERTAIN]):
            refuse(row, faults, "kinds", "|".join(loose), "these kinds only in a row that names bodies or divisions")
        own = bool(duty.bodies or duty.divisions)
        if not duty.source and (own or duty.certainty is Certainty.NOTICE):
            refuse(row, faults, "source", None, "a source: a notice, and any row of a body or division, needs one")
    for one, other in combinations(tables.duties.found.values(), 2):
        if shared := overlap(one.value, other.value):
            found_years = f"{shared} in {one.value.id} and {other.value.id}"
            refuse(other.row, faults, "id", found_years, "one row of equal specificity for a year")


def overlap(one: Duty, other: Duty) -> str:
    """What two rows of equal specificity both decide for one report year, or "" if nothing."""
    if max(one.years_from, other.years_from) > min(one.years_to or 9999, other.years_to or 9999):
        return ""
    kinds = set(one.kinds) & set(other.kinds) if one.kinds and other.kinds else {*one.kinds, *other.kinds}
    if one.bodies or other.bodies:
        return "|".join(sorted(set(one.bodies) & set(other.bodies)))
    if one.divisions or other.divisions:
        shared = {stem(code) for code in one.divisions} & {stem(code) for code in other.divisions}
        return "|".join(sorted(kinds)) + " of " + "|".join(sorted(shared)) if shared and kinds else ""
    return "|".join(sorted(kinds))
