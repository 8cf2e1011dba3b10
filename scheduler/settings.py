"""`settings.toml` in the home: every setting with its default, unit and reason; strict about names and types.

The file lists only what differs from the defaults below. `python -m scheduler.settings` prints all of them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from monitor.model import Thresholds
from scheduler.model import SchedulerError

if TYPE_CHECKING:
    from monitor.rules import Switch

FILE_NAME = "settings.toml"


def _setting(default: Any, unit: str, reason: str, low: float | None = None, high: float | None = None) -> Any:
    return field(default=default, metadata={"unit": unit, "reason": reason, "low": low, "high": high})


@dataclass(frozen=True, slots=True)
class Watch:
    """Whom this installation watches. Both empty: every body of the registry."""

    divisions: tuple[str, ...] = _setting(
        (), "GB/T 2260 codes", "visit and judge the bodies of these divisions and all below them"
    )
    bodies: tuple[str, ...] = _setting((), "ids of bodies", "and these, wherever they are")


@dataclass(frozen=True, slots=True)
class Crawl:
    """How portals are visited."""

    contact: str = _setting(
        "", "mail address or URL", "named in the user agent, so that a portal's operator can reach us; set it first"
    )
    user_agent: str = _setting("", "text", "empty: ogiwatch/<version> with the contact; a name of your own replaces it")
    delay_seconds: float = _setting(
        2.0, "seconds", "between two requests to one host; portals of small towns run on small machines", 0, 600
    )
    timeout_seconds: float = _setting(30.0, "seconds", "for one answer; slow portals are common, hung ones too", 1, 600)
    max_document_mb: int = _setting(50, "megabytes", "a longer body is cut off and said to be too large", 1, 1000)
    hour: int = _setting(
        2, "hour of the day, Asia/Shanghai", "the nightly round starts when portals are least used", 0, 23
    )
    season_before_days: int = _setting(
        7, "days", "columns are visited daily from this long before a due day, when most reports appear", 0, 60
    )
    season_after_days: int = _setting(
        21, "days", "and until this long after it: the proof of absence needs looks on several days", 0, 120
    )
    batch_hosts: int = _setting(
        500, "hosts", "one child process visits this many hosts at once; a start costs over a second of CPU", 1, 5000
    )
    batch_minutes: int = _setting(
        120, "minutes", "a child that takes longer is stopped and its run marked failed", 1, 1440
    )
    allow_private: bool = _setting(
        False, "true or false", "visit loopback and private addresses: for the demo and tests only, never on a server"
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """How archived documents are read."""

    processes: int = _setting(0, "processes", "0: one for each core", 0, 256)
    timeout_seconds: float = _setting(
        120.0, "seconds", "for one document; one that takes longer is marked unreadable and the rest goes on", 1, 3600
    )


@dataclass(frozen=True, slots=True)
class Alerts:
    """How events reach subscribers."""

    sender: str = _setting("", "mail address", "the From of mails; empty: the user of the SMTP server below")
    smtp: str = _setting(
        "",
        "apprise address such as mailtos://user:password@smtp.example.org:587",
        "the server through which subscribers given as a bare mail address are reached",
    )
    every_minutes: int = _setting(10, "minutes", "how often `run` looks whether something waits to be sent", 1, 1440)


@dataclass(frozen=True, slots=True)
class Site:
    """Where the site listens and what it calls itself."""

    host: str = _setting("127.0.0.1", "address", "only this machine; a server behind a proxy keeps it so")
    port: int = _setting(8001, "port", "0: any free one", 0, 65535)
    base_url: str = _setting("", "URL", "the public address, used for links in messages; empty: http://host:port")


@dataclass(frozen=True, slots=True)
class Rules:
    """Which rules are published, where that differs from the catalogue (`ogiwatch rules` shows both)."""

    states: Mapping[str, Switch] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """How evidence is made fit to be shown."""

    timestamp_command: str = _setting(
        "",
        "command line",
        "run in the folder after `ogiwatch evidence` has written it, {manifest} standing for the file of hashes; for "
        "an RFC 3161 stamp, a script that asks an authority for one with `openssl ts -query -data {manifest}`",
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; `judging` holds the thresholds of the proof of absence (domain section 1)."""

    watch: Watch = field(default_factory=Watch)
    crawl: Crawl = field(default_factory=Crawl)
    reading: Reading = field(default_factory=Reading)
    judging: Thresholds = field(default_factory=Thresholds)
    rules: Rules = field(default_factory=Rules)
    alerts: Alerts = field(default_factory=Alerts)
    site: Site = field(default_factory=Site)
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def site_url(self) -> str:
        """The address that messages link to, without a slash at its end."""
        return (self.site.base_url or f"http://{self.site.host}:{self.site.port}").rstrip("/")


_JUDGING: Mapping[str, tuple[str, str]] = {
    "grace_days": ("days", "after the due day before absence is weighed; days on which we did not look do not count"),
    "absent_looks": ("looks", "how many looks must say `absent` before a body is called missing"),
    "absent_days": ("days", "on how many different days in Shanghai those looks must have been"),
    "absent_hours": ("hours", "from the first to the last of those looks"),
    "freshness_hours": ("hours", "how old the last look may be when `missing` is first given"),
    "withdrawn_looks": ("looks", "complete looks without the report before it counts as withdrawn"),
    "withdrawn_days": ("days", "from the first to the last of those looks"),
    "implausible_after_due_days": ("days", "a printed day later than this after the due day is taken for a migration"),
    "back_dated_days": ("days", "a printed day must lie more than this before the second absent look to be back-dated"),
    "column_interval_days": ("days", "how often a column is visited that names no interval of its own"),
}


