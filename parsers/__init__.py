"""Bytes in, typed report out. No network, no database, no clock, no settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parsers.decoding import decode
from parsers.model import ParserError, Report

if TYPE_CHECKING:
    from parsers.reading import read

__all__ = ["VERSION", "ParserError", "Report", "decode", "read"]

VERSION = "10"
"""Raised whenever reading the same bytes may give another report; stored with each report."""


def __getattr__(name: str) -> Any:
    """`read` when asked for: its patterns take a third of a second to compile, and most processes read nothing."""
    if name != "read":
        raise AttributeError(f"module 'parsers' has no attribute {name!r}")
    from parsers.reading import read

    return read
