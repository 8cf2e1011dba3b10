"""Documents: one row for one content at one address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from db.instants import day_of, moment
from db.transactions import rows


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One content at one address. Its bytes are `Archive.get(sha256)`; `read_by`: the parser version that read it."""

    id: int
    url: str
    sha256: str
    content_type: str
    purpose: str
    column: str | None
    parent: int | None
    list_title: str
    list_day: date | None
    server_day: date | None
    first_seen: datetime
    last_seen: datetime
    read_by: str | None


def load_document(db: Database, document_id: int) -> StoredDocument | None:
    """One document, None if there is none."""
    return next((document_of(row) for row in rows(db, "SELECT * FROM documents WHERE id = ?", (document_id,))), None)


def latest_document(db: Database, url: str) -> StoredDocument | None:
    """The content seen last at an address, None if none was ever kept (the crawler asks before it asks a portal)."""
    sql = "SELECT * FROM documents WHERE url = ? ORDER BY last_seen_at DESC, id DESC LIMIT 1"
    return next((document_of(row) for row in rows(db, sql, (url,))), None)


def document_of(row: dict[str, Any]) -> StoredDocument:
    """A row of the table as a value."""
    return StoredDocument(
        id=row["id"],
        url=row["url"],
        sha256=row["sha256"],
        content_type=row["content_type"],
        purpose=row["purpose"],
        column=row["column_id"],
        parent=row["parent_id"],
        list_title=row["list_title"],
        list_day=day_of(row["list_day"]),
        server_day=day_of(row["server_day"]),
        first_seen=moment(row["first_seen_at"]),
        last_seen=moment(row["last_seen_at"]),
        read_by=row["read_by"],
    )
