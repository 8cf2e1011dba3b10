"""From bytes to reports: decode, read the format, find tables and chapters, say who, which year and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from parsers.content import content_span, contents, no_report, preamble_start, report_starts
from parsers.dates import best_day
from parsers.dating import document_days
from parsers.decoding import decode
from parsers.doubts import doubt_broken
from parsers.folding import squeeze
from parsers.forms import form_in_force
from parsers.forms import forms as all_forms
from parsers.identity import Identity, identify
from parsers.joining import joined, scattered
from parsers.model import Block, Document, Generation, Grid, ParserError, Problem, Report, Responsibility
from parsers.opening import MAX_TEXT, open_document, open_text
from parsers.readers.archives import in_pages, members, shown_by
from parsers.readers.embedded import Inner, inside_answer, inside_page
from parsers.readers.html import read_html
from parsers.readers.inline import pictures_not_read
from parsers.readers.picture import read_pictures
from parsers.readers.sniffing import Format, is_markup, sniff
from parsers.readers.text import read_text
from parsers.sections import Heading, choose_headings, cut_sections, raw_headings, split_headings, text_of
from parsers.settling import Tables, settle
from parsers.statements import MAX_SCANNED, find_statements
from parsers.tables import read_rows
from parsers.textgrids import gather
from parsers.unfolding import unfold
from parsers.viewing import origins_of, placed

MAX_BYTES = 50_000_000
MAX_NESTING = 2  # a ZIP in a ZIP
MAX_PIECES = 100_000  # lines (one more for ten characters) and cells of a document; a long report has under 10,000
MAX_REPORTS = 200  # of one document
_HEAD = 60  # parts above the first chapter that may hold title and date line

Parts = Sequence[Block | Grid]


def read(
    data: bytes,
    *,
    name: str = "",
    url: str = "",
    content_type: str = "",
    names: Sequence[str] = (),
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> tuple[Report, ...]:
    """Read one archived document; at least one Report comes back, whatever the bytes are.

    `name`: file name or link text; `url`: its address (a day may stand in it); `content_type`: as served, a hint only;
    `names`: full names and aliases of the bodies whose column it was found in; `pictures`: those that a page shows and
    that were fetched with it, by address, read in their places where the page has no tables. What is no report has the
    problem `not_a_report`; what could not be read is said in `problems` and left out of `figures`.
    """
    return _read_bytes(data, name, url, content_type, names, 0, pictures)


def _read_bytes(
    data: bytes,
    name: str,
    url: str,
    content_type: str,
    names: Sequence[str],
    depth: int,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> tuple[Report, ...]:
    if len(data) > MAX_BYTES:
        message = f"the document has {len(data)} bytes; at most {MAX_BYTES} are read"
        return (nothing(Problem("too_large", message), name),)
    if not data.strip():
        return (nothing(Problem("empty", "the document is empty", "", Responsibility.CRAWLER), name),)
    kind = sniff(data)
    if kind is Format.ZIP:
        return _read_zip(data, name, url, names, depth)
    text = decode(data)[0] if kind is Format.TEXT else ""
    answered = _read_answer(text, name, url, names)
    if answered and not any(report.problems for report in answered):
        return answered
    try:
        if text:
            document = open_text(text, content_type, url, pictures)
        else:
            document = open_document(data, kind, content_type, url, pictures)
    except ParserError as error:
        return (nothing(Problem("unreadable", str(error), name), name),)
    reports = read_document(document, name=name, url=url, names=names)
    if answered and _worth(answered) >= _worth(reports):  # less: its chapters are strings of their own
        return answered
    if text and not any(report.figures for report in reports):
        strings = (_read_string(inner, document, name, url, names) for inner in inside_page(text))
        return next(filter(None, strings), None) or _with_pictures(reports, text)
    return reports


def _with_pictures(reports: tuple[Report, ...], text: str) -> tuple[Report, ...]:
    """Reports of a page that shows no figures, with the problem that it shows pictures instead, if it does."""
    problem = pictures_not_read(text) if any(report.is_report for report in reports) else None
    return tuple(replace(r, problems=(*r.problems, problem)) for r in reports) if problem else reports


def _read_answer(text: str, name: str, url: str, names: Sequence[str]) -> tuple[Report, ...]:
    """The reports with figures that the strings of an answer in JSON hold, each body's and year's from the longest
    string that names them; () if the text is none. Read as a page, it would show its own quotes and escapes."""
    found: dict[tuple[str | None, int | None], Report] = {}
    for inner in inside_answer(text) if len(text) <= MAX_TEXT else ():
        for report in _read_string(inner, Document("", ()), "" if found else name, url, names):
            whose = (report.publisher, report.report_year)
            if report.figures and (not found or None not in whose):
                found.setdefault(whose, report)
    return tuple(found.values())


def _read_string(inner: Inner, page: Document, name: str, url: str, names: Sequence[str]) -> tuple[Report, ...]:
    """The reports of a string inside a page or an answer; () if they have no figures."""
    try:
        document = read_html(inner.text) if is_markup(inner.text, "") else read_text(inner.text)
    except ParserError:  # what a script may hold is none of the page's faults
        return ()
    metadata = {**inner.beside.days, **page.metadata}
    document = replace(document, title=document.title or inner.beside.title or page.title, metadata=metadata)
    reports = read_document(document, name=name, url=url, names=names)
    return reports if any(report.figures for report in reports) else ()


def _worth(reports: Sequence[Report]) -> tuple[int, bool, bool]:
    """How many figures the fullest of them has, and whether it says whose and which year's they are."""
    ranks = ((len(r.figures), r.publisher is not None, r.report_year is not None) for r in reports)
    return max(ranks, default=(0, False, False))


