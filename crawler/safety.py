"""Where we go: only to hosts of the registry, never to private addresses, also after DNS and after every redirect."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.errors import Withheld
from crawler.options import Network
from registry.model import Column, LookResult

PORTS = (80, 443)
ALLOWED_SETTING = "OGIWATCH_ALLOW_PRIVATE"
LONGEST_ADDRESS = 2048
OF_IPV4 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))  # NAT64 (RFC 6052); compatible


@lru_cache(maxsize=8192)
def is_forbidden(address: str, allowed: tuple[Network, ...]) -> bool:
    """True for an IP address that is not public (private, loopback, link-local, reserved ...) nor in `allowed`; one
    that stands for another (mapped, NAT64, 6to4, Teredo) is what it stands for.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = _inner(ip) or ip
    if any(ip.version == network.version and ip in network for network in allowed):
        return False
    return not ip.is_global or ip.is_multicast or (ip.version == 6 and ip.is_site_local)


def _inner(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address carries a packet to; None for a plain one."""
    if any(ip in network for network in OF_IPV4):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


class AllowedHosts:
    """The hosts that the registry names, with the ports it names for each (80 and 443 always).

    A host stands for its `www.` form too, since portals redirect between the two.
    """

    def __init__(self, columns: Iterable[Column]) -> None:
        self._ports: dict[str, set[int]] = {}
        for column in columns:
            for place in (urlsplit(column.url).netloc, *column.attachment_hosts):
                parts = urlsplit(f"//{place}")
                if parts.hostname:
                    self._ports.setdefault(bare(parts.hostname), set(PORTS)).add(parts.port or 80)

    def refusal(self, url: str) -> str:
        """Why an address may not be asked; empty if it may."""
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            return f"{url[:200]} is no address"
        if parts.scheme not in ("http", "https"):
            return f"{url[:200]} is no web address"
        if len(url) > LONGEST_ADDRESS:
            return f"an address of {len(url)} characters"
        if parts.username is not None:
            return f"{url[:200]} carries a user name"
        ports = self._ports.get(bare(parts.hostname or ""))
        if ports is None:
            return f"{parts.hostname} is no host of the registry"
        if port not in ports:
            return f"port {port} of {parts.hostname} is not in the registry"
        return ""


def bare(host: str) -> str:
    """A host name in lower case without `www.` and without the dot at its end."""
    return host.lower().rstrip(".").removeprefix("www.")


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """CIDR texts as networks; raises ValueError."""
    return tuple(ipaddress.ip_network(text.strip()) for text in texts if text.strip())


class Safety:
    """Downloader middleware, outermost: refuses addresses before anything is sent, redirects included."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.allowed = networks(crawler.settings.getlist(ALLOWED_SETTING))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Safety:
        """Scrapy's factory."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises Withheld for an address that may not be asked."""
        refusal = self.crawler.spider.desk.hosts.refusal(request.url) or self._refused_number(request)
        if refusal:
            led = " (led there by a redirect)" if request.meta.get("redirect_urls") else ""
            raise Withheld(LookResult.UNSAFE_ADDRESS, refusal + led)

    def process_response(self, request: Request, response: Response) -> Response:
        """The address that was really connected to, checked once more."""
        if response.ip_address is not None and is_forbidden(str(response.ip_address), self.allowed):
            raise Withheld(LookResult.UNSAFE_ADDRESS, f"{urlsplit(request.url).hostname} was {response.ip_address}")
        return response

    def _refused_number(self, request: Request) -> str:
        host = urlparse_cached(request).hostname or ""
        return f"{host} is not a public address" if _is_number(host) and is_forbidden(host, self.allowed) else ""


@lru_cache(maxsize=8192)
def _is_number(host: str) -> bool:
    """False for a name, which is still to be looked up."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
