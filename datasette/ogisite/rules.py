"""The methodology: rules by family, with what they found and what people said of it."""

from ogisite import reading
from ogisite.findings import PUBLIC
from ogisite.reading import row, rows


def _said(conn):
    """People's verdicts by rule: rule -> verdict -> count; only the newest verdict on a finding counts."""
    found = {}
    for r in rows(
        conn,
        """SELECT f.rule, v.verdict, count(*) AS n FROM verdicts v JOIN findings f ON f.id = v.finding_id
           WHERE v.id = (SELECT max(id) FROM verdicts x WHERE x.finding_id = v.finding_id) GROUP BY 1, 2""",
    ):
        found.setdefault(r["rule"], {})[r["verdict"]] = r["n"]
    return found


def _counts(conn):
    """Open findings by family."""
    sql = """SELECT family, count(*) FROM findings INDEXED BY findings_open
             WHERE outcome = 'fail' AND closed_at IS NULL GROUP BY 1"""
    return dict(conn.execute(sql).fetchall())


def listing(conn, asked):
    """All published rules, grouped by family, with the open findings of each family."""
    grouped = {}
    for rule in rows(conn, "SELECT * FROM rules WHERE state = 'on' ORDER BY family, id"):
        grouped.setdefault(rule["family"], []).append(rule)
    counts = reading.remember(conn, "families", _counts)
    duties = rows(conn, "SELECT * FROM duties ORDER BY years_from, id LIMIT 200")
    return {"grouped": grouped, "counts": counts, "said": _said(conn), "duties": duties}


def one(conn, asked):
    """One rule with its newest findings."""
    rule = row(conn, "SELECT * FROM rules WHERE id = ? AND state = 'on'", (asked.parts["id"],))
    if rule is None:
        return None
    newest = rows(
        conn,
        f"""SELECT f.*, b.name, b.kind FROM findings f JOIN bodies b ON b.id = f.body_id
            WHERE f.family = ? AND f.outcome = 'fail' AND f.rule = ? AND f.closed_at IS NULL AND {PUBLIC}
            ORDER BY f.opened_at DESC LIMIT 31""",
        (rule["family"], rule["id"]),
    )
    return {"rule": rule, "newest": newest, "said": _said(conn).get(rule["id"], {})}
