"""An office system's own address for tests: a real server on the loopback that keeps what it is told."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from support.systems import System


@dataclass
class Receiver:
    """`heard` is what it was told, headers and body. `answers` are its next statuses, then 200 for ever."""

    port: int = 0
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    slow: float = 0.0
    location: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/yichuan"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def said(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.heard]


@contextmanager
def receiver(**particulars: Any) -> Iterator[Receiver]:
    """Listens until the end."""
    told = Receiver(**particulars)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.heard.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            time.sleep(told.slow)
            self.send_response(told.answers.pop(0) if told.answers else 200)
            if told.location:
                self.send_header("Location", told.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Tests say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def hook_of(system: System, there: Receiver, *kinds: str) -> Any:
    answer = system.post("/hooks", {"url": there.url, "kinds": list(kinds)})
    assert answer.status_code == 201, answer.content
    return answer.json()


def calls_of(system: System, hook: Any, **query: str) -> Any:
    return system.get(f"/hooks/{hook['id']}/calls", **query).json()["items"]
