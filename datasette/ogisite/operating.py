"""The operator's pages: what waits for a person, the forms, and what people said so far.

They exist only where the plugin's setting `operator` is on (`ogiwatch serve --operator`), and answer only to who logged
in with the address printed at the start. Forms carry the token of asgi-csrf, which refuses a POST without it.
"""

from datasette import Response
from datasette.utils.asgi import NotFound
from ogisite import errors, front, people, reading, writing
from ogisite.publishing import PUBLIC
from ogisite.reading import row, rows

SHOWN = 50


def enabled(datasette):
    """True on an operator's instance."""
    return bool((datasette.plugin_config("site") or {}).get("operator"))


def logged_in(datasette, request):
    """True if this request comes from an operator who logged in."""
    return enabled(datasette) and (getattr(request, "actor", None) or {}).get("id") == "root"


def queue(conn, asked):
    """What waits for a person: documents of nobody, verdicts to be given again, findings, and rules in shadow."""
    waiting = rows(
        conn,
        """SELECT r.id, r.title, r.publisher, r.printed_year, r.report_year, r.attribution, r.first_seen_at, d.url,
                  d.list_title, a.at AS assigned_at
           FROM reports r JOIN documents d ON d.id = r.document_id LEFT JOIN assignments a ON a.url = d.url
           WHERE r.is_report = 1 AND (r.body_id IS NULL OR r.report_year IS NULL) AND r.id IN (
             SELECT id FROM reports WHERE body_id IS NULL UNION SELECT report_id FROM report_candidates)
           ORDER BY r.id DESC LIMIT ?""",
        (SHOWN + 1,),
    )
    held_up = rows(
        conn,
        """SELECT o.body_id, o.report_year, b.name FROM obligations o JOIN bodies b ON b.id = o.body_id
           WHERE o.report_year >= ? AND o.status = 'unverified' AND o.clause = 'undecidable_entry' ORDER BY 2 DESC, 1
           LIMIT ?""",
        (next(iter(reading.years(conn)), 0) - 2, SHOWN),
    )
    reopened = rows(
        conn,
        f"""SELECT f.*, b.name FROM verdicts v JOIN findings f ON f.id = v.finding_id JOIN bodies b ON b.id = f.body_id
            WHERE v.id = {people.NEWEST_VERDICT} AND f.outcome = 'fail' AND f.closed_at IS NULL
              AND v.input_hash <> f.input_hash ORDER BY v.at DESC LIMIT ?""",
        (SHOWN,),
    )
    unsaid = []
    for severity in front.SEVERITIES[:2]:
        unsaid += rows(
            conn,
            f"""SELECT f.*, b.name FROM findings f INDEXED BY findings_gravest CROSS JOIN bodies b ON b.id = f.body_id
                WHERE f.outcome = 'fail' AND f.severity = ? AND f.closed_at IS NULL AND {PUBLIC}
                  AND NOT EXISTS (SELECT 1 FROM verdicts v WHERE v.finding_id = f.id)
                ORDER BY f.opened_at DESC LIMIT ?""",
            (severity, SHOWN - len(unsaid)),
        )
    shadow = rows(
        conn,
        """SELECT f.*, b.name FROM rules u JOIN findings f ON f.family = u.family AND f.rule = u.id
           JOIN bodies b ON b.id = f.body_id
           WHERE u.state <> 'on' AND f.outcome = 'fail' AND f.closed_at IS NULL ORDER BY f.opened_at DESC LIMIT ?""",
        (SHOWN,),
    )
    unregistered = rows(
        conn,
        """SELECT r.publisher, count(*) AS n, min(r.printed_year) AS first, max(r.printed_year) AS last,
                  max(r.id) AS newest, max(d.column_id) AS column_id
           FROM reports r JOIN documents d ON d.id = r.document_id
           WHERE r.body_id IS NULL AND r.is_report = 1 AND r.publisher <> ''
             AND instr(r.attribution, '"unknown_publisher"') > 0
           GROUP BY r.publisher ORDER BY n DESC, 1 LIMIT ?""",
        (SHOWN,),
    )
    return {
        "unregistered": unregistered,
        "waiting": waiting,
        "held_up": held_up,
        "reopened": reopened,
        "unsaid": unsaid,
        "shadow": shadow,
    }


