"""The rules: what is said of reports, alone and across a body's years. `CATALOGUE`, `check`. Pure; no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from monitor.model import Filing, Finding
from monitor.rules.catalogue import CATALOGUE, SWITCHABLE, rule, switched
from monitor.rules.copied import TEXT_VERSION, Likeness, Narrative, likenesses, narrative
from monitor.rules.doubt import settle_doubt
from monitor.rules.engine import History, Reading, Rule, Scope, Subject, Switch, filing_key, finding, judge_one
from monitor.rules.localise import relate
from monitor.rules.sources import settle_sources
from monitor.sources import united
from registry.kinds import fold, kind_from_name
from registry.model import Registry

__all__ = [
    "CATALOGUE",
    "TEXT_VERSION",
    "Likeness",
    "Narrative",
    "SWITCHABLE",
    "Rule",
    "Scope",
    "Switch",
    "check",
    "current_filings",
    "filing_key",
    "likenesses",
    "narratives",
    "rule",
    "switched",
]


def narratives(filings: Sequence[Filing]) -> list[Narrative]:
    """The texts to compare of some bodies' filings, the last version of each year; packed, for `likenesses`."""
    found = []
    for key, group in _groups(filings).items():
        for reading in _history([_reading(key, filing) for filing in group], None).current.values():
            text = narrative(reading) if reading.report.is_report else None
            if text is not None:
                found.append(text)
    return found


def current_filings(filings: Sequence[Filing]) -> dict[tuple[str, int], Filing]:
    """The filing of each (body, report year) that is judged across years and shown as the report; bodies named only."""
    found = {}
    for key, group in _groups(filings).items():
        for year, reading in _history([_reading(key, filing) for filing in group], None).current.items():
            if reading.filing.body is not None:
                found[reading.filing.body, year] = reading.filing
    return found


def check(
    filings: Sequence[Filing],
    *,
    superseded: bool = False,
    registry: Registry | None = None,
    copies: Mapping[str, tuple[Likeness, ...]] | None = None,
    rules: Iterable[Rule] = CATALOGUE,
) -> list[Finding]:
    """Every outcome of every rule over the filings of any number of bodies, all outcomes.

    Filings are one body's if `body` is equal, or, without a body, if the folded `name` (else the printed publisher)
    is. What a year's addresses give now (the last version, of files alone) is judged across years; other versions are
    judged by the report-scope rules only with `superseded` (a command over files wants that; a database, which keeps
    one state an id, does not).
    `copies` is what `likenesses` said of the texts of all bodies, for judging in batches; None compares the filings
    given among themselves.
    `registry` adds what only it knows: level, division, mergers. Rules in `shadow` are computed too: look up
    `rule(finding.rule).state` before publishing. Ids are unique unless `superseded` is set.
    """
    chosen = tuple(rules)
    grouped = [[_reading(key, filing) for filing in group] for key, group in _groups(filings).items()]
    taken_in = _taken_in(registry)
    histories = [_history(readings, registry, taken_in) for readings in grouped]
    if copies is None and any(r.scope is Scope.BODIES for r in chosen):
        current = (reading for history in histories for reading in history.current.values())
        texts = [text for reading in current if (text := narrative(reading)) is not None]
        copies = likenesses(texts) if len(texts) > 1 else {}
    found: list[Finding] = []
    for readings, history in zip(grouped, histories, strict=True):
        for reading in readings:
            if history.current[reading.year] is reading:
                subject = Subject(reading, history, (copies or {}).get(filing_key(reading.filing)))
                found += _judge(subject, chosen, True)
            elif superseded:
                found += _judge(Subject(reading, history), chosen, False)
    return found


def _judge(subject: Subject, rules: Sequence[Rule], current: bool) -> list[Finding]:
    reading = subject.reading
    if not reading.report.is_report:
        return []
    scopes = (Scope.REPORT, Scope.YEARS, Scope.BODIES, Scope.TIME) if current else (Scope.REPORT, Scope.TIME)
    judged = [
        (r, settle_sources(r, subject, settle_doubt(subject, v)))
        for r in rules
        if r.scope in scopes
        for v in judge_one(r, subject)
    ]
    return [finding(r, reading, verdict) for r, verdict in relate(reading, judged)]


def _groups(filings: Sequence[Filing]) -> dict[str, list[Filing]]:
    """The filings of each body, in the order of year, version and first sighting; sources of one report are one."""
    groups: dict[str, list[Filing]] = {}
    for filing in filings:
        name = fold(filing.name or filing.report.publisher or "")
        # Two reports that name nobody are not one body's: the file tells them apart.
        groups.setdefault(filing.body or name or f"?{filing_key(filing)}", []).append(filing)
    for group in groups.values():
        group.sort(key=lambda f: (f.report_year, f.version, f.first_seen.timestamp() if f.first_seen else 0.0))
    return {key: united(group) for key, group in groups.items()}


def _reading(publisher: str, filing: Filing) -> Reading:
    kind = filing.kind
    if kind is None and filing.body is None:
        kind = kind_from_name(filing.name or filing.report.publisher or "")
    return Reading(filing, publisher, kind)


def _taken_in(registry: Registry | None) -> dict[str, set[int]]:
    """By body, the years in which another one ended and named it as its successor."""
    years: dict[str, set[int]] = {}
    for body in registry.bodies.values() if registry is not None else ():
        if body.successor and body.exists_to:
            years.setdefault(body.successor, set()).add(body.exists_to.year)
    return years


def _history(
    readings: Sequence[Reading], registry: Registry | None, taken_in: Mapping[str, set[int]] = MappingProxyType({})
) -> History:
    versions: dict[int, list[Reading]] = {}
    for reading in readings:
        versions.setdefault(reading.year, []).append(reading)
    current = {year: _standing(of_year) for year, of_year in versions.items()}
    body_id = readings[0].filing.body
    body = registry.bodies.get(body_id) if registry is not None and body_id else None
    changes = {day.year for day in (body.exists_from, body.exists_to) if day is not None} if body else set()
    return History(current, versions, body, frozenset(changes | taken_in.get(body_id or "", set())))


def _standing(readings: Sequence[Reading]) -> Reading:
    """The one reading of a year that stands: of what the addresses give now the newest content."""
    reports = [r for r in readings if r.report.is_report] or readings
    standing = [r for r in reports if r.filing.current] or reports
    if len(standing) == 1 or not all(r.filing.url for r in standing):
        return standing[-1]
    since: dict[int, float] = {}  # a mirror of an old version is not new because it came later
    for reading in readings:
        for filing in _forms(reading):
            seen = filing.first_seen.timestamp() if filing.first_seen else 0.0
            since[filing.version] = min(seen, since.get(filing.version, seen))
    return max(standing, key=lambda r: (min(since[f.version] for f in _forms(r)), r.filing.version))


def _forms(reading: Reading) -> tuple[Filing, ...]:
    """The documents in which one report is held."""
    return (reading.filing, *(source.filing for source in reading.filing.sources))
