"""The hooks by which Datasette serves the public pages. The work is done in `ogisite/`, beside this folder.

Datasette executes every file in this folder as a module of its own, outside the import system; `ogisite` is therefore
reached through the path and has no `__init__.py` (a package in this directory would hide the library).
"""

import sys
from pathlib import Path

from datasette import hookimpl

_ROOT = str(Path(__file__).resolve().parents[1])
if _ROOT not in sys.path:
    sys.path.append(_ROOT)

from ogisite import caching, errors, marking, reading, routes, words  # noqa: E402


@hookimpl
def register_routes(datasette):
    return routes.ROUTES


@hookimpl
def prepare_jinja2_environment(env, datasette):
    marking.install(env)


@hookimpl
def extra_template_vars(datasette, request):
    async def made():
        if request is None:
            return {}
        return {**routes.frame(datasette, request), "banner": await reading.banner(datasette)}

    return made


@hookimpl(tryfirst=True)
def handle_exception(datasette, request, exception):
    return errors.answer(datasette, request, exception)


@hookimpl
def forbidden(datasette, request, message):
    return errors.closed(datasette, request)


@hookimpl
def asgi_wrapper(datasette):
    return lambda app: caching.wrap(datasette, app)


@hookimpl
def startup(datasette):
    words.check()
