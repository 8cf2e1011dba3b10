"""The list of bodies, the page of one body, and the search."""

import re
import unicodedata

from ogisite import front, reading
from ogisite.publishing import PUBLIC, STANDING
from ogisite.reading import like, parsed, row, rows

KINDS = ("central", "government", "department", "township", "subdistrict", "institution", "zone_committee", "other")
POSITIONS = 4096  # of the search table: rowid = report id * 4096 + position of the section
_CJK = re.compile("([\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")


def division_path(conn, code):
    """The names from the province down to a division code (its own prefix divisions)."""
    found = []
    for candidate in dict.fromkeys((code[:2] + "0000", code[:4] + "00", code[:6], code)):
        name = reading.value(conn, "SELECT name FROM divisions WHERE code = ?", (candidate,))
        if name and name not in [f["name"] for f in found]:
            found.append({"code": candidate, "name": name})
    return found


def listing(conn, asked):
    """Bodies by name, place, kind, and by the status of one report year."""
    known = reading.years(conn)
    year = asked.year() if asked.year() in known else reading.remember(conn, "best_year", front.best_year, tuple(known))
    kind, status = asked.choice("kind", KINDS), asked.choice("status", front.STATUSES)
    division, wanted = asked.text("division"), asked.text("q")
    division = division if division.isdigit() and len(division) <= 12 else ""
    # registered bodies that nobody watches for this year are left out unless they are asked for
    watched = bool(year) and not wanted and not asked.text("all")
    where, params = ["b.active"], [year]
    if status:
        where.append("o.status = ?")
        params.append(status)
    if kind:
        where.append("b.kind = ?")
        params.append(kind)
    if division:
        where.append("b.division >= ? AND b.division < ?")
        params.extend(reading.prefix(division))
    if wanted:
        where.append("(b.name LIKE ? ESCAPE '\\' OR b.aliases LIKE ? ESCAPE '\\')")
        params.extend([like(wanted)] * 2)
    order = "o.days_late DESC, b.id" if status == "late" else "b.id"
    join = "JOIN" if status or watched else "LEFT JOIN"
    found = rows(
        conn,
        f"""SELECT b.id, b.name, b.kind, b.division, o.status, o.days_late, o.due_on, o.published_on, o.clause
            FROM bodies b {join} obligations o ON o.body_id = b.id AND o.report_year = ?
            WHERE {" AND ".join(where)} ORDER BY {order} LIMIT ? OFFSET ?""",
        (*params, *asked.window()),
    )
    return {
        **asked.paged(found),
        "years": known, "year": year, "kind": kind, "status": status, "division": division, "q": wanted,
        "watched": watched,
        "kinds": KINDS, "statuses": front.STATUSES, "provinces": front.province_names(conn),
        "place": division_path(conn, division) if len(division) > 2 else [],
    }  # fmt: skip


