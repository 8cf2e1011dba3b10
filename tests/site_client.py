"""One Datasette over the seeded database for the whole session, and the pages of it as tests look at them."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
from contextlib import closing
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.utils import parse_metadata
from site_seed import ROOT, seed

from db.connection import open_database

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


@cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


@cache
def database() -> Path:
    """The seeded database file."""
    return seed(Path(tempfile.mkdtemp(prefix="ogiwatch-site-")) / "ogiwatch.db")


@cache
def site() -> Datasette:
    """The site as the service starts it: the configuration directory over one database file."""
    made = Datasette(files=[str(database())], config_dir=ROOT / "datasette", cors=True)
    _loop().run_until_complete(made.invoke_startup())
    return made


class Site:
    """A site of its own over a database."""

    def __init__(self, path: Path, **plugin: Any) -> None:
        self.path = path
        # pages are kept for two seconds after a change; a test does not wait
        metadata = parse_metadata((ROOT / "datasette/metadata.yml").read_text(encoding="utf-8"))
        metadata["plugins"]["site"] = {"cache_seconds": 0, **plugin}
        self.made = Datasette(files=[str(self.path)], config_dir=ROOT / "datasette", metadata=metadata)
        _loop().run_until_complete(self.made.invoke_startup())

    def run(self, *changes: str) -> None:
        """SQL statements, in one transaction."""
        with closing(sqlite3.connect(self.path)) as conn, conn:
            for sql in changes:
                conn.execute(sql)
        reading = sys.modules.get("ogisite.reading")
        if reading is not None:
            reading._REMEMBERED.clear()

    def get(self, path: str, **options: Any) -> Any:
        """The answer to one request, redirects not followed."""
        return _loop().run_until_complete(self.made.client.get(path, **options))

    def post(self, path: str, **options: Any) -> Any:
        """The answer to one POST."""
        return _loop().run_until_complete(self.made.client.post(path, **options))

    def page(self, path: str, **options: Any) -> Page:
        """The page at a path, which must answer 200."""
        answer = self.get(path, **options)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
        return Page(answer.text)


def open_site(*changes: str, **plugin: Any) -> Site:
    """A site over a copy of the seeded database with these statements run on it; `plugin`: the plugin's settings."""
    path = Path(tempfile.mkdtemp(prefix="ogiwatch-site-")) / "ogiwatch.db"
    with closing(sqlite3.connect(database())) as seeded, closing(sqlite3.connect(path)) as copy:
        seeded.backup(copy)
        copy.execute("PRAGMA journal_mode = WAL")
    made = Site(path, **plugin)
    made.run(*changes)
    return made


def fresh_site() -> Site:
    """A site over the database of a home in which nothing has happened yet."""
    home = Path(tempfile.mkdtemp(prefix="ogiwatch-site-"))
    open_database(home).close()
    return Site(home / "ogiwatch.db")


def get(path: str, **options: Any) -> Any:
    """The answer to one request, redirects not followed."""
    return _loop().run_until_complete(site().client.get(path, **options))


class Page(HTMLParser):
    """What a page holds: elements as (tag, attributes, text inside), in order, and whether tags are balanced."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.unbalanced: list[str] = []
        self._open: list[tuple[str, int]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))
        if tag not in VOID:
            self._open.append((tag, len(self.elements) - 1))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
        else:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        for _, index in self._open:
            self.elements[index][2].append(data)

    def all(self, tag: str, **wanted: str) -> list[tuple[dict[str, str | None], str]]:
        """Attributes and text of every such element; `class_` matches one class among several."""
        found = []
        for name, attributes, text in self.elements:
            if name != tag:
                continue
            fits = all(
                value in (attributes.get("class") or "").split() if key == "class_" else attributes.get(key) == value
                for key, value in wanted.items()
            )
            if fits:
                found.append((attributes, " ".join("".join(text).split())))
        return found

    def ids(self) -> set[str]:
        """All ids of the page."""
        return {str(a["id"]) for _, a, _ in self.elements if a.get("id")}


@cache
def page(path: str) -> Page:
    """The page at a path, which must answer 200."""
    answer = get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
    return Page(answer.text)
