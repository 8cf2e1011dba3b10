"""What bytes are, by their own first bytes and members; names and served types are only believed for text."""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum

_MARKUP = ("<html", "<!doctype", "<table", "<body", "<div", "<p>", "<p ", "<meta", "<span", "<br")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if data.startswith(_OLE):
        return Format.SHEET if "Workbook".encode("utf-16-le") in data or b"B\0o\0o\0k\0" in data[:20000] else Format.DOC
    if data.startswith(_PICTURES[:3]) or (data[:2] == b"BM" and len(data) > 54) or data.startswith(_PICTURES[4:]):
        return Format.PICTURE
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Format.PICTURE
    if head.startswith(b"{\\rtf"):
        return Format.DOC
    if head[:60].lower().startswith((b"mime-version:", b"from: <saved by", b"content-type: multipart/related")):
        return Format.MHTML
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return Format.UNKNOWN
    return Format.TEXT


def _zipped(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return Format.UNKNOWN
    if "word/document.xml" in names:
        return Format.DOCX
    if any(name.startswith("xl/workbook") for name in names):
        return Format.SHEET
    return Format.ZIP


def is_markup(text: str, content_type: str) -> bool:
    """Whether decoded text is HTML."""
    head = text[:20000].lower()
    return any(mark in head for mark in _MARKUP) or ("html" in content_type and "<" in head)
