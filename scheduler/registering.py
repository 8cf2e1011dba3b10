"""Adding a column, and the body it belongs to, to the home's registry."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from registry.fields import BODIES, COLUMNS
from registry.loader import load
from registry.writing import add_row
from scheduler.model import SchedulerError


@dataclass(frozen=True, slots=True)
class NewBody:
    """A body that the registry does not have yet."""

    id: str
    name: str
    kind: str
    level: str
    division: str


@dataclass(frozen=True, slots=True)
class NewColumn:
    """An address that lists yearly reports; an empty `id` is made up from the host."""

    url: str
    bodies: tuple[str, ...]
    id: str = ""
    family: str = "generic"
    title: str = ""
    years_from: int | None = None
    years_to: int | None = None
    verified: bool = False


def add_column(folder: Path, column: NewColumn, body: NewBody | None = None) -> str:
    """Append the rows to the CSV files in `folder` (made if need be) and return the column's id.

    Each row is written only if the whole registry is without fault with it. Raises SchedulerError for a body that
    nobody knows or a column that is there already, RegistryError for what the loader refuses.
    """
    registry = load(folder if folder.is_dir() else None)
    for wanted in column.bodies:
        if wanted not in registry.bodies and (body is None or wanted != body.id):
            raise SchedulerError(
                f"--body {wanted}: no such body; `ogiwatch registry list` shows them, or name a new one with "
                "--name, --kind, --level and --division"
            )
    for known in registry.columns.values():
        if known.url == column.url and set(known.bodies) >= set(column.bodies):
            raise SchedulerError(f"{column.url}: is column {known.id} already")
    if body is not None:
        row = {"id": body.id, "name": body.name, "kind": body.kind, "level": body.level, "division": body.division}
        add_row(folder, BODIES, row)
    name = column.id or _free_id(column.url, registry.columns)
    add_row(folder, COLUMNS, _column_row(name, column))
    return name


def _column_row(name: str, column: NewColumn) -> dict[str, str]:
    return {
        "id": name,
        "url": column.url,
        "bodies": "|".join(column.bodies),
        "family": column.family,
        "verified": "verified" if column.verified else "unverified",
        "basis": "seen",
        "title": column.title,
        "years_from": "" if column.years_from is None else str(column.years_from),
        "years_to": "" if column.years_to is None else str(column.years_to),
    }


def _free_id(url: str, taken: Collection[str]) -> str:
    host = re.sub(r"[^a-z0-9.-]+", "-", (urlsplit(url).hostname or "column").lower()).strip("-.") or "column"
    stem = host.removeprefix("www.")[:56]
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
