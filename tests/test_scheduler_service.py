"""`ogiwatch run` and `serve`: one service a home, a clean stop, and picking up at the next start."""

from __future__ import annotations

import signal
import subprocess
import urllib.request
from pathlib import Path

from scheduler_town import Town, run, start

from samples.portals import PortalFault


def wait_for(process: subprocess.Popen[str], text: str) -> str:
    """The first line of standard error that holds `text`."""
    assert process.stderr is not None
    seen = []
    for line in process.stderr:
        seen.append(line)
        if text in line:
            return line
    raise AssertionError(f"{text!r} was never said:\n{''.join(seen)}")


def stop(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 0, rest
    return rest


def test_a_service_stops_cleanly_in_the_midst_of_a_crawl_and_picks_up(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        slow = town.portals["t-water"]
        slow.fault, slow.stall_seconds = PortalFault.TIMEOUT, 60.0
        settings = tmp_path / "settings.toml"  # patience enough for what follows on a busy machine
        text = settings.read_text("utf-8")
        assert "timeout_seconds = 5\n" in text
        settings.write_text(text.replace("timeout_seconds = 5\n", "timeout_seconds = 59\n"), "utf-8")
        service = start(tmp_path, "run", "--port", "0")
        address = wait_for(service, "the site is at").split()[4]
        wait_for(service, "c-t-audit: ")  # the crawl is under way, and hangs on the slow portal
        refused = run(tmp_path, "run", "--port", "0", check=False)
        assert refused.returncode == 2
        assert refused.stderr == f"ogiwatch: {tmp_path}: another `ogiwatch run` works on this home already\n"
        busy = run(tmp_path, "serve", "--port", address.rstrip("/").rsplit(":", 1)[1], check=False)
        assert busy.returncode == 2 and "address already in use" in busy.stderr
        with urllib.request.urlopen(address) as page:
            assert page.status == 200  # the site answers while the crawl hangs
        stop(service)
        outcomes = {row["job"]: row["outcome"] for row in town.rows("SELECT job, outcome FROM runs")}
        assert outcomes["round"] == outcomes["crawl"] == "interrupted"

        slow.fault = None
        service = start(tmp_path, "run", "--port", "0")
        wait_for(service, "round: done")
        stop(service)
        done = town.rows("SELECT outcome FROM runs WHERE job = 'round' ORDER BY id")
        assert [row["outcome"] for row in done] == ["interrupted", "ok"]

        service = start(tmp_path, "run", "--port", "0")  # what was due is done: nothing to catch up with
        wait_for(service, "the site is at")
        stop(service)
        assert len(town.rows("SELECT 1 FROM runs WHERE job = 'round'")) == 2


def test_a_crawl_does_not_outlive_a_killed_service(tmp_path: Path) -> None:
    with Town(tmp_path) as town:
        slow = town.portals["t-water"]
        slow.fault, slow.stall_seconds = PortalFault.TIMEOUT, 60.0
        service = start(tmp_path, "run", "--port", "0")
        wait_for(service, "c-t-audit: ")
        service.kill()
        # the children share this pipe: it ends when the last of them has ended
        service.communicate(timeout=30)
        town.server.stop()
        unfinished = town.rows("SELECT job FROM runs WHERE outcome IS NULL")
        assert not unfinished, "the round was told to stop and closed its books"