def _read_zip(data: bytes, name: str, url: str, names: Sequence[str], depth: int) -> tuple[Report, ...]:
    """The reports of the members of a ZIP, each with its member's name as `part`; the ZIP's own faults if none is."""
    if depth >= MAX_NESTING:
        return (
            nothing(Problem("too_large", f"archives nested more than {MAX_NESTING} deep are not read", name), name),
        )
    found: list[Report] = []
    faults: list[Problem] = []
    files: list[tuple[str, bytes]] = []
    try:
        files.extend(members(data))
    except ParserError as error:
        faults.append(Problem("unreadable", str(error), name))
    pictures = {member: content for member, content in files if sniff(content) is Format.PICTURE}
    read_of: list[tuple[str, tuple[Report, ...]]] = []
    for member, content in files:
        kind = sniff(content)
        if kind is not Format.PICTURE:
            beside = shown_by(member, decode(content)[0], pictures) if pictures and kind is Format.TEXT else {}
            read_of.append((member, _read_bytes(content, member, url, "", names, depth + 1, beside)))
            pictures = {name: held for name, held in pictures.items() if held not in beside.values()}
    read_of.extend(_read_pictures(pictures, url, names))
    if pieces := scattered(read_of):
        together = joined([document for _, document in pieces])
        whole = read_document(together, name=name or pieces[0][0], url=url, names=names)
        if len(whole) == 1 and whole[0].is_report:
            used = {member for member, _ in pieces}
            read_of = [(pieces[0][0], whole), *(item for item in read_of if item[0] not in used)]
    for member, reports in read_of:
        for report in reports:
            part = member if report.part is None else f"{member}/{report.part}"
            if report.is_report:
                found.append(replace(report, part=part))
            else:
                faults.extend(replace(p, where=p.where or member) for p in report.problems)
    if found:  # what else the archive holds and could not be read is said with its first report
        unread = tuple(p for p in faults if p.code in ("unreadable", "too_large"))
        return (replace(found[0], problems=(*found[0].problems, *unread)), *found[1:])
    empty = nothing(Problem("unreadable", "no member of the archive is a report", name), name)
    return (replace(empty, problems=(*faults, *empty.problems)),)


def _read_pictures(
    pictures: Mapping[str, bytes], url: str, names: Sequence[str]
) -> Iterator[tuple[str, tuple[Report, ...]]]:
    """The name of the first page and the reports of each document that pictures of an archive are pages of."""
    for group in in_pages(tuple(pictures)):
        try:
            document = read_pictures([pictures[page] for page in group])
        except ParserError as error:
            yield group[0], (nothing(Problem("unreadable", str(error), group[0]), group[0]),)
        else:
            yield group[0], read_document(document, name=group[0], url=url, names=names)


def nothing(problem: Problem, name: str) -> Report:
    """The report that says only why there is none."""
    problems = (problem, Problem("not_a_report", "no report could be read", name))
    return Report(None, None, None, None, None, {}, (), (), (), problems)


