"""Child processes on a leash: supervised with a time-out, stopped with SIGTERM and then SIGKILL."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

STOP_SECONDS = 15.0  # between SIGTERM and SIGKILL: a crawl finishes what is in its slots


class Overdue(Exception):
    """A child took longer than it may and was stopped."""


def run_module(module: str, arguments: Sequence[str], timeout_seconds: float) -> int:
    """Run `python -m module arguments` to its end and return its exit status, negative if a signal ended it.

    Its standard error is ours. It ends when this process ends, however that ends. Raises Overdue after the
    time-out, when the child has been stopped.
    """
    command = [sys.executable, "-m", "scheduler.leash", module, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True) as child:
        try:
            return child.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            raise Overdue(f"stopped after {timeout_seconds:.0f} seconds") from None
        finally:
            stop(child)


def stop(child: subprocess.Popen[bytes]) -> None:
    """End a child that may still run: SIGTERM, then SIGKILL after a while."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
