"""What a PDF draws and what a reader sees of it: hidden, doubled, struck out, turned, cut; and files that are bombs."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import pytest
from report_files import _pdf

from parsers import read
from parsers.model import PICTURE, UNSURE, Block, Grid, ParserError
from parsers.readers.pdf import read_pdf
from parsers.readers.pdf_limits import MAX_STREAM
from parsers.readers.pdf_page import plain


def text(x: float, y: float, words: str, size: float = 10, before: str = "") -> str:
    return f"{before} BT /F1 {size} Tf {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET"


def table(*rows: Sequence[str], top: float = 700, height: float = 20, closed: bool = True, opened: bool = True) -> str:
    """A ruled table of columns 150 points wide from 50 on; without the line above or below it where it is cut."""
    out = []
    bottom = top - height * len(rows)
    for i in range(len(rows) + 1):
        if (i or opened) and (i < len(rows) or closed):
            out.append(f"50 {top - i * height} m {50 + 150 * len(rows[0])} {top - i * height} l S")
    out.extend(f"{50 + 150 * i} {top} m {50 + 150 * i} {bottom} l S" for i in range(len(rows[0]) + 1))
    for r, row in enumerate(rows):
        out.extend(text(55 + 150 * c, top - height * r - 14, words) for c, words in enumerate(row) if words)
    return "\n".join(out)


def grids(*pages: str) -> list[list[list[str]]]:
    document = read_pdf(_pdf([[page] for page in pages]))
    return [
        [[cell.text for cell in part.cells if cell.row == r] for r in range(part.rows)]
        for part in document.parts
        if isinstance(part, Grid)
    ]


@pytest.mark.parametrize(
    ("drawn", "seen"),
    [
        (text(205, 686, "12"), "12"),
        (text(205, 686, "12") + text(205.4, 686, "12"), "12"),  # twice, to look bold
        (text(205, 686, "11"), "11"),
        (text(205, 686, "12") + text(225, 686, "9", before="BT 3 Tr ET"), "12"),  # neither filled nor stroked
        (text(205, 686, "12", before="1 1 1 rg"), ""),
        (text(205, 686, "12", before="0 0 0.5 rg 200 680 150 20 re f 1 1 1 rg"), "12"),  # white on blue
        (text(205, 686, "9") + text(215, 686, "12") + " 205 689.5 m 215 689.5 l S", "12"),  # struck out
        (text(205, 686, "12") + " 205 684.5 m 225 684.5 l S", "12"),  # underlined
        (text(205, 686, "1") + text(215, 686, "2") + text(225, 686, "3"), "123"),  # in runs
        (text(205, 686, "12") + text(245, 686, "34"), "12 34"),
        (text(205, 686, "314") + text(235, 690, "1", 5), "314¹"),
        (text(205, 686, "⼀⺠⻘"), "一民青"),
        ("205 684 m 210 694 215 694 212 684 c f", PICTURE),  # a digit drawn as an outline: not blank
        ("205 684 m 210 694 215 694 212 684 c f" + text(225, 686, "12"), "12"),
        ("q 12 0 0 12 205 683 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q", PICTURE),
    ],
)
def test_a_cell_holds_what_is_seen_in_it(drawn: str, seen: str) -> None:
    assert grids(table(["规章", ""], ["甲", "乙"]) + "\n" + drawn) == [[["规章", seen], ["甲", "乙"]]]


def test_radicals_become_the_letters_they_look_like() -> None:
    assert plain("⻘山县人⺠政府⻓") == "青山县人民政府长"


def test_a_page_drawn_on_its_side_is_read_upright() -> None:
    page = "0 1 -1 0 600 0 cm\n" + table(["规章", "1"], ["行政规范性文件", "22"], top=500)
    (document,) = [read_pdf(_pdf([[page]]))]
    (grid,) = (part for part in document.parts if isinstance(part, Grid))
    assert [[c.text for c in grid.cells if c.row == r] for r in (0, 1)] == [["规章", "1"], ["行政规范性文件", "22"]]
    box = grid.cells[0].place.box if grid.cells[0].place else None
    assert box is not None and box[0] + 1 >= 600 - 500 and box[2] - box[0] == pytest.approx(20, abs=1)


def test_a_row_cut_by_the_page_break_is_one_row() -> None:
    first = table(["规章", "1"], ["2.其他法律行政法规", ""], top=120, closed=False)
    second = table(["禁止公开", "7"], ["3.危及“三安全一稳定”", "5"], top=800, opened=False)
    assert grids(first, second) == [
        [["规章", "1"], ["2.其他法律行政法规\n禁止公开", "7"]],
        [[], ["3.危及“三安全一稳定”", "5"]],
    ]
    whole = table(["1.信访举报投诉类申请", "7"], ["3.危及“三安全一稳定”", "5"], top=800)
    assert grids(first, whole)[1] == [["1.信访举报投诉类申请", "7"], ["3.危及“三安全一稳定”", "5"]]


def test_figures_above_a_page_break_have_the_label_below_it() -> None:
    """A row whose figures stand higher than its label's first line, cut between the two."""
    first = table(["1.属于国家秘密", "1"], ["", "7"], top=120, closed=False)
    second = table(["2.其他法律行政法规禁止公开", ""], ["3.危及“三安全一稳定”", "5"], top=800, opened=False)
    assert grids(first, second) == [
        [["1.属于国家秘密", "1"], ["2.其他法律行政法规禁止公开", "7"]],
        [[], ["3.危及“三安全一稳定”", "5"]],
    ]
    whole = table(["2.其他法律行政法规禁止公开", "4"], ["3.危及“三安全一稳定”", "5"], top=800)
    assert grids(first, whole)[1][0] == ["2.其他法律行政法规禁止公开", "4"]
    own = table(["", "1.属于国家秘密", "1"], ["小计", "", "7"], top=120)
    bare = table(["", "2.其他法律行政法规禁止公开", ""], ["", "3.危及“三安全一稳定”", "5"], top=800)
    assert grids(own, bare)[1][0] == ["", "2.其他法律行政法规禁止公开", ""]  # a blank row, under a total of their own
    named = table(["1.属于国家秘密", "1"], ["（七）总计", "7"], top=120)
    blank = table(["四、结转下年度继续办理", ""], ["甲", "5"], top=800)
    assert grids(named, blank)[0][1] == ["（七）总计", "7"]


