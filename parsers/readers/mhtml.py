"""Web archives (单个文件网页, often named .doc): the page inside a MIME message."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from parsers.model import ParserError

MAX_PARTS = 2000
_LEAST = 3_000  # bytes; a smaller picture is an icon, a line, a button
_HEAD = re.compile(
    rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n){0,9}){0,19}?(?:MIME-Version:|Content-Type:\s?multipart)", re.IGNORECASE
)


def is_mhtml(data: bytes) -> bool:
    """Whether the bytes begin with the head of a MIME message, in whatever order its fields stand."""
    return _HEAD.match(data[:4000].lstrip(b"\xef\xbb\xbf\r\n ")) is not None


@dataclass(frozen=True, slots=True)
class Page:
    """A page inside a web archive, its address as far as the archive says it, and the pictures kept beside it by
    address (`cid:` and a name where they have none)."""

    data: bytes
    url: str
    pictures: Mapping[str, bytes]


def page_of(data: bytes) -> Page:
    """The first part that is a page; ParserError if the message holds none. RFC 2557."""
    message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n "), policy=email.policy.compat32)
    page, url = None, ""
    pictures: dict[str, bytes] = {}
    for count, part in enumerate(message.walk()):
        if count > MAX_PARTS:
            break
        kind = part.get_content_type()
        if not (kind.startswith("image/") or (kind == "text/html" and page is None)):
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        address = str(part.get("Content-Location") or "").strip()
        if kind == "text/html":
            page, url = payload, address
        elif len(payload) >= _LEAST:
            name = str(part.get("Content-ID") or "").strip(" <>")
            pictures.update({key: payload for key in (address, name and f"cid:{name}") if key})
    if page is None:
        raise ParserError("a web archive (MIME message) was expected to hold a page of type text/html; it holds none")
    return Page(page, url, {urljoin(url, address): picture for address, picture in pictures.items()})
