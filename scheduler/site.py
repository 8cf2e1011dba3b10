"""The site: Datasette over the home's database, read-only, served by uvicorn."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from datasette.app import Datasette
from datasette.utils import parse_metadata

import db
from db.connection import database_path, open_database
from scheduler.home import Home
from scheduler.model import SchedulerError


def site_folder() -> Path:
    """The Datasette configuration directory: beside the rooms in a checkout, `ogiwatch_site` where installed."""
    beside = Path(db.__file__).parents[1] / "datasette"
    if (beside / "templates").is_dir():
        return beside
    import importlib.util

    spec = importlib.util.find_spec("ogiwatch_site")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        return Path(place)
    raise SchedulerError(f"{beside}: expected the site's folder here or in the package ogiwatch_site; install again")


def site_app(home: Home, *, operator: bool = False) -> Datasette:
    """The site over the home's database. Raises DatabaseError if there is no database that it can read.

    With `operator` the pages are there on which people assign documents and give verdicts, for whoever logs in with
    `login_path`; without it nothing of the site writes.
    """
    open_database(home.path, create=False, read_only=not operator).close()
    folder = site_folder()
    metadata = parse_metadata((folder / "metadata.yml").read_text(encoding="utf-8"))
    # whom to write to is what portals are told: one address for their operators and for who objects to a page
    metadata["plugins"]["site"] |= {"operator": operator, "contact": home.settings.crawl.contact}
    files = [str(database_path(home.path))]
    return Datasette(files=files, config_dir=folder, metadata=metadata, cache_headers=True)


def login_path(app: Datasette) -> str:
    """The path, with a token that works once, by which an operator logs in."""
    return f"/-/auth-token?token={app._root_token}"  # as `datasette --root` prints it; there is no public name


def bind(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything is started; raises SchedulerError if the address cannot be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        raise SchedulerError(
            f"site: cannot listen on {host}:{port}: {(error.strerror or str(error)).lower()}; "
            "choose another with --port or site.port in settings.toml"
        ) from None
    return listener


class Server(uvicorn.Server):
    """uvicorn without signal handlers of its own: the service decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def server(app: Datasette) -> Server:
    """A server for `serve(sockets=[...])`; set its `should_exit` to stop it."""
    config = uvicorn.Config(
        app.app(),
        log_level="warning",
        access_log=False,
        lifespan="off",  # Datasette starts up with its first request
        timeout_graceful_shutdown=5,  # seconds; an open page must not hold up a stop
    )
    return Server(config)
