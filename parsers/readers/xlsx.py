"""What an XLSX file says beside its values: hidden rows and columns, formulas without a result, errors, percentages."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]

from parsers.folding import RAISED
from parsers.model import ParserError
from parsers.readers.numbering import Element

MAX_XML = 60_000_000  # bytes of one part unpacked
_NAME = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_BUILT_IN = {"9": "0%", "10": "0.00%"}  # number formats that need no definition
# Of a number format: what is printed as it stands, and a comma behind the last digit, which divides by a thousand.
_LITERAL = re.compile(r'"[^"]*"|[\\!_*].|\[[^\]]*\]')
_SCALED = re.compile(r"[0#?],+(?![0#?,])")
_UNIT = re.compile(r"[0#?][^;]*?([千万亿]*元|[千万亿]+)")


@dataclass(slots=True)
class Unseen:
    """What one sheet holds that is not a value: rows and columns nobody sees, and cells that show something else than
    their value."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    too_large: bool = False


def unseen(data: bytes, max_cells: int) -> dict[str, Unseen]:
    """By sheet name. A sheet that spans more than `max_cells` is only said to be too large. Raises ParserError if the
    package is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            book = _xml(archive, "xl/workbook.xml")
            links = {
                node.get("Id", ""): node.get("Target", "") for node in _xml(archive, "xl/_rels/workbook.xml.rels")
            }
            codes = _formats(_xml(archive, "xl/styles.xml")) if "xl/styles.xml" in names else {}
            shared = _marked_strings(archive) if "xl/sharedStrings.xml" in names else {}
            found: dict[str, Unseen] = {}
            for sheet in book.iter("{*}sheet"):
                target = links.get(next((v for k, v in sheet.attrib.items() if k.endswith("}id")), ""), "")
                path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if path in names:
                    found[sheet.get("name", "")] = _sheet(_xml(archive, path), codes, shared, max_cells)
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, ValueError, EOFError, RuntimeError) as error:
        if isinstance(error, ParserError):
            raise
        raise ParserError(f"expected a readable XLSX workbook: {error}") from error
    return found


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    with archive.open(name) as stream:
        content = stream.read(MAX_XML + 1)
    if len(content) > MAX_XML:
        raise ParserError(f"the member {name!r} unpacks to more than {MAX_XML} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ParserError(f"expected well-formed XML in {name}: {error}") from error


def _formats(styles: Element) -> dict[str, str]:
    """The number formats of the kinds of cells (their places in the list, as cells name them)."""
    own = _BUILT_IN | {node.get("numFmtId", ""): node.get("formatCode", "") for node in styles.iter("{*}numFmt")}
    kinds = next(styles.iter("{*}cellXfs"), None)
    numbers = [node.get("numFmtId", "") for node in kinds] if kinds is not None else []
    return {str(i): own[number] for i, number in enumerate(numbers) if number in own}


def as_printed(value: float, code: str) -> str:
    """What a number format makes of a value, where that is another figure: a percentage, a figure with a unit, or
    thousands (nobody sees the rest of it, so that it is no figure at all); '' where the value says it."""
    bare = _LITERAL.sub("", code)
    if "%" in bare:
        return f"{value * 100:.10g}%"
    if _SCALED.search(bare):
        return f"{value:.10g} as {code}" if value else ""
    unit = _UNIT.match(re.sub(r'["\\!]|[_*].|\[[^\]]*\]', "", code))
    return f"{value:.10g}{unit[1]}" if unit else ""


def _marked_strings(archive: zipfile.ZipFile) -> dict[str, str]:
    """What is shown of the shared strings that are partly struck out or raised, by number, as cells name them."""
    root = _xml(archive, "xl/sharedStrings.xml")
    texts = ((str(i), _as_shown(item)) for i, item in enumerate(root.iterfind("{*}si")))
    return {number: text for number, text in texts if text is not None}


def _as_shown(item: Element) -> str | None:
    """The text of a cell of several runs without what is struck out, raised figures as marks of notes; None if it has
    neither, or nothing else."""
    looks = [run.find("{*}rPr") for run in item.iterfind("{*}r")]
    struck = [look is not None and _on(look.find("{*}strike")) for look in looks]
    raised = [look is not None and _is_raised(look.find("{*}vertAlign")) for look in looks]
    if all(struck) or all(raised) or not any((*struck, *raised)):
        return None
    runs = zip(item.iterfind("{*}r"), struck, raised, strict=True)
    texts = ((run.findtext("{*}t") or "", high) for run, gone, high in runs if not gone)
    return "".join(text.translate(RAISED) if high else text for text, high in texts).strip()


def _on(node: Element | None) -> bool:
    return node is not None and node.get("val") not in ("0", "false")


def _is_raised(node: Element | None) -> bool:
    return node is not None and node.get("val") in ("superscript", "subscript")


def _sheet(root: Element, codes: Mapping[str, str], shared: dict[str, str], max_cells: int) -> Unseen:
    found = Unseen()
    for column in root.iter("{*}col"):
        first, last = _number(column.get("min")), _number(column.get("max"))
        if _is_hidden(column, "width") and first is not None and last is not None:
            found.columns.update(range(first - 1, min(last, max_cells)))
    bottom = right = 0
    for row in root.iter("{*}row"):
        number = _number(row.get("r"))
        if _is_hidden(row, "ht") and number is not None:
            found.rows.add(number - 1)
        for at, cell in enumerate(row):
            place = _place(cell.get("r", "")) or (number - 1 if number is not None else bottom, at)
            if not len(cell):
                continue
            bottom, right = max(bottom, place[0] + 1), max(right, place[1] + 1)
            text = _instead(cell, codes, shared)
            if text:
                found.texts[place] = text
    found.too_large = bottom * right > max_cells
    return found


def _is_hidden(line: Element, size: str) -> bool:
    """A row or column that is hidden, or drawn together until nothing is left of it."""
    return _true(line.get("hidden")) or (line.get(size) or "1").strip("0.") == ""


def _instead(cell: Element, codes: Mapping[str, str], shared: dict[str, str]) -> str:
    """What stands for a cell whose value says nothing, or not what is shown; '' if the value is what is shown."""
    value = cell.findtext("{*}v") or ""
    kind = cell.get("t")
    if kind == "e":
        return value or "#ERROR"
    if kind == "s" and shared:
        return shared.get(value, "")
    if kind == "inlineStr" and (item := cell.find("{*}is")) is not None:
        return _as_shown(item) or ""
    if cell.find("{*}f") is not None and not value and (kind != "str" or cell.find("{*}v") is None):
        return "=" + (cell.findtext("{*}f") or "")
    if cell.get("t", "n") == "n" and value and (code := codes.get(cell.get("s", "0"))):
        try:
            return as_printed(float(value), code)
        except ValueError:
            return value
    return ""


def _place(name: str) -> tuple[int, int] | None:
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _true(text: str | None) -> bool:
    return text in ("1", "true")
