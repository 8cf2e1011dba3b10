"""List pages of the other families: Hanweb, VSB, gkmlpt, Anhui, Shanghai and so on, with their own paging."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import md5
from html import escape

from samples.portal_model import Answer, Asked, Portal, PortalEntry
from samples.portal_pages import Shape, article, day, numbered, page, path_of

PATHS: dict[str, Callable[[int, date], str]] = {
    "jcms_art": lambda n, d: f"/art/{d.year}/{d.month}/{d.day}/art_90001_{n}.html",
    "jcms_new": lambda n, d: f"art/{d.year}/art_{_hex(n)}.html",
    "c_shtml": lambda n, d: f"{d:%Y%m}/{_hex(n)}.shtml",
    "vsb": lambda n, d: f"/info/1121/{n}.htm",
    "gkmlpt": lambda n, d: f"/content/post_{n}.html",
    "mongo": lambda n, d: f"{_epoch(d):08x}{n:016x}.html",
    "snowflake": lambda n, d: f"{(_epoch(d) * 1000 - 1288834974657 << 22) + n}.html",
    "t_shtml": lambda n, d: f"t{18000000 + n}.shtml",
    "trs_null_date": lambda n, d: f"t19700101_{n}.shtml",
    "anhui": lambda n, d: f"/Xxgknb/show/{n}.html",
    "hunan_content": lambda n, d: f"content_{n}.html",
    "hunan_c": lambda n, d: f"{d:%Y%m%d}/i{n}.html",
    "shanghai": lambda n, d: f"{d:%Y%m%d}/{_hex(n)}.html",
    "fujian": lambda n, d: f"/cms/html/site/{d:%Y-%m-%d}/{n}.html",
    "liaoning": lambda n, d: f"/html/SITE/{d:%Y%m}/0{_epoch(d) * 1000}{n:02}.html",
    "stamp_index": lambda n, d: f"{d:%Y%m%d}080000{n:05}/index.html",
    "xam": lambda n, d: f"/xam/{d:%Y-%m}/{d:%d}/article_{d:%Y%m%d}080000{n:05}.html",
    "gongkai_show": lambda n, d: f"/gongkai/show/{_hex(n)}.html",
    "jhtml": lambda n, d: f"{n}.jhtml",
    "public_column": lambda n, d: f"/public/content/{n}",
    "shijiazhuang": lambda n, d: f"/columns/{_uuid(0)}/{d:%Y%m}/{d:%d}/{_uuid(n)}.html",
    "wuxi": lambda n, d: f"/doc/{d:%Y/%m/%d}/{n}.shtml",
    "query": lambda n, d: f"/zwinfo.jsp?id={n}",
}


def _hex(number: int) -> str:
    return md5(str(number).encode(), usedforsecurity=False).hexdigest()


def _uuid(number: int) -> str:
    h = _hex(number)
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def _epoch(d: date) -> int:
    return int(datetime(d.year, d.month, d.day, 4, tzinfo=UTC).timestamp())


def _link(portal: Portal, entry: PortalEntry, shape: Shape, label: str = "") -> str:
    return f'<a href="{path_of(portal, entry, shape)}" title="{escape(entry.title)}">{label or escape(entry.title)}</a>'


def _lines(portal: Portal, number: int, shape: Shape, day_tag: str = "span") -> str:
    return "".join(f"<li>{_link(portal, e, shape)}<{day_tag}>{day(e)}</{day_tag}></li>\n" for e in portal.page(number))


def _answer(portal: Portal, inner: str) -> Answer:
    return Answer(page(portal, portal.title, inner).encode(portal.encoding))


def _plain(
    family: str, column: str, pattern: str, inner: Callable[[Portal, int, Shape], str], offset: int = 0
) -> Shape:
    """A family whose first page is the column's address and whose others match `pattern` (a number plus `offset`)."""

    def number(portal: Portal, asked: Asked) -> int | None:
        return numbered(pattern, asked, column, offset)

    def render(portal: Portal, n: int) -> Answer:
        return _answer(portal, inner(portal, n, shape))

    shape = Shape(family, column, number, render, PATHS[family], article)
    return shape


