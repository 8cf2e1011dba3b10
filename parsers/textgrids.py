"""Tables that reached us as lines of text: runs of such lines become grids whose column positions are a guess.

Shapes that occur (each with or without padding): rows with bars; one cell a line with the bar after it, before it or
alone on the next line; one cell a line without bars; tabs; blanks between cells; a last cell on the next line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from parsers.folding import squeeze
from parsers.model import Block, Cell, Grid, Place, record
from parsers.unfolding import numbered
from parsers.values import looks_like_value
from parsers.vocabulary import Kind, is_whole, lookup, may_begin

_BARS = re.compile("[|｜│┃┆┊¦]")
_RULE = re.compile(
    r"^[\s|:+=_—─━┄┅┈┉┌┐└┘├┤┬┴┼╋┣┫┳┻╂-]*(?:[-=_—─━┄┅┈┉]{3}|[┌┐└┘├┤┬┴┼╋┣┫┳┻╂])[\s|:+=_—─━┄┅┈┉┌┐└┘├┤┬┴┼╋┣┫┳┻╂-]*$"
)
_WIDE = re.compile(r"\t+|[ \u3000\xa0]{2,}|\u3000")  # one full-width blank parts cells as two narrow ones do
_PAGE = re.compile(r"^\s*(?:[-—－–]\s?\d{1,3}\s?[-—－–]|第\s?\d{1,3}\s?页(?:\s?[,，/]?\s?共\s?\d{1,3}\s?页)?)\s*$")
_MOST_PIECES = 7  # lines that a broken label takes
_HAS_FIGURE = re.compile(r"[\s|][\d/—-]")
_FIGURES = re.compile(r"^\s*(?:(?:条|件|次|篇|个|人次?|万元)\s+)?[\d/—-][\d\s.,/+—-]*$")
_BARE_PAGE = re.compile(r"^\s*\d{1,2}\s*$")
_TAB = re.compile("\t")
_BLANKS = re.compile(r"[ \u3000\xa0]+")
_BOLD = re.compile(r"^\s*(?P<mark>\*\*|__)(?P<words>[^*_]+)(?P=mark)\s*$")
_ESCAPED = re.compile(r"\\(?=[-.()\[\]*_+#!|])")
_UNITS = frozenset(["条", "件", "次", "篇", "个", "人", "人次", "万元", "元"])  # a column of their own in the old sheet
_SENTENCE = re.compile("[。；？！]")
_MAX_GAP = 40  # characters of a line without any sign of a table that may stand inside one
_WIDEST = 2000  # characters of a line whose columns are filled up with blanks
_STRONG = (Kind.ROW, Kind.COLUMN, Kind.CLAUSE, Kind.GROUP)


@record
class _Line:
    """A block with its kind: bar, tab, value, label, mixed (label and values) or prose."""

    block: Block
    kind: str


def gather(parts: Sequence[Block | Grid]) -> tuple[Block | Grid, ...]:
    """Replace each run of table lines among `parts` by one inexact Grid (rows are lines)."""
    out: list[Block | Grid] = []
    run: list[_Line] = []
    for part in _unwrapped(parts):
        if isinstance(part, Grid):
            _flush(run, out)
            out.append(part)
            continue
        if run and (_PAGE.match(part.text) or (_RULE.match(part.text) and not _BARS.search(part.text))):
            continue
        line = _Line(part, _kind(part))
        if line.kind != "prose" or (run and _may_continue(part)):
            run.append(line)
        else:
            _flush(run, out)
            out.append(part)
    _flush(run, out)
    return numbered(out)


def _unwrapped(parts: Sequence[Block | Grid]) -> Iterator[Block | Grid]:
    """Labels broken over several lines, or wrapped round their figures as text of a PDF prints them (half above, half
    below), as one line before the figures; only where the pieces together are a label of the forms word for word."""
    at = 0
    while at < len(parts):
        pieces = 1
        first = parts[at]
        if isinstance(first, Block) and _is_piece(first) and _begins_label(first.text):
            label, figures, pieces = _put_together(first, parts[at + 1 : at + _MOST_PIECES + 1])
            yield Block(label, first.start)
            yield from figures
        else:
            yield first
        at += pieces


@lru_cache(maxsize=4096)
def _begins_label(text: str) -> bool:
    return may_begin(text) and not is_whole(text)


def _put_together(first: Block, rest: Sequence[Block | Grid]) -> tuple[str, tuple[Block, ...], int]:
    """The label that begins with `first`, the line of figures inside it if any, and how many lines it takes."""
    label, figures = first.text.rstrip(), tuple[Block, ...]()
    for count, part in enumerate(rest, start=2):
        if not isinstance(part, Block) or part.heading:
            break
        if not figures and _FIGURES.match(part.text):
            figures = (part,)
            continue
        if not _is_piece(part) or is_whole(part.text):
            break
        label += part.text.strip()
        if is_whole(label):
            return label, figures, count
    return first.text, (), 1


def _is_piece(block: Block) -> bool:
    text = block.text.strip()
    if block.heading or block.confidence < 1 or len(text) > _MAX_GAP * 2 or _HAS_FIGURE.search(text):
        return False
    return not looks_like_value(text)


def _kind(block: Block) -> str:
    text = block.text
    length = len(text) if len(text) <= 200 else _length(text)
    if block.heading or block.confidence < 1 or length > 400:
        return "prose"
    if _is_barred(text):
        return "bar"
    stripped = text.strip()
    if "\t" in text.lstrip():
        return "tab"
    if looks_like_value(stripped):
        return "value"
    if length > 200:
        return "prose"
    if (stripped.count(",") >= 2 or stripped.count(";") >= 2) and _commas(stripped):
        return "comma"
    if (" " in stripped or "\u3000" in stripped or "\xa0" in stripped) and (
        any(c.isdigit() for c in stripped) or _WIDE.search(stripped)
    ):
        pieces = _split_blanks(stripped)
        known = sum(bool(lookup(p)) or looks_like_value(p) for p in pieces)
        if len(pieces) > 1 and (lookup(pieces[0]) or known == len(pieces) or known > 2):
            return "mixed"
    if lookup(stripped):
        return "label"
    if " " in stripped and len(pieces := _BLANKS.split(stripped)) > 1 and all(lookup(p) for p in pieces):
        return "mixed"
    return "prose"


def _is_barred(text: str) -> bool:
    """Whether a line has one of `_BARS`: asked for one by one, which takes a fifth of a search's time."""
    return (
        "|" in text or "｜" in text or "│" in text or "┃" in text or "┆" in text or "┊" in text or "¦" in text
    )  # fmt: skip


