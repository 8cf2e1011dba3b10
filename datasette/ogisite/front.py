"""The front page, the changes and their feed."""

from ogisite import reading
from ogisite.reading import rows, value

STATUSES = ("on_time", "late", "missing", "withdrawn", "undated", "unverified", "awaiting", "not_due", "exempt")
SEVERITIES = ("error", "warning", "notice")
EVENT_KINDS = ("status", "finding_opened", "finding_closed")
_PUBLISHED = """NOT EXISTS (SELECT 1 FROM findings f JOIN rules u ON u.id = f.rule
                               WHERE f.id = e.finding_id AND u.state <> 'on')"""


def counts(conn, year):
    """Status -> number of bodies, from the covering index."""
    found = conn.execute("SELECT status, count(*) FROM obligations WHERE report_year = ? GROUP BY status", (year,))
    return dict(found.fetchall())


def best_year(conn, known):
    """The newest report year of which a due day is over: the year to open with.

    A report that comes early, while all others are not due yet, does not make its year that one.
    """
    settled = [status for status in STATUSES if status not in ("not_due", "exempt")]
    marks = ",".join("?" * len(settled))
    for year in known:
        if value(
            conn,
            f"SELECT 1 FROM obligations WHERE report_year = ? AND status IN ({marks})"
            # judged_at is UTC, due_on a Shanghai day: the day is over at 16:00 UTC
            " AND datetime(due_on, '+16 hours') <= datetime(judged_at) LIMIT 1",
            (year, *settled),
        ):
            return year
    return known[0] if known else None


def provinces(conn, year):
    """Counts by status for each province; bodies of the centre stand under their own code."""
    names = {
        r["code"][:2]: r["name"]
        for r in rows(conn, "SELECT code, name FROM divisions WHERE parent IS NULL OR code LIKE '__0000'")
    }
    found = {}
    for r in rows(
        conn,
        """SELECT substr(b.division, 1, 2) AS province, o.status, count(*) AS n
           FROM obligations o JOIN bodies b ON b.id = o.body_id
           WHERE o.report_year = ? GROUP BY 1, 2""",
        (year,),
    ):
        line = found.setdefault(r["province"], {"code": r["province"], "statuses": {}, "total": 0})
        line["name"] = names.get(r["province"]) or ""
        line["statuses"][r["status"]] = r["n"]
        line["total"] += r["n"]
    return [found[key] for key in sorted(found)]


def freshness(conn):
    """When the last look ended and what came of the looks of the last seven days before it."""
    last = value(conn, "SELECT max(day) FROM looks")
    if last is None:
        return None
    ended = value(conn, "SELECT max(finished_at) FROM looks WHERE day >= date(?, '-1 day')", (last,))
    found = rows(
        conn,
        """SELECT result = 'complete' AS complete, count(*) AS n, count(DISTINCT column_id) AS columns
           FROM looks WHERE day > date(?, '-7 day') GROUP BY 1""",
        (last,),
    )
    week = {bool(r["complete"]): r for r in found}
    return {
        "ended": ended,
        "complete": week.get(True, {}).get("n", 0),
        "incomplete": week.get(False, {}).get("n", 0),
        "judged": value(conn, "SELECT judged_at FROM obligations ORDER BY report_year DESC LIMIT 1"),
        "columns": value(conn, "SELECT count(*) FROM columns WHERE active"),
        "bodies": value(conn, "SELECT count(*) FROM bodies WHERE active"),
    }


def events(conn, limit, kind="", body="", before=None, division="", status=""):
    """Newest events with the names of their bodies."""
    where, params = [_PUBLISHED], []
    if kind:
        where.append("e.kind = ?")
        params.append(kind)
    if body:
        where.append("e.body_id = ?")
        params.append(body)
    if division:
        where.append("b.division >= ? AND b.division < ?")
        params.extend(reading.prefix(division))
    if status:
        where.append("e.kind = 'status' AND e.new = ?")
        params.append(status)
    if before:
        where.append("(e.detected_at, e.id) < (?, ?)")
        params.extend(before)
    # CROSS JOIN keeps SQLite to the order of the tables: newest first, unless a place leaves few bodies
    tables = "events e CROSS JOIN bodies b ON b.id = e.body_id"
    if len(division) >= 6:
        tables = "bodies b CROSS JOIN events e ON e.body_id = b.id"
    return rows(
        conn,
        f"""SELECT e.*, b.name FROM {tables}
            WHERE {" AND ".join(where)} ORDER BY e.detected_at DESC, e.id DESC LIMIT ?""",
        (*params, limit),
    )


def content(conn, asked):
    """The front page for a chosen report year."""
    known = reading.years(conn)
    year = asked.year()
    if year not in known:
        year = reading.remember(conn, "best_year", best_year, tuple(known))
    by_status = counts(conn, year) if year else {}
    total = sum(by_status.values())
    return {
        "years": known,
        "year": year,
        "counts": by_status,
        "total": total,
        "statuses": STATUSES,
        "changes": events(conn, 8),
        "provinces": reading.remember(conn, "provinces", provinces, year) if year else [],
        "fresh": reading.remember(conn, "freshness", freshness),
        "searchable": reading.has_table(conn, "section_search"),
    }


def _before(text):
    at, _, number = text.partition("_")
    found = reading.whole(number, 1, 2**62)
    return (at, found) if found and len(at) == 20 else None


def changes(conn, asked):
    """The log of events, newest first; the next page starts before the last event shown."""
    kind = asked.choice("kind", EVENT_KINDS)
    status = asked.choice("status", STATUSES)
    body = asked.text("body")
    division = _digits(asked.text("division"))
    found = events(conn, 51, kind, body, _before(asked.text("before", 60)), division, status)
    shown = found[:50]
    following = f"{shown[-1]['detected_at']}_{shown[-1]['id']}" if len(found) > 50 else ""
    return {
        "items": shown,
        "following": following,
        "kind": kind,
        "kinds": EVENT_KINDS,
        "body": body,
        "division": division,
        "status": status,
        "statuses": STATUSES,
        "provinces": province_names(conn),
    }


def feed(conn, asked):
    """The newest hundred events as an Atom feed."""
    chosen = {
        "kind": asked.choice("kind", EVENT_KINDS),
        "body": asked.text("body"),
        "division": _digits(asked.text("division")),
        "status": asked.choice("status", STATUSES),
    }
    found = events(conn, 100, **chosen)
    return {**chosen, "items": found, "updated": found[0]["detected_at"] if found else "1970-01-01T00:00:00Z"}


def _digits(text):
    return text if text.isdigit() and len(text) <= 12 else ""


def province_names(conn):
    """Codes and names of the provinces, for a choice."""
    return rows(conn, "SELECT substr(code, 1, 2) AS code, name FROM divisions WHERE code LIKE '__0000' ORDER BY code")
