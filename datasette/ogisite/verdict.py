"""How the status of one (body, report year) was reached: duty, interval, looks, and the clause that decides."""

from datetime import datetime

from ogisite import bodies, findings, weights
from ogisite.marking import day_of
from ogisite.reading import parsed, row, rows, thresholds

SHOWN = 120
# no look decides these: the year fell due before we looked, is not due yet, or nothing was owed
LOOKLESS = ("not_due", "exempt")


def content(conn, asked):
    """The verdict page: everything that carries the status, one look a row."""
    body = row(conn, "SELECT * FROM bodies WHERE id = ?", (asked.parts["id"],))
    year = int(asked.parts["year"])
    if body is None:
        return None
    obligation = row(conn, "SELECT * FROM obligations WHERE body_id = ? AND report_year = ?", (body["id"], year))
    held = rows(
        conn,
        """SELECT r.*, d.url, d.sha256, d.list_day, d.server_day, d.first_seen_at AS seen_at, a.gone_at, a.gone_status
           FROM reports r JOIN documents d ON d.id = r.document_id LEFT JOIN addresses a ON a.url = d.url
           WHERE r.body_id = ? AND r.report_year = ? AND r.is_report ORDER BY r.version DESC, r.id LIMIT 50""",
        (body["id"], year),
    )
    if obligation is None and not held:
        return None
    observations = parsed(obligation["observations"], []) if obligation else []
    observations = [o for o in observations if isinstance(o, dict)]
    cited = [n for n in parsed(obligation["looks"], []) if isinstance(n, int)] if obligation else []
    columns = rows(
        conn,
        """SELECT c.* FROM column_bodies cb JOIN columns c ON c.id = cb.column_id
           WHERE cb.body_id = ? ORDER BY c.active DESC, c.id LIMIT 30""",
        (body["id"],),
    )
    days = rows(
        conn,
        f"""SELECT * FROM report_days WHERE report_id IN ({",".join("?" * len(held))})
            ORDER BY publication DESC, report_id, position LIMIT 40""",
        [r["id"] for r in held],
    )
    waiting = _waiting(conn, body["id"], year, columns) if obligation and _unclear(obligation) else []
    found = findings.of_body(conn, body["id"], year)
    # the findings late, missing, withdrawn and undated repeat what stands at the head of the page
    head = [f for f in found if obligation and f["family"] == obligation["status"]]
    found = [f for f in found if f not in head]
    return {
        "body": body,
        "year": year,
        "need": thresholds(conn),
        "place": bodies.division_path(conn, body["division"]),
        "o": obligation,
        "duty": row(conn, "SELECT * FROM duties WHERE id = ?", (obligation["duty_id"],)) if obligation else None,
        "exemption": row(conn, "SELECT * FROM exemptions WHERE body_id = ? AND report_year = ?", (body["id"], year)),
        "reports": held,
        "days": days,
        "columns": columns,
        "waiting": waiting,
        "checks": dict(
            conn.execute(
                "SELECT outcome, sum(checks) FROM check_counts WHERE body_id = ? AND report_year = ? GROUP BY 1",
                (body["id"], year),
            ).fetchall()
        ),
        "head": head[0] if head else None,
        "findings": [f for f in found if f["outcome"] == "fail"],
        "awaited": [f for f in found if f["outcome"] != "fail"],
        "changes": rows(
            conn,
            """SELECT e.*, b.name FROM events e JOIN bodies b ON b.id = e.body_id
               WHERE e.body_id = ? AND e.report_year = ? AND e.kind = 'status' ORDER BY e.detected_at DESC LIMIT 30""",
            (body["id"], year),
        ),
        "neighbours": [
            r["report_year"]
            for r in rows(
                conn,
                "SELECT report_year FROM obligations WHERE body_id = ? ORDER BY report_year DESC LIMIT 60",
                (body["id"],),
            )
        ],
        "column_names": {c["id"]: c["title"] or c["id"] for c in columns},
        **_looks(conn, columns, observations, cited, year, obligation),
    }


def _unclear(obligation):
    return obligation["clause"] in ("undecidable_entry", "contested_year")


def _waiting(conn, body, year, columns):
    """The documents nobody could attribute that could be this report: those named, else those of its columns."""
    fields = (
        "SELECT r.id, r.title, r.attribution, d.url, d.list_title "
        "FROM reports r JOIN documents d ON d.id = r.document_id"
    )
    named = rows(
        conn,
        f"{fields} JOIN report_candidates c ON c.report_id = r.id WHERE c.body_id = ? AND c.report_year = ? LIMIT 20",
        (body, year),
    )
    marks = ",".join("?" * len(columns))
    return named or rows(
        conn,
        f"{fields} WHERE d.column_id IN ({marks}) AND r.is_report = 1 AND (r.body_id IS NULL OR r.report_year IS NULL)"
        " ORDER BY r.id DESC LIMIT 20",
        [column["id"] for column in columns],
    )


