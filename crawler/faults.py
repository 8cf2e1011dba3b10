"""What went wrong with an answer: pure classification into the closed list `LookResult`, each with a sentence."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from crawler.errors import Withheld
from crawler.families.addresses import absolute, address_key, folder
from registry.model import Fetched, LookResult

DOWNLOAD_FAILURES = (
    IgnoreRequest,
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
KINDS: tuple[tuple[type[Exception], LookResult, str], ...] = (
    (CannotResolveHostError, LookResult.DNS, "the name cannot be resolved"),
    (DownloadTimeoutError, LookResult.TIMEOUT, "no answer in time"),
    (ResponseDataLossError, LookResult.TRUNCATED, "fewer bytes came than were announced"),
    (DownloadConnectionRefusedError, LookResult.REFUSED, "the connection was refused"),
    (DownloadCancelledError, LookResult.TOO_LARGE, "the body is larger than we take"),
    (UnsupportedURLSchemeError, LookResult.UNSAFE_ADDRESS, "no web address"),
)
# 412, 418, 456, 493, 521, 567: as answered by the protection layers in front of government portals
WALLS = frozenset({401, 403, 405, 406, 407, 412, 418, 429, 451, 456, 493, 521, 567})
PAGE_TYPES = re.compile(r"^(?:text/|application/(?:xhtml|xml|json|javascript|x-javascript)|$)", re.IGNORECASE)
TITLE = re.compile(r"<title[^>]{0,300}>([^<]{0,1000})", re.IGNORECASE)
ERROR_TITLE = re.compile(
    r"\b(?:404|403|50[0-4])\b|找不到|未找到|不存在|无法(?:访问|找到|显示)|出错|错误|拒绝访问|禁止访问|系统维护|网站维护|维护中"
    r"|not\s+found|\berror\b|forbidden|bad\s+gateway|unavailable",
    re.IGNORECASE,
)
CHALLENGE_TITLE = re.compile(
    r"(?:用户|统一|系统|会员)?登[录陆]$|身份(?:认证|验证)|安全(?:验证|检查|检测)|访问(?:验证|受限|过于频繁)"
    r"|人机|验证码|滑[动块]验证|just\s+a\s+moment|attention\s+required|captcha|login$|sign\s+in",
    re.IGNORECASE,
)
CHALLENGE_MARK = re.compile(
    r"__jsl_clearance|\$_ts\b|acw_sc__v2|_waf_|wzws|cdn-cgi/challenge|document\.cookie\s*=[^<]{0,600}?location"
    r"|type\s*=\s*['\"]?password|请输入验证码|滑动验证|开启\s*JavaScript|enable\s+JavaScript",
    re.IGNORECASE,
)
# each of the marks has one of these: words are found in a page as fast as it is read, the marks are not
CHALLENGE_WORDS = (
    "jsl_clearance", "$_ts", "acw_sc", "_waf_", "wzws", "cdn-cgi", "document.cookie", "password", "验证", "javascript",
)  # fmt: skip
ERROR_MARK = re.compile(
    r"页面(?:不存在|找不到|未找到|已删除|丢失)|您?访问的(?:页面|内容|网页|地址)[^。<]{0,12}(?:不存在|找不到|已删除|不见)"
    r"|错误代码|服务器(?:错误|繁忙|内部)|HTTP\s*(?:404|500|403)|404\s*Not\s*Found"
    r"|升级改造|正在(?:维护|升级|建设)|(?:暂停|停止)(?:服务|访问|运行)|网站[^。<]{0,6}(?:关停|关闭|下线|迁移)"
    r"|域名[^。<]{0,8}(?:出售|转让|过期|到期)|domain[^.<]{0,20}for sale|buy this domain",
    re.IGNORECASE,
)
REFRESH = re.compile(r"http-equiv\s*=\s*['\"]?refresh['\"]?[^>]*url\s*=\s*['\"]?([^'\"> ]+)", re.IGNORECASE)
SCRIPTED = re.compile(r"location(?:\.href)?\s*=\s*['\"]([^'\"]+)['\"]|location\.replace\(\s*['\"]([^'\"]+)['\"]")
LOGIN_PATH = re.compile(r"/(?:login|passport|sso|cas|signin)\b", re.IGNORECASE)
ERROR_PATH = re.compile(r"/(?:40[34]|50\d|error\w*|notfound|nopage)\b", re.IGNORECASE)
SMALL_PAGE = 3000  # characters; a page that only leads elsewhere is smaller
FAR_END = 5000  # characters; a page's end tag is looked for there first
OPENING = re.compile(r"<(?:html|body)", re.IGNORECASE)
CLOSING = re.compile(r"</(?:html|body)", re.IGNORECASE)
OLDEST_COPY = 48 * 3600  # seconds; a proof of absence may not rest on older looks either (domain section 1)
REPLACED_SHARE, REPLACED_LEAST = 0.01, 10


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and a sentence that says where."""

    result: LookResult
    sentence: str


