"""Writing a row into the home's registry: only if the whole registry is without fault afterwards."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from registry.fields import BODIES, COLUMNS, FIELDS
from registry.loader import check, load
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

    Raises SchedulerError, with nothing written, if an id is taken or the registry would have a fault.
    """
    registry = load(folder if folder.is_dir() else None)
    if body is not None and body.id in registry.bodies:
        raise SchedulerError(f"--body {body.id}: there is such a body already; leave out --name and the like")
    for wanted in column.bodies:
        if wanted not in registry.bodies and (body is None or wanted != body.id):
            raise SchedulerError(
                f"--body {wanted}: no such body; `ogiwatch registry list` shows them, or name a new one with "
                "--name, --kind, --level and --division"
            )
    for known in registry.columns.values():
        if known.url == column.url and set(known.bodies) >= set(column.bodies):
            raise SchedulerError(f"{column.url}: is column {known.id} already")
    if column.id in registry.columns:
        raise SchedulerError(f"--id {column.id}: there is such a column already")
    name = column.id or _free_id(column.url, set(registry.columns))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".registry-", dir=folder.parent) as place:
        trial = Path(place) / "registry"
        shutil.copytree(folder, trial)
        if body is not None:
            row = {"id": body.id, "name": body.name, "kind": body.kind, "level": body.level, "division": body.division}
            _append(trial / BODIES, FIELDS[BODIES], row)
        _append(trial / COLUMNS, FIELDS[COLUMNS], _column_row(name, column))
        if faults := check(trial):
            raise SchedulerError("nothing written: " + "; ".join(f.replace(f"{trial}/", "") for f in faults))
        for file in (BODIES, COLUMNS):
            if (trial / file).exists():
                (trial / file).replace(folder / file)
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


def _append(path: Path, names: tuple[str, ...], row: Mapping[str, str]) -> None:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _header(text) or names, restval="", lineterminator="\n")
    if not text:
        writer.writeheader()
    elif not text.endswith("\n"):
        text += "\n"
    writer.writerow(row)
    path.write_text(text + buffer.getvalue(), encoding="utf-8")


def _header(text: str) -> list[str]:
    return next(csv.reader(io.StringIO(text)), [])


def _free_id(url: str, taken: set[str]) -> str:
    host = re.sub(r"[^a-z0-9.-]+", "-", (urlsplit(url).hostname or "column").lower()).strip("-.") or "column"
    stem = host.removeprefix("www.")[:56]
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
