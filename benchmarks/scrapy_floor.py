"""What Scrapy itself takes for a request here: the same local portals, fetched by a spider that does nothing.

`python benchmarks/scrapy_floor.py [HOSTS [COLUMNS_A_HOST]]` prints pages a second and CPU a page: no delay, no robots,
no archive, no WARC, no database; Scrapy's own downloader and connections, which our crawl has replaced.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

from crawl_rate import portals, serve
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

from samples.portals import PortalServer

SETTINGS = {
    "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False,
    "CONCURRENT_REQUESTS": 512,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 0,
    "ROBOTSTXT_OBEY": False,
}


class Counting(Spider):  # type: ignore[misc]  # Scrapy is untyped
    """Fetches the addresses and counts the answers."""

    name = "counting"
    count = 0

    def __init__(self, urls: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls = urls

    async def start(self) -> AsyncIterator[Any]:
        """Scrapy's entry."""
        for url in self.urls:
            yield Request(url, dont_filter=True)

    def parse(self, response: Any) -> None:
        """One more."""
        Counting.count += 1


def main() -> None:
    """Run and print."""
    hosts, columns = (int(v) for v in [*sys.argv[1:], *("100", "20")[len(sys.argv) - 1 :]])
    told: multiprocessing.Queue[int] = multiprocessing.Queue()
    stop = multiprocessing.Event()
    server = multiprocessing.Process(target=serve, args=(hosts, columns, told, stop), daemon=True)
    server.start()
    shown = PortalServer(port=told.get(timeout=60))
    urls = [shown.column_url(portal) for portal in portals(hosts, columns)]
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    process = AsyncCrawlerProcess(SETTINGS)
    process.crawl(Counting, urls=urls)
    process.start()
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    count = Counting.count
    print(f"{count} pages in {took:.1f} s = {count / took:.1f}/s; {1000 * cpu / count:.1f} ms CPU a page")
    stop.set()
    server.join(10)


if __name__ == "__main__":
    main()
