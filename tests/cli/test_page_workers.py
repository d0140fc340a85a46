"""One of several page processes dies: the others go on answering, and another takes its place."""

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from support.served import _free_pair
from yichuan.cli.supervisor import commands

SMALL = """
import os
def application(environ, start):
    start("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
"""


@pytest.fixture
def served(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The command that serves the pages, with two processes and a small application in their place."""
    settings.YICHUAN_PAGE_WORKERS = 2
    (tmp_path / "small.py").write_text(SMALL)
    port = _free_pair()
    command = commands("127.0.0.1", port)["pages"]
    with subprocess.Popen(
        [*command[:-1], "small:application"], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def worker(url: str, seconds: float = 60) -> int:
    """Which process answers; waits for the first answer."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return int(answer.read())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_the_other_goes_on_where_one_is_killed_and_a_new_one_comes(served: str) -> None:
    killed = worker(served)
    os.kill(killed, signal.SIGKILL)
    others, deadline = {worker(served, 20)}, time.monotonic() + 60
    assert killed not in others
    while len(others) < 2 and time.monotonic() < deadline:
        others.add(worker(served, 20))
        time.sleep(0.02)
    assert len(others) == 2 and killed not in others
