"""The OCR engine: where text stands in a picture, which way up it is, and what crops of it say. Fetches nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidocr import RapidOCR

Image = NDArray[np.uint8]  # rows, columns, blue-green-red; or rows, columns of grey
Box = NDArray[np.float32]  # four corners, clockwise from the top left

LONGEST = 2000  # pixels of a side on which text is looked for, as the engine's own limit
_RED = 45  # by how much red outweighs the other colours in the ink of a seal
_NEAR = 7  # pixels across which the colour of a JPEG runs out
_SHADOW = 0.8  # of the paper's light; what is not darker is no ink
_STAIN = 0.0002  # share of a picture
_TALL = 1.6  # a picture higher than this many times its width is looked at in pieces
# The recogniser's time grows with the width that it pads crops to: 320 as delivered, for one digit as for a line.
# Width by height up to, padded to, crops at a time.
_WIDTHS = ((1.9, 96, 16), (2.6, 128, 12), (3.9, 192, 8), (float("inf"), 320, 6))
_ASKED = 12  # lines that are asked which way up they are


class Engine:
    """One loaded engine with its models, which come with the library."""

    def __init__(self, threads: int) -> None:
        cv2.setNumThreads(threads)
        onnx = "EngineConfig.onnxruntime"
        self._ocr: Any = RapidOCR(
            params={
                "Global.log_level": "critical",
                f"{onnx}.intra_op_num_threads": threads,
                f"{onnx}.inter_op_num_threads": 1,
            }
        )

    def boxes(self, image: Image) -> list[Box]:
        """The lines of text in a picture, in its own pixels; at any angle."""
        height, width = image.shape[:2]
        if height <= width * _TALL:
            return self._boxes(image)
        found: list[Box] = []
        start = 0
        while start < height:
            end = _cut(image, start, min(height, start + int(width * _TALL)))
            found.extend(box + np.array([0, start], np.float32) for box in self._boxes(image[start:end]))
            start = end
        return found

    def _boxes(self, image: Image) -> list[Box]:
        scale = min(1.0, LONGEST / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
        if min(small.shape[:2]) < 8:
            return []
        found = self._ocr(small, use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(found, "boxes", None)
        return [] if boxes is None else [np.asarray(box, np.float32) / scale for box in boxes]

    def upside_down(self, crops: Sequence[Image]) -> bool:
        """Whether most of the widest lines stand on their heads."""
        widest = sorted(crops, key=lambda crop: crop.shape[1] / crop.shape[0], reverse=True)[:_ASKED]
        if not widest:
            return False
        _, said = self._ocr.cls_and_rotate(list(widest))
        turned = sum(score for label, score in said.cls_res if "180" in label)
        upright = sum(score for label, score in said.cls_res if "180" not in label)
        return bool(turned > upright)

    def read(self, crops: Sequence[Image]) -> list[tuple[str, float]]:
        """The text of each crop of one line, and how sure of it the engine is (0 to 1)."""
        said: list[tuple[str, float]] = [("", 0.0)] * len(crops)
        low = 0.0
        for high, width, together in _WIDTHS:
            chosen = [i for i, crop in enumerate(crops) if low <= crop.shape[1] / crop.shape[0] < high]
            low = high
            if not chosen:
                continue
            if self._ocr.text_rec is None:
                self._ocr._load_rec_model()
            self._ocr.text_rec.rec_image_shape = [3, 48, width]
            self._ocr.text_rec.rec_batch_num = together
            found = self._ocr.recognize_txt([crops[i] for i in chosen])
            for i, text, score in zip(chosen, found.txts, found.scores, strict=True):
                said[i] = (text, float(score))
        return said


def _cut(image: Image, start: int, end: int) -> int:
    """Where to end a piece of a long picture: at the row of pixels with the least in it, near its end."""
    if end >= image.shape[0]:
        return end
    first = end - (end - start) // 5
    grey = cv2.cvtColor(image[first:end], cv2.COLOR_BGR2GRAY).astype(np.float32)
    dark = cv2.blur(np.maximum(np.median(grey) - grey, 0).mean(axis=1).reshape(-1, 1), (1, 9))
    return first + int(np.argmin(dark)) + 1


def is_stained(image: Image) -> bool:
    """Whether there is so much red in a picture that it may be a seal."""
    return bool(_red(image).mean() >= _STAIN)


def unstained(image: Image) -> Image:
    """The picture in grey with red made paper, for seals lie over figures and lines; black under red stays dark."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    red = _red(image)
    if red.mean() < _STAIN:
        return np.asarray(grey, np.uint8)
    paper, seal = float(np.median(grey)), float(np.median(image[..., 2][red]))
    near = cv2.dilate(red.astype(np.uint8), np.ones((_NEAR, _NEAR), np.uint8)) > 0
    lighter = np.minimum(image[..., 2] * (paper / seal), paper)
    lighter[lighter > paper * _SHADOW] = paper  # the engine reads what no eye sees
    cleaned = np.where(near, lighter, grey)
    return np.asarray(cleaned, np.uint8)


def _red(image: Image) -> NDArray[np.bool_]:
    return np.asarray(image[..., 2].astype(np.int16) - np.maximum(image[..., 0], image[..., 1]) > _RED)
