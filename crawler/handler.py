"""The connections to portals: Scrapy's download handler for http and https, on aiohttp.

Scrapy's own handler is Twisted's: it takes most of the time of a request, and one set of TLS options for all hosts.
Here old protocols are a matter of the column, and names are looked up so that the address that was checked is the one
connected to.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from yarl import URL

from crawler.errors import Withheld
from crawler.options import Network
from crawler.safety import ALLOWED_SETTING, is_forbidden, networks
from registry.model import LookResult

if TYPE_CHECKING:
    from crawler.desk import Desk

WIRE_KEY = "wire_headers"  # of a request's meta: what was really sent, and what really came
LOOK_UP_SECONDS = 15.0
LOOK_UP_THREADS = 30  # a dead name holds one of them for LOOK_UP_SECONDS
_number = lru_cache(ip_address)
LONGEST_HEADER = 64 * 1024
OF_THE_SESSION = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")  # headers that aiohttp would add
OP_LEGACY_SERVER_CONNECT = 0x4  # OpenSSL: servers that renegotiate in the old way; named in Python from 3.12 on


class RefusedName(OSError):
    """A name that leads to an address that may not be asked; `address` is that address."""

    def __init__(self, name: str, address: str) -> None:
        super().__init__(f"{name} leads to {address}")


class CheckedNames(AbstractResolver):
    """Looks names up in threads of its own and gives one IPv4 address a name, never one that is not allowed.

    `addresses` remembers what was given. A name with any forbidden address among its own is refused.
    """

    def __init__(self, allowed: tuple[Network, ...]) -> None:
        self._allowed = allowed
        self._threads = ThreadPoolExecutor(LOOK_UP_THREADS, "names")
        self.addresses: dict[str, str] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """aiohttp's question; raises OSError, which aiohttp takes for a name that cannot be resolved."""
        asked = asyncio.get_running_loop().run_in_executor(
            self._threads, socket.getaddrinfo, host, port, socket.AF_INET, socket.SOCK_STREAM
        )
        try:
            found = await asyncio.wait_for(asked, LOOK_UP_SECONDS)
        except TimeoutError as error:
            raise OSError(f"{host}: no answer to the question for its address") from error
        given = [str(place[4][0]) for place in found]
        for address in given:
            if is_forbidden(address, self._allowed):
                raise RefusedName(host, address)
        self.addresses[host] = given[0]
        return [
            ResolveResult(
                hostname=host, host=given[0], port=port, family=socket.AF_INET, proto=0, flags=socket.AI_NUMERICHOST
            )
        ]

    async def close(self) -> None:
        """End the threads; one that still waits for an answer ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class PortalHandler:
    """Sends one request and gives its whole answer, as it came over the wire.

    Raises Scrapy's exceptions for what fails, and Withheld for a name that leads where we do not go.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._timeout = aiohttp.ClientTimeout(total=crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))
        self._names = CheckedNames(networks(crawler.settings.getlist(ALLOWED_SETTING)))
        self._session = aiohttp.ClientSession(
            # no limit and no end of what was looked up: Scrapy's slots are the limit, and a run is short
            connector=aiohttp.TCPConnector(
                resolver=self._names, family=socket.AF_INET, limit=0, ttl_dns_cache=None, enable_cleanup_closed=True
            ),
            cookie_jar=aiohttp.DummyCookieJar(),  # Scrapy keeps the cookies
            headers=crawler.spider.desk.options.headers,
            auto_decompress=False,
            skip_auto_headers=OF_THE_SESSION,
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PortalHandler:
        """Scrapy's factory."""
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """The answer; its body is as it was sent, `request.meta[WIRE_KEY]` the headers of both."""
        try:
            return await self._ask(request)
        except TimeoutError as error:
            raise DownloadTimeoutError(f"{request.url}: no whole answer in {self._timeout.total:g} s") from error
        except aiohttp.InvalidURL as error:
            raise Withheld(LookResult.UNSAFE_ADDRESS, f"{request.url} is no web address: {error}") from error
        except aiohttp.ClientConnectorDNSError as error:
            if isinstance(error.os_error, RefusedName):
                raise Withheld(LookResult.UNSAFE_ADDRESS, str(error.os_error)) from error
            raise CannotResolveHostError(str(error)) from error
        except aiohttp.ClientSSLError as error:
            raise DownloadFailedError(str(error)) from error
        except aiohttp.ClientConnectorError as error:
            raise DownloadConnectionRefusedError(str(error)) from error
        except aiohttp.ClientPayloadError as error:
            raise ResponseDataLossError(str(error)) from error
        except (aiohttp.ClientError, OSError) as error:
            raise DownloadFailedError(str(error) or type(error).__name__) from error

    async def _ask(self, request: Request) -> Response:
        url = URL(request.url, encoded=True)
        host = url.host or ""
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in request.headers.items()
            for value in values
        ]
        desk: Desk = self._crawler.spider.desk
        legacy = host in desk.legacy_hosts and _for_legacy_column(request)
        context = (legacy_context() if legacy else safe_context()) if url.scheme == "https" else True
        async with self._session.request(
            request.method, url, headers=headers, allow_redirects=False, timeout=self._timeout, ssl=context
        ) as answer:
            body = await _read(answer, request)
            sent = list(answer.request_info.headers.items())
            came = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.raw_headers]
            request.meta[WIRE_KEY] = sent, came
            version = answer.version or aiohttp.HttpVersion11
            return Response(
                request.url,
                status=answer.status,
                headers=answer.raw_headers,
                body=body,
                ip_address=_number(self._names.addresses.get(host, host)),
                protocol=f"HTTP/{version.major}.{version.minor}",
            )

    async def close(self) -> None:
        """Ends the connections that are kept open."""
        await self._session.close()


def _for_legacy_column(request: Request) -> bool:
    """Whether a column that may meet old TLS asks; a robots.txt, which no single column asks for, is all the host's."""
    return "purpose" not in request.meta or request.meta["notes"].column.legacy_tls


async def _read(answer: aiohttp.ClientResponse, request: Request) -> bytes:
    """The body; raises DownloadCancelledError as soon as it is larger than the request allows."""
    most: int = request.meta["download_maxsize"]
    if (answer.content_length or 0) > most:
        raise DownloadCancelledError(f"{request.url} announces {answer.content_length} bytes, more than {most}")
    parts: list[bytes] = []
    size = 0
    async for part in answer.content.iter_any():
        size += len(part)
        if size > most:
            raise DownloadCancelledError(f"{request.url} sent more than {most} bytes")
        parts.append(part)
    return b"".join(parts)


@cache
def safe_context() -> ssl.SSLContext:
    """What every other column asks with: certificates as the system trusts them. Made when a host first speaks TLS, for
    the certificates take a twentieth of a second, which `crawler.__main__` does not let aiohttp's own contexts take.
    """
    context = ssl.create_default_context()
    context.set_alpn_protocols(("http/1.1",))
    return context


@cache
def legacy_context() -> ssl.SSLContext:
    """What OpenSSL 3 refuses by default, for columns marked `legacy_tls` alone, on their own hosts: TLS 1.0 and 1.1
    (security level 0), renegotiation in the old way, certificates that nobody signed.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.options |= OP_LEGACY_SERVER_CONNECT
    return context
