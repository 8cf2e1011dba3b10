"""Where the demo's alerts arrive: a mail server that fills a Maildir folder, a webhook that appends JSON lines."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

HOST = "127.0.0.1"


class _Hook(BaseHTTPRequestHandler):
    """Appends each message to the server's file, with the key by which a repeat could be told."""

    server: _HookServer

    def do_POST(self) -> None:  # noqa: N802 (the library's name)
        """Take one JSON message."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        line = {"idempotency_key": self.headers.get("Idempotency-Key", ""), **body}
        with self.server.writing, self.server.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on the terminal."""


class _HookServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, path: Path) -> None:
        super().__init__((HOST, 0), _Hook)
        self.path, self.writing = path, threading.Lock()


def _free_port() -> int:
    """A port that is free now: aiosmtpd checks its server by connecting to the port it was given, so 0 will not do."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class Inbox:
    """Both receivers, from `with` to its end. `mail_url` and `hook_url` are the subscribers' addresses."""

    def __init__(self, folder: Path) -> None:
        """Messages go to `mailbox/` and `webhooks.jsonl` in this folder."""
        self.mailbox, self.hooks = folder / "mailbox", folder / "webhooks.jsonl"
        self._port = _free_port()
        self._mail = Controller(Mailbox(self.mailbox), hostname=HOST, port=self._port)
        self._hook = _HookServer(self.hooks)
        self._thread = threading.Thread(target=self._hook.serve_forever, name="webhook", daemon=True)
        self.mail_url = self.hook_url = ""

    def __enter__(self) -> Inbox:
        self._mail.start()
        self.mail_url = f"mailto://{HOST}:{self._port}?from=ogiwatch@demo.invalid&to=desk@demo.invalid&mode=insecure"
        self._thread.start()
        self.hook_url = f"json://{HOST}:{self._hook.server_address[1]}/alerts"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hook.shutdown()
        self._hook.server_close()
        with suppress(AssertionError):  # aiosmtpd's word for a server that never started
            self._mail.stop()
