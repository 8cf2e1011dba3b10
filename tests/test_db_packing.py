"""Gzip members put together of parts: what any reader unpacks of them is what the parts were."""

import gzip
import os
import zlib

import pytest

from db.packing import Packed, member

PAGE = "<tr><td>一、本年新收政府信息公开申请数量</td><td>0</td></tr>".encode() * 300
NOISE = os.urandom(70_000)  # more than one block that cannot be made smaller


@pytest.mark.parametrize(
    "parts",
    [
        (b"",),
        (b"head", Packed(b""), b"tail"),
        (b"head", Packed(PAGE), b"tail"),
        (PAGE[:500], Packed(PAGE), PAGE[-500:], Packed(PAGE), PAGE),
        (b"head", Packed(NOISE, 0), b"tail"),
        (b"head", Packed(NOISE), PAGE, Packed(PAGE, 0)),
        (Packed(b"small"), Packed(PAGE)),
    ],
)
def test_a_member_holds_its_parts(parts):
    whole = b"".join(part.data if isinstance(part, Packed) else part for part in parts)
    made = member(*parts)
    assert gzip.decompress(made) == whole
    one = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert one.decompress(made + b"next") == whole and one.eof and one.unused_data == b"next"


def test_a_body_is_packed_once_and_stands_in_two_members():
    body = Packed(PAGE)
    first, second = member(b"GET", body, b"\r\n"), member(body)
    assert body.blocks in first and body.blocks in second
    assert len(second) < len(gzip.compress(PAGE)) + 20
    assert len(member(Packed(NOISE, 0))) < len(NOISE) + 100
