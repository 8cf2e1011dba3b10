"""The printed report as scanned pages: drawn with a font, then turned, stained, stamped and made coarse."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps
from report_files import Slot, slots
from report_printer import Drawn, Labels, Span, parts

SERIF = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
SANS = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
WIDTH, HEIGHT, MARGIN = 8.27, 11.69, 0.8  # inches of a page of A4


@dataclass(frozen=True, slots=True)
class Wear:
    """What happened to a page on its way to us."""

    dpi: int = 200
    angle: float = 0.0  # degrees
    turned: int = 0  # quarter turns
    noise: float = 0.0  # standard deviation of a grey value
    grey: int = 255  # of the paper
    blur: float = 0.0
    stamp: bool = False
    lean: float = 0.0  # how far a corner is off, as a share of the width: a phone held askew
    quality: int = 0  # of JPEG; 0: PNG
    desk: bool = False  # photographed with the dark desk on which it lies
    lines: str = "all"  # that rule its tables: "level" between the rows alone, or "none"

    @classmethod
    def draw(cls, rng: random.Random) -> Wear:
        """The wear of one random scan."""
        return cls(
            dpi=rng.choice([110, 150, 200, 200, 300]),
            angle=rng.choice([0.0, rng.uniform(-1, 1), rng.uniform(-4, 4)]),
            turned=rng.choice([0, 0, 0, 0, 1, 2, 3]),
            noise=rng.choice([0.0, 4.0, 9.0]),
            grey=rng.choice([255, 245, 215]),
            blur=rng.choice([0.0, 0.0, 0.5]),
            stamp=rng.random() < 0.3,
            lean=rng.choice([0.0, 0.0, 0.0, 0.02]),
            quality=rng.choice([0, 60, 85]),
        )


class _Sheets:
    """Pages of paper; `room` opens a new one where the old one is full."""

    def __init__(self, dpi: int, font: str, points: float, lines: str) -> None:
        self.dpi = dpi
        self.lines = lines
        self.font = ImageFont.truetype(font, round(points * dpi / 72))
        self.line = round(points * 1.45 * dpi / 72)
        self.pages: list[Image.Image] = []
        self.open()

    def open(self) -> None:
        self.pages.append(Image.new("RGB", (round(WIDTH * self.dpi), round(HEIGHT * self.dpi)), "white"))
        self.pen = ImageDraw.Draw(self.pages[-1])
        self.y = round(MARGIN * self.dpi)

    @property
    def left(self) -> int:
        return round(MARGIN * self.dpi)

    @property
    def right(self) -> int:
        return round((WIDTH - MARGIN) * self.dpi)

    def fits(self, height: int) -> bool:
        return self.y + height <= (HEIGHT - MARGIN) * self.dpi

    def wrapped(self, text: str, width: float) -> list[str]:
        lines = [""]
        for letter in text:
            if letter == "\n" or (lines[-1] and self.font.getlength(lines[-1] + letter) > width):
                lines.append("")
            if letter != "\n":
                lines[-1] += letter
        return lines

    def paragraph(self, text: str) -> None:
        for line in self.wrapped(text, self.right - self.left):
            if not self.fits(self.line):
                self.open()
            self.pen.text((self.left, self.y), line, font=self.font, fill="black")
            self.y += self.line

    def table(self, rows: list[list[Span]]) -> None:
        found, width = slots(rows)
        edges = self._edges(found, width)
        pad = self.line // 3
        heights = [self.line + pad] * len(rows)
        for r, c, text, rowspan, colspan in sorted(found, key=lambda slot: slot[3]):
            lines = len(self.wrapped(text, edges[c + colspan] - edges[c] - pad))
            short = lines * self.line + pad - sum(heights[r : r + rowspan])
            if short > 0:
                heights[r + rowspan - 1] += short
        first = 0
        while first < len(rows):
            if not self.fits(heights[first]):
                self.open()
            last = first
            while last < len(rows) and self.fits(sum(heights[first : last + 1])):
                last += 1
            last = max(last, first + 1)
            self._lines(found, edges, heights, first, last)
            first = last
        self.y += self.line

    def _edges(self, found: list[Slot], width: int) -> list[int]:
        weights = [1.0] * width
        for _, c, text, _, colspan in found:
            if colspan == 1:
                weights[c] = max(weights[c], min(len(text.replace("\n", "")) * 0.5, 4.5))
        scale = (self.right - self.left) / sum(weights)
        edges = [self.left]
        for weight in weights:
            edges.append(round(edges[-1] + weight * scale))
        return edges

    def _lines(self, found: list[Slot], edges: list[int], heights: list[int], first: int, last: int) -> None:
        thick = max(1, round(self.dpi / 130))
        tops = [self.y]
        for height in heights[first:last]:
            tops.append(tops[-1] + height)
        for r, c, text, rowspan, colspan in found:
            start, end = max(r, first), min(r + rowspan, last)
            if start >= end:
                continue
            x0, y0, x1, y1 = edges[c], tops[start - first], edges[c + colspan], tops[end - first]
            if self.lines == "all":
                self.pen.rectangle((x0, y0, x1, y1), outline="black", width=thick)
            elif self.lines == "level":
                self.pen.line((x0, y1, x1, y1), fill="black", width=thick)
            if r >= first:
                lines = self.wrapped(text, x1 - x0 - self.line // 3)
                y = y0 + (y1 - y0 - len(lines) * self.line) / 2
                for line in lines:
                    x = x0 + (x1 - x0 - self.font.getlength(line)) / 2
                    self.pen.text((x, y), line, font=self.font, fill="black")
                    y += self.line
        self.y = tops[-1]


def as_sheets(drawn: Drawn, rng: random.Random, dpi: int, lines: str = "all") -> list[Image.Image]:
    """The clean pages of a report."""
    labels = Labels(rng, drawn)
    sheets = _Sheets(dpi, rng.choice([SERIF, SANS]), rng.choice([9.0, 10.5]), lines)
    for text in (drawn.title, f"发布时间：{drawn.year + 1}-01-20"):
        sheets.paragraph(text)
    for _, content in parts(drawn, labels):
        if isinstance(content, str):
            sheets.paragraph(content)
        else:
            sheets.table(content)
    return sheets.pages


def worn(page: Image.Image, wear: Wear, rng: random.Random) -> Image.Image:
    """The page as the scanner or the phone saw it."""
    if wear.stamp:
        page = _stamped(page, wear.dpi, rng)
    paper = (wear.grey,) * 3
    if wear.grey < 255:
        page = page.point([value * wear.grey // 255 for value in range(256)] * 3)
    if wear.lean:
        width, height = page.size
        off = [rng.uniform(-wear.lean, wear.lean) * width for _ in range(8)]
        corners = [0, 0, 0, height, width, height, width, 0]
        quad = [corner + by for corner, by in zip(corners, off, strict=True)]
        page = page.transform(page.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=paper)
    if wear.angle:
        page = page.rotate(wear.angle, Image.Resampling.BICUBIC, expand=True, fillcolor=paper)
    if wear.turned:
        page = page.rotate(90 * wear.turned, expand=True)
    if wear.blur:
        page = page.filter(ImageFilter.GaussianBlur(wear.blur))
    if wear.noise:
        page = _noisy(page, wear.noise, rng)
    if wear.desk:
        page = ImageOps.expand(page, page.width // 4, (60, 50, 45))
    return page


def _noisy(page: Image.Image, spread: float, rng: random.Random) -> Image.Image:
    """Grain, the same in all colours; a tile is repeated, as drawing each grain anew takes a second."""
    side = 256
    values = bytes(min(255, max(0, round(rng.gauss(128, spread)))) for _ in range(side**2))
    grain = Image.frombytes("L", (side, side), values)
    sheet = Image.new("L", page.size)
    for x in range(0, page.width, side):
        for y in range(0, page.height, side):
            sheet.paste(grain.transpose(rng.choice(list(Image.Transpose)[:5])), (x, y))
    return ImageChops.add(page, sheet.convert("RGB"), 1, -128)


def _stamped(page: Image.Image, dpi: int, rng: random.Random) -> Image.Image:
    """A round red seal of 4 cm somewhere on the lower half of the page; what is black under it stays black."""
    size = round(1.6 * dpi)
    sheet = Image.new("RGB", page.size, "white")
    pen = ImageDraw.Draw(sheet)
    red = (215, 45, 50)
    x, y = rng.randint(0, page.width - size), rng.randint(page.height // 3, page.height - size)
    pen.ellipse((x + 2, y + 2, x + size - 3, y + size - 3), outline=red, width=max(2, dpi // 40))
    font = ImageFont.truetype(SANS, size // 9)
    pen.text((x + size // 5, y + size // 4), "某某机关专用章", font=font, fill=red)
    pen.text((x + size * 2 // 5, y + size // 2), "★", font=ImageFont.truetype(SANS, size // 5), fill=red)
    return ImageChops.multiply(page, sheet)


def as_scan(drawn: Drawn, rng: random.Random, wear: Wear) -> bytes:
    """The whole report as one file: a picture if it is one page, else a TIFF of its pages, or a PDF without text."""
    pages = [worn(page, wear, rng) for page in as_sheets(drawn, rng, wear.dpi, wear.lines)]
    return as_file(pages, rng.choice(["TIFF", "PDF"]) if len(pages) > 1 else "JPEG" if wear.quality else "PNG", wear)


def as_file(pages: list[Image.Image], kind: str, wear: Wear) -> bytes:
    """Pages as one file of that kind."""
    stream = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if len(pages) > 1 or kind == "PDF" else {}
    if kind in ("JPEG", "PDF"):
        more["quality"] = wear.quality or 90
    if kind == "PDF":
        more["resolution"] = float(wear.dpi)
    if kind == "TIFF":
        more["compression"] = "tiff_lzw"
    pages[0].save(stream, kind, **more)
    return stream.getvalue()
