"""Plain text, as portals offer it and as copying gives it: a block a line."""

from __future__ import annotations

import re

from parsers.folding import fold
from parsers.model import Block, Document

# Markdown's heading, a whole line in bold, a cell of a CSV file alone on its line: the marks are no part of the line.
_MARKED = re.compile(
    r'^\s*(?:#{1,6}\s+(?P<heading>.*?)[\s#]*|(?P<bold>\*\*|__)(?P<words>[^*_|]+)(?P=bold)\s*|"(?P<cell>[^"]+)"\s*)$'
)
# Lines of Word, pages and paragraphs end with these where a program writes them as they are.
_LINE_ENDS = dict.fromkeys(map(ord, "\v\f\x85\u2028\u2029"), "\n")


def read_text(text: str) -> Document:
    """A Document with one Block a line that is not blank; `Block.start` is the line's offset in `text`."""
    blocks: list[Block] = []
    position = 0
    for line in text.translate(_LINE_ENDS).split("\n"):
        if fold(line):
            marked = _MARKED.match(line) if line.lstrip()[:1] in ("#", "*", "_", '"') else None
            start = marked.start(marked.lastgroup or 0) if marked else 0
            shown = marked[marked.lastgroup or 0] if marked else line
            if marked:
                start += len(shown) - len(shown.lstrip("*"))
                shown = shown.strip("*")
            blocks.append(Block(shown, position + start))
        position += len(line) + 1
    return Document("text", tuple(blocks))
