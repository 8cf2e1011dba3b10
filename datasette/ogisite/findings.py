"""The list of findings and the page of one with its evidence."""

from ogisite import bodies, front, reading, versions
from ogisite.people import precision, with_people
from ogisite.publishing import PUBLIC, SWITCHED_ON
from ogisite.reading import parsed, row, rows, value

OUTCOMES = ("fail", "pending", "not_assessable", "closed")
SORTS = ("new", "severity", "year", "body")
MANY_NOUGHTS = 6  # cells of 0 that are folded away, since they only add nothing to a sum
FEW = 2000  # bodies that a filter leaves, up to which their findings are looked up one by one


def families(conn):
    """The families that have a rule, in alphabetical order."""
    return [r["family"] for r in rows(conn, "SELECT DISTINCT family FROM rules WHERE state = 'on' ORDER BY 1")]


def of_body(conn, body, year):
    """The open findings of one (body, report year), the gravest first."""
    found = rows(
        conn,
        f"""SELECT f.* FROM findings f WHERE f.body_id = ? AND f.report_year = ? AND f.closed_at IS NULL
              AND f.outcome IN ('fail', 'pending') AND {PUBLIC}
            ORDER BY f.outcome, CASE f.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, f.id LIMIT 200""",
        (body, year),
    )
    return with_people(conn, found)


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
    where, params, narrow = [SWITCHED_ON if asked.operator else PUBLIC], [], _is_narrow(conn, chosen)
    if chosen["rule"] and not chosen["family"]:
        # the index is by family
        chosen["family"] = value(conn, "SELECT family FROM rules WHERE id = ?", (chosen["rule"],)) or ""
    for name, sql in (
        ("family", "f.family = ?"),
        ("severity", "f.severity = ?"),
        ("year", "f.report_year = ?"),
        ("kind", "b.kind = ?"),
        ("rule", "f.rule = ?"),
    ):
        if chosen[name]:
            where.append(sql)
            params.append(chosen[name])
    if chosen["division"]:
        where.append("b.division >= ? AND b.division < ?")
        params.extend(reading.prefix(chosen["division"]))
    if chosen["outcome"] == "closed":
        where.append("f.closed_at IS NOT NULL")
    else:
        where.append("f.closed_at IS NULL AND f.outcome = ?")
        params.append(chosen["outcome"])
    found = with_people(conn, rows(conn, *_query(" AND ".join(where), params, chosen, narrow, asked.window())))
    return {
        **asked.paged(found),
        **chosen,
        "years": known,
        "families": names,
        "severities": front.SEVERITIES,
        "kinds": bodies.KINDS,
        "outcomes": OUTCOMES,
        "sorts": SORTS,
        "provinces": front.province_names(conn),
    }


def _is_narrow(conn, chosen):
    """True if the filters leave so few bodies that starting from them beats walking the findings in order."""
    if chosen["division"]:
        return True
    if not chosen["kind"]:
        return False
    few = "SELECT count(*) FROM (SELECT 1 FROM bodies WHERE kind = ? LIMIT ?)"
    return value(conn, few, (chosen["kind"], FEW + 1)) <= FEW


def _index(chosen):
    """The index whose order is the list's; named because SQLite's own choice took seconds at a million rows."""
    if chosen["sort"] == "year":
        return "findings_by_year"
    if chosen["sort"] == "body":
        return "findings_by_body"
    if chosen["outcome"] == "closed":
        return "findings_closed"
    if chosen["family"]:
        return "findings_by_family"
    if chosen["severity"]:
        return "findings_gravest"
    return "findings_by_year" if chosen["year"] else "findings_newest"


