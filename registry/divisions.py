"""Division codes: GB/T 2260 (6 digits) and towns (9 digits), as exported by scripts/export_divisions.py.

The shipped files are made by that script and pinned by tests; the strict loader reads divisions.csv again, with a
home's own rows. Names are full paths ("湖北省黄石市下陆区"); a division's own name is what follows its parent's.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from registry.model import Division

HERE = Path(__file__).parent
NATION = "000000"


@dataclass(frozen=True, slots=True)
class DivisionChange:
    """One change of divisions; codes and names are "" where the source gives none (a new unit has no old side).
    `year` is the year of the list that first shows it, not a day."""

    year: int
    type: str
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    document: str
    source: str


def read(name: str) -> list[dict[str, str]]:
    """The rows of one of the shipped files."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@lru_cache(maxsize=1)
def divisions() -> Mapping[str, Division]:
    """The shipped divisions at county level and above, in use, by code."""
    return MappingProxyType(
        {row["code"]: Division(row["code"], row["name"], row["parent"] or None) for row in read("divisions.csv")}
    )


@lru_cache(maxsize=1)
def towns() -> Mapping[str, Division]:
    """The shipped towns, townships and subdistricts, in use, by 9-digit code; their names are full paths as well."""
    above = divisions()
    return MappingProxyType(
        {
            row["code"]: Division(row["code"], above[row["parent"]].name + row["name"], row["parent"])
            for row in read("towns.csv")
        }
    )


@lru_cache(maxsize=1)
def changes() -> tuple[DivisionChange, ...]:
    """What was renamed, merged, recoded, founded or abolished since 2000, by year."""
    return tuple(
        DivisionChange(
            int(row["year"]), row["type"], row["old_code"], row["old_name"], row["new_code"], row["new_name"],
            row["document"], row["source"],
        )
        for row in read("division_changes.csv")
    )  # fmt: skip


@lru_cache(maxsize=1)
def former() -> frozenset[str]:
    """Codes that were in use since 2000 and are no longer; a body of those days may still stand under one."""
    return frozenset(change.old_code for change in changes() if change.old_code) - divisions().keys()


def own_name(division: Division, known: Mapping[str, Division]) -> str:
    """The division's own name without those above it: 湖北省黄石市下陆区 -> 下陆区."""
    above = known.get(division.parent or "")
    return division.name.removeprefix(above.name) if above else division.name
