"""`python -m crawler.probe URL...`: what stands at the address of a column, one JSON object a line.

A probe looks once, in a home of its own that is thrown away: it recognises the family by the addresses of the
entries, and says what a registry row would have to say. It fetches the list pages and robots.txt, no document.
With `--rows FILE` it probes registry rows, each one JSON object a line with the fields of `Column`.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from sqlite_utils import Database

from crawler.__main__ import LOOPBACK, instant_argument
from crawler.crawl import crawl
from crawler.errors import CrawlerError
from crawler.families import recognise
from crawler.families.rows import REPORT
from crawler.options import Options
from db.archive import Archive
from db.connection import open_database
from db.crawl_rows import load_looks
from db.errors import DatabaseError
from db.registry_rows import store_registry
from registry.model import Body, Column, Kind, Level, Look, LookResult, Registry, Verification

YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
BODY = Body("probe", "probe", Kind.OTHER, Level.COUNTY, "000000")
DEAD = (LookResult.DNS, LookResult.NOT_FOUND, LookResult.REFUSED, LookResult.TIMEOUT)
BLOCKED = (LookResult.WALL, LookResult.CHALLENGE, LookResult.ROBOTS, LookResult.TLS)


@dataclass(frozen=True, slots=True)
class Probe:
    """What stands at one address. `family` None: the entries' addresses belong to no family we know. `verified` is
    what the registry's row should say after this probe; `years` are those named in the titles; `robots` what the
    host's robots.txt came to, in words.
    """

    column: str
    url: str
    result: str
    detail: str
    verified: str
    family: str | None
    entries: int
    reports: int
    years: tuple[int, ...]
    pages_expected: int | None
    pages_read: int
    titles: tuple[str, ...]
    robots: str


def verification(look: Look) -> Verification:
    """What one look says of a column's row: verified only if the whole list was read and holds yearly reports."""
    if look.result.complete and any(REPORT.search(entry.title) for entry in look.entries):
        return Verification.VERIFIED
    if look.result is LookResult.HOME_REDIRECT or "moved, to be verified" in look.detail:
        return Verification.MOVED
    if look.result in DEAD:
        return Verification.DEAD
    return Verification.BLOCKED if look.result in BLOCKED else Verification.UNVERIFIED


def column_at(url: str, number: int = 0) -> Column:
    """A row for an address of which nothing is known. Raises CrawlerError for what is no web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CrawlerError(f"{url}: expected a web address")
    return Column(f"p{number}", url, ("probe",), recognise(url) or "generic")


def probe(columns: Sequence[Column], options: Options) -> list[Probe]:
    """Look once at each column; `options.home` and `options.columns` are not used. Once in a process (see `crawl`).

    What was not visited (the run's time was over) is left out. Raises CrawlerError, DatabaseError.
    """
    rows = {column.id: replace(column, bodies=("probe",)) for column in columns}
    with tempfile.TemporaryDirectory(prefix="ogiwatch-probe-") as folder:
        home = Path(folder)
        db = open_database(home)
        store_registry(db, Registry({"probe": BODY}, rows, ()))
        db.close()
        summary = crawl(replace(options, home=home, columns=tuple(rows), run=None, documents=0))
        if summary.fatal:
            raise CrawlerError(summary.fatal)
        db = open_database(home)
        looks = {look.column: look for look in load_looks(db)}
        robots = _robots(db, Archive(home), options.agent)
        db.close()
    return [
        _probe(column, looks[name], robots.get(urlsplit(column.url).netloc, "not asked for"))
        for name, column in rows.items()
        if name in looks
    ]


def _probe(column: Column, look: Look, robots: str) -> Probe:
    families = Counter(recognise(entry.url) for entry in look.entries)
    titles = [entry.title for entry in look.entries]
    return Probe(
        column=column.id,
        url=column.url,
        result=str(look.result),
        detail=look.detail,
        verified=str(verification(look)),
        family=families.most_common(1)[0][0] if families else None,
        entries=len(titles),
        reports=sum(bool(REPORT.search(title)) for title in titles),
        years=tuple(sorted({int(year) for title in titles for year in YEAR.findall(title)})),
        pages_expected=look.pages_expected,
        pages_read=look.pages_read,
        titles=tuple(titles),
        robots="forbids this list" if look.result is LookResult.ROBOTS else robots,
    )


def _robots(db: Database, archive: Archive, agent: str) -> dict[str, str]:
    """What each host's robots.txt says to us, by host and port."""
    said: dict[str, str] = {}
    sql = "SELECT url, status, error, sha256 FROM fetches WHERE purpose = 'robots' ORDER BY id"
    for url, status, error, sha256 in db.conn.execute(sql):
        host = urlsplit(url).netloc
        if status != 200:
            said[host] = f"none (answered {status})" if status else f"could not be asked for ({error})"
            continue
        text = archive.get(sha256).decode("utf-8", "replace") if sha256 else ""
        delay = Protego.parse(text).crawl_delay(agent)
        said[host] = f"allows it, {delay:g} seconds between requests" if delay else "allows it"
    return said


def _row(line: str) -> Column:
    """A registry row out of one line of JSON; unknown and missing fields are a TypeError of the dataclass."""
    told: dict[str, Any] = json.loads(line)
    told["bodies"] = tuple(told["bodies"])
    told["attachment_hosts"] = tuple(told["attachment_hosts"])
    told["verified"] = Verification(told["verified"])
    return Column(**told)


def main(arguments: list[str] | None = None) -> int:
    """Probe the addresses given; exit status 0, or 2 on bad usage."""
    parser = argparse.ArgumentParser(prog="python -m crawler.probe", description=__doc__)
    parser.add_argument("urls", nargs="*", metavar="URL")
    parser.add_argument("--rows", type=Path, help="registry rows to probe, one JSON object a line")
    parser.add_argument("--output", type=Path, help="write the result there instead of standard output")
    parser.add_argument(
        "--now", type=instant_argument, required=True, help="the present instant, ISO 8601 with an offset"
    )
    parser.add_argument("--allow-private", nargs="?", const=LOOPBACK, default="", metavar="CIDR[,CIDR]")
    parser.add_argument("--user-agent", default="")
    parser.add_argument("--contact", default="")
    parser.add_argument("--delay", type=float, default=Options.delay)
    parser.add_argument("--timeout", type=float, default=Options.timeout)
    given = parser.parse_args(arguments)
    try:
        private = tuple(ipaddress.ip_network(part) for part in given.allow_private.split(",") if part)
        options = Options(
            Path(),
            (),
            given.now,
            allow_private=private,
            user_agent=given.user_agent,
            contact=given.contact,
            delay=given.delay,
            timeout=given.timeout,
        )
        columns = [column_at(url, number) for number, url in enumerate(given.urls)]
        if given.rows is not None:
            columns += [_row(line) for line in given.rows.read_text(encoding="utf-8").splitlines()]
        found = probe(columns, options)
        lines = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in found)
        if given.output is None:
            print(lines, end="")
        else:
            given.output.write_text(lines, encoding="utf-8")
    except (CrawlerError, DatabaseError, OSError, ValueError, TypeError, KeyError) as error:
        print(f"crawler: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