def _looks(conn, columns, observations, cited, year, obligation):
    """The looks of the season and every look that carries the verdict, newest first, with what each says and weighs.

    Of a report that is held the season ends with its first sighting: later looks add nothing.
    """
    if obligation is None:
        return {"looks": [], "more_looks": False, "facts": None, "lookless": True, "until": None}
    lookless = obligation["status"] in LOOKLESS or obligation["clause"] == "before_our_watch"
    until = obligation["published_by"] if obligation["status"] in weights.HELD else None
    said = {}
    for observation in observations:
        said.setdefault(observation.get("look"), []).append(observation)
    found = {}
    fields = "id, column_id, started_at, finished_at, day, result, detail, pages_expected, pages_read, entries"
    for column in () if lookless else columns:
        for look in rows(
            conn,
            f"SELECT {fields} FROM looks WHERE column_id = ? AND started_at >= ? AND started_at <= ? "
            f"ORDER BY started_at DESC LIMIT {SHOWN}",
            (column["id"], f"{year + 1}-01-01T00:00:00Z", until or "9999"),
        ):
            found[look["id"]] = look
    wanted = [n for n in dict.fromkeys([*cited, *said]) if isinstance(n, int) and n not in found][:SHOWN]
    for look in rows(conn, f"SELECT {fields} FROM looks WHERE id IN ({','.join('?' * len(wanted))})", wanted):
        found[look["id"]] = look
    ordered = sorted(found.values(), key=lambda look: look["started_at"], reverse=True)
    by_id = {column["id"]: column for column in columns}
    kept_since = min((str(o.get("at") or "") for o in observations if o.get("look") not in cited), default="9999")
    for look in ordered:
        told = said.get(look["id"], [])
        look["said"] = told[0] if told else None
        look["counted"] = look["id"] in cited
        look["kept_since"] = kept_since
        look["weight"], look["why"] = weights.weigh(look, by_id.get(look["column_id"]), obligation, year)
        look.update(_control(conn, str(told[0].get("control") or "") if told else ""))
    ordered.sort(key=lambda look: (not look["counted"], look["said"] is None))
    shown = sorted(ordered[:SHOWN], key=lambda look: look["started_at"], reverse=True)
    return {
        "looks": shown,
        "more_looks": len(ordered) > SHOWN,
        "facts": _facts(ordered, columns, observations, obligation),
        "lookless": lookless,
        "until": until,
    }


def _control(conn, text):
    """A positive control is kept as "other_body:ID" or "own_previous:YEAR"."""
    kind, _, what = text.partition(":")
    if kind == "other_body":
        return {"control_body": row(conn, "SELECT id, name FROM bodies WHERE id = ?", (what,)), "control": what}
    return {"control_body": None, "control_year": what if kind == "own_previous" else "", "control": text}


def _facts(looks, columns, observations, obligation):
    """What the looks after the due day amount to: how many say 'absent', on how many days, over how many hours."""
    year, after = obligation["report_year"], weights.due_end(obligation["due_on"])
    late = [look for look in looks if look["started_at"] >= after]
    absent = [look for look in late if look["said"] and look["said"].get("sight") == "absent"]
    absent.sort(key=lambda look: look["started_at"])
    needed = [
        c
        for c in columns
        if c["active"] and (c["years_from"] or 0) <= year <= (c["years_to"] if c["years_to"] is not None else 9999)
    ]
    times = sorted(datetime.fromisoformat(look["started_at"].replace("Z", "+00:00")) for look in absent)
    return {
        "absent": len(absent),
        "seen": sum(1 for o in observations if o.get("sight") == "seen"),
        "undecidable": sum(
            1 for o in observations if o.get("sight") == "undecidable" and o.get("reason") not in weights.SILENT
        ),
        "days": sorted({day_of(look["started_at"]) for look in absent}),
        "hours": int((times[-1] - times[0]).total_seconds() // 3600) if times else 0,
        "last": absent[-1]["started_at"] if absent else None,
        "covered": len({look["column_id"] for look in absent}),
        "columns": len(needed),
        "verified": sum(1 for c in needed if c["verified"] == "verified"),
        "any": bool(observations) or any(look["counted"] for look in looks),
    }