def _length(text: str) -> int:
    """The letters of a long line; blanks that fill up its columns are none."""
    return len(text) - text.count(" ") - text.count("\u3000") if len(text) <= _WIDEST else len(text)


def _commas(text: str) -> list[tuple[str, int]]:
    """The cells of a line of values between commas or semicolons, with their offsets; [] if one of them is nothing of
    a table."""
    cells = next(csv.reader([text], delimiter=";" if text.count(";") > text.count(",") else ","), [])
    found: list[tuple[str, int]] = []
    position = 0
    for cell in cells:
        if cell.strip() and cell.strip() not in _UNITS and not looks_like_value(cell) and not lookup(cell):
            return []
        position = max(text.find(cell, position), position)
        found.append((cell, position))
        position += len(cell)
    return found if len(found) >= 3 else []


def _may_continue(block: Block) -> bool:
    text = block.text.strip()
    return not block.heading and len(text) <= _MAX_GAP and not _SENTENCE.search(text)


def _flush(run: list[_Line], out: list[Block | Grid]) -> None:
    """Turn a run into a grid if it is a table; lines of prose at its end are given back."""
    if not run:
        return
    end = next((at for at in range(len(run), 0, -1) if run[at - 1].kind != "prose"), 0)
    tail = run[end:]
    del run[end:]
    if run and _is_table(run):
        out.append(_grid(run))
    else:
        out.extend(line.block for line in run)
    out.extend(line.block for line in tail)
    run.clear()


def _is_table(run: list[_Line]) -> bool:
    barred = sum(line.kind in ("bar", "tab", "comma") for line in run)
    labels = sum(line.kind in ("label", "mixed") for line in run)
    values = sum(line.kind in ("value", "mixed") for line in run)
    if barred >= 2:
        return True
    return (labels >= 2 and values >= 2) or (labels >= 10 and values >= 1)  # one line of figures: the disputes


def _grid(run: list[_Line]) -> Grid:
    style = _style(run)
    run = _without_pages(run)
    rows: list[list[tuple[str, int]]] = []
    after_bar = False  # the line before was a bar alone: another one closes an empty cell
    for line in run:
        if style == "alone" and _only_bars(line.block.text):
            pieces = [("", 0)] * (len(_BARS.findall(line.block.text)) - (not after_bar))
            after_bar = True
        elif style == "before" and _only_bars(line.block.text):
            pieces = [("", 0)] * len(_BARS.findall(line.block.text))
        else:
            pieces = _pieces(line, style)
            after_bar = False
        if pieces:
            rows.append([(text, line.block.start + offset) for text, offset in pieces])
    cells = tuple(
        Cell(_unmarked(text), r, c, place=Place(row=r, column=c, start=start, end=start + len(text)))
        for r, row in enumerate(rows)
        for c, (text, start) in enumerate(row)
    )
    return Grid(-1, cells, len(rows), max((len(row) for row in rows), default=0), exact=False)


