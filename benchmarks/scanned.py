"""What reading a scanned page costs beside the OCR engine alone, on the same pages in turns.

`python benchmarks/scanned.py [ROUNDS [PAGES]]` draws two sample reports with Chromium as pages of A4 at 150 dots.
Each round lets the engine read each page as its library does it (find lines, turn them, read them), and then reads the
same page as `parsers.read` does, in this process and with one thread each, down to the figures. Seconds are of CPU, so
that a busy machine changes little. The exit status is 1 if the median ratio is above 1.3.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image
from rapidocr import RapidOCR

from parsers.model import Document
from parsers.ocr.engine import Engine
from parsers.ocr.page import see_page
from parsers.ocr.pictures import picture_pages
from parsers.readers.picture import page_parts
from parsers.readers.picture_aligned import with_aligned
from parsers.reading import read_document
from samples.printing import print_report
from samples.report_model import SAMPLES, load_sample

PRINTED = (SAMPLES[1], SAMPLES[2])  # a report of 2024, and one in the form of before 2019
SIZE = (1240, 1754)
LIMIT = 1.3
_STYLE = (
    "<style>body{margin:90px;font:19px 'Noto Serif CJK SC'}table{border-collapse:collapse;width:100%}"
    "td{border:1px solid black;padding:4px;text-align:center}</style>"
)


def pages() -> list[bytes]:
    """The pages of two sample reports that have anything on them, as PNG."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        source, shot = Path(folder) / "a.html", Path(folder) / "a.png"
        for sample in PRINTED:
            source.write_text(f"<meta charset=utf-8>{_STYLE}{print_report(load_sample(sample))}", "utf-8")
            subprocess.run(
                ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                 f"--screenshot={shot}", f"--window-size={SIZE[0]},{SIZE[1] * 4}", source.as_uri()],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
            whole = Image.open(shot).convert("RGB")
            for top in range(0, whole.height, SIZE[1]):
                page = whole.crop((0, top, SIZE[0], top + SIZE[1]))
                if np.asarray(page.convert("L")).min() < 128:
                    stream = io.BytesIO()
                    page.save(stream, "PNG")
                    found.append(stream.getvalue())
    return found


def main() -> None:
    """Measure and print a line a page."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    onnx = "EngineConfig.onnxruntime"
    alone = RapidOCR(
        params={
            "Global.log_level": "error",
            f"{onnx}.intra_op_num_threads": 1,
            f"{onnx}.inter_op_num_threads": 1,
        }
    )
    ours = Engine(1)
    ratios: list[float] = []
    drawn = pages()[: int(sys.argv[2]) if len(sys.argv) > 2 else None]
    turns = [(number, data) for _ in range(rounds) for number, data in enumerate(drawn, 1)]
    for at, (number, data) in enumerate([(0, drawn[0]), *turns]):  # the first turn loads the models
        start = time.process_time()
        alone(data)
        middle = time.process_time()
        for _, picture, _, _ in picture_pages(data):
            assert picture is not None
            for page, seen in with_aligned([see_page(ours, picture)], []):
                read_document(Document("picture", page_parts(page, seen, ()).parts))
        end = time.process_time()
        if at:
            ratios.append((end - middle) / (middle - start))
            print(f"page {number}: engine {middle - start:.1f} s, all of reading {end - middle:.1f} s", flush=True)
    print(f"median ratio of {len(ratios)}: {median(ratios):.2f} (at most {LIMIT})")
    sys.exit(median(ratios) > LIMIT)


if __name__ == "__main__":
    main()
