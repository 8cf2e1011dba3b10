"""What a second crawl costs, and that what moves on every page (counters, today's date) makes no new version."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from crawler_world import World, reports
from scheduler_town import BODIES, Town, entry

from registry.model import LookResult
from samples.portals import Portal, PortalServer

REPORT = "<p>正文。</p>" + "<tr><td>一、本年新收政府信息公开申请数量</td><td>0</td></tr>" * 700  # 51 KB, as reports are
# 20 KB around every page, as the templates of portals are
FURNITURE = '<script src="/images/jquery-1.12.4.min.js"></script><a class="item" href="#">服务导航</a>' * 220


@pytest.mark.parametrize("validators", [True, False])
def test_a_second_crawl_costs_a_twentieth_and_keeps_nothing_new(tmp_path: Path, validators: bool):
    """Between two 30-day rounds, 20 reports a list page; with and without validators in the portal's answers."""
    with PortalServer() as server:
        world = World(tmp_path / "home", server)
        for number, family in enumerate(("trs", "vsb", "snowflake", "gkmlpt"), start=1):
            portal = Portal(f"c-{family}", family, reports(family, 20), address=f"127.0.10.{number}", page_size=20)
            portal.validators, portal.furniture = validators, FURNITURE
            for one in portal.entries:
                one.body = f"<p>{one.title}</p>{REPORT}"
            world.add(portal)
        first = world.crawl()
        assert {look.result for look in first.values()} == {LookResult.COMPLETE}
        kept = world.query("SELECT count(*), max(id) FROM documents")
        assert kept[0][0] == 80
        second = world.crawl(days=29)
        assert {look.result for look in second.values()} == {LookResult.COMPLETE}
        assert world.query("SELECT count(*), max(id) FROM documents") == kept
        for name, look in second.items():
            assert look.bytes <= 0.05 * first[name].bytes, (name, look.bytes, first[name].bytes)


def test_counters_and_the_days_date_are_no_new_version(tmp_path: Path):
    with Town(tmp_path) as town:
        town.portals["t-audit"].validators = False
        for body, portal in town.portals.items():
            portal.entries = [entry(BODIES[body][0], year, date(year + 1, 1, 20), year) for year in (2022, 2023, 2024)]
        shown = (("2026-01-05", 17, "2026年1月5日 星期一"), ("2026-02-10", 2048, "2026年2月10日 星期二"))
        for day, hits, today in shown:
            for portal in town.portals.values():
                portal.furniture = (
                    f"<div class=date>今天是{today}</div><div class=count>浏览次数：<span>{hits}</span></div>"
                    f"<p>访问量：{hits}</p><script>var visits = {hits};</script><input type=hidden value='{hits}'>"
                )
            at = ("--as-of", f"{day}T02:00")
            town.here("crawl", "--all", *at)
            town.here("read", *at)
            town.here("judge", *at)
        assert town.rows("SELECT count(*) AS n FROM documents")[0]["n"] == 18  # what came is kept, byte for byte
        versions = town.rows("SELECT DISTINCT version FROM reports WHERE body_id IS NOT NULL")
        assert versions == [{"version": 1}]
        assert town.rows("SELECT id FROM findings WHERE family = 'restated' AND outcome = 'fail'") == []
