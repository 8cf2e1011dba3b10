"""Bytes of pictures and pages of PDFs as pixels, their sizes known before anything is decoded."""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import pypdfium2
from PIL import Image as Pillow
from PIL import ImageOps

from parsers.ocr.engine import Image

MAX_PIXELS = 60_000_000  # of one picture; A4 at 600 dots an inch has 35 million
MAX_PAGES = 40  # a report has under 40
MAX_SIDES = 30  # times as long as it is wide
_LARGE = 17_000_000  # a larger picture is made smaller before it is looked at
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF")
_DOTS = 200  # an inch, at which pages of a PDF are drawn
FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    KeyError,
    IndexError,
    ZeroDivisionError,
    OverflowError,
    MemoryError,
    struct.error,
    Pillow.DecompressionBombError,
    pypdfium2.PdfiumError,
    cv2.error,
)  # fmt: skip -- what Pillow's, PDFium's and OpenCV's decoders raise on broken files

Taken = tuple[int, Image | None, float, str]  # number of the page, picture, its pixels by ours, or a fault


def picture_pages(data: bytes) -> Iterator[Taken]:
    """The pages of a picture file (a TIFF may have several). Raises one of FAULTS on a broken file."""
    Pillow.MAX_IMAGE_PIXELS = None  # the size is looked at here, page by page
    with Pillow.open(io.BytesIO(data), formats=_FORMATS) as file:
        for number in range(1, MAX_PAGES + 2):
            try:
                file.seek(number - 1)
            except EOFError:
                return
            if number > MAX_PAGES:
                yield number, None, 1.0, f"only the first {MAX_PAGES} pages were read"
                return
            width, height = file.size
            if fault := _refused(width, height):
                yield number, None, 1.0, fault
            else:
                yield number, *_pixels(file), ""
            if file.format != "TIFF":
                return  # a moving picture shows its page in the first frame


def _refused(width: int, height: int) -> str:
    """Why a picture of that size is not decoded, '' if it may be."""
    if width * height > MAX_PIXELS:
        return f"a picture of {width} x {height} pixels; at most {MAX_PIXELS} are decoded"
    if min(width, height) < 16 or max(width, height) > MAX_SIDES * min(width, height):
        return f"a picture of {width} x {height} pixels is no page"
    return ""


def _pixels(file: Pillow.Image) -> tuple[Image, float]:
    """The picture as it is shown: turned as its camera says, on white paper."""
    picture = file.copy()
    if picture.mode.startswith("I"):  # grey of 16 bits
        picture = picture.convert("I").point([value >> 8 for value in range(65536)], "L")
    picture = ImageOps.exif_transpose(picture)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Pillow.new("RGBA", picture.size, "white")
        picture = Pillow.alpha_composite(paper, picture)
    picture = picture.convert("RGB")
    by = max(1, math.ceil(math.sqrt(picture.width * picture.height / _LARGE)))
    if by > 1:
        picture = picture.reduce(by)
    return np.ascontiguousarray(np.asarray(picture)[..., ::-1]), float(by)


def pdf_pages(data: bytes, numbers: Sequence[int]) -> Iterator[Taken]:
    """Those pages of a PDF (the first is 1) as they would be printed, without notes that were stuck on; boxes on them
    are in points. Raises one of FAULTS on a broken file."""
    document = pypdfium2.PdfDocument(data)
    try:
        for count, number in enumerate(numbers, 1):
            if count > MAX_PAGES:
                yield number, None, 1.0, f"only the first {MAX_PAGES} pages without text were read"
                return
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(_DOTS / 72, math.sqrt(_LARGE / max(width * height, 1.0)))
            if fault := _refused(int(width * scale), int(height * scale)):
                yield number, None, 1.0, fault
                continue
            drawn = page.render(scale=scale, draw_annots=False)
            picture = cv2.cvtColor(drawn.to_numpy(), cv2.COLOR_BGRA2BGR) if drawn.n_channels == 4 else drawn.to_numpy()
            if picture.ndim == 2 or picture.shape[2] == 1:
                picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
            yield number, np.ascontiguousarray(picture), 1 / scale, ""
            page.close()
    finally:
        document.close()
