"""`python -m crawler`: one child process that visits a batch of columns and stores one look for each."""

from __future__ import annotations

import argparse
import gc
import ipaddress
import json
import os
import sys
from datetime import datetime
from pathlib import Path

if __name__ == "__main__":  # a child process: a second of its start is a second in which no portal is asked
    gc.disable()  # until all is loaded
    for unused in ("numpy", "pandas"):  # sqlite_utils loads them where they are, for types that nobody stores here
        sys.modules[unused] = None  # type: ignore[assignment]
    # aiohttp reads all certificates twice when it is imported, for contexts that are not used here (crawler.handler)
    given = {name: os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")}
    os.environ.update(dict.fromkeys(given, os.devnull))
    import aiohttp  # noqa: F401

    for name, value in given.items():
        os.environ.pop(name)
        if value is not None:
            os.environ[name] = value

from crawler.crawl import crawl
from crawler.errors import CrawlerError
from crawler.options import Options
from db.errors import DatabaseError

LOOPBACK = "127.0.0.0/8"


def instant_argument(text: str) -> datetime:
    """An instant with an offset, for argparse."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"expected an instant with an offset, got {text}")
    return at


def _names(text: str) -> tuple[str, ...]:
    if text.startswith("@"):  # thousands of ids do not fit into one argument
        return tuple(Path(text[1:]).read_text(encoding="utf-8").split())
    return tuple(part for part in text.split(",") if part)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m crawler", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="folder with the database, the archive and the WARCs")
    parser.add_argument(
        "--columns", required=True, help="ids of the columns to visit, with commas, or @FILE with one a line"
    )
    parser.add_argument(
        "--now", type=instant_argument, required=True, help="the present instant, ISO 8601 with an offset"
    )
    parser.add_argument("--run", type=int, help="id of the run that the looks belong to")
    parser.add_argument(
        "--allow-private", nargs="?", const=LOOPBACK, default="", metavar="CIDR[,CIDR]",
        help=f"private networks that may be asked all the same (without a value: {LOOPBACK}); for the demo and tests",
    )  # fmt: skip
    parser.add_argument("--user-agent", default="", help="name to be used instead of our own")
    parser.add_argument("--contact", default="", help="mail address or URL in the user agent")
    parser.add_argument("--delay", type=float, default=Options.delay, help="seconds between two requests to a host")
    parser.add_argument("--timeout", type=float, default=Options.timeout, help="seconds for one answer")
    parser.add_argument("--backoff", type=float, default=Options.backoff, help="seconds before a second try")
    parser.add_argument("--tries", type=int, default=Options.tries, help="tries of one request to a busy host")
    parser.add_argument("--budget", type=int, default=Options.budget, help="requests in this run")
    parser.add_argument("--seconds", type=float, default=Options.seconds, help="time of this run; 0: no limit")
    parser.add_argument("--max-document-mb", type=float, default=Options.document_bytes / 1024**2)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Crawl as the arguments say. Exit status: 0 done (whatever the portals answered), 1 stopped early, 2 bad usage
    or a home that cannot be written.
    """
    given = _parser().parse_args(arguments)
    try:
        private = tuple(ipaddress.ip_network(part) for part in given.allow_private.split(",") if part)
    except ValueError as error:
        print(f"--allow-private: {error}", file=sys.stderr)
        return 2
    options = Options(
        home=given.home,
        columns=_names(given.columns),
        now=given.now,
        run=given.run,
        allow_private=private,
        user_agent=given.user_agent,
        contact=given.contact,
        delay=given.delay,
        timeout=given.timeout,
        tries=given.tries,
        backoff=given.backoff,
        budget=given.budget,
        seconds=given.seconds,
        document_bytes=int(given.max_document_mb * 1024**2),
    )
    try:
        summary = crawl(options)
    except (CrawlerError, DatabaseError) as error:
        print(f"crawler: {error}", file=sys.stderr)
        return 2
    print(json.dumps(summary.as_row(), ensure_ascii=False), file=sys.stderr)
    if summary.fatal:
        print(f"crawler: {summary.fatal}", file=sys.stderr)
        return 2
    return 0 if summary.finished else 1


if __name__ == "__main__":
    # What is loaded stays, so the collector need not walk it again and again; 700: it comes after ten requests
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # all is kept and closed; a thread may still wait for a name that nobody knows
