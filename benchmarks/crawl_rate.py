"""How close a crawl of many hosts comes to what politeness allows: 3,000 columns on 500 local hosts, 2 s a host.

`python benchmarks/crawl_rate.py [HOSTS [COLUMNS_A_HOST [DELAY]]]` starts the local portals in a process of their own,
crawls them twice (the second time nothing is new) and prints requests a second, CPU and memory, and where `perf` is
there the instructions of the crawl, which no other work on the machine changes. Three figures say how much of what
politeness allows was used:

- of the rules: the whole run, from the start of the process to its end, against the shortest time in which the delays
  can pass: the sum of the gaps of the host whose gaps happen to be longest (drawn as Scrapy draws them, mean of 50
  draws of all hosts);
- of hosts / delay: the same, as if every gap were the mean one and the last host ended with the others;
- midway: the answers of the second third of the mean time, in which no host has ended, against hosts / delay.
"""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path
from queue import Empty
from typing import Any

from scrapy.core.downloader import Slot

from crawler.settings import JITTER
from db.connection import open_database
from db.instants import instant, moment
from db.registry_rows import store_registry
from registry.model import Body, Column, Kind, Level, Registry
from samples.portal_pages import path_of
from samples.portals import SHAPES, Portal, PortalEntry, PortalServer, entry_path

START = datetime.fromisoformat("2026-01-20T03:00:00+08:00")
# 60 KB, as reports are; the same bytes for all, so that the server need not hold them 6,000 times
PADDING = f"<table>{'<tr><td>一、本年新收政府信息公开申请数量</td><td>0</td></tr>' * 900}</table></html>".encode()


def portals(hosts: int, columns: int) -> list[Portal]:
    """The portals: two reports a column."""
    day = date(2026, 1, 20)
    return [
        Portal(
            f"h{host}c{column}", "trs",
            [PortalEntry(f"某局{2025 - n}年年报", entry_path("trs", n, day), day) for n in range(2)],
            address=f"127.{1 + host // 250}.0.{1 + host % 250}",
        )
        for host in range(hosts)
        for column in range(columns)
    ]  # fmt: skip
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: %s\r\nContent-Length: %d\r\n\r\n"
ROBOTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nUser-agent: *\n"


class Ready(asyncio.Protocol):
    """Answers that were made beforehand, so that the server takes as little of the machine as it can."""

    answers: dict[tuple[str, str], tuple[bytes, bytes]] = {}  # (address, path): validator, the parts of the answer

    def connection_made(self, transport: Any) -> None:
        """asyncio's call."""
        self.transport, self.address = transport, transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        """One request a read, as a crawl sends them."""
        path = data.split(b" ", 2)[1].decode()
        if path == "/robots.txt":
            self.transport.write(ROBOTS)
            return
        tag, head = self.answers[self.address, path]
        if b"If-None-Match: " + tag in data:
            self.transport.write(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n")
            return
        self.transport.writelines((head, PADDING) if path.endswith(".html") else (head,))


def ready(portal: Portal) -> Iterator[tuple[str, tuple[bytes, bytes]]]:
    """The paths of a portal and what they answer: the pages of `samples`; an article's text is sent behind its end."""
    shape = SHAPES[portal.family]
    pages = {f"/{portal.name}{shape.column}": (shape.render(portal, 1).body, 0)}
    pages |= {path_of(portal, e, shape): (shape.article(portal, e).encode(), len(PADDING)) for e in portal.entries}
    for path, (body, more) in pages.items():
        tag = b'"' + hashlib.sha256(body).hexdigest()[:16].encode() + b'"'
        yield path, (tag, HEAD % (tag, len(body) + more) + body)


def serve(hosts: int, columns: int, told: multiprocessing.Queue[int], stop: Event) -> None:
    """Serve until told to stop."""
    asyncio.run(_serve(portals(hosts, columns), told, stop))


async def _serve(made: list[Portal], told: multiprocessing.Queue[int], stop: Event) -> None:
    for portal in made:
        Ready.answers |= {(portal.address, path): answer for path, answer in ready(portal)}
    loop, port = asyncio.get_running_loop(), 0
    for address in dict.fromkeys(portal.address for portal in made):
        server = await loop.create_server(Ready, address, port)
        port = server.sockets[0].getsockname()[1]
    told.put(port)
    await loop.run_in_executor(None, stop.wait)


def shortest(hosts: int, gaps: int, delay: float) -> float:
    """Seconds in which no crawl can be done sooner: the mean, over 50 draws, of the slowest host's gaps."""
    drawn = Slot(1, delay, JITTER)
    return sum(max(sum(drawn.download_delay() for _ in range(gaps)) for _ in range(hosts)) for _ in range(50)) / 50


def midway(home: Path, began: datetime, seconds: float) -> float:
    """Answers a second in the second third of `seconds`, by the rows of the fetches; they are kept to the second."""
    db = open_database(home)
    times = [moment(at) for (at,) in db.execute("SELECT at FROM fetches WHERE at >= ?", (instant(began),))]
    db.close()
    first = min(times)
    third = max(1, round(seconds / 3))
    return sum(third <= (at - first).total_seconds() < 2 * third for at in times) / third


def counting(file: Path) -> list[str]:
    """What is put before a command so that its instructions are counted into `file`; nothing without `perf`."""
    return ["perf", "stat", "-x,", "-e", "instructions:u", "-o", str(file)] if shutil.which("perf") else []


def counted(file: Path) -> float | None:
    """The instructions counted, None where that was not possible."""
    lines = file.read_text().splitlines() if file.exists() else []
    found = next((line.partition(",")[0] for line in lines if "instructions" in line), "")
    return float(found) if found.replace(".", "").isdigit() else None


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
            command = [*counting(home / "counted"), *command, f"--delay={delay}"]
            done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
            took = time.monotonic() - began
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            summary = done.stderr.strip().splitlines()[-1]
            requests = int(summary.partition('"requests": ')[2].partition(",")[0])
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            rate, gaps, full = requests / took, round(requests / hosts) - 1, hosts / delay
            made = counted(home / "counted")
            words = f", {made / requests / 1e6:.1f} million instructions" if made else ""
            allowed = requests / shortest(int(hosts), gaps, delay)
            print(
                f"visit {visit + 1}: {requests} requests in {took:.1f} s = {rate:.1f}/s; the rules allow {allowed:.1f} "
                f"({rate / allowed:.0%}), hosts / delay is {full:.1f} ({rate / full:.0%}); midway "
                f"{midway(home, START + timedelta(days=visit), gaps * delay):.1f}/s; {cpu:.0f} s CPU "
                f"({1000 * cpu / requests:.1f} ms{words} a request); peak {after.ru_maxrss / 1024:.0f} MB; "
                f"exit {done.returncode}",
                flush=True,
            )
            if done.returncode:
                print("\n".join(done.stderr.strip().splitlines()[-3:])[-600:])
    stop.set()
    server.join(10)


if __name__ == "__main__":
    main()
