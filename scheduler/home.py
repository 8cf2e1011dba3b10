"""The home folder of one installation, and what a command needs from it, opened only when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from filelock import FileLock, Timeout
from sqlite_utils import Database

from db.connection import open_database
from registry.duties import stem
from registry.loader import load as load_registry
from registry.model import Body, Registry
from scheduler import settings
from scheduler.clock import Clock
from scheduler.model import SchedulerError


@dataclass
class Home:
    """Where everything of one installation lives. Made by the command line, handed to every command and job."""

    path: Path
    clock: Clock = field(default_factory=Clock)

    @cached_property
    def settings(self) -> settings.Settings:
        """The settings of this home; raises SchedulerError."""
        return settings.load(self.path)

    @property
    def registry_folder(self) -> Path | None:
        """The home's own registry rows, None if it has none."""
        folder = self.path / "registry"
        return folder if folder.is_dir() else None

    @property
    def registry(self) -> Registry:
        """The registry as it is on disk now, shipped rows and the home's; raises RegistryError."""
        return load_registry(self.registry_folder)

    def watched(self, registry: Registry) -> list[Body]:
        """The bodies of the registry that this home watches (settings: watch), in the registry's order.

        Raises SchedulerError for a setting that names a body nobody knows.
        """
        watch = self.settings.watch
        if unknown := [body for body in watch.bodies if body not in registry.bodies]:
            raise SchedulerError(f"{self.path}/settings.toml: watch.bodies: no body {unknown[0]} in the registry")
        if not watch.divisions and not watch.bodies:
            return list(registry.bodies.values())
        stems = tuple(stem(code) for code in watch.divisions)
        return [b for b in registry.bodies.values() if b.id in watch.bodies or (stems and b.division.startswith(stems))]

    def open(self, *, create: bool = True, read_only: bool = False) -> Database:
        """The database of this home; close it. Raises DatabaseError."""
        return open_database(self.path, create=create, read_only=read_only)

    @property
    def exists(self) -> bool:
        """True if a command has made this home before."""
        return (self.path / "ogiwatch.db").exists()

    def make(self) -> None:
        """Create the folder if need be; raises SchedulerError if something else stands there."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise SchedulerError(f"{self.path}: expected a folder for the home, found a file") from None

    @contextmanager
    def lock(self, name: str, wait_seconds: float, taken: str) -> Iterator[None]:
        """Hold `<home>/<name>.lock`; the system frees it when the process dies, however it dies.

        Raises SchedulerError with `taken` if another process still holds it after `wait_seconds`.
        """
        self.make()
        lock = FileLock(self.path / f"{name}.lock")
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise SchedulerError(f"{self.path}: {taken}") from None
        try:
            yield
        finally:
            lock.release()
