"""Web archives (单个文件网页, often named .doc): the page inside a MIME message."""

from __future__ import annotations

import email
import email.policy
import re

from parsers.model import ParserError

MAX_PARTS = 2000
_HEAD = re.compile(
    rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n){0,9}){0,19}?(?:MIME-Version:|Content-Type:\s?multipart)", re.IGNORECASE
)


def is_mhtml(data: bytes) -> bool:
    """Whether the bytes begin with the head of a MIME message, in whatever order its fields stand."""
    return _HEAD.match(data[:4000].lstrip(b"\xef\xbb\xbf\r\n ")) is not None


def page_of(data: bytes) -> bytes:
    """The bytes of the first part that is a page; ParserError if the message holds none. RFC 2557."""
    message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n "), policy=email.policy.compat32)
    for count, part in enumerate(message.walk()):
        if count > MAX_PARTS:
            break
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return payload
    raise ParserError("a web archive (MIME message) was expected to hold a page of type text/html; it holds none")
