"""Plain values of the scheduler, and its one exception."""

from __future__ import annotations


class SchedulerError(ValueError):
    """A setting, argument or state that cannot be used; the message says what was expected and where."""