def problems(conn, asked):
    """What could not be read, by code and whose doing it is, with the newest reports of one; and failing columns."""
    grouped = rows(
        conn,
        """SELECT code, responsibility, count(*) AS n, count(DISTINCT report_id) AS reports FROM problems
           GROUP BY 1, 2 ORDER BY n DESC LIMIT 100""",
    )
    code = asked.choice("code", [group["code"] for group in grouped])
    found = rows(
        conn,
        """SELECT p.code, p.message, p.place, p.responsibility, r.id, r.title, r.report_year, r.body_id, b.name, d.url
           FROM problems p CROSS JOIN reports r ON r.id = p.report_id JOIN documents d ON d.id = r.document_id
           LEFT JOIN bodies b ON b.id = r.body_id
           WHERE ?1 = '' OR p.code = ?1 ORDER BY p.report_id DESC, p.position LIMIT ?2 OFFSET ?3""",
        (code, *asked.window()),
    )
    failing = rows(
        conn,
        """SELECT l.id, l.column_id, l.started_at, l.result, l.detail, c.title, c.url
           FROM columns c JOIN looks l ON l.id = (SELECT id FROM looks WHERE column_id = c.id
             ORDER BY started_at DESC LIMIT 1)
           WHERE c.active AND l.result <> 'complete' ORDER BY l.result, c.id LIMIT ?""",
        (SHOWN,),
    )
    return {**asked.paged(found), "grouped": grouped, "code": code, "failing": failing}


def document(conn, asked):
    """One address with what is known of it and what it could be, for the form that assigns it."""
    found = row(
        conn,
        """SELECT r.*, d.url, d.sha256, d.list_title, d.list_day, d.column_id, b.name
           FROM reports r JOIN documents d ON d.id = r.document_id LEFT JOIN bodies b ON b.id = r.body_id
           WHERE r.id = ?""",
        (int(asked.parts["id"]),),
    )
    if found is None:
        return None
    return {
        "r": found,
        "assigned": row(
            conn,
            "SELECT a.*, b.name FROM assignments a LEFT JOIN bodies b ON b.id = a.body_id WHERE a.url = ?",
            (found["url"],),
        ),
        "candidates": rows(
            conn,
            """SELECT c.body_id, c.report_year, b.name FROM report_candidates c JOIN bodies b ON b.id = c.body_id
               WHERE c.report_id = ? LIMIT 40""",
            (found["id"],),
        ),
        "bodies": rows(
            conn,
            """SELECT b.id, b.name FROM column_bodies cb JOIN bodies b ON b.id = cb.body_id
               WHERE cb.column_id = ? ORDER BY b.id LIMIT 400""",
            (found["column_id"],),
        ),
        "years": (writing.FIRST_YEAR, writing.LAST_YEAR),
        "chosen": {"body": asked.text("body"), "year": asked.year()},
    }


def history(conn, asked):
    """Everything people said, newest first: verdicts on findings and assignments of addresses."""
    found = rows(
        conn,
        """SELECT v.at, v.author, v.reason, v.source, v.verdict AS what, v.finding_id, '' AS url, f.message_zh,
                  f.message_en, f.body_id, f.report_year, b.name,
                  v.input_hash IS NOT f.input_hash AS other_values,
                  CASE WHEN v.rule_version <> f.rule_version THEN v.rule_version END AS other_rule
           FROM verdicts v LEFT JOIN findings f ON f.id = v.finding_id LEFT JOIN bodies b ON b.id = f.body_id
           UNION ALL
           SELECT a.at, a.author, a.reason, a.source, CASE WHEN a.body_id IS NULL THEN 'no_report' ELSE 'assign' END,
                  '', a.url, '', '', a.body_id, a.report_year, b.name, 0, 0
           FROM assignments a LEFT JOIN bodies b ON b.id = a.body_id
           ORDER BY 1 DESC LIMIT ? OFFSET ?""",
        asked.window(),
    )
    return asked.paged(found)


async def _refuse(datasette, request):
    if not enabled(datasette):
        return await errors.answer(datasette, request, NotFound("404"))()
    return Response.html(await datasette.render_template("login.html", {}, request=request), status=403)


def guarded(view):
    """The view for who is logged in; 404 on a public instance, and how to log in for anyone else."""

    async def inner(datasette, request):
        if not logged_in(datasette, request):
            return await _refuse(datasette, request)
        return await view(datasette, request)

    return inner


def form(show, write, target):
    """A view that shows `show` and takes its form with `write(datasette, request, form)`; then on to `target`."""

    async def view(datasette, request):
        if request.method != "POST":
            return await show(datasette, request, {})
        sent = await request.post_vars()
        try:
            await write(datasette, request, sent)
        except writing.Refused as refused:
            answer = await show(datasette, request, {"refused": str(refused), "sent": sent})
            answer.status = 400
            return answer
        return Response.redirect(target(datasette, request), status=303)

    return view