def _linked(prefix: str, extension: str) -> Callable[[Portal, int, Shape], str]:
    """Rows with a pager of plain links: `prefix` and the page's number, 1 being the first page's own name."""

    def inner(portal: Portal, n: int, shape: Shape) -> str:
        first = shape.column.rpartition("/")[2]
        pager = f"<span>共{portal.pages}页</span>"
        if n > 1:
            pager += f'<a href="{first if n == 2 else f"{prefix}{n - 1}.{extension}"}">上一页</a>'
        if n < portal.pages:
            pager += f'<a href="{prefix}{n + 1}.{extension}">下一页</a>'
            pager += f'<a href="{prefix}{portal.pages}.{extension}">尾页</a>'
        return f'<div class="list"><ul>{_lines(portal, n, shape)}</ul></div><div class="page">{pager}</div>'

    return inner


def _vsb() -> Shape:
    column = "/xxgk/zfxxgknb.htm"

    def number(portal: Portal, asked: Asked) -> int | None:
        found = re.fullmatch(r"/xxgk/zfxxgknb/(\d+)\.htm", asked.path)
        return 1 if asked.path == column else portal.pages - int(found[1]) + 1 if found else None

    def render(portal: Portal, n: int) -> Answer:
        rows = "".join(
            f'<li id="line_u9_{i}">{_link(portal, e, shape)}<span>{day(e)}</span></li>\n'
            for i, e in enumerate(portal.page(n))
        )

        def to(k: int) -> str:
            below = f"/{portal.name}/xxgk/zfxxgknb"
            return f"{below}.htm" if k == 1 else f"{below}/{portal.pages - k + 1}.htm"

        links = "".join(f'<span class="p_no"><a href="{to(k)}">{k}</a></span>' for k in _near(n, portal.pages))
        if n < portal.pages:
            links += f'<span class="p_next p_fun"><a href="{to(n + 1)}">下页</a></span>'
            links += f'<span class="p_last p_fun"><a href="{to(portal.pages)}">尾页</a></span>'
        return _answer(portal, f'<ul>{rows}</ul><span class="p_pages">{links}</span>')

    shape = Shape("vsb", column, number, render, PATHS["vsb"], lambda p, e: article(p, e, "v_news_content"))
    return shape


def _near(n: int, pages: int) -> list[int]:
    return [k for k in range(1, pages + 1) if k != n and abs(k - n) <= 2]


def _jcms() -> Shape:
    column = "/col/col90001/index.html"

    def number(portal: Portal, asked: Asked) -> int | None:
        if asked.path == column:
            return 1
        return int(asked.query.get("page", "0")) if asked.path == "/module/web/jpage/dataproxy.jsp" else None

    def render(portal: Portal, n: int) -> Answer:
        records = "".join(
            f"<record><![CDATA[<li><a href='{path_of(portal, e, shape)}' title='{escape(e.title)}'>"
            f"{escape(e.title[:12])}...</a><span>{day(e)}</span></li>]]></record>"
            for e in portal.page(n)
        )
        proxy = f"/{portal.name}/module/web/jpage/dataproxy.jsp?page={n + 1}&columnid=90001&unitid=5"
        group = f'<nextgroup><![CDATA[<a href="{proxy}"></a>]]></nextgroup>' if n < portal.pages else ""
        total = f"<totalrecord>{len(portal.listed())}</totalrecord>"
        store = f"<datastore>{total}{group}<recordset>{records}</recordset></datastore>"
        if n > 1:
            return Answer(store.encode(portal.encoding), content_type="text/xml; charset=utf-8")
        return _answer(portal, f'<div id="5"><script type="text/xml">{store}</script></div>')

    shape = Shape("jcms_art", column, number, render, PATHS["jcms_art"], article)
    return shape


