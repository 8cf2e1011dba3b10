"""Attachments of an article, and pages of reports that it only links to (real-world section 6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.families.addresses import absolute, address_key, is_file

VIEWERS = "iframe, embed, object, frame"
OPENED = re.compile(
    r"(?:window\.open|location\.href\s*=|showPdf|pdfUrl\s*=)\s*\(?\s*['\"]([^'\"<>]{1,500}\.pdf[^'\"<>]{0,200})['\"]",
    re.IGNORECASE,
)
COMPANION = re.compile(r"图解|解读|问答|语音|朗读|视频|音频|一图")
PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?)$", re.IGNORECASE)
BODY = (
    "div.trs_editor_view, div.TRS_Editor, div.v_news_content, div[id^='vsb_content'], div.article-content, "
    "div.news_cont_d_wrap, div#zoom, div.content, div#content, div.article, div.con"
)
# without any of these a page offers no file and shows no picture that is its text; most reports are plain pages, and
# looking for these takes a fifth of the time of building a tree
MARKS = (
    ".pdf", ".doc", ".wps", ".xls", ".et", ".zip", ".rar", ".7z", ".ofd", ".ceb", ".rtf", ".txt", "&#46;", "&#x2e;",
    "down", "file", "append", "oldsrc", "<iframe", "<embed", "<object", "<frame",
)  # fmt: skip
TEXT_ENOUGH = 600  # characters of text in a body that is more than a cover for its pictures


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """Something an article shows or offers: `label` is the link's text; `companion`: an explanation, not the report."""

    url: str
    label: str
    companion: bool = False


def article_links(text: str, url: str) -> tuple[ArticleLink, ...]:
    """Documents that belong to an article, in the order of the page, each once: linked files, files shown in a frame or
    viewer, and, where the page has little text of its own, the pictures that the report consists of.
    """
    small = text.lower()
    if not any(mark in small for mark in MARKS):
        return ()
    tree = LexborHTMLParser(text)
    found: dict[str, ArticleLink] = {}

    def add(href: str | None, label: str, *, must_be_file: bool = True) -> None:
        address = absolute(href or "", url)
        if address is None or address_key(address) == address_key(url) or (must_be_file and not is_file(address)):
            return
        words = " ".join(label.split())
        found.setdefault(address_key(address), ArticleLink(address, words, bool(COMPANION.search(words))))

    body = tree.body
    for link in body.css("a[href]") if body else ():
        label = link.text() or link.attributes.get("title") or link.attributes.get("download") or ""
        declared = link.attributes.get("appendix") == "true" or "needdownload" in link.attributes
        href = link.attributes.get("href")
        add(href, label, must_be_file=not (declared and not PICTURE.search(urlsplit(href or "").path)))
    for viewer in body.css(VIEWERS) if body else ():
        source = viewer.attributes.get("src") or viewer.attributes.get("data") or ""
        inner = dict(parse_qsl(urlsplit(source).query)).get("file")
        add(inner or source, "", must_be_file=True)
    for opened in OPENED.findall(text) if ".pdf" in text or ".PDF" in text else ():
        add(opened, "")
    if _is_cover(tree):
        for picture in body.css("img[src]") if body else ():
            given = picture.attributes.get("appendix") == "true" or "oldsrc" in picture.attributes
            if given and PICTURE.search(urlsplit(picture.attributes.get("src") or "").path):
                add(picture.attributes.get("src"), picture.attributes.get("title") or "", must_be_file=False)
    return tuple(found.values())


def _is_cover(tree: LexborHTMLParser) -> bool:
    """True if the article's body has no table and little text: the report is in its pictures."""
    body = tree.css_first(BODY) or tree.body
    return body is not None and body.css_first("table") is None and len("".join(body.text().split())) < TEXT_ENOUGH
