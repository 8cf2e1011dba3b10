"""The evidence folder: what others can check without us (hashes, WARC, WACZ, the statement in words)."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from scheduler_town import BODIES, Town, entry
from warcio.archiveiterator import ArchiveIterator

from samples.portals import PortalFault
from scheduler.cli import main
from scheduler.evidence_records import surt
from scheduler.evidence_words import LIMITS, in_words, with_failed_visits

STAMP = """[evidence]
timestamp_command = "sh -c 'cp \\"$0\\" stamped.tsr' {manifest}"
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with Town(tmp_path_factory.mktemp("home")) as town:
        town.write(STAMP)
        name = BODIES["t-audit"][0]
        portal = town.portals["t-audit"]
        portal.entries = [entry(name, year, date(year + 1, 1, 20), year) for year in (2023, 2024)]
        town.here("crawl", "--all", "--as-of", "2026-01-20T02:00")
        portal.fault = PortalFault.FORBIDDEN
        town.here("crawl", "--all", "--as-of", "2026-02-05T02:00")
        portal.fault = None
        town.here("crawl", "--all", "--as-of", "2026-02-06T02:00")
        portal.entries.insert(0, entry(name, 2025, date(2026, 2, 9), 1))
        town.here("crawl", "--all", "--as-of", "2026-02-10T02:00")
        town.here("read", "--as-of", "2026-02-10T02:10")
        town.here("judge", "--as-of", "2026-02-10T02:10")
        yield town