def one(conn, asked):
    """One body: its years, reports, columns and what is known of it."""
    body = row(conn, "SELECT * FROM bodies WHERE id = ?", (asked.parts["id"],))
    if body is None:
        return None
    key = (body["id"],)
    reports = {}
    for report in rows(
        conn,
        """SELECT r.id, r.report_year, r.version, r.title, r.published_on, r.first_seen_at, r.fingerprint, r.forms
           FROM reports r WHERE r.body_id = ? AND r.is_report
           ORDER BY r.report_year DESC, r.version DESC, r.id LIMIT 400""",
        key,
    ):
        reports.setdefault(report["report_year"], []).append(report)
    found = {}
    for r in rows(
        conn,
        f"""SELECT report_year, severity, count(*) AS n FROM findings f
            WHERE body_id = ? AND outcome = 'fail' AND closed_at IS NULL AND {PUBLIC} AND {STANDING}
            GROUP BY 1, 2""",
        key,
    ):
        found.setdefault(r["report_year"], {})[r["severity"]] = r["n"]
    years = rows(conn, "SELECT * FROM obligations WHERE body_id = ? ORDER BY report_year DESC LIMIT 60", key)
    columns = rows(
        conn,
        """SELECT c.*, (SELECT count(*) FROM column_bodies x WHERE x.column_id = c.id) AS owners,
                  l.day, l.result, l.started_at, l.entries
           FROM column_bodies cb JOIN columns c ON c.id = cb.column_id
           LEFT JOIN looks l ON l.id = (SELECT id FROM looks WHERE column_id = c.id ORDER BY started_at DESC LIMIT 1)
           WHERE cb.body_id = ? ORDER BY c.active DESC, c.id LIMIT 50""",
        key,
    )
    return {
        "body": body,
        "aliases": parsed(body["aliases"], []),
        "place": division_path(conn, body["division"]),
        "parent": row(conn, "SELECT id, name FROM bodies WHERE id = ?", (body["parent"],)),
        "successor": row(conn, "SELECT id, name FROM bodies WHERE id = ?", (body["successor"],)),
        "children": rows(conn, "SELECT id, name FROM bodies WHERE parent = ? AND active ORDER BY id LIMIT 101", key),
        "years": years,
        "reports": reports,
        "loose": [y for y in reports if y not in {o["report_year"] for o in years}],
        "findings": found,
        "columns": columns,
        "exemptions": rows(conn, "SELECT * FROM exemptions WHERE body_id = ? ORDER BY report_year", key),
        "changes": front.events(conn, 12, body=body["id"]),
    }


def spaced(text):
    """NFKC with a blank around each CJK character, as the search table holds texts."""
    return _CJK.sub(r" \1 ", unicodedata.normalize("NFKC", text))


def phrase(text):
    """The MATCH expression: every word must occur in the text, each as a phrase; '' if nothing can be asked.

    Headings are left out: all reports have the form's.
    """
    phrases = (" ".join(spaced(word).replace('"', " ").split()) for word in text.split()[:8])
    asked = " AND ".join(f'"{p}"' for p in phrases if any(c.isalnum() for c in p))
    return f"text : ({asked})" if asked else ""


def snippet(text, asked_for, width=70):
    """Stretches of a text: before, the words found, after; cut by us because the index keeps no text."""
    flat = " ".join(unicodedata.normalize("NFKC", text).split())
    for word in asked_for.split():
        at = flat.casefold().find(unicodedata.normalize("NFKC", word).casefold())
        if at >= 0:
            start, end = max(0, at - width), at + len(word)
            return {
                "before": ("…" if start else "") + flat[start:at],
                "found": flat[at:end],
                "after": flat[end : end + width] + ("…" if end + width < len(flat) else ""),
            }
    return {"before": flat[: 2 * width], "found": "", "after": ""}


def search(conn, asked):
    """Bodies by name and sections of reports by their words."""
    wanted = asked.text("q", 80)
    context = {"q": wanted, "bodies": [], "texts": [], "searchable": reading.has_table(conn, "section_search")}
    if not wanted:
        return context
    pattern = like(wanted)
    context["bodies"] = rows(
        conn,
        """SELECT id, name, kind, division FROM bodies
           WHERE name LIKE ? ESCAPE '\\' OR aliases LIKE ? ESCAPE '\\' ORDER BY length(name), id LIMIT 30""",
        (pattern, pattern),
    )
    expression = phrase(wanted)
    if context["searchable"] and expression:
        # not by rank, which reads every hit (240 ms where 60,000 of 100,000 texts hold a word): the newest first
        hits = rows(
            conn,
            "SELECT rowid FROM section_search WHERE section_search MATCH ? ORDER BY rowid DESC LIMIT 60",
            (expression,),
        )
        for hit in hits:
            report, position = divmod(hit["rowid"], POSITIONS)
            found = row(
                conn,
                """SELECT s.heading, s.text, r.id, r.report_year, r.title, r.body_id, b.name
                   FROM sections s JOIN reports r ON r.id = s.report_id LEFT JOIN bodies b ON b.id = r.body_id
                   WHERE s.report_id = ? AND s.position = ?""",
                (report, position),
            )
            if found:
                context["texts"].append({**found, "snippet": snippet(found.pop("text"), wanted)})
    return context
