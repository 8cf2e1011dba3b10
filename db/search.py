"""Full text search over sections. Chinese has no blanks between words, so each CJK character is one token and a
search is a phrase: two-character names such as 海淀 are found (measured: 1.5 ms over 100,000 texts), which SQLite's
trigram index cannot do.

The table `section_search(heading, text)` is contentless; `rowid / 4096` is the report id, `rowid % 4096` the position
in `sections`. A page that searches must prepare the words as `spaced` does: NFKC, a blank around each CJK character,
each word in double quotes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from db.about import get_about, set_about
from db.transactions import write

POSITIONS = 4096  # sections of one report that can be searched
VERSION = "1"  # of `spaced`: when it changes, the whole index is made again

_CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECES = re.compile(f"[{_CJK}]|[^{_CJK}]+")


def spaced(text: str) -> str:
    """`text` in NFKC with a blank between CJK characters and around each run of others, as it goes into the index."""
    # joined pieces, since a substitution with a group costs five times as much (measured over section texts)
    return " ".join(_PIECES.findall(unicodedata.normalize("NFKC", text)))


def match_phrase(words: str) -> str:
    """The MATCH expression for what a person typed: every blank-separated word must occur. "" if there is none."""
    phrases = (" ".join(spaced(word).replace('"', " ").split()) for word in words.split())
    return " AND ".join(f'"{phrase}"' for phrase in phrases if phrase)


Section = tuple[int, str, str]  # position, heading, text


def add_sections(db: Database, report_id: int, sections: Sequence[Section]) -> None:
    """Index the sections of one report. Call inside the transaction that stores them."""
    _write(db, "INSERT INTO section_search(rowid, heading, text) VALUES (?, ?, ?)", report_id, sections)


def remove_sections(db: Database, report_id: int, sections: Sequence[Section]) -> None:
    """Take out what `add_sections` put in; must be given the very same texts (the index keeps no copy)."""
    _write(
        db,
        "INSERT INTO section_search(section_search, rowid, heading, text) VALUES ('delete', ?, ?, ?)",
        report_id,
        sections,
    )


def renew_search(db: Database) -> bool:
    """Make the index again if it was made by another version of `spaced`. True if it was."""
    if get_about(db, "search") == VERSION:
        return False
    with write(db):
        rebuild(db)
        set_about(db, "search", VERSION)
    return True


def rebuild(db: Database) -> None:
    """Make the whole index again from `sections`. Call inside a transaction."""
    db.conn.execute("INSERT INTO section_search(section_search) VALUES ('delete-all')")
    cursor = db.conn.execute("SELECT report_id, position, heading, text FROM sections ORDER BY report_id, position")
    for report_id, position, heading, text in cursor:
        add_sections(db, report_id, [(position, heading, text)])


def search_sections(db: Database, words: str, limit: int = 20) -> list[tuple[int, int]]:
    """(report id, position) of the sections that hold all the words, best first."""
    expression = match_phrase(words)
    if not expression:
        return []
    found: list[tuple[Any]] = db.conn.execute(
        "SELECT rowid FROM section_search WHERE section_search MATCH ? ORDER BY rank LIMIT ?", (expression, limit)
    ).fetchall()
    return [divmod(rowid, POSITIONS) for (rowid,) in found]


def _write(db: Database, sql: str, report_id: int, sections: Sequence[Section]) -> None:
    db.conn.executemany(
        sql,
        [
            (report_id * POSITIONS + position, spaced(heading), spaced(text))
            for position, heading, text in sections
            if position < POSITIONS
        ],
    )
