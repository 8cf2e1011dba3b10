"""What the crawler saw: fetches, documents, addresses. (Looks stand in look_rows.py.)"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from db.instants import day_text, instant, moment, moment_or_none
from db.look_rows import last_complete_list, load_looks, store_look
from db.transactions import joining, rows
from registry.model import Fetched

__all__ = [
    "Address",
    "addresses_due",
    "first_complete_looks",
    "known_address",
    "known_among",
    "last_complete_list",
    "load_looks",
    "store_address",
    "store_document",
    "store_fetch",
    "store_look",
    "touch_documents",
]

GONE = (404, 410)  # the only answers by which an address itself says that its page is gone
UNCHANGED = 304
_SEEN_AGAIN = """UPDATE documents SET last_seen_at = max(last_seen_at, ?2)
                 WHERE url = ?1 AND sha256 = (SELECT sha256 FROM addresses WHERE url = ?1)"""


@dataclass(frozen=True, slots=True)
class Address:
    """What is known of one address now. `gone_at`: first 404/410 with no good answer since; `sha256`: last content."""

    url: str
    column: str | None
    last_at: datetime
    last_status: int | None = None
    last_ok_at: datetime | None = None
    gone_at: datetime | None = None
    gone_status: int | None = None
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""


def store_fetch(
    db: Database,
    fetched: Fetched,
    *,
    column_id: str,
    look_id: int | None = None,
    sha256: str = "",
    warc_file: str = "",
    warc_offset: int | None = None,
    bytes: int | None = None,
) -> int:
    """One row for one response (or failure); its id. The body itself is in the archive under `sha256`; `bytes` is its
    length where `fetched` holds it no more.

    A fetch made before its look is stored is joined to it by `store_look(..., fetch_ids=...)`.
    """
    with joining(db):
        cursor = db.conn.execute(
            "INSERT INTO fetches(column_id, look_id, url, final_url, at, purpose, status, error, bytes, sha256,"
            " warc_file, warc_offset) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                column_id,
                look_id,
                fetched.url,
                fetched.final_url,
                instant(fetched.fetched_at),
                fetched.purpose,
                fetched.status,
                fetched.error,
                len(fetched.body) if bytes is None else bytes,
                sha256,
                warc_file,
                warc_offset,
            ),
        )
        return int(cursor.lastrowid)


def store_document(
    db: Database,
    *,
    url: str,
    sha256: str,
    bytes: int,
    purpose: str,
    seen_at: datetime,
    content_type: str = "",
    column_id: str | None = None,
    parent_id: int | None = None,
    list_title: str = "",
    list_day: date | None = None,
    server_day: date | None = None,
) -> int:
    """One row for one content at one address (`purpose`: article or attachment); its id.

    Seen again, only the time of the last sighting moves; a title or day that the list had not shown before is
    added and the document is read again, since its attribution may rest on it; so is a page when a picture of it comes.
    """
    with joining(db):
        row = db.conn.execute(
            """INSERT INTO documents(url, sha256, content_type, bytes, purpose, column_id, parent_id, list_title,
                 list_day, server_day, first_seen_at, last_seen_at)
               VALUES (:url, :sha256, :content_type, :bytes, :purpose, :column_id, :parent_id, :list_title, :list_day,
                 :server_day, :seen_at, :seen_at)
               ON CONFLICT(url, sha256) DO UPDATE SET
                 first_seen_at = min(first_seen_at, excluded.first_seen_at),
                 last_seen_at = max(last_seen_at, excluded.last_seen_at),
                 read_by = CASE WHEN list_title = '' AND excluded.list_title <> '' THEN NULL ELSE read_by END,
                 list_title = CASE list_title WHEN '' THEN excluded.list_title ELSE list_title END,
                 list_day = coalesce(list_day, excluded.list_day),
                 server_day = coalesce(server_day, excluded.server_day),
                 parent_id = coalesce(parent_id, excluded.parent_id),
                 column_id = coalesce(column_id, excluded.column_id)
               RETURNING id, first_seen_at = last_seen_at""",
            {
                "url": url,
                "sha256": sha256,
                "content_type": content_type,
                "bytes": bytes,
                "purpose": purpose,
                "column_id": column_id,
                "parent_id": parent_id,
                "list_title": list_title,
                "list_day": day_text(list_day),
                "server_day": day_text(server_day),
                "seen_at": instant(seen_at),
            },
        ).fetchone()
        if row[1] and parent_id is not None and content_type.startswith("image/"):
            db.conn.execute("UPDATE documents SET read_by = NULL WHERE id = ?", (parent_id,))
        return int(row[0])


def pictures_of(db: Database, url: str, since: datetime) -> dict[str, str]:
    """Addresses and SHA-256 of the pictures that were kept as part of the page at `url`. Where an address gave several,
    the first that was seen from `since` on, when the page's content was, else the last before."""
    sql = """SELECT d.url, d.sha256, d.first_seen_at >= ?2 FROM documents d JOIN documents p ON p.id = d.parent_id
             WHERE p.url = ?1 AND d.content_type LIKE 'image/%' ORDER BY d.first_seen_at, d.id"""
    found: dict[str, tuple[str, bool]] = {}
    for address, sha256, after in db.conn.execute(sql, (url, instant(since))):
        if address not in found or not found[address][1]:
            found[address] = sha256, bool(after)
    return {address: sha256 for address, (sha256, _) in found.items()}


