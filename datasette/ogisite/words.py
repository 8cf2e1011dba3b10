"""The words of the interface: two catalogues with the same keys, and the choice of one for a request."""

import re
import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
COOKIE = "lang"
CODED = ("row_requests", "column", "row_proactive", "row_indicators")
_FOLDER = Path(__file__).resolve().parents[1] / "locale"


@cache
def catalogue(language):
    """All words of one language: dotted key -> text."""
    flat = {}

    def walk(prefix, table):
        for key, value in table.items():
            name = f"{prefix}{key}"
            if isinstance(value, dict):
                walk(f"{name}/", value)
            else:
                flat[name] = value

    for path in sorted((_FOLDER / language).glob("*.toml")):
        walk("", tomllib.loads(path.read_text(encoding="utf-8")))
    return flat


@cache
def _pieces(language):
    """Finds in a formula the phrases that the catalogue knows, the longest first, and codes."""
    phrases = sorted((key[8:] for key in catalogue(language) if key.startswith("formula/")), key=len, reverse=True)
    known = "|".join(map(re.escape, phrases))
    return re.compile(rf"(?<![A-Za-z0-9_.])(?:(?:{known})(?![A-Za-z0-9_.])|[a-z][a-z0-9_]*(?:\.[a-z_]+)*)")


def check():
    """Raises ValueError if the catalogues differ in their keys: a page must not break in one language only."""
    first, second = (set(catalogue(language)) for language in LANGUAGES)
    if first != second:
        raise ValueError(f"locale: the two languages must have the same keys, these differ: {sorted(first ^ second)}")


def accepted(header):
    """The best of our languages for an Accept-Language header; Chinese where it says nothing of either."""
    best, quality = "zh", 0.0
    for item in header[:500].split(","):
        tag, _, rest = item.strip().partition(";")
        weight = 1.0
        if rest.strip().startswith("q="):
            try:
                weight = float(rest.strip()[2:])
            except ValueError:
                continue
        language = tag.strip().lower().split("-")[0]
        if language in LANGUAGES and weight > quality:
            best, quality = language, weight
    return best


def choose(asked, cookie, header):
    """The language of one request: the address decides, then the cookie, then the browser."""
    if asked in LANGUAGES:
        return asked
    if cookie in LANGUAGES:
        return cookie
    return accepted(header or "")


def of(request):
    """The language of a Datasette request."""
    return choose(request.args.get("lang"), request.cookies.get(COOKIE), request.headers.get("accept-language"))


class Words:
    """Looks words up: `t("front.title", n=3)` for a key that must exist, `t.code("status", value)` for a code from the
    database, which stands for itself where the catalogue does not know it."""

    def __init__(self, language):
        self.language = language
        self._words = catalogue(language)

    def __call__(self, key, **values):
        text = self._words[key.replace(".", "/", 1)]
        return text.format(**values) if values else text

    def code(self, group, code):
        return self._words.get(f"{group}/{code}", "" if code is None else str(code))

    def group(self, group):
        """All codes of a group with their words, in the order of the catalogue."""
        return {key[len(group) + 1 :]: text for key, text in self._words.items() if key.startswith(f"{group}/")}

    def has(self, group, code):
        return f"{group}/{code}" in self._words

    def formula(self, text, family):
        """A formula with words for its codes: those of the table that the family is of come first."""
        groups = ("row_indicators", *CODED) if family in ("indicator_sum", "narrative_table") else CODED

        def word(found):
            keys = (f"{group}/{found[0]}" for group in ("formula", *groups))
            return next((self._words[key] for key in keys if key in self._words), found[0])

        return _pieces(self.language).sub(word, text).replace("<=", "≤").replace(">=", "≥")

    def pick(self, row, name):
        """The text of a bilingual pair of columns (`name_zh`, `name_en`), the other one where this one is empty."""
        other = "en" if self.language == "zh" else "zh"
        return row[f"{name}_{self.language}"] or row[f"{name}_{other}"]