def fault_of_exception(error: BaseException) -> Fault:
    """The kind of a download that failed."""
    if isinstance(error, Withheld):
        return Fault(error.result, error.sentence)
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError | ssl.CertificateError):
            return Fault(LookResult.TLS, f"the encrypted connection failed: {_words(cause)}")
    for kind, result, sentence in KINDS:
        if isinstance(error, kind):
            return Fault(result, sentence)
    if isinstance(error, IgnoreRequest):
        words = str(error)
        if "redirections" in words:
            return Fault(LookResult.UNKNOWN, "more redirects than we follow")
        if "MAXSIZE" in words:  # of the unpacked body: Scrapy's HttpCompressionMiddleware names its setting
            return Fault(LookResult.TOO_LARGE, "the unpacked body is larger than we take")
        return Fault(LookResult.UNKNOWN, words or "not asked")
    if isinstance(error, DownloadFailedError):
        return Fault(LookResult.REFUSED, f"the connection broke: {_words(error)}")
    return Fault(LookResult.UNKNOWN, f"{type(error).__name__}: {_words(error)}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it."""
    queue: list[BaseException] = [error]
    seen: set[int] = set()
    while queue:
        cause = queue.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        queue += [c for c in (cause.__cause__, cause.__context__) if c is not None]


def _words(error: BaseException) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:200]


def fault_of_status(fetched: Fetched) -> Fault | None:
    """The kind of an answer by its status alone; None for 200 and 304."""
    status = fetched.status
    if status in (200, 304):
        return None
    said = f"answered {status}"
    if status is None:
        return Fault(LookResult.UNKNOWN, "no answer")
    if status in (404, 410):
        return Fault(LookResult.NOT_FOUND, said)
    if status in WALLS:
        return Fault(LookResult.WALL, said)
    if status >= 500:
        return Fault(LookResult.SERVER_ERROR, said)
    if 300 <= status < 400:
        target = fetched.headers.get("location", "")
        scheme = urlsplit(target).scheme
        if scheme and scheme not in ("http", "https"):
            return Fault(LookResult.UNSAFE_ADDRESS, f"{said} and leads to a {scheme} address")
        return Fault(LookResult.UNKNOWN, f"{said} without a place to go")
    if status == 206:
        return Fault(LookResult.TRUNCATED, said)
    if status == 202:
        return Fault(LookResult.CHALLENGE, said)
    return Fault(LookResult.UNKNOWN, said)


def fault_of_redirect(asked: str, final: str) -> Fault | None:
    """Where a redirect leads that is no answer to what was asked: the home page, a login, an error page."""
    if not final or asked == final or address_key(asked) == address_key(final):
        return None
    path = urlsplit(final).path or "/"
    said = f"{asked} led to {final}"
    if LOGIN_PATH.search(path):
        return Fault(LookResult.CHALLENGE, said)
    if ERROR_PATH.search(path):
        return Fault(LookResult.ERROR_PAGE, said)
    above = re.sub(r"/(?:index|default|home|main)\w*\.\w+$", "/", path)
    came_from = urlsplit(asked).path
    if above == "/" or (above.endswith("/") and above != came_from and came_from.startswith(above)):
        return Fault(LookResult.HOME_REDIRECT, said)
    return None


