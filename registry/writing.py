"""Adds and changes rows of a home's registry/ folder: tried first, refused with the loader's faults, written whole."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from registry.fields import BODIES, COLUMNS, EXEMPTIONS, FIELDS
from registry.loader import assemble, files_of
from registry.model import Column, RegistryError
from registry.rows import Faults, csv_rows

LOCK_SECONDS = 10  # a row takes well under a second; longer means that another process hangs with the lock
KEYS: Mapping[str, tuple[str, ...]] = {BODIES: ("id",), COLUMNS: ("id",), EXEMPTIONS: ("body", "report_year")}


def add_row(folder: Path, table: str, cells: Mapping[str, str], *, override: bool = False) -> Path:
    """Append a row to `table` (bodies.csv, columns.csv or exemptions.csv) of a home's registry folder.

    `cells` are texts by field, as they stand in the file (lists separated by `|`); blank ones may be left out. The
    folder and the file are made where they are missing. With `override` the row may take the place of a shipped row
    of the same id; never of a row of the same file. Returns the path written.

    Raises RegistryError, with nothing changed, where the row or the folder as it would be has any fault, the row
    stands there already, another process holds the folder, or it cannot be written.
    """
    if table not in KEYS:
        raise RegistryError(f"{table}: found this table, expected one of {', '.join(KEYS)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=LOCK_SECONDS):
            return append(folder, table, cells, override)
    except Timeout:
        message = f"{folder}: found it locked by another process for {LOCK_SECONDS} s, expected it free"
        raise RegistryError(message) from None
    except OSError as error:
        raise RegistryError(f"{folder / table}: found {error.strerror or error}, expected to write here") from error


def change_rows(folder: Path, table: str, rows: Sequence[Mapping[str, str]]) -> Path:
    """Put whole rows into `table` of a home's registry folder: in the place of its rows of the same id, else at its
    end, where they take the place of shipped ones. Cells as for `add_row`. All of them or none. Returns the path.

    Raises RegistryError, with nothing changed, as `add_row` does.
    """
    if table not in KEYS:
        raise RegistryError(f"{table}: found this table, expected one of {', '.join(KEYS)}")
    path = folder / table
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=LOCK_SECONDS):
            data = with_row(path, table, *rows)
            _, faults = assemble(folder, {table: data})
            if faults:
                more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
                raise RegistryError(faults[0] + more)
            replace(path, data)
    except Timeout:
        message = f"{folder}: found it locked by another process for {LOCK_SECONDS} s, expected it free"
        raise RegistryError(message) from None
    except OSError as error:
        raise RegistryError(f"{path}: found {error.strerror or error}, expected to write here") from error
    return path


def cells_of(column: Column) -> dict[str, str]:
    """A column as the texts of its row in columns.csv."""
    optional = {
        "years_from": column.years_from,
        "years_to": column.years_to,
        "delay_seconds": column.delay_seconds,
        "interval_days": column.interval_days,
    }
    return {
        "id": column.id,
        "url": column.url,
        "bodies": "|".join(column.bodies),
        "family": column.family,
        "verified": str(column.verified),
        "basis": column.basis,
        "title": column.title,
        **{name: "" if value is None else f"{value:g}" for name, value in optional.items()},
        "attachment_hosts": "|".join(column.attachment_hosts),
        "javascript": "true" if column.javascript else "",
        "legacy_tls": "true" if column.legacy_tls else "",
    }


def append(folder: Path, table: str, cells: Mapping[str, str], override: bool) -> Path:
    """Try the file with the row, then put it in the place of the old one (the lock is held)."""
    path = folder / table
    key = [cells.get(name, "") for name in KEYS[table]]
    if not override:
        shipped, _ = assemble(None)
        held = {BODIES: shipped.bodies, COLUMNS: shipped.columns, EXEMPTIONS: shipped.exemptions}[table]
        if " ".join(key) in held.found:  # type: ignore[attr-defined]  # three tables of different rows
            name = KEYS[table][0]
            raise RegistryError(f"{path}: {name}: found {' '.join(key)!r}, expected one that is not shipped already")
    data = with_row(path, table, cells, append_only=True)
    _, faults = assemble(folder, {table: data})
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise RegistryError(faults[0] + more)
    replace(path, data)
    return path


def with_row(path: Path, table: str, *added: Mapping[str, str], append_only: bool = False) -> bytes:
    """The file's bytes with the rows at its end, or in the place of rows of the same key unless `append_only`; fields
    that the header lacks are added to it."""
    faults = Faults()
    before = files_of(path.parent, str(path.parent), faults, {}).get(table, b"") if path.exists() else b""
    rows = list(csv_rows(table, str(path), before, faults)) if before.strip() else []
    if faults.messages:
        raise RegistryError(faults.messages[0])
    used = {name for row in rows for name in row.cells}
    used |= {name for cells in added for name, cell in cells.items() if cell}
    unknown = sorted(used - set(FIELDS[table]))
    if unknown:
        raise RegistryError(f"{path}: {unknown[0]}: found {unknown[0]!r}, expected one of {', '.join(FIELDS[table])}")

    def key(cells: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(cells.get(name, "") for name in KEYS[table])

    lines = [row.cells for row in rows]
    places = {} if append_only else {key(cells): place for place, cells in enumerate(lines)}
    for cells in added:
        line = {name: cell for name, cell in cells.items() if cell}
        if key(line) in places:
            lines[places[key(line)]] = line
        else:
            lines.append(line)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, FIELDS[table], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()


def replace(path: Path, data: bytes) -> None:
    """Write beside the file, flush to the disk, then take its place: a crash leaves the old file or the new one."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
