"""The WARC survives a crash at every byte, and is readable by other tools."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from sqlite_utils import Database
from warcio.archiveiterator import ArchiveIterator

from crawler.desk import Desk
from crawler.errors import CrawlerError
from crawler.handler import WIRE_KEY
from crawler.keeping import Keeper
from crawler.notes import Notes
from crawler.options import Clock, Options
from crawler.recovery import recover
from crawler.safety import AllowedHosts
from crawler.warc import Told, Warc
from db.archive import Archive
from db.connection import open_database
from db.crawl_rows import store_fetch
from db.registry_rows import store_registry
from registry.model import Body, Column, Fetched, Kind, Level, Registry

AT = datetime(2026, 1, 20, 3, tzinfo=UTC)
LIST = Told("c1", "list", "http://x.gov.cn/")
ASKED = ("GET", [("User-Agent", "ogiwatch/0.1")], b"")


def write(warc: Warc, number: int, body: bytes = b"<html>hello</html>") -> tuple[str, int]:
    headers = [
        ("Content-Type", "text/html"),
        ("Transfer-Encoding", "chunked"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    ]
    return warc.exchange(
        url=f"http://x.gov.cn/{number}?a=b",
        at=AT,
        told=LIST,
        request=ASKED,
        response=(200, "HTTP/1.1", headers, body),
        ip="1.2.3.4",
    )


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A database that knows the column of the records."""
    opened = open_database(tmp_path / "home")
    body = Body("b", "某局", Kind.DEPARTMENT, Level.COUNTY, "110000")
    store_registry(opened, Registry({"b": body}, {"c1": Column("c1", "http://x.gov.cn/", ("b",), "trs")}, ()))
    yield opened
    opened.close()


def records(path: Path) -> list[tuple[str, str]]:
    with path.open("rb") as file:
        return [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI") or "")
            for r in ArchiveIterator(file, check_digests="raise")
            if r.content_stream().read() is not None
        ]


def test_a_closed_file_holds_requests_responses_and_failures(tmp_path: Path):
    warc = Warc(tmp_path, "run1", "ogiwatch/0.1")
    name, offset = write(warc, 1)
    failed = warc.exchange(
        url="http://x.gov.cn/2", at=AT, request=ASKED, response=None, told=LIST, error="no answer in time"
    )
    assert failed[0] == name and failed[1] > offset
    assert [p.name for p in (tmp_path / "warc").iterdir()] == [name + ".open"]
    warc.close()
    path = tmp_path / "warc" / name
    assert [kind for kind, _ in records(path)] == ["warcinfo", "response", "request", "metadata", "request"]
    with path.open("rb") as file:
        file.seek(offset)
        record = next(iter(ArchiveIterator(file)))
        assert record.rec_headers.get_header("WARC-Date") == "2026-01-20T03:00:00Z"
        assert record.rec_headers.get_header("WARC-Payload-Digest").startswith("sha256:")
        assert record.rec_headers.get_header("WARC-IP-Address") == "1.2.3.4"
        assert [v for k, v in record.http_headers.headers if k == "Set-Cookie"] == ["a=1", "b=2"]
        assert record.http_headers.get_header("Transfer-Encoding") is None
        assert record.content_stream().read() == b"<html>hello</html>"
    assert path.read_bytes()[:2] == b"\x1f\x8b" and record.format == "warc"


def test_two_runs_of_one_name_do_not_share_a_file(tmp_path: Path):
    first, second = Warc(tmp_path, "run1", "o"), Warc(tmp_path, "run1", "o")
    names = {write(first, 1)[0], write(second, 1)[0]}
    first.close(), second.close()
    assert len(names) == 2 == len(list((tmp_path / "warc").iterdir()))


def test_a_crash_at_any_byte_leaves_a_readable_file(tmp_path: Path, db: Database):
    warc = Warc(tmp_path, "run1", "ogiwatch/0.1")
    ends = []
    for number in range(3):
        name, _ = write(warc, number)
        ends.append((tmp_path / "warc" / (name + ".open")).stat().st_size)
    warc.close()
    whole = (tmp_path / "warc" / name).read_bytes()
    for cut in [*range(0, len(whole), 97), *ends, len(whole) - 1]:
        home = tmp_path / f"cut{cut}"
        (home / "warc").mkdir(parents=True, exist_ok=True)
        (home / "warc" / "run1-001.warc.gz.open").write_bytes(whole[:cut])
        names = recover(home, db, Archive(home))
        left = list((home / "warc").iterdir())
        assert [p.name for p in left] == names
        if left:
            found = records(left[0])
            assert found and len(found) <= 7 and found[0][0] == "warcinfo"
            assert sum(end <= cut for end in ends) * 2 + 1 <= len(found)
            answers = sum(kind == "response" for kind, _ in found)
            assert db["fetches"].count == answers and recover(home, db, Archive(home)) == []
        db.conn.execute("DELETE FROM fetches")


