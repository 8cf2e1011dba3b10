"""How list and article pages of the real families look (markup shapes as seen on portals; all text is our own)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from samples.portal_model import Answer, Asked, Portal, PortalEntry

ARTICLE_HEAD = """<meta name="SiteName" content="{site}"/>
<meta name="ColumnName" content="{column}"/>
<meta name="ColumnType" content="政府信息公开年报"/>"""


@dataclass(frozen=True, slots=True)
class Shape:
    """One way of listing: `column` is the column's address below the portal's folder; `number` tells which list page is
    asked for (None: no list page), `render` gives that page; `article` is the article page around a fragment.
    """

    column: str
    number: Callable[[Portal, Asked], int | None]
    render: Callable[[Portal, int], Answer]
    article: Callable[[Portal, PortalEntry], str]


def folder_of(shape: Shape) -> str:
    """The folder that relative entry paths are joined to."""
    return posixpath.dirname(shape.column.partition("?")[0]) + "/"


def path_of(portal: Portal, entry: PortalEntry, shape: Shape) -> str:
    """The entry's path on the server, with the portal's folder in front; whole addresses are left as they are."""
    if "://" in entry.path:
        return entry.path
    inside = entry.path if entry.path.startswith("/") else posixpath.join(folder_of(shape), entry.path)
    return f"/{portal.name}{inside}"


def page(portal: Portal, title: str, inner: str, head: str = "") -> str:
    """A whole page with the navigation that every portal puts around its content."""
    return f"""<!DOCTYPE html>
<html><head><meta charset="{portal.encoding}"/><title>{escape(title)}</title>
{ARTICLE_HEAD.format(site=escape(portal.name), column=escape(portal.title))}{head}</head>
<body><div class="head"><ul class="nav"><li><a href="/{portal.name}/">首页</a></li>
<li><a href="/{portal.name}/zwgk/">政务公开</a></li>
<li><a href="/{portal.name}/zfxxgk/zfxxgkzn/">政府信息公开指南</a></li>
<li><a href="/{portal.name}/zfxxgk/zfxxgknb/">政府信息公开年报</a></li></ul></div>
{inner}
<div class="foot"><a href="/{portal.name}/wzdt.html">网站地图</a> 主办单位：{escape(portal.name)}</div></body></html>
"""


def article(portal: Portal, entry: PortalEntry, body_class: str = "trs_editor_view") -> str:
    """The usual article page: title, date line, text, attachments."""
    day = entry.page_day or entry.day
    shown = day if entry.show_day else None
    date_line = f'<div class="info">{entry.day_label}{shown} 来源：{escape(portal.name)}</div>' if shown else ""
    head = f'\n<meta name="ArticleTitle" content="{escape(entry.title)}"/>'
    if shown:
        head += f'\n<meta name="PubDate" content="{shown.isoformat()} 09:00"/>'
    links = "".join(
        f'<p><a appendix="true" data-appendix="true" needdownload="true" href="./{a.path}" title="{escape(a.label)}">'
        f"{escape(a.label)}</a></p>"
        for a in entry.attachments
    )
    text = entry.body if isinstance(entry.body, str) else ""
    inner = f'<h1 class="title">{escape(entry.title)}</h1>{date_line}\n<div class="{body_class}">{text}{links}</div>'
    return page(portal, entry.title, inner, head)


def numbered(pattern: str, asked: Asked, first: str, offset: int) -> int | None:
    """Which list page a path names: the column's own folder or `first` is page 1, else number + offset."""
    if asked.path in (posixpath.dirname(first) + "/", first):
        return 1
    found = re.fullmatch(pattern, asked.path)
    return int(found[1]) + offset if found else None


def _href(portal: Portal, entry: PortalEntry) -> str:
    if "://" in entry.path:
        return entry.path
    return f"/{portal.name}{entry.path}" if entry.path.startswith("/") else f"./{entry.path}"


def _day(entry: PortalEntry, form: str = "%Y-%m-%d") -> str:
    return entry.day.strftime(form) if entry.day else ""


def _trs(
    rows: Callable[[Portal, list[PortalEntry]], str], pager: Callable[[Portal, int], str], extension: str, offset: int
) -> Shape:
    """A TRS column: index, index_1, ... `offset` is the page number minus the number in the name (2 - 1 or 2 - 2)."""
    folder = "/zfxxgk/zfxxgknb/"

    def number(portal: Portal, asked: Asked) -> int | None:
        return numbered(rf"{folder}index_(\d+)\.{extension}", asked, f"{folder}index.{extension}", offset)

    def render(portal: Portal, number: int) -> Answer:
        inner = rows(portal, portal.page(number)) + pager(portal, number)
        return Answer(page(portal, portal.title, inner).encode(portal.encoding))

    return Shape(folder, number, render, article)


