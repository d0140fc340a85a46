"""`scripts/postgres` leaves nothing behind, whatever happens to the command."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "postgres"
SAY_URL = "import os; print(os.environ['YICHUAN_DATABASE_URL'], flush=True)"

pytestmark = pytest.mark.skipif(
    not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and shutil.which("initdb") is None,
    reason="PostgreSQL is not installed",
)


def start(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), sys.executable, "-c", f"{SAY_URL}\n{code}"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background job ignores Ctrl-C
    )


def port(url: str) -> int:
    found = re.fullmatch(r"postgres://yichuan:[0-9a-f]{32}@127\.0\.0\.1:(\d+)/yichuan\n", url)
    assert found, url
    return int(found[1])


def is_served(number: int) -> bool:
    listening = f"0100007F:{number:04X} 00000000:0000 0A"
    return listening in Path("/proc/net/tcp").read_text()


def wait_until_free(number: int) -> None:
    end = time.monotonic() + 20
    while is_served(number):
        assert time.monotonic() < end, f"port {number} is still served"
        time.sleep(0.1)


def test_a_command_gets_a_durable_database_and_its_exit_status_is_kept() -> None:
    code = (
        "import psycopg, sys\n"
        "with psycopg.connect(os.environ['YICHUAN_DATABASE_URL']) as connection:\n"
        "    print(connection.execute('show fsync').fetchone()[0], connection.info.encoding)\n"
        "sys.exit(7)"
    )
    with start(code) as process:
        assert process.stdout
        number = port(process.stdout.readline())
        assert process.stdout.read() == "on utf-8\n"
    assert process.returncode == 7
    wait_until_free(number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_run_takes_its_server_and_its_command_along(number: signal.Signals) -> None:
    with start("print(os.getpid(), flush=True); import time; time.sleep(60)") as process:
        assert process.stdout
        served = port(process.stdout.readline())
        command = int(process.stdout.readline())
        assert is_served(served)
        process.send_signal(number)
    assert process.returncode == 128 + number
    wait_until_free(served)
    with pytest.raises(ProcessLookupError):
        os.kill(command, 0)


def test_ctrl_c_lets_the_command_finish_before_the_server_stops() -> None:
    code = (
        "import psycopg, time\n"
        "try:\n"
        "    print('asleep', flush=True)\n"
        "    time.sleep(60)\n"
        "except KeyboardInterrupt:\n"
        "    with psycopg.connect(os.environ['YICHUAN_DATABASE_URL']) as connection:\n"
        "        print(connection.execute('select 42').fetchone()[0])"
    )
    with start(code) as process:
        assert process.stdout
        served = port(process.stdout.readline())
        assert process.stdout.readline() == "asleep\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.read() == "42\n"
    assert process.returncode == 0
    wait_until_free(served)


def test_a_killed_run_does_not_leave_its_server() -> None:
    code = (
        "import psycopg, time\n"
        "with psycopg.connect(os.environ['YICHUAN_DATABASE_URL']) as connection:\n"
        "    print(connection.execute('show data_directory').fetchone()[0], flush=True)\n"
        "time.sleep(2)"
    )
    with start(code) as process:
        assert process.stdout
        served = port(process.stdout.readline())
        folder = Path(process.stdout.readline().strip()).parent
        process.kill()
        wait_until_free(served)
    assert folder.name.startswith("yichuan-postgres-")
    shutil.rmtree(folder)
