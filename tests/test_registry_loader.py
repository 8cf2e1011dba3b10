# ruff: noqa: E501 -- tables of real names and whole messages are easier to read in one line
"""The strict loader: every fault by file, line and field, overrides of a home, and no input that makes it crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.fields import FIELDS, OPTIONAL
from registry.loader import check, load
from registry.model import Certainty, Kind, Level, RegistryError, Verification

BODY = "id,name,kind,level,division,aliases,parent,exists_from,exists_to,successor,note"
COLUMN = (
    "id,url,bodies,family,verified,basis,years_from,years_to,delay_seconds,interval_days,attachment_hosts,javascript"
)
GOOD_BODY = "b1,黄石市下陆区财政局,department,county,420204,下陆财政|区财政局,,2001-05-01,,,a note"
GOOD_COLUMN = "c1,https://www.xialuqu.gov.cn/zwgk/nb/,b1,trs,verified,seen,2019,2024,2.5,7,files.gov.cn:8080|b.cn,true"
DUTY = """
[[duty]]
id = "hubei-2025"
kinds = ["department"]
years_from = 2025
due = "01-15"
certainty = "notice"
basis_zh = "省通知"
basis_en = "Notice of the province"
divisions = ["420000"]
source = "https://www.hubei.gov.cn/1"
"""


def put(home: Path, **files: str) -> list[str]:
    """Write files of a home (dots as underscores) and check it; the folder's own path is cut from the messages."""
    for name, text in files.items():
        (home / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return [message.replace(f"{home}/", "") for message in check(home)]


def test_the_shipped_registry_has_no_fault() -> None:
    assert check(None) == []
    registry = load()
    assert len(registry.bodies) > 100
    assert all(column.verified is Verification.UNVERIFIED for column in registry.columns.values())


def test_a_home_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    assert load(tmp_path / "none") == load()


def test_good_rows_are_read(tmp_path: Path) -> None:
    assert put(tmp_path, bodies_csv=f"{BODY}\n{GOOD_BODY}\n", columns_csv=f"{COLUMN}\n{GOOD_COLUMN}\n") == []
    registry = load(tmp_path)
    body, column = registry.bodies["b1"], registry.columns["c1"]
    assert (body.kind, body.level, body.aliases) == (Kind.DEPARTMENT, Level.COUNTY, ("下陆财政", "区财政局"))
    assert (column.bodies, column.years_from, column.years_to, column.delay_seconds) == (("b1",), 2019, 2024, 2.5)
    assert column.attachment_hosts == ("files.gov.cn:8080", "b.cn")
    assert (column.javascript, column.legacy_tls, column.interval_days) == (True, False, 7)


def test_a_home_overrides_by_id_and_extends(tmp_path: Path) -> None:
    row = "310000-gov,上海市人民政府,government,province,310000,沪府,,,,,"
    assert put(tmp_path, bodies_csv=f"{BODY}\n{row}\n{GOOD_BODY}\n") == []
    registry = load(tmp_path)
    assert registry.bodies["310000-gov"].aliases == ("沪府",)
    assert len(registry.bodies) == len(load().bodies) + 1


def test_a_spreadsheets_mark_and_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "bodies.csv").write_bytes(b"\xef\xbb\xbf" + f"{BODY}\r\n{GOOD_BODY}\r\n\r\n".encode())
    assert "b1" in load(tmp_path).bodies


BROKEN_BODIES = [
    ("B1,x局,department,county,420204", "2: id: found 'B1', expected an id of 1 to 64 lower-case ASCII letters, digits, "
     "'.', '-' or '_', ending in a letter or digit"),
    ("b1,,department,county,420204", "2: name: found nothing, expected a value (required)"),
    ("b1, x局,department,county,420204", "2: name: found ' x局', expected printable text without blanks around it"),
    ("b1,x局,bureau,county,420204", "2: kind: found 'bureau', expected one of central, government, department, township, "
     "subdistrict, institution, zone_committee, other"),
    ("b1,x局,department,city,420204", "2: level: found 'city', expected one of nation, province, prefecture, county, town"),
    ("b1,x局,department,county,4202", "2: division: found '4202', expected a division code of 6, 9 or 12 digits"),
    ("b1,x局,department,county,420999",
     "2: division: found '420999', expected a code of divisions.csv, towns.csv or division_changes.csv"),
    ("b1,x府,government,county,420200", "2: division: found '420200', expected the county's own code"),
    ("b1,x镇人民政府,township,county,420204", "2: level: found 'county', expected town, as its kind is township"),
    ("b1,x局,department,prefecture,420204", "2: division: found '420204', expected a code no narrower than its level, prefecture"),
    ("b1,x局,department,county,420204,x局", "2: aliases: found 'x局', expected names other than the body's own"),
    ("b1,x局,department,county,420204,a||b",
     "2: aliases: found 'a||b', expected values separated by '|', none blank, no blanks around them"),
    ("b1,x局,department,county,420204,,nobody", "2: parent: found 'nobody', expected the id of a body in bodies.csv"),
    ("b1,x局,department,county,420204,,b1", "2: parent: found 'b1', expected another body's id"),
    ("b1,x局,department,county,420204,,,2020-02-30", "2: exists_from: found '2020-02-30', expected a day written YYYY-MM-DD"),
    ("b1,x局,department,county,420204,,,2020-02-03,2019-01-01", "2: exists_to: found '2019-01-01', expected nothing before 2020-02-03"),
    ("b1,x局,department,county,420204,,,,,gone", "2: successor: found 'gone', expected the id of a body in bodies.csv"),
    ("b1,x局,department,county", "2: row: found '4 cells', expected 11, as in the header"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "message"), BROKEN_BODIES)
