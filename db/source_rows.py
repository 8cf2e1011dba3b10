"""Which documents give one report: the sources of each filing as judged, what was taken from them, what they deny."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from sqlite_utils import Database

from db.report_values import cell_row
from db.transactions import write
from monitor.model import Filing
from monitor.sources import differences, key_of


def store_sources(db: Database, bodies: Iterable[str], filings: Iterable[Filing]) -> None:
    """Make the tables say which sources the filings that stand of these bodies have; others are forgotten.

    One transaction. `report_sources` has a row for each source beside the best one, in their order; `source_cells` the
    cells that were taken from it (`filled`) and those in which it prints another number (`differs`).
    """
    made = [filing for filing in filings if filing.sources]
    with write(db):
        of_bodies = "SELECT id FROM reports WHERE body_id IN (SELECT value FROM json_each(?))"
        ids = json.dumps(list(bodies))
        for table in ("report_sources", "source_cells"):
            db.conn.execute(f"DELETE FROM {table} WHERE report_id IN ({of_bodies})", (ids,))
        for filing in made:
            db.conn.executemany("INSERT INTO report_sources VALUES (?, ?, ?, ?, ?)", list(_sources(filing)))
            db.conn.executemany(
                "INSERT OR REPLACE INTO source_cells VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", list(_cells(filing))
            )


def _sources(filing: Filing) -> Iterator[tuple[int, int, int, int, int]]:
    for position, source in enumerate(filing.sources):
        yield filing.id, source.filing.id, position, int(source.alike), int(source.text)


def _cells(filing: Filing) -> Iterator[tuple[object, ...]]:
    for source in filing.sources:
        theirs = {key_of(f): f for f in source.filing.report.figures}
        found = [("filled", theirs[key]) for key in source.filled]
        found += [("differs", d.other) for d in differences(filing.report, source.filing.report) if source.alike]
        for use, figure in found:
            row = cell_row(figure)
            cell = (row["table_name"], row["row"], row["column"], row["raw"], row["value"], row["state"])
            yield filing.id, source.filing.id, *cell, row["confidence"], use
