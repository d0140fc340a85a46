"""`scripts/s3` leaves nothing behind, whatever happens to the command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "s3"
TELL = "import os, sys; print(os.environ['YICHUAN_S3_ENDPOINT'], flush=True)\n"

pytestmark = pytest.mark.skipif(
    subprocess.run(["/usr/bin/python3", "-c", "import swift"], capture_output=True, check=False).returncode != 0,
    reason="OpenStack Swift is not installed",
)


def start(folder: Path, code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), sys.executable, "-c", TELL + code],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(folder)},
    )


def test_the_commands_exit_status_is_kept_and_the_store_is_gone(tmp_path: Path) -> None:
    with start(tmp_path, "sys.exit(7)") as process:
        assert process.stdout
        assert process.stdout.readline().startswith("http://127.0.0.1:")
    assert process.returncode == 7
    assert list(tmp_path.iterdir()) == []


def _is_served(port: int) -> bool:
    return f"0100007F:{port:04X} 00000000:0000 0A" in Path("/proc/net/tcp").read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["told to end", "killed outright"])
def test_the_servers_end_with_the_script(tmp_path: Path, number: signal.Signals) -> None:
    with start(tmp_path, "import time; time.sleep(20)") as process:
        assert process.stdout
        port = int(process.stdout.readline().rsplit(":", 1)[1])
        assert _is_served(port)
        process.send_signal(number)
        process.wait(30)
        end = time.monotonic() + 20
        while _is_served(port):
            assert time.monotonic() < end, "the store is still served"
            time.sleep(0.1)
        process.stdout.close()
    if number == signal.SIGTERM:
        assert list(tmp_path.iterdir()) == []


def test_where_the_store_is_not_installed_it_says_how_to_install_it(tmp_path: Path) -> None:
    script = tmp_path / "s3"
    script.write_text(SCRIPT.read_text().replace('"/usr/bin/python3"', f'"{sys.executable}"'))
    done = subprocess.run([sys.executable, script, "true"], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "apt-get install python3-swift" in done.stderr
