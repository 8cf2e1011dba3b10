"""`ogiwatch status`: where every obligation stands."""

from __future__ import annotations

from typing import Any

import click

from monitor.model import Status
from registry.model import SHANGHAI
from scheduler import output
from scheduler.home import Home
from scheduler.options import as_json, as_of, pass_home


@click.command("status")
@click.option("--year", type=int, help="The report year; by default the one whose reports are due this year.")
@click.option("--body", default="", help="One body (id), all its years unless --year is given.")
@click.option("--status", "status", type=click.Choice([s.value for s in Status]), help="Only this status.")
@as_json
@as_of
@pass_home
def command(home: Home, year: int | None, body: str, status: str | None, as_json: bool) -> None:
    """Show the statuses: how many bodies are on time, late, missing, unverified ... for a report year.

    With --body or --status it lists the obligations with the reason; --json always lists them, one a line.
    Statuses are as of the last `ogiwatch judge`.

    \b
    Examples:
      ogiwatch status --year 2024
      ogiwatch status --status missing
      ogiwatch status --body bj-haidian --json
    """
    database = home.open(create=False, read_only=True)
    try:
        years = [row["report_year"] for row in database["report_years"].rows_where(order_by="report_year")]
        if year is None and not body and years:
            season = home.clock.now().astimezone(SHANGHAI).year - 1  # the reports due this year
            year = max((y for y in years if y <= season), default=years[-1])
        if not as_json and not body and status is None:
            rows = list(database["status_counts"].rows_where("report_year = ?", [year]))
            counts = {row["status"]: row["obligations"] for row in rows}
            output.progress(_heading(year, years))
            output.table(("status", "obligations"), [(s.value, counts.get(s.value, 0)) for s in Status])
            return
        wanted = {"report_year": year, "body_id": body or None, "status": status}
        chosen = {name: value for name, value in wanted.items() if value is not None}
        found = database["body_years"].rows_where(
            " AND ".join(f"{name} = :{name}" for name in chosen) or None, chosen, order_by="report_year, body_id"
        )
        _print(list(found), as_json)
    finally:
        database.close()


def _heading(year: int | None, years: list[int]) -> str:
    if not years:
        return "nothing judged yet; `ogiwatch judge` does it"
    if year not in years:
        return f"report year {year}: nothing is judged for it, only for {', '.join(map(str, years))}"
    return f"report year {year}"


def _print(found: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        for row in found:
            output.json_line({**row, "certain": bool(row["certain"])})
        return
    output.table(
        ("body", "name", "year", "status", "clause", "due", "days late", "findings", "because"),
        [
            (
                row["body_id"],
                row["name"],
                row["report_year"],
                row["status"],
                row["clause"],
                row["due_on"],
                row["days_late"],
                row["open_findings"],
                row["explanation_en"],
            )
            for row in found
        ],
    )
