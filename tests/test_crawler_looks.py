"""Looks over time: what left a list, what was changed in place, what is asked again, and what a killed crawl leaves."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from crawler_world import FAST, ROOT, START, World, reports
from warcio.archiveiterator import ArchiveIterator

from crawler.__main__ import main
from db.connection import open_database
from db.errors import DatabaseError
from db.look_rows import accept_layout, last_complete_list
from registry.model import LookResult
from samples.portals import Portal, PortalAttachment, PortalEntry, PortalFault, PortalServer


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with PortalServer() as server:
        yield World(tmp_path / "home", server)


def _mixed() -> tuple[Portal, PortalAttachment]:
    """A list with attachments, pages that fail in every way, and an entry on a foreign host."""
    pdf = PortalAttachment("P0202601.pdf", b"%PDF-1.4 report", label="年度报告.pdf")
    picture = PortalAttachment("tujie.pdf", b"%PDF-1.4 companion", label="图解")
    entries = reports("trs", 4)
    entries[0].attachments = (pdf, picture)
    entries[0].modified = datetime(2026, 1, 20, 16, 30, tzinfo=UTC)
    entries[1].status = 503
    entries[2].body = "<html><head><title>页面不存在</title></head><body>404</body></html>"
    entries[3].redirect = "http://169.254.169.254/latest"
    entries.append(PortalEntry("某局2025年年报（转载）", "http://foreign.invalid/t20260101_1.html", date(2026, 1, 1)))
    return Portal("mixed", "trs", entries), pdf


def _check_mixed(world: World, mixed: Portal) -> None:
    look = world.looks()["mixed"]
    assert len(look.entries) == 5
    assert "3 could not be fetched" in look.detail and "1 on hosts that are not in the registry" in look.detail
    rows = world.query(
        "SELECT d.purpose, d.list_title, d.server_day, p.url FROM documents d LEFT JOIN documents p"
        " ON p.id = d.parent_id WHERE d.column_id = 'mixed' ORDER BY d.id"
    )
    first = world.server.entry_url(mixed, mixed.entries[0])
    assert rows == [
        ("article", mixed.entries[0].title, "2026-01-21", None),
        ("attachment", "年度报告.pdf", None, first),
    ]
    assert not any("169.254" in line.path or "tujie" in line.path for line in world.server.log)


def test_a_season_of_looks(world: World):
    """Columns over five weeks; each crawl is one process for all of them."""
    names = ("steady", "withdrawn", "hidden", "replaced", "moved", "single", "appended", "cut")
    portals = {name: world.add(Portal(name, "trs", reports("trs", 6))) for name in names}
    single = portals["single"]
    single.entries = [PortalEntry("某镇2025年年报", "202601/t20260120_1.html", date(2026, 1, 20), "<p>报告</p>")]
    mixed, pdf = _mixed()
    world.add(mixed)
    looks = world.crawl()
    assert {look.result for look in looks.values()} == {LookResult.COMPLETE}
    _check_mixed(world, mixed)

    portals["withdrawn"].entries[0].status = 404
    portals["withdrawn"].entries[0].listed = False
    portals["withdrawn"].entries[1].status = 410
    portals["withdrawn"].entries[1].listed = False
    portals["hidden"].entries[0].listed = False  # its page still answers
    portals["hidden"].entries[1].listed = False
    portals["hidden"].entries[1].redirect = "/hidden/zfxxgk/zfxxgknb/"  # and this one leads back to the list
    portals["replaced"].entries[0].body = "<p>另一份报告</p>"
    portals["replaced"].entries[0].title = "某县第1局2025年政府信息公开工作年度报告（修订）"
    portals["moved"].entries = reports("trs", 6, first=101)
    single.entries[0].listed = False
    single.entries[0].status = 404
    portals["appended"].entries[:0] = reports("trs", 1, first=50)
    portals["cut"].fault, portals["cut"].page_size = PortalFault.PAGING_CUT, 2
    looks = world.crawl(days=1)
    assert looks["cut"].result == LookResult.PAGING_CUT
    assert not any(path.endswith((".pdf", mixed.entries[0].path)) for path in world.asked("mixed"))

    assert looks["steady"].result == LookResult.COMPLETE
    assert world.asked("steady") == ["/zfxxgk/zfxxgknb/"]
    withdrawn = looks["withdrawn"]
    assert (withdrawn.result, len(withdrawn.entries)) == (LookResult.COMPLETE, 4), withdrawn.detail
    assert sorted(g.status for g in withdrawn.gone) == [404, 410] and all(g.proven for g in withdrawn.gone)
    hidden = looks["hidden"]
    assert hidden.result == LookResult.ENTRIES_GONE and "2 of 2" in hidden.detail
    assert sorted(g.status for g in hidden.gone) == [200, 302] or sorted(g.status for g in hidden.gone) == [302, 304]
    assert looks["moved"].result == LookResult.LAYOUT_CHANGED and looks["moved"].gone == ()
    assert looks["single"].result == LookResult.EMPTY_LIST
    assert looks["replaced"].result == LookResult.COMPLETE
    url = world.server.entry_url(portals["replaced"], portals["replaced"].entries[0])
    assert world.query("SELECT count(DISTINCT sha256) FROM documents WHERE url = ?", url) == [(2,)]
    assert looks["appended"].result == LookResult.COMPLETE and len(looks["appended"].entries) == 7
    assert len(world.asked("appended")) == 2
    gone = world.query("SELECT gone_status FROM addresses WHERE gone_at IS NOT NULL AND url LIKE '%/withdrawn/%'")
    assert sorted(gone) == [(404,), (410,)]

    portals["hidden"].entries[0].listed = portals["hidden"].entries[1].listed = True
    portals["hidden"].entries[1].redirect = ""
    portals["withdrawn"].entries[0].status = 200  # comes back under its old address
    portals["withdrawn"].entries[0].listed = True
    portals["cut"].fault, portals["cut"].entries[3].listed = None, False
    looks = world.crawl(days=8)
    assert looks["cut"].result == LookResult.ENTRIES_GONE  # compared with the complete look of day 0
    assert looks["hidden"].result == looks["withdrawn"].result == LookResult.COMPLETE
    assert len(world.query("SELECT url FROM addresses WHERE gone_at IS NOT NULL AND url LIKE '%/withdrawn/%'")) == 1

    portals["steady"].entries[2].body = "<p>悄悄改过的报告</p>"
    pdf.body = b"%PDF-1.4 corrected"
    looks = world.crawl(days=32)
    changed = world.query("SELECT purpose, parent_id IS NOT NULL, list_title FROM documents WHERE url LIKE '%.pdf'")
    assert changed == [("attachment", 1, "年度报告.pdf")] * 2
    asked = [line for line in world.server.log if "/steady/zfxxgk/zfxxgknb/2026" in line.path]
    assert sorted(line.status for line in asked) == [200, 304, 304, 304, 304, 304]
    url = world.server.entry_url(portals["steady"], portals["steady"].entries[2])
    assert world.query("SELECT count(DISTINCT sha256) FROM documents WHERE url = ?", url) == [(2,)]
    assert looks["steady"].result == LookResult.COMPLETE
    world.crawl(["steady"], days=33)
    assert world.asked("steady") == ["/zfxxgk/zfxxgknb/"]


def test_a_rebuilt_column_is_read_again_once_its_layout_is_accepted(world: World):
    portal = world.add(Portal("rebuilt", "trs", reports("trs", 6)))
    assert world.crawl()["rebuilt"].result == LookResult.COMPLETE
    portal.entries = reports("trs", 7, first=101)
    for day in (1, 2):
        assert world.crawl(days=day)["rebuilt"].result == LookResult.LAYOUT_CHANGED
    db = open_database(world.home)
    later = START + timedelta(days=2, hours=1)
    changed = accept_layout(db, "rebuilt", author="L. Chen", reason="new portal", now=later)
    assert changed.result == LookResult.LAYOUT_CHANGED and last_complete_list(db, "rebuilt") is None
    db.close()
    look = world.crawl(days=3)["rebuilt"]
    assert (look.result, len(look.entries), look.gone, look.restart) == (LookResult.COMPLETE, 7, (), True)
    portal.entries[0].listed, portal.entries[0].status = False, 200
    assert world.crawl(days=4)["rebuilt"].result == LookResult.ENTRIES_GONE  # held to the new list from now on
    portal.entries[0].listed = True
    look = world.crawl(days=5)["rebuilt"]
    assert (look.result, look.restart) == (LookResult.COMPLETE, False)
    db = open_database(world.home)
    with pytest.raises(DatabaseError, match="it says complete"):
        accept_layout(db, "rebuilt", author="L. Chen", reason="again", now=START + timedelta(days=6))
    db.close()


def test_a_page_made_to_keep_us_busy_is_kept_and_said(world: World):
    portal = world.add(Portal("deep", "trs", reports("trs", 2)))
    portal.entries[0].body = "<html><body>" + "<div>" * 100_000 + '<a href="P1.pdf">附件</a></body></html>'
    look = world.crawl()["deep"]
    assert look.result == LookResult.COMPLETE
    assert "1 kept but not looked into for attachments" in look.detail and "nested 1000" in look.detail, look.detail
    assert world.query("SELECT count(*) FROM documents WHERE column_id = 'deep'") == [(2,)]


def _start(world: World, at: datetime, *options: str) -> subprocess.Popen[str]:
    command = world.command(list(world.columns), at, *options)
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def _wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "nothing happened"
        time.sleep(0.05)  # another process is waited for, not a clock


def test_a_killed_crawl_leaves_nothing_half_written(world: World):
    portal = world.add(Portal("slow", "trs", reports("trs", 12), page_size=4))
    world.store()
    child = _start(world, START, "--delay", "0.2", "--timeout", "5")
    _wait_for(lambda: len(world.asked("slow")) >= 3)  # in its list: nothing of the visit is kept yet but its records
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert world.looks() == {}
    assert [p.suffix for p in (world.home / "warc").iterdir()] == [".open"]
    held = world.query("SELECT count(*) FROM documents")[0][0]
    look = world.crawl()["slow"]
    assert (look.result, len(look.entries)) == (LookResult.COMPLETE, 12)
    assert world.query("SELECT count(*) FROM documents") == [(12,)]
    articles = [path for path in world.asked("slow") if "/2026" in path]
    assert len(articles) == 12 - held  # what was held is not fetched again
    files = sorted((world.home / "warc").iterdir())
    assert len(files) == 2 and all(p.name.endswith(".warc.gz") for p in files)
    rows = set(world.query("SELECT warc_file, warc_offset, final_url, status FROM fetches"))
    assert len(rows) == world.query("SELECT count(*) FROM fetches")[0][0]
    found = {record for path in files for record in answers(path)}
    assert found == rows and portal.fault is None
    lost = world.query("SELECT purpose, status, sha256 <> '' FROM fetches WHERE look_id IS NULL ORDER BY id")
    assert lost[:3] == [("robots", 200, 1), ("list", 200, 1), ("list", 200, 1)]


def answers(path: Path) -> list[tuple[str, int, str, int]]:
    """The answers in a WARC: file, offset, address, status."""
    with path.open("rb") as file:
        records = ArchiveIterator(file, check_digests="raise")
        return [
            (path.name, records.get_record_offset(), record.rec_headers["WARC-Target-URI"],
             int(record.http_headers.get_statuscode()))
            for record in records if record.rec_type == "response"
        ]  # fmt: skip


def test_a_stopped_crawl_says_so(world: World):
    world.add(Portal("one", "trs", reports("trs", 12)))
    world.add(Portal("two", "trs", reports("trs", 12)))  # on the same host: not begun when the stop comes
    world.store()
    child = _start(world, START, "--delay", "0.2", "--timeout", "5")
    _wait_for(lambda: len(world.asked("one")) >= 3)
    child.send_signal(signal.SIGTERM)
    _, told = child.communicate(timeout=20)
    assert child.returncode == 1, told
    looks = world.looks()
    assert set(looks) == {"one"} and looks["one"].result == LookResult.INTERRUPTED
    assert [p.suffix for p in (world.home / "warc").iterdir()] == [".gz"]


def test_a_budget_ends_a_run_and_not_a_host(world: World):
    for name in ("one", "two", "three"):
        world.add(Portal(name, "trs", reports("trs", 8)))
    looks = world.crawl([], *FAST, "--budget", "14", status=1)
    assert [looks[name].result for name in ("one", "two")] == [LookResult.COMPLETE, LookResult.INTERRUPTED]
    assert "three" not in looks
    assert "14 requests are used up" in looks["two"].detail


def test_bad_usage_is_one_line(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    world.add(Portal("p", "trs", reports("trs", 1)))
    world.store()
    for names, home, said in ((["nowhere"], world.home, "no such column"), (["p"], tmp_path / "none", "no database")):
        command = World(home, world.server).command(names, START)
        assert main(command[3:]) == 2
        told = capsys.readouterr().err
        assert said in told and len(told.strip().splitlines()) == 1


def test_a_home_that_cannot_be_written_ends_the_crawl_in_one_line(world: World):
    for name in ("one", "two"):
        world.add(Portal(name, "trs", reports("trs", 2), address=f"127.0.7.{len(name)}"))
    world.store()
    (world.home / "archive").write_text("in the way")
    world.crawl(status=2)
    said = [line for line in world.output.splitlines() if line.startswith("crawler: ")]
    assert len(said) == 1 and "archive" in said[0] and "Traceback" not in world.output
    assert not any(look.result.complete for look in world.looks().values())


def test_a_column_that_lists_columns_is_read_one_level_deep(world: World):
    """Folders of years and organs are lists; what may be a report stays an entry that nobody can decide."""
    folder = "/zfxxgk/zfxxgknb/"

    def page(inner: str) -> str:
        return f"<html><head><title>年报</title></head><body>{inner}</body></html>"

    def row(path: str, title: str) -> str:
        return f'<li><a href="{path}">{title}</a><span>2026-01-20</span></li>'

    towns = [row(f"./t20260120_{n}.html", f"某县第{n}镇2025年政府信息公开工作年度报告") for n in (1, 2)]
    report = "<h1>某局</h1>" + "".join(
        f"<p>{h}</p>" for h in ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况")
    )
    pdf = '<p><a href="./2025.pdf">附件</a></p>' + towns[0]
    portal = world.add(
        Portal("lists", "trs", [
            PortalEntry("某县第9局2025年政府信息公开工作年度报告", "202601/t20260120_9.html", date(2026, 1, 20)),
            PortalEntry("乡镇街道", "xzjd/", body=page("<ul>" + "".join(towns) + "</ul>")),
            PortalEntry("市教育局", "jyj/", body=page(report + "<ul>" + towns[0] + "</ul>")),
            PortalEntry("市财政局", "czj/", body=page(pdf)),
            PortalEntry("其他单位", "qt/", body=page("<ul><li>正在建设</li></ul>")),
            PortalEntry("t1", folder + "xzjd/t20260120_1.html", listed=False, body="<p>一</p>"),
            PortalEntry("t2", folder + "xzjd/t20260120_2.html", listed=False, body="<p>二</p>"),
        ])
    )  # fmt: skip
    looks = [world.crawl()["lists"], world.crawl(days=1)["lists"]]
    for look in looks:
        assert look.result == LookResult.COMPLETE, look.detail
        titles = {entry.title for entry in look.entries}
        assert titles == {
            portal.entries[0].title,
            "某县第1镇2025年政府信息公开工作年度报告",
            "某县第2镇2025年政府信息公开工作年度报告",
            "市教育局",
            "市财政局",
            "其他单位",
        }
        assert look.pages_read == 2 and look.gone == ()
    portal.entries[1].status = 404  # the sub-list is gone: what it listed is not taken for gone
    look = world.crawl(days=2)["lists"]
    assert look.result == LookResult.ENTRIES_GONE, look.detail
