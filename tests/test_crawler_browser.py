"""Columns whose list a script draws: through the real crawler and a real Chromium, which gets no network of its own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from crawler_world import ROOT, START, World, reports
from warcio.archiveiterator import ArchiveIterator

from registry.model import LookResult
from samples.portals import Portal, PortalFault, PortalServer

FAST = ("--delay", "0", "--backoff", "0.05", "--timeout", "20")
ASTRAY = """<script>
  navigator.sendBeacon('http://127.0.8.99:{port}/beacon');
  fetch('http://127.0.8.99:{port}/fetch', {{mode: 'no-cors'}}).catch(function () {{}});
  fetch('http://169.254.169.254/latest/').catch(function () {{}});
  new WebSocket('ws://127.0.8.99:{port}/socket');
  var frame = document.createElement('iframe'); frame.src = 'file:///etc/passwd'; document.body.appendChild(frame);
  var image = new Image(); image.src = 'http://127.0.8.99:{port}/image';
  document.cookie = 'of=column';
</script><link rel="preconnect" href="http://127.0.8.99:{port}/"><script src="http://127.0.8.99:{port}/x.js"></script>"""

NO_LINKS = """<script>
  new MutationObserver(function () {
    if (document.querySelector('#app .page')) document.querySelectorAll('#app .page, script').forEach(e => e.remove());
  }).observe(document.documentElement, {childList: true, subtree: true});
</script>"""
SCROLLED = """<div style="height: 3000px"></div><script>
  var following = 2;
  addEventListener('scroll', function () {
    if (following > 2) return;
    fetch('/scrolled/app/api/list?page=' + following++).then(function (answer) { return answer.json(); })
      .then(function (told) { told.rows.forEach(function (row) {
        document.querySelector('#app ul').insertAdjacentHTML(
          'beforeend', '<li><a href="' + row.url + '">' + row.title + '</a></li>');
      }); });
  });
