"""Lists that are no plain HTML: Hanweb's datastore, its annual-report JSP and its jpaas, Guangdong's JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.families.addresses import absolute
from crawler.families.model import ListPage, Pages
from crawler.families.pagers import MOST_PAGES, links, scripted, with_query
from crawler.families.rows import parse_day, read_lines
from crawler.families.trees import tree_of
from registry.model import SHANGHAI, Entry

HREF = re.compile(r"href\s*=\s*['\"]([^'\"]+)['\"]")
TOTAL_RECORD = re.compile(
    r"<totalrecord>\s*(\d{1,9})\s*</totalrecord>|\btotalRecord['\"]?\s*[:=]\s*['\"]?(\d{1,9})", re.IGNORECASE
)
UNIT = "jpaas-publish-server/front/page/build/unit"
QUERY_DATA = re.compile(r"['\"](\w{1,40})['\"]\s*:\s*['\"]([^'\"]{0,400})['\"]")
SID = re.compile(r"\bSID['\"]?\s*[:=]\s*['\"](\d+)['\"]")
COLUMN_NUMBER = re.compile(r"#(\d+)|/(\d+)/?$|[?&]column(?:_?id)?=(\d+)|COLUMN_ID['\"]?\s*[:=]\s*['\"]?(\d+)")
REPORT_YEAR = re.compile(r"^(20[0-4]\d)\s*年?(?:度|年报|年度报告)?$")


def datastore(text: str, url: str) -> ListPage | None:
    """Hanweb JCMS: `<datastore>` in the page or in a dataproxy answer; the next group's address stands in it."""
    if "<recordset" not in text and "<datastore" not in text:
        return None
    records = [part.strip().removeprefix("<![CDATA[").removesuffix("]]>") for part in _inside(text, "record")]
    entries: list[Entry] = []
    for record in records:
        tree = LexborHTMLParser(f"<ul>{record}</ul>")
        entries.extend(read_lines(tree, url, lambda path: True, ("li", "ul")))
    groups = (HREF.search(group.replace("&amp;", "&")) for group in _inside(text, "nextgroup"))
    following = (absolute(link[1], url) for link in groups if link)
    totals = [int(one or other) for one, other in TOTAL_RECORD.findall(text)]
    return ListPage(
        tuple(entries),
        next_urls=tuple(address for address in following if address),
        records_expected=sum(totals) if len(totals) == text.count("<datastore") else max(totals, default=None),
        rows=len(entries),
    )


def _inside(text: str, tag: str) -> Iterator[str]:
    """What stands between `<tag>` and `</tag>`, each time; in one pass, whatever the text."""
    for part in text.split(f"<{tag}>")[1:]:
        content, end, _ = part.partition(f"</{tag}>")
        if end:
            yield content


def annual_report(text: str, url: str) -> ListPage | None:
    """Hanweb's xxgkAnnualReport.jsp: each year is a page of its own, reached by `fbtime`; the page is the report.

    The entries are the years linked; the year shown by the page itself is among them under its own address.
    """
    if "xxgkAnnualReport" not in url:
        return None
    tree = tree_of(text)
    area = dict(parse_qsl(urlsplit(url).query)).get("area", "")
    node = tree.css_first("meta[name=ColumnName]") or tree.css_first("title")
    column = " ".join(((node.attributes.get("content") or node.text()) if node else "").split())
    years: dict[str, str] = {}
    for node in tree.css("a, option"):
        label = "".join(node.text().split())
        address = absolute(node.attributes.get("href") or "", url)
        query = dict(parse_qsl(urlsplit(address).query)) if address else {}
        year = query.get("fbtime", "") if address and "xxgkAnnualReport" in address else ""
        called = f"{node.attributes.get('onclick') or ''} {node.attributes.get('value') or ''}"
        bare = REPORT_YEAR.match(label)
        if not year and bare and (bare[1] in called or node.tag == "option"):
            year = bare[1]
        if re.fullmatch(r"20[0-4]\d", year) and query.get("area", area) == area:
            years.setdefault(year, with_query(url, fbtime=year))
    entries = tuple(Entry(address, f"{year}年 {column}".strip()) for year, address in years.items())
    return ListPage(entries, pages_expected=1, rows=len(entries))


