"""The list of findings and the page of one with its evidence."""

from ogisite import bodies, front, reading
from ogisite.reading import parsed, row, rows

OUTCOMES = ("fail", "pending", "not_assessable", "closed", "all")
SORTS = ("new", "severity", "year", "body")
_ORDER = {
    "new": "f.opened_at DESC, f.id",
    "severity": "CASE f.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, f.opened_at DESC, f.id",
    "year": "f.report_year DESC, f.body_id, f.id",
    "body": "f.body_id, f.report_year DESC, f.id",
}
PUBLIC = "f.rule NOT IN (SELECT id FROM rules WHERE state <> 'on')"


def families(conn):
    """The families that have a rule, in alphabetical order."""
    return [r["family"] for r in rows(conn, "SELECT DISTINCT family FROM rules WHERE state = 'on' ORDER BY 1")]


def of_body(conn, body, year):
    """The open findings of one (body, report year), the gravest first."""
    return rows(
        conn,
        f"""SELECT f.* FROM findings f WHERE f.body_id = ? AND f.report_year = ? AND f.closed_at IS NULL
              AND f.outcome IN ('fail', 'pending') AND {PUBLIC}
            ORDER BY f.outcome, CASE f.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, f.id LIMIT 200""",
        (body, year),
    )


def listing(conn, asked):
    """Findings by family, severity, year, kind of body, place and outcome."""
    known, names = reading.years(conn), families(conn)
    chosen = {
        "family": asked.choice("family", names),
        "severity": asked.choice("severity", front.SEVERITIES),
        "year": asked.year(),
        "kind": asked.choice("kind", bodies.KINDS),
        "outcome": asked.choice("outcome", OUTCOMES) or "fail",
        "division": asked.text("division") if asked.text("division").isdigit() else "",
        "rule": asked.text("rule"),
        "sort": asked.choice("sort", SORTS) or "new",
    }
    where, params = [PUBLIC], []
    for name, sql in (
        ("family", "f.family = ?"), ("severity", "f.severity = ?"), ("year", "f.report_year = ?"),
        ("kind", "b.kind = ?"), ("rule", "f.rule = ?"),
    ):  # fmt: skip
        if chosen[name]:
            where.append(sql)
            params.append(chosen[name])
    if chosen["division"]:
        where.append("b.division LIKE ?")
        params.append(chosen["division"][:12] + "%")
    if chosen["outcome"] == "closed":
        where.append("f.closed_at IS NOT NULL")
    elif chosen["outcome"] == "all":
        where.append("f.outcome IN ('fail', 'pending', 'not_assessable')")
    else:
        where.append("f.closed_at IS NULL AND f.outcome = ?")
        params.append(chosen["outcome"])
    found = rows(
        conn,
        f"""SELECT f.id, f.rule, f.family, f.severity, f.outcome, f.body_id, f.report_year, f.report_id, f.message_zh,
                   f.message_en, f.opened_at, f.closed_at, f.reason, f.responsibility, b.name, b.kind
            FROM findings f JOIN bodies b ON b.id = f.body_id
            WHERE {" AND ".join(where)} ORDER BY {_ORDER[chosen["sort"]]} LIMIT ? OFFSET ?""",
        (*params, *asked.window()),
    )
    return {
        **asked.paged(found), **chosen,
        "years": known, "families": names, "severities": front.SEVERITIES, "kinds": bodies.KINDS,
        "outcomes": OUTCOMES, "sorts": SORTS, "provinces": front.province_names(conn),
    }  # fmt: skip


def one(conn, asked):
    """One finding with the cells, the passages, the formula, the versions and what people said of it."""
    finding = row(
        conn,
        f"""SELECT f.*, b.name, b.kind FROM findings f JOIN bodies b ON b.id = f.body_id WHERE f.id = ? AND {PUBLIC}""",
        (asked.parts["id"],),
    )
    if finding is None:
        return None
    cells = [c for c in parsed(finding["cells"], []) if isinstance(c, dict)][:400]
    report = None
    if finding["report_id"]:
        report = row(
            conn,
            """SELECT r.id, r.version, r.title, r.report_year, r.forms, d.url, d.sha256, d.first_seen_at, r.published_on
               FROM reports r JOIN documents d ON d.id = r.document_id WHERE r.id = ?""",
            (finding["report_id"],),
        )
    years = {c.get("report_year") for c in cells} - {None, finding["report_year"]}
    neighbours = {}
    for year in years:
        other = row(
            conn,
            """SELECT id, report_year FROM reports WHERE body_id = ? AND report_year = ? AND is_report
               ORDER BY version DESC, id""",
            (finding["body_id"], year),
        )
        if other:
            neighbours[year] = other["id"]
    forms = parsed(report["forms"], {}) if report else {}
    labels = {}
    for cell in cells:
        table = str(cell.get("table"))
        label = row(
            conn,
            "SELECT label FROM form_rows WHERE form = ? AND table_name = ? AND row = ?",
            (str(forms.get(table, "")), table, str(cell.get("row"))),
        )
        labels[f"{table}/{cell.get('row')}"] = label["label"] if label else ""
    return {
        "f": finding,
        "rule": row(conn, "SELECT * FROM rules WHERE id = ?", (finding["rule"],)),
        "cells": cells,
        "labels": labels,
        "passages": [p for p in parsed(finding["passages"], []) if isinstance(p, dict)][:100],
        "report": report,
        "neighbours": neighbours,
        "verdicts": rows(
            conn, "SELECT * FROM verdicts WHERE finding_id = ? ORDER BY at DESC, id DESC LIMIT 50", (finding["id"],)
        ),
        "changes": rows(
            conn,
            """SELECT e.*, b.name FROM events e JOIN bodies b ON b.id = e.body_id
               WHERE e.body_id = ? AND e.report_year = ? AND e.finding_id = ? ORDER BY e.detected_at DESC LIMIT 30""",
            (finding["body_id"], finding["report_year"], finding["id"]),
        ),
    }
