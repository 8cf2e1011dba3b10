"""Gzip members put together of parts that were packed before: a body is packed once and stands in two files.

Deflated blocks that end at a byte and refer to nothing before them may stand behind any others (RFC 1951, section 3.2).
"""

from __future__ import annotations

import hashlib
import zlib
from functools import cached_property

_LEVEL = 6  # 9 takes twice the time for 2 % fewer bytes
_SMALL = 4096  # bytes that are packed again sooner than a packer is made for them
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # RFC 1952: deflated, without a name, a time and a system


class Packed:
    """Bytes with their hash and their deflated blocks, each made when it is first asked for.

    `level` 0: they are packed already, and stand as they are.
    """

    def __init__(self, data: bytes, level: int = _LEVEL) -> None:
        self.data = data
        self._level = level

    @cached_property
    def sha256(self) -> bytes:
        """The SHA-256 of the bytes."""
        return hashlib.sha256(self.data).digest()

    @cached_property
    def blocks(self) -> bytes:
        """The bytes deflated, up to a whole byte, without an end."""
        packer = zlib.compressobj(self._level, zlib.DEFLATED, -zlib.MAX_WBITS)
        return packer.compress(self.data) + packer.flush(zlib.Z_SYNC_FLUSH)


def member(*parts: bytes | Packed) -> bytes:
    """One whole gzip member that holds the parts, one behind the other."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    made, crc, size = [_HEAD], 0, 0
    for part in parts:
        data = part.data if isinstance(part, Packed) else part
        crc, size = zlib.crc32(data, crc), size + len(data)
        if isinstance(part, Packed) and len(data) > _SMALL:
            # the packer forgets what it has seen: its next block refers to nothing before these
            made += (packer.flush(zlib.Z_FULL_FLUSH), part.blocks)
        else:
            made.append(packer.compress(data))
    made += (packer.flush(), crc.to_bytes(4, "little"), (size & 0xFFFFFFFF).to_bytes(4, "little"))
    return b"".join(made)
