"""Our own pages for what goes wrong: 404, 403, 400, 503, 500. JSON addresses keep Datasette's JSON answer."""

from datasette import Response
from datasette.utils.asgi import Base400, Forbidden
from datasette.views.base import DatasetteError


def answer(datasette, request, exception):
    """An error page in the reader's language, or None to let Datasette answer (JSON)."""
    path = request.path.split("?")[0]
    if path.endswith((".json", ".csv", ".jsono")) or request.args.get("_format"):
        return None
    if isinstance(exception, Base400):
        status, detail = exception.status, ""
    elif isinstance(exception, DatasetteError):
        status, detail = exception.status, "" if exception.message_is_html else str(exception.message)
    else:
        status, detail = 500, ""
    known = status if status in (400, 403, 404, 500, 503) else 500

    async def inner():
        html = await datasette.render_template(
            "problem.html",
            {"status": status, "known": known, "detail": detail if known == 400 else ""},
            request=request,
        )
        return Response.html(html, status=status)

    return inner


def closed(datasette, request):
    """What is not open to the public: our page, or JSON where data were asked for."""
    made = answer(datasette, request, Forbidden("closed"))
    if made is not None:
        return made

    async def inner():
        return Response.json({"ok": False, "error": "not open to the public", "status": 403}, status=403)

    return inner