def test_a_broken_body_is_named(tmp_path: Path, row: str, message: str) -> None:
    cells = row.count(",") + 1
    padded = row if cells == 4 else row + "," * (11 - cells)
    assert put(tmp_path, bodies_csv=f"{BODY}\n{padded}\n") == [f"bodies.csv:{message}"]


URL = "expected an absolute http:// or https:// address"
BROKEN_COLUMNS = [
    ("url", "ftp://a.gov.cn/", f"found 'ftp://a.gov.cn/', {URL}"),
    ("url", "file:///etc/passwd", f"found 'file:///etc/passwd', {URL}"),
    ("url", "www.a.gov.cn/nb/", f"found 'www.a.gov.cn/nb/', {URL}"),
    ("url", "javascript:alert(1)", f"found 'javascript:alert(1)', {URL}"),
    ("url", "https://", f"found 'https://', {URL}"),
    ("url", "https://u:p@a.cn/", f"found 'https://u:p@a.cn/', {URL} without user name or fragment"),
    ("url", "https://a.cn/#x", f"found 'https://a.cn/#x', {URL} without user name or fragment"),
    ("url", "https://a.cn/a b", f"found 'https://a.cn/a b', {URL} in ASCII without blanks"),
    ("url", "https://a.cn:99999/", f"found 'https://a.cn:99999/', {URL}"),
    ("url", "https://[::1", f"found 'https://[::1', {URL}"),
    ("bodies", "b1|nobody", "found 'nobody', expected the id of a body in bodies.csv"),
    ("bodies", "b1|b1", "found 'b1|b1', expected values separated by '|', none of them twice"),
    ("bodies", "", "found nothing, expected a value (required)"),
    ("verified", "yes", "found 'yes', expected one of unverified, verified, moved, dead, blocked"),
    ("basis", "heard", "found 'heard', expected one of seen, guessed"),
    ("years_from", "2007", "found '2007', expected a report year from 2008 to 2099"),
    ("years_to", "2018", "found '2018', expected nothing before 2019"),
    ("delay_seconds", "0", "found '0', expected seconds greater than 0 and at most 3600"),
    ("interval_days", "400", "found '400', expected whole days from 1 to 366"),
    ("attachment_hosts", "http://a.cn", "found 'http://a.cn', expected a host name without scheme or path"),
    ("javascript", "yes", "found 'yes', expected true or false"),
]


@pytest.mark.parametrize(("name", "cell", "message"), BROKEN_COLUMNS)
def test_a_broken_column_is_named(tmp_path: Path, name: str, cell: str, message: str) -> None:
    cells = GOOD_COLUMN.split(",")
    cells[COLUMN.split(",").index(name)] = cell
    faults = put(tmp_path, bodies_csv=f"{BODY}\n{GOOD_BODY}\n", columns_csv=f"{COLUMN}\n{','.join(cells)}\n")
    assert faults == [f"columns.csv:2: {name}: {message}"]


def test_an_unknown_family_and_a_double_address_are_named(tmp_path: Path) -> None:
    rows = f"{COLUMN}\n{GOOD_COLUMN}\n{GOOD_COLUMN.replace('c1', 'c2').replace('trs', 'tsr')}\n"
    first, second = put(tmp_path, bodies_csv=f"{BODY}\n{GOOD_BODY}\n", columns_csv=rows)
    assert first.startswith("columns.csv:3: family: found 'tsr', expected one of anhui, c_shtml, fujian, generic, ")
    assert second == (
        "columns.csv:3: url: found 'https://www.xialuqu.gov.cn/zwgk/nb/', "
        "expected each address in one row (it stands in columns.csv:2 already)"
    )