def touch_documents(db: Database, urls: Iterable[str], seen_at: datetime) -> None:
    """The content last seen at each of `urls` was seen again unchanged (304, or still listed and not asked for)."""
    with joining(db):
        db.conn.executemany(_SEEN_AGAIN, [(url, instant(seen_at)) for url in urls])


def store_address(
    db: Database,
    url: str,
    *,
    at: datetime,
    status: int | None,
    column_id: str | None = None,
    etag: str = "",
    last_modified: str = "",
    sha256: str = "",
) -> None:
    """Keep what one answer says of an address; `status` None: it could not be asked.

    2xx renews the validators and the content's hash and ends any `gone`; 304 ends it and renews the document's last
    sighting; 404/410 begins it, unless it has begun; anything else (a wall, an error, silence) says nothing of it.
    An answer older than the last one is not taken.
    """
    good = status is not None and 200 <= status < 300
    values = {
        "url": url,
        "column_id": column_id,
        "at": instant(at),
        "status": status,
        "ok_at": instant(at) if good or status == UNCHANGED else None,
        "gone_at": instant(at) if status in GONE else None,
        "gone_status": status if status in GONE else None,
        "etag": etag if good else "",
        "last_modified": last_modified if good else "",
        "sha256": sha256 if good else "",
        "good": good,
    }
    with joining(db):
        db.conn.execute(
            """INSERT INTO addresses(url, column_id, last_at, last_status, last_ok_at, gone_at, gone_status, etag,
                 last_modified, sha256)
               VALUES (:url, :column_id, :at, :status, :ok_at, :gone_at, :gone_status, :etag, :last_modified, :sha256)
               ON CONFLICT(url) DO UPDATE SET
                 column_id = coalesce(excluded.column_id, column_id), last_at = :at, last_status = :status,
                 last_ok_at = coalesce(:ok_at, last_ok_at),
                 gone_at = CASE WHEN :ok_at IS NOT NULL THEN NULL ELSE coalesce(gone_at, :gone_at) END,
                 gone_status = CASE WHEN :ok_at IS NOT NULL THEN NULL ELSE coalesce(:gone_status, gone_status) END,
                 etag = CASE WHEN :good THEN :etag ELSE etag END,
                 last_modified = CASE WHEN :good THEN :last_modified ELSE last_modified END,
                 sha256 = CASE WHEN :good AND :sha256 <> '' THEN :sha256 ELSE sha256 END
               WHERE last_at <= :at""",
            values,
        )
        if good or status == UNCHANGED:
            db.conn.execute(_SEEN_AGAIN, (url, instant(at)))


def known_address(db: Database, url: str) -> Address | None:
    """What is known of one address, None if it was never asked."""
    return next((_address(row) for row in rows(db, "SELECT * FROM addresses WHERE url = ?", (url,))), None)


def known_among(db: Database, urls: Iterable[str]) -> dict[str, Address]:
    """What is known of these addresses, by address; those never asked are left out."""
    sql = "SELECT * FROM addresses WHERE url IN (SELECT value FROM json_each(?))"
    return {row["url"]: _address(row) for row in rows(db, sql, (json.dumps(list(urls)),))}


def addresses_due(db: Database, column_id: str, until: datetime) -> list[Address]:
    """What is known of the addresses that were met through a column, hold or held something, and last answered at
    `until` or before; in the order of the addresses.
    """
    sql = """SELECT * FROM addresses WHERE column_id = ? AND last_at <= ? AND (sha256 <> '' OR gone_at IS NOT NULL)
             ORDER BY url"""
    return [_address(row) for row in rows(db, sql, (column_id, instant(until)))]


def first_complete_looks(db: Database, bodies: Iterable[str]) -> dict[str, datetime]:
    """When each body was first looked at completely, in any of its columns; bodies never looked at are left out."""
    sql = """SELECT cb.body_id, min((SELECT min(l.started_at) FROM looks l
               WHERE l.column_id = cb.column_id AND l.result = 'complete')) AS first
             FROM column_bodies cb WHERE cb.body_id IN (SELECT value FROM json_each(?)) GROUP BY cb.body_id"""
    found = rows(db, sql, (json.dumps(list(bodies)),))
    return {row["body_id"]: moment(row["first"]) for row in found if row["first"] is not None}


def _address(row: dict[str, Any]) -> Address:
    return Address(
        url=row["url"],
        column=row["column_id"],
        last_at=moment(row["last_at"]),
        last_status=row["last_status"],
        last_ok_at=moment_or_none(row["last_ok_at"]),
        gone_at=moment_or_none(row["gone_at"]),
        gone_status=row["gone_status"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        sha256=row["sha256"],
    )
