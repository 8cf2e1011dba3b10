"""Copies for others: a whole database as one file, a public one without addresses of subscribers, and plain files."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from sqlite_utils import Database

from db.errors import DatabaseError
from db.transactions import read

# (file name, SELECT): what `ogiwatch export` writes, each as CSV and as JSON lines
EXPORTS: tuple[tuple[str, str], ...] = (
    ("statuses", "SELECT * FROM body_years ORDER BY body_id, report_year"),
    (
        "findings",
        "SELECT * FROM all_findings WHERE state = 'on' AND reason NOT LIKE 'uncertain%' "
        "ORDER BY body_id, report_year, finding_id",
    ),
    ("reports", "SELECT * FROM report_pages ORDER BY report_id"),
    ("proactive", "SELECT * FROM proactive ORDER BY report_id, row"),
    ("requests", "SELECT * FROM requests ORDER BY report_id, row"),
    ("disputes", "SELECT * FROM disputes ORDER BY report_id, proceeding"),
    ("indicators", "SELECT * FROM indicators ORDER BY report_id, code"),
    ("cells", "SELECT * FROM cells ORDER BY report_id, table_name, row, column"),
    ("sections", "SELECT * FROM sections ORDER BY report_id, position"),
    ("statements", "SELECT * FROM statements ORDER BY report_id, position"),
    ("problems", "SELECT * FROM problem_log ORDER BY report_id, position"),
    ("looks", "SELECT * FROM look_log ORDER BY look_id"),
    ("changes", "SELECT * FROM latest_changes ORDER BY event_id"),
    ("bodies", "SELECT * FROM body_directory ORDER BY body_id"),
)
_SIGNED = re.compile(r"[+-][\d.,]*")
# subscribers.url holds secrets; narratives and copies only serve the comparison of texts
PRIVATE = ("deliveries", "subscribers", "narratives", "copies")
# what rules in shadow say, and what rests on a reading in doubt
_UNPUBLISHED = """SELECT f.id FROM findings f LEFT JOIN rules u ON u.id = f.rule
                  WHERE u.state <> 'on' OR f.reason LIKE 'uncertain%'"""


def backup(db: Database, target: Path) -> Path:
    """Write the whole database, as it is at one instant, to the file `target` (replaced only when complete).

    Raises DatabaseError if it cannot be written; what was at `target` is then still there.
    """
    return _copy(db, target, lambda copy: None)


def public_copy(db: Database, target: Path) -> Path:
    """As `backup`, without subscribers, the operator's log, all that rules in shadow say and what rests on a doubtful
    reading, and compacted: fit to be served and downloaded.
    """

    def strip(copy: sqlite3.Connection) -> None:
        for table in ("verdicts", "events"):
            copy.execute(f"DELETE FROM {table} WHERE finding_id IN ({_UNPUBLISHED})")
        copy.execute(f"DELETE FROM findings WHERE id IN ({_UNPUBLISHED})")
        copy.execute("UPDATE runs SET detail = '{}'")
        for table in PRIVATE:
            copy.execute(f"DELETE FROM {table}")
        copy.execute("VACUUM")

    return _copy(db, target, strip)


def export(db: Database, folder: Path) -> list[Path]:
    """Write EXPORTS as CSV (UTF-8 with a byte order mark, for spreadsheets) and JSON lines into `folder`.

    JSON lines are exact; in CSV a text that a spreadsheet would run as a formula gets a quote before it.
    All files show one instant; each replaces its predecessor only when complete. Raises DatabaseError.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with read(db):
            for name, sql in EXPORTS:
                for suffix, form in (("csv", _as_csv), ("jsonl", _as_json_lines)):
                    cursor = db.conn.execute(sql)
                    columns = [column[0] for column in cursor.description]
                    path = folder / f"{name}.{suffix}"
                    with _replacing(path) as file:
                        form(file, columns, cursor)
                    written.append(path)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"{folder}: the export could not be written: {error}") from error
    return written


def _copy(db: Database, target: Path, change: Callable[[sqlite3.Connection], None]) -> Path:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        db.conn.execute("VACUUM INTO ?", (str(part),))
        with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as copy:
            change(copy)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"{target}: the copy could not be written: {error}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return target


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _as_csv(file: IO[str], columns: Sequence[str], lines: sqlite3.Cursor) -> None:
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([_harmless(value) for value in line] for line in lines)


def _as_json_lines(file: IO[str], columns: Sequence[str], lines: sqlite3.Cursor) -> None:
    for line in lines:
        file.write(json.dumps(dict(zip(columns, line, strict=True)), ensure_ascii=False) + "\n")


def _harmless(value: Any) -> Any:
    # a text from a portal that begins like a formula would be run by spreadsheets; +2 and -16 are figures as printed
    formula = isinstance(value, str) and value[:1] in tuple("=@+-\t\r") and not _SIGNED.fullmatch(value)
    return "'" + value if formula else value
