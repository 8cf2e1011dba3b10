"""The page of one report: what it is, its versions, its tables and texts with what findings rest on marked."""

from ogisite import bodies, reading, sources, tables, texts, versions
from ogisite.people import with_people
from ogisite.publishing import PUBLIC
from ogisite.reading import parsed, row, rows

LONGEST = 60_000  # characters of one section on the page; the whole text stays in the JSON


def newest(conn, asked):
    """Leads from (body, year) to the version that was judged (what its address gives now), else the newest held."""
    found = reading.value(
        conn,
        """SELECT r.id FROM reports r LEFT JOIN obligations o USING (body_id, report_year)
           WHERE r.body_id = ? AND r.report_year = ? AND r.is_report
           ORDER BY r.id = o.report_id DESC, r.version DESC, r.id LIMIT 1""",
        (asked.parts["id"], int(asked.parts["year"])),
    )
    return f"/report/{found}" if found else None


def _findings(conn, report):
    """The open findings that stand on this report, and those of the year after that point back to its cells."""
    if report["body_id"] is None:
        return []
    found = []
    for finding in rows(
        conn,
        f"""SELECT f.* FROM findings f WHERE f.body_id = ? AND f.report_year IN (?, ?) AND f.closed_at IS NULL
              AND f.outcome = 'fail' AND {PUBLIC}
            ORDER BY CASE f.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, f.id LIMIT 200""",
        (report["body_id"], report["report_year"], (report["report_year"] or 0) + 1),
    ):
        cells = [c for c in parsed(finding["cells"], []) if isinstance(c, dict)]
        own = finding["report_year"] == report["report_year"]
        if own and finding["report_id"] != report["id"]:
            continue
        here = [c for c in cells if (c.get("report_year") or finding["report_year"]) == report["report_year"]]
        if not own and not here:
            continue
        finding["here"] = [(str(c.get("table")), str(c.get("row")), str(c.get("column"))) for c in here]
        finding["quoted"] = [p for p in parsed(finding["passages"], []) if isinstance(p, dict)] if own else []
        finding["own"] = own
        found.append(finding)
    for number, finding in enumerate(found, 1):
        finding["number"] = number
        finding["first"] = tables.anchor(*finding["here"][0]) if finding["here"] else ""
    return with_people(conn, found)


def one(conn, asked):
    """One version of one report."""
    report = row(
        conn,
        """SELECT r.*, b.name, d.url, d.sha256, d.content_type, d.bytes, d.list_title, d.list_day, d.server_day,
                  d.column_id, d.last_seen_at, a.gone_at, a.gone_status, a.last_at, a.last_status
           FROM reports r JOIN documents d ON d.id = r.document_id LEFT JOIN bodies b ON b.id = r.body_id
           LEFT JOIN addresses a ON a.url = d.url WHERE r.id = ?""",
        (int(asked.parts["id"]),),
    )
    if report is None:
        return None
    found = _findings(conn, report)
    marks = {}
    marking = [finding for finding in found if finding["person"] != "dismiss"]
    for finding in marking:
        for cell in dict.fromkeys(finding["here"]):
            marks.setdefault(cell, []).append((finding["number"], finding["severity"]))
    others, cells, whole = sources.of(conn, report)
    said = next((source["id"] for source in others if source["text"]), report["id"])
    if said != report["id"]:
        text = row(conn, "SELECT preamble, text_confidence FROM reports WHERE id = ?", (said,))
        report.update(text)
    sections = rows(
        conn,
        "SELECT position, number, heading, substr(text, 1, ?) AS text, length(text) AS length FROM sections "
        "WHERE report_id = ? ORDER BY position LIMIT 200",
        (LONGEST, said),
    )
    if report["preamble"]:
        preamble = report["preamble"]
        sections.insert(
            0, {"position": -1, "number": 0, "heading": "", "text": preamble[:LONGEST], "length": len(preamble)}
        )
    quoted = [(f["number"], f["severity"], p) for f in marking for p in f["quoted"]]
    sections, lost = texts.marked(sections, quoted)
    origin = reading.value(conn, "SELECT report_id FROM report_views WHERE report_id = ?", (report["id"],))
    if reading.value(conn, "SELECT 1 FROM report_views WHERE report_id = ?", (said,)):
        for finding in found:
            finding["origin"] = texts.span_of(sections, finding["quoted"])
    known = []
    if report["body_id"] and report["report_year"]:
        known = versions.of(conn, report["body_id"], report["report_year"], report["id"])
    return {
        "doubtful": reading.value(
            conn, "SELECT 1 FROM cells WHERE report_id = ? AND confidence < 1 LIMIT 1", (report["id"],)
        ),
        "r": report,
        "findings": found,
        "tables": tables.printed(conn, report, marks, asked.t, cells, origin),
        "sections": sections,
        "lost": lost,
        "longest": LONGEST,
        "forms": tables.in_order(parsed(report["forms"], {})),
        "problems": rows(
            conn, "SELECT * FROM problems WHERE report_id = ? ORDER BY position LIMIT 100", (report["id"],)
        ),
        "days": rows(conn, "SELECT * FROM report_days WHERE report_id = ? ORDER BY position LIMIT 40", (report["id"],)),
        "versions": known,
        "change": versions.since(conn, known, report["id"]),
        "others": others,
        "said": said,
        "assigned": row(
            conn,
            """SELECT a.* FROM documents d LEFT JOIN documents p ON p.id = d.parent_id
               JOIN assignments a ON a.url IN (d.url, p.url) WHERE d.id = ? ORDER BY a.url = d.url DESC""",
            (report["document_id"],),
        ),
        "whole": whole,
        "status": row(
            conn,
            "SELECT status, days_late, due_on FROM obligations WHERE body_id = ? AND report_year = ?",
            (report["body_id"], report["report_year"]),
        ),
    }


def unassigned(conn, asked):
    """What waits for a person: reports of no known body, verdicts that an unclear entry holds up, unread documents."""
    found = rows(
        conn,
        """SELECT r.id, r.title, r.publisher, r.printed_year, r.body_id, r.report_year, r.attribution, r.first_seen_at,
                  d.url, d.list_title, d.column_id
           FROM reports r JOIN documents d ON d.id = r.document_id
           WHERE r.body_id IS NULL AND r.is_report ORDER BY r.report_year DESC, r.id DESC LIMIT ? OFFSET ?""",
        asked.window(),
    )
    known = reading.years(conn)
    year = asked.year() if asked.year() in known else (known[0] if known else None)
    held_up = []
    for candidate in [year] if asked.year() else known[:3]:
        held_up += rows(
            conn,
            """SELECT o.body_id, o.report_year, o.clause, b.name FROM obligations o JOIN bodies b ON b.id = o.body_id
               WHERE o.report_year = ? AND o.status = 'unverified' AND o.clause LIKE '%undecid%'
               ORDER BY 1 LIMIT 100""",
            (candidate,),
        )
    unread = rows(
        conn,
        """SELECT d.url, d.list_title, d.column_id, d.first_seen_at, d.content_type FROM documents d
           WHERE d.read_by IS NULL ORDER BY d.id DESC LIMIT 51""",
    )
    return {**asked.paged(found), "held_up": held_up, "unread": unread, "bodies_known": bodies.KINDS}