def _jcms_annual() -> Shape:
    script = "/module/xxgk/xxgkAnnualReport.jsp"

    def number(portal: Portal, asked: Asked) -> int | None:
        return 1 if asked.path == script and "fbtime" not in asked.query else None

    def render(portal: Portal, n: int) -> Answer:
        years = "".join(f'<li><a href="{path_of(portal, e, shape)}">{e.path[-4:]}年</a></li>' for e in portal.page(n))
        return _answer(portal, f'<div class="years"><ul>{years}</ul></div>')

    shape = Shape(
        "jcms_annual",
        f"{script}?area=113708",
        number,
        render,
        lambda n, d: f"{script}?area=113708&fbtime={d.year - 1}",
        article,
    )
    return shape


def _gkmlpt() -> Shape:
    column = "/gkmlpt/124332"

    def number(portal: Portal, asked: Asked) -> int | None:
        if asked.path == column:
            return 0
        return int(asked.query.get("page", "0")) if asked.path == "/gkmlpt/api/all/124332" else None

    def render(portal: Portal, n: int) -> Answer:
        if n == 0:
            return _answer(portal, "<div id='app'></div><script>window._CONFIG = {SID: '755031'}</script>")
        articles = [
            {"id": i, "title": e.title, "url": path_of(portal, e, shape), "date": _epoch(e.day) if e.day else 0}
            for i, e in enumerate(portal.page(n))
        ]
        told = json.dumps({"total": len(portal.listed()), "articles": articles}, ensure_ascii=False)
        return Answer(told.encode(), content_type="application/json; charset=utf-8")

    shape = Shape("gkmlpt", column, number, render, PATHS["gkmlpt"], lambda p, e: article(p, e, "article-content"))
    return shape


def _anhui(family: str, column: str) -> Shape:
    def number(portal: Portal, asked: Asked) -> int | None:
        return int(asked.query.get("pageIndex", "1")) if asked.path == column else None

    def render(portal: Portal, n: int) -> Answer:
        rows = ""
        for i, e in enumerate(portal.page(n), 1):
            rows += f'<li>{_link(portal, e, shape)}<span class="date">{day(e)}</span></li>\n'
            rows += '<li class="lm_line"></li>' if i % 5 == 0 else ""
        pager = f'Ls.pagination("#page_77", fn, {{currPage: ({n}-1+1), pageCount: {portal.pages}}});'
        return _answer(portal, f'<ul class="doc_list list-77">{rows}</ul><script>{pager}</script>')

    shape = Shape(family, column, number, render, PATHS[family], article)
    return shape


def _shanghai(portal: Portal, n: int, shape: Shape) -> str:
    rows = "".join(f'<li>{_link(portal, e, shape)}<span class="time">{day(e)}</span></li>\n' for e in portal.page(n))
    pager = f'totalPage: {portal.pages}; $(".pagination").pagination("setPage",{n},{portal.pages})'
    return f'<ul class="uli14 list-date">{rows}</ul><script>{pager}</script>'


def _fujian(portal: Portal, n: int, shape: Shape) -> str:
    rows = '<li ms-repeat="docs"><a ms-attr-href="el.url" href="{{el.url}}">{{el.title}}</a></li>'
    rows += "".join(f'<li>{_link(portal, e, shape)}<div class="li-btn">{day(e)}</div></li>\n' for e in portal.page(n))
    return f"<ul class=\"gl-ul\">{rows}</ul><script>var list = {{recordCount:'{len(portal.listed())}'}}</script>"


def _script_trs(extension: str) -> Callable[[Portal, int, Shape], str]:
    def inner(portal: Portal, n: int, shape: Shape) -> str:
        call = f'createPageHTML({portal.pages},{n - 1},"index","{extension}","black2",{len(portal.listed())});'
        return f'<ul class="info-list">{_lines(portal, n, shape)}</ul><script>{call}</script>'

    return inner


