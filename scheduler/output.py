"""How results and progress are printed: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import click


def _plain(value: object) -> object:
    """What JSON has no word for: exact decimals become numbers, days and instants ISO 8601."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"no JSON form for {type(value).__name__}")


def json_line(value: Mapping[str, object]) -> None:
    """Print one object as one line of JSON, Chinese as it is."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def width(text: str) -> int:
    """Columns of a terminal that `text` takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their headers: aligned on a terminal, separated by tabs in a pipe."""
    lines = [[" ".join(str("" if cell is None else cell).split()) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for line in [list(headers), *lines]:
            click.echo("\t".join(line))
        return
    widths = [max(width(line[i]) for line in [list(headers), *lines]) for i in range(len(headers))]
    for line in [list(headers), *lines]:
        padded = (cell + " " * (room - width(cell)) for cell, room in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def progress(text: str) -> None:
    """One line for the person who waits, on standard error; `--quiet` silences it."""
    context = click.get_current_context(silent=True)
    if context is None or not context.find_root().params.get("quiet"):
        click.echo(text, err=True)


def complain(text: str) -> None:
    """One line about input that could not be used, on standard error, whatever `--quiet` says."""
    click.echo(f"ogiwatch: {' '.join(text.split())}", err=True)
