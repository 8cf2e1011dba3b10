"""Our own pages for what goes wrong: 404, 403, 400, 503, 500. JSON addresses keep Datasette's JSON answer."""

from datasette import Response
from datasette.utils.asgi import Base400, Forbidden, Request
from datasette.views.base import DatasetteError

LOGIN = "-/auth-token"
# what asgi-csrf answers, in place of any page, to a form whose token is not that of the cookie
STALE_FORM = b" POST field did not match cookie"


def answer(datasette, request, exception):
    """An error page in the reader's language, or None to let Datasette answer (JSON)."""
    path = request.path.split("?")[0]
    if path.endswith((".json", ".csv", ".jsono")) or request.args.get("_format"):
        return None
    if isinstance(exception, Base400):
        status, detail = exception.status, ""
    elif isinstance(exception, DatasetteError):
        status, detail = exception.status, "" if exception.message_is_html else str(exception.message)
    elif _is_login(datasette, path) and isinstance(exception, TypeError):
        status, detail = 403, ""  # a token with letters that Datasette cannot compare
    else:
        status, detail = 500, ""
    known = status if status in (400, 403, 404, 500, 503) else 500
    if status == 403 and _is_login(datasette, path):
        known = "token"

    async def inner():
        return await _page(datasette, request, status, known, detail if known == 400 else "")

    return inner


def _is_login(datasette, path):
    return path == datasette.setting("base_url") + LOGIN


async def _page(datasette, request, status, known, detail=""):
    told = {"status": status, "known": known, "detail": detail}
    return Response.html(await datasette.render_template("problem.html", told, request=request), status=status)


def told(datasette, scope, receive, send):
    """`send` for the answer to a form: a page of ours where asgi-csrf refuses it with a bare English line."""
    start = None

    async def sending(message):
        nonlocal start
        if message["type"] == "http.response.start" and message["status"] == 403:
            start = message
            return
        if start is not None:
            held, start = start, None
            if message.get("body", b"").endswith(STALE_FORM):
                made = await _page(datasette, Request({**scope, "csrftoken": str}, receive), 403, "form")
                await made.asgi_send(send)
                return
            await send(held)
        await send(message)

    return sending


def closed(datasette, request):
    """What is not open to the public: our page, or JSON where data were asked for."""
    made = answer(datasette, request, Forbidden("closed"))
    if made is not None:
        return made

    async def inner():
        return Response.json({"ok": False, "error": "not open to the public", "status": 403}, status=403)

    return inner
