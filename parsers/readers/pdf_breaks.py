"""What a page break does to a report: headers and footers between its parts, and rows cut in two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.folding import numbering, squeeze
from parsers.model import Block, Cell, Grid
from parsers.readers.pdf_page import Letter, Sheet
from parsers.readers.pdf_words import Line, Word
from parsers.values import looks_like_value
from parsers.vocabulary import Kind, lookup

_PART = re.compile(r"[\d,.]+")
_EDGE = 0.1  # of a page's height: where headers and footers stand
_NEAR = 3.0  # points
_APART = 0.5  # heights of a letter between two words of a line
_LOW = 8.0  # points: no line of text fits
_LEAST_HEADINGS = 3  # words of a line that says the headings of columns
_DENSE = 0.05  # of a letter's height, by which the letters of a label printed downwards are set closer or wider
_MAX_BETWEEN = 4  # blocks between two halves of a table: headers and footers that were not told


def drop_furniture(sheets: Sequence[Sheet]) -> None:
    """Take off headers and footers: lines of words at the pages' upper and lower edges that stand on two or more
    pages, but for the figures in them, at one height. Letters in ruled tables have to be off the page before."""
    found: list[dict[tuple[int, str], list[Letter]]] = []
    for sheet in sheets:
        rows: dict[int, list[Letter]] = {}
        for letter in sheet.letters:
            if letter.bottom < sheet.height * _EDGE or letter.top > sheet.height * (1 - _EDGE):
                rows.setdefault(round((letter.top + letter.bottom) / 4), []).append(letter)
        found.append({(y, _pattern(line)): line for y, line in rows.items() if not _has_headings(line)})
    counts = Counter(key for page in found for key in page)
    for sheet, page in zip(sheets, found, strict=True):
        gone = {id(x) for key, line in page.items() if counts[key] > 1 and _is_words(key[1]) for x in line}
        if gone:
            sheet.letters = [letter for letter in sheet.letters if id(letter) not in gone]


def _has_headings(line: Sequence[Letter]) -> bool:
    """Whether words of a line are headings of a table, which come again on each page."""
    words: list[list[Letter]] = []
    for letter in sorted(line, key=lambda x: x.x0):
        if words and letter.x0 - words[-1][-1].x1 <= letter.size * _APART:
            words[-1].append(letter)
        else:
            words.append([letter])
    texts = ["".join(letter.text for letter in word) for word in words]
    return len(words) > 1 and any(hit.kind is Kind.COLUMN for text in texts for hit in lookup(text))


def _pattern(line: Sequence[Letter]) -> str:
    text = squeeze("".join(letter.text for letter in sorted(line, key=lambda x: x.x0)))
    return re.sub(r"\d+", "#", text)


def _is_words(pattern: str) -> bool:
    """Whether a line says something that no table says; one number with dashes or 第…页 round it is a page's."""
    if re.fullmatch(r"[-—–·]+#[-—–·]+|第#页(?:[,/]?共#页)?|#/#", pattern):
        return True
    named = any(not hit.distance or hit.code == "balance" for hit in lookup(pattern))
    return sum(c.isalpha() for c in pattern) > 2 and pattern.count("#") < 3 and not named


