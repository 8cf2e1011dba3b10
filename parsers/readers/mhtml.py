"""Web archives (单个文件网页, often named .doc): the page inside a MIME message."""

from __future__ import annotations

import email
import email.policy

from parsers.model import ParserError

MAX_PARTS = 2000


def page_of(data: bytes) -> bytes:
    """The bytes of the first part that is a page; ParserError if the message holds none. RFC 2557."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for count, part in enumerate(message.walk()):
        if count > MAX_PARTS:
            break
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return payload
    raise ParserError("a web archive (MIME message) was expected to hold a page of type text/html; it holds none")
