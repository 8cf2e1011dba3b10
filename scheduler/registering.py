"""Adding a column, and the body it belongs to, to the home's registry."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crawler.families import recognise
from registry.fields import BODIES, COLUMNS, Unfit, as_url
from registry.model import Body, Column, Kind, Level, Registry, Verification
from registry.writing import add_row, cells_of
from scheduler.model import SchedulerError


@dataclass(frozen=True, slots=True)
class NewBody:
    """A body that the registry does not have yet."""

    id: str
    name: str
    kind: str
    level: str
    division: str

    def as_body(self) -> Body:
        """The value that its row will be."""
        return Body(self.id, self.name, Kind(self.kind), Level(self.level), self.division)


@dataclass(frozen=True, slots=True)
class NewColumn:
    """An address that lists yearly reports; an empty `id` is made up from the host, an empty `family` from the URL."""

    url: str
    bodies: tuple[str, ...]
    id: str = ""
    family: str = ""
    title: str = ""
    years_from: int | None = None
    years_to: int | None = None
    verified: bool = False


def new_column(registry: Registry, column: NewColumn, body: NewBody | None = None) -> Column:
    """The row that `add_column` would write. Raises SchedulerError for a body that nobody knows, an address that is
    none or a column that is there already.
    """
    for wanted in column.bodies:
        if wanted not in registry.bodies and (body is None or wanted != body.id):
            raise SchedulerError(
                f"--body {wanted}: no such body; `ogiwatch registry list` shows them, or name a new one with "
                "--name, --kind, --level and --division"
            )
    try:
        url = as_url(column.url)
    except Unfit as error:
        raise SchedulerError(f"{column.url}: expected {error}") from None
    for known in registry.columns.values():
        if known.url == url and set(known.bodies) >= set(column.bodies):
            raise SchedulerError(f"{url}: is column {known.id} already")
    return Column(
        id=column.id or _free_id(url, registry.columns),
        url=url,
        bodies=column.bodies,
        family=column.family or recognise(url) or "generic",
        verified=Verification.VERIFIED if column.verified else Verification.UNVERIFIED,
        title=column.title,
        years_from=column.years_from,
        years_to=column.years_to,
    )


def add_column(folder: Path, row: Column, body: NewBody | None = None) -> None:
    """Append the rows to the CSV files in `folder` (made if need be).

    Each row is written only if the whole registry is without fault with it. Raises RegistryError for what the loader
    refuses.
    """
    if body is not None:
        cells = {"id": body.id, "name": body.name, "kind": body.kind, "level": body.level, "division": body.division}
        add_row(folder, BODIES, cells)
    add_row(folder, COLUMNS, cells_of(row))


def _free_id(url: str, taken: Collection[str]) -> str:
    host = re.sub(r"[^a-z0-9.-]+", "-", (urlsplit(url).hostname or "column").lower()).strip("-.") or "column"
    stem = host.removeprefix("www.")[:56]
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