def _guizhou_rows(portal: Portal, entries: list[PortalEntry]) -> str:
    items = "".join(
        f'<li><a href="{_href(portal, e)}" target="_blank" title="{escape(e.title)}">{escape(e.title[:24])}</a>'
        f"<b>{_day(e)}</b></li>\n"
        for e in entries
    )
    return f'<div class="zfxxgk_zdgkc"><ul>{items}</ul></div>'


def _hubei_rows(portal: Portal, entries: list[PortalEntry]) -> str:
    items = "".join(
        f'<li><a href="{_href(portal, e)}" title="{escape(e.title)}"><p>{escape(e.title)}</p>'
        f'<span class="date">{_day(e, "%Y/%m/%d")}</span></a></li>\n'
        for e in entries
    )
    return f'<ul class="list-t">{items}</ul>'


def _hunan_rows(portal: Portal, entries: list[PortalEntry]) -> str:
    items = "".join(
        f'<li><a href="{_href(portal, e)}">{escape(e.title)}</a><span>{_day(e)}</span></li>\n' for e in entries
    )
    return f'<div class="xxgkzd-box"><ul>{items}</ul><div class="paging"></div></div>'


def _jingdezhen_rows(portal: Portal, entries: list[PortalEntry]) -> str:
    items = "".join(
        f'<li><a href="{_href(portal, e)}" title="{escape(e.title)}">{escape(e.title)}</a>'
        f'<span name="PushDate">{_day(e)}</span></li>\n'
        for e in entries
    )
    return f'<ul class="info-list">{items}</ul>'


def _mva_rows(portal: Portal, entries: list[PortalEntry]) -> str:
    items = "".join(
        f'<li><a href="{_href(portal, e)}" title="{escape(e.title)}">{escape(e.title)}<span>{_day(e)}</span></a></li>\n'
        for e in entries
    )
    return f'<div class="overview_right"><ul>{items}</ul></div>'


def _generic() -> Shape:
    """A plain table with relative links, and next-page links as text: no family we know."""
    folder = "/ndbg/"

    def number(portal: Portal, asked: Asked) -> int | None:
        return numbered(rf"{folder}list(\d+)\.html", asked, f"{folder}list.html", 0)

    def render(portal: Portal, number: int) -> Answer:
        rows = "".join(
            f'<tr><td>·</td><td><a href="{_href(portal, e)}">{escape(e.title)}</a></td><td>[{_day(e)}]</td></tr>\n'
            for e in portal.page(number)
        )
        pager = f"共{portal.pages}页 " if portal.pages > 1 else ""
        if number > 1:
            pager += f'<a href="list{"" if number == 2 else number - 1}.html">上一页</a> '
        if number < portal.pages:
            pager += f'<a href="list{number + 1}.html">下一页</a>'
        inner = f'<table class="list">{rows}</table><div class="pager">{pager}</div>'
        return Answer(page(portal, portal.title, inner).encode(portal.encoding))

    return Shape(f"{folder}list.html", number, render, article)


SHAPES: dict[str, Shape] = {
    "trs": _trs(
        _guizhou_rows, lambda p, n: f'<script>createPageHTML({p.pages}, {n - 1}, "index", "html")</script>', "html", 1
    ),
    "trs_hubei": _trs(
        _hubei_rows,
        lambda p, n: (
            f'<script>createPageHTML({p.pages}, {n - 1},"index", "shtml", "black2", {len(p.listed())});</script>'
        ),
        "shtml",
        1,
    ),
    "trs_hunan": _trs(
        _hunan_rows,
        lambda p, n: f"<script>createPageHTML('paging',{p.pages},{n},'index','html',{len(p.listed())});</script>",
        "html",
        0,
    ),
    "trs_jingdezhen": _trs(
        _jingdezhen_rows,
        lambda p, n: f'<script>createPageHTML({p.pages},{n - 1},"index","shtml","black2",{len(p.listed())});</script>',
        "shtml",
        1,
    ),
    "trs_mva": _trs(
        _mva_rows, lambda p, n: f"<script>var currentPage = {n - 1};\nvar countPage = {p.pages};</script>", "html", 1
    ),
    "generic": _generic(),
}
