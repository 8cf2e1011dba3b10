"""What a reader of a PDF page sees: its letters, each once and none that is hidden, and the lines that rule it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from parsers.model import ParserError
from parsers.readers.pdf_fonts import Interpreter

MAX_DRAWN = 60_000  # letters and shapes of one page; a dense one has 5,000
_HIDDEN_MODES = (3, 7)  # text rendering: neither filled nor stroked; ISO 32000-1, 9.3.6
_WHITE = 0.97
_THIN = 2.5  # points: a filled box not wider or not higher is a line
_MARK = 150.0  # points: larger pictures frame a page, or are pages
_BROWSER = "Skia/PDF"  # what Chromium, and all that is made from it, print with
UNKNOWN = "\ufffd"
Box = tuple[float, float, float, float]  # x0, top, x1, bottom

# Radicals that producers write for the letters whose shape they share (Unicode: EquivalentUnifiedIdeograph), and signs.
_RADICALS = (
    "⺁⺄⺅⺆⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺮⺯⺰⺱⺲⺶⺹⺺⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲"
)
_LETTERS = (
    "厂乚亻冂刂卜㔾小小兀尣尢巳幺彑彐忄㣺扌攵旡日月歺民氵氺灬爫爫丬牛犭王罒示礻竹糹纟罓罒羊耂肀月臼艹艹艹虎衤覀西见角讠贝足车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀"
)
_PLAIN = str.maketrans(_RADICALS + "∕⁄╱", _LETTERS + "///")


@dataclass(slots=True)
class Letter:
    """One letter with its box; `turn`: 0 upright, 1 read upwards, -1 read downwards."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    turn: int = 0
    base: float = 0.0  # where the line it stands on is, in the page as stored
    piece: int = 0  # the piece of text it was set with, where the producer sets no two cells as one; else 0

    @property
    def size(self) -> float:
        """Its height, at least a point."""
        return max(self.bottom - self.top, 1.0)


@dataclass(slots=True)
class Sheet:
    """One page as it is read: a page printed sideways is turned first, and `original` turns a box back."""

    letters: list[Letter]
    edges: list[dict[str, Any]]  # as pdfplumber's table finder takes them
    width: float
    height: float
    turn: int = 0
    unknown: int = 0  # letters of fonts that do not say which letters they are
    images: bool = False
    extent: Box = field(default=(0.0, 0.0, 0.0, 0.0))
    unsure: list[tuple[float, float]] = field(default_factory=list)  # top and bottom of what is in tables not read
    marks: list[Box] = field(default_factory=list)  # pictures and outlines of the size of letters or words
    beyond: list[Letter] = field(default_factory=list)  # cut off by the page's edge, so that nobody sees which they are

    def original(self, box: Box) -> Box:
        """The same box on the page as it is stored."""
        x0, top, x1, bottom = box
        if self.turn == 1:
            return top, self.width - x1, bottom, self.width - x0
        if self.turn == -1:
            return self.height - bottom, x0, self.height - top, x1
        return box


class _Drawing(PDFPageAggregatorWithMarkedContent):  # type: ignore[misc]
    """Collects what a page draws, hidden text left out, up to a limit."""

    drawn = 0
    piece: int | None = None

    def tag_cur_item(self) -> None:
        """Say which piece of text a letter belongs to, in the place of the mark of its content, which nobody needs."""
        if self.piece is not None and self.cur_item._objs:
            self.cur_item._objs[-1].mcid = self.piece

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        kept = len(self.cur_item._objs)
        super().render_string(textstate, seq, ncs, graphicstate)
        self._count(len(self.cur_item._objs) - kept)
        if textstate.render in _HIDDEN_MODES:
            del self.cur_item._objs[kept:]

    def paint_path(self, *args: Any, **kwargs: Any) -> None:
        super().paint_path(*args, **kwargs)
        self._count(1)

    def _count(self, more: int) -> None:
        self.drawn += more
        if self.drawn > MAX_DRAWN:
            raise ParserError(f"the page draws more than {MAX_DRAWN} letters and shapes")


