"""Options that several commands share, so that each means the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import click

from scheduler.clock import Clock, parse_moment
from scheduler.home import Home
from scheduler.model import SchedulerError

Function = TypeVar("Function", bound=Callable[..., Any])

class Moment(click.ParamType[datetime]):
    """A day or an instant; without an offset it is taken for Asia/Shanghai."""

    name = "datetime"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """UTC instant out of ISO 8601 text."""
        if isinstance(value, datetime):
            return value
        try:
            return parse_moment(value)
        except SchedulerError as error:
            self.fail(str(error).removeprefix("--as-of: "), param, ctx)


pass_home = click.make_pass_decorator(Home)

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")


def _set_clock(ctx: click.Context, param: click.Parameter, value: datetime | None) -> None:
    home = ctx.find_object(Home)
    if value is not None and home is not None:
        home.clock = Clock(value)


as_of = click.option(
    "--as-of",
    type=Moment(),
    expose_value=False,
    callback=_set_clock,
    help="Take this for now (a day or an instant; no offset: Asia/Shanghai).",
)
