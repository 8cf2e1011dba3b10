"""Adds one row to a home's registry/ folder: tried first, refused with the loader's own faults, written atomically."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock, Timeout

from registry.fields import BODIES, COLUMNS, EXEMPTIONS, FIELDS
from registry.loader import assemble, files_of
from registry.model import RegistryError
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
    data = with_row(path, table, cells)
    _, faults = assemble(folder, {table: data})
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise RegistryError(faults[0] + more)
    replace(path, data)
    return path


def with_row(path: Path, table: str, cells: Mapping[str, str]) -> bytes:
    """The file's bytes with the row at its end; fields that the header lacks are added to it."""
    faults = Faults()
    before = files_of(path.parent, str(path.parent), faults, {}).get(table, b"") if path.exists() else b""
    rows = list(csv_rows(table, str(path), before, faults)) if before.strip() else []
    if faults.messages:
        raise RegistryError(faults.messages[0])
    used = {name for row in rows for name in row.cells} | {name for name, cell in cells.items() if cell}
    unknown = sorted(used - set(FIELDS[table]))
    if unknown:
        raise RegistryError(f"{path}: {unknown[0]}: found {unknown[0]!r}, expected one of {', '.join(FIELDS[table])}")
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, FIELDS[table], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.cells for row in rows)
    writer.writerow({name: cell for name, cell in cells.items() if cell})
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
