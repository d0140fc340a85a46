"""`yichuan serve`: three processes under one command, each started again when it dies, all ended with it."""

import os
import signal
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from support.served import Served, served


def children_of(parent: int) -> dict[int, str]:
    """The process ids of the children with their command lines."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "status").read_text()
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if f"\nPPid:\t{parent}\n" in status:
                found[int(folder.name)] = command
    return found


def answers(centre: Served) -> bool:
    try:
        with urllib.request.urlopen(f"{centre.url}/login/", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_until(what: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return
        time.sleep(0.2)
    pytest.fail("it did not happen in time")


def test_a_killed_process_is_started_again_and_all_end_together(tmp_path: Path) -> None:
    with served(tmp_path) as centre:
        before = children_of(centre.pid)
        kinds = sorted("wsgi" in c or "asgi" in c or "ticker" in c for c in before.values())
        assert kinds == [True, True, True]
        pages = next(pid for pid, command in before.items() if "wsgi" in command)
        os.kill(pages, signal.SIGKILL)
        wait_until(lambda: any("wsgi" in c for pid, c in children_of(centre.pid).items() if pid != pages))
        wait_until(lambda: answers(centre))
        running = children_of(centre.pid)
    assert not any(Path(f"/proc/{pid}").exists() and "yichuan" in _command(pid) for pid in running)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
