"""A fake middleware of a USB key on this machine: the documented JSON, one SM2 key, whose PIN is always right."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Certificate


@dataclass
class UsbKey:
    """What is in the key, and what was asked of it."""

    url: str
    origin: str = ""
    keys: dict[str, PrivateKey] = field(default_factory=dict)
    certificates: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    plugged_in: bool = True
    fault: str = ""
    """What befalls the key when it is to sign: "unplugged", "other_key", or "garbage" in the place of a signature."""

    def plug_in(self, key: bytes, certificate: bytes) -> None:
        """Put a key (PKCS#8) and its certificate into it, as its maker would."""
        name = f"key-{len(self.keys) + 1}"
        self.keys[name], self.certificates[name] = PrivateKey.from_der(key), certificate

    def answer(self, path: str, said: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((path, said))
        if path == "certificates":
            return {"certificates": [self._listed(name, der) for name, der in self.certificates.items()]}
        if path == "keys":
            name = f"key-{len(self.keys) + 1}"
            self.keys[name] = PrivateKey.generate()
            return {"id": name, "public_key": self.keys[name].public.point.hex()}
        if path == "keep":
            self.certificates[said["id"]] = base64.b64decode(said["certificate"])
            return {}
        return {"signature": self._signed(said["id"], base64.b64decode(said["data"])).hex()}

    def _signed(self, name: str, data: bytes) -> bytes:
        if self.fault == "garbage":
            return bytes(70)
        key = PrivateKey.generate() if self.fault == "other_key" else self.keys[name]
        return key.sign(data)

    @staticmethod
    def _listed(name: str, der: bytes) -> dict[str, str]:
        certificate = Certificate.from_der(der)
        return {
            "id": name,
            "subject": certificate.subject_name,
            "issuer": certificate.issuer_name,
            "not_after": certificate.not_after.isoformat(),
            "certificate": base64.b64encode(der).decode(),
        }


@contextmanager
def usb_key() -> Iterator[UsbKey]:
    """Run it beside the browser; it answers pages of its `origin` only."""

    class Handler(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            self._send(204, None)

        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, said: dict[str, Any]) -> None:
            if self.headers.get("Origin") != key.origin:
                self._send(403, {"error": "这个网址没有登记"})
            elif not key.plugged_in or (key.fault == "unplugged" and self.path.endswith("/sign")):
                self._send(409, {"error": "没有插 USB Key"})
            else:
                self._send(200, key.answer(self.path.removeprefix("/yichuan/1/"), said))

        def _send(self, status: int, body: dict[str, Any] | None) -> None:
            data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Access-Control-Allow-Origin", key.origin)
            self.send_header("Access-Control-Allow-Headers", "Content-Type")
            self.send_header("Access-Control-Allow-Private-Network", "true")
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Nothing: the test reads `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    key = UsbKey(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield key
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
