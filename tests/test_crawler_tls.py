"""Old protocols and certificates that nobody signed: a fault by default, taken only for columns that say so."""

from __future__ import annotations

import ssl
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from crawler_tls import certificate
from crawler_world import World, reports

from registry.model import Column, LookResult
from samples.portals import SHAPES, Portal, PortalServer

PORTAL = Portal("nb", "trs", reports("trs", 3))


class Pages(BaseHTTPRequestHandler):
    """A list of three reports, the same page behind each, and no robots.txt."""

    def do_GET(self) -> None:  # noqa: N802 (the library's name)
        shape = SHAPES["trs"]
        body = shape.render(PORTAL, 1).body if self.path.endswith("/") else b"<html><body>report</body></html>"
        self.send_response(404 if self.path == "/robots.txt" else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silence."""


def serve(address: str, pem: Path, *, old: bool) -> int:
    """A server that ends with the process; `old`: it speaks nothing newer than TLS 1.1."""
    server = ThreadingHTTPServer((address, 0), Pages)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    if old:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])


def test_old_tls_is_taken_only_where_the_registry_says_so(tmp_path: Path):
    pem = tmp_path / "own.pem"
    certificate(pem)
    with PortalServer() as server:
        world = World(tmp_path / "home", server)
        cases = {
            "signed": (False, False), "signed-legacy": (False, True), "old": (True, False), "old-legacy": (True, True),
        }  # fmt: skip
        for number, (name, (old, legacy)) in enumerate(cases.items(), start=10):
            host = f"127.0.5.{number}"
            url = f"https://{host}:{serve(host, pem, old=old)}/nb/zfxxgk/zfxxgknb/"
            world.columns[name] = Column(name, url, ("county",), "trs", legacy_tls=legacy)
        world.columns["beside"] = replace(world.columns["old-legacy"], id="beside", legacy_tls=False)
        looks = world.crawl()
    assert {name: look.result for name, look in looks.items()} == {
        "signed": LookResult.TLS,
        "signed-legacy": LookResult.COMPLETE,
        "old": LookResult.TLS,
        "old-legacy": LookResult.COMPLETE,
        "beside": LookResult.TLS,  # the same host, and a column that does not say so
    }, [look.detail for look in looks.values()]
    assert len(looks["old-legacy"].entries) == 3
