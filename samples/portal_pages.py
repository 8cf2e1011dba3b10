"""What the pages of all families share: the frame around a page, the article page, paths and days (text is our own)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import escape

from samples.portal_model import Answer, Asked, Portal, PortalEntry

ARTICLE_HEAD = """<meta name="SiteName" content="{site}"/>
<meta name="ColumnName" content="{column}"/>
<meta name="ColumnType" content="政府信息公开年报"/>"""


@dataclass(frozen=True, slots=True)
class Shape:
    """One way of listing.

    `family` is the registry's code; `column` the column's address below the portal's folder; `number` tells which list
    page is asked for (None: no list page; 0: a page that only leads to the list), `render` gives that page;
    `path` makes the path of an article from a running number and a day, as this family's addresses look; `article` is
    the article page around a fragment.
    """

    family: str
    column: str
    number: Callable[[Portal, Asked], int | None]
    render: Callable[[Portal, int], Answer]
    path: Callable[[int, date], str]
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
{portal.furniture}
<div class="foot"><a href="/{portal.name}/wzdt.html">网站地图</a> 主办单位：{escape(portal.name)}</div>
</body></html>
"""


def article(portal: Portal, entry: PortalEntry, body_class: str = "trs_editor_view") -> str:
    """The usual article page: title, date line, text, attachments."""
    shown = (entry.page_day or entry.day) if entry.show_day else None
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


def href(portal: Portal, entry: PortalEntry) -> str:
    """The link to an entry as a list in the column's own folder prints it."""
    if "://" in entry.path:
        return entry.path
    return f"/{portal.name}{entry.path}" if entry.path.startswith("/") else f"./{entry.path}"


def day(entry: PortalEntry, form: str = "%Y-%m-%d") -> str:
    """The day beside an entry, nothing where it has none."""
    return entry.day.strftime(form) if entry.day else ""
