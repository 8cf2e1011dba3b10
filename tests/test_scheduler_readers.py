"""Reading processes: order, faults, deaths and time-outs of single documents."""

from __future__ import annotations

import multiprocessing
import os
import signal
from functools import partial
from pathlib import Path

import pytest

from scheduler.readers import Source, read_all

PAGE = "<html><title>某局2023年政府信息公开工作年度报告</title><body><p>一、总体情况</p></body></html>".encode()


def page() -> bytes:
    return PAGE


def absent() -> bytes:
    raise FileNotFoundError(2, "No such file or directory")


def broken() -> bytes:
    raise ZeroDivisionError("our own slip")


def killed() -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def killed_once(mark: Path) -> bytes:
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return PAGE


def swollen() -> bytes:
    return bytes(7 << 30)


def hanging() -> bytes:
    signal.pause()
    return b""


def test_outcomes_come_in_the_order_of_the_sources_whatever_befalls_some(tmp_path: Path) -> None:
    loads = [page, absent, broken, killed, partial(killed_once, tmp_path / "mark"), hanging, page, swollen]
    sources = [Source(number, load) for number, load in enumerate(loads)]
    outcomes = list(read_all(sources, processes=3, timeout_seconds=3, method="fork"))
    assert [o.key for o in outcomes] == list(range(8))
    faults = [o.fault for o in outcomes]
    assert faults == [
        "",
        "no such file or directory",
        "the reader failed: ZeroDivisionError: our own slip",
        "the reader ended with exit status -9, twice",
        "",
        "reading took longer than 3 seconds",
        "",
        "the reader failed: MemoryError: ",
    ]
    assert [o.loaded for o in outcomes] == [True, False, True, True, True, True, True, True]
    assert [len(o.reports) for o in outcomes] == [1, 0, 0, 0, 1, 0, 1, 0]


def test_outcomes_may_come_as_they_are_finished() -> None:
    sources = [Source(0, hanging), *(Source(n, page) for n in range(1, 30))]
    outcomes = [o.key for o in read_all(sources, processes=2, timeout_seconds=1, method="fork", ordered=False)]
    assert outcomes[-1] == 0 and sorted(outcomes) == list(range(30))


def test_spawned_readers_read_too() -> None:
    (outcome,) = read_all([Source("a", page)], processes=1)
    assert outcome.reports[0].report_year == 2023


def test_stopping_early_ends_the_processes() -> None:
    outcomes = read_all((Source(n, page) for n in range(10_000)), processes=2, method="fork")
    next(outcomes)
    assert len(multiprocessing.active_children()) == 2
    outcomes.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_no_sources_start_no_process(method: str) -> None:
    assert list(read_all([], method=method)) == []  # type: ignore[arg-type]