def test_a_group_that_begins_with_the_cut_row_does_not_part_its_halves() -> None:
    first = table(["", "1.信访举", "7"], top=100, closed=False)
    second = table(["", "报投诉类申请", ""], ["", "2.重复申请", "5"], top=800, opened=False)
    second = second.replace("50 780 m", "200 780 m") + text(55, 775, "（五）不予处理")  # over both rows
    assert grids(first, second)[0] == [["（五）不予处理", "1.信访举\n报投诉类申请", "7"]]


@pytest.mark.parametrize("at", [333, 338, 341, 490])
def test_a_figure_that_runs_over_a_line_is_neither_cells_for_certain(at: int) -> None:
    """Digits are ten points wide here: over the line at 350 into a blank cell, or at 500 out of the table."""
    (rows,) = grids(table(["规章", "", ""], ["甲", "3", "4"]) + text(at, 686, "314"))
    assert "".join(rows[0][1:]).replace(UNSURE, "") in ("314", "3", "31")
    assert all(cell.endswith(UNSURE) for cell in rows[0][1:] if cell) and any(rows[0][1:])
    assert rows[1] == ["甲", "3", "4"]


def test_what_the_pages_edge_cuts_off_is_not_blank() -> None:
    (page,) = grids("1 0 0 1 285 0 cm\n" + table(["规章", "", "12"], ["甲", "3", "4"]))
    assert [row[1] for row in page] == ["", "3"]
    assert [row[2].endswith(UNSURE) for row in page] == [True, True]


def test_lines_between_rows_alone_leave_the_columns_to_their_headings() -> None:
    heads = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    page = "\n".join(text(220 + 52 * i, 740, head, 7) for i, head in enumerate(heads))
    page += text(50, 700, "2.其他法律行政法规禁止公开") + text(50, 680, "3.危及“三安全一稳定”")
    page += "\n".join(text(220 + 52 * i, y, str(i + y)) for i in range(7) for y in (700, 680))
    page += "\n".join(f" 45 {y} m 590 {y} l S" for y in (755, 720, 693, 673))
    page += " 45 755 m 45 673 l S 590 755 m 590 673 l S"
    (grid,) = grids(page)
    assert [row[1:] for row in grid[1:]] == [[str(i + y) for i in range(7)] for y in (700, 680)]


def test_a_table_without_lines_at_its_sides_keeps_its_first_and_last_column() -> None:
    across = " ".join(f"50 {y} m 350 {y} l S" for y in (700, 680, 660))
    lines = across + " 150 700 m 150 660 l S 250 700 m 250 660 l S"
    words = text(55, 686, "规章") + text(155, 686, "1") + text(255, 686, "2")
    words += text(55, 666, "甲") + text(255, 666, "4")
    assert grids(lines + "\n" + words) == [[["规章", "1", "2"], ["甲", "", "4"]]]


