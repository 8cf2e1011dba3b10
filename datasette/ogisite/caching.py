"""Headers and a small cache before everything: an HTML page of Datasette costs 20 ms of template work.

A page is kept with the state of the database files and served until they change, and for `cache_seconds` after that
(metadata, plugins, site; default 2), so that a crawl writing all the time does not make every reader pay. Answers
carry an ETag. Streams (CSV), answers with cookies and requests with a login pass through.
"""

import hashlib
import time
from collections import OrderedDict
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode

from ogisite import errors, reading, words

MAX_BODY = 2_000_000
MAX_TOTAL = 48_000_000
OPEN_INTERNALS = ("/-/static/", "/-/static-plugins/")
OF_OPERATORS = ("/-/auth-token", "/-/logout")
# our pages hold no script and no inline style; Datasette's own table pages hold a few
OURS = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
THEIRS = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Cache:
    """Whole answers by key, the oldest thrown out when they weigh too much together."""

    def __init__(self, seconds):
        self.seconds = seconds
        self._kept = OrderedDict()
        self._weight = 0

    def get(self, key, state):
        kept = self._kept.get(key)
        if kept is None:
            return None
        then, at, answer = kept
        if then == state or time.monotonic() - at < self.seconds:
            self._kept.move_to_end(key)
            return answer
        return None

    def put(self, key, state, answer):
        old = self._kept.pop(key, None)
        if old:
            self._weight -= len(old[2][2])
        self._kept[key] = (state, time.monotonic(), answer)
        self._weight += len(answer[2])
        while self._weight > MAX_TOTAL:
            _, (_, _, dropped) = self._kept.popitem(last=False)
            self._weight -= len(dropped[2])


def state_of(datasette):
    """The state of the database files: changes with every commit (the WAL grows or the file is written)."""
    path = reading.database(datasette).path
    if not path:
        return None
    found = []
    for name in (path, f"{path}-wal"):
        try:
            stat = Path(name).stat()
            found.append((stat.st_mtime_ns, stat.st_size))
        except FileNotFoundError:
            found.append(None)
    return tuple(found)


def language_of(headers, query):
    """The language of a raw request, by the same rule as the pages, and the one to remember (None: as it was)."""
    cookie = SimpleCookie()
    with suppress(CookieError):
        cookie.load(headers.get(b"cookie", b"").decode("latin-1")[:4000])
    kept = cookie[words.COOKIE].value if words.COOKIE in cookie else None
    asked = parse_qs(query.decode("latin-1")).get("lang", [None])[0]
    language = words.choose(asked, kept, headers.get(b"accept-language", b"").decode("latin-1"))
    return language, language if asked == language and kept != language else None


def _remembering(send, language, path):
    """`send` with a cookie that keeps the language asked for, whoever answers: pages, tables, redirects, errors."""
    cookie = SimpleCookie()
    cookie[words.COOKIE] = language
    cookie[words.COOKIE].update({"path": path, "max-age": "31536000", "samesite": "lax"})

    async def sending(message):
        if message["type"] == "http.response.start":
            # what carries a cookie is this reader's answer: no shared cache may keep it
            headers = [(n, v) for n, v in message.get("headers", []) if n.lower() != b"cache-control"]
            headers += [(b"set-cookie", cookie[words.COOKIE].OutputString().encode()), (b"cache-control", b"private")]
            message = dict(message, headers=headers)
        await send(message)

    return sending


def _without_language(scope, language):
    """Take `lang` out of the address of a table, which would take it for a column, and hand it down as the cookie."""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    kept = [(name, text) for name, text in pairs if name != "lang"]
    if len(kept) == len(pairs):
        return
    scope["query_string"] = urlencode(kept).encode()
    cookies = [f"{words.COOKIE}={language}"]
    for name, value in scope["headers"]:
        if name == b"cookie":
            parts = value.decode("latin-1").split(";")
            cookies += [part.strip() for part in parts if part.strip().partition("=")[0] != words.COOKIE]
    others = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    scope["headers"] = [*others, (b"cookie", "; ".join(cookies).encode("latin-1"))]


