"""Adding one row: what the check would refuse is refused before anything is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from registry.loader import check, load
from registry.model import RegistryError, Verification
from registry.writing import add_row, cells_of, change_rows

BODY = {
    "id": "420204-finance",
    "name": "黄石市下陆区财政局",
    "kind": "department",
    "level": "county",
    "division": "420204",
}
COLUMN = {
    "id": "xialu", "url": "https://www.xialuqu.gov.cn/nb/", "bodies": "420204-finance", "family": "trs",
    "verified": "unverified", "basis": "seen",
}  # fmt: skip


def test_rows_are_added_and_loaded(tmp_path: Path) -> None:
    home = tmp_path / "registry"
    add_row(home, "bodies.csv", BODY)
    add_row(home, "bodies.csv", BODY | {"id": "b2", "name": "下陆区审计局", "aliases": "下陆审计,局"})
    assert add_row(home, "columns.csv", COLUMN | {"title": ""}) == home / "columns.csv"
    assert check(home) == []
    registry = load(home)
    assert registry.columns["xialu"].bodies == ("420204-finance",)
    assert registry.bodies["b2"].aliases == ("下陆审计,局",)
    assert sorted(path.name for path in home.iterdir() if not path.name.startswith(".lock")) == [
        "bodies.csv",
        "columns.csv",
    ]


@pytest.mark.parametrize(
    ("table", "cells", "message"),
    [
        ("bodies.csv", BODY | {"kind": "bureau"}, r"bodies\.csv:2: kind: found 'bureau', expected one of central"),
        ("bodies.csv", BODY | {"name": "a\nb"}, r"bodies\.csv:2: name: found 'a\\nb', expected printable text"),
        ("bodies.csv", BODY | {"colour": "red"}, r"bodies\.csv: colour: found 'colour', expected one of id, name"),
        (
            "bodies.csv",
            BODY | {"id": "310000-gov"},
            r"id: found '310000-gov', expected one that is not shipped already",
        ),
        ("columns.csv", COLUMN, r"columns\.csv:2: bodies: found '420204-finance', expected the id of a body"),
        ("columns.csv", COLUMN | {"url": "ftp://a/"}, r"columns\.csv:2: url: found 'ftp://a/', expected an absolute"),
        ("duties.toml", {}, r"duties\.toml: found this table, expected one of bodies\.csv"),
    ],
)
def test_what_the_check_refuses_is_not_written(tmp_path: Path, table: str, cells: dict[str, str], message: str) -> None:
    with pytest.raises(RegistryError, match=message):
        add_row(tmp_path, table, cells)
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".csv", ".toml")] == []


def test_a_second_row_of_the_same_id_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = add_row(tmp_path, "bodies.csv", BODY)
    before = path.read_bytes()
    with pytest.raises(RegistryError, match=r"bodies\.csv:3: id: found '420204-finance', expected each only once"):
        add_row(tmp_path, "bodies.csv", BODY, override=True)
    assert path.read_bytes() == before
    assert [other.name for other in tmp_path.iterdir() if other.name != ".lock"] == ["bodies.csv"]


def test_override_takes_the_place_of_a_shipped_row(tmp_path: Path) -> None:
    cells = {
        "id": "310000-gov",
        "name": "上海市人民政府",
        "kind": "government",
        "level": "province",
        "division": "310000",
    }
    add_row(tmp_path, "bodies.csv", cells | {"note": "ours"}, override=True)
    assert load(tmp_path).bodies["310000-gov"].note == "ours"


def test_a_home_that_is_broken_already_is_not_made_longer(tmp_path: Path) -> None:
    (tmp_path / "bodies.csv").write_text("id,name\nx,y\n")
    with pytest.raises(RegistryError, match=r"bodies\.csv:1: kind: found nothing, expected this field"):
        add_row(tmp_path, "columns.csv", COLUMN)


def test_a_short_header_grows(tmp_path: Path) -> None:
    (tmp_path / "bodies.csv").write_text(
        "\ufeffid,name,kind,level,division\nb1,下陆区审计局,department,county,420204\n", "utf-8"
    )
    add_row(tmp_path, "bodies.csv", BODY | {"note": "added"})
    bodies = load(tmp_path).bodies
    assert (bodies["b1"].name, bodies["420204-finance"].note) == ("下陆区审计局", "added")


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RegistryError, match=r"found .*, expected to write here$"):
        add_row(tmp_path / "file", "bodies.csv", BODY)


def test_a_folder_held_by_another_process_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.writing.LOCK_SECONDS", 0)
    with FileLock(tmp_path / ".lock"), pytest.raises(RegistryError, match="found it locked by another process"):
        add_row(tmp_path, "bodies.csv", BODY)


def test_rows_are_changed_in_their_place_and_shipped_ones_overridden(tmp_path: Path) -> None:
    shipped = next(iter(load(None).columns.values()))
    moved = replace(shipped, verified=Verification.MOVED)
    change_rows(tmp_path / "r", "columns.csv", [cells_of(moved)])
    assert load(tmp_path / "r").columns[shipped.id] == moved
    change_rows(tmp_path / "r", "columns.csv", [cells_of(replace(moved, delay_seconds=2.5, legacy_tls=True))])
    assert len((tmp_path / "r" / "columns.csv").read_text().splitlines()) == 2
    assert load(tmp_path / "r").columns[shipped.id] == replace(moved, delay_seconds=2.5, legacy_tls=True)
    assert load(None).columns[shipped.id] == shipped
    with pytest.raises(RegistryError, match="family"):
        change_rows(tmp_path / "r", "columns.csv", [cells_of(replace(moved, family="none-such"))])
    assert load(tmp_path / "r").columns[shipped.id].family == shipped.family


def test_every_shipped_column_survives_being_written(tmp_path: Path) -> None:
    columns = load(None).columns
    change_rows(tmp_path / "r", "columns.csv", [cells_of(column) for column in columns.values()])
    assert load(tmp_path / "r").columns == columns
