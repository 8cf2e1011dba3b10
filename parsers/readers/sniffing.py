"""What bytes are, by their own first bytes and members; names and served types are only believed for text."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum

from parsers.readers.mhtml import is_mhtml

_MARKUP = ("<html", "<!doctype", "<table", "<body", "<div", "<p>", "<p ", "<meta", "<span", "<br")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED, _WORD, _WORKBOOK, _BOOK = (
    name.encode("utf-16-le") for name in ("EncryptedPackage", "WordDocument", "Workbook", "Book")
)
_WORD_XML = {
    b"http://schemas.microsoft.com/office/2006/xmlPackage": "docx",  # a DOCX package in one file
    b"http://schemas.microsoft.com/office/word/2003/wordml": "doc",
    b"urn:schemas-microsoft-com:office:spreadsheet": "sheet",
}
_OTHERS = {
    b"Rar!": "a RAR archive", b"7z\xbc\xaf": "a 7z archive", b"\x1f\x8b": "a gzip archive", b"\0asm": "a program",
    b"%!PS": "PostScript", b"MZ": "a program", b"\x7fELF": "a program",
}  # fmt: skip
MAIN_PART = re.compile(r"word/document\d*\.xml")
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


class Format(StrEnum):
    """The formats a report comes in."""

    HTML = "html"
    TEXT = "text"
    PDF = "pdf"
    DOCX = "docx"
    DOC = "doc"
    SHEET = "sheet"
    ZIP = "zip"
    MHTML = "mhtml"
    PICTURE = "picture"
    UNKNOWN = "unknown"


def sniff(data: bytes) -> Format:
    """The format of `data`; HTML and TEXT are told apart by `is_markup` once decoded, so TEXT stands for both here."""
    head = data[:1024].lstrip()
    if data.startswith(b"PK\x03\x04"):  # asked first: a PDF stored in it begins within its first bytes
        return _zipped(data)
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if data.startswith(_OLE):
        return _ole(data)
    if data.startswith(_PICTURES[:3]) or (data[:2] == b"BM" and len(data) > 54) or data.startswith(_PICTURES[4:]):
        return Format.PICTURE
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Format.PICTURE
    if head.startswith(b"{\\rtf") or data.startswith(b"\x01\xfe"):  # the second: Works for DOS
        return Format.DOC
    if what_it_is(data):
        return Format.UNKNOWN
    if b"<?xml" in head[:10]:
        return next((Format(kind) for mark, kind in _WORD_XML.items() if mark in data[:4000]), Format.TEXT)
    return Format.MHTML if is_mhtml(data) else Format.TEXT


def what_it_is(data: bytes) -> str:
    """The name of a format that is known and not read; '' for any other."""
    if data.startswith(_OLE) and _ENCRYPTED in data:
        return "an Office document locked with a password"
    if data.startswith(b"PK\x03\x04") and b"OFD.xml" in data:
        return "an OFD document"
    if data.startswith(b"PK\x03\x04") and b"opendocument." in data[:200]:
        return "an OpenDocument file that is no text"
    return next((what for start, what in _OTHERS.items() if data.startswith(start)), "")


def _ole(data: bytes) -> Format:
    """What the streams of an OLE file make of it; a Word file may hold a workbook, so Word's comes first."""
    if _ENCRYPTED in data:
        return Format.UNKNOWN
    if _WORD in data:
        return Format.DOC
    return Format.SHEET if _WORKBOOK in data or _BOOK in data[:20000] else Format.DOC


def _zipped(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return Format.UNKNOWN
    if any(map(MAIN_PART.fullmatch, names)):
        return Format.DOCX
    if any(name.startswith("xl/workbook") for name in names):
        return Format.SHEET
    if "OFD.xml" in names:
        return Format.UNKNOWN
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return Format.DOC if b"opendocument.text" in data[:200] else Format.UNKNOWN
    return Format.ZIP


def is_markup(text: str, content_type: str) -> bool:
    """Whether decoded text is HTML."""
    head = text[:20000]
    if any(mark in head for mark in _MARKUP) or ("html" in content_type and "<" in head):
        return True
    head = head.lower()
    return any(mark in head for mark in _MARKUP)
