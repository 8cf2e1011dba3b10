"""The methodology: rules by family, with what they found and what people said of it."""

from ogisite import reading
from ogisite.findings import NEWEST_VERDICT, with_people
from ogisite.reading import row, rows

ENOUGH = 5  # verdicts that confirm or dismiss, before a share of them says anything


def _said(conn):
    """People's verdicts by rule: counts of each, and the precision.

    Only the newest verdict on a finding counts, and only verdicts on the rule's present version: what it said before
    was another rule. `percent`: confirmed of those confirmed or dismissed, None below ENOUGH.
    """
    found = {}
    for r in rows(
        conn,
        f"""SELECT f.rule, v.verdict, count(*) AS n FROM verdicts v JOIN findings f ON f.id = v.finding_id
            JOIN rules u ON u.id = f.rule AND u.version = v.rule_version
            WHERE v.id = {NEWEST_VERDICT} GROUP BY 1, 2""",
    ):
        found.setdefault(r["rule"], {"confirm": 0, "dismiss": 0, "dispute": 0})[r["verdict"]] = r["n"]
    for said in found.values():
        said["of"] = said["confirm"] + said["dismiss"]
        said["percent"] = round(100 * said["confirm"] / said["of"]) if said["of"] >= ENOUGH else None
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
    need = reading.thresholds(conn)
    return {"grouped": grouped, "counts": counts, "said": _said(conn), "duties": duties, "need": need}


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
    return {"rule": rule, "newest": with_people(conn, newest), "said": _said(conn).get(rule["id"])}
