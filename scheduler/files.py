"""Reading files that a person names: no home, no database, no registry."""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from parsers.model import Report
from scheduler.output import complain
from scheduler.readers import Source, read_all


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file that could be opened: its name as given, the sha256 of its bytes and the reports in it."""

    file: str
    document: str
    reports: tuple[Report, ...]


class FilesRead:
    """The files of one command, read in several processes; `faults` counts those that could not be."""

    def __init__(self, files: Sequence[str], url: str = "") -> None:
        self.files = files
        self.url = url
        self.faults = 0

    def __iter__(self) -> Iterator[FileRead]:
        """Read the files in their order; one that cannot be read is named on standard error and left out."""
        # No threads and no database here, so that the processes may be forked, which saves their start.
        processes = max(1, min(len(self.files), os.cpu_count() or 1))
        for outcome in read_all(self._sources(), processes, method="fork"):
            if outcome.fault:
                self.fault(outcome.key[0], outcome.fault)
            else:
                yield FileRead(*outcome.key, outcome.reports)

    def _sources(self) -> Iterator[Source[tuple[str, str]]]:
        for file in self.files:
            try:
                data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
            except OSError as error:
                self.fault(file, (error.strerror or str(error)).lower())
                continue
            document = hashlib.sha256(data).hexdigest()
            yield Source((file, document), functools.partial(bytes, data), name=Path(file).name, url=self.url)

    def fault(self, file: str, reason: str) -> None:
        """Say that a file could not be read, and remember it for the exit status."""
        self.faults += 1
        complain(f"{file}: {reason}")