def test_headers_and_page_numbers_are_no_part_of_the_text() -> None:
    pages = [
        text(50, 820, "某县水利局年度报告") + text(50, 500, f"第{word}段的文字。") + text(290, 20, f"- {i} -")
        for i, word in enumerate("一二三", 1)
    ]
    blocks = [part.text for part in read_pdf(_pdf([[page] for page in pages])).parts if isinstance(part, Block)]
    assert blocks == ["第一段的文字。", "第二段的文字。", "第三段的文字。"]


def test_letters_that_no_font_names_are_said() -> None:
    data = _pdf([[table(["规章", "12"], ["甲", "3"])]]).replace(b"/ToUnicode 6 0 R", b"                ")
    document = read_pdf(data)
    assert [p.code for p in document.problems] == ["unreadable_letters"]
    cells = [cell for part in document.parts if isinstance(part, Grid) for cell in part.cells]
    assert all(set(cell.text) <= {"\ufffd", UNSURE} for cell in cells)


def _with_font(before: bytes, after: bytes) -> bytes:
    data = _pdf([[table(["规章", "12"], ["甲", "3"])]])
    assert before in data
    return data.replace(before, after)


def test_codes_that_a_font_does_not_have_are_letters_that_nobody_knows() -> None:
    """pdfminer knows no code of a map that it does not have, and left out what was set by it: the cells were blank."""
    document = read_pdf(_with_font(b"/Encoding /Identity-H", b"/Encoding /Unheard-Of"))
    cells = [cell for part in document.parts if isinstance(part, Grid) for cell in part.cells]
    assert [p.code for p in document.problems] == ["unreadable_letters"]
    assert len(cells) == 4 and all(cell.text.startswith("\ufffd") for cell in cells)


def test_a_font_that_tells_of_more_glyphs_than_there_are_is_not_listed() -> None:
    data = _with_font(b"/DW 1000", b"/DW 1000 /W [1 4000000000 500]")
    (problem,) = read_pdf(data).problems
    assert problem.code == "too_large" and "glyphs" in problem.message


def packed(content: bytes, filters: str = "/FlateDecode") -> bytes:
    data = _pdf([["MARK"]])
    stream = zlib.compress(content, 9)
    head = f"<< /Length {len(stream)} /Filter {filters} >> stream\n".encode()
    return data.replace(b"<< /Length 4 >> stream\nMARK\n", head + stream + b"\n")


def test_what_unpacks_without_end_is_refused() -> None:
    bomb = packed(b" " * (MAX_STREAM + 10))
    assert len(bomb) < 1_000_000
    with pytest.raises(ParserError, match="unpacks to more"):
        read_pdf(bomb)
    with pytest.raises(ParserError, match="more than once"):
        read_pdf(packed(zlib.compress(b" " * 1000), "[/FlateDecode /FlateDecode]"))
    assert read_pdf(packed(text(50, 500, "好").encode())).parts


def test_a_page_that_draws_too_much_is_left_out_and_said() -> None:
    document = read_pdf(_pdf([["0 0 m 1 1 l S\n" * 70_000], [text(50, 500, "第二页")]]))
    assert [(p.code, p.where) for p in document.problems] == [("too_large", "page 1")]
    assert [part.text for part in document.parts if isinstance(part, Block)] == ["第二页"]


def test_hidden_text_over_a_picture_is_no_text() -> None:
    """What a scanner's own recognition put under its pictures is not read as if it were printed."""
    (report,) = read(_pdf([[text(50, 500, "某县2023年政府信息公开工作年度报告", before="BT 3 Tr ET")]]))
    assert not report.is_report and report.title is None


def test_figures_without_lines_belong_to_the_row_at_whose_height_they_lie() -> None:
    """Labels of two lines, figures half way between them; one figure lies between two rows and is in neither."""
    heads = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    page = "\n".join(text(220 + 52 * i, 740, head, 7) for i, head in enumerate(heads))
    page += text(50, 700, "2.其他法律行政法规") + text(50, 687, "禁止公开") + text(50, 660, "3.危及“三安全一稳定”")
    page += "\n".join(text(220 + 52 * i, 693.5, str(i + 10)) for i in range(7) if i != 1)
    page += "\n".join(text(220 + 52 * i, 676.5 if i == 3 else 660, str(i + 30)) for i in range(7))
    (grid,) = grids(page)
    assert grid[1:] == [
        ["2.其他法律行政法规禁止公开", "10", "", "12", "13?", "14", "15", "16"],
        ["3.危及“三安全一稳定”", "30", "31", "32", "?", "34", "35", "36"],
    ]


