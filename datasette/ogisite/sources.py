"""One report in several forms: the documents it is held in, what was taken from each, and where they differ."""

from ogisite.reading import row, rows

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def of(conn, report):
    """(the other sources of a report, its cells in them, the report that it is itself only a source of).

    Cells: (table, row, column) -> list of rows of `source_cells`, each with the `letter` of its source.
    """
    found = rows(
        conn,
        """SELECT s.source_id AS id, s.position, s.alike, s.text, r.part, r.format, d.url, d.sha256, d.content_type
           FROM report_sources s JOIN reports r ON r.id = s.source_id JOIN documents d ON d.id = r.document_id
           WHERE s.report_id = ? ORDER BY s.position LIMIT 26""",
        (report["id"],),
    )
    letters = {source["id"]: LETTERS[position] for position, source in enumerate(found)}
    cells = {}
    if found:
        for cell in rows(conn, "SELECT * FROM source_cells WHERE report_id = ?", (report["id"],)):
            if cell["source_id"] in letters:
                cell["letter"] = letters[cell["source_id"]]
                cells.setdefault((cell["table_name"], cell["row"], cell["column"]), []).append(cell)
    for source in found:
        source["letter"] = letters[source["id"]]
        for use in ("filled", "differs"):
            source[use] = sum(c["source_id"] == source["id"] and c["use"] == use for of in cells.values() for c in of)
    return found, cells, row(conn, "SELECT report_id AS id FROM report_sources WHERE source_id = ?", (report["id"],))


def number_of(cell):
    """The number in a row of `source_cells`, None if it holds none."""
    text = cell["value"]
    if text is None:
        return None
    return int(text) if text.lstrip("-").isdigit() else float(text)
