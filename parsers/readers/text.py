"""Plain text, as portals offer it and as copying gives it: a block a line."""

from __future__ import annotations

import re

from parsers.folding import fold
from parsers.model import Block, Document

# Markdown's heading and a whole line in bold: the marks are no part of the line.
_MARKED = re.compile(r"^\s*(?:#{1,6}\s+(?P<heading>.*?)[\s#]*|(?P<bold>\*\*|__)(?P<words>[^*_|]+)(?P=bold)\s*)$")


def read_text(text: str) -> Document:
    """A Document with one Block a line that is not blank; `Block.start` is the line's offset in `text`."""
    blocks: list[Block] = []
    position = 0
    for line in text.split("\n"):
        if fold(line):
            marked = _MARKED.match(line) if line.lstrip()[:1] in ("#", "*", "_") else None
            start = marked.start("words" if marked["bold"] else "heading") if marked else 0
            shown = (marked["words"] or marked["heading"]) if marked else line
            if marked:
                start += len(shown) - len(shown.lstrip("*"))
                shown = shown.strip("*")
            blocks.append(Block(shown, position + start))
        position += len(line) + 1
    return Document("text", tuple(blocks))