def test_headers_are_checked(tmp_path: Path) -> None:
    assert put(tmp_path, bodies_csv="id,name,kind,level,divison\n") == [
        "bodies.csv:1: divison: found 'divison', expected one of the fields " + ", ".join(FIELDS["bodies.csv"]),
        "bodies.csv:1: division: found nothing, expected this field (required)",
    ]
    assert put(tmp_path, bodies_csv="id,id,name,kind,level,division\n") == [
        "bodies.csv:1: id: found '2 times', expected each field once"
    ]
    assert put(tmp_path, bodies_csv="")[0].startswith("bodies.csv:1: header: found nothing, expected the fields id, ")


def test_every_optional_field_may_be_left_out_of_the_header(tmp_path: Path) -> None:
    assert put(tmp_path, bodies_csv="id,name,kind,level,division\nb1,下陆区财政局,department,county,420204\n") == []
    assert all(OPTIONAL[table] < set(FIELDS[table]) for table in FIELDS)


def test_double_ids_unknown_files_and_encodings_are_named(tmp_path: Path) -> None:
    assert put(tmp_path, bodies_csv=f"{BODY}\n{GOOD_BODY}\n{GOOD_BODY}\n") == [
        "bodies.csv:3: id: found 'b1', expected each only once in this file (it stands in line 2 already)"
    ]
    (tmp_path / "bodies.csv").write_bytes("id,name\nb1,下陆".encode("gb18030"))
    (tmp_path / "body.csv").write_text("x")
    assert [fault.replace(f"{tmp_path}/", "") for fault in check(tmp_path)] == [
        "body.csv:1: file: found 'body.csv', expected one of " + ", ".join(FIELDS),
        "bodies.csv:2: encoding: found b'\\xcf', expected UTF-8",
    ]


def test_a_quoted_line_break_does_not_shift_the_lines(tmp_path: Path) -> None:
    rows = f'{BODY}\n"b0\n",x,department,county,420204,,,,,,\nb1,,department,county,420204,,,,,,\n'
    assert [fault.split(" found")[0] for fault in put(tmp_path, bodies_csv=rows)] == [
        "bodies.csv:2: id:", "bodies.csv:4: name:",
    ]  # fmt: skip


def test_a_circle_of_parents_is_named(tmp_path: Path) -> None:
    rows = f"{BODY}\nb1,x局,department,county,420204,,b2,,,,\nb2,y局,department,county,420204,,b1,,,,\n"
    assert put(tmp_path, bodies_csv=rows) == [
        "bodies.csv:2: parent: found 'b2', expected a chain of parents that ends",
        "bodies.csv:3: parent: found 'b1', expected a chain of parents that ends",
    ]


def test_a_reference_to_a_broken_row_is_not_a_second_fault(tmp_path: Path) -> None:
    rows = f"{BODY}\nb1,,department,county,420204,,,,,,\nb2,y局,department,county,420204,,b1,,,,\n"
    assert put(tmp_path, bodies_csv=rows) == ["bodies.csv:2: name: found nothing, expected a value (required)"]


def test_exemptions_and_divisions_are_checked(tmp_path: Path) -> None:
    assert put(
        tmp_path,
        exemptions_csv="body,report_year,reason,source\nnobody,2020,merged,https://a.cn\n310000-gov,2020,x,\n",
        divisions_csv="code,name,parent\n420299,湖北省黄石市新区,429999\n",
    ) == [
        "exemptions.csv:3: source: found nothing, expected a value (required)",
        "exemptions.csv:2: body: found 'nobody', expected the id of a body in bodies.csv",
        "divisions.csv:2: parent: found '429999', expected the code of a division in divisions.csv",
    ]


def test_a_home_may_add_a_division_and_its_bodies(tmp_path: Path) -> None:
    divisions = "code,name,parent\n420299,湖北省黄石市新区,420200\n"
    row = "b1,黄石市新区人民政府,government,county,420299,,,,,,"
    assert put(tmp_path, divisions_csv=divisions, bodies_csv=f"{BODY}\n{row}\n") == []


def test_a_body_may_stand_under_a_former_code(tmp_path: Path) -> None:
    row = "b1,重庆市渝北区人民政府,government,county,500112,,,,2026-01-24,,"
    assert put(tmp_path, bodies_csv=f"{BODY}\n{row}\n") == []


def test_a_duty_of_a_home_is_read(tmp_path: Path) -> None:
    assert put(tmp_path, duties_toml=DUTY) == []
    duty = next(duty for duty in load(tmp_path).duties if duty.id == "hubei-2025")
    assert (duty.due, duty.certainty, duty.divisions) == ((1, 15), Certainty.NOTICE, ("420000",))
    assert duty.years_to is None


