"""Which deadline holds for a body and a report year (domain.md section 1). Whether the body existed or was merged is
not asked here: the monitor judges that."""

from __future__ import annotations

from datetime import date

from registry.model import Body, Duty, Registry


def stem(division: str) -> str:
    """The digits of a division code that its subdivisions share: 420000 -> 42, 420200 -> 4202, 000000 -> ""."""
    if len(division) == 12:
        return division[:9] if division.endswith("000") else division
    if len(division) != 6:
        return division
    for zeros in ("000000", "0000", "00"):
        if division.endswith(zeros):
            return division[: 6 - len(zeros)]
    return division


def specificity(duty: Duty, body: Body) -> tuple[int, int] | None:
    """How closely a duty fits a body, larger is closer: (2, 0) the body's own row, (1, digits) its division's row,
    (0, 0) its kind's row; None where the row does not speak of this body."""
    if duty.kinds and body.kind not in duty.kinds:
        return None
    if duty.bodies:
        return (2, 0) if body.id in duty.bodies else None
    if duty.divisions:
        fitting = [len(stem(code)) for code in duty.divisions if body.division.startswith(stem(code))]
        return (1, max(fitting)) if fitting else None
    return (0, 0)


def duty_for(registry: Registry, body: Body, report_year: int) -> Duty | None:
    """The deadline row in force for this body and report year; the most specific row wins.

    None where no row speaks of it: kinds with no certain duty (institution, zone_committee, other) and no row of
    their own, and years before the Regulations of 2007. The loader has refused rows of equal specificity that overlap.
    """
    fitting = [
        (rank, duty)
        for duty in registry.duties
        if duty.years_from <= report_year and (duty.years_to is None or report_year <= duty.years_to)
        if (rank := specificity(duty, body)) is not None
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def due_on(duty: Duty, report_year: int) -> date:
    """The due day: `duty.due` of the year after the report year; the duty ends with that day in Asia/Shanghai."""
    month, day = duty.due
    return date(report_year + 1, month, day)