@pytest.fixture(scope="module")
def folder(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evidence") / "out"
    given = ("evidence", "t-audit", "2025", "--wacz", "--output", str(folder), "--as-of", "2026-02-11T09:00")
    printed = {Path(line) for line in town.here(*given).stdout.splitlines()}
    assert printed == {path for path in folder.rglob("*") if path.is_file()}
    return folder


def test_every_file_stands_in_the_manifest_and_the_manifest_was_stamped(folder: Path):
    lines = dict(reversed(line.split("  ")) for line in (folder / "manifest.sha256").read_text().splitlines())
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert set(lines) == files - {"manifest.sha256", "stamped.tsr"}
    for name, said in lines.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == said
    assert (folder / "stamped.tsr").read_bytes() == (folder / "manifest.sha256").read_bytes()


def test_the_records_are_readable_by_another_tool_and_hold_the_pages(folder: Path):
    kinds, bodies = [], {}
    with (folder / "records.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            kinds.append(record.rec_type)
            if record.rec_type == "response":
                bodies[hashlib.sha256(record.content_stream().read()).hexdigest()] = record.rec_headers["WARC-Date"]
    assert kinds.count("request") == len(kinds) / 2
    kept = {path.stem for part in ("looks", "documents") for path in (folder / part).glob("*.html")}
    assert kept and kept <= set(bodies)
    heads = [json.loads(line) for line in (folder / "headers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(heads) == kinds.count("request")
    assert all(line["request"][0].startswith("GET /") for line in heads)
    assert any(line["response"][0] == "HTTP/1.1 200 OK" for line in heads)


def test_the_wacz_holds_together(folder: Path):
    with zipfile.ZipFile(folder / "records.wacz") as file:
        names = set(file.namelist())
        package = json.loads(file.read("datapackage.json"))
        for one in package["resources"]:
            data = file.read(one["path"])
            assert (f"sha256:{hashlib.sha256(data).hexdigest()}", len(data)) == (one["hash"], one["bytes"])
        digest = json.loads(file.read("datapackage-digest.json"))
        assert digest["hash"] == f"sha256:{hashlib.sha256(file.read('datapackage.json')).hexdigest()}"
        index = file.read("indexes/index.cdx").decode().splitlines()
        warc = file.read("archive/data.warc.gz")
    assert names >= {"archive/data.warc.gz", "pages/pages.jsonl"} and index == sorted(index)
    for line in index:
        _, _, told = line.split(" ", 2)
        fields = json.loads(told)
        part = warc[int(fields["offset"]) : int(fields["offset"]) + int(fields["length"])]
        record = next(iter(ArchiveIterator(io.BytesIO(part))))
        assert record.rec_headers["WARC-Target-URI"] == fields["url"]
        assert f"sha256:{hashlib.sha256(record.content_stream().read()).hexdigest()}" == fields["digest"]


def test_the_statement_says_in_words_what_was_seen_when(folder: Path):
    text = (folder / "statement.md").read_text(encoding="utf-8")
    name = BODIES["t-audit"][0]
    assert "On 2026-02-10 at 02:00 in Shanghai we looked at http://127.0.0.3" in text
    assert f"the report of {name} for 2025 is among them." in text
    assert all(sentence in text for sentence in LIMITS)
    assert "2026年02月10日02时00分（北京时间）查看" in text and f"其中有{name}2025年度报告。" in text


def test_looks_in_words():
    status = {"name": "某局", "report_year": 2025}
    look = {
        "started_at": "2026-02-09T18:00:00Z", "pages_read": 1, "pages_expected": 2, "entries": 0,
        "result": "paging_cut", "detail": "page 2 answered 500", "column_url": "http://a/",
    }  # fmt: skip
    whole = look | {"pages_read": 2, "entries": 9, "result": "complete"}
    said = in_words(
        status,
        [
            ({"sight": "absent", "control": "other_body:b2", "reason": ""}, whole),
            ({"sight": "absent", "control": "own_previous:2024", "reason": ""}, whole),
            ({"sight": "undecidable", "control": "", "reason": "no_name"}, whole),
            ({"sight": "undecidable", "control": "", "reason": ""}, look),
        ],
        {"b2": "某县财政局"},
    )
    assert "is not among them. Another body's report for 2025 (某县财政局) stands in the same list" in said[1]
    assert "Its own report for 2024 stands there" in said[3]
    assert "不能判断有无某局2025年度报告（条目没有单位名称）" in said[4]
    assert "cannot be told (the entry has no name)" in said[5]
    assert "未能完整查看：分页未能读全。此次查看不作任何依据。（技术记录，英文原文：page 2 answered 500）" in said[6]
    assert "could not be read whole: not all of its pages could be read. Nothing is concluded from it." in said[7]
    assert said[7].endswith("(Technical note: paging_cut: page 2 answered 500)")
    assert all("did not publish" not in line for line in said)
    assert in_words(status, [], {}) == ["- 没有可引用的查看。 No look is cited."]


def test_a_visit_that_failed_between_the_looks_is_told_too():
    log = [
        {"look_id": n, "started_at": f"2026-02-{n:02}T18:00:00Z", "result": "wall" if n in (1, 3, 6) else "complete"}
        for n in range(1, 7)
    ]
    cited = [{"look_id": n, "sight": "absent"} for n in (5, 2)]
    told = with_failed_visits(cited, reversed(log))
    assert [(visit["look_id"], bool(said)) for said, visit in told] == [(2, True), (3, False), (5, True)]
    assert with_failed_visits([], log) == []


def test_a_stamp_that_fails_is_said_and_the_folder_stays(town: Town, tmp_path: Path):
    for command, said in (("false", "exit status 1"), ("no-such-program {manifest}", "No such file")):
        town.write(f'[evidence]\ntimestamp_command = "{command}"\n')
        given = ["--home", str(town.home), "evidence", "t-audit", "2025", "--output", str(tmp_path / "out")]
        result = CliRunner().invoke(main, given)
        assert result.exit_code == 2 and said in result.stderr and len(result.stderr.splitlines()) == 1
        check = ["sha256sum", "--check", "--quiet", "manifest.sha256"]
        checked = subprocess.run(check, cwd=tmp_path / "out", check=False)
        assert checked.returncode == 0
    town.write(STAMP)


def test_keys_of_an_index():
    """The expected keys are what the `surt` library gives, by which cdxj-indexer and pywb look addresses up."""
    assert surt("http://www.Example.gov.cn/A/?b=C") == "cn,gov,example)/a?b=c"
    assert surt("https://127.0.0.1:8080") == "1,0,0,127:8080)/"
    assert surt("https://www2.a.cn:443/b//c/") == "cn,a)/b/c"
    assert surt("http://a.cn/x/index.html?B=%E5%8C%97&a=") == "cn,a)/x/index.html?a=&b=%e5%8c%97"
    assert surt("http://a.cn/x?") == "cn,a)/x"