def jpaas(text: str, url: str) -> ListPage | None:
    """Hanweb's jpaas: the page names its list's address and what to ask there (`queryData`); the answer is JSON with
    the lines as HTML and a pager that says rows a page and records in all.
    """
    if text.lstrip().startswith("{"):
        return _jpaas_answer(text, url) if UNIT in url else None
    if UNIT not in text:
        return None
    asked = [_jpaas_asked(node, url) for node in LexborHTMLParser(text).css("script[querydata], script[queryData]")]
    lists = tuple(dict.fromkeys(address for address in asked if address))
    if len(lists) != 1:
        return ListPage((), problem=f"the page asks for {len(lists)} parts, and which is the list is not said")
    return ListPage((), next_urls=lists, shell=True)


def _jpaas_asked(node: LexborNode, url: str) -> str | None:
    given = node.attributes.get("querydata") or node.attributes.get("queryData") or ""
    address = absolute(node.attributes.get("url") or "", url)
    values = dict(QUERY_DATA.findall(given))
    return with_query(address, **values) if address and UNIT in address and values else None


def _jpaas_answer(text: str, url: str) -> ListPage:
    try:
        html = json.loads(text)["data"]["html"]
    except (json.JSONDecodeError, KeyError, TypeError):
        return ListPage((), problem="the API's answer holds no list")
    tree = LexborHTMLParser(str(html))
    entries = read_lines(tree, url, lambda path: True, ("li", "tr"))
    pager = tree.css_first(".pagination[count]")
    if pager is None:
        pages = links(str(html), url) or scripted(str(html), url) or Pages(expected=1)
        return ListPage(entries, pages.expected, pages.urls, pages.records, len(entries), problem=pages.problem)
    size, records = (pager.attributes.get(name) or "" for name in ("rows", "count"))
    if not (size.isdigit() and int(size) and records.isdigit()):
        return ListPage(entries, rows=len(entries), problem="the API's pager does not say how many records there are")
    count = max(1, -(-int(records) // int(size)))
    first = "paramJson" not in dict(parse_qsl(urlsplit(url).query))
    asked = (json.dumps({"pageNo": n, "pageSize": int(size)}, separators=(",", ":")) for n in range(2, count + 1))
    urls = tuple(with_query(url, paramJson=one) for one in asked) if first and count <= MOST_PAGES else ()
    return ListPage(entries, count, urls, int(records), len(entries))


def gkmlpt(text: str, url: str) -> ListPage | None:
    """Guangdong's gkmlpt: a shell page that names the site's SID, or one page of the API's JSON."""
    if text.lstrip().startswith("{"):
        return _gkmlpt_answer(text, url)
    if "gkmlpt" not in url and "gkmlpt" not in text:
        return None
    sid = SID.search(text)
    number = COLUMN_NUMBER.search(url) or COLUMN_NUMBER.search(text)
    root = re.match(r"(https?://[^?#]*?/gkmlpt)(?:/|$)", url)
    if not (sid and number and root):
        return None
    column = next(filter(None, number.groups()))
    return ListPage((), next_urls=(f"{root[1]}/api/all/{column}?page=1&sid={sid[1]}",), shell=True)


def _gkmlpt_answer(text: str, url: str) -> ListPage | None:
    try:
        answer = json.loads(text)
    except json.JSONDecodeError as error:
        return ListPage((), problem=f"the API's answer is no JSON: {error}")
    if not isinstance(answer, dict) or not isinstance(answer.get("articles"), list):
        return None
    entries: list[Entry] = []
    for row in answer["articles"]:
        address = absolute(str(row.get("url") or row.get("post_url") or ""), url) if isinstance(row, dict) else None
        if address:
            entries.append(Entry(address, " ".join(str(row.get("title") or "").split()), _gkmlpt_day(row)))
    total = answer.get("total")
    if not isinstance(total, int):
        return ListPage(tuple(entries), rows=len(entries), problem="the API's answer has no total")
    rows = len(answer["articles"])
    if dict(parse_qsl(urlsplit(url).query)).get("page") not in (None, "1"):
        return ListPage(tuple(entries), records_expected=total, rows=rows)
    count = -(-total // rows) if rows else 1  # 100 a page as a rule, but each answer shows how many it gives
    urls = tuple(with_query(url, page=str(n)) for n in range(2, min(count, MOST_PAGES) + 1))
    return ListPage(tuple(entries), max(count, 1), urls, records_expected=total, rows=rows)


def _gkmlpt_day(row: dict[str, Any]) -> date | None:
    for key in ("display_publish_time", "first_publish_time", "date", "created_at", "create_time"):
        value = row.get(key)
        if isinstance(value, int) and value > 1_000_000_000:
            return datetime.fromtimestamp(value, UTC).astimezone(SHANGHAI).date()
        if isinstance(value, str) and (day := parse_day(value)):
            return day
    return None
