"""`ogiwatch run`: one asyncio process that keeps time and serves the site; every job is a child process of its own.

A job that hangs, leaks or crashes therefore takes neither the site nor the timetable with it. What has run stands in
the table `runs`: what fell due while the service was down, or was interrupted, is done at the next start.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Sequence
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from datasette.app import Datasette

from db.outbox import next_attempt_at
from registry.model import SHANGHAI
from scheduler.home import Home
from scheduler.output import progress
from scheduler.runs import is_done
from scheduler.site import bind, login_path, server, site_app
from scheduler.timetable import last_due

LOCAL = "127.0.0.1"  # where the operator's pages listen unless another address is asked for
STOP_SECONDS = 30.0  # a child gets this long after SIGTERM, then SIGKILL; longer than it gives its own children


async def run_child(arguments: Sequence[str], timeout_seconds: float | None = None) -> int:
    """Run `ogiwatch` with these arguments on a leash (it ends when we do); its exit status, negative if killed.

    Cancelling stops the child first: SIGTERM, then SIGKILL.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "scheduler.leash", "scheduler", *arguments,
        stdin=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        return await asyncio.wait_for(child.wait(), timeout_seconds)
    except (TimeoutError, asyncio.CancelledError):
        child.terminate()
        try:
            await asyncio.wait_for(child.wait(), STOP_SECONDS)
        except TimeoutError:
            child.kill()
            await child.wait()
        raise


class Service:
    """The timetable and the site of one home."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.rounds = asyncio.Lock()  # one round at a time, and one delivery: a second would only wait for the lock
        self.deliveries = asyncio.Lock()

    async def round(self, due: datetime | None = None) -> None:
        """One whole round (crawl, read, judge, tell) unless the one due last is done already."""
        due = due or last_due(self.home.clock.now(), self.home.settings.crawl.hour)
        async with self.rounds:
            if self._done("round", due):
                return
            await self._job("round", ["run", "--once", "--due-at", due.isoformat()])

    async def tell(self) -> None:
        """Send what waits in the outbox and is due."""
        async with self.deliveries:
            if self._waits():
                await self._job("alert", ["alert"])

    async def _job(self, name: str, arguments: Sequence[str]) -> None:
        progress(f"{name}: started")
        status = await run_child(["--home", str(self.home.path), *arguments])
        progress(f"{name}: done" if status == 0 else f"{name}: ended with exit status {status}; see the lines above")

    def _waits(self) -> bool:
        database = self.home.open(create=False, read_only=True)
        try:
            at = next_attempt_at(database)
        finally:
            database.close()
        return at is not None and at <= self.home.clock.now()

    def _done(self, job: str, due: datetime) -> bool:
        database = self.home.open(read_only=True)
        try:
            return is_done(database, job, due)
        finally:
            database.close()

    async def serve(self, listener: socket.socket) -> None:
        """Keep time and serve until SIGTERM or SIGINT; then stop the children and the site, and return."""
        settings = self.home.settings
        # Jobs are declared here at every start; what was missed is known from `runs`, so memory is store enough.
        timetable = AsyncIOScheduler(
            timezone=SHANGHAI, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        timetable.add_job(self.round, CronTrigger(hour=settings.crawl.hour, timezone=SHANGHAI), id="round")
        timetable.add_job(self.tell, IntervalTrigger(minutes=settings.alerts.every_minutes), id="alert")
        timetable.add_job(self.round, id="catch-up")
        timetable.start()
        try:
            await serve_until_told(site_app(self.home), listener)
        finally:
            timetable.shutdown(wait=False)
            jobs = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in jobs:
                task.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)


async def serve_until_told(app: Datasette, listener: socket.socket) -> None:
    """Serve the site on a bound socket until SIGTERM or SIGINT."""
    web = server(app)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    serving = asyncio.create_task(web.serve(sockets=[listener]))
    stop = asyncio.create_task(stopping.wait())
    host, port = listener.getsockname()[:2]
    progress(f"the site is at http://{host}:{port}/ ; Ctrl-C or SIGTERM stops")
    await asyncio.wait({stop, serving}, return_when=asyncio.FIRST_COMPLETED)
    progress("stopping")
    stop.cancel()
    web.should_exit = True
    await serving


def run_service(home: Home, port: int | None = None) -> None:
    """Run the service of a home until it is told to stop. Raises SchedulerError if another one runs on it, a setting
    is wrong or the address is taken, DatabaseError if the database cannot be used.
    """
    site = home.settings.site
    with home.lock("service", 0, "another `ogiwatch run` works on this home already"):
        home.open().close()
        listener = bind(site.host, site.port if port is None else port)

        async def main() -> None:
            await Service(home).serve(listener)

        asyncio.run(main())


def serve_site(home: Home, host: str | None = None, port: int | None = None, *, operator: bool = False) -> None:
    """Serve the site of a home until told to stop: read-only, or with the operator's pages, by default on this machine
    only. Raises DatabaseError, SchedulerError.
    """
    site = home.settings.site
    app = site_app(home, operator=operator)
    listener = bind(host or (LOCAL if operator else site.host), site.port if port is None else port)
    if operator:
        address, taken = listener.getsockname()[:2]
        progress(f"log in, once, at http://{address}:{taken}{login_path(app)}")
    asyncio.run(serve_until_told(app, listener))
