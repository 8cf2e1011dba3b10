"""Two crawls of portals of every family and with every fault: what each look says, and what a second look costs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from crawler_tls import certificates
from crawler_world import FAST, World, reports
from warcio.archiveiterator import ArchiveIterator

from db.archive import Archive
from registry.model import Look, LookResult
from samples.portals import SHAPES, Portal, PortalFault, PortalServer

FAMILIES = [name for name in SHAPES if name != "drawn"]  # that one takes a browser: see test_crawler_browser.py
PAGED = [name for name in FAMILIES if name not in ("fujian", "jcms_annual")]  # these two show all they have on one page
COUNT = 18
FAULTS = {
    PortalFault.ERROR_PAGE: LookResult.ERROR_PAGE,
    PortalFault.EMPTY_LIST: LookResult.EMPTY_LIST,
    PortalFault.UNAUTHORISED: LookResult.WALL,
    PortalFault.FORBIDDEN: LookResult.WALL,
    PortalFault.PRECONDITION: LookResult.WALL,
    PortalFault.RATE_LIMITED: LookResult.WALL,
    PortalFault.GATE: LookResult.WALL,
    PortalFault.SERVER_ERROR: LookResult.SERVER_ERROR,
    PortalFault.UNAVAILABLE: LookResult.SERVER_ERROR,
    PortalFault.BUSY_ONCE: LookResult.COMPLETE,
    PortalFault.NOT_FOUND: LookResult.NOT_FOUND,
    PortalFault.GONE: LookResult.NOT_FOUND,
    PortalFault.TIMEOUT: LookResult.TIMEOUT,
    PortalFault.TRICKLE: LookResult.TIMEOUT,
    PortalFault.RESET: LookResult.REFUSED,
    PortalFault.TRUNCATED: LookResult.TRUNCATED,
    PortalFault.TRUNCATED_HTML: LookResult.TRUNCATED,
    PortalFault.HOME_REDIRECT: LookResult.HOME_REDIRECT,
    PortalFault.HOME_REFRESH: LookResult.HOME_REDIRECT,
    PortalFault.LOGIN: LookResult.CHALLENGE,
    PortalFault.CHALLENGE: LookResult.CHALLENGE,
    PortalFault.CONTENT_TYPE: LookResult.CONTENT_TYPE,
    PortalFault.EMPTY_BODY: LookResult.EMPTY_BODY,
    PortalFault.TOO_LARGE: LookResult.TOO_LARGE,
    PortalFault.DECODING: LookResult.DECODING,
    PortalFault.ROBOTS: LookResult.ROBOTS,
    PortalFault.PAGING_CUT: LookResult.PAGING_CUT,
    PortalFault.PAGE_REPEATS: LookResult.PAGING_CUT,
    PortalFault.PRIVATE_REDIRECT: LookResult.UNSAFE_ADDRESS,
    PortalFault.FOREIGN_REDIRECT: LookResult.UNSAFE_ADDRESS,
    PortalFault.FILE_REDIRECT: LookResult.UNSAFE_ADDRESS,
    PortalFault.LOOP: LookResult.UNKNOWN,
    PortalFault.REBUILDING: LookResult.ERROR_PAGE,
    PortalFault.CLOSED: LookResult.ERROR_PAGE,
    PortalFault.PARKED: LookResult.ERROR_PAGE,
    PortalFault.NO_SCRIPT: LookResult.CHALLENGE,
    PortalFault.HOME_META: LookResult.HOME_REDIRECT,
    PortalFault.BROKEN_GZIP: LookResult.DECODING,
    PortalFault.OLD_COPY: LookResult.UNKNOWN,
    PortalFault.OTHER_LIST: LookResult.COMPLETE,  # a first look cannot know whose list it is
    PortalFault.PART_FAILS: LookResult.COMPLETE,  # its script asks for nothing
    PortalFault.TLS_EXPIRED: LookResult.TLS,
    PortalFault.TLS_WRONG_HOST: LookResult.TLS,
    PortalFault.TLS_SELF_SIGNED: LookResult.TLS,
}


class Crawled:
    """The same portals crawled twice, a day apart, nothing changed in between.

    The portals that do not answer, or not to the end, are crawled on their own, with a short time-out; for the others
    it is so long that a slow machine does not reach it.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        silent = [f"fault-{fault}" for fault in (PortalFault.TIMEOUT, PortalFault.TRICKLE)]
        others = [name for name in world.columns if name not in silent]
        short, long = ("--delay", "0", "--backoff", "0.05", "--timeout", "1"), (*FAST[:4], "--timeout", "30")
        world.crawl(silent, *short)
        self.first = world.crawl(others, *long)
        self.first_log = list(world.server.log)
        world.crawl(silent, *short, days=1)
        self.second = world.crawl(others, *long, days=1)
        self.second_log = list(world.server.log)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    faulty = {fault: f"127.0.4.{number + 1}" for number, fault in enumerate(PortalFault)}
    authority, shown = certificates(tmp_path_factory.mktemp("tls"), ["127.0.5.2", *faulty.values()])
    with PortalServer(tls=shown) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(authority))
        world = World(tmp_path_factory.mktemp("home"), server)
        for number, family in enumerate(FAMILIES):
            count = COUNT if family in PAGED else 12
            world.add(Portal(f"family-{family}", family, reports(family, count), address=f"127.0.3.{number + 1}"))
        world.add(Portal("gbk", "trs", reports("trs", 3), address="127.0.3.100", encoding="gbk"))
        world.add(Portal("tls", "trs", reports("trs", 3), address="127.0.5.2", secure=True))
        for fault, address in faulty.items():
            portal = Portal(f"fault-{fault}", "trs", reports("trs", 18), address=address, fault=fault)
            portal.secure = fault in shown
            portal.stall_seconds, portal.flood_bytes = 4.0, 12_000_000
            world.add(portal)
        elsewhere = world.columns["family-trs"]
        for name, url in (
            ("dns", "http://no-such-host.invalid/zfxxgknb/"),
            ("refused", "http://127.0.5.1:1/zfxxgknb/"),
        ):
            world.columns[name] = type(elsewhere)(name, url, ("county",), "trs")
        yield Crawled(world)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_lists_pages_and_finds_all_its_reports(crawled: Crawled, family: str):
    look = crawled.first[f"family-{family}"]
    listed = COUNT if family in PAGED else 12
    assert (look.result, len(look.entries)) == (LookResult.COMPLETE, listed), look.detail
    pages = 1 if family not in PAGED else 2
    assert (look.pages_read, look.pages_expected) == (pages, pages)
    held = crawled.world.query(
        "SELECT count(*), count(DISTINCT sha256) FROM documents WHERE column_id = ?", look.column
    )
    assert held == [(listed, listed)]
    if family != "jcms_annual":
        assert {e.title for e in look.entries} == {e.title for e in reports(family, listed)}
        assert all(e.list_day is not None for e in look.entries)


