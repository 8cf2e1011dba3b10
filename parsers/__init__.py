"""Bytes in, typed report out. No network, no database, no clock, no settings."""

from parsers.decoding import decode
from parsers.model import ParserError, Report
from parsers.reading import read

__all__ = ["VERSION", "ParserError", "Report", "decode", "read"]

VERSION = "7"
"""Raised whenever reading the same bytes may give another report; stored with each report."""
