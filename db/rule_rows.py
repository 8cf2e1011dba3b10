"""The catalogue of rules, and what people said of findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from sqlite_utils import Database

from db.errors import DatabaseError
from db.instants import instant, moment
from db.transactions import rows, write

VERDICTS = ("confirm", "dismiss", "dispute")


class CitedBasis(Protocol):
    """What a rule rests on, as it is cited (`monitor.rules.bases.Basis`)."""

    @property
    def zh(self) -> str:
        """In Chinese."""

    @property
    def en(self) -> str:
        """In English."""


class CataloguedRule(Protocol):
    """What the database keeps of a rule (`monitor.rules.Rule`)."""

    @property
    def id(self) -> str:
        """Id of the rule."""

    @property
    def version(self) -> int:
        """Raised whenever the rule says other things."""

    @property
    def family(self) -> str:
        """Family of domain section 4."""

    @property
    def severity(self) -> str:
        """error, warning or notice."""

    @property
    def title_zh(self) -> str:
        """Title in Chinese."""

    @property
    def title_en(self) -> str:
        """Title in English."""

    @property
    def basis(self) -> CitedBasis:
        """Legal or formal basis."""

    @property
    def formula(self) -> str:
        """Formula as printed."""

    @property
    def state(self) -> str:
        """On or shadow."""

    @property
    def generations(self) -> Sequence[str]:
        """The generations of the form it is valid for; none: all."""

    @property
    def years_from(self) -> int | None:
        """The first report year it is valid for."""

    @property
    def years_to(self) -> int | None:
        """The last report year it is valid for."""

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds of bodies it is valid for; none: all."""

    @property
    def tolerance(self) -> Decimal:
        """By how much the two sides may differ."""

    @property
    def note_zh(self) -> str:
        """What is said beside the formula, in Chinese."""

    @property
    def note_en(self) -> str:
        """The same in English."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's word on a finding (`confirm`, `dismiss`, `dispute`), for the values it had then."""

    finding: str
    rule_version: int
    input_hash: str
    verdict: str
    author: str
    reason: str
    at: datetime
    source: str = ""


def store_rules(db: Database, catalogue: Iterable[CataloguedRule]) -> None:
    """Make the table `rules` the catalogue's. Rules no longer in it go; their findings stay with the rule's id.

    What waits to be sent of a rule that is now in shadow is given up.
    """
    made = [
        (
            r.id, r.version, r.family, str(r.severity), r.title_zh, r.title_en, r.basis.zh, r.basis.en, r.formula,
            str(r.state), json.dumps(r.generations), r.years_from, r.years_to, json.dumps(r.kinds), str(r.tolerance),
            r.note_zh, r.note_en,
        )
        for r in catalogue
    ]  # fmt: skip
    columns = (
        "id, version, family, severity, title_zh, title_en, basis_zh, basis_en, formula, state, "
        "generations, years_from, years_to, kinds, tolerance, note_zh, note_en"
    )
    sql = f"SELECT {columns} FROM rules"
    if set(db.conn.execute(sql)) == set(made):
        return
    with write(db):
        db.conn.execute("DELETE FROM rules")
        db.conn.executemany(f"INSERT INTO rules({columns}) VALUES ({', '.join('?' * 17)})", made)
        db.conn.execute(
            """UPDATE deliveries SET state = 'given_up', last_error = 'its rule is in shadow' WHERE state = 'waiting'
               AND event_id IN (SELECT e.id FROM events e JOIN findings f ON f.id = e.finding_id
                                JOIN rules u ON u.id = f.rule WHERE u.state <> 'on')"""
        )


@dataclass(frozen=True, slots=True)
class Opinion:
    """How many findings of a rule's present version people confirmed, dismissed and disputed, by their newest word."""

    confirmed: int
    dismissed: int
    disputed: int

    @property
    def precision(self) -> float | None:
        """Confirmed of those confirmed or dismissed; None where nobody did either."""
        said = self.confirmed + self.dismissed
        return self.confirmed / said if said else None


def load_opinions(db: Database) -> dict[str, Opinion]:
    """What people said of each rule, by rule id; rules of which nobody said anything have noughts."""
    found = rows(db, "SELECT rule, confirmed, dismissed, disputed FROM rule_directory")
    return {row["rule"]: Opinion(row["confirmed"], row["dismissed"], row["disputed"]) for row in found}


def store_verdict(
    db: Database, finding_id: str, verdict: str, *, author: str, reason: str, now: datetime, source: str = ""
) -> Verdict:
    """Keep a person's verdict with the rule version and the input hash that the finding has now.

    Earlier verdicts stay on file; the newest counts, as long as the values are those it was given for. Raises
    DatabaseError for an unknown finding or verdict, and without author or reason.
    """
    if verdict not in VERDICTS:
        raise DatabaseError(f"verdict on {finding_id}: expected one of {', '.join(VERDICTS)}, got {verdict!r}")
    if not author.strip() or not reason.strip():
        raise DatabaseError(f"verdict on {finding_id}: expected an author and a reason")
    with write(db):
        sql = "SELECT rule_version, input_hash FROM findings WHERE id = ?"
        finding = db.conn.execute(sql, (finding_id,)).fetchone()
        if finding is None:
            raise DatabaseError(f"verdict on {finding_id}: there is no such finding")
        db.conn.execute(
            "INSERT INTO verdicts(finding_id, rule_version, input_hash, verdict, author, reason, source, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (finding_id, *finding, verdict, author, reason, source, instant(now)),
        )
    return Verdict(finding_id, finding[0], finding[1], verdict, author, reason, now, source)


def load_verdicts(db: Database) -> dict[str, Verdict]:
    """The newest verdict on each finding, by finding id."""
    found = rows(db, "SELECT * FROM verdicts ORDER BY finding_id, at, id")
    return {row["finding_id"]: _verdict(row) for row in found}


def standing_verdicts(db: Database) -> dict[str, Verdict]:
    """The newest verdicts that still hold: the input values are those they were given for."""
    now = dict(db.conn.execute("SELECT id, input_hash FROM findings WHERE id IN (SELECT finding_id FROM verdicts)"))
    return {i: v for i, v in load_verdicts(db).items() if now.get(i) == v.input_hash}


def _verdict(row: Mapping[str, Any]) -> Verdict:
    return Verdict(
        finding=row["finding_id"],
        rule_version=row["rule_version"],
        input_hash=row["input_hash"],
        verdict=row["verdict"],
        author=row["author"],
        reason=row["reason"],
        at=moment(row["at"]),
        source=row["source"],
    )