SCRIPT = """
setTimeout(function () {
  var at = new URLSearchParams(location.search).get('page') || '1';
  fetch(API + '?page=' + at).then(function (answer) { return answer.json(); }).then(function (told) {
    var rows = told.rows.map(function (row) {
      return '<li><a href="' + row.url + '">' + row.title + '</a><span>' + row.day + '</span></li>';
    });
    var before = told.page > 1 ? '<a href="list.html?page=' + (told.page - 1) + '">上一页</a>' : '';
    var next = told.page < told.pages ? '<a href="list.html?page=' + (told.page + 1) + '">下一页</a>' : '';
    document.getElementById('app').innerHTML =
      '<ul>' + rows.join('') + '</ul><div class="page">共' + told.pages + '页 ' + before + next + '</div>';
  });
}, 400);
"""


def _drawn() -> Shape:
    """A list that a script draws from JSON, some time after the page has come; without JavaScript there is no list."""
    column, api = "/app/list.html", "/app/api/list"

    def number(portal: Portal, asked: Asked) -> int | None:
        if asked.path == column:
            return 0
        return int(asked.query.get("page", "1")) if asked.path == api else None

    def render(portal: Portal, n: int) -> Answer:
        if n == 0:
            shell = '<div id="app">加载中</div><noscript>enable JavaScript</noscript>'
            return _answer(portal, f"{shell}<script>var API = '/{portal.name}{api}';{SCRIPT}</script>")
        rows = [{"url": path_of(portal, e, shape), "title": e.title, "day": day(e)} for e in portal.page(n)]
        told = json.dumps({"rows": rows, "page": n, "pages": portal.pages}, ensure_ascii=False)
        return Answer(told.encode(), content_type="application/json; charset=utf-8")

    shape = Shape("generic", column, number, render, lambda n, d: f"{d:%Y%m}/t{d:%Y%m%d}_{n}.html", article)
    return shape


DRAWN_SHAPE = _drawn()  # for columns marked `javascript`
FAMILY_SHAPES: dict[str, Shape] = {
    "jcms_art": _jcms(),
    "jcms_annual": _jcms_annual(),
    "vsb": _vsb(),
    "gkmlpt": _gkmlpt(),
    "anhui": _anhui("anhui", "/content/column/77"),
    "public_column": _anhui("public_column", "/public/column/77"),
    "shanghai": _plain("shanghai", "/nw12344/index.html", r"/nw12344/index_(\d+)\.html", _shanghai),
    "fujian": _plain("fujian", "/cms/list2.trsapi", r"/cms/never(\d+)", _fujian),
    "t_shtml": _plain("t_shtml", "/zfxxgkndbg/index.shtml", r"/zfxxgkndbg/index_(\d+)\.shtml", _script_trs("shtml"), 1),
    "trs_null_date": _plain("trs_null_date", "/nb/index.shtml", r"/nb/index_(\d+)\.shtml", _script_trs("shtml"), 1),
    "snowflake": _plain("snowflake", "/zfxxgknb/1.html", r"/zfxxgknb/(\d{1,3})\.html", _linked("", "html")),
} | {
    family: _plain(family, f"/nb/{first}", rf"/nb/list_(\d+)\.{extension}", _linked("list_", extension))
    for family, first, extension in (
        ("jcms_new", "index.html", "html"),
        ("c_shtml", "common_list.shtml", "shtml"),
        ("mongo", "index.html", "html"),
        ("hunan_content", "index.html", "html"),
        ("hunan_c", "index.html", "html"),
        ("liaoning", "index.html", "html"),
        ("stamp_index", "index.html", "html"),
        ("xam", "index.html", "html"),
        ("gongkai_show", "index.html", "html"),
        ("jhtml", "index.jhtml", "jhtml"),
        ("shijiazhuang", "index.html", "html"),
        ("wuxi", "index.shtml", "shtml"),
        ("query", "index.jsp", "jsp"),
    )
}
