"""How much a PDF may unpack to: pdfminer unpacks whatever a file holds, so it is counted before."""

from __future__ import annotations

import re
import zlib

from parsers.model import ParserError

MAX_STREAM = 40_000_000  # bytes of one stream but a picture's; the largest font has 25 MB
MAX_STREAMS = 300_000_000  # of all of them
_STREAM = re.compile(rb"stream\r?\n")
_HEAD = 600  # bytes before a stream in which its dictionary stands
_STEP = 1_000_000


def check(data: bytes) -> None:
    """Raises ParserError if a packed stream of the file unpacks to too much, or is packed over and over."""
    total = 0
    for found in _STREAM.finditer(data):
        if data[found.start() - 3 : found.start()] == b"end":
            continue
        head = data[max(0, found.start() - _HEAD) : found.start()]
        head = head[head.rfind(b" obj") + 1 :]
        if b"/Image" in head or (b"Flate" not in head and b"/Fl" not in head):
            continue
        if head.count(b"Flate") > 1:
            raise ParserError("a stream of the PDF is packed more than once; such files are not read")
        total += _unpacked(data, found.end())
        if total > MAX_STREAMS:
            raise ParserError(f"the PDF unpacks to more than {MAX_STREAMS} bytes")


def _unpacked(data: bytes, start: int) -> int:
    """How many bytes a stream unpacks to; ParserError from the limit on. Broken ones are left to the reader."""
    unpacker = zlib.decompressobj()
    size, at = 0, start
    rest = b""
    try:
        while not unpacker.eof and (rest or at < len(data)):
            if not rest:
                rest, at = data[at : at + _STEP], at + _STEP
            size += len(unpacker.decompress(rest, _STEP))
            rest = unpacker.unconsumed_tail
            if size > MAX_STREAM:
                raise ParserError(f"a stream of the PDF unpacks to more than {MAX_STREAM} bytes")
    except zlib.error:
        return size
    return size
