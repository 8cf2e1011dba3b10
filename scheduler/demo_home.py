"""The demo's home: made fresh, with the registry rows of its bodies and columns and the settings it needs."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from registry.fields import BODIES as BODIES_FILE
from registry.fields import COLUMNS as COLUMNS_FILE
from registry.fields import DIVISIONS as DIVISIONS_FILE
from registry.fields import EXEMPTIONS as EXEMPTIONS_FILE
from registry.fields import FIELDS
from registry.loader import load
from samples.portal_shapes import SHAPES
from samples.portals import PortalServer
from samples.season import Season
from samples.season_plan import (
    BODIES,
    DIVISIONS,
    EXEMPTIONS,
    PORTALS,
    REAL_BODIES,
    REAL_KIND_NOTE,
    REAL_KINDS,
    REAL_NOTE,
    DemoBody,
    DemoPortal,
)
from scheduler.model import SchedulerError
from scheduler.settings import FILE_NAME

MARK = "DEMO.txt"
LOCK = "demo.lock"
DELAY_SECONDS = 0.01  # all portals are ours and on this machine; a real portal gets the settings' 2 seconds
NOTE = """This folder was made by `ogiwatch demo` and is made anew by every `ogiwatch demo` on it.

Everything of 示例市, 青石区 and 白河县 is invented. Five reports are real in their figures, titles and days; their
prose is ours, and the portals that publish them are local copies. Nothing here was fetched from a real portal.
"""


def make_room(path: Path) -> None:
    """Make the folder, or empty it if an earlier demo made it. Raises SchedulerError for any other folder with
    something in it, which is left as it is.
    """
    if path.exists() and not path.is_dir():
        raise SchedulerError(f"{path}: expected a folder for the demo, found a file")
    if path.exists() and any(path.iterdir()) and not (path / MARK).is_file():
        raise SchedulerError(f"{path}: is not a demo's home and is left alone; name another folder with --home")
    path.mkdir(parents=True, exist_ok=True)
    (path / MARK).write_text(NOTE, encoding="utf-8")


def empty(path: Path) -> None:
    """Remove what an earlier demo left in its home (the caller holds the lock)."""
    for child in path.iterdir():
        if child.name in (MARK, LOCK):
            continue
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        else:
            child.unlink()


def write_registry(folder: Path, season: Season, server: PortalServer) -> None:
    """The rows of the demo's bodies and columns; the columns are marked verified, for we made them ourselves."""
    folder.mkdir(parents=True)
    _write(folder, DIVISIONS_FILE, ({"code": c, "name": n, "parent": p} for c, n, p in DIVISIONS))
    _write(folder, BODIES_FILE, map(_body_row, (*BODIES, *_real_bodies())))
    _write(folder, COLUMNS_FILE, (_column_row(plan, server.column_url(season.portals[plan.id])) for plan in PORTALS))
    _write(
        folder,
        EXEMPTIONS_FILE,
        ({"body": b, "report_year": str(y), "reason": r, "source": s} for b, y, r, s in EXEMPTIONS),
    )


def write_settings(path: Path, port: int) -> None:
    """The settings that differ from the defaults; `port` is the site's."""
    watched = json.dumps([*(body.id for body in BODIES), *REAL_BODIES.values()], indent=2)
    text = f"""# Settings of the demo: only its own bodies, only this machine.
[watch]
bodies = {watched}

[crawl]
contact = "demo@demo.invalid"
delay_seconds = {DELAY_SECONDS}  # the portals are ours; the default for real ones is 2.0
timeout_seconds = 10.0
allow_private = true  # the portals are on loopback

[reading]
processes = 1  # a handful of documents a day: a second process would cost more than it reads

[alerts]
sender = "ogiwatch@demo.invalid"

[site]
port = {port}
"""
    (path / FILE_NAME).write_text(text, encoding="utf-8")


def _real_bodies() -> Iterable[DemoBody]:
    """The shipped rows of the five real bodies with a note that says what is real here; one has another kind."""
    shipped = load().bodies
    for body in (shipped[key] for key in REAL_BODIES.values()):
        yield DemoBody(
            body.id,
            body.name,
            REAL_KINDS.get(body.id, body.kind.value),
            body.level.value,
            body.division,
            held=(),
            aliases=body.aliases,
            note=f"{REAL_KIND_NOTE if body.id in REAL_KINDS else ''}{REAL_NOTE}",
        )


def _body_row(body: DemoBody) -> Mapping[str, str]:
    return {
        "id": body.id,
        "name": body.name,
        "kind": body.kind,
        "level": body.level,
        "division": body.division,
        "aliases": "|".join(body.aliases),
        "exists_from": body.exists_from.isoformat() if body.exists_from else "",
        "exists_to": body.exists_to.isoformat() if body.exists_to else "",
        "successor": body.successor,
        "note": body.note or "虚构机关，仅供演示。An invented body, for the demo only.",
    }


def _column_row(plan: DemoPortal, url: str) -> Mapping[str, str]:
    first, last = plan.years or ("", "")
    return {
        "id": plan.id,
        "url": url,
        "bodies": "|".join(plan.bodies),
        "family": SHAPES[plan.shape].family,
        "verified": "verified",
        "basis": "seen",
        "title": plan.title,
        "years_from": str(first),
        "years_to": str(last),
    }


def _write(folder: Path, name: str, rows: Iterable[Mapping[str, str]]) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS[name], restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
