"""`yichuan serve`: four processes under one command, each started again when it dies, all ended with it."""

import contextlib
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from support.served import Served, served
from yichuan.cli import main, supervisor


def children_of(parent: int) -> dict[str, int]:
    """The ids of the children by their names."""
    found = {}
    for pid in _processes():
        if _parent(pid) == parent:
            with contextlib.suppress(OSError):
                found[Path(f"/proc/{pid}/comm").read_text().strip()] = pid
    return found


def keeper_of(centre: Served) -> int:
    """The one child of `yichuan serve`."""
    (keeper,) = children_of(centre.pid).values()
    return keeper


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


def of_port(centre: Served) -> set[int]:
    """Every process that serves this centre, workers included."""
    port = int(centre.url.rsplit(":", 1)[1])
    return {pid for pid in _processes() if f'"--port", "{port}"' in _command(pid)}


KEPT = {"pages", "feed", "ticker", "sequencer"}


def test_a_killed_process_is_started_again_and_all_end_together(tmp_path: Path) -> None:
    with served(tmp_path) as centre:
        keeper = keeper_of(centre)
        before = children_of(keeper)
        assert set(before) == KEPT
        workers = set(children_of(before["pages"]).values())
        assert workers
        os.kill(before["pages"], signal.SIGKILL)
        wait_until(lambda: children_of(keeper).get("pages", before["pages"]) != before["pages"])
        wait_until(lambda: answers(centre))
        assert not workers & of_port(centre), "workers of a killed process go on holding its port"
        assert children_of(keeper).items() - before.items() == {("pages", children_of(keeper)["pages"])}
    assert of_port(centre) == set()


def test_where_the_keeper_is_killed_another_begins_and_those_that_it_kept_end(tmp_path: Path) -> None:
    with served(tmp_path) as centre:
        keeper, before = keeper_of(centre), of_port(centre)
        os.kill(keeper, signal.SIGKILL)
        wait_until(lambda: set(children_of(centre.pid).values()) - {keeper} != set())
        wait_until(lambda: set(children_of(keeper_of(centre))) == KEPT and answers(centre))
        wait_until(lambda: not before & of_port(centre))
    assert of_port(centre) == set()


def test_what_it_runs_ends_when_it_is_killed_itself(tmp_path: Path) -> None:
    with served(tmp_path) as centre:
        assert of_port(centre)
        os.kill(centre.pid, signal.SIGKILL)
        wait_until(lambda: of_port(centre) == set())


def test_it_shares_no_port_with_another_centre(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside a restored copy on the same port, half of what is sent would go to the copy."""
    monkeypatch.setattr(supervisor, "PORT_PATIENCE_SECONDS", 0.0)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for begin in (port, port - 1):  # pages, feed
            told = CliRunner().invoke(main, ["serve", "--port", str(begin)])
            assert (told.exit_code, "已被占用" in told.stderr) == (1, True), told.output


def test_a_port_that_leaves_none_for_the_feed_is_refused() -> None:
    assert CliRunner().invoke(main, ["serve", "--port", "65535"]).exit_code == 2


def _processes() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _parent(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return int(status.split("\nPPid:\t")[1].split("\n")[0])