def test_where_lines_only_run_upright_the_rows_are_told_apart_by_their_heights() -> None:
    heads = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    page = "\n".join(text(220 + 52 * i, 740, head, 7) for i, head in enumerate(heads))
    page += text(50, 700, "2.其他法律行政法规禁止公开") + text(50, 680, "3.危及“三安全一稳定”")
    page += "\n".join(text(220 + 52 * i, y, str(i + y)) for i in range(7) for y in (700, 680))
    page += "\n".join(f" {x} 750 m {x} 675 l S" for x in (48, *range(217, 590, 52)))
    (grid,) = grids(page)
    assert [row[1:] for row in grid[1:]] == [[str(i + y) for i in range(7)] for y in (700, 680)]


def test_a_row_or_page_whose_figures_stand_in_other_columns_is_in_doubt() -> None:
    """A figure between label and columns; two figures side by side in a column, in two rows of one page."""
    heads = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    head = "\n".join(text(270 + 45 * i, 740, head, 7) for i, head in enumerate(heads))

    def row(y: float, label: str, xs: Sequence[float] = range(270, 585, 45)) -> str:
        return text(50, y, label) + " ".join(text(x, y, str(i + 1)) for i, x in enumerate(xs))

    names = ("（一）予以公开", "1.属于国家秘密", "5.要求行政机关确认或重新出具已获取信息", "（七）总计")
    first = head + " ".join(row(700 - 20 * n, name) for n, name in enumerate(names[:3]))
    (grid,) = grids(first + row(640, names[3], range(225, 540, 45)))
    assert [all(cell.endswith(UNSURE) for cell in line[1:]) for line in grid[-4:]] == [False, False, False, True]
    narrow = (270, 283, 315, 330, 405, 425, 540)
    later = " ".join(row(780 - 20 * n, name, narrow) for n, name in enumerate(("1.信访举报投诉类申请", "2.重复申请")))
    (grid,) = grids(first, later)
    assert [all(cell.endswith(UNSURE) for cell in line[1:]) for line in grid[-5:]] == [False] * 3 + [True] * 2


@pytest.mark.parametrize("level", [0, 13, 26])
def test_figures_set_to_the_top_the_middle_or_the_bottom_belong_to_their_row(level: float) -> None:
    """Labels of three lines; the figures' font stands a third of a letter off the labels'."""
    heads = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    page = "\n".join(text(220 + 52 * i, 740, head, 7) for i, head in enumerate(heads))
    labels = (("2.其他法律", "行政法规", "禁止公开"), ("4.无正当理由", "大量反复", "申请"))
    for n, lines in enumerate(labels):
        page += "\n".join(text(50, 700 - 50 * n - 13 * i, line) for i, line in enumerate(lines))
        page += "\n".join(text(220 + 52 * i, 703.3 - 50 * n - level, str(10 * n + i)) for i in range(7))
    (grid,) = grids(page)
    assert grid[1:] == [
        ["".join(lines), *(str(10 * n + i) for i in range(7))] for n, lines in enumerate(labels)
    ]


def test_a_page_that_says_the_headings_once_more_goes_on_with_the_row_cut_before_them() -> None:
    heads = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    head = "\n".join(text(220 + 52 * i, 740, words, 7) for i, words in enumerate(heads))
    figures = "\n".join(text(220 + 52 * i, 60, str(i + 10)) for i in range(7))
    more = "\n".join(text(220 + 52 * i, 690, str(i + 30)) for i in range(7))
    first = text(50, 90, "（一）予以公开") + head + text(50, 60, "2.其他法律行政法规") + figures
    rest = head + text(50, 720, "禁止公开") + text(50, 690, "3.危及“三安全一稳定”") + more
    (grid,) = grids(first, rest)
    assert grid[2:] == [
        ["2.其他法律行政法规禁止公开", *(str(i + 10) for i in range(7))],
        ["3.危及“三安全一稳定”", *(str(i + 30) for i in range(7))],
    ]


_HEADS = [(200, "本年制发件数"), (300, "本年废止件数"), (400, "现行有效件数")]


def _line(y: float, label: str, *figures: str) -> str:
    written = [text(50, y, label)] if label else []
    return " ".join([*written, *(text(200 + 100 * n, y, words) for n, words in enumerate(figures) if words)])


def _headed(y: float) -> str:
    return " ".join([text(50, y, "信息内容"), *(text(x, y, words) for x, words in _HEADS)])