def without_repeated(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Lines of words from top to bottom, without those at the top of a page that only say a table's headings once more;
    and these. Where the first row below comes once more too, it is another table."""
    stacked = _stacked(lines)
    keys = [tuple((word.text, round(word.x0)) for word in line if id(word) not in stacked) for line in lines]
    told = [n for n, key in enumerate(keys) if key]  # lines that hold more than a piece of a turned label
    again: set[int] = set()
    for at, n in enumerate(told):
        if not at or lines[n][0].page == lines[told[at - 1]][0].page:
            continue
        starts = [m for m in range(at) if keys[told[m]] == keys[n]]
        most = max((_same(lines, keys, told, m, at) for m in starts), default=0)
        again |= set(told[at : at + most])
    return [line for n, line in enumerate(lines) if n not in again], [lines[n] for n in sorted(again)]


def _stacked(lines: Sequence[Line]) -> set[int]:
    """The words that are letters of a label printed downwards: one below another, as high apart as they are."""
    stacks: dict[int, list[Word]] = {}
    for line in lines:
        for word in line:
            if len(word.text) == 1 and not word.text.isascii():
                stacks.setdefault(round(word.x0), []).append(word)
    return {
        id(word)
        for stack in stacks.values()
        for above, below in pairwise(stack)
        if abs(below.letters[0].base - above.letters[0].base - above.size) <= above.size * _DENSE
        for word in (above, below)
    }


def _same(
    lines: Sequence[Line], keys: Sequence[tuple[tuple[str, int], ...]], told: Sequence[int], m: int, n: int
) -> int:
    """How many lines from `n` on are the headings that stand from `m` on; 0 if they are no headings of this table."""
    count = 0
    while m + count < n and n + count < len(told) and keys[told[m + count]] == keys[told[n + count]]:
        if any(looks_like_value(word.text) for word in lines[told[n + count]]):
            break
        count += 1
    if not any(len(keys[line]) >= _LEAST_HEADINGS for line in told[n : n + count]):
        return 0
    ends = [keys[told[at + count]] if at + count < len(told) else () for at in (m, n)]
    return 0 if all(ends) and ends[0][0][0] == ends[1][0][0] else count


def mend_rows(parts: Sequence[Block | Grid]) -> list[Block | Grid]:
    """Put the two halves of a row together that a page break cut: the second half has no label of its own."""
    mended = list(parts)
    for at, part in enumerate(mended):
        if not isinstance(part, Grid):
            continue
        other = next((i for i in range(at + 1, len(mended)) if isinstance(mended[i], Grid)), None)
        below = mended[other] if other is not None and other - at <= _MAX_BETWEEN + 1 else None
        if other is None or not isinstance(below, Grid) or _page(below) != _page(part) + 1:
            continue
        alike = _have_same_sides(part, below)  # not in a table for layout, whose frame stands round either half
        row = _repeated(part, below) if alike else 0
        if alike and _is_sliver(below, row):
            mended[other] = below = replace(below, cells=tuple(c for c in below.cells if c.row != row or c.rowspan > 1))
            continue
        half = [cell for cell in below.cells if cell.row == row]
        last = max(c.row for c in part.cells)
        upper = [c for c in part.cells if c.row + c.rowspan > last]
        if not half or not ((alike and _is_half(half, upper)) or _is_label_alone(half, upper)):
            continue
        pairs = [(cell, _above(cell, upper)) for cell in half if cell.text]
        if not pairs or not all(above is not None and _fits(cell, above) for cell, above in pairs):
            continue
        texts: dict[int, str] = {}
        for cell, above in pairs:
            texts[id(above)] = texts.get(id(above), above.text if above else "") + "\n" + cell.text
        mended[at] = replace(
            part,
            cells=tuple(replace(c, text=texts[id(c)].strip("\n")) if id(c) in texts else c for c in part.cells),
        )
        rest = (replace(c, text="") if c in half else c for c in below.cells if c not in half or c.rowspan > 1)
        mended[other] = replace(below, cells=tuple(rest))
    return mended


def _page(grid: Grid) -> int:
    place = grid.cells[0].place if grid.cells else None
    return place.page or 0 if place else 0


def _sides(grid: Grid) -> tuple[float, float]:
    boxes = [cell.place.box for cell in grid.cells if cell.place and cell.place.box]
    return (min(b[0] for b in boxes), max(b[2] for b in boxes)) if boxes else (0.0, -1.0)


def _have_same_sides(grid: Grid, below: Grid) -> bool:
    (left, right), (other_left, other_right) = _sides(grid), _sides(below)
    return abs(left - other_left) <= _NEAR and abs(right - other_right) <= _NEAR


def _repeated(grid: Grid, below: Grid) -> int:
    """How many of the first rows repeat the heading of the table above."""

    def texts(of: Grid, row: int) -> list[str]:
        return [squeeze(cell.text) for cell in of.cells if cell.row == row]

    row = 0
    while row < min(grid.rows, below.rows) and any(texts(below, row)) and texts(below, row) == texts(grid, row):
        row += 1
    return row


def _is_sliver(grid: Grid, row: int) -> bool:
    """Whether a row is the empty end of a cut one: too low for a line, or before one that has no label either."""
    cells = [cell for cell in grid.cells if cell.row == row]
    boxes = [cell.place.box for cell in cells if cell.place and cell.place.box and cell.rowspan == 1]
    if not boxes or any(cell.text for cell in cells):
        return False
    following = [cell for cell in grid.cells if cell.row == row + 1]
    bare = bool(following) and all(looks_like_value(cell.text) for cell in following if cell.text)
    return max(b[3] - b[1] for b in boxes) < _LOW or bare


def _is_half(row: Sequence[Cell], upper: Sequence[Cell]) -> bool:
    """Whether a row has no label of its own: none at all, or words without a number that name nothing, or name
    something only together with those above them."""
    texts = [cell.text for cell in row if cell.text]
    if not texts or sum(cell.colspan for cell in row) == max(cell.colspan for cell in row):
        return False
    for cell in row:
        if not cell.text or looks_like_value(cell.text) or (cell.rowspan > 1 and _names_a_group(cell)):
            continue
        if numbering(cell.text)[0]:
            return False
        above = _above(cell, upper)
        if lookup(cell.text) and not (
            above is not None and above.text and not lookup(above.text) and lookup(above.text + cell.text)
        ):
            return False
    return True


def _is_label_alone(row: Sequence[Cell], upper: Sequence[Cell]) -> bool:
    """Whether a row is the label of the figures above it, which have none: a row whose figures stand higher than its
    label's first line was cut between the two."""
    said = [cell for cell in row if cell.text and not (cell.rowspan > 1 and _names_a_group(cell))]
    figures = [cell for cell in upper if looks_like_value(cell.text)]
    if not figures or len(said) != 1 or not any(hit.kind is Kind.ROW for hit in lookup(said[0].text)):
        return False
    above = _above(said[0], upper)
    words = [c for c in upper if c.text and c not in figures and c.rowspan == 1]  # 小计: a row of the publisher's own
    return above is not None and not above.text and all(_names_a_group(c) for c in words)


def _names_a_group(cell: Cell) -> bool:
    """Whether a cell may be the label of a group of rows: （六）其他处理 is a row too, （六）其 is cut."""
    hits = lookup(cell.text)
    return any(hit.kind is Kind.GROUP for hit in hits) or (not hits and squeeze(cell.text).startswith("("))


def _fits(cell: Cell, above: Cell) -> bool:
    """Whether both can be halves of one cell: figures go on with figures, words with words, or with their number."""
    if not above.text or _is_figure(cell.text) == _is_figure(above.text):
        return True
    return bool(lookup(above.text + cell.text))


def _is_figure(text: str) -> bool:
    """Whether a text is a figure, or a part of one (33,22)."""
    return looks_like_value(text) or _PART.fullmatch(text) is not None


def _above(cell: Cell, upper: Sequence[Cell]) -> Cell | None:
    """The cell of the row above that stands in the same column."""
    box = cell.place.box if cell.place else None
    for other in upper:
        over = other.place.box if other.place else None
        if box and over and over[0] - _NEAR <= box[0] and box[2] <= over[2] + _NEAR:
            return other
    return None