class _Pieces(Interpreter):
    """Counts the pieces of text of a browser: it sets each with a matrix of its own (Tm), and changes fonts within it
    by offsets from there, so that letters of one matrix never are of two cells."""

    device: _Drawing
    last: tuple[Any, ...] = ()

    def do_Tm(self, a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> None:  # counted by pdfminer: no *values
        super().do_Tm(a, b, c, d, e, f)
        if (a, b, c, d, e, f) != self.last:
            self.last = a, b, c, d, e, f
            self.device.piece = (self.device.piece or 0) + 1


def look(page: Any) -> Sheet:
    """The page of a pdfplumber document as it is read. Raises ParserError if it draws too much, and what pdfminer
    raises if it is broken."""
    device = _Drawing(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    browser = str(page.pdf.metadata.get("Producer", "")).startswith(_BROWSER)
    (_Pieces if browser else Interpreter)(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    page._layout = device.get_result()
    fills = [r for r in page.rects if r.get("fill") and not _is_white(r.get("non_stroking_color"))]
    solid = [f for f in fills if f["height"] > _THIN and f["width"] > _THIN]
    x0, top, x1, bottom = page.bbox
    letters: list[Letter] = []
    beyond: list[Letter] = []
    unknown = 0
    for char in page.chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        if not (x0 <= x <= x1 and top <= y <= bottom):
            if not char["text"].isspace():
                beyond.append(Letter(UNKNOWN, char["x0"], char["top"], char["x1"], char["bottom"]))
            continue
        if _is_white(char.get("non_stroking_color")) and not any(
            f["x0"] <= x <= f["x1"] and f["top"] <= y <= f["bottom"] for f in solid
        ):
            continue
        text = plain(char["text"])
        if text.startswith("(cid:"):
            text, unknown = UNKNOWN, unknown + 1
        turn = 0 if char["upright"] else 1 if char["matrix"][1] > 0 else -1
        base = char["bottom"] + char["y0"] - char["matrix"][5]
        piece = char.get("mcid") or 0 if browser else 0
        letters.append(Letter(text, char["x0"], char["top"], char["x1"], char["bottom"], turn, base, piece))
    sheet = Sheet(_once(letters), _ruling(page.edges, page.rects), float(page.width), float(page.height))
    sheet.unknown, sheet.images, sheet.extent = unknown, bool(page.images), (x0, top, x1, bottom)
    sheet.marks = [
        (mark["x0"], mark["top"], mark["x1"], mark["bottom"])
        for mark in (*page.images, *page.curves)
        if mark["width"] < _MARK and mark["height"] < _MARK
    ]
    sheet.beyond = beyond
    sheet.letters = _standing(sheet.letters, sheet.edges)
    return _turned(sheet)


def plain(text: str) -> str:
    """Radicals, which some producers write for the letters they look like, as these letters."""
    if text.isascii():
        return text
    return "".join(
        unicodedata.normalize("NFKC", c) if "\u2f00" <= c <= "\u2fdf" or "\uf900" <= c <= "\ufaff" else c for c in text
    ).translate(_PLAIN)


def _is_white(color: Any) -> bool:
    values = color if isinstance(color, list | tuple) else (color,)
    numbers = [float(v) for v in values if isinstance(v, int | float)]
    if not numbers or len(numbers) != len(values):
        return False
    return max(numbers) <= 1 - _WHITE if len(numbers) == 4 else min(numbers) >= _WHITE


def _once(letters: Iterable[Letter]) -> list[Letter]:
    """Letters printed twice, a trifle apart, to look bold, count once."""
    found: list[Letter] = []
    seen: dict[tuple[str, int, int], list[Letter]] = {}
    for letter in letters:
        reach = letter.size * 0.15
        at_x, at_y = int(letter.x0 // 3), int(letter.top // 3)
        near = (seen.get((letter.text, at_x + i, at_y + j), ()) for i in (-1, 0, 1) for j in (-1, 0, 1))
        if any(abs(o.x0 - letter.x0) <= reach and abs(o.top - letter.top) <= reach for group in near for o in group):
            continue
        seen.setdefault((letter.text, at_x, at_y), []).append(letter)
        found.append(letter)
    return found


def _ruling(edges: Iterable[dict[str, Any]], rects: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The edges that are lines; the sides of a ground, coloured or as white as browsers print it, are none."""
    grounds = {
        (r["x0"], r["top"], r["x1"], r["bottom"])
        for r in rects
        if r.get("fill") and not r.get("stroke") and min(r["height"], r["width"]) > _THIN
    }
    sides = set()
    for x0, top, x1, bottom in grounds:
        sides |= {("v", x0, top, bottom), ("v", x1, top, bottom), ("h", top, x0, x1), ("h", bottom, x0, x1)}
    return [
        edge
        for edge in edges
        if edge["object_type"] != "rect_edge"
        or (
            ("v", edge["x0"], edge["top"], edge["bottom"])
            if edge["orientation"] == "v"
            else ("h", edge["top"], edge["x0"], edge["x1"])
        )
        not in sides
    ]


def _standing(letters: list[Letter], edges: Iterable[dict[str, Any]]) -> list[Letter]:
    """The letters, those without their text that a line strikes out: through their middle, above where they stand."""
    strokes = [e for e in edges if e["orientation"] == "h"]
    if not strokes or not letters:
        return letters
    rows: dict[int, list[dict[str, Any]]] = {}
    for stroke in strokes:
        rows.setdefault(int(stroke["top"]), []).append(stroke)
    kept = []
    for letter in letters:
        if not letter.turn and letter.text.strip():
            high, low = letter.base - letter.size * 0.6, letter.base - letter.size * 0.12
            if any(
                high <= stroke["top"] <= low and stroke["x0"] <= letter.x0 + 1 and stroke["x1"] >= letter.x1 - 1
                for y in range(int(high), int(low) + 1)
                for stroke in rows.get(y, ())
            ):
                letter.text = ""  # its room stays taken: what stands at both sides of it was not parted by a blank
        kept.append(letter)
    return kept


def _turned(sheet: Sheet) -> Sheet:
    """A page whose letters nearly all lie on their side, as it is read: with the letters upright."""
    turns = [letter.turn for letter in sheet.letters if letter.text.strip()]
    turn = next((t for t in (1, -1) if turns.count(t) > len(turns) * 0.6), 0)
    if not turn:
        return sheet
    width, height = sheet.width, sheet.height

    def moved(x0: float, top: float, x1: float, bottom: float) -> Box:
        if turn == 1:
            return height - bottom, x0, height - top, x1
        return top, width - x1, bottom, width - x0

    for letter in (*sheet.letters, *sheet.beyond):
        letter.x0, letter.top, letter.x1, letter.bottom = moved(letter.x0, letter.top, letter.x1, letter.bottom)
        letter.turn = 0 if letter.turn == turn else -turn if letter.turn == 0 else letter.turn
        letter.base = letter.bottom
    edges = []
    for edge in sheet.edges:
        x0, top, x1, bottom = moved(edge["x0"], edge["top"], edge["x1"], edge["bottom"])
        edges.append(line_edge("h" if edge["orientation"] == "v" else "v", x0, top, x1, bottom))
    return Sheet(
        sheet.letters, edges, height, width, turn, sheet.unknown, sheet.images, moved(*sheet.extent),
        marks=[moved(*mark) for mark in sheet.marks], beyond=sheet.beyond,
    )


def line_edge(orientation: str, x0: float, top: float, x1: float, bottom: float) -> dict[str, Any]:
    """A line as pdfplumber's table finder takes it."""
    return {
        "object_type": "line", "orientation": orientation, "x0": x0, "x1": x1, "top": top, "bottom": bottom,
        "width": x1 - x0, "height": bottom - top,
    }  # fmt: skip

