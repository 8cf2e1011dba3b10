"""Narratives: the levelled text of each report that stands, packed, and which of them are nearly the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from db.transactions import rows, write

Key = tuple[str, int]  # (body, report year)


@dataclass(frozen=True, slots=True)
class StoredNarrative:
    """The narrative of one (body, report year). `packed`: None where the text is too short to be compared.

    `stamp` says what it was made of (report, its fingerprint, the body's name, the version of the levelling): with
    another stamp it is made anew.
    """

    body: str
    report_year: int
    report: int
    name: str
    stamp: str
    packed: bytes | None = None
    signature: bytes | None = None

    @property
    def key(self) -> Key:
        """(body, report year)."""
        return self.body, self.report_year


@dataclass(frozen=True, slots=True)
class Pair:
    """A narrative that is nearly another's, and the share of it that is."""

    body: str
    report_year: int
    other_body: str
    other_year: int
    share: float


def load_stamps(db: Database, bodies: Iterable[str]) -> dict[Key, str]:
    """What the narratives of bodies were made of."""
    sql = "SELECT body_id, report_year, stamp FROM narratives WHERE body_id IN (SELECT value FROM json_each(?))"
    return {(body, year): stamp for body, year, stamp in db.conn.execute(sql, (json.dumps(list(bodies)),))}


def store_narratives(db: Database, made: Sequence[StoredNarrative], gone: Iterable[Key] = ()) -> None:
    """Keep narratives, new or in place of older ones, and forget those of `gone`; all that was said of the old ones
    goes, and the new ones wait to be compared.
    """
    with write(db):
        keys = [*gone, *(n.key for n in made)]
        for sql in (
            "DELETE FROM narratives WHERE body_id = ? AND report_year = ?",
            "DELETE FROM copies WHERE body_id = ? AND report_year = ?",
            "DELETE FROM copies WHERE other_body = ? AND other_year = ?",
        ):
            db.conn.executemany(sql, keys)
        db.conn.executemany(
            "INSERT INTO narratives(body_id, report_year, report_id, name, stamp, packed, signature, compared)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (n.body, n.report_year, n.report, n.name, n.stamp, n.packed, n.signature, int(n.packed is None))
                for n in made
            ],
        )


def uncompared(db: Database, limit: int) -> list[StoredNarrative]:
    """Narratives that were not compared with the others yet, by report year and body."""
    sql = "SELECT * FROM narratives WHERE compared = 0 ORDER BY report_year, body_id LIMIT ?"
    return [_narrative(row) for row in rows(db, sql, (limit,))]


def signatures(db: Database) -> Iterator[tuple[Key, bytes]]:
    """The signatures of all narratives that are long enough, by body and report year, one at a time."""
    sql = """SELECT body_id, report_year, signature FROM narratives WHERE signature IS NOT NULL
             ORDER BY body_id, report_year"""
    for body, year, signature in db.conn.execute(sql):
        yield (body, year), signature


def load_narratives(db: Database, keys: Iterable[Key]) -> dict[Key, StoredNarrative]:
    """The narratives of these (body, report year)s, those that there are."""
    sql = """SELECT n.* FROM json_each(?) k
             JOIN narratives n ON n.body_id = k.value ->> 0 AND n.report_year = k.value ->> 1"""
    found = [_narrative(row) for row in rows(db, sql, (json.dumps(sorted(set(keys))),))]
    return {narrative.key: narrative for narrative in found}


def store_copies(db: Database, compared: Iterable[Key], pairs: Iterable[Pair]) -> None:
    """Keep what comparing these narratives with all others gave; they wait no longer."""
    with write(db):
        db.conn.executemany(
            "INSERT INTO copies(body_id, report_year, other_body, other_year, share) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET share = excluded.share",
            [(p.body, p.report_year, p.other_body, p.other_year, p.share) for p in pairs],
        )
        db.conn.executemany(
            "UPDATE narratives SET compared = 1 WHERE body_id = ? AND report_year = ?", list(compared)
        )


def load_copies(db: Database, bodies: Iterable[str]) -> dict[Key, list[Pair]]:
    """Of each narrative of bodies the likest of its own and the likest of another body, the likest first."""
    sql = """SELECT body_id, report_year, other_body, other_year, max(share) AS share FROM copies
             WHERE body_id IN (SELECT value FROM json_each(?))
             GROUP BY body_id, report_year, other_body = body_id ORDER BY body_id, report_year, share DESC"""
    found: dict[Key, list[Pair]] = {}
    for row in rows(db, sql, (json.dumps(list(bodies)),)):
        pair = Pair(row["body_id"], row["report_year"], row["other_body"], row["other_year"], row["share"])
        found.setdefault((pair.body, pair.report_year), []).append(pair)
    return found


def _narrative(row: dict[str, object]) -> StoredNarrative:
    names = ("body_id", "report_year", "report_id", "name", "stamp", "packed", "signature")
    return StoredNarrative(*(row[name] for name in names))  # type: ignore[arg-type]
