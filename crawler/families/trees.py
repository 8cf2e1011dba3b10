"""The tree of a page, built once for all that read it: its lines, tabs, pagers and attachments."""

from __future__ import annotations

from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser


@lru_cache(maxsize=1)
def tree_of(text: str) -> LexborHTMLParser:
    """The tree of a page's text. The last one is kept and given again: whoever asks for it only reads."""
    return LexborHTMLParser(text)
