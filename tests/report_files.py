"""The printed report as Word, Excel and PDF files, written by hand: nothing but the standard library is needed."""

from __future__ import annotations

import io
import random
import zipfile
from xml.sax.saxutils import escape

from report_printer import Drawn, Labels, Span, parts

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
Slot = tuple[int, int, str, int, int]  # row, column, text, rowspan, colspan


def slots(rows: list[list[Span]]) -> tuple[list[Slot], int]:
    """Each cell with its slot, and the number of columns."""
    found: list[Slot] = []
    taken: dict[int, int] = {}
    width = 0
    for r, row in enumerate(rows):
        c = 0
        for text, rowspan, colspan in row:
            while taken.get(c, 0) > r:
                c += 1
            found.append((r, c, text, rowspan, colspan))
            for column in range(c, c + colspan):
                taken[column] = r + rowspan
            c += colspan
        width = max(width, c)
    return found, width


def _zip(members: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def as_docx(drawn: Drawn, rng: random.Random, *, lines: bool = True) -> bytes:
    """The report with tables that lines rule, or without any."""
    labels = Labels(rng, drawn)
    body = [_paragraph(drawn.title, rng), _paragraph(f"发布时间：{drawn.year + 1}-01-20", rng)]
    for _, content in parts(drawn, labels):
        body.append(_paragraph(content, rng) if isinstance(content, str) else _word_table(content, rng, lines=lines))
    document = f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{"".join(body)}<w:p/></w:body></w:document>'
    links = _rels("word/document.xml")
    return _zip({"[Content_Types].xml": _WORD_TYPES, "_rels/.rels": links, "word/document.xml": document})


_WORD_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


def _rels(target: str) -> str:
    return (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Target="{target}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument"/></Relationships>'
    )


def _paragraph(text: str, rng: random.Random) -> str:
    """A paragraph whose text is split over runs, with a deleted run between them now and then."""
    at = rng.randint(0, len(text))
    gone = "<w:del><w:r><w:delText>9</w:delText></w:r></w:del>" if rng.random() < 0.1 else ""
    runs = [
        "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in piece.split("\n"))
        for piece in (text[:at], text[at:])
    ]
    return f"<w:p><w:r>{runs[0]}</w:r>{gone}<w:r>{runs[1]}</w:r></w:p>"


def _word_table(rows: list[list[Span]], rng: random.Random, *, lines: bool) -> str:
    found, width = slots(rows)
    below = {(r + down, c): (colspan, False) for r, c, _, rowspan, colspan in found for down in range(1, rowspan)}
    written = []
    for r in range(len(rows)):
        cells = []
        here = {c: (text, rowspan, colspan) for row, c, text, rowspan, colspan in found if row == r}
        c = 0
        while c < width:
            if c in here:
                text, rowspan, colspan = here[c]
                merge = '<w:vMerge w:val="restart"/>' if rowspan > 1 else ""
                content = _paragraph(text, rng)
            elif (r, c) in below:
                colspan, merge, content = below[r, c][0], "<w:vMerge/>", "<w:p/>"
            else:
                break
            cells.append(f'<w:tc><w:tcPr><w:gridSpan w:val="{colspan}"/>{merge}</w:tcPr>{content}</w:tc>')
            c += colspan
        written.append(f"<w:tr>{''.join(cells)}</w:tr>")
    edges = "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in _SIDES if lines)
    grid = f'<w:gridCol w:w="{9000 // width}"/>' * width
    look = f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    return f"<w:tbl>{look}{''.join(written)}</w:tbl>"


def as_xlsx(drawn: Drawn, rng: random.Random) -> bytes:
    """One sheet with the whole report, or a sheet for each table."""
    labels = Labels(rng, drawn)
    together = rng.random() < 0.6
    sheets: list[tuple[str, list[list[Span]]]] = [
        ("Sheet1", [[(drawn.title, 1, 8)], [(f"发布时间：{drawn.year + 1}-01-20", 1, 8)]])
    ]
    for _, content in parts(drawn, labels):
        if isinstance(content, str):
            sheets[-1][1].append([(content, 1, 8)])
        elif together:
            sheets[-1][1].extend(content)
        else:
            sheets.append((f"表{len(sheets)}", list(content)))
    members = {"[Content_Types].xml": _types(len(sheets)), "_rels/.rels": _rels("xl/workbook.xml")}
    members["xl/workbook.xml"] = _workbook(sheets)
    members["xl/_rels/workbook.xml.rels"] = _workbook_rels(len(sheets))
    for i, (_, rows) in enumerate(sheets, 1):
        members[f"xl/worksheets/sheet{i}.xml"] = _sheet(rows)
    return _zip(members)


def _types(count: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{kind}.worksheet+xml"/>'
        for i in range(1, count + 1)
    )
    return (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{overrides}</Types>'
    )


def _workbook(sheets: list[tuple[str, list[list[Span]]]]) -> str:
    entries = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, (name, _) in enumerate(sheets, 1))
    namespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        f'<?xml version="1.0"?><workbook xmlns="{_SHEET}" xmlns:r="{namespace}"><sheets>{entries}</sheets></workbook>'
    )


