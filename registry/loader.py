"""The strict loader: shipped rows, overridden or extended by a home's registry/ folder, every fault named by place.

A home's row with the id of a shipped row (for an exemption: body and report year; for a division or a family: code)
replaces it wholly; other rows are added. Files of a home's folder: bodies.csv, columns.csv, exemptions.csv,
divisions.csv, families.csv, duties.toml; a to_review.csv is never read. A body may stand here without a column: it
is then known by name, and nothing runs from it until a column of its own has been looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from registry.crosscheck import Found, Table, Tables, cross_check
from registry.fields import (
    BODIES,
    COLUMNS,
    DIVISIONS,
    DUTIES,
    EXEMPTIONS,
    FAMILIES,
    FIELDS,
    as_code,
    as_day,
    as_days,
    as_due,
    as_flag,
    as_host,
    as_id,
    as_list,
    as_one_of,
    as_seconds,
    as_text,
    as_url,
    as_word,
    as_year,
)
from registry.model import (
    Body,
    Certainty,
    Column,
    Division,
    Duty,
    Exemption,
    Kind,
    Level,
    Registry,
    RegistryError,
    Verification,
)
from registry.rows import Faults, Row, Taker, csv_rows, toml_rows

HERE = Path(__file__).parent
Value = TypeVar("Value")
REQUIRED_FILES = (BODIES, COLUMNS, DUTIES, DIVISIONS, FAMILIES)  # of the shipped folder
NEVER_READ = ("to_review.csv", "towns.csv", "division_changes.csv")


def body_of(taker: Taker) -> Body | None:
    """A `bodies.csv` row as a Body; None if a field was unfit."""
    body = Body(
        id=taker.take("id", as_id, ""),
        name=taker.take("name", as_text, ""),
        kind=taker.take("kind", as_word(Kind), Kind.OTHER),
        level=taker.take("level", as_word(Level), Level.TOWN),
        division=taker.take("division", as_code, ""),
        aliases=taker.take("aliases", as_list(as_text), ()),
        parent=taker.take("parent", as_id),
        exists_from=taker.take("exists_from", as_day),
        exists_to=taker.take("exists_to", as_day),
        successor=taker.take("successor", as_id),
        note=taker.take("note", as_text, ""),
    )
    return body if taker.whole else None


def column_of(taker: Taker) -> Column | None:
    """A `columns.csv` row as a Column; None if a field was unfit."""
    column = Column(
        id=taker.take("id", as_id, ""),
        url=taker.take("url", as_url, ""),
        bodies=taker.take("bodies", as_list(as_id), ()),
        family=taker.take("family", as_id, ""),
        verified=taker.take("verified", as_word(Verification), Verification.UNVERIFIED),
        basis=taker.take("basis", as_one_of("seen", "guessed"), ""),
        title=taker.take("title", as_text, ""),
        years_from=taker.take("years_from", as_year),
        years_to=taker.take("years_to", as_year),
        delay_seconds=taker.take("delay_seconds", as_seconds),
        interval_days=taker.take("interval_days", as_days),
        attachment_hosts=taker.take("attachment_hosts", as_list(as_host), ()),
        javascript=taker.take("javascript", as_flag, False),
        legacy_tls=taker.take("legacy_tls", as_flag, False),
    )
    return column if taker.whole else None


def exemption_of(taker: Taker) -> Exemption | None:
    """An `exemptions.csv` row as an Exemption; None if a field was unfit."""
    exemption = Exemption(
        body=taker.take("body", as_id, ""),
        report_year=taker.take("report_year", as_year, 0),
        reason=taker.take("reason", as_text, ""),
        source=taker.take("source", as_text, ""),
    )
    return exemption if taker.whole else None


def division_of(taker: Taker) -> Division | None:
    """A `divisions.csv` row as a Division; None if a field was unfit."""
    division = Division(
        code=taker.take("code", as_code, ""),
        name=taker.take("name", as_text, ""),
        parent=taker.take("parent", as_code),
        used_from=taker.take("used_from", as_day),
        used_to=taker.take("used_to", as_day),
    )
    return division if taker.whole else None


def family_of(taker: Taker) -> str | None:
    """A `families.csv` row as its code; None if a field was unfit."""
    code = taker.take("code", as_id, "")
    taker.take("title", as_text)
    taker.take("pattern", as_text)
    return code if taker.whole else None


def duty_of(taker: Taker) -> Duty | None:
    """A `[[duty]]` table as a Duty; None if a field was unfit."""
    duty = Duty(
        id=taker.take("id", as_id, ""),
        kinds=taker.take("kinds", as_list(as_word(Kind)), ()),
        years_from=taker.take("years_from", as_year, 0),
        years_to=taker.take("years_to", as_year),
        due=taker.take("due", as_due, (1, 1)),
        certainty=taker.take("certainty", as_word(Certainty), Certainty.LOCAL_PRACTICE),
        basis_zh=taker.take("basis_zh", as_text, ""),
        basis_en=taker.take("basis_en", as_text, ""),
        bodies=taker.take("bodies", as_list(as_id), ()),
        divisions=taker.take("divisions", as_list(as_code), ()),
        source=taker.take("source", as_text, ""),
    )
    return duty if taker.whole else None


def key_of(value: object) -> str:
    """What makes a row the same row in the shipped file and in a home's."""
    if isinstance(value, Exemption):
        return f"{value.body} {value.report_year}"
    if isinstance(value, Division):
        return value.code
    return value if isinstance(value, str) else str(getattr(value, "id", ""))


