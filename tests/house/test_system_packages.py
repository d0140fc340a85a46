"""What only the operating system can bring is installed by root and named to everybody else."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "system-packages"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A machine with a shell, the smallest tools and an apt-get that only writes down what it is asked."""
    for tool in ("find", "head", "cat", "rm", "mktemp"):
        found = shutil.which(tool)
        assert found
        (tmp_path / tool).symlink_to(found)
    write(tmp_path / "apt-get", f'echo "$@" >> {tmp_path}/asked')
    return tmp_path


def write(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def run(bare: Path, part: str, *, user: int) -> subprocess.CompletedProcess[str]:
    write(bare / "id", f"echo {user}")
    command = ["/bin/sh", str(SCRIPT), part]
    return subprocess.run(command, env={"PATH": str(bare)}, capture_output=True, text=True, check=False)


def test_without_root_what_everything_needs_is_named_and_stops(bare: Path) -> None:
    done = run(bare, "base", user=1000)
    assert done.returncode == 1
    assert "apt-get install python3 python3-venv npm\n" in done.stderr
    assert not (bare / "asked").exists()


def test_without_root_what_the_tests_need_is_named_and_does_not_stop(bare: Path) -> None:
    done = run(bare, "test", user=1000)
    assert done.returncode == 0
    assert "chromium: the tests that drive the pages" in done.stderr
    assert "Going on without" in done.stderr


def test_root_installs_what_is_missing(bare: Path) -> None:
    assert run(bare, "base", user=0).returncode == 0
    update, install = (bare / "asked").read_text().splitlines()
    assert update.endswith(" update")
    assert install.endswith("install --no-install-recommends python3 python3-venv npm")


def test_what_apt_says_is_shown_when_it_fails(bare: Path) -> None:
    write(bare / "apt-get", "echo 'no space left'; exit 100")
    done = run(bare, "base", user=0)
    assert done.returncode == 1
    assert "no space left" in done.stderr
