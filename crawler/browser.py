"""Lists that scripts draw: the page is run in Chromium, which has no network of its own.

Whatever the page asks for, the crawl asks for it, so that all that holds for other requests holds for these: hosts of
the registry, checked addresses, robots.txt, delay, sizes, budget, WARC; the browser is handed the answers. A proxy that
is not there and names that lead nowhere see to it that nothing goes past us (web sockets, prefetching, WebRTC).
Hence Playwright itself and not scrapy-playwright, whose browser makes its own connections, past all of these checks.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from crawler.faults import Fault, fault_of_page, fault_of_redirect
from parsers.decoding import decode
from registry.model import LookResult

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page, Route

    from crawler.asking import Answer, Asker

PROGRAM = "chromium"
FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--js-flags=--max-old-space-size=512",
)  # fmt: skip
ASKED = frozenset({"script", "xhr", "fetch"})  # kinds of parts by which a list can be drawn; the others are left out
METHODS = frozenset({"GET", "POST"})
MOST_PARTS = 40  # of one page
SECONDS = 120.0  # for one page, its host's delay before each part included
QUIET = 2.0  # seconds without a part under way and without a change: the page is drawn
STEP = 0.25
OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie", "connection"})
TO_THE_END = (  # of the page and of whatever scrolls in it: lists that go on when they are scrolled
    "() => { for (const e of [document.scrollingElement, ...document.querySelectorAll('body *')])"
    " if (e && e.scrollHeight > e.clientHeight) e.scrollTop = e.scrollHeight }"
)
DRAWN = (  # without <noscript>: nothing of it is shown, and it asks for a script
    "() => { document.querySelectorAll('noscript').forEach(e => e.remove());"
    " return document.documentElement.outerHTML }"
)
OF_THE_RAW_PAGE = (LookResult.EMPTY_BODY, LookResult.CONTENT_TYPE, LookResult.DECODING, LookResult.TRUNCATED)


def absent() -> str:
    """What is not installed of what a column that needs JavaScript takes; empty if all is there."""
    missing = [] if find_spec("playwright") else ["Playwright"]
    missing += [] if shutil.which(PROGRAM) else ["Chromium"]
    if not missing:
        return ""
    return f"the column needs a browser, and {' and '.join(missing)} is not installed: `make extras` installs it"


class Browser:
    """One Chromium for a crawl, started for the first page that needs it; one page at a time."""

    def __init__(self) -> None:
        self._driver: Any = None
        self._browser: Any = None
        self._turn = asyncio.Lock()

    async def draw(self, page: Answer, asker: Asker, most: int) -> tuple[str, str, Fault | None]:
        """The document as the page's scripts left it, the browser's version, and what speaks against taking it whole.
        `most`: characters.
        """
        from playwright.async_api import Error  # here, not above: an extra

        async with self._turn:
            try:
                if self._browser is None:
                    await self._start()
                context = await self._browser.new_context(service_workers="block", accept_downloads=False)
                drawing = _Drawing(page, asker)
                try:
                    text, fault = await asyncio.wait_for(drawing.run(context, most), SECONDS)
                finally:
                    drawing.stop()
                    await asyncio.wait_for(context.close(), 10)
                return text, str(self._browser.version), fault
            except TimeoutError:
                await self.close()  # a script that never ends holds its process: the next page gets a new one
                said = f"{page.fetched.url}: its scripts did not come to rest in {SECONDS:.0f} s"
                return "", "", Fault(LookResult.TIMEOUT, said)
            except Error as error:
                await self.close()
                said = " ".join(str(error).split())[:200]
                return "", "", Fault(LookResult.UNKNOWN, f"{page.fetched.url}: the browser failed: {said}")

    async def close(self) -> None:
        """End the browser and what drives it."""
        browser, driver, self._browser, self._driver = self._browser, self._driver, None, None
        if browser is not None:
            await browser.close()
        if driver is not None:
            await driver.stop()

    async def _start(self) -> None:
        from playwright.async_api import async_playwright

        flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]  # the sandbox does not run as root
        self._driver = await async_playwright().start()
        self._browser = await self._driver.chromium.launch(
            executable_path=shutil.which(PROGRAM), args=flags, handle_sigint=False, handle_sigterm=False,
            handle_sighup=False,
        )  # fmt: skip


class _Drawing:
    """One page being drawn: its parts are asked for by the crawl, and what failed of them is remembered."""

    def __init__(self, page: Answer, asker: Asker) -> None:
        self._page = page
        self._asker = asker
        self._address = page.fetched.final_url or page.fetched.url
        self._under_way: set[asyncio.Task[None]] = set()
        self._parts = 0
        self._shown = False
        self._fault: Fault | None = None
        self._error: BaseException | None = None

    async def run(self, context: BrowserContext, most: int) -> tuple[str, Fault | None]:
        """Open the page, wait until it is at rest and stays so when scrolled to its end, and take its document."""
        await context.route("**/*", self._asked)
        await context.route_web_socket("**/*", lambda socket: socket.close())
        page = await context.new_page()
        await page.goto(self._address, wait_until="domcontentloaded")
        text, quiet, at_end = "", 0.0, False
        while quiet < QUIET or not at_end:
            if quiet >= QUIET:
                await page.evaluate(TO_THE_END)
                quiet, at_end = 0.0, True
            await asyncio.sleep(STEP)
            if self._error is not None:
                raise self._error
            now = await _document(page)
            if len(now) > most:
                return "", Fault(LookResult.TOO_LARGE, f"{self._address}: its scripts made more than {most} characters")
            resting = now == text and not self._under_way
            quiet, at_end, text = (quiet + STEP if resting else 0.0), at_end and resting, now
        return f"<!DOCTYPE html>\n{text}\n", self._fault

    def stop(self) -> None:
        """Ask for nothing more."""
        for task in self._under_way:
            task.cancel()

    def _asked(self, route: Route) -> None:
        """Playwright's question what is to be done with a request of the browser's."""
        task = asyncio.ensure_future(self._answer(route))
        self._under_way.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            self._error = self._error or task.exception()  # the run ends with it

    async def _answer(self, route: Route) -> None:
        request = route.request
        if request.is_navigation_request():
            if request.frame.parent_frame is None:
                await self._main(route)
            else:
                await route.abort()
            return
        if request.resource_type not in ASKED or request.method not in METHODS:
            await route.abort()
            return
        self._parts += 1
        if self._parts > MOST_PARTS:
            self._fail(LookResult.TOO_LARGE, f"it asks for more than {MOST_PARTS} parts")
            await route.abort()
            return
        given = request.headers
        told = {name: given[name] for name in ("content-type", "x-requested-with") if name in given}
        answer = await self._asker.ask(
            request.url, "part", method=request.method, body=request.post_data_buffer or b"", headers=told
        )
        self._judge(answer, request.resource_type)
        if answer.fetched.status is None:
            await route.abort()
            return
        await _hand_over(route, answer)

    async def _main(self, route: Route) -> None:
        """The page itself, once; a script that leads elsewhere gets nowhere."""
        url = route.request.url.partition("#")[0]
        if url == self._address.partition("#")[0] and not self._shown:
            self._shown = True
            await _hand_over(route, self._page)
            return
        await route.abort()
        fault = fault_of_redirect(self._address, url)
        self._fault = self._fault or fault or Fault(LookResult.UNKNOWN, f"its script leads to {url}")

    def _judge(self, answer: Answer, kind: str) -> None:
        """A part that failed may hold what the list lacks. Two kinds of failures are those of every visitor, or of what
        draws no list: a script that is not there, and a script of a foreign host.
        """
        fault = answer.fault
        common = fault is not None and fault.result in (LookResult.NOT_FOUND, LookResult.UNSAFE_ADDRESS)
        if fault is not None and not (kind == "script" and common):
            self._fail(fault.result, f"a part of the page failed: {fault.sentence}")

    def _fail(self, result: LookResult, sentence: str) -> None:
        self._fault = self._fault or Fault(result, f"{self._address}: {sentence}")


class DrawnPages:
    """Asks as an `Asker` does, and gives list pages as their scripts draw them."""

    def __init__(self, asker: Asker, browser: Browser, most: int) -> None:
        self._asker = asker
        self._browser = browser
        self._most = most

    async def ask(self, url: str, purpose: str) -> Answer:
        """The answer with the drawn document as its body; the answer as it came where nothing can be drawn of it."""
        answer = await self._asker.ask(url, purpose)
        fetched = answer.fetched
        if answer.fault is not None or fault_of_redirect(fetched.url, fetched.final_url):
            return answer
        fault = fault_of_page(fetched, decode(fetched.body)[0])
        if fault is not None and fault.result in OF_THE_RAW_PAGE:
            return answer
        text, version, fault = await self._browser.draw(answer, self._asker, self._most)
        if fault is not None:
            return replace(answer, fault=fault)
        body = text.encode()
        sha256 = self._asker.keep_drawn(answer, body, f"Chromium {version}")
        return replace(answer, fetched=replace(fetched, body=body), sha256=sha256)


async def _document(page: Page) -> str:
    text: str = await page.evaluate(DRAWN)
    return text


async def _hand_over(route: Route, answer: Answer) -> None:
    fetched = answer.fetched
    headers = {name: value for name, value in fetched.headers.items() if name not in OF_THE_WIRE}
    await route.fulfill(status=fetched.status or 502, headers=headers, body=fetched.body)
