"""`ogiwatch demo`: a season of real crawls over HTTP against local portals, on simulated days.

The portals, the mail server and the webhook are made here; everything else is what the service does every night:
crawl in a child process, read, judge, tell. Only the clock is set (`--as-of`).
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as hour
from pathlib import Path

from db.about import set_about
from db.outbox import Subscriber, add_subscriber
from db.transactions import write
from registry.model import SHANGHAI, LookResult
from samples.portals import PortalServer
from samples.season import Season
from samples.season_plan import DAYS
from scheduler import demo_home, demo_tour
from scheduler.alerting import Delivered, deliver
from scheduler.clock import Clock
from scheduler.demo_inbox import Inbox
from scheduler.home import Home
from scheduler.judging import Judged
from scheduler.model import SchedulerError
from scheduler.output import progress
from scheduler.pipeline import crawl, judge, read, take_registry, working
from scheduler.runs import stoppable
from scheduler.settings import Site
from scheduler.site import bind

HOST = "127.0.0.1"
LOG = "demo.log"
AT = hour(9)  # of each simulated day, Asia/Shanghai


@dataclass(slots=True)
class Day:
    """What one simulated day came to."""

    day: date
    looks: dict[str, int] = field(default_factory=dict)
    documents: int = 0
    judged: Judged = field(default_factory=Judged)
    delivered: Delivered = field(default_factory=Delivered)


@dataclass(slots=True)
class Played:
    """A season that was played; portals and receivers still stand. `home` is set to the last simulated day."""

    home: Home
    season: Season
    inbox: Inbox
    days: list[Day] = field(default_factory=list)


@contextmanager
def playing(path_of: Home, port: int) -> Iterator[Played]:
    """Play the whole season into a fresh home; the portals and receivers stand until the `with` ends.

    `port` is where the site will be. Raises SchedulerError for a folder that is not a demo's, or a day that failed.
    """
    path = path_of.path
    demo_home.make_room(path)
    with path_of.lock(demo_home.LOCK.removesuffix(".lock"), 0, "another demo is playing here"):
        demo_home.empty(path)
        season = Season()
        with _serving(season) as server, Inbox(path) as inbox, stoppable():
            demo_home.write_registry(path / "registry", season, server)
            demo_home.write_settings(path, port)
            played = Played(on_day(path_of, DAYS[0]), season, inbox)
            _open(played)
            began = time.monotonic()
            for number, day in enumerate(DAYS, start=1):
                played.home = on_day(path_of, day)
                happened = season.advance(day)
                progress(f"[{time.monotonic() - began:5.1f} s] day {number} of {len(DAYS)}: {day}")
                for what in happened:
                    progress(f"          {what}")
                with _logged(path / LOG):
                    played.days.append(one_day(played.home, day))
                progress(f"          {_summary(played.days[-1])}")
            progress(f"[{time.monotonic() - began:5.1f} s] the season is played")
            yield played


@contextmanager
def _serving(season: Season) -> Iterator[PortalServer]:
    """The season's portals, each on a loopback address of its own so that it is a host of its own."""
    server = PortalServer(season.portals.values())
    try:
        server.start()
    except OSError as error:
        server.stop()
        raise SchedulerError(
            f"demo: the portals need the loopback addresses 127.0.0.1 to 127.0.0.11: {error.strerror or error}; "
            "where only the first exists, add the others to the loopback interface"
        ) from None
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def _logged(path: Path) -> Iterator[None]:
    """Send standard error, that of child processes too, into a file: a season's lines of progress are too many."""
    sys.stderr.flush()
    kept = os.dup(2)
    with path.open("a", encoding="utf-8") as log, redirect_stderr(log):
        os.dup2(log.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _summary(day: Day) -> str:
    """One line of what a simulated day came to."""
    failed = {result: number for result, number in day.looks.items() if result != LookResult.COMPLETE}
    parts = [f"{day.looks.get(LookResult.COMPLETE, 0)} columns read whole"]
    if failed:
        parts.append(f"{sum(failed.values())} not ({', '.join(sorted(failed))})")
    parts += [f"{day.documents} new documents", f"{day.judged.events} changes", f"{day.delivered.sent} messages sent"]
    return ", ".join(parts)


def on_day(home: Home, day: date) -> Home:
    """The same home with its clock set to a simulated day."""
    return Home(home.path, Clock(datetime.combine(day, AT, SHANGHAI)))


def one_day(home: Home, day: date) -> Day:
    """One round over all columns: crawl, read, judge, tell, by the functions that the service calls."""
    done = Day(day)
    with working(home) as db:
        crawled = crawl(home, db, everything=True)
        if crawled.failed:
            raise SchedulerError(f"demo: the crawl of {day} failed; see {home.path / LOG}")
        done.looks = crawled.looks
        done.documents = read(home, db).documents
        done.judged = judge(home, db)
    done.delivered = deliver(home)
    return done


def _open(played: Played) -> None:
    """Make the database, with the demo's registry and its two subscribers."""
    with working(played.home) as db:
        take_registry(played.home, db)
        with write(db):
            set_about(db, "site", "demo")  # every page of the site then says so
        now = played.home.clock.now()
        add_subscriber(db, Subscriber("mailbox", played.inbox.mail_url, "zh"), now)
        add_subscriber(db, Subscriber("webhook", played.inbox.hook_url, "en"), now)


def play(home: Home, *, serve: bool = True, port: int | None = None) -> None:
    """Play the season, print what came of it and a tour of the site, and serve the site until Ctrl-C.

    `port` None: the site's usual one, or any free one if that is taken. Raises SchedulerError.
    """
    demo_home.make_room(home.path)
    progress(f"The demo's home is {home.path}. Only this machine is spoken to: the portals are on loopback,")
    progress(f"so the pause between two requests is {demo_home.DELAY_SECONDS} s instead of the usual 2 s.")
    wanted = Site().port if port is None else port
    try:
        listener = bind(HOST, wanted)
    except SchedulerError:
        if port is not None:
            raise
        listener = bind(HOST, 0)
    try:
        with playing(home, listener.getsockname()[1]) as played:
            demo_tour.show(played.home, played.inbox)
            if serve:
                from scheduler.service import serve_until_told
                from scheduler.site import site_app

                asyncio.run(serve_until_told(site_app(played.home), listener))
    finally:
        listener.close()