def _query(where, params, chosen, narrow, window):
    """The SQL of a list of findings and its parameters: every order that is offered follows an index."""
    time = "closed_at" if chosen["outcome"] == "closed" else "opened_at"
    newest = f"f.{time} DESC, f.rowid DESC"
    orders = {"year": f"f.report_year DESC, {newest}", "body": "f.body_id, f.report_year, f.rowid"}

    def keys(index):
        # CROSS JOIN keeps SQLite to the order of the tables as written
        tables = f"findings f INDEXED BY {index} CROSS JOIN bodies b ON b.id = f.body_id"
        if narrow:
            tables = "bodies b CROSS JOIN findings f INDEXED BY findings_by_body ON f.body_id = b.id"
        return f"SELECT f.rowid AS n, f.{time} AS at FROM {tables} WHERE {where}"

    by_severity = chosen["sort"] == "severity" and not chosen["severity"] and chosen["outcome"] != "closed"
    if by_severity and not chosen["family"]:
        # one walk a severity, each as long as the page needs, instead of sorting everything
        walk = f"{keys('findings_gravest')} AND f.severity = ? ORDER BY {newest} LIMIT ?"
        parts = " UNION ALL ".join(
            f"SELECT * FROM (SELECT {rank} AS rank, k.* FROM ({walk}) k)" for rank in range(len(front.SEVERITIES))
        )
        values = [v for severity in front.SEVERITIES for v in (*params, severity, window[0] + window[1])]
        order = "u.rank, u.at DESC, u.n DESC"
        picked = f"SELECT * FROM ({parts}) ORDER BY rank, at DESC, n DESC LIMIT ? OFFSET ?"
    else:
        gravest = "CASE f.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, " if by_severity else ""
        order = orders.get(chosen["sort"], gravest + newest)
        values = list(params)
        picked = f"{keys(_index(chosen))} ORDER BY {order} LIMIT ? OFFSET ?"
    fields = (
        "f.id, f.rule, f.family, f.severity, f.outcome, f.body_id, f.report_year, f.report_id, f.message_zh, "
        "f.message_en, f.opened_at, f.closed_at, f.reason, f.responsibility, b.name, b.kind"
    )
    sql = (
        f"SELECT {fields} FROM ({picked}) u JOIN findings f ON f.rowid = u.n JOIN bodies b ON b.id = f.body_id "
        f"ORDER BY {order}"
    )
    return sql, [*values, *window]


def one(conn, asked):
    """One finding with the cells, the passages, the formula, the versions and what people said of it."""
    finding = row(
        conn,
        f"""SELECT f.*, b.name, b.kind FROM findings f JOIN bodies b ON b.id = f.body_id
            WHERE f.id = ? AND {"1" if asked.operator else PUBLIC}""",
        (asked.parts["id"],),
    )
    if finding is None:
        return None
    with_people(conn, [finding])
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
    earlier = None
    if finding["rule"] == "restated" and report:
        known = versions.of(conn, finding["body_id"], finding["report_year"], report["id"])
        earlier = versions.before(known, report["id"])
        _tell_versions(cells)
    for cell in cells:
        old = earlier if cell.get("side") == "old" else None
        cell["origin"] = _origin(conn, finding, old or report, cell, neighbours)
    cells, shown = _noughts_last(cells)
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
        "said": precision(conn).get(finding["rule"]),
        "earlier": earlier,
        "cells": cells,
        "shown": shown,
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


def _noughts_last(cells):
    """The cells as they came, those of 0 behind the others where there are many; and how many are shown at once."""
    # the first is the cell that a finding is about
    plain = [n == 0 or cell.get("value") != 0 for n, cell in enumerate(cells)]
    if plain.count(False) < MANY_NOUGHTS:
        return cells, len(cells)
    kept = [cell for cell, shown in zip(cells, plain, strict=True) if shown]
    return kept + [cell for cell, shown in zip(cells, plain, strict=True) if not shown], len(kept)


def _tell_versions(cells):
    """Marks the first of two cells at one place as that of the earlier version, the second as that of the later."""
    seen = set()
    for cell in cells:
        place = (cell.get("table"), cell.get("row"), cell.get("column"))
        cell["side"] = "new" if place in seen else "old"
        seen.add(place)


def _origin(conn, finding, report, cell, neighbours):
    """The report in whose document a cell of evidence can be shown: that of the address it names, else the judged."""
    year = cell.get("report_year") or finding["report_year"]
    named = value(
        conn,
        """SELECT r.id FROM documents d JOIN reports r ON r.document_id = d.id JOIN report_views v ON v.report_id = r.id
           WHERE d.url = ? AND r.body_id = ? AND r.report_year = ? ORDER BY r.id = ? DESC, r.version DESC LIMIT 1""",
        (str(cell.get("file")), finding["body_id"], year, report["id"] if report else 0),
    )
    judged = report["id"] if report and year == finding["report_year"] else neighbours.get(year)
    return named or value(conn, "SELECT report_id FROM report_views WHERE report_id = ?", (judged,))