def read_document(
    document: Document, *, name: str = "", url: str = "", names: Sequence[str] = ()
) -> tuple[Report, ...]:
    """The second half of `read`, the same for every format: one Report for each report of the document."""
    document = _bounded(document)
    parts, depths = unfold(document.parts, document.gaps)
    document = replace(document, parts=parts, gaps=depths) if len(parts) > len(document.parts) else document
    cut, gaps = split_headings(document.parts, document.gaps)
    if len(cut) > len(document.parts):
        document = replace(document, parts=cut, gaps=tuple(gaps))
    candidates = raw_headings(document.parts)
    starts = report_starts(document.parts, candidates)
    if len(starts) > MAX_REPORTS:
        message = f"only the first {MAX_REPORTS} of {len(starts)} reports were read"
        document = _cut(document, starts[MAX_REPORTS], message)
        starts = starts[:MAX_REPORTS]
    reports: list[Report] = []
    for i, start in enumerate(starts):
        end = starts[i + 1] if i + 1 < len(starts) else len(document.parts)
        piece = document if len(starts) == 1 else _piece(document, start, end)
        known = candidates if piece is document else raw_headings(piece.parts)
        report = _read_one(piece, known, name if i == 0 else "", url, names)
        if not any(_same(report, other) for other in reports):
            reports.append(report)
    return tuple(reports)


def _bounded(document: Document) -> Document:
    """The document without what exceeds the number of lines and cells that are read, and the problem that says so."""
    room = MAX_PIECES
    for at, part in enumerate(document.parts):
        room -= len(part.cells) if isinstance(part, Grid) else 1 + len(part.text) // 10
        if room < 0:
            kept = f"the first {at} of {len(document.parts)} lines and tables"
            message = f"only {kept} were read: together they are more than {MAX_PIECES} pieces"
            return _cut(document, at, message)
    return document


def _cut(document: Document, at: int, message: str) -> Document:
    problems = (*document.problems, Problem("too_large", message, "document"))
    return replace(document, parts=document.parts[:at], gaps=document.gaps[:at], problems=problems)


def _piece(document: Document, start: int, end: int) -> Document:
    """One of several reports on a page; the page's own title and metadata speak for none of them in particular."""
    gaps = document.gaps[start:end]
    return Document(document.format, document.parts[start:end], {}, "", document.problems, gaps)


def _same(report: Report, other: Report) -> bool:
    """The same report twice on one page (a copy for small screens)."""
    figures = [(f.table, f.row, f.column, f.value) for f in report.figures]
    return figures == [(f.table, f.row, f.column, f.value) for f in other.figures] and report.sections == other.sections


def _read_one(document: Document, candidates: Sequence[Heading], name: str, url: str, names: Sequence[str]) -> Report:
    headings = choose_headings(candidates[contents(candidates) :])
    span = content_span(document, headings)
    above = document.parts[: span.start]
    inner = _marked(document.parts, headings)[span.start : span.end]
    parts = gather(inner)
    headings = _moved(headings, document.parts, parts)
    rows = read_rows(p for p in parts if isinstance(p, Grid))
    if document.format == "pdf":
        doubt_broken(rows)
    tables = settle(rows)
    first = headings[0].at if headings else next((i for i, p in enumerate(parts) if isinstance(p, Grid)), len(parts))
    head = [*above[-_HEAD:], *parts[:first]]
    identity = identify(document, head, parts, first, name, names)
    old = tables.forms.get("indicators") is Generation.PRE2019 and "requests" not in tables.forms
    old = old or any((h.printed or 0) > 7 for h in headings)
    days = document_days(document, head, parts[headings[-1].at :] if headings else parts, url, identity)
    day = best_day(days)
    problems = [*document.problems, *tables.problems]
    said = {(problem.code, problem.where) for problem in problems}
    problems.extend(p for p in _absent_tables(tables, headings, parts) if (p.code, p.where) not in said)
    if reason := no_report(tables, headings, identity, parts):
        if "lists reports" in reason:
            identity = replace(identity, publisher=None, title=None)  # those of one of its entries
        problems.append(Problem("not_a_report", reason, identity.title or name))
        tables = Tables((), {}, ())
    forms = dict(tables.forms)
    if "disputes" not in forms and any(f.table == "disputes" for f in tables.figures):
        forms["disputes"] = _disputes_form(identity.report_year)
    # Without any heading the text between and below the tables belongs to no chapter, and is read with the opening.
    opening = parts[preamble_start(parts, first, page=bool(document.gaps)) : first if headings else None]
    preamble = text_of(opening)
    sections = cut_sections(parts, headings, old=old)
    ends = [heading.at for heading in headings[1:]] + [len(parts)]
    chapters = [parts[heading.at + 1 : end] for heading, end in zip(headings, ends, strict=False)]
    origins = tuple(map(origins_of, (opening, *chapters)))
    if len(preamble) + sum(len(section.text) for section in sections) > MAX_SCANNED:
        message = f"figures stated in the text were looked for in its first {MAX_SCANNED} characters, in whole chapters"
        problems.append(Problem("too_large", message, "statements"))
    stated = find_statements(sections, preamble, identity.report_year, forms, _called(identity, names))
    return Report(
        publisher=identity.publisher,
        report_year=identity.report_year,
        title=identity.title,
        published_on=day.day if day else None,
        published_on_source=day.source if day else None,
        forms=forms,
        figures=tables.figures,
        sections=sections,
        statements=placed(stated, sections, origins),
        problems=tuple(problems),
        days=tuple(days),
        preamble=preamble,
        text_confidence=document.text_confidence,
        format=document.format,
        document=document,
        origins=origins,
    )


