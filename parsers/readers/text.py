"""Plain text, as portals offer it and as copying gives it: a block a line."""

from __future__ import annotations

from parsers.folding import fold
from parsers.model import Block, Document


def read_text(text: str) -> Document:
    """A Document with one Block a line that is not blank; `Block.start` is the line's offset in `text`."""
    blocks: list[Block] = []
    position = 0
    for line in text.split("\n"):
        if fold(line):
            blocks.append(Block(line, position))
        position += len(line) + 1
    return Document("text", tuple(blocks))
