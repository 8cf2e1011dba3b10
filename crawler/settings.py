"""Scrapy's settings for our crawls: only what differs from Scrapy 2.19's defaults, each with that default and why."""

from __future__ import annotations

from typing import Any

from crawler.options import Options

MEGABYTE = 1024 * 1024
LEGACY = {
    "DOWNLOAD_VERIFY_CERTIFICATES": False,  # False: but see below, where everyone else's are verified
    "DOWNLOAD_TLS_MIN_VERSION": "TLSv1.0",  # None: the library's, which is TLS 1.2
    "DOWNLOADER_CLIENTCONTEXTFACTORY": "crawler.legacy.LegacyContextFactory",  # see there
}
# The settings of a Scrapy process override those of its spiders: what differs between them must not stand there.
OF_ONE_SPIDER = frozenset({*LEGACY, "DOWNLOAD_SLOTS"})


def scrapy_settings(options: Options, *, legacy_tls: bool = False) -> dict[str, Any]:
    """The settings of one spider. `legacy_tls`: for hosts whose columns allow old protocols and bad certificates."""
    return {
        "BOT_NAME": "ogiwatch",  # scrapybot: names us in logs
        "USER_AGENT": options.agent,  # Scrapy/2.19: a portal's operator must be able to tell who asks, and to reach us
        "DEFAULT_REQUEST_HEADERS": {  # Accept-Language en: portals with an English side would answer with it
            "Accept": "text/html,application/xhtml+xml,application/json,application/pdf,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
        },
        "ROBOTSTXT_OBEY": True,  # False: we ask only what a portal lets robots ask
        "DOWNLOAD_DELAY": options.delay,  # 0: portals of small towns run on small machines
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,  # 8: one request a host at a time, whatever the number of its columns
        "CONCURRENT_REQUESTS": 0,  # 16: no limit of the engine; one visit a host at a time is limit enough
        "DOWNLOAD_TIMEOUT": options.timeout,  # 180: a hung portal must not hold its host's other columns that long
        "DNS_TIMEOUT": 15,  # 60: the resolver's threads are few, and a dead name holds one of them so long
        "TWISTED_DNS_RESOLVER": "crawler.safety.SafeResolver",  # CachingThreadedResolver: refuses private addresses
        "REACTOR_THREADPOOL_MAXSIZE": 30,  # 10: names are looked up in these threads
        "DOWNLOAD_MAXSIZE": options.page_bytes,  # 1 GB: a list page is small; documents name their own limit
        "DOWNLOAD_WARNSIZE": 0,  # 32 MB: the limit itself is reported
        "DOWNLOAD_VERIFY_CERTIFICATES": True,  # False: a wrong certificate may be another's portal
        "HTTPPROXY_ENABLED": False,  # True: a proxy of the environment would look names up, past our check of them
        "REDIRECT_MAX_TIMES": 6,  # 20: no honest portal needs more
        "METAREFRESH_ENABLED": False,  # True: a page that leads elsewhere is evidence, and judged by us
        "RETRY_TIMES": max(0, options.tries - 1),  # 2
        "RETRY_HTTP_CODES": [408, 429, 503],  # also 500, 502, 504, 522, 524: those are answers, kept as they are
        "RETRY_EXCEPTIONS": [  # also names that cannot be resolved, cancelled downloads: asking again changes nothing
            "scrapy.exceptions.DownloadConnectionRefusedError",
            "scrapy.exceptions.DownloadTimeoutError",
        ],
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",  # ERROR: a portal that fails is a result here, no error of ours
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.safety.Safety": 50,  # before robots.txt is asked for: a foreign host gets no request at all
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # 100: see crawler.robots
            "crawler.robots.PoliteRobots": 100,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,  # 550: see crawler.backoff
            "crawler.backoff.BackOff": 550,
            "crawler.keeping.Keeper": 930,  # archives every answer, before redirects (600) and retries read it
            # 590: decompressed before it is archived, so that equal pages are equal however they were sent
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 940,
            "crawler.keeping.Recorder": 950,  # the WARC holds what came over the wire
            "crawler.safety.RefusedNames": 960,  # what was never sent is not recorded
        },
        "REMOTE_CONTROL_ENABLED": False,  # True: a server that runs Python for whoever finds its token
        "TELNETCONSOLE_ENABLED": False,  # True: the same by telnet
        "LOG_INSTALL_ROOT_HANDLER": False,  # True: logging is set up in crawler.crawl
        "LOG_LEVEL": "WARNING",  # DEBUG: progress is printed by the spider itself
        "LOG_FORMAT": "%(levelname)s %(name)s: %(message)s",  # with wall-clock time: our time is handed down
        "LOGSTATS_INTERVAL": 0,  # 60: see LOG_LEVEL
        "STATS_DUMP": False,  # True: the figures that matter go to the run table
    } | (LEGACY if legacy_tls else {})
