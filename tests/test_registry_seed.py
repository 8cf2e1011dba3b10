"""The shipped registry is what the committed conversion gives, and nothing in doubt is in it."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from registry.loader import load
from registry.model import Kind

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT.parent / "shared" / "registry-seed.csv"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("convert_seed", ROOT / "scripts" / "convert_seed.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


def to_review() -> list[dict[str, str]]:
    with (ROOT / "registry" / "to_review.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not SEED.exists(), reason="the starting list is not beside the checkout")
def test_the_conversion_gives_the_shipped_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script().main(SEED, tmp_path)
    for name in ("bodies.csv", "columns.csv", "to_review.csv"):
        assert (tmp_path / name).read_bytes() == (ROOT / "registry" / name).read_bytes()
    assert capsys.readouterr().err.endswith("rows to review\n")


@pytest.mark.parametrize(
    ("url", "example", "year", "doubt"),
    [
        ("http://a.cn/nb/2022n/", "http://a.cn/nb/2022n/202302/t20230218_7.html", "2022", ""),
        ("http://a.cn/2022n/2021qzfbm/", "http://a.cn/2022n/2021qzfbm/202301/t20230118_9.html", "", "2021 and 2022"),
        ("http://a.cn/nb/2024n/index.html", "http://a.cn/nb/2024n/art/2026/art_4a.html", "", "entered in 2026"),
        ("http://a.cn/2022n52/x/index.html", "http://a.cn/2022n52/x/2024013110470592735/index.html", "", "in 2024"),
        ("http://a.cn/zwgk_72016/nb_72026/", "http://a.cn/zwgk_72016/nb_72026/202301/t20230112_1.html", "", ""),
        ("http://a.cn/zj/2021n/1.html", "http://a.cn/zj/2021n/1533676551588134914.html", "2021", ""),
        ("http://a.cn/nb/2022/tpz/", "http://a.cn/nb/2022/tpz/63d48a80f8fd1c4c213ab9ff.html", "2022", ""),
        ("http://a.cn/2023gknb/", "http://a.cn/2023gknb/t18028213.shtml", "2023", ""),
        ("http://a.cn/gb2018/", "", "2018", ""),
    ],
)
def test_a_year_in_an_address_is_believed_only_if_its_example_agrees(
    url: str, example: str, year: str, doubt: str
) -> None:
    found = script().bound_year(url, example)
    assert found[0] == year
    assert doubt in found[1] and bool(doubt) == bool(found[1])


def test_nothing_in_doubt_is_registered() -> None:
    registry = load()
    urls = {column.url for column in registry.columns.values()}
    kept = {(row["url"], row["reason"].split(":")[0]) for row in to_review() if row["url"] in urls}
    # Shanghai's column is registered for the government; whether its office owes a report of its own is in doubt
    assert kept == {("https://shanghai.gov.cn/nw12344/", "publisher_unclear")}
    assert all(row["reason"].partition(": ")[2] for row in to_review())
    assert all(column.years_from == column.years_to for column in registry.columns.values())


def test_every_body_has_a_column_but_the_five_of_the_reports() -> None:
    registry = load()
    covered = {body for column in registry.columns.values() for body in column.bodies}
    assert sorted(registry.bodies.keys() - covered) == [
        "110101005-subdistrict",
        "110102-response-center",
        "110108-gov",
        "430405-gov",
        "500114-urban-management",
    ]
    assert registry.bodies["110102-response-center"].kind is Kind.INSTITUTION
    assert registry.columns["linyou.gov.cn-db6a80"].bodies == ("610329-forestry", "610329-natural-resources")
