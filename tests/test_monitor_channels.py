"""Messages really sent: to an SMTP server and an HTTP server on loopback."""

import base64
import hashlib
import hmac
import json
import logging
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.controller import Controller
from monitor_cases import at

from monitor import channels
from monitor.channels import ChannelError, hidden, send

SUBJECT, BODY = "财政局：2025年度报告未找到", "截至2026-02-08，未找到。\nhttps://ogi.example.org/body/fin/2025"
PAYLOAD = {"event": "status:fin:2025:missing", "new": "missing"}
ID = "0123456789abcdef@ogiwatch"
NOW = at("02-08 13:00")


class Inbox:
    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd's name)
        if self.answer.startswith("250"):
            self.mails.append(envelope.content)
        return self.answer


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Inbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, f"mailto://127.0.0.1:{port}?from=watch@example.org&to=a@example.org,b@example.org&mode=insecure"
    finally:
        controller.stop()


class Hook:
    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], dict]] = []
        self.status, self.answer = 200, b'{"errcode": 0, "code": 0}'
        self.address = ""


@pytest.fixture
def hook() -> Iterator[Hook]:
    state = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 (the library's name)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.requests.append((self.path, headers, json.loads(body)))
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(state.answer)))
            self.end_headers()
            self.wfile.write(state.answer)

        def log_message(self, *args) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    state.address = f"127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def test_a_mail_and_its_repeat_have_one_message_id(inbox) -> None:
    box, url = inbox
    send(url, SUBJECT, BODY, PAYLOAD, ID, at=NOW)
    send(url, SUBJECT, BODY, PAYLOAD, ID, at=NOW)
    first, second = (message_from_bytes(raw, policy=policy.default) for raw in box.mails)
    assert first.get_all("Message-ID") == second.get_all("Message-ID") == [f"<{ID}>"]
    assert first["Subject"] == SUBJECT
    assert first["From"] == "watch@example.org"
    assert "a@example.org" in first["To"]
    assert first["Date"].datetime == NOW
    assert first.get_content().splitlines() == BODY.splitlines()


@pytest.mark.parametrize(("answer", "retryable"), [("451 try later", True), ("554 no", False)])
def test_a_mail_server_that_refuses(inbox, answer: str, retryable: bool) -> None:
    box, url = inbox
    box.answer = answer
    with pytest.raises(ChannelError, match=answer[:3]) as caught:
        send(url, SUBJECT, BODY, PAYLOAD, ID)
    assert caught.value.retryable is retryable


def test_a_webhook_gets_text_payload_and_key(hook: Hook) -> None:
    for _ in range(2):
        send(f"json://user:topsecret@{hook.address}/in?+X-Room=a", SUBJECT, BODY, PAYLOAD, ID)
    (path, headers, first), (_, again, second) = hook.requests
    assert (path, headers["idempotency-key"], headers["x-room"]) == ("/in", ID, "a")
    assert again["idempotency-key"] == ID
    assert first == second
    assert (first["title"], first["message"]) == (SUBJECT, BODY)
    assert first["event"] == {**PAYLOAD, "message_id": ID}


@pytest.mark.parametrize(("status", "retryable"), [(500, True), (429, True), (400, False), (404, True)])
def test_a_webhook_that_refuses(hook: Hook, status: int, retryable: bool) -> None:
    hook.status = status
    with pytest.raises(ChannelError, match=str(status)) as caught:
        send(f"json://{hook.address}/in?optional=yes", SUBJECT, BODY, PAYLOAD, ID)
    assert caught.value.retryable is retryable


