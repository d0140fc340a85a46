"""Rendering the shared templates by themselves, and a browser that looks at what was rendered."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.template.backends.django import DjangoTemplates
from django.test import RequestFactory

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "yichuan" / "web"


@functools.cache
def engine() -> DjangoTemplates:
    """The templates of the installed apps, with the request and nothing of the rooms above `web`."""
    options = {"context_processors": ["django.template.context_processors.request"]}
    return DjangoTemplates({"NAME": "pages", "DIRS": [], "APP_DIRS": True, "OPTIONS": options})


def render(name: str, path: str = "/", **context: Any) -> str:
    return str(engine().get_template(name).render(context, RequestFactory().get(path)))


def render_text(source: str, path: str = "/", **context: Any) -> str:
    return str(engine().from_string("{% load yc %}" + source).render(context, RequestFactory().get(path)))


def words(html: str) -> str:
    """What a person reads: the text without tags, white space joined."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(html: str, name: str | None = None) -> list[dict[str, str | None]]:
    """The attributes of every tag `name` (or of every tag) in the order of the page."""
    parser = _Tags()
    parser.feed(html)
    return [attrs for tag, attrs in parser.found if name in (None, tag)]


@contextmanager
def served(folder: Path, policy: str, answers: dict[str, Callable[[], tuple[int, str, str]]]) -> Iterator[str]:
    """Serve `folder` and the static files on loopback under the content policy.

    `answers` maps a path to a function that gives status, content type and body.
    """

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

        def translate_path(self, path: str) -> str:
            clean = path.split("?")[0]
            if clean.startswith("/static/"):
                return str(WEB / clean.lstrip("/"))
            return str(folder / clean.lstrip("/"))

        def do_GET(self) -> None:
            answer = answers.get(self.path.split("?")[0])
            return self.reply(*answer()) if answer else super().do_GET()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = answers.get(self.path.split("?")[0])
            self.reply(*(answer() if answer else (404, "text/plain", "no such path")))

        def reply(self, status: int, kind: str, body: str) -> None:
            data = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet: the test reads the pages, not the log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