def _workbook_rels(count: int) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    entries = "".join(
        f'<Relationship Id="rId{i}" Type="{kind}" Target="worksheets/sheet{i}.xml"/>' for i in range(1, count + 1)
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<?xml version="1.0"?><Relationships xmlns="{namespace}">{entries}</Relationships>'


def _sheet(rows: list[list[Span]]) -> str:
    found, _ = slots(rows)
    lines: dict[int, list[str]] = {}
    merged = []
    for r, c, text, rowspan, colspan in found:
        name = f"{_letters(c)}{r + 1}"
        if text.isascii() and text.isdigit():
            cell = f'<c r="{name}"><v>{text}</v></c>'
        elif text:
            cell = f'<c r="{name}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        else:
            cell = f'<c r="{name}"/>'
        lines.setdefault(r, []).append(cell)
        if rowspan > 1 or colspan > 1:
            merged.append(f'<mergeCell ref="{name}:{_letters(c + colspan - 1)}{r + rowspan}"/>')
    data = "".join(f'<row r="{r + 1}">{"".join(cells)}</row>' for r, cells in sorted(lines.items()))
    merges = f'<mergeCells count="{len(merged)}">{"".join(merged)}</mergeCells>' if merged else ""
    return f'<?xml version="1.0"?><worksheet xmlns="{_SHEET}"><sheetData>{data}</sheetData>{merges}</worksheet>'


def _letters(column: int) -> str:
    return chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)


# --- PDF: one font without a program, letters named by a ToUnicode map, which is all that reading needs ---------------
_SIZE, _LINE, _TOP, _LEFT, _RIGHT, _BOTTOM = 9.0, 16.0, 800.0, 40.0, 555.0, 50.0


class _Pages:
    """Content streams; `down` opens a new page where the old one is full."""

    def __init__(self) -> None:
        self.pages: list[list[str]] = [[]]
        self.y = _TOP

    def down(self, by: float) -> None:
        self.y -= by
        if self.y < _BOTTOM:
            self.pages.append([])
            self.y = _TOP - by

    def text(self, x: float, y: float, text: str) -> None:
        code = text.encode("utf-16-be").hex()
        self.pages[-1].append(f"BT /F1 {_SIZE} Tf {x:.1f} {y:.1f} Td <{code}> Tj ET")

    def box(self, x: float, y: float, width: float, height: float) -> None:
        self.pages[-1].append(f"{x:.1f} {y:.1f} {width:.1f} {height:.1f} re S")


def as_pdf(drawn: Drawn, rng: random.Random) -> bytes:
    """The report with ruled tables, which run over page breaks."""
    labels = Labels(rng, drawn)
    pages = _Pages()
    for text in (drawn.title, f"发布时间：{drawn.year + 1}-01-20"):
        pages.down(_LINE)
        pages.text(_LEFT, pages.y, text)
    for _, content in parts(drawn, labels):
        if isinstance(content, str):
            pages.down(_LINE)
            pages.text(_LEFT, pages.y, content)
        else:
            _ruled(pages, content)
    return _pdf(pages.pages)


def _ruled(pages: _Pages, rows: list[list[Span]]) -> None:
    found, width = slots(rows)
    unit = (_RIGHT - _LEFT) / (width + 5)
    edges = [_LEFT] + [_LEFT + unit * 6 + unit * i for i in range(width)]
    if width <= 8:
        edges = [_LEFT + (_RIGHT - _LEFT) * i / width for i in range(width + 1)]
    heights = [
        _LINE * max((_lines(t, edges[c + cs] - edges[c]) for r, c, t, rs, cs in found if r == n and rs == 1), default=1)
        for n in range(len(rows))
    ]
    for n, height in enumerate(heights):
        pages.down(height)
        for r, c, text, rowspan, colspan in found:
            if r <= n < r + rowspan:
                x, cell_width = edges[c], edges[c + colspan] - edges[c]
                if rowspan == 1:
                    pages.box(x, pages.y, cell_width, height)
                else:  # the sides of each of its rows, its top and its bottom
                    pages.pages[-1].append(f"{x:.1f} {pages.y:.1f} m {x:.1f} {pages.y + height:.1f} l S")
                    right = x + cell_width
                    pages.pages[-1].append(f"{right:.1f} {pages.y:.1f} m {right:.1f} {pages.y + height:.1f} l S")
                    if n == r:
                        top = pages.y + height
                        pages.pages[-1].append(f"{x:.1f} {top:.1f} m {right:.1f} {top:.1f} l S")
                    if n == r + rowspan - 1:
                        pages.pages[-1].append(f"{x:.1f} {pages.y:.1f} m {right:.1f} {pages.y:.1f} l S")
                if n == r:
                    _write(pages, text, x, pages.y + height, cell_width, height if rowspan == 1 else 10_000)


def _fit(text: str, width: float) -> list[str]:
    count = max(1, int((width - 2) // _SIZE))
    return [line[i : i + count] for line in text.split("\n") for i in range(0, max(len(line), 1), count)]


def _lines(text: str, width: float) -> int:
    return len(_fit(text, width))


def _write(pages: _Pages, text: str, x: float, top: float, width: float, height: float) -> None:
    for i, line in enumerate(_fit(text, width)):
        y = top - 12 - i * 11
        if line and top - y < height + 4 and y > _BOTTOM - 10:
            pages.text(x + 1, y, line)


def _pdf(pages: list[list[str]]) -> bytes:
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def "
        "1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0000> <ffff> <0000> endbfrange "
        "endcmap end end"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{7 + 2 * i} 0 R' for i in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H "
        "/DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 /FontDescriptor 5 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        "<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 -200 1000 800] /Ascent 800 /Descent -200 "
        "/ItalicAngle 0 /CapHeight 700 /StemV 80 >>",
        f"<< /Length {len(cmap)} >> stream\n{cmap}\nendstream",
    ]
    for i, content in enumerate(pages):
        stream = "\n".join(content)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {8 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >> stream\n{stream}\nendstream")
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj {content} endobj\n".encode("latin-1")
    start = len(out)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
