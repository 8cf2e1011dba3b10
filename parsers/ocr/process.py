"""The reading process's side of OCR: one long-lived process that holds the models, with limits of time and memory."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from parsers.ocr.seen import SeenPage, page_of

PAGE_SECONDS = 110.0  # a page takes 5 to 15 on one idle core
DOCUMENT_SECONDS = 900.0
_LONGEST_ANSWER = 20_000_000  # bytes of a page's answer
_PAGES_A_LIFE = 400  # then a fresh process, so that memory cannot grow for ever
ABSENT = "needs the optional extra 'ocr' (rapidocr and onnxruntime), which is not installed: `make extras` installs it"


def absence() -> str:
    """What is missing to read pictures, as the end of a sentence; '' if nothing is."""
    try:
        missing = [name for name in ("rapidocr", "onnxruntime", "cv2") if find_spec(name) is None]
    except ImportError:
        return ABSENT
    return ABSENT if missing else ""


@dataclass(slots=True)
class _Life:
    """What this process does with OCR: how many threads it may use, whom it tells that it is alive."""

    threads: int = 0
    alive: Callable[[], None] | None = None
    process: _Process | None = None


_life = _Life()


def prepare(threads: int, alive: Callable[[], None] | None = None) -> None:
    """Say how many threads OCR may use in this process (0: one a core, four at most), and whom to tell after a page."""
    _life.threads, _life.alive = threads, alive


class _Process:
    """One OCR process and what of its answers was not taken yet."""

    def __init__(self, threads: int) -> None:
        self.owner = os.getpid()
        self.pages = 0
        self._held = b""
        self._child = subprocess.Popen(
            [sys.executable, "-m", "parsers.ocr.worker", str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            start_new_session=True,  # a Ctrl-C is for the process that reads documents
        )

    def ask(self, data: bytes, pages: Sequence[int]) -> None:
        assert self._child.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it died while idle: `answer` finds its output closed
            self._child.stdin.write(json.dumps({"size": len(data), "pages": list(pages)}).encode() + b"\n" + data)
            self._child.stdin.flush()

    def answer(self, seconds: float) -> bytes | None:
        """The next line it says, b'' if it ended, None if it said nothing for that long."""
        assert self._child.stdout is not None
        until = time.monotonic() + seconds
        while b"\n" not in self._held:
            ready, _, _ = select.select([self._child.stdout], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                return None
            piece = os.read(self._child.stdout.fileno(), 1 << 20)
            if not piece or len(self._held) > _LONGEST_ANSWER:
                return b""
            self._held += piece
        line, _, self._held = self._held.partition(b"\n")
        return line

    def stop(self) -> None:
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


def _process() -> _Process:
    """The process that is there, or a new one: a fork of ours must not talk to its parent's."""
    held = _life.process
    if held is not None and held.owner == os.getpid() and held.pages < _PAGES_A_LIFE:
        return held
    stop()
    _life.process = _Process(_life.threads or min(4, len(os.sched_getaffinity(0))))
    return _life.process


def stop() -> None:
    """End the OCR process, if this process started one."""
    held, _life.process = _life.process, None
    if held is not None and held.owner == os.getpid():
        held.stop()


atexit.register(stop)


def see(data: bytes, pages: Sequence[int] = ()) -> Iterator[SeenPage]:
    """The pages of a picture file, or those pages of a PDF, as they are read; `absence()` must be ''.

    A page that cannot be read, takes too long or ends the process has a `fault`; then none follow.
    """
    process = _process()
    process.ask(data, pages)
    began, last = time.monotonic(), (pages[0] if pages else 1) - 1
    while True:
        spent = time.monotonic() - began
        line = process.answer(min(PAGE_SECONDS, DOCUMENT_SECONDS - spent)) if spent < DOCUMENT_SECONDS else None
        if line is None:
            stop()
            yield SeenPage(last + 1, fault=f"reading it took longer than {PAGE_SECONDS:g} seconds")
            return
        if not line:
            stop()
            yield SeenPage(last + 1, fault="the OCR process ended while reading it")
            return
        answer = json.loads(line)
        if "end" in answer:
            return
        process.pages += 1
        if _life.alive is not None:
            _life.alive()
        page = page_of(answer)
        last = page.number
        yield page
