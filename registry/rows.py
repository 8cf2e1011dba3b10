"""Bytes of a registry file -> rows with the line each stands on; only the file's shape is judged here."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, overload

from registry.fields import DUTIES, FIELDS, OPTIONAL, Unfit

Value = TypeVar("Value")
Default = TypeVar("Default")

SHOWN = 60  # characters of a found value that a message repeats


def show(found: object) -> str:
    """A found value as a message prints it: quoted, cut, on one line."""
    if found is None or found == "":
        return "nothing"
    text = repr(str(found) if isinstance(found, str) else found)  # a word of a list prints as its text
    return text if len(text) <= SHOWN else text[: SHOWN - 4] + "...'"


@dataclass(slots=True)
class Faults:
    """All faults of one reading, each "file:line: field: found X, expected Y", in the order they were met."""

    messages: list[str] = field(default_factory=list)

    def add(self, file: str, line: int, name: str, found: object, expected: str) -> None:
        """Note one fault."""
        self.messages.append(f"{file}:{line}: {name}: found {show(found)}, expected {expected}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in a file: `cells` by field (blank ones left out), and the line of each field."""

    table: str
    file: str
    line: int
    cells: Mapping[str, str]
    lines: Mapping[str, int] = field(default_factory=dict)

    def at(self, name: str) -> int:
        """The line a field stands on (the row's own line in a CSV file)."""
        return self.lines.get(name, self.line)


class Taker:
    """Takes the fields of one row one by one; `whole` is False once one of them was unfit."""

    def __init__(self, row: Row, faults: Faults) -> None:
        """`row` is read, `faults` receives what is wrong with it."""
        self.row, self.faults, self.whole = row, faults, True

    @overload
    def take(self, name: str, parse: Callable[[str], Value]) -> Value | None: ...
    @overload
    def take(self, name: str, parse: Callable[[str], Value], default: Default) -> Value | Default: ...
    def take(self, name: str, parse: Callable[[str], Value], default: object = None) -> object:
        """The value of a field; the default where an optional one is blank or any one is unfit (a fault is noted)."""
        text = self.row.cells.get(name, "")
        try:
            if text:
                if text != text.strip() or not text.isprintable():
                    raise Unfit("printable text without blanks around it")
                return parse(text)
            if name not in OPTIONAL[self.row.table]:
                raise Unfit("a value (required)")
        except Unfit as unfit:
            self.refuse(name, text, str(unfit))
        return default

    def refuse(self, name: str, found: object, expected: str) -> None:
        """Note a fault of this row."""
        self.whole = False
        self.faults.add(self.row.file, self.row.at(name), name, found, expected)


def decode(data: bytes, file: str, faults: Faults) -> str | None:
    """The text of a registry file: UTF-8, a byte order mark (spreadsheets write one) allowed."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.add(file, line, "encoding", data[error.start : error.start + 1], "UTF-8")
        return None


def check_header(table: str, file: str, header: list[str], faults: Faults) -> bool:
    """Note unknown, repeated and missing fields of a CSV header; True if there is none."""
    before = len(faults.messages)
    known = FIELDS[table]
    for name in header:
        if name not in known:
            faults.add(file, 1, name or "(blank)", name, "one of the fields " + ", ".join(known))
    for name in sorted({name for name in header if header.count(name) > 1}):
        faults.add(file, 1, name, f"{header.count(name)} times", "each field once")
    for name in known:
        if name not in header and name not in OPTIONAL[table]:
            faults.add(file, 1, name, None, "this field (required)")
    return len(faults.messages) == before


def csv_rows(table: str, file: str, data: bytes, faults: Faults) -> Iterator[Row]:
    """The rows of a CSV file with a header; rows of another width are faults and left out, blank lines skipped."""
    text = decode(data, file, faults)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            faults.add(file, line, "row", str(error), "a CSV row")
            return
        if not cells:
            continue
        if header is None:
            header = cells
            if not check_header(table, file, header, faults):
                return
        elif len(cells) != len(header):
            faults.add(file, line, "row", f"{len(cells)} cells", f"{len(header)}, as in the header")
        else:
            yield Row(table, file, line, {name: cell for name, cell in zip(header, cells, strict=True) if cell})
    if header is None:
        faults.add(file, 1, "header", None, "the fields " + ", ".join(FIELDS[table]))


def toml_rows(file: str, data: bytes, faults: Faults) -> Iterator[Row]:
    """The `[[duty]]` tables of duties.toml; lists become one text separated by `|`, numbers become their digits."""
    text = decode(data, file, faults)
    if text is None:
        return
    try:
        tables = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        faults.add(file, int(place[1]) if place else text.count("\n") + 1, "file", str(error), "valid TOML")
        return
    except RecursionError:  # thousands of brackets inside each other
        faults.add(file, 1, "file", "deeply nested values", "valid TOML")
        return
    for name in sorted(tables.keys() - {"duty"}):
        faults.add(file, line_of(text, name), name, name, "only [[duty]] tables")
    duties = tables.get("duty", [])
    if not isinstance(duties, list) or not all(isinstance(duty, dict) for duty in duties):
        faults.add(file, line_of(text, "duty"), "duty", duties, "[[duty]] tables")
        return
    starts = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*duty\s*\]\]", line)]
    for index, duty in enumerate(duties):
        line = starts[index] if len(starts) == len(duties) else 1
        end = starts[index + 1] if line != 1 and index + 1 < len(starts) else None
        yield toml_row(file, line, text.splitlines()[line - 1 : end and end - 1], duty, faults)


def toml_row(file: str, line: int, lines: list[str], duty: Mapping[str, object], faults: Faults) -> Row:
    """One `[[duty]]` table as a row of texts; unknown fields and values of another shape are faults."""
    places: dict[str, int] = {}
    for number, text in enumerate(lines, line):
        if found := re.match(r"\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*=", text):
            places.setdefault(found[1], number)
    cells: dict[str, str] = {}
    for name, value in duty.items():
        at = places.get(name, line)
        if name not in FIELDS[DUTIES]:
            faults.add(file, at, name, name, "one of the fields " + ", ".join(FIELDS[DUTIES]))
        elif isinstance(value, str):
            cells[name] = value
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**6:
            cells[name] = str(value)
        elif isinstance(value, list) and all(isinstance(part, str) and "|" not in part for part in value):
            cells[name] = "|".join(value)
        else:
            faults.add(file, at, name, value, "a text, a whole number or a list of texts")
            cells[name] = ""
    return Row(DUTIES, file, line, cells, places)


def line_of(text: str, name: str) -> int:
    """The first line of a TOML text that opens or sets `name`; 1 if none can be told."""
    pattern = re.compile(rf"\s*\[*\s*[\"']?{re.escape(name)}[\"']?\s*[\].=]")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)
