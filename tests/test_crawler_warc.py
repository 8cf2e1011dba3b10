"""The WARC survives a crash at every byte, and is readable by other tools."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.errors import CrawlerError
from crawler.warc import Warc, recover

AT = datetime(2026, 1, 20, 3, tzinfo=UTC)
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
        request=ASKED,
        response=(200, "HTTP/1.1", headers, body),
        ip="1.2.3.4",
    )


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
    failed = warc.exchange(url="http://x.gov.cn/2", at=AT, request=ASKED, response=None, error="no answer in time")
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


def test_a_crash_at_any_byte_leaves_a_readable_file(tmp_path: Path):
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
        names = recover(home)
        left = list((home / "warc").iterdir())
        assert [p.name for p in left] == names
        if left:
            found = records(left[0])
            assert found and len(found) <= 7 and found[0][0] == "warcinfo"
            assert sum(end <= cut for end in ends) * 2 + 1 <= len(found)


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path):
    warc = Warc(tmp_path, "run1", "o")
    name, _ = write(warc, 1)
    assert recover(tmp_path) == []
    write(warc, 2)
    warc.close()
    assert len(records(tmp_path / "warc" / name)) == 5
    assert recover(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path):
    (tmp_path / "warc").write_text("in the way")
    with pytest.raises(CrawlerError, match="warc"):
        write(Warc(tmp_path, "run1", "o"), 1)
