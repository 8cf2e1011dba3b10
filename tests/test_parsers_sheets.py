"""What a workbook shows and what it holds differ: nothing hidden is read, and no blank where a value stood."""

from __future__ import annotations

import pytest
from report_files import _rels, _types, _workbook_rels, _zip

from parsers import read
from parsers.model import Block, Grid, ParserError
from parsers.readers.sheets import read_sheets, shown
from parsers.values import parse_value

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="170" formatCode="0.0%"/></numFmts><fonts><font/>'
    '</fonts><fills><fill/></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="170"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)


def book(*sheets: str, hidden: int | None = None) -> bytes:
    """A workbook of sheets given as the inside of their XML; `hidden`: the place of one that nobody sees."""
    entries = "".join(
        f'<sheet name="表{i}" sheetId="{i + 1}" r:id="rId{i + 1}" state="{"hidden" if i == hidden else "visible"}"/>'
        for i in range(len(sheets))
    )
    style = f'<Relationship Id="rIdS" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>'
    members = {
        "[Content_Types].xml": _types(len(sheets)),
        "_rels/.rels": _rels("xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{entries}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _workbook_rels(len(sheets)).replace("</Relationships>", style),
        "xl/styles.xml": _STYLES,
    }
    for i, sheet in enumerate(sheets, 1):
        members[f"xl/worksheets/sheet{i}.xml"] = f'<worksheet xmlns="{_MAIN}">{sheet}</worksheet>'
    return _zip(members)


def cell(content: str, name: str = "A1", kind: str = "n", style: int = 0) -> str:
    return f'<sheetData><row r="1"><c r="{name}" t="{kind}" s="{style}">{content}</c></row></sheetData>'


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (cell("<v>12.0</v>"), "12"),
        (cell("<v>18.870999999999999</v>"), "18.871"),
        (cell("<is><t>12 </t></is>", kind="inlineStr"), "12"),
        (cell("<is><t>012</t></is>", kind="inlineStr"), "012"),
        (cell("<f>1+1</f><v>2</v>"), "2"),
        (cell("<f>1+1</f>"), "=1+1"),
        (cell('<f t="shared" si="0"/>'), "="),
        (cell("<f>1/0</f><v>#DIV/0!</v>", kind="e"), "#DIV/0!"),
        (cell("<v>0.125</v>", style=1), "12.5%"),
        (cell("<v>0.5</v>", style=2), "50%"),
        (cell("<v>44571</v>", style=3), "2022-01-10"),
        (cell("<v>1</v>", kind="b"), "TRUE"),
    ],
)
def test_a_cell_gives_what_it_shows(inside: str, text: str) -> None:
    (name, grid) = read_sheets(book(inside)).parts
    assert isinstance(name, Block) and isinstance(grid, Grid)
    assert [c.text for c in grid.cells] == [text]


def test_what_is_no_number_never_becomes_one() -> None:
    for text in ("=1+1", "=", "#DIV/0!", "12.5%", "2022-01-10", "TRUE"):
        assert parse_value(text).number is None and parse_value(text).state.value == "unreadable", text


def test_hidden_sheets_rows_and_columns_are_left_out_and_spans_shrink() -> None:
    data = (
        '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>'
        '<row r="2" hidden="1"><c r="A2"><v>4</v></c></row>'
        '<row r="3"><c r="A3"><v>5</v></c><c r="C3"><v>6</v></c></row>'
        '</sheetData><mergeCells count="1"><mergeCell ref="A3:B3"/></mergeCells>'
    )
    document = read_sheets(book(data, cell("<v>9</v>"), hidden=1))
    (grid,) = (part for part in document.parts if isinstance(part, Grid))
    assert [(c.text, c.row, c.column, c.colspan) for c in grid.cells] == [
        ("1", 0, 0, 1), ("3", 0, 1, 1), ("5", 1, 0, 1), ("6", 1, 1, 1),
    ]  # fmt: skip


def test_one_cell_at_the_end_of_the_world_costs_nothing_but_its_sheet() -> None:
    document = read_sheets(book(cell("<v>1</v>", "XFD1048576"), cell("<v>7</v>")))
    assert [p.code for p in document.problems] == ["too_large"]
    assert [c.text for part in document.parts if isinstance(part, Grid) for c in part.cells] == ["7"]


def test_broken_workbooks_say_so() -> None:
    with pytest.raises(ParserError, match="well-formed XML"):
        read_sheets(book("<sheetData>"[:-1]))
    (report,) = read(_zip({"xl/workbook.xml": "x"}))
    assert report.problems[0].code == "unreadable"
    assert shown(None) == ""
