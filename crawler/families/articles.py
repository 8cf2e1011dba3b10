"""Attachments of an article, and pages of reports that it only links to (real-world section 6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.families.addresses import absolute, address_key, is_file
from crawler.families.trees import tree_of

VIEWERS = "iframe, embed, object, frame"
OPENED = re.compile(
    r"(?:window\.open|location\.href\s*=|showPdf|pdfUrl\s*=)\s*\(?\s*['\"]([^'\"<>]{1,500}\.pdf[^'\"<>]{0,200})['\"]",
    re.IGNORECASE,
)
COMPANION = re.compile(r"图解|解读|问答|语音|朗读|视频|音频|一图")
PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?|webp)$", re.IGNORECASE)
ORNAMENT = re.compile(r"icon|logo|ewm|qrcode|share|print|btn|button|arrow|weixin|wechat|weibo|banner", re.IGNORECASE)
CHAPTERS = re.compile("主动公开政府信息情况|收到和处理政府信息公开申请")
LEAST_SIDE = 200  # pixels, where the page says a picture's size
BODY = (
    "div.trs_editor_view, div.TRS_Editor, div.v_news_content, div[id^='vsb_content'], div.article-content, "
    "div.news_cont_d_wrap, div#zoom, div.content, div#content, div.article, div.con"
)
# without any of these a page offers no file and shows no picture that is its text; most reports are plain pages, and
# looking for these takes a tenth of the time of building a tree
VIEWER_MARKS = (b"<iframe", b"<embed", b"<object", b"<frame")
FILE_MARKS = tuple(  # an expression each: one that begins with a letter of its own is found as fast as memory is read
    re.compile(mark)
    for mark in (
        rb"\.(?:pdf|doc|wps|xls|et|zip|rar|7z|ofd|ceb|rtf|txt)", rb"&#(?:46|x2e);", b"down", b"file", b"append",
        b"oldsrc",
    )
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
    if not _may_have_links(text):
        return ()
    tree = tree_of(text)
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
    for picture in _pictures(tree):
        add(picture.attributes.get("src"), picture.attributes.get("title") or "", must_be_file=False)
    return tuple(found.values())


def _may_have_links(text: str) -> bool:
    """False for a page that offers and shows nothing."""
    small = text.encode("ascii", "ignore").lower()  # searched many times, and a third of the page
    found = any(mark.search(small) for mark in FILE_MARKS) or any(mark in small for mark in VIEWER_MARKS)
    return found or (b"<img" in small and b"<table" not in small)


def _pictures(tree: LexborHTMLParser) -> list[LexborNode]:
    """The pictures that an article consists of, or whose tables they are: only where its body has no table, and has
    little text or the chapters of a report; those of its body that are no ornaments, or that the CMS says are its own.
    """
    body = tree.css_first(BODY)
    shown = body or tree.body
    if shown is None or shown.css_first("table") is not None:
        return []
    words = "".join(shown.text().split())
    if len(words) >= TEXT_ENOUGH and not CHAPTERS.search(words):
        return []
    inside = {picture.mem_id for picture in body.css("img[src]")} if body is not None else set()
    found = []
    for picture in tree.css("img[src]"):
        address = picture.attributes.get("src") or ""
        own = picture.attributes.get("appendix") == "true" or "oldsrc" in picture.attributes
        if PICTURE.search(urlsplit(address).path) and (
            own or (picture.mem_id in inside and _is_large(picture, address))
        ):
            found.append(picture)
    return found


def _is_large(picture: LexborNode, address: str) -> bool:
    """False for what the page calls small, or whose name is that of an ornament."""
    given = [picture.attributes.get(side) or "" for side in ("width", "height")]
    sizes = [int(size.removesuffix("px")) for size in given if size.removesuffix("px").isdecimal()]
    return min(sizes, default=LEAST_SIDE) >= LEAST_SIDE and not ORNAMENT.search(address)
