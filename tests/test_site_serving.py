"""How `ogiwatch serve` starts the site: read-only, or with the operator's pages for whoever has the address."""

from __future__ import annotations

import asyncio
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from site_client import database

from scheduler import service
from scheduler.clock import Clock
from scheduler.home import Home
from scheduler.site import login_path, site_app


@pytest.fixture
def home(tmp_path: Path) -> Home:
    for name in ("ogiwatch.db", "ogiwatch.db-wal"):
        if (database().parent / name).exists():
            shutil.copy(database().parent / name, tmp_path / name)
    return Home(tmp_path, Clock())


def _asked(app: Any, *paths: str) -> list[int]:
    async def ask() -> list[int]:
        await app.invoke_startup()
        cookies: dict[str, str] = {}
        found = []
        for path in paths:
            answer = await app.client.get(path, cookies=cookies)
            cookies.update(answer.cookies)
            found.append(answer.status_code)
        return found

    return asyncio.run(ask())


def test_the_public_site_has_no_operators_pages_and_no_login(home: Home) -> None:
    app = site_app(home)
    assert _asked(app, "/", "/operator", login_path(app), "/operator") == [200, 404, 404, 404]


def test_an_operators_site_opens_with_the_address_printed(home: Home) -> None:
    app = site_app(home, operator=True)
    assert _asked(app, "/", "/operator", login_path(app), "/operator") == [200, 403, 302, 200]


@pytest.mark.parametrize(
    ("host", "operator", "expected"),
    [(None, True, "127.0.0.1"), ("127.0.0.2", True, "127.0.0.2"), (None, False, "127.0.0.3")],
)
def test_where_it_listens(
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    host: str | None,
    operator: bool,
    expected: str,
) -> None:
    (home.path / "settings.toml").write_text('[site]\nhost = "127.0.0.3"\nport = 0\n')
    listening = []

    async def told(app: Any, listener: socket.socket) -> None:
        listening.append(listener.getsockname()[0])
        listener.close()

    monkeypatch.setattr(service, "serve_until_told", told)
    service.serve_site(home, host, operator=operator)
    assert listening == [expected]
    printed = capsys.readouterr().err
    assert (f"log in, once, at http://{expected}:" in printed) is operator