</script>"""
TURNED = '<ul class="el-pager"><li class="number active">1</li><li class="number">2</li></ul>'

needs_browser = pytest.mark.skipif(
    not importlib.util.find_spec("playwright") or not shutil.which("chromium"), reason="`make extras` installs both"
)


class Stranger(BaseHTTPRequestHandler):
    """A server that nobody registered; it remembers who came."""

    came: list[str] = []

    def do_GET(self) -> None:  # noqa: N802 (the library's name)
        self.came.append(self.path)
        self.send_response(204)
        self.end_headers()

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with PortalServer() as server:
        yield World(tmp_path / "home", server)


@needs_browser
def test_a_list_that_a_script_draws_is_read_whole_and_nothing_goes_past_us(world: World):
    stranger = ThreadingHTTPServer(("127.0.8.99", 0), Stranger)
    threading.Thread(target=stranger.serve_forever, daemon=True).start()
    drawn = Portal("drawn", "drawn", reports("drawn", 18), address="127.0.8.1")
    world.add(drawn, javascript=True)
    world.add(Portal("plain", "drawn", reports("drawn", 3), address="127.0.8.2"))
    fails = Portal("fails", "drawn", reports("drawn", 3), address="127.0.8.3", fault=PortalFault.PART_FAILS)
    world.add(fails, javascript=True)
    astray = Portal("astray", "drawn", reports("drawn", 3), address="127.0.8.4")
    astray.furniture = ASTRAY.format(port=stranger.server_address[1])
    world.add(astray, javascript=True)
    leads = Portal("leads", "drawn", reports("drawn", 3), address="127.0.8.5")
    leads.furniture = "<script>location.href = '/';</script>"
    world.add(leads, javascript=True)
    forbidden = Portal("forbidden", "drawn", reports("drawn", 3), address="127.0.8.6")
    forbidden.robots = "Disallow: /forbidden/app/api"
    world.add(forbidden, javascript=True)
    gate = world.add(Portal("gate", "drawn", reports("drawn", 3), address="127.0.8.7"), javascript=True)
    gate.fault = PortalFault.TRUNCATED_HTML
    looks = world.crawl([], *FAST)
    assert {name: look.result for name, look in looks.items()} == {
        "drawn": LookResult.COMPLETE,
        "plain": LookResult.CHALLENGE,  # without a browser there is no list, and that proves nothing
        "fails": LookResult.SERVER_ERROR,
        "astray": LookResult.UNSAFE_ADDRESS,
        "leads": LookResult.HOME_REDIRECT,
        "forbidden": LookResult.ROBOTS,
        "gate": LookResult.TRUNCATED,
    }, "\n".join(look.detail for look in looks.values())
    assert {e.title for e in looks["drawn"].entries} == {e.title for e in drawn.entries}
    assert (looks["drawn"].pages_read, looks["drawn"].pages_expected) == (2, 2)
    assert Stranger.came == []
    assert not [line for line in world.server.log if line.host == "127.0.8.6" and "/api/" in line.path]
    kept = world.query(
        "SELECT purpose, count(*), count(sha256 <> '' OR NULL) FROM fetches WHERE column_id = 'drawn' GROUP BY 1"
    )
    assert kept == [("article", 18, 18), ("drawn", 2, 2), ("list", 2, 2), ("part", 2, 2), ("robots", 1, 1)]
    assert looks["drawn"].requests == 23 and {line.user_agent for line in world.server.log} == {"ogiwatch/0.1"}
    of_kind: dict[str, int] = {}
    for path in (world.home / "warc").iterdir():
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                text = record.content_stream().read().decode("utf-8", "replace")
                of_kind[record.rec_type] = of_kind.get(record.rec_type, 0) + 1
                assert record.rec_type != "conversion" or "加载中" not in text
    assert of_kind["conversion"] == 2  # the two pages of one list; what was drawn with a part missing is not taken
    stranger.shutdown()


@needs_browser
def test_a_list_that_goes_on_by_a_script_is_read_to_its_end_or_known_to_be_cut(world: World):
    """Else the reports further on would be taken for absent, with those of the first page as the control."""
    scrolled = Portal("scrolled", "drawn", reports("drawn", 18), address="127.0.8.1", furniture=NO_LINKS + SCROLLED)
    world.add(scrolled, javascript=True)
    turned = Portal("turned", "drawn", reports("drawn", 18), address="127.0.8.2", furniture=NO_LINKS + TURNED)
    world.add(turned, javascript=True)
    looks = world.crawl([], *FAST)
    assert looks["scrolled"].result == LookResult.COMPLETE, looks["scrolled"].detail
    assert {e.title for e in looks["scrolled"].entries} == {e.title for e in scrolled.entries}
    assert looks["turned"].result == LookResult.PAGING_CUT, looks["turned"].detail


def test_without_a_browser_the_look_says_what_is_absent(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    world.add(Portal("drawn", "drawn", reports("drawn", 3)), javascript=True)
    bare = tmp_path / "bin"
    bare.mkdir()
    monkeypatch.setenv("PATH", str(bare))
    look = world.crawl([], *FAST)["drawn"]
    assert look.result == LookResult.NO_BROWSER and "make extras" in look.detail and "Chromium" in look.detail
    assert look.requests == 0 and world.server.log == []


@needs_browser
def test_a_killed_crawl_leaves_no_browser(world: World):
    portal = Portal("drawn", "drawn", reports("drawn", 3), fault=None, stall_seconds=30)
    world.add(portal, javascript=True)
    portal.furniture = "<script>fetch('/drawn/app/api/list?page=1'); for (;;) {}</script>"  # never comes to rest
    world.store()
    profile = world.home / "tmp"
    profile.mkdir(parents=True, exist_ok=True)
    child = subprocess.Popen(
        world.command(["drawn"], START, *FAST), cwd=ROOT, env={**os.environ, "TMPDIR": str(profile)}
    )
    try:
        found = threading.Event()
        for _ in range(400):
            if _browsers(profile):
                found.set()
                break
            found.wait(0.1)
        assert found.is_set()
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait(10)
    for _ in range(200):
        if not _browsers(profile):
            break
        threading.Event().wait(0.1)
    assert _browsers(profile) == []
    assert sys.executable


def _browsers(profile: Path) -> list[str]:
    """Processes whose command line names a profile of this crawl."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = line.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:  # it has ended meanwhile
            continue
        if str(profile) in words and "chromium" in words:
            found.append(words)
    return found
