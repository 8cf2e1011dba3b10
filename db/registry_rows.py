"""The registry as it was last loaded: so that the site, the crawler and the judge see one and the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database

from db.about import get_about, set_about
from db.instants import day_of, day_text
from db.transactions import rows, write
from registry.model import Body, Certainty, Column, Division, Duty, Exemption, Kind, Level, Registry, Verification


def store_registry(db: Database, registry: Registry) -> bool:
    """Make the tables say what `registry` says; True if anything had changed.

    Bodies and columns that are no longer in it become inactive and keep their history; duties and exemptions are
    replaced. Nothing is written where the same registry was stored last. Raises DatabaseError.
    """
    tables: dict[str, list[dict[str, Any]]] = {
        "bodies": [_body_row(body) for body in registry.bodies.values()],
        "columns": [_column_row(column) for column in registry.columns.values()],
        "column_bodies": [
            {"column_id": column.id, "body_id": body}
            for column in registry.columns.values()
            for body in dict.fromkeys(column.bodies)
        ],
        "duties": [_duty_row(duty) for duty in registry.duties],
        "exemptions": [_exemption_row(exemption) for exemption in registry.exemptions],
        "divisions": [{"code": d.code, "name": d.name, "parent": d.parent} for d in registry.divisions.values()],
    }
    version = hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()
    if get_about(db, "registry") == version:
        return False
    with write(db):
        for table in ("bodies", "columns"):
            db[table].upsert_all(tables[table], pk="id")
            ids = json.dumps([row["id"] for row in tables[table]])
            db.conn.execute(f"UPDATE {table} SET active = id IN (SELECT value FROM json_each(?))", (ids,))
        db.conn.execute("DELETE FROM column_bodies WHERE column_id IN (SELECT id FROM columns WHERE active = 1)")
        for table in ("duties", "exemptions"):
            db.conn.execute(f"DELETE FROM {table}")
        for table in ("column_bodies", "duties", "exemptions"):
            db[table].insert_all(tables[table])
        if tables["divisions"]:
            db["divisions"].upsert_all(tables["divisions"], pk="code")
        set_about(db, "registry", version)
    return True


def load_registry(db: Database) -> Registry:
    """The registry as stored: active bodies and columns, duties, exemptions, divisions, in the order of their ids."""
    bodies_of: dict[str, list[str]] = {}
    for row in rows(db, "SELECT column_id, body_id FROM column_bodies ORDER BY column_id, body_id"):
        bodies_of.setdefault(row["column_id"], []).append(row["body_id"])
    return Registry(
        bodies={row["id"]: _body(row) for row in rows(db, "SELECT * FROM bodies WHERE active = 1 ORDER BY id")},
        columns={
            row["id"]: _column(row, tuple(bodies_of.get(row["id"], ())))
            for row in rows(db, "SELECT * FROM columns WHERE active = 1 ORDER BY id")
        },
        duties=tuple(_duty(row) for row in rows(db, "SELECT * FROM duties ORDER BY id")),
        exemptions=tuple(
            Exemption(row["body_id"], row["report_year"], row["reason"], row["source"])
            for row in rows(db, "SELECT * FROM exemptions ORDER BY body_id, report_year")
        ),
        divisions={
            row["code"]: Division(row["code"], row["name"], row["parent"])
            for row in rows(db, "SELECT * FROM divisions ORDER BY code")
        },
    )


def store_watch_from(db: Database, years: Mapping[str, int | None]) -> None:
    """Keep the first watched report year of each body (domain section 1), as the monitor derived it."""
    with write(db):
        db.conn.executemany(
            "UPDATE bodies SET watch_from = ?2 WHERE id = ?1 AND watch_from IS NOT ?2",
            [(body, year) for body, year in years.items()],
        )


def load_watch_from(db: Database, bodies: Iterable[str] | None = None) -> dict[str, int | None]:
    """The first watched report year of bodies (None: no complete look yet)."""
    where = ""
    parameters: tuple[str, ...] = ()
    if bodies is not None:
        where, parameters = "WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(bodies)),)
    return dict(db.conn.execute(f"SELECT id, watch_from FROM bodies {where} ORDER BY id", parameters).fetchall())


def _body_row(body: Body) -> dict[str, Any]:
    return {
        "id": body.id,
        "name": body.name,
        "aliases": _texts(body.aliases),
        "kind": str(body.kind),
        "level": str(body.level),
        "division": body.division,
        "parent": body.parent,
        "exists_from": day_text(body.exists_from),
        "exists_to": day_text(body.exists_to),
        "successor": body.successor,
        "note": body.note,
    }


def _body(row: dict[str, Any]) -> Body:
    return Body(
        id=row["id"],
        name=row["name"],
        kind=Kind(row["kind"]),
        level=Level(row["level"]),
        division=row["division"],
        aliases=tuple(json.loads(row["aliases"])),
        parent=row["parent"],
        exists_from=day_of(row["exists_from"]),
        exists_to=day_of(row["exists_to"]),
        successor=row["successor"],
        note=row["note"],
    )


def _column_row(column: Column) -> dict[str, Any]:
    return {
        "id": column.id,
        "url": column.url,
        "title": column.title,
        "family": column.family,
        "verified": str(column.verified),
        "basis": column.basis,
        "years_from": column.years_from,
        "years_to": column.years_to,
        "delay_seconds": column.delay_seconds,
        "interval_days": column.interval_days,
        "attachment_hosts": _texts(column.attachment_hosts),
        "javascript": int(column.javascript),
        "legacy_tls": int(column.legacy_tls),
    }


def _column(row: dict[str, Any], bodies: tuple[str, ...]) -> Column:
    return Column(
        id=row["id"],
        url=row["url"],
        bodies=bodies,
        family=row["family"],
        verified=Verification(row["verified"]),
        basis=row["basis"],
        title=row["title"],
        years_from=row["years_from"],
        years_to=row["years_to"],
        delay_seconds=row["delay_seconds"],
        interval_days=row["interval_days"],
        attachment_hosts=tuple(json.loads(row["attachment_hosts"])),
        javascript=bool(row["javascript"]),
        legacy_tls=bool(row["legacy_tls"]),
    )


def _duty_row(duty: Duty) -> dict[str, Any]:
    return {
        "id": duty.id,
        "kinds": _texts(str(kind) for kind in duty.kinds),
        "bodies": _texts(duty.bodies),
        "divisions": _texts(duty.divisions),
        "years_from": duty.years_from,
        "years_to": duty.years_to,
        "due": f"{duty.due[0]:02}-{duty.due[1]:02}",
        "certainty": str(duty.certainty),
        "basis_zh": duty.basis_zh,
        "basis_en": duty.basis_en,
        "source": duty.source,
    }


def _duty(row: dict[str, Any]) -> Duty:
    month, day = row["due"].split("-")
    return Duty(
        id=row["id"],
        kinds=tuple(Kind(kind) for kind in json.loads(row["kinds"])),
        years_from=row["years_from"],
        years_to=row["years_to"],
        due=(int(month), int(day)),
        certainty=Certainty(row["certainty"]),
        basis_zh=row["basis_zh"],
        basis_en=row["basis_en"],
        bodies=tuple(json.loads(row["bodies"])),
        divisions=tuple(json.loads(row["divisions"])),
        source=row["source"],
    )


def _exemption_row(exemption: Exemption) -> dict[str, Any]:
    return {
        "body_id": exemption.body,
        "report_year": exemption.report_year,
        "reason": exemption.reason,
        "source": exemption.source,
    }


def _texts(values: Iterable[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