@dataclass(frozen=True, slots=True)
class Described:
    """One setting with all that a person needs to change it."""

    section: str
    name: str
    default: Any
    unit: str
    reason: str
    low: float | None = None
    high: float | None = None


def described() -> Iterator[Described]:
    """Every setting in the order of the file."""
    for section in fields(Settings):
        kind = get_type_hints(Settings)[section.name]
        if kind is Rules:
            continue  # its names are ids of rules
        for item in fields(kind):
            if kind is Thresholds:
                unit, reason = _JUDGING[item.name]
                yield Described(section.name, item.name, item.default, unit, reason, 1, 10_000)
            else:
                yield Described(section.name, item.name, item.default, **item.metadata)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def default_text() -> str:
    """The text of a settings file in which every default stands as a comment, for `ogiwatch init`."""
    lines = ["# Settings of OGI Watch. Uncomment and change what differs; everything else keeps its default.", ""]
    section = ""
    for item in described():
        if item.section != section:
            section = item.section
            lines += ([""] if len(lines) > 2 else []) + [f"[{section}]"]
        lines += [f"# {item.reason}", f"# {item.name} = {_toml(item.default)}  # {item.unit}"]
    lines += ["", "[rules]", "# what a rule finds is published and alerted (on), or shown to operators only (shadow);"]
    lines += ["# a number switches on that version alone: a later one is in shadow until you have looked at it"]
    lines += ['# "plausibility.jump" = "on"  # ids as `ogiwatch rules` lists them, those of statuses left out']
    return "\n".join(lines) + "\n"


def load(home: Path) -> Settings:
    """Read the home's settings file over the defaults; raises SchedulerError naming file, line, setting and what
    was expected. A home without the file has the defaults.
    """
    path = home / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError as error:
        raise SchedulerError(f"{path}: expected UTF-8 text: {error.reason} at byte {error.start}") from None
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SchedulerError(f"{path}: not valid TOML: {error}") from None
    return _Loader(path, text).settings(raw)


_WORDS: Mapping[Any, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "text in quotes"}


def _of_kind(hint: Any, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return float(value) if hint is float else value


@dataclass(frozen=True, slots=True)
class _Loader:
    """Turns the parsed file into Settings, and finds the line to name when it cannot."""

    path: Path
    text: str

    def settings(self, raw: Mapping[str, Any]) -> Settings:
        sections = {item.name: get_type_hints(Settings)[item.name] for item in fields(Settings)}
        chosen: dict[str, Any] = {}
        for name, values in raw.items():
            if name not in sections:
                raise self.fault("", name, f"no such section; there are {', '.join(sections)}")
            if not isinstance(values, dict):
                raise self.fault("", name, f"expected a section [{name}]")
            rules = sections[name] is Rules
            chosen[name] = Rules(dict(self.rules(values))) if rules else self.section(name, sections[name], values)
        return Settings(**chosen)

    def rules(self, raw: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Switch]]:
        """Ids with and without quotes: TOML takes the dot of a bare one for a table of its own."""
        from monitor.rules import SWITCHABLE, Switch, rule  # the whole catalogue: not for every start of a command

        for part, value in raw.items():
            name = f"{before}{part}"
            if isinstance(value, dict):
                yield from self.rules(value, f"{name}.")
            elif name not in SWITCHABLE:
                raise self.fault("rules", name, "no such rule to switch; `ogiwatch rules` lists them")
            elif type(value) is int:
                yield name, Switch.ON if value == rule(name).version else Switch.SHADOW
            elif value not in tuple(Switch):
                raise self.fault("rules", name, f'expected "on", "shadow" or the version switched on, got {value!r}')
            else:
                yield name, Switch(value)

    def section(self, section: str, kind: Any, raw: Mapping[str, Any]) -> Any:
        known = {item.name: item for item in described() if item.section == section}
        items: dict[str, Field[Any]] = {item.name: item for item in fields(kind)}
        hints = get_type_hints(kind)
        for name, value in raw.items():
            if name not in items:
                raise self.fault(section, name, f"no such setting; there are {', '.join(items)}")
            self.check(known[name], hints[name], value)
        return kind(**{name: _of_kind(hints[name], value) for name, value in raw.items()})

    def check(self, item: Described, hint: Any, value: Any) -> None:
        if hint not in _WORDS:
            fits, words = isinstance(value, list) and all(isinstance(part, str) for part in value), "a list of texts"
        else:
            fits, words = type(value) is hint or (hint is float and type(value) is int), _WORDS[hint]
        if not fits:
            raise self.fault(item.section, item.name, f"expected {words} ({item.unit}), got {value!r}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            return
        if (item.low is not None and not value >= item.low) or (item.high is not None and not value <= item.high):
            raise self.fault(
                item.section, item.name, f"expected {item.low:g} to {item.high:g} ({item.unit}), got {value!r}"
            )

    def fault(self, section: str, name: str, expected: str) -> SchedulerError:
        """The error for one name, with the line it stands on where that can be told."""
        inside = not section
        for number, line in enumerate(self.text.splitlines(), start=1):
            if header := re.match(r"\s*\[\s*([^\]\s]+)\s*\]", line):
                inside = header[1] == section or (not section and header[1] == name)
                if not section and header[1] == name:
                    return SchedulerError(f"{self.path}:{number}: {name}: {expected}")
            elif inside and re.match(rf"\s*\"?{re.escape(name)}\"?\s*[=.]", line):
                return SchedulerError(f"{self.path}:{number}: {name}: {expected}")
        label = f"{section}.{name}" if section else name
        return SchedulerError(f"{self.path}: {label}: {expected}")


if __name__ == "__main__":
    print(default_text(), end="")
