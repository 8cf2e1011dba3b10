"""`ogiwatch read`: what reports say."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from parsers.explaining import explain
from parsers.model import Number, Report
from parsers.output import report_as_json
from scheduler import output
from scheduler.files import FilesRead
from scheduler.home import Home
from scheduler.options import as_json, as_of, pass_home


@click.command("read")
@click.argument("files", nargs=-1, type=click.Path(allow_dash=True), metavar="[FILE]...")
@as_json
@click.option("--url", default="", help="The address the file was published at; some dates and years stand in it.")
@click.option("--explain", "explained", is_flag=True, help="Say how each FILE was read: tables, labels, what was not.")
@as_of
@pass_home
def command(home: Home, files: tuple[str, ...], as_json: bool, url: str, explained: bool) -> None:
    """Read reports: publisher, year, day, tables, sections and the figures stated in the text.

    With FILEs (HTML, text, PDF, Word, Excel; - is standard input) it prints what each report says and needs
    neither home nor network. A file that cannot be opened is named on standard error, the others are read all
    the same, and the exit status is 2. A file that is no report is said to be none; that is no fault.

    Without FILE it reads the documents that were crawled into the home and not read yet, and prints how many.

    \b
    Examples:
      ogiwatch read report.html
      ogiwatch read --json *.html | jq .report_year
      ogiwatch read --explain report.html
    """
    if explained:
        _explain(files, url)
        return
    if not files:
        from scheduler.commands.steps import read_home

        read_home(home, as_json)
        return
    reading = FilesRead(files, url)
    for read in reading:
        for report in read.reports:
            if as_json:
                output.json_line(report_as_json(report, read.file))
            else:
                _show(report, read.file)
    if reading.faults:
        sys.exit(2)


def _explain(files: tuple[str, ...], url: str) -> None:
    if not files:
        raise click.UsageError("--explain: expected at least one FILE")
    faults = 0
    for file in files:
        try:
            data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except OSError as error:
            output.complain(f"{file}: {(error.strerror or str(error)).lower()}")
            faults += 1
            continue
        click.echo(file)
        for line in explain(data, name=Path(file).name, url=url):
            click.echo(f"  {line}")
        click.echo("")
    if faults:
        sys.exit(2)


def _show(report: Report, file: str) -> None:
    part = "" if report.part is None else f" [{report.part}]"
    click.echo(f"{file}{part}")
    day = None if report.published_on is None else f"{report.published_on} ({report.published_on_source})"
    facts = {
        "title": report.title,
        "publisher": report.publisher,
        "report year": report.report_year,
        "published on": day,
        "forms": ", ".join(f"{table} {form}" for table, form in report.forms.items()) or None,
    }
    for name, value in facts.items():
        click.echo(f"  {name}: {'not found' if value is None else value}")
    for section in report.sections:
        click.echo(f"  section {section.number or '-'}: {section.heading} ({len(section.text)} characters)")
    if report.statements:
        click.echo(f"  figures in the text: {len(report.statements)}")
    for problem in report.problems:
        where = f" ({problem.where})" if problem.where else ""
        click.echo(f"  problem {problem.code}, {problem.responsibility}: {problem.message}{where}")
    for name in dict.fromkeys(figure.table for figure in report.figures):
        _show_table(report, name)
    click.echo("")


def _show_table(report: Report, name: str) -> None:
    figures = [figure for figure in report.figures if figure.table == name]
    columns = list(dict.fromkeys(figure.column for figure in figures))
    cells: dict[str, dict[str, Number | str | None]] = {}
    for figure in figures:
        cells.setdefault(figure.row, {})[figure.column] = figure.raw if figure.value is None else figure.value
    rows = [[row, *(values.get(column) for column in columns)] for row, values in cells.items()]
    click.echo("")
    output.table([name, *columns], rows)
