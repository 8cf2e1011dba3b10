"""Which year a report's own text speaks of: the statistics period it states, and the years it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from parsers.model import Report

_DAY = r"(20\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
_PERIOD = re.compile(
    rf"(?:统计(?:时间|时限|期限|期间|范围|数据)|数据[^。；\n]{{0,6}}期限|起止时间|报告期)[^。；\n]{{0,12}}?{_DAY}\s*(?:起|开始)?\s*[,，、]?\s*"
    r"(?:至|到|-|—+|-+|－|~|～)\s*(?:(20\d\d)\s*年)?\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
)
YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年")
LEAST_YEARS = 3  # a text that names years less often than this says nothing of its own


@dataclass(frozen=True, slots=True)
class Period:
    """A statistics period as stated: its days, the section it stands in, and where."""

    begin: date
    end: date
    section: int | None
    start: int
    stop: int
    text: str

    def is_of(self, year: int) -> bool:
        """True if it runs from 1 January to 31 December of this year."""
        return (self.begin, self.end) == (date(year, 1, 1), date(year, 12, 31))


def texts(report: Report) -> list[tuple[int | None, str]]:
    """The running text by section: number (0: before the first heading) and text, headings apart."""
    return [(0, report.preamble), *((section.number, section.text) for section in report.sections)]


def stated_period(report: Report) -> Period | None:
    """The first statistics period that the text states with days there are."""
    return next(_periods(report), None)


def _periods(report: Report) -> Iterator[Period]:
    for section, text in texts(report):
        match = _PERIOD.search(text)
        if not match:
            continue
        first, m1, d1, last, m2, d2 = match.groups()
        try:
            begin = date(int(first), int(m1), int(d1))
            end = date(int(last or first), int(m2), int(d2))
        except ValueError:
            continue
        yield Period(begin, end, section, match.start(), match.end(), match.group())


def names_year(report: Report, year: int) -> bool:
    """Whether the text, its title left out, names this year."""
    return any(int(found) == year for _, text in texts(report) for found in YEAR.findall(text))


def later_year(report: Report, year: int) -> int | None:
    """The later year that the text is about, where it is not about this one: its title was taken over from last year.

    The period stated is that whole later year; without a period, the text names years and never this one. An earlier
    year says nothing: last year's sentences are often left in a text.
    """
    if period := stated_period(report):
        return period.begin.year if period.begin.year > year and period.is_of(period.begin.year) else None
    named = Counter(int(found) for _, text in texts(report) for found in YEAR.findall(text))
    if year in named or named.total() < LEAST_YEARS:
        return None
    ((common, _),) = named.most_common(1)
    return common if common > year else None