def wrap(datasette, app):
    """The ASGI application with cache and headers around it."""
    config = datasette.plugin_config("site") or {}
    cache = Cache(float(config.get("cache_seconds", 2)))
    internals = OPEN_INTERNALS + (OF_OPERATORS if config.get("operator") else ())

    async def wrapped(scope, receive, send):
        if scope["type"] != "http" or scope.get("ogisite"):
            return await app(scope, receive, send)
        scope = dict(scope, ogisite=True)
        path = scope["path"]
        base = datasette.setting("base_url")
        inner = "/" + path[len(base) :] if path.startswith(base) else path
        if inner.startswith("/-/") and not inner.startswith(internals):
            scope["path"], scope["raw_path"] = base + "not-found", (base + "not-found").encode()
        headers = dict(scope["headers"])
        personal = b"authorization" in headers or b"ds_actor" in headers.get(b"cookie", b"")
        language, chosen = language_of(headers, scope["query_string"])
        if chosen:
            send = _remembering(send, chosen, base)
        if not _ours(inner):
            _without_language(scope, language)
        plain = scope["method"] == "GET" and not personal and not _streams(inner, scope["query_string"])
        key = (inner, scope["query_string"], language, headers.get(b"host", b""), b"cookie" in headers)
        state = state_of(datasette) if plain else None
        kept = cache.get(key, state) if plain else None
        if kept is None and plain:
            answer = await _collect(app, scope, receive, send, inner)
            if answer is None:
                return None
            status, found, body = answer
            if status == 200 and not any(name == b"set-cookie" for name, _ in found):
                cache.put(key, state, answer)
            kept = answer
        if kept is None:
            send = _with_headers(send, inner, personal)
            return await app(scope, receive, errors.told(datasette, scope, receive, send))
        return await _answer(kept, headers, send)

    return wrapped


def _streams(path, query):
    return path.endswith((".csv", ".db")) or b"_stream" in query or path.startswith(("/-/static", "/static/"))


def _ours(path):
    first = path.strip("/").split("/")[0]
    return first != reading.DATABASE and first != "-"


def _decorated(found, path):
    names = {name.lower() for name, _ in found}
    extra = [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-frame-options", b"DENY"),
        (b"content-security-policy", (OURS if _ours(path) else THEIRS).encode()),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
        (b"cross-origin-opener-policy", b"same-origin"),
    ]
    kept = [_kept_from_scripts(*header) for header in found]
    return kept + [(name, text) for name, text in extra if name not in names]


def _with_headers(send, path, personal=False):
    async def sending(message):
        if message["type"] == "http.response.start":
            headers = _decorated(message.get("headers", []), path)
            if personal and not path.startswith("/static/"):
                headers = [(name, value) for name, value in headers if name.lower() != b"cache-control"]
                headers.append((b"cache-control", b"no-store"))
            if path.startswith("/static/"):
                headers.append((b"cache-control", b"public, max-age=3600"))
            message = dict(message, headers=headers)
        await send(message)

    return sending


def _kept_from_scripts(name, value):
    """A header; the cookies of a login and its forms are for the browser alone."""
    if name.lower() == b"set-cookie" and value.startswith((b"ds_actor=", b"ds_csrftoken=")):
        return name, value + b"; HttpOnly"
    return name, value


async def _collect(app, scope, receive, send, path):
    """The whole answer (status, headers, body), or None where it was too large and went straight to the reader."""
    start, body, size, passed = None, [], 0, False

    async def collecting(message):
        nonlocal start, size, passed
        if message["type"] == "http.response.start":
            start = message
            return
        body.append(message.get("body", b""))
        size += len(body[-1])
        if passed or size > MAX_BODY:
            if not passed:
                await send(dict(start, headers=_decorated(start.get("headers", []), path)))
            passed = True
            await send(
                {"type": "http.response.body", "body": b"".join(body), "more_body": message.get("more_body", False)}
            )
            body.clear()

    await app(scope, receive, collecting)
    if passed or start is None:
        return None
    whole = b"".join(body)
    found = _decorated(start.get("headers", []), path)
    if start["status"] == 200:
        tag = hashlib.blake2b(whole, digest_size=12).hexdigest()
        found = [(name, text) for name, text in found if name.lower() != b"cache-control"]
        found += [
            (b"etag", f'W/"{tag}"'.encode()),
            (b"cache-control", b"public, max-age=30"),
            (b"vary", b"Cookie, Accept-Language"),
        ]
    return start["status"], found, whole


async def _answer(kept, headers, send):
    status, found, body = kept
    tag = dict(found).get(b"etag")
    if status == 200 and tag and tag in headers.get(b"if-none-match", b""):
        quiet = [(name, text) for name, text in found if name.lower() not in (b"content-length", b"content-type")]
        await send({"type": "http.response.start", "status": 304, "headers": quiet})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": status, "headers": found})
    await send({"type": "http.response.body", "body": body})
