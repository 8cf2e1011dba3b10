"""The methodology: rules by family, with what they found and what people said of it."""

from ogisite import reading
from ogisite.people import precision, with_people
from ogisite.reading import row, rows


def _counts(conn):
    """Open findings by family: of published rules, and not dismissed."""
    sql = """SELECT family, count(*) FROM findings INDEXED BY findings_open
             WHERE outcome = 'fail' AND closed_at IS NULL GROUP BY 1"""
    found = dict(conn.execute(sql).fetchall())
    uncounted = """SELECT family, count(*) FROM findings WHERE outcome = 'fail' AND closed_at IS NULL AND id IN (
                     SELECT finding_id FROM dismissed_findings UNION
                     SELECT f.id FROM rules u JOIN findings f ON f.family = u.family AND f.rule = u.id
                     WHERE u.state <> 'on') GROUP BY 1"""
    for family, few in conn.execute(uncounted):
        found[family] -= few
    return found


def listing(conn, asked):
    """All published rules, grouped by family, with the open findings of each family."""
    grouped = {}
    for rule in rows(conn, "SELECT * FROM rules WHERE state = 'on' ORDER BY family, id"):
        grouped.setdefault(rule["family"], []).append(rule)
    counts = reading.remember(conn, "families", _counts)
    duties = rows(conn, "SELECT * FROM duties ORDER BY years_from, id LIMIT 200")
    need = reading.thresholds(conn)
    return {"grouped": grouped, "counts": counts, "said": precision(conn), "duties": duties, "need": need}


def one(conn, asked):
    """One rule with its newest findings."""
    published = "" if asked.operator else "AND state = 'on'"
    rule = row(conn, f"SELECT * FROM rules WHERE id = ? {published}", (asked.parts["id"],))
    if rule is None:
        return None
    newest = rows(
        conn,
        """SELECT f.*, b.name, b.kind FROM findings f JOIN bodies b ON b.id = f.body_id
            WHERE f.family = ? AND f.outcome = 'fail' AND f.rule = ? AND f.closed_at IS NULL
            ORDER BY f.opened_at DESC LIMIT 31""",
        (rule["family"], rule["id"]),
    )
    return {"rule": rule, "newest": with_people(conn, newest), "said": precision(conn).get(rule["id"])}
