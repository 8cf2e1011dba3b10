"""Scrapy's settings for our crawls: only what differs from Scrapy 2.19's defaults, each with that default and why."""

from __future__ import annotations

from typing import Any

from scrapy.logformatter import LogFormatter

from crawler.options import Options

JITTER = 0.25  # of a delay, up and down
HANDLER = "crawler.handler.PortalHandler"


class Quiet(LogFormatter):  # type: ignore[misc]  # Scrapy is untyped
    """No line for an answer: rows are kept of them."""

    def crawled(self, *_: object) -> None:
        """Nothing."""


def scrapy_settings(options: Options) -> dict[str, Any]:
    """The settings of a crawl."""
    return {
        "TWISTED_REACTOR_ENABLED": False,  # True: what is left of Twisted's work here, asyncio does itself
        "DOWNLOADER": "crawler.downloader.PortalDownloader",  # scrapy.core.downloader.Downloader: see there
        "DOWNLOAD_HANDLERS": {  # Twisted's for the web; files, FTP, S3 and data: addresses beside it
            "http": HANDLER, "https": HANDLER, "file": None, "ftp": None, "s3": None, "data": None,
        },  # fmt: skip
        "BOT_NAME": "ogiwatch",  # scrapybot: names us in logs
        "USER_AGENT": options.agent,  # Scrapy/2.19: by this name robots.txt is read (requests: Options.headers)
        "ROBOTSTXT_OBEY": True,  # False: we ask only what a portal lets robots ask
        "DOWNLOAD_DELAY": options.delay,  # 0: portals of small towns run on small machines
        "DOWNLOAD_DELAY_JITTER": JITTER,  # 0.5: a portal that may be asked every 2 s would be asked again after 1
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,  # 8: one request a host at a time, whatever the number of its columns
        "CONCURRENT_REQUESTS": 0,  # 16: no limit of the engine; one visit a host at a time is limit enough
        "DOWNLOAD_TIMEOUT": options.timeout,  # 180: a hung portal must not hold its host's other columns that long
        "DOWNLOAD_MAXSIZE": options.page_bytes,  # 1 GB: a list page is small; documents name their own limit
        "DOWNLOAD_WARNSIZE": 0,  # 32 MB: the limit itself is reported
        "REDIRECT_MAX_TIMES": 6,  # 20: no honest portal needs more
        "RETRY_TIMES": max(0, options.tries - 1),  # 2
        "RETRY_HTTP_CODES": [408, 429, 503],  # also 500, 502, 504, 522, 524: those are answers, kept as they are
        "RETRY_EXCEPTIONS": [  # also names that cannot be resolved, cancelled downloads: asking again changes nothing
            "scrapy.exceptions.DownloadConnectionRefusedError",
            "scrapy.exceptions.DownloadTimeoutError",
        ],
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",  # ERROR: a portal that fails is a result here, no error of ours
        "DOWNLOADER_MIDDLEWARES_BASE": {},  # fourteen: those that are used here stand below; each import takes its time
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.safety.Safety": 50,  # before robots.txt is asked for: a foreign host gets no request at all
            "crawler.robots.PoliteRobots": 100,
            "crawler.backoff.BackOff": 550,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
            "crawler.cookies.Cookies": 700,
            "crawler.keeping.Keeper": 930,  # keeps every answer, before redirects and retries read it, and unpacks it
        },
        "SPIDER_MIDDLEWARES_BASE": {},  # six: the spider has no callbacks; redirects ask this one for their Referer
        "SPIDER_MIDDLEWARES": {"scrapy.spidermiddlewares.referer.RefererMiddleware": 700},
        # ten: statistics, feeds, a telnet console and a server that runs Python for whoever finds its token
        "EXTENSIONS_BASE": {},
        "LOG_INSTALL_ROOT_HANDLER": False,  # True: logging is set up in crawler.crawl
        "LOG_LEVEL": "WARNING",  # DEBUG: progress is printed by the spider itself
        "LOG_FORMAT": "%(levelname)s %(name)s: %(message)s",  # with wall-clock time: our time is handed down
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",  # MemoryStatsCollector: ours go to the run table
        "LOG_FORMATTER": "crawler.settings.Quiet",  # scrapy.logformatter.LogFormatter: makes a line of each answer
    }
