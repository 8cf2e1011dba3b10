"""The answers of a portal that fails: one kind a `PortalFault`."""

from __future__ import annotations

from dataclasses import replace

from samples.portal_model import Answer, Portal, PortalFault

STATUSES = {
    PortalFault.UNAUTHORISED: 401,
    PortalFault.FORBIDDEN: 403,
    PortalFault.PRECONDITION: 412,
    PortalFault.RATE_LIMITED: 429,
    PortalFault.GATE: 521,
    PortalFault.SERVER_ERROR: 500,
    PortalFault.UNAVAILABLE: 503,
    PortalFault.NOT_FOUND: 404,
    PortalFault.GONE: 410,
}
LOCATIONS = {
    PortalFault.HOME_REDIRECT: "/",
    PortalFault.PRIVATE_REDIRECT: "http://169.254.169.254/latest/meta-data/",
    PortalFault.FOREIGN_REDIRECT: "http://somewhere-else.invalid/",
    PortalFault.FILE_REDIRECT: "file:///etc/passwd",
}
PAGES = {
    PortalFault.ERROR_PAGE: "<html><head><title>页面不存在</title></head><body><h2>抱歉，您访问的页面找不到了</h2>"
    '<p>错误代码：404</p><ul><li><a href="/">返回首页</a></li></ul></body></html>',
    PortalFault.LOGIN: "<html><head><title>用户登录</title></head><body><form action='/login' method='post'>"
    "账号 <input name='user'/> 密码 <input type='password' name='pw'/> <button>登录</button></form></body></html>",
    PortalFault.CHALLENGE: "<html><head><script>document.cookie='__jsl_clearance=1';location.reload();</script>"
    "</head><body></body></html>",
    PortalFault.REBUILDING: "<html><head><title>某县人民政府</title></head><body><h2>网站升级改造公告</h2>"
    "<p>因网站升级改造，本网站自即日起暂停服务，恢复时间另行通知。</p></body></html>",
    PortalFault.CLOSED: "<html><head><title>某局</title></head><body><p>本网站已关停并迁移，请访问"
    '<a href="http://www.example.gov.cn/">某县人民政府网站</a>。</p></body></html>',
    PortalFault.PARKED: "<html><head><title>This domain is for sale</title></head><body>"
    '<a href="/buy">Buy this domain</a></body></html>',
    PortalFault.NO_SCRIPT: "<html><head><title></title></head><body><noscript>请开启JavaScript并刷新该页</noscript>"
    "<script>var $_ts={};</script></body></html>",
    PortalFault.HOME_META: '<html><head><meta http-equiv="refresh" content="0; url=/"></head><body></body></html>',
    PortalFault.HOME_REFRESH: "<html><head><script>window.location.href='/';</script></head><body></body></html>",
}
BELOW_HTTP = (
    PortalFault.TIMEOUT, PortalFault.TRICKLE, PortalFault.RESET, PortalFault.TRUNCATED, PortalFault.TOO_LARGE,
)  # fmt: skip


def faulty_answer(portal: Portal, sound: Answer, target: str, *, number: int, busy: set[str]) -> Answer | PortalFault:
    """What the failing portal gives instead of `sound`; a `PortalFault` where no HTTP answer is to be given.

    `busy` remembers the addresses that `BUSY_ONCE` has already turned away.
    """
    fault = portal.fault
    if fault is None:
        return sound
    if fault in BELOW_HTTP:
        return fault
    if fault in STATUSES:
        body = f"<html><head><title>{fault}</title></head><body>{fault}</body></html>".encode()
        waits = fault in (PortalFault.RATE_LIMITED, PortalFault.UNAVAILABLE)
        return Answer(body, status=STATUSES[fault], headers={"Retry-After": "0"} if waits else {})
    if fault in LOCATIONS:
        return Answer(status=302, location=LOCATIONS[fault])
    if fault in PAGES:
        return Answer(PAGES[fault].encode())
    if fault is PortalFault.BROKEN_GZIP:
        packed = {"Content-Encoding": "gzip"}
        return Answer(b"\x1f\x8b\x08" + sound.body, content_type=sound.content_type, headers=packed)
    if fault is PortalFault.OLD_COPY:
        return replace(sound, headers={"Age": str(5 * 24 * 3600), "X-Cache": "HIT"})
    if fault is PortalFault.LOOP:
        return Answer(status=302, location=target)
    if fault is PortalFault.TRUNCATED_HTML:
        return Answer(sound.body[: len(sound.body) * 2 // 3], content_type=sound.content_type)
    if fault is PortalFault.CONTENT_TYPE:
        return Answer(b"\x89PNG\r\n\x1a\n" + bytes(200), content_type="image/png")
    if fault is PortalFault.EMPTY_BODY:
        return Answer(b"")
    if fault is PortalFault.DECODING:
        return Answer(b"<html><body>" + bytes(range(128, 256)) * 40 + b"</body></html>")
    part = fault is PortalFault.PART_FAILS and "/api/" in target
    if part or (fault is PortalFault.PAGING_CUT and number > 1):
        return Answer(b"", status=500)
    if fault is PortalFault.BUSY_ONCE and target not in busy:
        busy.add(target)
        return Answer(b"busy", status=503, headers={"Retry-After": "0"})
    return sound
