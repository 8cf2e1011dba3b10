"""The archived document itself, with one cell or passage marked: printed as text and tables of our own making.

Nothing of the document's markup is used: `report_views` holds its text and its grids, PDF pages and pictures are drawn
anew (`pictures`). So a hostile page can neither run nor load anything here.
"""

import json
import zlib
from pathlib import Path

from datasette import Response
from datasette.utils.asgi import NotFound
from ogisite import errors, pictures, reading
from ogisite.reading import row, whole

LARGEST = 8_000_000  # characters of a packed document
PAGED = ("pdf", "picture")


def unpacked(packed):
    """What `report_views` holds of a document, None where there is none or it is damaged."""
    if not packed:
        return None
    try:
        worker = zlib.decompressobj()
        found = json.loads(worker.decompress(packed, LARGEST))
    except (zlib.error, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("v") == 1 else None


def _report(conn, report_id):
    return row(
        conn,
        """SELECT r.id, r.part, r.title, r.body_id, r.report_year, r.format, b.name, d.url, d.sha256, d.content_type,
                  v.packed
           FROM reports r JOIN documents d ON d.id = r.document_id LEFT JOIN bodies b ON b.id = r.body_id
           LEFT JOIN report_views v ON v.report_id = r.id WHERE r.id = ?""",
        (report_id,),
    )


def one(conn, asked):
    """The document of one report; `cell` (table/row/column) or `passage` (section, start, end) says what is marked."""
    report = _report(conn, int(asked.parts["id"]))
    if report is None:
        return None
    view = unpacked(report.pop("packed"))
    place, said = _asked_for(view, asked) if view else (None, "")
    context = {"letters": letters, "r": report, "place": place, "said": said, "held": view is not None, "parts": []}
    if view is None:
        return context
    page = place.get("page") if place else None
    if page or report["format"] in PAGED:
        page = page or whole(asked.text("page"), 1, 999, 1)
        drawn = pictures.image_of(_archive(conn), report["sha256"], _member(report), page)
        context["image"] = {"page": page, "width": drawn[1], "height": drawn[2]} if drawn else None
        context["page"] = page
        if drawn and place and place.get("box"):
            context["box"] = _framed(place["box"])
    else:
        context["parts"] = [_block(p, place) if p[0] == "b" else _grid(p, place) for p in view["parts"]]
    return context


def _asked_for(view, asked):
    """The place asked for, and the words or the codes that name it; (None, '') where there is none."""
    cell = asked.text("cell", 200).split("/")
    if len(cell) == 3:
        found = next((figure[3] for figure in view["figures"] if figure[:3] == cell), None)
        return found, " · ".join((asked.t.code("table", cell[0]), asked.t.code(f"row_{cell[0]}", cell[1]),
                                  asked.t.code("column", cell[2])))  # fmt: skip
    numbers = [whole(text, 0, 10_000_000) for text in asked.text("passage", 60).split("-")]
    if len(numbers) == 3 and None not in numbers:
        return _passage(view, *numbers), ""
    return None, ""


def _passage(view, section, start, end):
    """The place of a stretch of a section's text (0: before the first heading): from its first piece to its last."""
    spans = view["passages"][section] if section < len(view["passages"]) else []
    inside = [s for s in spans if s[0] < end and s[0] + s[2] > start]
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    place = {"start": first[1] + max(start - first[0], 0), "end": last[1] + min(end - last[0], last[2])}
    if first[3]:
        place |= {"page": first[3], "box": first[4]}
    return place


def _block(part, place):
    _, start, text = part
    cuts = [(text, False)]
    if place and "start" in place and place["start"] < start + len(text) and place["end"] > start:
        left, right = max(place["start"] - start, 0), min(place["end"] - start, len(text))
        cuts = [(text[:left], False), (text[left:right], True), (text[right:], False)]
    return {"text": [cut for cut in cuts if cut[0]]}


def _grid(part, place):
    _, index, sheet, cells = part
    lines = {}
    for cell in sorted(cells, key=lambda c: (c[0], c[1])):
        r, c, down, across, text = cell[:5]
        own = cell[5:7] or [r, c]
        here = bool(place) and place.get("grid") == index and [place.get("row"), place.get("column")] == list(own)
        lines.setdefault(r, []).append({"text": text, "down": down, "across": across, "here": here})
    last = max(lines, default=-1)
    return {"sheet": sheet, "rows": [lines.get(r, []) for r in range(last + 1)]}


def letters(column):
    """The name of a column in a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    while column >= 0:
        name, column = chr(65 + column % 26) + name, column // 26 - 1
    return name


def _framed(box):
    """x, y, width and height of a rectangle around a box, with a little air."""
    x0, top, x1, bottom = (float(edge) for edge in box)
    return {"x": x0 - 2, "y": top - 2, "width": x1 - x0 + 4, "height": bottom - top + 4}


def _member(report):
    """The member of an archive that a report was read from, '' where the document is no archive."""
    return "" if report["part"].startswith("#") else report["part"]


def _archive(conn):
    """The archive stands beside the database; where only the database was copied there is none."""
    return Path(conn.execute("PRAGMA database_list").fetchone()[2]).parent / "archive"


async def page_image(datasette, request):
    """One page of a report's document as a picture."""

    def drawn(conn):
        report = _report(conn, int(request.url_vars["id"]))
        if report is None or not report["packed"]:
            return None
        return pictures.image_of(_archive(conn), report["sha256"], _member(report), int(request.url_vars["page"]))

    found = await reading.read(datasette, drawn)
    if found is None:
        return await errors.answer(datasette, request, NotFound("404"))()
    headers = {"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"}
    return Response(found[0], content_type="image/png", headers=headers)
