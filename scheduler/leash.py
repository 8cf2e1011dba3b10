"""`python -m scheduler.leash MODULE [ARGUMENT...]`: run a module that must not outlive the process that started it.

Standard input is the leash: when its other end closes, because the parent died or let go, the module is asked to
stop (SIGTERM) and ended after a few seconds. A crawl left over from a killed service would otherwise go on visiting
hosts beside the next one.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

GRACE_SECONDS = 5.0


def _hold() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def main() -> None:
    """Hold the leash in a thread and run the module named first as `__main__` with the other arguments."""
    threading.Thread(target=_hold, daemon=True).start()
    module = sys.argv[1]
    sys.argv = [module, *sys.argv[2:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
