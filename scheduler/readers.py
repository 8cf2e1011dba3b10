"""Processes that read documents: all cores, a time limit each, and one bad document never stops the rest."""

from __future__ import annotations

import contextlib
import functools
import itertools
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing import connection
from types import TracebackType
from typing import Generic, Literal, TypeVar

import parsers
from db.errors import DatabaseError
from parsers.model import ParserError, Report
from parsers.ocr import process as ocr
from parsers.viewing import sealed

Key = TypeVar("Key")
_FAILED = "the reader failed: "
_MEMORY = 6 << 30  # bytes of address space of a reading process; recognising a scan takes some 2 GB of it
_WORTH = 8  # sources that make one more process worth its start, which takes as long as reading fifty pages
_START_SECONDS = 60.0  # a process that is not ready by then never will be


@dataclass(frozen=True, slots=True)
class Source(Generic[Key]):
    """One document to read. `load` returns its bytes inside the reading process, so that they are not sent about;
    it must be a function of a module (it is pickled) and may raise OSError or DatabaseError.
    """

    key: Key
    load: Callable[[], bytes]
    name: str = ""
    url: str = ""
    content_type: str = ""
    names: tuple[str, ...] = ()
    pictures: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)  # of a page, by address; as `load`
    view: bool = False  # keep what a page needs to show the document (`parsers.viewing`)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Key]):
    """What became of one source: its reports, or in one line why there are none. `loaded` is False where its bytes
    could not be had: that says nothing of the document.
    """

    key: Key
    reports: tuple[Report, ...] = ()
    fault: str = ""
    loaded: bool = True


class _LastWords:
    """Sends what ended a reading process, whatever it was, before the process dies of it."""

    def __init__(self, pipe: connection.Connection) -> None:
        self.pipe = pipe

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            self.pipe.send(((), f"{_FAILED}{kind.__name__}: {error}", True))


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(pipe: connection.Connection, readers: int) -> None:
    """The life of a reading process: a source in, its reports or a fault out, until the pipe closes."""
    # Both reach whole groups of processes: the parent decides, and a reader dies with it. A reader that died of
    # them first would make its document look unreadable.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY if hard < 0 else min(_MEMORY, hard), hard))
    threading.Thread(target=_die_with_parent, daemon=True).start()
    with _LastWords(pipe):
        # One of several readers leaves the other cores to them; each page that OCR has read is a sign of life.
        ocr.prepare(max(1, min(4, len(os.sched_getaffinity(0)) // readers)), functools.partial(pipe.send, None))
        read = parsers.read
        pipe.send(None)  # ready: what importing the readers took is not the first document's time
        while True:
            try:
                source: Source[object] = pipe.recv()
            except EOFError:
                return
            try:
                data = source.load()
                pictures = {address: load() for address, load in source.pictures.items()}
            except (DatabaseError, OSError) as error:
                pipe.send(((), _in_words(error), False))
                continue
            try:
                reports = read(
                    data,
                    name=source.name,
                    url=source.url,
                    content_type=source.content_type,
                    names=source.names,
                    pictures=pictures,
                )
            except ParserError as error:
                pipe.send(((), _in_words(error), True))
            else:
                pipe.send((tuple(sealed(report, keep=source.view) for report in reports), "", True))


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)


class _Reader(Generic[Key]):
    """One reading process and what it is busy with."""

    def __init__(self, method: Literal["fork", "spawn"], readers: int) -> None:
        context = multiprocessing.get_context("fork") if method == "fork" else multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, readers), daemon=True)
        self.process.start()
        theirs.close()
        self.deadline = 0.0
        self.task: _Task[Key] | None = None

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


@dataclass(slots=True)
class _Task(Generic[Key]):
    position: int
    source: Source[Key]
    deaths: int = 0


