"""The exceptions of this room."""

from __future__ import annotations


class DatabaseError(RuntimeError):
    """The database cannot be used as asked; one line that says where and what was expected."""


class ArchiveError(DatabaseError):
    """The archive cannot keep or give back some bytes; one line that says which and why."""
