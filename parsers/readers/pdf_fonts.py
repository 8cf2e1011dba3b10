"""Codes of a PDF's composite fonts to letters and widths, where pdfminer drops or mistakes them.

pdfminer does not read a CMap that comes with the file, so that all text set by it vanished, and leaves out codes that a
known one does not have; it looks letters up in ToUnicode, which is by codes, by numbers of glyphs (ISO 32000-1, 9.7.5
and 9.10.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pdfminer.cmapdb import CMap, CMapBase, CMapDB
from pdfminer.pdffont import PDFCIDFont
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1

from parsers.model import ParserError

_MAX_BYTES, _MAX_CODES = 2_000_000, 70_000  # a code has two bytes
_SECTION = re.compile(rb"begincid(char|range)(.*?)endcid\1", re.DOTALL)
_CHAR = re.compile(rb"<([0-9A-Fa-f]{2,8})>\s*(\d{1,6})")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{2,8})>\s*<([0-9A-Fa-f]{2,8})>\s*(\d{1,6})")
_UNICODES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_SPAN = re.compile(rb"<\s*([0-9A-Fa-f]+)\s*>\s*<\s*([0-9A-Fa-f]+)\s*>\s*[<\[]")
_BASE = re.compile(rb"/([\w-]{1,60})\s+usecmap")
_Tree = dict[int, Any]  # by the bytes of a code one after the other; the last one gives the number of the glyph


class Interpreter(PDFPageInterpreter):
    """Reads a page's text with all codes of its fonts."""

    def init_resources(self, resources: dict[object, object]) -> None:
        """Prepare the fonts of a page, or of a form in it. Raises ParserError for one that tells of more glyphs than
        there are, which pdfminer would list one by one."""
        specs = dict_value(resources["Font"]) if resources and "Font" in resources else {}
        for spec in specs.values():
            _check(dict_value(spec))
        super().init_resources(resources)
        for name, font in self.fontmap.items():
            if isinstance(font, PDFCIDFont) and isinstance(font.cmap, CMap):
                _complete(font, dict_value(specs[name]))


def _check(spec: dict[str, Any]) -> None:
    told = 0
    unicodes = resolve1(spec.get("ToUnicode"))
    if isinstance(unicodes, PDFStream):
        for section in _UNICODES.findall(unicodes.get_data()):
            told += sum(max(int(last[-8:], 16) - int(first[-8:], 16), 0) for first, last in _SPAN.findall(section))
    for below in list_value(spec.get("DescendantFonts", [])):
        descendant = dict_value(below)
        told += _spanned(list_value(descendant.get("W", [])), 3) + _spanned(list_value(descendant.get("W2", [])), 5)
    if told > _MAX_CODES:
        raise ParserError(f"a font tells of more than {_MAX_CODES} glyphs")


def _spanned(widths: Iterable[Any], size: int) -> int:
    """How many glyphs the ranges of a list of widths hold: first, last, and what is said of them (ISO 32000-1,
    9.7.4.3); a list of single widths follows the first glyph alone."""
    told = 0
    numbers: list[Any] = []
    for value in map(resolve1, widths):
        if isinstance(value, list):
            numbers = []
            continue
        numbers.append(value)
        if len(numbers) == size:
            first, last = numbers[:2]
            if isinstance(first, int) and isinstance(last, int):
                told += max(last - first, 0)
            numbers = []
    return told


class _Codes(CMapBase):
    """A font's codes as numbers: of the glyphs, or as they are. One that the font does not have is -1: a letter that
    nobody knows, but one."""

    def __init__(self, tree: _Tree, *, as_they_are: bool) -> None:
        super().__init__()
        self.tree, self.as_they_are = tree, as_they_are

    def decode(self, code: bytes) -> Iterator[int]:
        level, number = self.tree, 0
        for byte in code:
            found, number = level.get(byte, -1), number << 8 | byte
            if isinstance(found, dict):
                level = found
                continue
            yield number if self.as_they_are and found >= 0 else found
            level, number = self.tree, 0


def _complete(font: PDFCIDFont, spec: dict[str, Any]) -> None:
    known: Any = font.cmap
    tree: _Tree = known.code2cid or _in_file(resolve1(spec.get("Encoding")))
    by_code = isinstance(resolve1(spec.get("ToUnicode")), PDFStream)
    font.cmap = _Codes(tree, as_they_are=by_code)
    if by_code:
        font.widths = {code: font.widths[glyph] for code, glyph in _leaves(tree, 0) if glyph in font.widths}


def _leaves(tree: _Tree, before: int) -> Iterator[tuple[int, int]]:
    for byte, found in tree.items():
        code = before << 8 | byte
        if isinstance(found, dict):
            yield from _leaves(found, code)
        else:
            yield code, found


def _in_file(encoding: Any) -> _Tree:
    """The codes of a CMap that comes with the file (Adobe Technical Note 5014), up to `_MAX_CODES`."""
    tree: _Tree = {}
    if not isinstance(encoding, PDFStream):
        return tree
    data = encoding.get_data()[:_MAX_BYTES]
    if base := _BASE.search(data):
        try:
            known: Any = CMapDB.get_cmap(base[1].decode())
        except CMapDB.CMapNotFound:
            return tree
        tree = _copied(getattr(known, "code2cid", {}))
    room = _MAX_CODES
    for kind, section in _SECTION.findall(data):
        if kind == b"char":
            spans = [(first, first, glyph) for first, glyph in _CHAR.findall(section)]
        else:
            spans = _RANGE.findall(section)
        for first, last, glyph in spans:
            low, high = int(first, 16), int(last, 16)
            if len(first) != len(last) or len(first) % 2 or high < low:
                continue
            room -= high - low + 1
            if room < 0:
                return tree
            for at in range(high - low + 1):
                _put(tree, (low + at).to_bytes(len(first) // 2, "big"), int(glyph) + at)
    return tree


def _copied(tree: _Tree) -> _Tree:
    return {byte: _copied(found) if isinstance(found, dict) else found for byte, found in tree.items()}


def _put(tree: _Tree, code: bytes, glyph: int) -> None:
    for byte in code[:-1]:
        below = tree.setdefault(byte, {})
        if not isinstance(below, dict):
            return  # a shorter code begins so: it stands
        tree = below
    if not isinstance(tree.get(code[-1]), dict):
        tree[code[-1]] = glyph
