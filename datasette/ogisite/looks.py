"""What was looked at: the newest looks, the columns, and the log of one column."""

from ogisite import reading
from ogisite.reading import row, rows

VERIFIED = ("verified", "unverified", "moved", "dead", "blocked")


def results(conn):
    """The results that occur among the newest thousand looks."""
    return [
        r["result"]
        for r in rows(
            conn, "SELECT DISTINCT result FROM (SELECT result FROM looks ORDER BY id DESC LIMIT 1000) ORDER BY 1"
        )
    ]


def listing(conn, asked):
    """The newest looks at all columns; filtered by what came of them or by day."""
    known = results(conn)
    result, day = asked.choice("result", [*known, "incomplete"]), asked.text("day", 10)
    where, params = ["1"], []
    if result == "incomplete":
        where.append("l.result <> 'complete'")
    elif result:
        where.append("l.result = ?")
        params.append(result)
    if day:
        where.append("l.day <= ?")
        params.append(day)
    found = rows(
        conn,
        f"""SELECT l.id, l.column_id, l.started_at, l.finished_at, l.day, l.result, l.detail, l.pages_expected,
                   l.pages_read, l.entries, l.requests, l.bytes, c.title, c.url,
                   (SELECT b.name FROM column_bodies x JOIN bodies b ON b.id = x.body_id WHERE x.column_id = c.id
                    GROUP BY x.column_id HAVING count(*) = 1) AS owner
            FROM looks l JOIN columns c ON c.id = l.column_id
            WHERE {" AND ".join(where)} ORDER BY l.day DESC, l.id DESC LIMIT ? OFFSET ?""",
        (*params, *asked.window()),
    )
    return {**asked.paged(found), "result": result, "results": known, "day": day}


def columns(conn, asked):
    """The columns with their last look."""
    verified, wanted = asked.choice("verified", VERIFIED), asked.text("q")
    where, params = ["c.active"], []
    if verified:
        where.append("c.verified = ?")
        params.append(verified)
    if wanted:
        where.append("(c.url LIKE ? ESCAPE '\\' OR c.title LIKE ? ESCAPE '\\' OR c.id LIKE ? ESCAPE '\\')")
        params.extend([reading.like(wanted)] * 3)
    found = rows(
        conn,
        f"""SELECT c.*, l.day, l.result, l.started_at, l.entries,
                   (SELECT count(*) FROM column_bodies x WHERE x.column_id = c.id) AS owners,
                   (SELECT b.name FROM column_bodies x JOIN bodies b ON b.id = x.body_id WHERE x.column_id = c.id
                    GROUP BY x.column_id HAVING count(*) = 1) AS owner
            FROM columns c
            LEFT JOIN looks l ON l.id = (SELECT id FROM looks WHERE column_id = c.id ORDER BY started_at DESC LIMIT 1)
            WHERE {" AND ".join(where)} ORDER BY c.id LIMIT ? OFFSET ?""",
        (*params, *asked.window()),
    )
    return {**asked.paged(found), "verified": verified, "q": wanted, "verifications": VERIFIED}


def column(conn, asked):
    """One column: whose reports it lists, its looks, and what the newest list held."""
    found = row(conn, "SELECT * FROM columns WHERE id = ?", (asked.parts["id"],))
    if found is None:
        return None
    log = rows(
        conn,
        "SELECT * FROM looks WHERE column_id = ? ORDER BY started_at DESC LIMIT ? OFFSET ?",
        (found["id"], *asked.window()),
    )
    newest = row(
        conn,
        "SELECT * FROM looks WHERE column_id = ? AND listing IS NOT NULL ORDER BY started_at DESC",
        (found["id"],),
    )
    entries = []
    if newest:
        entries = rows(
            conn,
            """SELECT e.url, e.title, e.list_day,
                      (SELECT r.id FROM documents d JOIN reports r ON r.document_id = d.id
                       WHERE d.url = e.url AND r.is_report ORDER BY r.id DESC LIMIT 1) AS report_id
               FROM listing_entries le JOIN entries e ON e.id = le.entry_id
               WHERE le.listing = ? ORDER BY le.position LIMIT 201""",
            (newest["listing"],),
        )
    gone = {}
    for r in rows(
        conn,
        f"""SELECT look_id, count(*) AS n, sum(status IN (404, 410)) AS proven FROM look_gone
            WHERE look_id IN ({",".join("?" * len(log))}) GROUP BY 1""",
        [look["id"] for look in log],
    ):
        gone[r["look_id"]] = r
    return {
        **asked.paged(log),
        "column": found,
        "owners": rows(
            conn,
            """SELECT b.id, b.name FROM column_bodies cb JOIN bodies b ON b.id = cb.body_id
               WHERE cb.column_id = ? ORDER BY b.id LIMIT 201""",
            (found["id"],),
        ),
        "newest": newest,
        "entries": entries,
        "gone": gone,
    }


def one(conn, asked):
    """One look: what came of it, every request with its answer and hash, what the list held, and what was gone."""
    look = row(
        conn,
        """SELECT l.*, c.url, c.title, c.verified FROM looks l JOIN columns c ON c.id = l.column_id WHERE l.id = ?""",
        (reading.whole(asked.parts["id"], 1, 2**62, 0),),
    )
    if look is None:
        return None
    return {
        "look": look,
        "fetches": rows(
            conn,
            """SELECT at, purpose, url, final_url, status, error, bytes, sha256, warc_file, warc_offset FROM fetches
               WHERE look_id = ? ORDER BY id LIMIT 301""",
            (look["id"],),
        ),
        "entries": rows(
            conn,
            """SELECT e.url, e.title, e.list_day FROM listing_entries le JOIN entries e ON e.id = le.entry_id
               WHERE le.listing = ? ORDER BY le.position LIMIT 301""",
            (look["listing"],),
        ),
        "gone": rows(conn, "SELECT url, status FROM look_gone WHERE look_id = ? ORDER BY url LIMIT 100", (look["id"],)),
    }
