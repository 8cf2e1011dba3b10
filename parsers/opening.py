"""From the bytes of one file to its Document: which reader is for which format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from parsers.decoding import decode
from parsers.model import Document, ParserError
from parsers.readers.docx import read_docx
from parsers.readers.html import read_html
from parsers.readers.inline import carried_pictures, with_carried
from parsers.readers.mhtml import page_of
from parsers.readers.office import read_office
from parsers.readers.picture import read_pictures
from parsers.readers.sheets import read_sheets
from parsers.readers.sniffing import Format, is_markup, what_it_is
from parsers.readers.text import read_text

MAX_TEXT = 3_000_000  # characters; a report page has under 200,000


def open_document(
    data: bytes,
    kind: Format,
    content_type: str,
    url: str = "",
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> Document:
    """The Document of one file of that format (no ZIP), `url` and `pictures` as for `read`; ParserError if it is not
    what its first bytes say, or needs a part that is absent."""
    if kind is Format.PDF:
        from parsers.readers.pdf import read_pdf  # pdfminer takes half a second to import; pages do not need it

        return read_pdf(data)
    if kind is Format.DOCX:
        return read_docx(data)
    if kind is Format.SHEET:
        return read_sheets(data)
    if kind is Format.DOC:
        return replace(read_office(data), format="doc")
    if kind is Format.MHTML:
        page = page_of(data)
        data, content_type, url, pictures = page.data, "text/html", page.url, page.pictures
    if kind is Format.PICTURE:
        return read_pictures([data])
    if kind is Format.UNKNOWN:
        found = what_it_is(data) or "its first bytes are of none of these"
        raise ParserError(f"expected HTML, text, PDF, Word, Excel or ZIP: {found}")
    return open_text(decode(data)[0], content_type, url, pictures)


def open_text(text: str, content_type: str, url: str, pictures: Mapping[str, bytes]) -> Document:
    """The Document of decoded markup or lines, the rest as for `open_document`."""
    carried = carried_pictures(text, pictures, url) if pictures or "data:image/" in text else None
    text = carried.markup if carried else text
    if len(text) > MAX_TEXT:
        raise ParserError(f"the document has {len(text)} characters; at most {MAX_TEXT} are read")
    if not is_markup(text, content_type):
        return read_text(text)
    document = read_html(text)
    return with_carried(document, carried.pictures) if carried and carried.pictures else document
