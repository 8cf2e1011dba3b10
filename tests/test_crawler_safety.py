"""Where we never go, and how politely we go elsewhere."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import itertools
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from crawler_world import FAST, START, World, reports
from scrapy import Request
from scrapy.http import Response

from crawler.backoff import retry_after
from crawler.cookies import Cookies
from crawler.families.addresses import absolute
from crawler.handler import CheckedNames, RefusedName
from crawler.options import Clock, Options
from crawler.safety import AllowedHosts, is_forbidden, networks
from registry.model import Column, LookResult
from samples.portals import Portal, PortalEntry, PortalFault, PortalServer


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with PortalServer() as server:
        yield World(tmp_path / "home", server)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "198.18.0.1", "::", "::127.0.0.1",
     "::ffff:a9fe:a9fe", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "fec0::1",
     "ff02::1"],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str):
    assert is_forbidden(address, ())


def test_public_addresses_and_the_allow_list():
    assert not is_forbidden("122.137.242.24", ()) and not is_forbidden("2408:8000::1", ())
    assert not is_forbidden("64:ff9b::7a89:f218", ())  # NAT64 of a public address
    loopback = networks(["127.0.0.0/8"])
    assert loopback == (ipaddress.ip_network("127.0.0.0/8"),)
    assert not is_forbidden("127.0.0.1", loopback)
    assert is_forbidden("169.254.169.254", loopback) and is_forbidden("::1", loopback)


def test_only_hosts_and_ports_of_the_registry():
    hosts = AllowedHosts(
        [
            Column("a", "http://www.xinghua.gov.cn/nb/", ("b",), "trs", attachment_hosts=("files.example.cn",)),
            Column("b", "http://122.137.242.24:8080/nb/", ("b",), "trs"),
        ]
    )
    for url in (
        "https://xinghua.gov.cn/x",
        "http://WWW.xinghua.gov.cn./x",
        "http://files.example.cn/a.pdf",
        "http://122.137.242.24:8080/",
    ):
        assert hosts.refusal(url) == "", url
    for url in (
        "http://other.gov.cn/",
        "http://xinghua.gov.cn.evil.com/",
        "http://xinghua.gov.cn:22/",
        "http://122.137.242.24:9/",
        "ftp://xinghua.gov.cn/",
        "file:///etc/passwd",
        "http://user@xinghua.gov.cn/",
        "http://xinghua.gov.cn/" + "a" * 3000,
        "http://[::1/",
    ):
        assert hosts.refusal(url), url


def test_links_made_to_lead_astray_lead_nowhere():
    """What a page may write into a link: it leads to no address, or to none that may be asked."""
    hosts = AllowedHosts([Column("a", "http://www.xinghua.gov.cn/nb/", ("b",), "trs")])
    for href in (
        "//127.0.0.1/a", "http://127.0.0.1/", "http://xinghua.gov.cn@127.0.0.1/", "http:\\\\127.0.0.1\\a",
        "/\\127.0.0.1/a", "ftp://xinghua.gov.cn/a", "data:text/html,x", "javascript:alert(1)", "file:///etc/passwd",
        "http://xinghua.gov.cn:22/", "http://0x7f000001/", "http://017700000001/", "http://2130706433/",
        "http://[::ffff:127.0.0.1]/", "http://[::]/", "http://0.0.0.0/", "http://127。0。0。1/", "HTTP://①②⑦.0.0.1/",
        "http://xinghua.gov.cn\t.evil.com/", "http://xinghua.gov.cn%2540127.0.0.1/", "gopher://xinghua.gov.cn/",
        "http://xinghua.gov.cn;127.0.0.1/", "http://169.254.169.254/latest/meta-data/",
    ):  # fmt: skip
        address = absolute(href, "http://www.xinghua.gov.cn/nb/")
        assert address is None or hosts.refusal(address), (href, address)
    for href in ("http://xinghua.gov.cn#@127.0.0.1/", "http://xinghua.gov.cn\\@127.0.0.1/"):  # a fragment, a path
        address = absolute(href, "http://www.xinghua.gov.cn/nb/")
        assert address is not None and urlsplit(address).hostname == "xinghua.gov.cn"


def test_a_name_that_changes_its_address_is_asked_at_the_one_that_was_checked(monkeypatch: pytest.MonkeyPatch):
    """DNS rebinding: what is connected to is what was looked up and checked; an answer with one bad address is none."""
    answers = iter((["122.137.242.24"], ["127.0.0.1"], ["122.137.242.24", "169.254.169.254"]))

    def look_up(host: str, port: int, *_: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (address, port)) for address in next(answers)]

    monkeypatch.setattr("socket.getaddrinfo", look_up)

    async def ask() -> None:
        names = CheckedNames(())
        given = await names.resolve("portal.gov.cn", 80)
        assert [(one["host"], one["flags"]) for one in given] == [("122.137.242.24", socket.AI_NUMERICHOST)]
        for _ in range(2):
            with pytest.raises(RefusedName):
                await names.resolve("portal.gov.cn", 80)
        await names.close()

    asyncio.run(ask())


def test_private_addresses_get_nothing_without_the_allow_list(world: World):
    """Loopback by number, in odd spellings, and by a name that leads there."""
    portal = world.add(Portal("p", "trs", reports("trs", 2)))
    url = world.columns["p"].url
    for name, host in (("named", "localhost"), ("short", "127.1"), ("decimal", "2130706433"), ("hex", "0x7f.0.0.1")):
        world.columns[name] = Column(name, url.replace("127.0.0.1", host), ("county",), "trs")
    looks = world.crawl(private=False)
    assert {look.result for look in looks.values()} == {LookResult.UNSAFE_ADDRESS}
    assert world.server.log == [] and portal.fault is None
    assert world.query("SELECT url, error FROM fetches") == [], [look.detail for look in looks.values()]
    assert "localhost leads to 127.0.0.1" in looks["named"].detail


def test_cookies_go_back_to_the_host_that_set_them_and_nowhere_else():
    cookies = Cookies()

    def sent(url: str, **meta: str) -> bytes | None:
        request = Request(url, meta=meta)
        cookies.process_request(request)
        return request.headers.get("Cookie")

    request = Request("http://www.xinghua.gov.cn/nb/")
    for line in ("seen=1; Path=/", "wide=2; Domain=.gov.cn; Path=/", "foreign=3; Domain=.zoucheng.gov.cn; Path=/"):
        cookies.process_response(request, Response(request.url, headers={"Set-Cookie": line}))
    assert b"seen=1" in (sent("http://www.xinghua.gov.cn/nb/index_1.html") or b"")
    assert b"foreign" not in (sent("http://www.xinghua.gov.cn/") or b"")
    for url in ("http://zoucheng.gov.cn/", "http://gov.cn/", "http://dj.xinghua.gov.cn/", "http://122.137.242.24:8080/"):
        assert sent(url) is None
    assert sent("http://www.xinghua.gov.cn/nb/", cookiejar="another column") is None


def test_politeness(world: World):
    """One crawl: delay, crawl-delay, robots.txt for single paths, Retry-After, a robots.txt that fails, a bomb."""
    steady = world.add(Portal("steady", "trs", reports("trs", 5), address="127.0.6.1"))
    world.add(Portal("neighbour", "trs", reports("trs", 3), address="127.0.6.1"))
    slow = world.add(Portal("slow", "trs", reports("trs", 2), address="127.0.6.2", robots="Crawl-delay: 0.5"))
    part = world.add(Portal("part", "trs", reports("trs", 3), address="127.0.6.3", robots="Disallow: /part/*_2.html"))
    busy = world.add(Portal("busy", "trs", reports("trs", 1), address="127.0.6.4", fault=PortalFault.BUSY_ONCE))
    broken = world.add(Portal("broken", "trs", reports("trs", 1), address="127.0.6.5", robots_status=503))
    none = world.add(Portal("none", "trs", reports("trs", 1), address="127.0.6.6", robots_status=404))
    bomb = PortalEntry("某局2025年年报", "202601/t20260101_1.html", body=gzip.compress(bytes(60_000_000)))
    bomb.headers = {"Content-Encoding": "gzip"}
    bombed = world.add(Portal("bombed", "trs", [bomb], address="127.0.6.7"))
    looks = world.crawl([], "--delay", "0.2", "--backoff", "0.3", "--timeout", "3", "--contact", "ops@example.org")
    assert {line.user_agent for line in world.server.log} == {"ogiwatch/0.1 (+ops@example.org)"}

    def gaps(portal: Portal) -> list[float]:
        times = [line.at for line in world.server.log if line.host == portal.address]
        return [b - a for a, b in itertools.pairwise(times)]

    assert looks["steady"].result == looks["neighbour"].result == LookResult.COMPLETE
    assert len(gaps(steady)) == 10 and min(gaps(steady)) >= 0.09  # 0.2 s with a jitter of half
    assert min(gaps(slow)[1:]) >= 0.24
    assert looks["part"].result == LookResult.COMPLETE and "robots.txt" in looks["part"].detail
    assert not any(path.endswith("_2.html") for path in world.asked("part")) and part.fault is None
    assert looks["busy"].result == LookResult.COMPLETE and busy.robots == ""
    assert [line.status for line in world.server.log if line.host == "127.0.6.4"] == [200, 503, 200, 200]
    assert looks["broken"].result == LookResult.SERVER_ERROR and "robots.txt" in looks["broken"].detail
    assert world.asked("broken") == [] and broken.robots_status == 503
    assert looks["none"].result == LookResult.COMPLETE and none.robots_status == 404
    assert "larger than we take" in looks["bombed"].detail and bombed.name == "bombed"
    assert world.query("SELECT count(*) FROM documents WHERE column_id = 'bombed'") == [(0,)]


def test_retry_after():
    clock = Clock(START)

    def wait(value: str) -> float | None:
        return retry_after(Response("http://x.cn", status=503, headers={"Retry-After": value}), clock)

    assert wait("120") == 120
    assert wait("Mon, 19 Jan 2026 19:01:00 GMT") == pytest.approx(60, abs=2)
    assert wait("Mon, 19 Jan 2026 18:00:00 GMT") == 0
    assert wait("soon") is None and wait("") is None


def test_the_clock_is_handed_down():
    clock = Clock(START)
    assert 0 <= (clock.now() - START).total_seconds() < 5
    assert clock.now().microsecond == 0 and clock.elapsed < time.monotonic()
    assert Options(Path(), (), START, contact="x@y.cn").agent == "ogiwatch/0.1 (+x@y.cn)"
    assert FAST