def test_rows_are_written_again_from_their_records(tmp_path: Path, db: Database):
    """All that a row says stands in the record: a redirected page, a packed one, a failure; one row was kept."""
    home = tmp_path / "home"
    warc, archive = Warc(home, "run1", "o"), Archive(home)
    name, kept = write(warc, 1)
    fetched = Fetched("http://x.gov.cn/", AT, "list", 200, "http://x.gov.cn/1?a=b", body=b"<html>hello</html>")
    store_fetch(db, fetched, column_id="c1", sha256=archive.put(fetched.body), warc_file=name, warc_offset=kept)
    packed = ("Content-Encoding", "gzip")
    for headers, body in (([packed], gzip.compress(b"<p>report</p>")), ([packed], gzip.compress(bytes(9_000_000)))):
        warc.exchange(
            url="http://x.gov.cn/2", at=AT, told=LIST, request=ASKED, response=(404, "HTTP/1.1", headers, body)
        )
    told = Told("c1", "article", "http://x.gov.cn/3", "timeout")
    warc.exchange(url="http://x.gov.cn/3", at=AT, told=told, request=ASKED, response=None, error="no answer in time")
    warc.exchange(
        url="http://x.gov.cn/4", at=AT, told=Told("other", "list", "x"), request=ASKED,
        response=(200, "HTTP/1.1", [], b""),
    )  # fmt: skip
    told = LIST._replace(purpose="drawn")
    warc.drawn(url="http://x.gov.cn/5", at=AT, body=b"<ul>", maker="Chromium", of=b"", told=told)
    warc._file.close()  # type: ignore[union-attr]  # its writer dies
    assert recover(home, db, archive) == [name]
    sql = "SELECT url, final_url, purpose, status, error, bytes, sha256 <> '', look_id FROM fetches"
    assert db.conn.execute(f"{sql} ORDER BY warc_offset").fetchall() == [
        ("http://x.gov.cn/", "http://x.gov.cn/1?a=b", "list", 200, "", 18, 1, None),
        ("http://x.gov.cn/", "http://x.gov.cn/2", "list", 404, "", 13, 1, None),
        ("http://x.gov.cn/", "http://x.gov.cn/2", "list", None, "too_large", 0, 0, None),
        ("http://x.gov.cn/3", "http://x.gov.cn/3", "article", None, "timeout", 0, 0, None),
        ("http://x.gov.cn/", "http://x.gov.cn/5", "drawn", None, "", 4, 1, None),
    ]
    [(at, sha256)] = db.conn.execute("SELECT at, sha256 FROM fetches WHERE status = 404").fetchall()
    assert at == "2026-01-20T03:00:00Z" and archive.get(sha256) == b"<p>report</p>"


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path, db: Database):
    warc = Warc(tmp_path, "run1", "o")
    name, _ = write(warc, 1)
    assert recover(tmp_path, db, Archive(tmp_path)) == []
    write(warc, 2)
    warc.close()
    assert len(records(tmp_path / "warc" / name)) == 5
    assert recover(tmp_path, db, Archive(tmp_path)) == []


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path):
    (tmp_path / "warc").write_text("in the way")
    with pytest.raises(CrawlerError, match="warc"):
        write(Warc(tmp_path, "run1", "o"), 1)


def test_what_was_cancelled_twice_while_it_was_written_has_its_row_all_the_same(tmp_path: Path, db: Database) -> None:
    """As a crawl does that is stopped and then ends. The disk is slow: another holds the WARC meanwhile."""
    home = tmp_path / "home"
    warc, column = Warc(home, "run", "ogiwatch/0.1"), Column("c1", "http://x.gov.cn/", ("b",), "trs")
    notes = Notes(db, column)
    desk = Desk(Options(home, (), AT), Clock(AT), db, Archive(home), warc, AllowedHosts(()), ())
    crawler = get_crawler()
    crawler.spider = SimpleNamespace(desk=desk)
    request = Request("http://x.gov.cn/", meta={"notes": notes, "purpose": "list", WIRE_KEY: ([], [])})
    response = Response("http://x.gov.cn/", body=b"<html>hello</html>", protocol="HTTP/1.1")

    async def stopped() -> None:
        keeping = asyncio.ensure_future(Keeper(crawler).process_response(request, response))
        with warc._lock:
            for _ in range(2):
                await asyncio.sleep(0)
                keeping.cancel()
            await asyncio.sleep(0)
            assert not keeping.done()
        with pytest.raises(asyncio.CancelledError):
            await keeping

    asyncio.run(stopped())
    assert notes.requests == 1
    with notes.keeping():
        pass
    assert [row["final_url"] for row in db["fetches"].rows] == ["http://x.gov.cn/"]
