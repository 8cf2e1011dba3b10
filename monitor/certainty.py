"""Whether a duty is certain and the body existed: what an accusation rests on before anyone has looked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from registry.model import Body, Certainty, Duty, Kind

NO_DUTY = "no_duty"


def long_gone(body: Body, report_year: int) -> bool:
    """Abolished or founded so far from the year that it gets no row at all, rather than an exempt one."""
    gone = body.exists_to is not None and body.exists_to.year < report_year - 1
    return gone or (body.exists_from is not None and body.exists_from.year > report_year + 1)


def did_not_exist(body: Body, report_year: int) -> bool:
    """The body existed on no day of the report year."""
    founded_later = body.exists_from is not None and body.exists_from.year > report_year
    return founded_later or (body.exists_to is not None and body.exists_to.year < report_year)


def doubt(body: Body, report_year: int, duty: Duty | None, due: date | None, predecessors: Iterable[Body]) -> str:
    """Why the duty is not certain, as a clause; "" for a certain one: it rests on a law or a sourced row, for a body
    of known kind that existed through the year and on the due day, with no merger or renaming between.
    """
    if duty is None or due is None:
        return NO_DUTY
    if duty.certainty is Certainty.LOCAL_PRACTICE:
        return "local_practice"
    if body.kind is Kind.OTHER and body.id not in duty.bodies:
        return "kind_unknown"
    first = date(report_year, 1, 1)
    ended = body.exists_to is not None and body.exists_to <= due
    joined = any(p.exists_to is None or first <= p.exists_to <= due for p in predecessors)
    if joined or (ended and body.successor):
        return "merger_or_renaming"
    if ended or (body.exists_from is not None and body.exists_from > first):
        return "existence_incomplete"
    return ""
