"""What one visit leaves in the database besides its look: a row for each fetch, and whatever its answers led to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlite_utils import Database

from db.crawl_rows import store_fetch, touch_documents
from db.transactions import write
from registry.model import Column, Fetched


class Notes:
    """The notes of a visit to `column`. `requests` and `bytes` count what was asked and what came."""

    def __init__(self, db: Database, column: Column) -> None:
        self.column = column
        self.requests = 0
        self.bytes = 0
        self.fetch_ids: list[int] = []  # of the rows that stand in the database
        self._db = db
        self._waiting: list[tuple[Fetched, str, tuple[str, int], int]] = []
        self._settled: list[tuple[list[str], datetime]] = []

    def fetch(self, fetched: Fetched, sha256: str, place: tuple[str, int], size: int = 0) -> None:
        """A fetch, given here without its body of `size` bytes, was archived under `sha256` and stands in the WARC at
        `place`. Its row is written with the next thing that is kept, at the latest with the look: a transaction of its
        own would cost as much as three rows.
        """
        self._waiting.append((fetched, sha256, place, size))
        if fetched.purpose != "drawn":  # a row, but no request
            self.requests += 1
            self.bytes += size

    def settled(self, urls: list[str], at: datetime) -> None:
        """These addresses were listed and need not be asked; it is written as the rows of fetches are."""
        self._settled.append((urls, at))

    @contextmanager
    def keeping(self) -> Iterator[Database]:
        """The database, for what is kept next: one transaction with the rows of the fetches so far.

        Raises DatabaseError.
        """
        before = self.fetch_ids
        try:
            with write(self._db):
                self.fetch_ids = [*before, *(self._store(*one) for one in self._waiting)]
                for urls, at in self._settled:
                    touch_documents(self._db, urls, at)
                yield self._db
        except BaseException:
            self.fetch_ids = before  # nothing of it was kept
            raise
        self._waiting.clear()
        self._settled.clear()

    def _store(self, fetched: Fetched, sha256: str, place: tuple[str, int], size: int) -> int:
        file, offset = place
        return store_fetch(
            self._db,
            fetched,
            column_id=self.column.id,
            sha256=sha256,
            warc_file=file,
            warc_offset=offset,
            bytes=size,
        )
