"""The keeper: who dies is there again at once, who dies young waits, and what was loaded is loaded once."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from yichuan.cli.supervisor import PAUSE_SECONDS, YOUNG_SECONDS, pause_after

# Two of them say it into one pipe: in one write, or their words would mix where Python's output is not buffered.
SMALL = """
import os, sys, time
os.write(1, f"{sys.argv[1]} {os.getpid()} {'django' in sys.modules} {os.getpgrp() == os.getpid()}\\n".encode())
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def kept(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A keeper of two small processes: one lives, one dies at once."""
    (tmp_path / "small.py").write_text(SMALL)
    commands = {name: [sys.executable, "-m", "small", name, str(life)] for name, life in (("old", 600), ("young", 0))}
    with subprocess.Popen(
        [sys.executable, "-m", "yichuan.cli.keeper", json.dumps(commands)], cwd=tmp_path, text=True,
        env=os.environ | {"YICHUAN_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "yichuan.config.settings"},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()


def born(keeper: "subprocess.Popen[str]", name: str) -> int:
    """The next process of this name that says that it began."""
    assert keeper.stdout is not None
    for line in keeper.stdout:
        said, pid, loaded, leads = line.split()
        assert (loaded, leads) == ("True", "True"), "everything loaded, a group of its own"
        if said == name:
            return int(pid)
    raise AssertionError(f"{name} did not begin")


def test_one_that_dies_young_waits_and_all_end_with_the_keeper(kept: "subprocess.Popen[str]") -> None:
    born(kept, "young")
    begun = time.monotonic()
    born(kept, "young")
    assert time.monotonic() - begun > PAUSE_SECONDS * 0.9
    kept.terminate()
    assert kept.wait(20) == 0


def test_one_that_lived_is_there_again_at_once(kept: "subprocess.Popen[str]") -> None:
    first = born(kept, "old")
    time.sleep(YOUNG_SECONDS)
    os.kill(first, signal.SIGKILL)
    assert born(kept, "old") != first
    assert Path(f"/proc/{first}").exists() is False


def test_only_who_died_young_waits() -> None:
    assert (pause_after(YOUNG_SECONDS), pause_after(0.1)) == (0.0, PAUSE_SECONDS)
