"""A centre of its own in a temporary home, served by the real processes, with a browser beside it."""

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, Page

from support.beside import run
from support.chromium import close_pages
from support.migrated import sqlite_copy

BUILD = """
import django, pathlib, pickle, sys; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from support.world import build
world = build()
number = world.delivery("市环保局").dispatch.document.number
pathlib.Path(sys.argv[1], "world").write_bytes(pickle.dumps(world))
pathlib.Path(sys.argv[1], "number").write_text(number)
"""
GO_ON = """
import django, pathlib, pickle, sys; django.setup()
world = pickle.loads(pathlib.Path(sys.argv[1], "world").read_bytes())
"""


@dataclass(frozen=True)
class Served:
    """The address, the number of a document that has arrived at 市环保局, the home folder, the process."""

    url: str
    number: str
    home: Path
    pid: int


@contextmanager
def served(home: Path, also: str = "", **settings: str) -> Iterator[Served]:
    """Put the small world of `support.world` into `home`, run `yichuan serve`, stop it by its own id.

    `also` is Python that adds to `world` before the server starts; `settings` are those of the server.
    """
    port = _free_pair()
    environment = settings_of(home) | settings
    put_world(home)
    if also:
        in_centre(home, GO_ON + also, str(home))
    number = (home / "number").read_text()
    command = [sys.executable, "-m", "yichuan.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/login/", process)
        yield Served(url, number, home, process.pid)
    finally:
        close_pages()  # a server that is told to stop gives those that listen ten seconds to go
        process.terminate()
        process.wait(20)


def put_world(home: Path) -> None:
    """The small world, as if it had been built in `home`: nothing in it knows its folder."""
    shutil.copytree(_built(), home, dirs_exist_ok=True)


@cache
def _built() -> Path:
    """Building it takes seconds: once a process."""
    home = Path(tempfile.mkdtemp(prefix="yichuan-built-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    sqlite_copy(home / "centre" / "centre.sqlite3")
    in_centre(home, BUILD, str(home))
    return home


def in_centre(home: Path, code: str, *words: str) -> str:
    """What this Python prints, run beside the centre of `home` with `words` in `sys.argv[1:]`."""
    return run(settings_of(home), code, *words)


def settings_of(home: Path) -> dict[str, str]:
    """The environment of a process that works in the centre of `home`."""
    environment = os.environ | {
        "YICHUAN_HOME": str(home / "centre"),
        "YICHUAN_SECRETS": str(home / "secrets"),
        "DJANGO_SETTINGS_MODULE": "yichuan.config.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
    }
    environment.pop("YICHUAN_DATABASE_URL", None)
    return environment


def log_in(browser: Browser, centre: Served, username: str, password: str) -> Page:
    """A page of a new browser context, logged in: where the login led to is loaded.

    The script of the page sends the form after the press; whoever went elsewhere at once would go without a session.
    """
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{centre.url}/login/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="登录").click()
    return page


def _free_pair() -> int:
    """A port whose next one is free as well: pages and feed."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{url} did not answer")