def gather(rows: Iterable[Row], make: Callable[[Taker], Value | None], into: Table[Value], faults: Faults) -> None:
    """Add the rows of one file to a table: they replace rows of earlier files, never each other."""
    met: dict[str, int] = {}
    for row in rows:
        taker = Taker(row, faults)
        value = make(taker)
        if value is None:
            into.broken.add(row.cells.get("id") or row.cells.get("code") or "")
            continue
        key = key_of(value)
        if key in met:
            name = "report_year" if isinstance(value, Exemption) else FIELDS[row.table][0]
            taker.refuse(name, key, f"each only once in this file (it stands in line {met[key]} already)")
            continue
        met[key] = row.line
        into.found[key] = Found(value, row)


def files_of(folder: Path, shown: str, faults: Faults, instead: Mapping[str, bytes]) -> dict[str, bytes]:
    """The bytes of the registry files of one folder by name; `instead` stands for files not written yet."""
    held = dict(instead)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix not in (".csv", ".toml") or path.name in instead or path.name in NEVER_READ:
            continue
        if path.name not in FIELDS:
            faults.add(f"{shown}/{path.name}", 1, "file", path.name, "one of " + ", ".join(FIELDS))
            continue
        try:
            held[path.name] = path.read_bytes()
        except OSError as error:
            faults.add(f"{shown}/{path.name}", 1, "file", error.strerror, "a readable file")
    return held


def assemble(folder: Path | None, instead: Mapping[str, bytes] = MappingProxyType({})) -> tuple[Tables, list[str]]:
    """Read the shipped folder and a home's, check everything, and return the tables with all faults.

    `instead` maps a file name of the home's folder to bytes that stand for it, so that a row can be tried before it
    is written.
    """
    faults, tables = Faults(), Tables()
    sources = [("registry", files_of(HERE, "registry", faults, {}))]
    for name in REQUIRED_FILES:
        if name not in sources[0][1]:
            faults.add(f"registry/{name}", 1, "file", None, "this file (required)")
    if folder is not None:
        if folder.exists() and not folder.is_dir():
            faults.add(str(folder), 1, "file", "a file", "a folder")
        sources.append((str(folder), files_of(folder, str(folder), faults, instead)))
    for shown, files in sources:
        for name, data in files.items():
            place = f"{shown}/{name}"
            rows = toml_rows(place, data, faults) if name == DUTIES else csv_rows(name, place, data, faults)
            if name == BODIES:
                gather(rows, body_of, tables.bodies, faults)
            elif name == COLUMNS:
                gather(rows, column_of, tables.columns, faults)
            elif name == EXEMPTIONS:
                gather(rows, exemption_of, tables.exemptions, faults)
            elif name == DIVISIONS:
                gather(rows, division_of, tables.divisions, faults)
            elif name == FAMILIES:
                gather(rows, family_of, tables.families, faults)
            elif name == DUTIES:
                gather(rows, duty_of, tables.duties, faults)
    cross_check(tables, faults)
    return tables, faults.messages


def check(folder: Path | None = None) -> list[str]:
    """Every fault of the shipped registry and of a home's registry/ folder, each one line
    "file:line: field: found X, expected Y"; an empty list where there is none. Never raises for what is in a file."""
    return assemble(folder)[1]


def load(folder: Path | None = None) -> Registry:
    """The registry: the shipped rows, overridden and extended by a home's registry/ folder where it exists.

    Raises RegistryError with the first fault (and how many more there are) if any row cannot be used.
    """
    tables, faults = assemble(folder)
    if faults:
        more = f" (and {len(faults) - 1} more, see `ogiwatch registry check`)" if len(faults) > 1 else ""
        raise RegistryError(faults[0] + more)
    return Registry(
        bodies=tables.bodies.values(),
        columns=tables.columns.values(),
        duties=tuple(tables.duties.values().values()),
        exemptions=tuple(tables.exemptions.values().values()),
        divisions=tables.divisions.values(),
    )
