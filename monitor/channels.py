"""Sending one message to one subscriber: mail, JSON webhooks, chat services.

apprise knows the addresses (https://appriseit.com/services/) and sends to most of them. Two kinds we send ourselves:
- mail, because apprise makes a new Message-ID for every attempt, so that a repeat could not be told from a new message;
- DingTalk, Feishu, Lark and WeCom, whose refusals come with HTTP 200 and an error code in the answer, which apprise
  takes for success; it also percent-encodes DingTalk's signature twice.

An address holds secrets. None is ever part of an exception, and apprise's own log, which prints some, goes nowhere.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import logging
import re
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import apprise
from apprise.plugins.email.base import NotifyEmail

TIMEOUT_SECONDS = 30.0
# Longer texts are refused by WeCom (2,048 bytes) and the others (about 20,000).
LIMITS: Mapping[str, int] = MappingProxyType({"wecombot": 2000, "dingtalk": 18000, "feishu": 18000, "lark": 18000})
ENDPOINTS: dict[str, str] = {
    "dingtalk": "https://oapi.dingtalk.com/robot/send",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/",
    "lark": "https://open.larksuite.com/open-apis/bot/v2/hook/",
    "wecombot": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
}
# Answers that say "not now": DingTalk 130101, WeCom 45009, Feishu and Lark 11232 (too many messages), WeCom -1 (busy).
_LATER = frozenset({130101, 45009, 11232, -1})
# Client errors that a later attempt may not meet: a login, a moved hook or a limit, which an operator or time mends.
_MENDABLE = frozenset({401, 403, 404, 408, 409, 425, 429})

_log = logging.getLogger(__name__)
logging.getLogger("apprise").addHandler(logging.NullHandler())
logging.getLogger("apprise").propagate = False
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)  # prints the path of a hook, which is its secret


class ChannelError(Exception):
    """The channel did not take the message. `retryable`: a later attempt may succeed. Never holds a secret."""

    def __init__(self, message: str, *, retryable: bool) -> None:
        super().__init__(message)
        self.retryable = retryable


def send(
    url: str,
    subject: str,
    body: str,
    payload: Mapping[str, str],
    message_id: str,
    *,
    at: datetime | None = None,
) -> None:
    """Deliver one message, or raise ChannelError.

    `url`: an apprise address (mailto://, json://, slack://, dingtalk://[secret@]token, feishu://[secret@]token,
    lark://[secret@]token, wecombot://key ...). `payload`: given to webhooks beside the text, under "event".
    `message_id` ("...@domain", without brackets) is the mail's Message-ID and the webhook's Idempotency-Key: the same
    at every attempt. `at`: the instant of sending (aware), for the mail's Date and for signatures, which need it.
    """
    scheme = url.partition("://")[0].lower() if "://" in url else ""
    if scheme in ENDPOINTS:
        _send_chat(scheme, url, f"{subject}\n{body}", at)
        return
    try:
        plugin = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    except (TypeError, ValueError, AttributeError):  # apprise trips over some malformed addresses
        plugin = None
    if plugin is None:
        shown = f"{scheme}://..." if scheme else "an address without a scheme"
        raise ChannelError(f"{shown}: expected an address that apprise knows", retryable=False)
    if isinstance(plugin, NotifyEmail):
        _send_mail(plugin, subject, body, message_id, at)
    else:
        _send_by_apprise(plugin, subject, body, payload, message_id)


def hidden(url: str) -> str:
    """An address that may be shown: its scheme, and for a mail or webhook the host it goes to."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or "" if parts.scheme.lower() in ("mailto", "mailtos", "json", "jsons") else ""
    except ValueError:  # an unfinished bracket
        return "..."
    return f"{parts.scheme}://{host}..." if parts.scheme else "..."


# -- mail --------------------------------------------------------------------------------------------------------------


def _send_mail(plugin: Any, subject: str, body: str, message_id: str, at: datetime | None) -> None:
    if not plugin.targets:
        raise ChannelError("mail: expected a recipient in the address", retryable=False)
    if plugin.pgp_mode not in ("no", "none"):
        raise ChannelError("mail: encryption by PGP is not offered, leave pgp= out of the address", retryable=False)
    message = EmailMessage()
    message["Message-ID"] = f"<{message_id}>"
    message["Subject"] = subject
    message["From"] = _address(plugin.from_addr[1], plugin.from_addr[0])
    message["To"] = [_address(address, name) for name, address in plugin.targets]
    if plugin.cc:
        message["Cc"] = [_address(address, plugin.names.get(address)) for address in sorted(plugin.cc)]
    if plugin.reply_to:
        message["Reply-To"] = ", ".join(sorted(plugin.reply_to))
    if at is not None:
        message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    for name, value in plugin.headers.items():
        if name.lower() not in ("message-id", "date") and name not in message:
            message[name] = value
    message.set_content(body)
    recipients = [address for _, address in plugin.targets] + sorted(plugin.cc) + sorted(plugin.bcc)
    try:
        with _mail_server(plugin) as server:
            refused = server.send_message(message, plugin.from_addr[1], recipients)
    except smtplib.SMTPAuthenticationError as error:
        raise ChannelError(f"mail: the server refused the login ({error.smtp_code})", retryable=True) from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        raise ChannelError(
            f"mail: the server refused the recipients ({codes})", retryable=any(code < 500 for code in codes)
        ) from None
    except smtplib.SMTPResponseException as error:
        raise ChannelError(f"mail: the server answered {error.smtp_code}", retryable=error.smtp_code < 500) from None
    except (OSError, smtplib.SMTPException) as error:
        raise ChannelError(f"mail: {type(error).__name__} on the way to the server", retryable=True) from None
    if refused:  # others have it: to send it again would be twice for them
        _log.warning("mail: %d of %d recipients were refused", len(refused), len(recipients))


def _address(address: str, name: object) -> Address:
    try:
        return Address(display_name=str(name) if name else "", addr_spec=address)
    except (ValueError, IndexError):
        raise ChannelError("mail: expected an address like name@example.org", retryable=False) from None


def _mail_server(plugin: Any) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if not plugin.verify_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if plugin.secure_mode == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            plugin.smtp_host, plugin.port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(plugin.smtp_host, plugin.port, timeout=TIMEOUT_SECONDS)
    try:
        if plugin.secure_mode == "starttls":
            server.starttls(context=context)
        if plugin.user and plugin.password:
            server.login(plugin.user, plugin.password)
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


# -- everything that apprise sends -------------------------------------------------------------------------------------


def _send_by_apprise(plugin: Any, subject: str, body: str, payload: Mapping[str, str], message_id: str) -> None:
    if isinstance(getattr(plugin, "headers", None), dict):  # json, xml and form webhooks
        plugin.headers.setdefault("Idempotency-Key", message_id)
    if plugin.service_name == "JSON":
        plugin.payload_extras.setdefault("event", {**payload, "message_id": message_id})
    service = apprise.Apprise()
    service.add(plugin)
    result = service.notify(title=subject, body=body, body_format=apprise.NotifyFormat.TEXT)
    # The last attempt itself, because `?optional=yes` in an address turns a failure into success.
    attempts = [attempt for one in result.results for attempt in one.attempts[-1:]]
    if attempts and all(attempts):
        return
    logged = " ".join(entry.message for attempt in attempts for entry in attempt.logs)
    code = re.search(r"error=(\d{3})\b", logged)
    status = int(code[1]) if code else None
    said = f"answered {status}" if status else "could not be reached"
    raise ChannelError(f"{plugin.service_name}: the service {said}", retryable=status is None or _may_mend(status))


def _may_mend(status: int) -> bool:
    return not 400 <= status < 500 or status in _MENDABLE


# -- DingTalk, Feishu, Lark, WeCom -------------------------------------------------------------------------------------


def _send_chat(scheme: str, url: str, text: str, at: datetime | None) -> None:
    try:
        token, secret = _token(url)
    except ValueError:
        token = secret = ""
    if not token:
        raise ChannelError(f"{scheme}: expected {scheme}://token", retryable=False)
    if secret and at is None:
        raise ChannelError(f"{scheme}: a signature needs the instant of sending", retryable=False)
    text = _cut(text, LIMITS[scheme])
    build: Mapping[str, Callable[[], tuple[str, dict[str, Any]]]] = {
        "dingtalk": lambda: _dingtalk(token, secret, text, at),
        "feishu": lambda: _feishu("feishu", token, secret, text, at),
        "lark": lambda: _feishu("lark", token, secret, text, at),
        "wecombot": lambda: (
            f"{ENDPOINTS['wecombot']}?{urlencode({'key': token})}",
            {"msgtype": "text", "text": {"content": text}},
        ),
    }
    address, message = build[scheme]()
    answer = _post(scheme, address, message)
    code = answer.get("errcode", answer.get("code", answer.get("StatusCode")))
    if code != 0:
        if not isinstance(code, int):
            raise ChannelError(f"{scheme}: expected an error code in the answer, got none", retryable=True)
        raise ChannelError(f"{scheme}: refused with code {code}", retryable=code in _LATER)


def _token(url: str) -> tuple[str, str]:
    """(token, secret) of scheme://[secret@]token or scheme://token?secret=...; case is kept."""
    parts = urlsplit(url)
    before, _, host = parts.netloc.rpartition("@")
    query = parse_qs(parts.query)
    token = unquote(host) or query.get("token", query.get("key", [""]))[0]
    return token, unquote(before) or query.get("secret", [""])[0]


def _dingtalk(token: str, secret: str, text: str, at: datetime | None) -> tuple[str, dict[str, Any]]:
    query = {"access_token": token}
    if secret and at is not None:
        stamp = str(int(at.timestamp() * 1000))
        signed = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
        query |= {"timestamp": stamp, "sign": base64.b64encode(signed).decode()}
    return f"{ENDPOINTS['dingtalk']}?{urlencode(query)}", {"msgtype": "text", "text": {"content": text}}


def _feishu(scheme: str, token: str, secret: str, text: str, at: datetime | None) -> tuple[str, dict[str, Any]]:
    message: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret and at is not None:
        stamp = str(int(at.timestamp()))
        signed = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
        message |= {"timestamp": stamp, "sign": base64.b64encode(signed).decode()}
    return ENDPOINTS[scheme] + quote(token, safe=""), message


def _post(scheme: str, address: str, message: Mapping[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(
        address,
        data=json.dumps(message, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            answer = json.loads(response.read(100_000))
    except urllib.error.HTTPError as error:
        error.close()
        raise ChannelError(f"{scheme}: the service answered {error.code}", retryable=_may_mend(error.code)) from None
    except (OSError, http.client.HTTPException) as error:
        raise ChannelError(f"{scheme}: {type(error).__name__} on the way to the service", retryable=True) from None
    except ValueError:
        raise ChannelError(f"{scheme}: expected JSON in the answer", retryable=True) from None
    if not isinstance(answer, dict):
        raise ChannelError(f"{scheme}: expected a JSON object in the answer", retryable=True)
    return answer


def _cut(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, cut between characters; the end of a message holds its link and is kept."""
    if len(text.encode()) <= limit:
        return text
    head, _, link = text.rpartition("\n")
    room = limit - len(link.encode()) - 5
    return head.encode()[: max(room, 0)].decode(errors="ignore") + "…\n" + link
