"""How close a crawl of many hosts comes to what politeness allows: 3,000 columns on 500 local hosts, 2 s a host.

`python benchmarks/crawl_rate.py [HOSTS [COLUMNS_A_HOST [DELAY]]]` starts the local portals in a process of their own,
crawls them twice (the second time nothing is new) and prints requests a second against hosts / delay, CPU and memory.
"""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import resource
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

from db.connection import open_database
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
            if done.returncode:
                print("\n".join(done.stderr.strip().splitlines()[-3:])[-600:])
    stop.set()
    server.join(10)


if __name__ == "__main__":
    main()
