"""SIGKILL at any time, and starting again: nothing is lost, nothing doubled, nothing told twice under two names."""

from __future__ import annotations

import contextlib
import http.server
import json
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scheduler_town import BODIES, Town, entry, start
from warcio.archiveiterator import ArchiveIterator

EARLIER, LATER = "2026-01-10T02:00", "2026-02-20T02:00"


class Hook:
    """A webhook that remembers what it was sent; `before_answer` is called with the number of the message."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.before_answer: Callable[[int], None] = lambda number: None
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append((self.headers["Idempotency-Key"], json.loads(body)))
                hook.before_answer(len(hook.got))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def season(town: Town) -> None:
    """What the portals publish: old reports first, then this year's: late ones, some with slips."""
    for number, (body, portal) in enumerate(town.portals.items()):
        portal.entries[:] = [
            entry(BODIES[body][0], year, date(year + 1, 1, 10 + number), 100 * number + year)
            for year in range(2021, 2025)
        ]


def news(town: Town) -> None:
    for number, (body, portal) in enumerate(town.portals.items()):
        portal.entries.insert(0, entry(BODIES[body][0], 2025, date(2026, 2, 5 + number), number, handled=13 + number))


def ledger(town: Town) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that counts, without row numbers and instants of our own work."""
    queries = {
        "documents": "SELECT url, sha256, list_title FROM documents",
        "reports": "SELECT d.url, r.part, r.body_id, r.report_year, r.version FROM reports r "
        "JOIN documents d ON d.id = r.document_id",
        "figures": "SELECT count(*) FROM requests",
        "entries": "SELECT column_id, url, title FROM entries",
        "obligations": "SELECT body_id, report_year, status, clause FROM obligations",
        "findings": "SELECT id, outcome, closed_at IS NULL FROM findings",
        "events": "SELECT kind, body_id, report_year, finding_id, old, new, alert FROM events",
        "deliveries": "SELECT e.body_id, e.report_year, e.new, s.name, d.state FROM deliveries d "
        "JOIN events e ON e.id = d.event_id JOIN subscribers s ON s.id = d.subscriber_id",
    }
    port = f":{town.server.port}/"

    def plain(row: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(value.replace(port, ":PORT/") if isinstance(value, str) else value for value in row.values())

    return {name: sorted(plain(row) for row in town.rows(sql)) for name, sql in queries.items()}


def undisturbed(town: Town, hook: Hook) -> None:
    """The whole season without any trouble."""
    season(town)
    town.here("run", "--once", "--as-of", EARLIER)
    town.here("subscribe", "add", "desk", hook.url, "--as-of", EARLIER)
    news(town)
    town.here("run", "--once", "--as-of", LATER)


def kill_when(town: Town, sql: str, at_least: int, *arguments: str) -> None:
    """Start a command and SIGKILL it as soon as the database counts so many (it must, before the command ends)."""
    process = start(town.home, *arguments)
    assert process.stderr is not None
    try:
        while count(town, sql) < at_least:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
            assert process.poll() is None, f"{arguments} ended before it was killed: {process.stderr.read()}"
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == -signal.SIGKILL


def _answers(path: Path) -> list[tuple[str, int, str]]:
    """The exchanges in a WARC: file, offset and address, in order; our portals answer everything."""
    assert path.suffix == ".gz", "what a killed crawl left is closed by the next"
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        return [
            (path.name, records.get_record_offset(), record.rec_headers["WARC-Target-URI"])
            for record in records if record.rec_type == "response"
        ]  # fmt: skip


def count(town: Town, sql: str) -> int:
    if not (town.home / "ogiwatch.db").exists():
        return 0
    try:
        return int(town.rows(f"SELECT count(*) AS n FROM {sql}")[0]["n"])
    except sqlite3.OperationalError as error:  # the tables may not be made yet
        assert "no such table" in str(error) or "locked" in str(error), error
        return 0


@pytest.mark.campaign
def test_killed_in_every_step_and_started_again(tmp_path: Path) -> None:
    calm, rough = Hook(), Hook()
    with Town(tmp_path / "calm") as town:
        undisturbed(town, calm)
        expected = ledger(town)
    assert len(expected["documents"]) == 15 and len(expected["reports"]) == 15
    assert {row[2] for row in expected["obligations"]} >= {"on_time", "late"}
    assert calm.got and all(row[-1] == "sent" for row in expected["deliveries"])

    with Town(tmp_path / "rough") as town:
        season(town)
        kill_when(town, "documents", 3, "crawl", "--as-of", EARLIER)
        kill_when(town, "reports", 2, "read", "--as-of", EARLIER)
        kill_when(town, "runs WHERE job = 'judge'", 1, "judge", "--as-of", EARLIER)
        town.here("run", "--once", "--as-of", EARLIER)
        town.here("subscribe", "add", "desk", rough.url, "--as-of", EARLIER)
        news(town)
        # in the telling: the channel has the message, we have not heard so
        process: list[subprocess.Popen[str]] = []
        rough.before_answer = lambda number: process[0].kill() if number == 2 else None
        process.append(start(town.home, "run", "--once", "--as-of", LATER))
        process[0].communicate()
        assert process[0].returncode == -signal.SIGKILL
        again = start(town.home, "run", "--once", "--as-of", LATER)
        assert again.wait(60) == 0
        assert ledger(town) == expected
        runs = town.rows("SELECT job, outcome FROM runs WHERE outcome IS NULL OR outcome <> 'ok'")
        assert {(r["job"], r["outcome"]) for r in runs} >= {("crawl", "interrupted"), ("read", "interrupted")}
        assert not [r for r in runs if r["outcome"] is None]
        told = town.rows("SELECT warc_file, warc_offset, final_url FROM fetches")
        found = [record for path in sorted((town.home / "warc").iterdir()) for record in _answers(path)]
        assert sorted(tuple(row.values()) for row in told) == found, "a record without its row, or a row without"

    keys = [key for key, _ in rough.got]
    assert len(keys) == len(set(keys)) + 1, "one message was on its way when we died, and is repeated"
    assert keys[1] in keys[2:], "under the same idempotency key"
    assert len(set(keys)) == len(calm.got)
    for stopped in (calm, rough):
        stopped.server.shutdown()
