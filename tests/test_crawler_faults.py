"""What is taken for a fault and what is not: sound pages must not be called broken, broken ones never sound."""

from __future__ import annotations

import contextlib
import time

import pytest
from crawler_world import START
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)

from crawler.errors import Withheld
from crawler.families import read_list
from crawler.families.articles import article_links
from crawler.families.bounds import MOST, refusal
from crawler.faults import (
    WALLS,
    fault_of_emptiness,
    fault_of_exception,
    fault_of_page,
    fault_of_redirect,
    fault_of_status,
    moved,
)
from registry.model import Fetched, LookResult

LIST = "http://www.example.gov.cn/zwgk/zfxxgknb/"


def answered(status: int | None, **headers: str) -> Fetched:
    return Fetched(LIST, START, "list", status, LIST, headers=headers)


def page(text: str, content_type: str = "text/html") -> LookResult | None:
    fetched = Fetched(LIST, START, "list", 200, LIST, headers={"content-type": content_type}, body=text.encode())
    fault = fault_of_page(fetched, text)
    return fault.result if fault else None


def sound(title: str = "政府信息公开年报", inner: str = "") -> str:
    return f"<html><head><title>{title}</title></head><body>{inner}<ul><li><a href='a'>某局</a></li></ul></body></html>"


@pytest.mark.parametrize(
    ("status", "result"),
    [(404, "not_found"), (410, "not_found"), (500, "server_error"), (502, "server_error"), (206, "truncated"),
     (202, "challenge"), (204, "unknown"), (301, "unknown"), (400, "unknown"), (None, "unknown")],
)  # fmt: skip
def test_statuses(status: int | None, result: str):
    fault = fault_of_status(answered(status))
    assert fault is not None and fault.result == result


def test_walls_and_sound_statuses():
    assert all(fault_of_status(answered(status)).result == "wall" for status in WALLS)  # type: ignore[union-attr]
    assert fault_of_status(answered(200)) is None and fault_of_status(answered(304)) is None
    led = fault_of_status(answered(302, location="file:///etc/passwd"))
    assert led is not None and led.result == "unsafe_address"


@pytest.mark.parametrize(
    ("final", "result"),
    [
        ("http://www.example.gov.cn/", "home_redirect"),
        ("http://www.example.gov.cn/index.html", "home_redirect"),
        ("http://www.example.gov.cn/zwgk/", "home_redirect"),
        ("http://www.example.gov.cn/zwgk/index.shtml", "home_redirect"),
        ("http://www.other.gov.cn/", "home_redirect"),
        ("http://www.example.gov.cn/login/index.jsp", "challenge"),
        ("http://www.example.gov.cn/404.html", "error_page"),
        ("http://www.example.gov.cn/other/list.html", None),
        ("https://example.gov.cn/zwgk/zfxxgknb/", None),
        (LIST + "index.html", None),
        (LIST, None),
    ],
)
def test_redirects(final: str, result: str | None):
    fault = fault_of_redirect(LIST, final)
    assert (fault.result if fault else None) == result


def test_a_list_that_moved_is_not_taken_for_the_list():
    assert moved(LIST, "http://www.example.gov.cn/other/list.html") is not None
    assert moved(LIST, "http://www.elsewhere.gov.cn/zwgk/zfxxgknb/") is not None
    assert moved(LIST.rstrip("/"), "http://www.example.gov.cn/zwgk/other/") is not None
    for final in (LIST, LIST + "index_1.html", LIST.replace("http://www.", "https://")):
        assert moved(LIST, final) is None
    assert moved(LIST.rstrip("/"), LIST) is None


