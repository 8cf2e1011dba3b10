"""TRS WCM columns in all their pager forms, and a plain table of no family that we know."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from samples.portal_model import Answer, Asked, Portal, PortalEntry
from samples.portal_pages import Shape, article, day, href, numbered, page


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

    return Shape("trs", folder, number, render, lambda n, d: f"{d:%Y%m}/t{d:%Y%m%d}_{n}.{extension}", article)


def _guizhou_rows(portal: Portal, entries: list[PortalEntry]) -> str:
    items = "".join(
        f'<li><a href="{href(portal, e)}" target="_blank" title="{escape(e.title)}">{escape(e.title[:24])}</a>'
        f"<b>{day(e)}</b></li>\n"
        for e in entries
    )
    return f'<div class="zfxxgk_zdgkc"><ul>{items}</ul></div>'


def _hubei_rows(portal: Portal, entries: list[PortalEntry]) -> str:
    items = "".join(
        f'<li><a href="{href(portal, e)}" title="{escape(e.title)}"><p>{escape(e.title)}</p>'
        f'<span class="date">{day(e, "%Y/%m/%d")}</span></a></li>\n'
        for e in entries
    )
    return f'<ul class="list-t">{items}</ul>'


def _hunan_rows(portal: Portal, entries: list[PortalEntry]) -> str:
    items = "".join(
        f'<li><a href="{href(portal, e)}">{escape(e.title)}</a><span>{day(e)}</span></li>\n' for e in entries
    )
    return f'<div class="xxgkzd-box"><ul>{items}</ul><div class="paging"></div></div>'


def _jingdezhen_rows(portal: Portal, entries: list[PortalEntry]) -> str:
    items = "".join(
        f'<li><a href="{href(portal, e)}" title="{escape(e.title)}">{escape(e.title)}</a>'
        f'<span name="PushDate">{day(e)}</span></li>\n'
        for e in entries
    )
    return f'<ul class="info-list">{items}</ul>'


def _mva_rows(portal: Portal, entries: list[PortalEntry]) -> str:
    items = "".join(
        f'<li><a href="{href(portal, e)}" title="{escape(e.title)}">{escape(e.title)}<span>{day(e)}</span></a></li>\n'
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
            f'<tr><td>·</td><td><a href="{href(portal, e)}">{escape(e.title)}</a></td><td>[{day(e)}]</td></tr>\n'
            for e in portal.page(number)
        )
        pager = f"共{portal.pages}页 " if portal.pages > 1 else ""
        if number > 1:
            pager += f'<a href="list{"" if number == 2 else number - 1}.html">上一页</a> '
        if number < portal.pages:
            pager += f'<a href="list{number + 1}.html">下一页</a>'
        inner = f'<table class="list">{rows}</table><div class="pager">{pager}</div>'
        return Answer(page(portal, portal.title, inner).encode(portal.encoding))

    return Shape("generic", f"{folder}list.html", number, render, lambda n, d: f"{d:%Y}/{n}.html", article)


TRS_SHAPES: dict[str, Shape] = {
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
