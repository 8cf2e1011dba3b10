"""How close a crawl of many hosts comes to what politeness allows: 3,000 columns on 500 local hosts, 2 s a host.

`python benchmarks/crawl_rate.py [HOSTS [COLUMNS_A_HOST [DELAY]]]` starts the local portals in a process of their own,
crawls them twice (the second time nothing is new) and prints requests a second against hosts / delay, CPU and memory.
"""

from __future__ import annotations

import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path
from queue import Empty

from db.connection import open_database
from db.registry_rows import store_registry
from registry.model import Body, Column, Kind, Level, Registry
from samples.portals import Portal, PortalEntry, PortalServer, entry_path

START = datetime.fromisoformat("2026-01-20T03:00:00+08:00")
BODY = (
    "<table>" + "<tr><td>一、本年新收政府信息公开申请数量</td><td>0</td></tr>" * 900 + "</table>"
)  # 60 KB, as reports are


def portals(hosts: int, columns: int) -> list[Portal]:
    """The portals: two reports a column."""
    day = date(2026, 1, 20)
    return [
        Portal(
            f"h{host}c{column}", "trs",
            [PortalEntry(f"某局{2025 - n}年年报", entry_path("trs", n, day), day, BODY) for n in range(2)],
            address=f"127.{1 + host // 250}.0.{1 + host % 250}",
        )
        for host in range(hosts)
        for column in range(columns)
    ]  # fmt: skip


def serve(hosts: int, columns: int, told: multiprocessing.Queue[int], stop: Event) -> None:
    """Serve until told to stop."""
    with PortalServer(portals(hosts, columns)) as server:
        told.put(server.port)
        while not stop.wait(1):
            server.log.clear()


def main() -> None:
    """Run and print."""
    hosts, columns, delay = (float(v) for v in [*sys.argv[1:], *("500", "6", "2")[len(sys.argv) - 1 :]])
    told: multiprocessing.Queue[int] = multiprocessing.Queue()
    stop = multiprocessing.Event()
    server = multiprocessing.Process(target=serve, args=(int(hosts), int(columns), told, stop), daemon=True)
    server.start()
    try:
        port = told.get(timeout=60)
    except Empty:
        sys.exit("the portals did not start")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        registry = {}
        shown = PortalServer(port=port)
        for portal in portals(int(hosts), int(columns)):
            registry[portal.name] = Column(portal.name, shown.column_url(portal), ("b",), "trs")
        db = open_database(home)
        store_registry(db, Registry({"b": Body("b", "某县", Kind.GOVERNMENT, Level.COUNTY, "110000")}, registry, ()))
        db.close()
        (home / "columns").write_text("\n".join(registry))
        for visit in range(2):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            began = time.monotonic()
            command = [sys.executable, "-m", "crawler", "--home", folder, "--columns", f"@{home / 'columns'}", "--run"]
            command = [*command[:-1], "--now", (START + timedelta(days=visit)).isoformat(), "--allow-private"]
            done = subprocess.run([*command, f"--delay={delay}"], stderr=subprocess.PIPE, text=True, check=False)
            took = time.monotonic() - began
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            summary = done.stderr.strip().splitlines()[-1]
            requests = int(summary.partition('"requests": ')[2].partition(",")[0])
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(
                f"visit {visit + 1}: {requests} requests in {took:.1f} s = {requests / took:.1f}/s; allowed "
                f"{hosts / delay:.1f}/s ({requests / took / (hosts / delay):.0%}); {cpu:.0f} s CPU "
                f"({1000 * cpu / requests:.1f} ms a request); peak {after.ru_maxrss / 1024:.0f} MB; "
                f"exit {done.returncode}"
            )
    stop.set()
    server.join(10)


if __name__ == "__main__":
    main()
