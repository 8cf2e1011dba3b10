"""The addresses of the site and what every page has in common: language, links, paging."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode

from datasette import Response
from datasette.utils.asgi import NotFound
from ogisite import (
    bodies,
    dictionary,
    errors,
    findings,
    front,
    looks,
    operating,
    originals,
    reading,
    reports,
    rules,
    verdict,
    versions,
    words,
    writing,
)

PER_PAGE = 50
LAST_PAGE = 200


@dataclass(frozen=True)
class Asked:
    """What a request asks for: parts of the path, arguments of the query, words of its language."""

    parts: dict
    args: dict
    t: words.Words
    operator: bool = False  # logged in on an operator's instance: sees rules in shadow too

    def text(self, name, length=100):
        """An argument without blanks around it, cut to `length`; '' where absent."""
        return str(self.args.get(name, ""))[:length].strip()

    def choice(self, name, allowed):
        """An argument if it is one of the allowed codes, else ''."""
        found = self.text(name)
        return found if found in allowed else ""

    def year(self, name="year"):
        """A report year, or None."""
        return reading.whole(self.text(name), 1990, 2200)

    @property
    def page(self):
        """The page asked for, 1 to LAST_PAGE."""
        return reading.whole(self.text("page"), 1, LAST_PAGE, 1)

    def window(self):
        """LIMIT and OFFSET of the page, one row more than is shown (so that 'next' needs no count)."""
        return PER_PAGE + 1, (self.page - 1) * PER_PAGE

    def paged(self, found):
        """Rows to show and what the pager needs."""
        return {
            "items": found[:PER_PAGE],
            "page": self.page,
            "more": len(found) > PER_PAGE and self.page < LAST_PAGE,
            "capped": len(found) > PER_PAGE and self.page >= LAST_PAGE,
        }


def _asked(datasette, request):
    args = {key: values[0] for key, values in request.args._data.items() if values}
    parts = {key: unquote(text, errors="replace") for key, text in request.url_vars.items()}
    return Asked(parts, args, words.Words(words.of(request)), operating.logged_in(datasette, request))


def frame(datasette, request):
    """What every template may use."""
    language = words.of(request)
    base = datasette.setting("base_url")
    path = request.path.split("?")[0]
    query = [(k, v) for k, v in parse_qsl(request.query_string, keep_blank_values=True)[:40]]

    def href(*segments, **args):
        kept = {key: text for key, text in args.items() if text not in (None, "")}
        target = base + "/".join(quote(str(s), safe="") for s in segments)
        return target + ("?" + urlencode(kept) if kept else "")

    def path_of(*segments, **args):
        """As `href`, without the base address of the site: for links that are absolute."""
        return "/" + href(*segments, **args)[len(base) :]

    def data(name, suffix, /, **args):
        kept = {key: "" if text is None else text for key, text in args.items()}
        target = f"{base}{reading.DATABASE}/{quote(name, safe='')}" + (f".{suffix}" if suffix else "")
        return target + ("?" + urlencode(kept) if kept else "")

    def here(**changes):
        kept = {k: v for k, v in query if k not in changes and k not in ("lang", "page")}
        kept.update({k: v for k, v in changes.items() if v not in (None, "")})
        return path + ("?" + urlencode(kept) if kept else "")

    def other(lang):
        kept = [(k, v) for k, v in query if k != "lang"] + [("lang", lang)]
        return path + "?" + urlencode(kept)

    return {
        "t": words.Words(language),
        "lang": language,
        "href": href,
        "path_of": path_of,
        "data": data,
        "here": here,
        "other_language": other,
        "static": lambda name: f"{base}static/{name}",
        "area": path[len(base) :].split("/")[0],
        "site_database": reading.DATABASE,
        "contact": str((datasette.plugin_config("site") or {}).get("contact") or ""),
        "operators": operating.enabled(datasette),
        "operator": operating.logged_in(datasette, request),
    }


def page(template, work, content_type="text/html; charset=utf-8"):
    """A view that reads with `work(conn, asked)` and renders `template`; None is a 404, a string a redirect."""
    show = shown(template, work, content_type)

    async def view(datasette, request):
        return await show(datasette, request, {})

    return view


def shown(template, work, content_type="text/html; charset=utf-8"):
    """As `page`, but handed what the template is to know besides, such as a form that was refused."""

    async def view(datasette, request, more):
        asked = _asked(datasette, request)
        context = await reading.read(datasette, work, asked)
        if context is None:
            return await errors.answer(datasette, request, NotFound("404"))()
        if isinstance(context, str):
            query = f"?{request.query_string}" if request.query_string else ""
            return Response.redirect(datasette.setting("base_url") + context.lstrip("/") + query)
        absolute = datasette.absolute_url(request, datasette.setting("base_url"))
        html = await datasette.render_template(
            template, dict(context, **more, asked=asked, absolute=absolute.rstrip("/")), request=request
        )
        return Response(html, content_type=content_type)

    return view


def _nothing(conn, asked):
    return {}


async def dictionary_page(datasette, request):
    """The data dictionary; what is said of each table stands in the metadata."""
    tables, queries = await dictionary.described(datasette)
    return await shown("data.html", dictionary.content(tables, queries))(datasette, request, {})


async def robots(datasette, request):
    """Pages may be indexed; the raw tables with their endless filters need not be."""
    base = datasette.setting("base_url")
    return Response.text(f"User-agent: *\nDisallow: {base}{reading.DATABASE}/\nDisallow: {base}search\n")


async def _assign(datasette, request, sent):
    await writing.assign(datasette, str(sent.get("url", "")), sent)


async def _give(datasette, request, sent):
    await writing.give(datasette, unquote(request.url_vars["id"], errors="replace"), sent)


def _target(*segments):
    """Where a form leads once it is taken: a path of the site, `*` standing for the id in the address."""

    def made(datasette, request):
        kept = (segment.replace("*", request.url_vars["id"]) for segment in segments)
        return datasette.setting("base_url") + "/".join(kept)

    return made


_ID = r"(?P<id>[^/]+)"
ROUTES = [
    (r"/$", page("front.html", front.content)),
    (r"/bodies$", page("bodies.html", bodies.listing)),
    (rf"/body/{_ID}$", page("body.html", bodies.one)),
    (rf"/body/{_ID}/(?P<year>\d{{4}})$", page("verdict.html", verdict.content)),
    (rf"/body/{_ID}/(?P<year>\d{{4}})/report$", page("report.html", reports.newest)),
    (r"/report/(?P<id>\d{1,18})$", page("report.html", reports.one)),
    (r"/report/(?P<id>\d{1,18})/changes$", page("changed.html", versions.page)),
    (r"/report/(?P<id>\d{1,18})/original$", page("original.html", originals.one)),
    (r"/report/(?P<id>\d{1,18})/page/(?P<page>\d{1,3})\.png$", originals.page_image),
    (r"/findings$", page("findings.html", findings.listing)),
    (r"/finding/(?P<id>.+)$", page("finding.html", findings.one)),
    (r"/looks$", page("looks.html", looks.listing)),
    (r"/look/(?P<id>\d{1,18})$", page("look.html", looks.one)),
    (r"/columns$", page("columns.html", looks.columns)),
    (rf"/column/{_ID}$", page("column.html", looks.column)),
    (r"/rules$", page("rules.html", rules.listing)),
    (rf"/rule/{_ID}$", page("rule.html", rules.one)),
    (r"/changes$", page("changes.html", front.changes)),
    (r"/changes\.atom$", page("changes.atom", front.feed, "application/atom+xml; charset=utf-8")),
    (r"/search$", page("search.html", bodies.search)),
    (r"/unassigned$", page("unassigned.html", reports.unassigned)),
    (r"/data$", dictionary_page),
    (r"/about$", page("about.html", _nothing)),
    (r"/robots\.txt$", robots),
    (r"/operator$", operating.guarded(page("operator.html", operating.queue))),
    (r"/operator/problems$", operating.guarded(page("problems.html", operating.problems))),
    (r"/operator/said$", operating.guarded(page("said.html", operating.history))),
    (
        r"/operator/document/(?P<id>\d{1,18})$",
        operating.guarded(operating.form(shown("assign.html", operating.document), _assign, _target("operator"))),
    ),
    (
        r"/operator/finding/(?P<id>.+)$",
        operating.guarded(operating.form(shown("finding.html", findings.one), _give, _target("finding", "*#people"))),
    ),
]
