"""The OCR process: `python -m parsers.ocr.worker THREADS`; a request on standard input, an answer a page on output.

A request is a line of JSON (`size`: bytes that follow, `pages`: page numbers if they are a PDF) and the bytes; answers
are lines of JSON, `SeenPage` each, and a last one `{"end": ...}`. The process ends when its input closes, whatever it
is doing then, so that it never outlives the process that reads documents.
"""

from __future__ import annotations

import json
import os
import queue
import resource
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, BinaryIO

from parsers.ocr.engine import Engine
from parsers.ocr.page import see_page
from parsers.ocr.pictures import FAULTS, pdf_pages, picture_pages
from parsers.ocr.seen import Bounds, SeenLine, SeenPage, SeenTable

MEMORY = 5_000_000_000  # bytes of address space, of which a page takes one and a half

Request = tuple[dict[str, Any], bytes]


def _listen(source: BinaryIO, requests: queue.Queue[Request]) -> None:
    """Take requests until the other end closes."""
    while line := source.readline():
        header = json.loads(line)
        requests.put((header, source.read(header["size"])))
    os._exit(0)


def _answers(engine: Engine, header: dict[str, Any], data: bytes) -> Iterator[SeenPage]:
    numbers = header["pages"]
    number = 0
    try:
        for number, picture, by, fault in pdf_pages(data, numbers) if numbers else picture_pages(data):
            if picture is None:
                yield SeenPage(number, fault=fault)
                continue
            yield _enlarged(see_page(engine, picture, number), by)
    except FAULTS as error:
        words = f"{type(error).__name__} {error}".strip()
        yield SeenPage(number + 1 if not numbers else number, fault=f"expected a readable picture: {words}")


def _enlarged(page: SeenPage, by: float) -> SeenPage:
    """The page with its boxes in the units of the file."""
    if by == 1.0:
        return page
    parts = tuple(
        replace(part, box=_times(part.box, by))
        if isinstance(part, SeenLine)
        else SeenTable(
            tuple(replace(cell, box=_times(cell.box, by)) for cell in part.cells), part.rows, part.columns, part.at
        )
        for part in page.parts
    )
    way = tuple(n * by for n in page.way)
    return replace(page, parts=parts, size=(page.size[0] * by, page.size[1] * by), way=way)


def _times(box: Bounds, by: float) -> Bounds:
    left, top, right, bottom = (round(n * by, 1) for n in box)
    return left, top, right, bottom


def main() -> None:
    """Load the engine and answer requests until standard input closes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no answer
    requests: queue.Queue[Request] = queue.Queue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, requests), daemon=True).start()
    engine = Engine(int(sys.argv[1]))
    while True:
        header, data = requests.get()
        for page in _answers(engine, header, data):
            print(json.dumps(asdict(page), ensure_ascii=False), file=answers, flush=True)
        print('{"end": true}', file=answers, flush=True)


if __name__ == "__main__":
    main()
