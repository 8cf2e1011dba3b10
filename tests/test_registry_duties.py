"""Which deadline holds: the law's rows, local practice, rows of a division or a body, and kinds without any."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from registry.duties import due_on, duty_for, stem
from registry.loader import load
from registry.model import Body, Certainty, Duty, Kind, Level, Registry

SHIPPED = load()
DEPARTMENT = Body("d", "黄石市下陆区财政局", Kind.DEPARTMENT, Level.COUNTY, "420204")


def body(kind: Kind, division: str = "420204") -> Body:
    return Body("x", "x", kind, Level.COUNTY, division)


@pytest.mark.parametrize(
    ("kind", "year", "due", "certainty"),
    [
        (Kind.CENTRAL, 2008, date(2009, 3, 31), Certainty.LAW),
        (Kind.GOVERNMENT, 2018, date(2019, 3, 31), Certainty.LAW),
        (Kind.DEPARTMENT, 2018, date(2019, 3, 31), Certainty.LAW),
        (Kind.TOWNSHIP, 2018, date(2019, 3, 31), Certainty.LAW),
        (Kind.SUBDISTRICT, 2010, date(2011, 3, 31), Certainty.LAW),
        (Kind.CENTRAL, 2019, date(2020, 1, 31), Certainty.LAW),
        (Kind.DEPARTMENT, 2019, date(2020, 1, 31), Certainty.LAW),
        (Kind.DEPARTMENT, 2040, date(2041, 1, 31), Certainty.LAW),
        (Kind.GOVERNMENT, 2019, date(2020, 3, 31), Certainty.LAW),
        (Kind.TOWNSHIP, 2019, date(2020, 1, 31), Certainty.LOCAL_PRACTICE),
        (Kind.SUBDISTRICT, 2024, date(2025, 1, 31), Certainty.LOCAL_PRACTICE),
    ],
)
def test_the_rows_of_the_law(kind: Kind, year: int, due: date, certainty: Certainty) -> None:
    duty = duty_for(SHIPPED, body(kind), year)
    assert duty is not None
    assert (due_on(duty, year), duty.certainty) == (due, certainty)
    assert duty.basis_zh and duty.basis_en


@pytest.mark.parametrize("kind", [Kind.INSTITUTION, Kind.ZONE_COMMITTEE, Kind.OTHER])
@pytest.mark.parametrize("year", [2008, 2018, 2019, 2025])
def test_kinds_without_a_certain_duty_have_none(kind: Kind, year: int) -> None:
    assert duty_for(SHIPPED, body(kind), year) is None


def test_before_the_regulations_nothing_is_owed() -> None:
    assert duty_for(SHIPPED, body(Kind.GOVERNMENT), 2007) is None


def test_the_most_specific_row_wins() -> None:
    law = next(duty for duty in SHIPPED.duties if duty.id == "regulations-2019-art49-1")

    def row(name: str, **changes: object) -> Duty:
        return replace(law, id=name, certainty=Certainty.NOTICE, source="s", **changes)  # type: ignore[arg-type]

    province = row("province", divisions=("420000",), due=(1, 20))
    city = row("city", divisions=("420200", "430100"), due=(1, 15), years_from=2021)
    own = row("own", kinds=(), bodies=("d",), due=(1, 10), years_from=2022, years_to=2022)
    registry = Registry({}, {}, (*SHIPPED.duties, own, city, province))
    found = {year: duty_for(registry, DEPARTMENT, year) for year in (2020, 2021, 2022, 2023)}
    assert {year: duty and duty.id for year, duty in found.items()} == {
        2020: "province", 2021: "city", 2022: "own", 2023: "city",
    }  # fmt: skip
    elsewhere = replace(DEPARTMENT, id="e", division="370100")
    assert duty_for(registry, elsewhere, 2022) is law
    government = replace(DEPARTMENT, kind=Kind.GOVERNMENT)
    assert duty_for(registry, replace(government, id="g"), 2022) in SHIPPED.duties


def test_an_institution_may_have_a_row_of_its_own() -> None:
    own = Duty("o", (), 2020, None, (1, 31), Certainty.NOTICE, "z", "e", bodies=("x",), source="s")
    assert duty_for(Registry({}, {}, (own,)), body(Kind.INSTITUTION), 2020) is own
    assert duty_for(Registry({}, {}, (own,)), replace(body(Kind.INSTITUTION), id="y"), 2020) is None


@pytest.mark.parametrize(
    ("code", "shared"),
    [("000000", ""), ("420000", "42"), ("420200", "4202"), ("420204", "420204"), ("429004", "429004"),
     ("420204001", "420204001"), ("420204001000", "420204001"), ("100000", "10")],
)  # fmt: skip
def test_the_stem_of_a_division(code: str, shared: str) -> None:
    assert stem(code) == shared
