"""Local portals: one HTTP server on loopback addresses that speaks the shapes of the real portals, faults included.

How to use it (tests and the demo):

    portal = Portal("xicheng", "trs", [
        PortalEntry("某局2025年政府信息公开工作年度报告", "202601/t20260120_101.html", date(2026, 1, 20), "<p>...</p>"),
    ])
    with PortalServer([portal]) as server:
        server.column_url(portal)                 # http://127.0.0.1:PORT/xicheng/zfxxgk/zfxxgknb/
        server.entry_url(portal, portal.entries[0])
        ... crawl ...
        portal.entries.append(PortalEntry(...))   # a report appears
        portal.entries[0].status = 404            # a page is gone ...
        portal.entries[0].listed = False          # ... and its row as well
        portal.fault = PortalFault.FORBIDDEN      # the list now answers 403
        ... crawl again ...
        server.log                                # every request that was answered, with status and bytes

Portals live side by side on one port, each in the folder of its name; a portal with an `address` of its own
(127.0.0.2, 127.0.0.3, ...) is another host. Values may be changed at any time between two requests, also from another
thread. `close_port` and `open_port` make a host refuse every connection, and answer again.
`entry_path(family, number, day)` makes a path as the family's addresses look. A fault strikes the list pages
only: articles answer as their own `status` says, so that "the list failed" and "the report is gone" stay two different
things. A server needs no clock: nothing in its answers depends on the day.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import posixpath
import ssl
import threading
import time
from collections.abc import Coroutine, Iterable, Mapping
from email.utils import format_datetime
from types import TracebackType
from urllib.parse import parse_qsl, unquote, urlsplit

from samples.portal_faults import faulty_answer
from samples.portal_model import Answer, Asked, Logged, Portal, PortalAttachment, PortalEntry, PortalFault
from samples.portal_pages import path_of
from samples.portal_shapes import SHAPES, entry_path

__all__ = ["SHAPES", "Logged", "Portal", "PortalAttachment", "PortalEntry", "PortalFault", "PortalServer", "entry_path"]

REASONS = {200: "OK", 302: "Found", 304: "Not Modified", 404: "Not Found"}


class PortalServer:
    """Serves portals from a thread of its own, from `start()` (or `with`) to `stop()`.

    `port` 0 takes a free port, the same on every address. `log` holds one `Logged` a request, oldest first. `tls`
    holds the certificates that `secure` portals show: with each `PortalFault.TLS_...`, and else (None) a sound one.
    They answer on `tls_port`.
    """

    def __init__(
        self,
        portals: Iterable[Portal] = (),
        port: int = 0,
        tls: Mapping[PortalFault | None, ssl.SSLContext] | None = None,
    ) -> None:
        self.port, self.tls_port = port, 0
        self._tls = tls or {}
        self.log: list[Logged] = []
        self._portals: dict[tuple[str, str], Portal] = {}
        self._busy: set[str] = set()
        self._loop = asyncio.new_event_loop()
        self._servers: dict[str, list[asyncio.Server]] = {}
        self._stopping = asyncio.Event()
        self._thread: threading.Thread | None = None
        for portal in portals:
            self.add(portal)

    def add(self, portal: Portal) -> None:
        """Serve one more portal (at once, if the server runs)."""
        self._portals[portal.address, portal.name] = portal
        if self._thread is not None:
            self._do(self._listen(portal.address))

    def start(self) -> PortalServer:
        """Begin to listen; returns itself. Raises OSError if an address or the port cannot be had."""
        self._thread = threading.Thread(target=self._loop.run_forever, name="portals", daemon=True)
        self._thread.start()
        for address in sorted({address for address, _ in self._portals} or {"127.0.0.1"}):
            self._do(self._listen(address))
        return self

    def close_port(self, portal: Portal) -> None:
        """Let the portal's host refuse every connection."""
        self._do(self._silence(portal.address))

    def open_port(self, portal: Portal) -> None:
        """Let the portal's host answer again."""
        self._do(self._listen(portal.address))

    def _do(self, work: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def stop(self) -> None:
        """Close all connections and end the thread."""
        if self._thread is None:
            return
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._thread = None
        self._loop.close()

    def __enter__(self) -> PortalServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def column_url(self, portal: Portal) -> str:
        """The address of the portal's list, as a registry row would name it."""
        return f"{self._origin(portal)}/{portal.name}{SHAPES[portal.family].column}"

    def entry_url(self, portal: Portal, entry: PortalEntry) -> str:
        """The address of one entry's page."""
        path = path_of(portal, entry, SHAPES[portal.family])
        return path if "://" in path else f"{self._origin(portal)}{path}"

    def _origin(self, portal: Portal) -> str:
        secured = portal.secure
        return f"http{'s' * secured}://{portal.address}:{self.tls_port if secured else self.port}"

    async def _listen(self, address: str) -> None:
        if address not in self._servers:
            server = await asyncio.start_server(self._serve, address, self.port, limit=1 << 20, backlog=512)
            self.port = server.sockets[0].getsockname()[1]
            self._servers[address] = [server]
        of_host = [portal for (host, _), portal in self._portals.items() if host == address]
        if len(self._servers[address]) == 1 and any(portal.secure for portal in of_host):
            shown = self._shown(of_host)
            server = await asyncio.start_server(self._serve, address, self.tls_port, limit=1 << 20, ssl=shown)
            self.tls_port = server.sockets[0].getsockname()[1]
            self._servers[address].append(server)

    def _shown(self, of_host: list[Portal]) -> ssl.SSLContext:
        """What a host's secure port shows: at each connection the certificate that its portals' faults ask for."""

        def choose(connection: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
            struck = next((portal.fault for portal in of_host if portal.fault in self._tls), None)
            connection.context = self._tls[struck]

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = choose  # called for every connection, also for those that name no host
        return context

    async def _silence(self, address: str) -> None:
        for server in self._servers.pop(address, ()):
            server.close()

    async def _close(self) -> None:
        self._stopping.set()
        for address in list(self._servers):
            await self._silence(address)
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = writer.get_extra_info("sockname")[0]
        try:
            while await self._one(address, reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # the client has gone, or the server stops
        finally:
            writer.close()

    async def _one(self, address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; True if the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _version = head[0].split(" ", 2)
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        parts = urlsplit(target)
        first, _, rest = unquote(parts.path).lstrip("/").partition("/")
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        asked = Asked(method, "/" + rest, query, dict(parse_qsl(body.decode())), headers)
        portal = self._portals.get((address, first))
        answer = self._answer(address, portal, asked, target)
        if isinstance(answer, PortalFault):
            assert portal is not None
            sent = await self._break(portal, answer, writer)
            self.log.append(Logged(address, method, target, 0, sent, headers.get("user-agent", ""), time.monotonic()))
            return False
        data = self._wire(answer, asked, validators=portal is None or portal.validators)
        writer.write(data)
        await writer.drain()
        status = int(data[9:12])
        self.log.append(
            Logged(address, method, target, status, len(data), headers.get("user-agent", ""), time.monotonic())
        )
        return headers.get("connection", "").lower() != "close"

    def _answer(self, address: str, portal: Portal | None, asked: Asked, target: str) -> Answer | PortalFault:
        if target == "/robots.txt":
            return self._robots(address)
        if portal is None:
            home = "<html><head><title>首页</title></head><body><h1>门户首页</h1></body></html>"
            return Answer(home.encode()) if target == "/" else _not_found()
        shape = SHAPES[portal.family]
        for entry in portal.entries:
            if "://" in entry.path:
                continue
            path = urlsplit(path_of(portal, entry, shape))
            here = path.path == f"/{portal.name}{asked.path}"
            if here and all(asked.query.get(k) == v for k, v in parse_qsl(path.query)):
                return _entry_answer(portal, entry)
            for attachment in entry.attachments:
                if posixpath.join(posixpath.dirname(path.path), attachment.path) == f"/{portal.name}{asked.path}":
                    return Answer(attachment.body, content_type=attachment.content_type)
        number = shape.number(portal, asked)
        if number is None or not 0 <= number <= portal.pages:
            return _not_found()
        return faulty_answer(portal, shape.render(portal, number), target, number=number, busy=self._busy)

    def _robots(self, address: str) -> Answer:
        lines, status = ["User-agent: *"], 200
        for (host, name), portal in self._portals.items():
            if host == address:
                if portal.fault is PortalFault.ROBOTS:
                    lines.append(f"Disallow: /{name}/")
                lines += portal.robots.splitlines()
                status = max(status, portal.robots_status)
        return Answer("\n".join([*lines, ""]).encode(), status, content_type="text/plain")

    @staticmethod
    def _wire(answer: Answer, asked: Asked, *, validators: bool) -> bytes:
        headers = {"Content-Type": answer.content_type, **answer.headers}
        status, body = answer.status, answer.body
        if answer.location:
            headers["Location"] = answer.location
        if status == 200 and validators:
            headers["ETag"] = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
            modified = headers.get("Last-Modified")
            since = asked.headers.get("if-modified-since")
            if asked.headers.get("if-none-match", since) in (headers["ETag"], modified or ""):
                status, body = 304, b""
        headers["Content-Length"] = str(len(body))
        head = f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}\r\n"
        head += "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
        return head.encode("latin-1") + (b"" if asked.method == "HEAD" else body)

    async def _break(self, portal: Portal, fault: PortalFault, writer: asyncio.StreamWriter) -> int:
        """Faults below HTTP: nothing, half a body, or a body without an end."""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
        if fault is PortalFault.TIMEOUT:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), portal.stall_seconds)
            return 0
        if fault is PortalFault.TRICKLE:
            writer.write(head + b"Transfer-Encoding: chunked\r\n\r\n")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(portal.stall_seconds):
                    while not self._stopping.is_set():
                        writer.write(b"1\r\n<\r\n")
                        await writer.drain()
                        await asyncio.sleep(0.1)
            return 0
        if fault is PortalFault.TRUNCATED:
            body = SHAPES[portal.family].render(portal, 1).body
            writer.write(head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body[: len(body) // 2])
            await writer.drain()
            return len(body) // 2
        if fault is PortalFault.TOO_LARGE:
            writer.write(head + b"Transfer-Encoding: chunked\r\n\r\n")
            sent, chunk = 0, b"<p>" + b"0" * 65530 + b"</p>"
            while sent < portal.flood_bytes:
                writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
                await writer.drain()
                sent += len(chunk)
            writer.write(b"0\r\n\r\n")
            return sent
        return 0  # RESET: the connection is closed without a word


def _not_found() -> Answer:
    return Answer("<html><head><title>404</title></head><body>页面不存在</body></html>".encode(), status=404)


def _entry_answer(portal: Portal, entry: PortalEntry) -> Answer:
    if entry.redirect:
        return Answer(status=302, location=entry.redirect)
    if entry.status != 200:
        return Answer(_not_found().body, status=entry.status)
    modified = {"Last-Modified": format_datetime(entry.modified, usegmt=True)} if entry.modified else {}
    headers = entry.headers | modified
    if isinstance(entry.body, bytes):
        body = entry.body
    elif "<html" in entry.body:
        body = entry.body.encode()
    else:
        body = SHAPES[portal.family].article(portal, entry).encode(portal.encoding)
    return Answer(body, content_type=entry.content_type, headers=headers)