@pytest.mark.parametrize(
    "text",
    [
        sound(),
        sound(inner="<form>用户登录<input type='password'></form>" + "<p>正文</p>" * 800),
        sound(inner="<script>document.cookie='seen=1';</script>" + "<p>正文</p>" * 800),
        sound(inner="<p>" + "访问量：404" + "</p>"),
        '{"total": 1, "articles": []}',
        "<datastore><recordset></recordset></datastore>",
        "<ul><li>一个没有框架的片段</li></ul>",
    ],
)
def test_sound_pages(text: str):
    assert page(text, "application/json" if text.startswith("{") else "text/html") is None


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (sound("404 Not Found"), "error_page"),
        (sound("页面不存在"), "error_page"),
        (sound("系统维护中"), "error_page"),
        (sound("用户登录"), "challenge"),
        (sound("安全验证"), "challenge"),
        ("<html><script>var $_ts={};</script></html>", "challenge"),
        ("<html><head><meta http-equiv='refresh' content='0;url=/'></head></html>", "home_redirect"),
        ("<html><script>location.href='/index.html'</script></html>", "home_redirect"),
        ("<html><script>location.href='/new/column/'</script></html>", "unknown"),
        ("  \n", "empty_body"),
        (sound()[:-20], "truncated"),
        ("\ufffd" * 200 + sound(), "decoding"),
    ],
)
def test_pages_that_are_no_list(text: str, result: str):
    assert page(text) == result


def test_content_types():
    assert page(sound(), "application/pdf") == "content_type"
    assert page("PK\x03\x04", "application/octet-stream") == "content_type"
    assert page(sound(), "application/octet-stream") is None  # some servers name everything so
    assert page(sound(), "") is None


def test_why_a_page_lists_nothing():
    assert fault_of_emptiness(sound()).result == "empty_list"
    assert fault_of_emptiness(sound(inner="您访问的页面已删除")).result == "error_page"
    assert fault_of_emptiness(sound(inner="请输入验证码")).result == "challenge"


def test_exceptions():
    for error, result in (
        (CannotResolveHostError("x"), "dns"),
        (DownloadTimeoutError("x"), "timeout"),
        (DownloadCancelledError("x"), "too_large"),
        (DownloadFailedError("x"), "refused"),
        (IgnoreRequest("max redirections reached"), "unknown"),
        (Withheld(LookResult.ROBOTS, "robots.txt forbids"), "robots"),
        (RuntimeError("x"), "unknown"),
    ):
        assert fault_of_exception(error).result == result


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + '<a href="/nb/1.pdf">2024年年报</a>',
        "<div>" * 7_000 + '<a href="/nb/1.pdf">2024年年报</a>',
        "<datastore>" + "<record>" * 50_000 + "</record>",
        "<datastore>" + "<nextgroup>" * 50_000,
        "<title " * 60_000,
        "document.cookie = " * 5_000,
        "createPageHTML(" * 30_000,
        "id='pages' " * 40_000,
        f"countPage={'9' * 100_000}",
        f'<a onclick="open{" " * 200_000}">x</a>',
        "[" * 200_000,
    ],
    ids=lambda page: page[:12],
)
def test_no_page_keeps_its_reader_busy(page: str):
    """Hundreds of kilobytes made to break readers: seconds at most, on the slowest machine."""
    text = f"<html><body>{page}</body></html>" if page.startswith("<") else page
    began = time.process_time()
    if not refusal(text):
        with contextlib.suppress(RecursionError):
            read_list("generic", text, "http://a.gov.cn/nb/")
        article_links(text, "http://a.gov.cn/nb/1.html")
    fault_of_page(Fetched("http://a.gov.cn/nb/", START, "list", body=b"<html>"), text)
    fault_of_emptiness(text)
    assert time.process_time() - began < 6


def test_what_is_refused_is_far_beyond_any_page():
    flat = "<table>" + "<tr><td><p>0</td></tr>" * 5_000 + "</table>"
    assert refusal(f"<html>{flat}</html>") == ""  # unclosed paragraphs do not nest
    assert "nested 10001 deep" in refusal("<html>" + "<div>" * 10_000 + "</div>" * 10_000 + "</html>")
    assert "tags" in refusal("<br>" * (MOST + 1)) and "characters" in refusal("x" * 9_000_000)
