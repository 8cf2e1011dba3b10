"""Probing the addresses of columns: family, years, paging, and what the registry should say of them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from crawler_world import ROOT, START, reports

from crawler.probe import main
from samples.portals import SHAPES, Portal, PortalFault, PortalServer

ONE_PAGE = ("fujian", "jcms_annual")  # these show all they have on one page
FAULTS = {
    PortalFault.HOME_REDIRECT: "moved",
    PortalFault.NOT_FOUND: "dead",
    PortalFault.FORBIDDEN: "blocked",
    PortalFault.ROBOTS: "blocked",
    PortalFault.EMPTY_LIST: "unverified",
    PortalFault.PAGING_CUT: "unverified",
}


def test_every_family_is_recognised_and_every_dead_end_named():
    portals = [
        Portal(f"p-{f}", f, reports(f, 12 if f in ONE_PAGE else 17), address=f"127.0.8.{n + 1}")
        for n, f in enumerate(name for name in SHAPES if name != "drawn")  # that one takes a browser
    ]
    broken = [
        Portal(f"f-{f}", "trs", reports("trs", 17), fault=f, address=f"127.0.9.{n + 1}") for n, f in enumerate(FAULTS)
    ]
    with PortalServer(portals + broken) as server:
        urls = [server.column_url(portal) for portal in portals + broken]
        done = subprocess.run(
            [sys.executable, "-m", "crawler.probe", *urls, "--now", START.isoformat(), "--allow-private", "--delay=0"],
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found = {line["url"]: line for line in map(json.loads, done.stdout.splitlines())}
        articles = [line for line in server.log if line.path.endswith(tuple(e.path for e in portals[0].entries))]
    assert articles == []  # lists only
    for portal in portals:
        one = found[server.column_url(portal)]
        expected = SHAPES[portal.family].family
        assert (one["family"], one["verified"]) == (None if expected == "generic" else expected, "verified"), one
        assert one["reports"] == one["entries"] and len(one["titles"]) == one["entries"]
        assert one["years"] == ([2025] if portal.family != "jcms_annual" else one["years"])
    for portal in broken:
        assert found[server.column_url(portal)]["verified"] == FAULTS[portal.fault], portal.name  # type: ignore[index]


def test_what_is_no_web_address(capsys: pytest.CaptureFixture[str]):
    assert main(["ftp://x.gov.cn/nb/", "--now", START.isoformat()]) == 2
    assert "expected a web address" in capsys.readouterr().err