def _unmarked(text: str) -> str:
    """A cell without Markdown's marks: bold, and backslashes before signs."""
    bold = _BOLD.match(text)
    shown = bold["words"] if bold else text.strip()
    return _ESCAPED.sub("", shown) if "\\" in shown else shown


def _without_pages(run: list[_Line]) -> list[_Line]:
    """Leave out numbers of pages: alone between rows with bars, never falling, behind a row that its bar closes."""
    bare = [i for i, line in enumerate(run) if line.kind == "value" and _BARE_PAGE.match(line.block.text)]
    numbers = [int(run[i].block.text) for i in bare]
    rows = sum(line.kind == "bar" for line in run)
    if not bare or rows < 3 * len(bare) or numbers != sorted(numbers) or numbers[0] < 1:
        return run
    for i in bare:
        around = run[i - 1 : i] + run[i + 1 : i + 2]
        if len(around) < 2 or any(line.kind != "bar" for line in around):
            return run
        text = _BARS.sub("|", around[0].block.text).rstrip()
        first = _BARS.sub("|", around[1].block.text).strip().strip("|").partition("|")[0]
        if not text.endswith("|") or looks_like_value(first) or not first.strip():
            return run
    return [line for i, line in enumerate(run) if i not in bare]


def _style(run: list[_Line]) -> str:
    """How bars are used: before | after | alone | rows (bars before and after are told apart by the majority)."""
    before = after = alone = bare = 0
    for line in run:
        text = _BARS.sub("|", line.block.text).strip()
        if line.kind != "bar":
            bare += 1
        elif not text.replace("|", "").strip():
            alone += 1
        else:
            before += text.startswith("|")
            after += text.endswith("|")
    textual = before + after
    if not textual and not alone:
        return "none"
    if alone > textual and bare >= alone // 2:
        return "alone"
    return "before" if before > after else "after" if after > before * 2 else "both" if before else "after"


def _pieces(line: _Line, style: str) -> list[tuple[str, int]]:
    text = line.block.text
    if line.kind != "bar":
        if line.kind == "tab":
            return [*_cut(text, _TAB, False), *([("", len(text))] if text.endswith("\t") else [])]
        if line.kind == "comma":
            return _commas(text)
        if line.kind == "mixed" and style == "none":
            return _offsets(text, _split_blanks(text.strip()))
        return [(text, 0)] if text.strip() else []
    if _RULE.match(text) and not _only_bars(text):
        return []  # a ruling line of a text table
    return _cut(text, _BARS, style in ("before", "both"))


def _only_bars(text: str) -> bool:
    return not _BARS.sub("", text).strip()


def _cut(text: str, separator: re.Pattern[str], leading: bool) -> list[tuple[str, int]]:
    """Split at bars; the empty piece after a closing bar is none, nor the one before an opening bar if `leading`."""
    pieces: list[tuple[str, int]] = []
    position = 0
    for found in separator.finditer(text):
        pieces.append((text[position : found.start()], position))
        position = found.end()
    if text[position:].strip():
        pieces.append((text[position:], position))
    if leading and pieces and not pieces[0][0].strip():
        pieces.pop(0)
    return pieces


def _offsets(text: str, pieces: list[str]) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    position = 0
    for piece in pieces:
        position = max(text.find(piece, position), position)
        found.append((piece, position))
        position += len(piece)
    return found


def _split_blanks(text: str) -> list[str]:
    """Cells of a line that only blanks separate: wide gaps part cells, single blanks part figures and known labels."""
    pieces: list[str] = []
    for chunk in _WIDE.split(text):
        if not chunk:
            continue
        words = _BLANKS.split(chunk)
        if len(words) == 1:
            pieces.append(chunk)
            continue
        tail: list[str] = []
        while len(words) > 1 and looks_like_value(words[-1]):
            tail.insert(0, words.pop())
        if tail and len(words) > 1 and words[-1] in _UNITS:
            tail.insert(0, words.pop())
        if looks_like_value(words[0]) and len(words) == 1:
            pieces.extend([words[0], *tail])
        elif len(words) > 1 and all(lookup(word) for word in words) and not lookup("".join(words)):
            pieces.extend([*words, *tail])
        else:
            pieces.extend([" ".join(words), *tail])
    return _rejoined(pieces)


def _rejoined(pieces: list[str]) -> list[str]:
    """A label broken by a wide blank (商业   企业) is one piece again."""
    out: list[str] = []
    for piece in pieces:
        if out and not lookup(piece) and not looks_like_value(piece) and lookup(squeeze(out[-1] + piece)):
            out[-1] += piece
        else:
            out.append(piece)
    return out