BROKEN_DUTIES = [
    ('due = "01-15"', 'due = "02-29"', "6: due: found '02-29', expected a day of every year written MM-DD"),
    ('due = "01-15"', 'due = "31 January"', "6: due: found '31 January', expected a day of every year written MM-DD"),
    ("years_from = 2025", "years_from = 25", "5: years_from: found '25', expected a report year from 2008 to 2099"),
    ("years_from = 2025", "", "2: years_from: found nothing, expected a value (required)"),
    ("years_from = 2025", "years_from = 2025\nyears_to = 2020", "6: years_to: found '2020', expected nothing before 2025"),
    ("years_from = 2025", "year = 2025", "5: year: found 'year', expected one of the fields " + ", ".join(FIELDS["duties.toml"])),
    ('source = "https://www.hubei.gov.cn/1"', "",
     "2: source: found nothing, expected a source: a notice, and any row of a body or division, needs one"),
    ('["420000"]', '["429999"]',
     "10: divisions: found '429999', expected a code of divisions.csv, towns.csv or division_changes.csv"),
    ('["department"]', '["bureau"]', "4: kinds: found 'bureau', expected one of central, government, department, township, "
     "subdistrict, institution, zone_committee, other"),
    ('kinds = ["department"]', "", "2: kinds: found nothing, expected the kinds it speaks of, unless it names bodies"),
    ('divisions = ["420000"]', 'bodies = ["nobody"]', "10: bodies: found 'nobody', expected the id of a body in bodies.csv"),
    ('divisions = ["420000"]', 'bodies = ["310000-gov"]',
     "4: kinds: found 'department', expected the kind of 310000-gov, government, or none"),
    ('divisions = ["420000"]', "", "3: id: found 'department in regulations-2019-art49-1 and hubei-2025', "
     "expected one row of equal specificity for a year"),
    ("years_from = 2025", "years_from = {a = 1}",
     "5: years_from: found {'a': 1}, expected a text, a whole number or a list of texts"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "broken", "message"), BROKEN_DUTIES)
def test_a_broken_duty_is_named(tmp_path: Path, good: str, broken: str, message: str) -> None:
    assert good in DUTY
    assert f"duties.toml:{message}" in put(tmp_path, duties_toml=DUTY.replace(good, broken))


def test_toml_that_does_not_parse_and_other_tables_are_named(tmp_path: Path) -> None:
    assert put(tmp_path, duties_toml="[[duty]]\nid = \n")[0].startswith("duties.toml:2: file: found 'Invalid value")
    assert put(tmp_path, duties_toml="x = 1\n[other]\n") == [
        "duties.toml:2: other: found 'other', expected only [[duty]] tables",
        "duties.toml:1: x: found 'x', expected only [[duty]] tables",
    ]
    assert put(tmp_path, duties_toml="duty = 1\n") == ["duties.toml:1: duty: found 1, expected [[duty]] tables"]


def test_kinds_without_a_certain_duty_need_a_row_of_their_own(tmp_path: Path) -> None:
    wide = DUTY.replace('"department"', '"institution"').replace('divisions = ["420000"]', "")
    assert put(tmp_path, duties_toml=wide) == [
        "duties.toml:4: kinds: found 'institution', expected these kinds only in a row that names bodies or divisions"
    ]
    assert put(tmp_path, duties_toml=DUTY.replace('"department"', '"institution"')) == []


def test_load_says_the_first_fault_and_how_many_more(tmp_path: Path) -> None:
    (tmp_path / "bodies.csv").write_text(f"{BODY}\nb1,x局,bureau,city,420204,,,,,,\n", encoding="utf-8")
    with pytest.raises(RegistryError, match=r"bodies\.csv:2: kind: found 'bureau', .* \(and 1 more, see"):
        load(tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.sampled_from(sorted(FIELDS)),
    data=st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.lists(st.lists(st.text('ab1|,"\n\r\x00局 -/:[]{}=', max_size=12), min_size=11, max_size=11), max_size=4).map(
            lambda rows: "\n".join([BODY, *(",".join(row) for row in rows)]).encode()
        ),
        st.lists(st.sampled_from(["[[duty]]", "id = 'a'", "due = 1979-05-27", "kinds = [[1]]", "years_from = 1e9",
                                  "x.y = 1", "'''", "[duty]", "kinds = ['department']", "\r"]), max_size=9).map(
            lambda lines: "\n".join(lines).encode()
        ),
    ),
)  # fmt: skip
def test_no_input_makes_the_check_crash(tmp_path: Path, table: str, data: bytes) -> None:
    for file in tmp_path.iterdir():
        file.unlink()
    (tmp_path / table).write_bytes(data)
    for fault in check(tmp_path):
        assert "\n" not in fault
        assert ": found " in fault
        assert ", expected " in fault
