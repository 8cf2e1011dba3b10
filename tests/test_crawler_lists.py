"""Lists as they occur, written by hand (data/lists), through the real crawl: every entry with its day is found, a list
of which a part was not read is never called whole, and a whole one is not called cut.
"""

# ruff: noqa: E501 (markup stands as it is on the page)

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from crawler_world import FAST, World

from registry.model import Column, Look, LookResult
from samples.portals import Portal, PortalEntry, PortalServer

FOLDER = Path(__file__).parent / "data" / "lists"
# what stands around a list: a menu, news of the day with pages of their own, a footer with links to others
HEAD = (
    '<html><head><title>政府信息公开年报</title></head><body><div class="nav"><a href="/">首页</a>'
    '<a href="/{case}/zn/">政府信息公开指南</a></div><div class="news"><h3>要闻<a href="/{case}/xw/">更多</a></h3><ul><li>'
    '<a href="/{case}/xw/202601/t20260102_9.html" title="今日要闻">今日要闻</a><span>2026-01-02</span></li></ul></div>\n'
)
FOOT = (
    '\n<div class="foot"><select onchange="window.open(this.value)"><option value="">友情链接</option>'
    '<option value="http://www.gov.cn/">中国政府网</option></select><p>备案号 2020010203</p></div></body></html>'
)


@dataclass(slots=True)
class Case:
    """One list: its family, its column's address below the case's folder, what its look comes to, its entries."""

    name: str
    family: str
    column: str
    result: str
    encoding: str = "utf-8"
    entries: list[tuple[str, str, str]] = field(default_factory=list)
    pages: dict[str, list[str]] = field(default_factory=dict)


def read_cases() -> dict[str, Case]:
    """Every case of the folder; its format is told at the head of pagers.txt."""
    cases: dict[str, Case] = {}
    for file in sorted(FOLDER.glob("*.txt")):
        case: Case | None = None
        page: list[str] = []
        for line in file.read_text(encoding="utf-8").splitlines():
            word, _, rest = line.partition(" ")
            if word == "@case":
                case = Case(*rest.split())
                assert case.name not in cases
                cases[case.name] = case
            elif word == "@entry":
                assert case is not None
                case.entries.append(tuple(rest.split(" ", 2)))  # type: ignore[arg-type]
            elif word == "@page":
                assert case is not None
                page = case.pages.setdefault(rest, [])
            elif case is not None:
                page.append(line)
    return cases


CASES = read_cases()


def portal_of(case: Case, server: PortalServer, address: str) -> Portal:
    """A portal that answers the pages of the case, each with its menu, news and footer."""
    portal = Portal(case.name, "generic", address=address)
    netloc = f"{address}:{server.port}"
    for path, lines in case.pages.items():
        text = "\n".join(lines).strip()
        if text.startswith("<") and not text.startswith(("<html", "<?xml", "<datastore")):
            text = HEAD + text + FOOT
        for name, value in (("{case}", case.name), ("{host}", f"http://{netloc}"), ("{netloc}", netloc)):
            text = text.replace(name, value)
        kind = "application/json" if text.startswith("{") else "text/html"
        portal.entries.append(
            PortalEntry("", path, body=text.encode(case.encoding), content_type=kind, listed=False)
        )
    portal.entries.sort(key=lambda entry: -len(entry.path))  # an address without its query is the last to answer
    return portal


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, Look]]]:
    """All cases in one crawl, a host for every few of them; the server's port and the looks."""
    with PortalServer() as server:
        world = World(tmp_path_factory.mktemp("home"), server)
        for number, case in enumerate(CASES.values()):
            address = f"127.0.11.{1 + number % 8}"
            server.add(Portal("empty", "generic", address=address))
            server.add(portal_of(case, server, address))
            url = f"http://{address}:{server.port}/{case.name}{case.column}"
            world.columns[case.name] = Column(case.name, url, ("county",), case.family)
        yield str(server.port), world.crawl([], *FAST[:4], "--timeout", "20")


@pytest.mark.parametrize("name", list(CASES))
def test_lists_as_they_occur(crawled: tuple[str, dict[str, Look]], name: str):
    case, (port, looks) = CASES[name], crawled
    look = looks[name]
    below = {entry.url.partition(f":{port}/{name}")[2]: entry for entry in look.entries}
    found = {
        (path, f"{entry.list_day or '-'}", entry.title) for path, entry in below.items()
    }
    assert found == set(case.entries), look.detail
    assert (look.result == LookResult.COMPLETE) == (case.result == "complete"), (look.result, look.detail)