def moved(asked: str, final: str) -> Fault | None:
    """For a list: a redirect to anything but the same address or a page below it is a move, to be verified first."""
    if not final or asked == final:
        return None
    here, there = address_key(asked), address_key(final)
    leaf = urlsplit(asked).path.rpartition("/")[2]
    below = address_key(folder(asked)) if not leaf or "." in leaf else f"{here}/"
    if here == there or there.startswith(below):
        return None
    return Fault(LookResult.UNKNOWN, f"{asked} led to {final}: moved, to be verified")


def fault_of_page(fetched: Fetched, text: str) -> Fault | None:
    """What speaks against a page that answered 200, whatever it lists: its type, its text, its title, its end."""
    if not fetched.body.strip():
        return Fault(LookResult.EMPTY_BODY, "the body is empty")
    declared = fetched.headers.get("content-type", "").partition(";")[0].strip()
    looks_like_page = fetched.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b"[")
    if not PAGE_TYPES.match(declared) and not (looks_like_page and declared.endswith("octet-stream")):
        return Fault(LookResult.CONTENT_TYPE, f"expected a page, got {declared}")
    replaced = text.count("\ufffd")
    if replaced > max(REPLACED_LEAST, REPLACED_SHARE * len(text)):
        return Fault(LookResult.DECODING, f"{replaced} of {len(text)} characters cannot be read in any encoding")
    age = fetched.headers.get("age", "")
    if age.isdigit() and int(age) > OLDEST_COPY:
        return Fault(LookResult.UNKNOWN, f"a copy that a cache has kept for {int(age) // 3600} hours")
    if OPENING.search(text) and not CLOSING.search(text, max(0, len(text) - FAR_END)) and not CLOSING.search(text):
        return Fault(LookResult.TRUNCATED, "the page has no end")
    return fault_of_words(text, fetched.final_url or fetched.url)


def fault_of_words(text: str, url: str) -> Fault | None:
    """Error pages, login and challenge pages that answer 200, and small pages that only lead elsewhere."""
    if text.lstrip()[:1] in ("{", "["):
        return None
    head = TITLE.search(text)
    title = " ".join(unescape(head[1]).split()) if head else ""
    if CHALLENGE_TITLE.search(title):
        return Fault(LookResult.CHALLENGE, f"the page is called “{title[:60]}”")
    if ERROR_TITLE.search(title) and len(title) < 60:
        return Fault(LookResult.ERROR_PAGE, f"the page is called “{title[:60]}”")
    if len(text) < SMALL_PAGE:
        if _challenges(text):
            return Fault(LookResult.CHALLENGE, "a page that asks for a script, a password or a code")
        led = REFRESH.search(text) or SCRIPTED.search(text)
        target = absolute(next(filter(None, led.groups())), url) if led else None
        if target and "<a " not in text:
            return fault_of_redirect(url, target) or Fault(LookResult.UNKNOWN, f"a page that only leads to {target}")
    return None


def _challenges(text: str) -> bool:
    small = text.lower()
    return any(word in small for word in CHALLENGE_WORDS) and bool(CHALLENGE_MARK.search(text))


def fault_of_emptiness(text: str) -> Fault:
    """Why a page lists nothing: it is an error page, a challenge, or an empty list."""
    if _challenges(text):
        return Fault(LookResult.CHALLENGE, "no entry, and the page asks for a script, a password or a code")
    if ERROR_MARK.search(text):
        return Fault(LookResult.ERROR_PAGE, "no entry, and the page speaks of an error")
    return Fault(LookResult.EMPTY_LIST, "the list page has no entry")