@pytest.fixture
def chat(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> Hook:
    for name in channels.ENDPOINTS:
        monkeypatch.setitem(channels.ENDPOINTS, name, f"http://{hook.address}/{name}/")
    return hook


def test_dingtalk_signs_once(chat: Hook) -> None:
    send("dingtalk://SECsecret@AbC123", SUBJECT, BODY, PAYLOAD, ID, at=NOW)
    path, _, message = chat.requests[0]
    query = parse_qs(urlsplit(path).query)
    stamp = str(int(NOW.timestamp() * 1000))
    signed = hmac.new(b"SECsecret", f"{stamp}\nSECsecret".encode(), hashlib.sha256).digest()
    assert query == {"access_token": ["AbC123"], "timestamp": [stamp], "sign": [base64.b64encode(signed).decode()]}
    assert message == {"msgtype": "text", "text": {"content": f"{SUBJECT}\n{BODY}"}}


@pytest.mark.parametrize("name", ["feishu", "lark"])
def test_feishu_and_lark(chat: Hook, name: str) -> None:
    send(f"{name}://s3cret@tok-EN", SUBJECT, BODY, PAYLOAD, ID, at=NOW)
    path, _, message = chat.requests[0]
    stamp = str(int(NOW.timestamp()))
    signed = hmac.new(f"{stamp}\ns3cret".encode(), b"", hashlib.sha256).digest()
    assert path == f"/{name}/tok-EN"
    assert message["sign"] == base64.b64encode(signed).decode()
    assert message["content"]["text"].startswith(SUBJECT)


def test_wecom_cuts_long_texts_but_keeps_the_link(chat: Hook) -> None:
    send("wecombot://Key-1", SUBJECT, "长" * 5000 + "\nhttps://ogi.example.org/x", PAYLOAD, ID)
    path, _, message = chat.requests[0]
    text = message["text"]["content"]
    assert path.endswith("?key=Key-1")
    assert len(text.encode()) <= 2048
    assert text.endswith("\nhttps://ogi.example.org/x")


@pytest.mark.parametrize(
    ("url", "answer", "retryable"),
    [
        ("dingtalk://tok", b'{"errcode": 310000, "errmsg": "sign not match"}', False),
        ("dingtalk://tok", b'{"errcode": 130101}', True),
        ("wecombot://tok", b'{"errcode": 93000}', False),
        ("wecombot://tok", b'{"errcode": -1}', True),
        ("feishu://tok", b'{"code": 19021, "msg": "sign match fail"}', False),
        ("lark://tok", b'{"code": 11232}', True),
        ("lark://tok", b"<html>", True),
        ("lark://tok", b"{}", True),
        ("lark://tok", b"[]", True),
    ],
)
def test_an_error_code_in_an_answer_of_200_is_a_refusal(chat: Hook, url, answer, retryable) -> None:
    chat.answer = answer
    with pytest.raises(ChannelError) as caught:
        send(url, SUBJECT, BODY, PAYLOAD, ID, at=NOW)
    assert caught.value.retryable is retryable


def test_what_cannot_be_reached_is_tried_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for url in (f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org&mode=insecure",
                f"json://127.0.0.1:{port}/x"):  # fmt: skip
        with pytest.raises(ChannelError) as caught:
            send(url, SUBJECT, BODY, PAYLOAD, ID)
        assert caught.value.retryable


@pytest.mark.parametrize(
    "url", ["", "nonsense", "what://is/this", "mailto://", "dingtalk://", "slack://", "http://[::1", "lark://["]
)
def test_an_address_that_is_none_is_not_tried_again(url: str) -> None:
    with pytest.raises(ChannelError) as caught:
        send(url, SUBJECT, BODY, PAYLOAD, ID, at=NOW)
    assert not caught.value.retryable


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@pytest.fixture
def root_log() -> Iterator[list[str]]:
    """What reaches the root logger at its most talkative (caplog would look behind loggers that keep to themselves)."""
    root, kept = logging.getLogger(), Kept()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    try:
        yield kept.said
    finally:
        root.setLevel(level)
        root.removeHandler(kept)


def test_no_secret_in_errors_or_logs(hook: Hook, root_log, capfd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(channels.ENDPOINTS, "dingtalk", f"http://{hook.address}/d")
    hook.status = 403
    for url in (f"json://user:topsecret@{hook.address}/path-topsecret", "dingtalk://topsecret@topsecret",
                "slack://topsecret", "mailto://user:topsecret@127.0.0.1:1?mode=insecure&to=b@example.org"):  # fmt: skip
        with pytest.raises(ChannelError) as caught:
            send(url, SUBJECT, BODY, PAYLOAD, ID, at=NOW)
        assert "topsecret" not in f"{caught.value!r} {caught.value.__context__!r}"
        assert "topsecret" not in hidden(url)
    assert "topsecret" not in " ".join(root_log)
    assert "topsecret" not in "".join(capfd.readouterr())