@pytest.mark.parametrize("fault", list(PortalFault))
def test_every_failure_gives_its_own_result(crawled: Crawled, fault: PortalFault):
    for looks in (crawled.first, crawled.second):
        look = looks[f"fault-{fault}"]
        assert look.result == FAULTS[fault], look.detail
        assert look.detail
        assert look.result.complete or look.pages_read < 2


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("dns", LookResult.DNS),
        ("refused", LookResult.REFUSED),
    ],
)
def test_failures_below_http(crawled: Crawled, name: str, result: LookResult):
    assert crawled.first[name].result == result, crawled.first[name].detail


def test_the_encrypted_connection(crawled: Crawled):
    """A sound certificate is taken; each other is refused for its own reason, before anything is asked."""
    assert crawled.first["tls"].result == LookResult.COMPLETE, crawled.first["tls"].detail
    for fault, said in (
        (PortalFault.TLS_EXPIRED, "certificate has expired"),
        (PortalFault.TLS_WRONG_HOST, "certificate is not valid for"),
        (PortalFault.TLS_SELF_SIGNED, "self-signed certificate"),
    ):
        look = crawled.first[f"fault-{fault}"]
        assert said in look.detail, look.detail
        assert not any(line.path.startswith(f"/{look.column}/") for line in crawled.first_log)


def test_pages_in_gbk_are_read(crawled: Crawled):
    assert crawled.first["gbk"].result == LookResult.COMPLETE
    assert {e.title for e in crawled.first["gbk"].entries} == {e.title for e in reports("trs", 3)}


def test_exactly_one_look_a_visit(crawled: Crawled):
    counts = crawled.world.query("SELECT column_id, count(*) FROM looks GROUP BY 1")
    assert len(counts) == len(crawled.world.columns) and {n for _, n in counts} == {2}


def test_a_second_crawl_fetches_list_pages_only(crawled: Crawled):
    families = {f"127.0.3.{n + 1}" for n in range(len(FAMILIES))}
    second = [line for line in crawled.second_log if line.host in families and line.path != "/robots.txt"]
    articles = [line for line in second if any(line.path.endswith("/" + e.lstrip("/")) for e in _article_paths())]
    assert articles == []
    first_bytes = sum(line.bytes for line in crawled.first_log if line.host in families)
    assert sum(line.bytes for line in second) <= 0.2 * first_bytes
    assert crawled.world.query("SELECT count(*) FROM documents WHERE first_seen_at > '2026-01-20T12:00:00Z'") == [(0,)]


def _article_paths() -> set[str]:
    return {e.path for family in FAMILIES for e in reports(family, COUNT if family in PAGED else 12)}


def test_the_look_counts_what_it_cost(crawled: Crawled):
    look: Look = crawled.second["family-trs"]
    assert look.requests == 3 and look.bytes > 0  # robots.txt and two pages
    fetches = crawled.world.query(
        "SELECT purpose, status FROM fetches f JOIN looks l ON l.id = f.look_id WHERE l.column_id = 'family-trs' "
        "AND l.started_at > '2026-01-20T12:00:00Z' ORDER BY f.id"
    )
    assert fetches == [("robots", 200), ("list", 200), ("list", 200)]
    assert crawled.world.query("SELECT count(*) FROM fetches WHERE look_id IS NULL") == [(0,)]


def test_every_fetch_points_to_its_record_and_its_body(crawled: Crawled):
    home: Path = crawled.world.home
    assert [path.suffix for path in (home / "warc").iterdir()] == [".gz"] * 4
    archive = Archive(home)
    rows = crawled.world.query("SELECT final_url, status, error, sha256, warc_file, warc_offset FROM fetches")
    assert rows
    for name in {row[4] for row in rows}:
        with (home / "warc" / name).open("rb") as file:
            of_file = [row for row in rows if row[4] == name]
            for url, status, error, sha256, _, offset in of_file[::7]:
                file.seek(offset)
                record = next(iter(ArchiveIterator(file, check_digests="raise")))
                assert record.rec_headers["WARC-Target-URI"] == url
                if status is None:  # nothing came, or what came cannot be unpacked
                    assert error and (record.rec_type == "metadata" or error in ("decoding", "too_large"))
                    continue
                assert record.http_headers.get_statuscode() == str(status)
                body = record.content_stream().read()
                assert (archive.get(sha256) if sha256 else b"") == body


def test_nobody_is_asked_twice_at_once_or_without_a_name(crawled: Crawled):
    assert {line.user_agent for line in crawled.first_log} == {"ogiwatch/0.1"}
