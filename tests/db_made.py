"""Values made for the tests of the database room: a small registry, documents, reports drawn at random."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from db.connection import open_database
from db.crawl_rows import store_document
from db.registry_rows import store_registry
from db.tables import FIGURE_TABLES
from parsers.model import (
    Figure,
    FoundDay,
    Generation,
    Place,
    Problem,
    Report,
    Responsibility,
    Section,
    State,
    Statement,
)
from registry.model import Body, Certainty, Column, Duty, Kind, Level, Registry, Verification

NOW = datetime(2025, 2, 1, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Given:
    """An attribution as the monitor gives it."""

    body: str | None
    report_year: int | None
    reason: str = "publisher"
    candidates: tuple[tuple[str, int], ...] = ()


def body(id_: str = "b1", **more) -> Body:
    values = {"name": f"某市{id_}局", "kind": Kind.DEPARTMENT, "level": Level.COUNTY, "division": "110108"} | more
    return Body(id=id_, **values)


def registry() -> Registry:
    return Registry(
        bodies={
            "b1": body("b1", aliases=("甲局",), exists_from=date(2000, 1, 1)),
            "b2": body("b2", parent="b1", division="310104", note="搬过"),
        },
        columns={
            "c1": Column("c1", "http://a.gov.cn/ndbg/", ("b1", "b2"), "trs", Verification.VERIFIED, delay_seconds=1.5),
            "c2": Column("c2", "http://b.gov.cn/2020/", ("b2",), "generic", years_from=2020, years_to=2020),
        },
        duties=(
            Duty("d1", (Kind.DEPARTMENT, Kind.CENTRAL), 2019, None, (1, 31), Certainty.LAW, "第四十九条", "art. 49"),
        ),
    )


def filled(home: Path):
    db = open_database(home)
    store_registry(db, registry())
    return db


def document(db, n: int = 1, *, at: datetime = NOW, url: str | None = None, sha256: str | None = None, **more) -> int:
    return store_document(
        db,
        url=url or f"http://a.gov.cn/{n}.html",
        sha256=sha256 or f"{n:064x}",
        bytes=10,
        purpose="article",
        seen_at=at,
        column_id="c1",
        **more,
    )


def figure(table="requests", row="received", column="total", raw="3", value=3, state=State.NUMBER, **more) -> Figure:
    return Figure(table, row, column, raw, value, state, **more)


def report(*figures: Figure, text: str = "本年受理申请3件。", **more) -> Report:
    values = {
        "publisher": "某市b1局",
        "report_year": 2024,
        "title": "某市b1局2024年政府信息公开工作年度报告",
        "published_on": date(2025, 1, 20),
        "published_on_source": "date_line",
        "forms": {"requests": Generation.FORM_2021},
        "figures": figures,
        "sections": (Section(1, "一、总体情况", text),),
        "statements": (),
        "problems": (),
        "days": (FoundDay(date(2025, 1, 20), "date_line", "发布时间", "2025-01-20", True),),
    } | more
    return Report(**values)


def later(**distance) -> datetime:
    return NOW + timedelta(**distance)


_texts = st.text(max_size=40)
_codes = st.text("abcdefgh_.", min_size=1, max_size=12)
_days = st.dates(date(2008, 1, 1), date(2030, 1, 1))
_decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**12)
_places = st.none() | st.builds(
    Place,
    grid=st.none() | st.integers(0, 9),
    row=st.none() | st.integers(0, 99),
    start=st.integers(0, 10**6),
    box=st.none() | st.tuples(*[st.floats(0, 1000, width=32)] * 4),
)


@st.composite
def _cells(draw, table: str, row: str, column: str) -> Figure:
    if draw(st.booleans()):
        value = draw(st.integers(-(10**6), 10**6))
        return Figure(table, row, column, str(value), value, State.NUMBER)
    state = draw(st.sampled_from(State))
    value = draw(st.integers(-(2**70), 2**70) | _decimals) if state is State.NUMBER else None
    raw = draw(_texts | st.just(str(value)))
    confidence = draw(st.sampled_from([1.0, 0.5]))
    return Figure(table, row, column, raw, value, state, confidence, draw(_places))


@st.composite
def reports(draw, part=None) -> Report:
    figures = []
    for table, (_, columns) in FIGURE_TABLES.items():
        for row in draw(st.lists(_codes, unique=True, max_size=3)):
            for column in draw(st.lists(st.sampled_from(columns), unique=True, max_size=4)):
                figures.append(draw(_cells(table, row, column)))
    return Report(
        publisher=draw(st.none() | _texts),
        report_year=draw(st.none() | st.integers(2000, 2030)),
        title=draw(st.none() | _texts),
        published_on=draw(st.none() | _days),
        published_on_source=draw(st.sampled_from([None, "date_line", "signature"])),
        forms=draw(st.dictionaries(st.sampled_from(list(FIGURE_TABLES)), st.sampled_from(Generation), max_size=3)),
        figures=tuple(figures),
        sections=tuple(draw(st.lists(st.builds(Section, st.none() | st.integers(0, 9), _texts, _texts), max_size=3))),
        statements=tuple(
            draw(
                st.lists(
                    st.builds(
                        Statement,
                        what=_codes,
                        value=st.integers(-(2**66), 2**66) | _decimals,
                        unit=st.sampled_from(["件", "percent"]),
                        section=st.integers(0, 6),
                        start=st.integers(0, 999),
                        end=st.integers(0, 999),
                        sentence=_texts,
                        of=st.none() | _codes,
                        year=st.none() | st.integers(2008, 2030),
                    ),
                    max_size=3,
                )
            )
        ),
        problems=tuple(
            draw(st.lists(st.builds(Problem, _codes, _texts, _texts, st.sampled_from(Responsibility)), max_size=2))
        ),
        days=tuple(
            draw(st.lists(st.builds(FoundDay, _days, st.just("metadata"), _texts, _texts, st.booleans()), max_size=3))
        ),
        preamble=draw(_texts),
        part=part,
    )


EXACT = Decimal("22010.3538")
