"""Builders for what the monitor judges: registries, looks, holdings. Times are Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from monitor.model import Holding, Obligation
from monitor.obligations import judge
from parsers.model import FoundDay
from registry.model import (
    SHANGHAI,
    Body,
    Certainty,
    Column,
    Duty,
    Entry,
    Exemption,
    GoneEntry,
    Kind,
    Level,
    Look,
    LookResult,
    Registry,
    Verification,
)
from registry.names import NameIndex

HOST = "http://www.example.gov.cn"
YEAR = 2025  # the report year of most scenarios: due 31 January 2026
LAW = Duty(
    "law", (Kind.CENTRAL, Kind.DEPARTMENT), 2019, None, (1, 31), Certainty.LAW, "条例第49条第一款", "art. 49 para. 1"
)
LAW_GOVERNMENT = Duty(
    "law2", (Kind.GOVERNMENT,), 2019, None, (3, 31), Certainty.LAW, "条例第四十九条第二款", "art. 49 para. 2"
)
PRACTICE = Duty(
    "practice", (Kind.TOWNSHIP,), 2019, None, (1, 31), Certainty.LOCAL_PRACTICE, "地方惯例", "local practice"
)
NAMES = {"fin": "北京市西城区财政局", "edu": "北京市西城区教育局", "civ": "北京市西城区民政局"}


def at(text: str, year: int = 2026) -> datetime:
    """"02-03" or "02-03 10:00" of 2026, or a whole day with its year; noon if no time is given."""
    day, _, clock = text.partition(" ")
    day = day if len(day) > 5 else f"{year}-{day}"
    return datetime.fromisoformat(f"{day}T{clock or '12:00'}:00").replace(tzinfo=SHANGHAI)


def body(id: str, kind: Kind = Kind.DEPARTMENT, **more: object) -> Body:
    return Body(id, NAMES.get(id, id), kind, Level.COUNTY, "110102", **more)  # type: ignore[arg-type]


def column(id: str = "col", bodies: Iterable[str] = ("fin", "edu"), **more: object) -> Column:
    values = {"verified": Verification.VERIFIED, "interval_days": 7, "title": "年报", **more}
    return Column(id, f"{HOST}/{id}/", tuple(bodies), "generic", **values)  # type: ignore[arg-type]


def registry(
    *bodies: Body,
    columns: Iterable[Column] = (),
    duties: Iterable[Duty] = (LAW, LAW_GOVERNMENT, PRACTICE),
    exemptions: Iterable[Exemption] = (),
) -> Registry:
    made = bodies or (body("fin"), body("edu"))
    cols = tuple(columns) or (column(bodies=[b.id for b in made]),)
    return Registry({b.id: b for b in made}, {c.id: c for c in cols}, tuple(duties), tuple(exemptions))


def address(body: str, year: int, tag: str = "", col: str = "col") -> str:
    return f"{HOST}/{col}/{body}-{year}{tag}.html"


def entry(body: str, year: int | None, tag: str = "", *, title: str | None = None, url: str = "") -> Entry:
    said = title if title is not None else f"{NAMES.get(body, body)}{year}年政府信息公开工作年度报告"
    return Entry(url or address(body, year or 0, tag), said)


def look(
    when: str,
    entries: Iterable[Entry] = (),
    *,
    col: str = "col",
    result: LookResult = LookResult.COMPLETE,
    id: int = 0,
    gone: Iterable[GoneEntry] = (),
) -> Look:
    start = at(when)
    return Look(col, start, start + timedelta(minutes=2), result, entries=tuple(entries), gone=tuple(gone), id=id)


def numbered(looks: Iterable[Look]) -> tuple[Look, ...]:
    ordered = sorted(looks, key=lambda v: v.started_at)
    return tuple(replace(v, id=v.id or i) for i, v in enumerate(ordered, 1))


def daily(first: str, last: str, entries: Iterable[Entry], **more: object) -> list[Look]:
    """One look a day at noon, from one day of 2026 to another."""
    day, end, lines = at(first).date(), at(last).date(), tuple(entries)
    made = []
    while day <= end:
        made.append(look(day.isoformat(), lines, **more))  # type: ignore[arg-type]
        day += timedelta(days=1)
    return made


def holding(body: str, year: int, seen: str, *, days: Iterable[FoundDay] = (), **more: object) -> Holding:
    url = str(more.pop("url", "")) or address(body, year)
    return Holding(body, year, url, f"sha-{body}-{year}", at(seen), tuple(days), **more)  # type: ignore[arg-type]


def printed(day: str, source: str = "date_line", label: str = "发布时间", publication: bool = True) -> FoundDay:
    return FoundDay(date.fromisoformat(day), source, label, day, publication)


def names(of: Registry) -> NameIndex:
    return NameIndex(of)


def having(**given: object) -> dict[str, object]:
    """What a scenario holds that is not the rule."""
    return given


LAST_YEAR = [entry("fin", 2024), entry("edu", 2024)]
OTHERS = [*LAST_YEAR, entry("edu", YEAR)]  # the other body's report of the year: the positive control
HELD = [holding("fin", 2024, "01-10"), holding("edu", 2024, "01-10"), holding("edu", YEAR, "01-20")]
BEFORE = [look("01-10", LAST_YEAR), look("01-20", OTHERS)]
PROOF = [*BEFORE, *daily("02-01", "02-08", OTHERS)]
NOW = "02-08 13:00"


def status(looks=PROOF, held=HELD, now=NOW, of=None, year=YEAR, who="fin", **more) -> Obligation:
    rows = of or registry()
    return judge(rows.bodies[who], year, rows, numbered(looks), held, at(now), **more)


def mine(seen: str, *days, **more):
    return [*HELD, holding("fin", YEAR, seen, days=days, **more)]


SEEN = [*OTHERS, entry("fin", YEAR)]
LATE_LOOKS = [*PROOF, look("02-20", SEEN)]
EARLY_LOOKS = [*BEFORE, look("01-25", SEEN)]