class _Readers(Generic[Key]):
    """The reading processes of one call of `read_all`."""

    def __init__(self, limit: int, timeout_seconds: float, method: Literal["fork", "spawn"]) -> None:
        self.limit = limit
        self.timeout_seconds = timeout_seconds
        self.method = method
        self.idle: list[_Reader[Key]] = []
        self.busy: list[_Reader[Key]] = []

    def stop(self) -> None:
        for reader in self.idle + self.busy:
            reader.stop()

    def begin(self, task: _Task[Key]) -> None:
        fresh = not self.idle
        reader = _Reader(self.method, self.limit) if fresh else self.idle.pop()
        reader.task = task
        reader.deadline = time.monotonic() + max(self.timeout_seconds, _START_SECONDS if fresh else 0.0)
        self.busy.append(reader)
        with contextlib.suppress(BrokenPipeError):  # it died while idle: `wait` finds its pipe closed
            reader.pipe.send(task.source)

    def wait(self) -> Iterator[tuple[int, Outcome[Key]]]:
        """Wait for the next thing to happen; give out what was finished by it."""
        patience = max(0.0, min(reader.deadline for reader in self.busy) - time.monotonic())
        ready = connection.wait([reader.pipe for reader in self.busy], patience)
        for reader in list(self.busy):
            task = reader.task
            assert task is not None
            key = task.source.key
            if reader.pipe in ready:
                try:
                    answer = reader.pipe.recv()
                except (EOFError, ConnectionResetError):
                    self.busy.remove(reader)
                    reader.stop()
                    task.deaths += 1
                    if task.deaths == 1:  # killed from outside, perhaps: one more try tells
                        self.begin(task)
                    else:
                        status = reader.process.exitcode
                        yield task.position, Outcome(key, fault=f"the reader ended with exit status {status}, twice")
                    continue
                if answer is None:
                    reader.deadline = time.monotonic() + self.timeout_seconds
                    continue
                self.busy.remove(reader)
                reports, fault, loaded = answer
                if fault.startswith(_FAILED):
                    reader.stop()
                else:
                    self.idle.append(reader)
                yield task.position, Outcome(key, reports, fault, loaded)
            elif time.monotonic() >= reader.deadline:
                self.busy.remove(reader)
                reader.stop()
                fault = f"reading took longer than {self.timeout_seconds:g} seconds"
                yield task.position, Outcome(key, fault=fault)


def read_all(
    sources: Iterable[Source[Key]],
    processes: int = 0,
    timeout_seconds: float = 120.0,
    method: Literal["fork", "spawn"] = "spawn",
    ordered: bool = True,
) -> Iterator[Outcome[Key]]:
    """Read every source in `processes` processes (0: one a core, fewer for few sources); outcomes in the order of the
    sources, or as they are finished if `ordered` is False.

    A source that fails, kills its process twice or takes longer than the limit yields an outcome with a fault; the
    limit holds for each page where pages are pictures.
    "fork" starts faster and must only be used where neither threads nor a database connection exist.
    """
    limit = processes or os.cpu_count() or 1
    source = iter(sources)
    ahead = list(itertools.islice(source, 0 if processes else limit * _WORTH))
    limit = processes or max(1, min(limit, -(-len(ahead) // _WORTH)))
    waiting = enumerate(itertools.chain(ahead, source))
    readers: _Readers[Key] = _Readers(limit, timeout_seconds, method)
    done: dict[int, Outcome[Key]] = {}
    exhausted = False
    upcoming = 0
    try:
        while True:
            # Finished ones wait for an earlier slow one only up to a number, so that memory stays bounded.
            while not exhausted and len(readers.busy) < limit and len(done) < limit * 64:
                item = next(waiting, None)
                if item is None:
                    exhausted = True
                else:
                    readers.begin(_Task(*item))
            while done and (not ordered or upcoming in done):
                yield done.pop(upcoming if ordered else next(iter(done)))
                upcoming += 1
            if readers.busy:
                done.update(readers.wait())
            elif exhausted:
                return
    finally:
        readers.stop()