def test_a_figure_that_goes_on_after_the_page_break_is_not_read_as_its_first_half() -> None:
    first = [_headed(100), _line(80, "规章", "1", "2", "3"), _line(60, "行政规范性文件", "4", "1234", "5")]
    second = [text(300, 780, "5"), text(50, 700, "三、收到和处理政府信息公开申请情况")]
    (grid,) = grids(" ".join(first), " ".join(second))
    assert grid[-2:] == [["规章", "1", "2", "3"], ["行政规范性文件", "4", "1234?", "5"]]


def test_a_figure_of_two_lines_beside_its_label_is_whole_though_the_next_is_blank() -> None:
    """No line beside the lines of one row's label can be another row's."""
    page = [_headed(700), text(300, 669, "7"), text(50, 668, "文件"), _line(680, "行政规范性", "4", "123456", "5")]
    (grid,) = grids(" ".join([*page, _line(650, "规章", "1", "", "3")]))
    assert grid[-2:] == [["行政规范性文件", "4", "1234567", "5"], ["规章", "1", "", "3"]]


def test_headings_repeated_under_the_rest_of_a_turned_label_are_no_second_table() -> None:
    first = [_headed(100), _line(80, "规章", "1", "2", "3")]
    turned = [text(52, 781 - 10 * n, letter) for n, letter in enumerate("予以公开")]  # as browsers print it, downwards
    second = [_headed(780), *turned, _line(700, "行政规范性文件", "4", "5", "6")]
    (grid,) = grids(" ".join(first), " ".join(second))
    assert grid[-2:] == [["规章", "1", "2", "3"], ["行政规范性文件", "4", "5", "6"]]


def _piece(x: float, y: float, words: str) -> str:
    """Text as browsers set it: each piece from a place of its own."""
    return f"BT /F1 10 Tf 1 0 0 1 {x} {y} Tm <{words.encode('utf-16-be').hex()}> Tj ET"


def test_cells_that_touch_are_told_apart_where_a_browser_set_them() -> None:
    """A table without lines and without room at the sides of its cells."""
    rows = [["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"], ["行政许可", "7", "+78901", "3"],
            ["行政强制", "0", "8", "9"]]  # fmt: skip
    lefts = (50, 90, 160, 220)
    cells = [_piece(lefts[c], 700 - 20 * r, words) for r, row in enumerate(rows) for c, words in enumerate(row)]
    data = _pdf([[" ".join(cells)]]).replace(b"trailer << ", b"trailer << /Info << /Producer (Skia/PDF m156) >> ")
    (grid,) = (part for part in read_pdf(data).parts if isinstance(part, Grid))
    rows = [[cell.text for cell in grid.cells if cell.row == r] for r in range(grid.rows)]
    assert rows[1:] == [["行政许可", "7", "+78901", "3"], ["行政强制", "0", "8", "9"]]


def test_cells_that_touch_are_never_blank_where_nothing_tells_them_apart() -> None:
    """A label with a figure at its end is no label whose figure is absent."""
    words = [text(50, 700, "信息内容"), text(110, 700, "采购项目数量"), text(190, 700, "采购总金额(万元)")]
    words += [text(50, 680, "政府集中采购"), text(110, 680, "0件"), text(190, 680, "36.8")]
    parts = read_pdf(_pdf([[" ".join(words)]])).parts
    assert not [cell for part in parts if isinstance(part, Grid) for cell in part.cells if cell.row and not cell.text]


def test_a_sign_left_of_where_a_line_stands_on_the_page_at_large_is_in_its_own_cell() -> None:
    """Lines of two tables that stand nearly at one place are taken as one, in the middle between them."""
    across = " ".join(f"50 {y} m 350 {y} l S" for y in (700, 680, 660, 640, 620))
    upper = "50 700 m 50 660 l S 203 700 m 203 660 l S 350 700 m 350 620 l S"
    lower = "50 660 m 50 620 l S 200 660 m 200 620 l S"
    words = [text(55, 686, "甲"), text(205, 686, "1"), text(55, 666, "乙"), text(205, 666, "2"), text(55, 646, "丙")]
    words += [text(200, 646, "-", 2), text(202, 646, "49"), text(55, 626, "丁"), text(205, 626, "3")]
    (grid,) = grids("\n".join([across, upper, lower, *words]))
    assert grid == [["甲", "1"], ["乙", "2"], ["丙", "-49"], ["丁", "3"]]


def test_a_page_of_words_that_go_on_in_all_directions_is_read_at_all() -> None:
    """Words close to others at their right and below, in an open bracket: each could go on a label in two ways."""
    words = [text(50, 700, "上一年项目数量（指")]
    words += [text(50 + 12.5 * c, 685 - 12 * r, "项目数"[(r + c) % 3]) for r in range(40) for c in range(36)]
    assert read_pdf(_pdf([[" ".join(words)]])).parts
