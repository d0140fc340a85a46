"""`yichuan init` that is killed half-way, and a centre that is served before it was opened."""

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from support.founding import ANSWERS, init, rows
from support.migrated import sqlite_copy
from support.served import _free_pair, _wait_for, settings_of


def test_killed_half_way_it_leaves_nothing_and_can_be_run_again(tmp_path: Path) -> None:
    """The process is killed while it makes the centre's keys; `kill -9` at any later moment is the same to it."""
    slow = (
        "import time\nfrom yichuan.cli.centre import set_up\nset_up()\n"
        "from yichuan.org.services import found_administrators as step\n"
        "from yichuan.operations.services import found_centre\n"
        "def wait(people):\n    print('now', flush=True)\n    time.sleep(60)\n"
        "found_centre.found = wait\n"
        "from yichuan.cli import main\nmain(['init', '--answers', '-'])"
    )
    sqlite_copy(tmp_path / "centre" / "centre.sqlite3")  # applying the migrations is test_init's
    process = subprocess.Popen(
        [sys.executable, "-c", slow], env=settings_of(tmp_path), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(ANSWERS.encode())
    process.stdin.close()
    assert process.stdout.readline() == b"now\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    for table in ("common_centre", "people_account", "keys_softkey", "audit_entry"):
        assert rows(tmp_path, table) == 0, table
    assert init(tmp_path).returncode == 0
    assert rows(tmp_path, "common_centre") == 1


def test_serve_and_the_login_page_say_what_to_do_where_no_centre_is_open(tmp_path: Path) -> None:
    sqlite_copy(tmp_path / "centre" / "centre.sqlite3")
    port = _free_pair()
    process = subprocess.Popen(
        [sys.executable, "-m", "yichuan.cli", "serve", "--port", str(port)],
        env=settings_of(tmp_path) | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert "yichuan init" in process.stdout.readline()
        _wait_for(f"http://127.0.0.1:{port}/login/", process)  # type: ignore[arg-type]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=5) as answer:
            assert "还没有开通" in answer.read().decode()
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()  # type: ignore[union-attr]
