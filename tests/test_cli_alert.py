"""The outbox through the command line: shown, sent once, tried again under the same key."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from db.connection import open_database
from db.judgement_rows import store_judgements
from db.outbox import Subscriber, add_subscriber
from db.registry_rows import store_registry
from monitor.model import Event, Obligation, Severity, Status
from registry.loader import load
from scheduler.cli import main

NOW = datetime(2026, 2, 20, tzinfo=UTC)
BODY = "000000-moe"


class Answering(http.server.BaseHTTPRequestHandler):
    status = 200
    got: list[tuple[str, dict[str, object]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Answering.got.append((self.headers["Idempotency-Key"], body))
        self.send_response(Answering.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[str]:
    Answering.status, Answering.got = 200, []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_address[1]}/hook"
    server.shutdown()
    server.server_close()


def home(path: Path, url: str) -> Path:
    """A home with one subscriber and one event to be told."""
    db = open_database(path)
    store_registry(db, load())
    add_subscriber(db, Subscriber("desk", url, "en"), NOW)
    event = Event(
        f"status:{BODY}:2025:missing:2026-02-20", "status", BODY, 2025, "awaiting", "missing", NOW, NOW,
        Severity.WARNING, True, "未找到", "By 2026-02-19, not found in the columns looked at.",
    )  # fmt: skip
    obligation = Obligation(BODY, 2025, Status.MISSING, None, certain=True)
    store_judgements(db, [obligation], [], NOW, events_of=lambda changes: [event])
    db.close()
    return path


def alert(path: Path, at: str, *more: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(path), "alert", "--as-of", at, *more], catch_exceptions=False)


def test_a_dry_run_shows_and_sends_nothing(tmp_path: Path, hook: str) -> None:
    path = home(tmp_path, hook)
    result = alert(path, "2026-02-20T09:00", "--dry-run")
    assert result.exit_code == 0 and "to desk: 教育部, 2025: not found" in result.stdout
    assert hook.split("//")[1] not in result.output
    (line,) = alert(path, "2026-02-20T09:00", "--dry-run", "--json").stdout.splitlines()
    assert json.loads(line)["subscriber"] == "desk" and json.loads(line)["message_id"]
    assert not Answering.got


def test_a_refused_message_is_tried_again_under_the_same_key_and_then_never(tmp_path: Path, hook: str) -> None:
    path = home(tmp_path, hook)
    Answering.status = 503
    result = alert(path, "2026-02-20T09:00")
    assert result.exit_code == 2 and result.stdout == "deliveries\tnumber\nsent\t0\nfailed\t1\ngiven up\t0\n"
    assert result.stderr.startswith("ogiwatch: alert: desk: ") and "tried again" in result.stderr
    assert hook.split("//")[1] not in result.output
    assert alert(path, "2026-02-20T09:00").stdout.startswith("deliveries\tnumber\nsent\t0\nfailed\t0")  # not yet due
    Answering.status = 200
    assert "sent\t1" in alert(path, "2026-02-20T09:30").stdout
    assert "sent\t0" in alert(path, "2026-03-20T09:30").stdout
    keys = {key for key, _ in Answering.got}
    assert len(Answering.got) == 2 and len(keys) == 1 and None not in keys


def test_an_address_nobody_answers_is_given_up_in_the_end(tmp_path: Path) -> None:
    path = home(tmp_path, "json://127.0.0.1:9/hook")
    for day in range(1, 9):
        result = alert(path, f"2026-03-{day * 3:02}")
    assert "given up\t1" in result.stdout and "given up" in result.stderr
    assert "given up\t0" in alert(path, "2026-04-20").stdout


def test_a_bare_mail_address_needs_a_server(tmp_path: Path) -> None:
    path = home(tmp_path, "reader@example.org")
    assert "alerts.smtp" in alert(path, "2026-02-20T09:00").stderr


def test_what_no_attempt_could_send_is_given_up_at_once_and_says_why(tmp_path: Path) -> None:
    path = home(tmp_path, "nosuchservice://secret@example.org")
    result = alert(path, "2026-02-20T09:00")
    assert result.exit_code == 2 and "given up\t1" in result.stdout and "failed\t0" in result.stdout
    (line,) = result.stderr.splitlines()
    assert line.startswith("ogiwatch: alert: desk: given up, trying again would not help: nosuchservice://...")
    listed = CliRunner().invoke(main, ["--home", str(path), "subscribe", "list", "--json"])
    (row,) = map(json.loads, listed.stdout.splitlines())
    assert (row["waiting"], row["sent"], row["given_up"]) == (0, 0, 1)
    assert "expected an address that apprise knows" in row["last_error"] and "secret" not in listed.output
    assert "given up\t0" in alert(path, "2026-03-20T09:00").stdout
