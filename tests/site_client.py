"""One Datasette over the seeded database for the whole session, and the pages of it as tests look at them."""

from __future__ import annotations

import asyncio
import tempfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from site_seed import ROOT, seed

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