# Labels that stand in nothing but the table of a chapter: left in the text, they say that it is there, glued.
_SHEET = 0  # the sheet of before 2019 is no chapter's
_LABELS = {_SHEET: "告知作出更改补充数", 2: "本年处理决定数量", 3: "结转下年度继续办理", 4: "未经复议直接起诉"}


def _called(identity: Identity, names: Sequence[str]) -> tuple[str, ...]:
    """What the publisher is called: as printed, and what the registry calls it if that is one body."""
    return (identity.publisher, *(n for n in names if identity.publisher in n)) if identity.publisher else ()


def _absent_tables(tables: Tables, headings: Sequence[Heading], parts: Parts) -> list[Problem]:
    """Tables that were not found, or not read at all, though their chapter or their labels are there."""
    if "indicators" in tables.forms:
        return []
    glued = _glued(parts)
    if _SHEET in glued:
        return [Problem("table_absent", "no figures of the table 'indicators' could be read", "indicators")]
    read_of = {figure.table for figure in tables.figures if figure.place is not None}
    chapters = {h.chapter for h in headings if h.chapter}
    wanted = {2: "proactive", 3: "requests", 4: "disputes"}
    if not read_of and not {2, 3, 4} <= chapters:
        chapters = glued  # a report in prose, or none
    return [
        Problem("table_absent", f"no figures of the table '{table}' could be read", table)
        for chapter, table in wanted.items()
        if table not in read_of and (chapter in chapters or read_of)
    ]


def _glued(parts: Parts) -> set[int]:
    """The chapters whose table stands in the text, run together."""
    cells = [cell for part in parts for cell in ((part,) if isinstance(part, Block) else part.cells)]
    lines = [squeeze(cell.text) for cell in cells if len(cell.text) > 12]
    return {chapter for chapter, label in _LABELS.items() if any(label in line for line in lines)}


def _disputes_form(report_year: int | None) -> Generation:
    """The form of disputes without another table beside them: the year's, the newest where that has no such table."""
    newest = Generation.FORM_2021
    in_force = form_in_force(report_year) if report_year else newest
    return in_force if all_forms()[in_force].table("disputes") else newest


def _marked(parts: Parts, headings: Sequence[Heading]) -> list[Block | Grid]:
    """The parts with chapter headings marked, so that no table swallows them."""
    marked = list(parts)
    for heading in headings:
        part = marked[heading.at]
        if isinstance(part, Block):
            marked[heading.at] = Block(part.text, part.start, True, part.place)
    return marked


def _moved(headings: list[Heading], before: Parts, after: Parts) -> list[Heading]:
    """The headings with their places among the gathered parts."""
    places = {part.start: i for i, part in enumerate(after) if isinstance(part, Block)}
    moved: list[Heading] = []
    for heading in headings:
        part = before[heading.at]
        if isinstance(part, Block) and part.start in places:
            moved.append(Heading(places[part.start], heading.text, heading.printed, heading.chapter))
    return moved
