"""Pages, feed and ticker as processes of their own under one command: one that dies is started again."""

import signal
import subprocess
import sys
import time
from types import FrameType

import click

PAGE_THREADS = "4"
CHECK_SECONDS = 0.5
RESTART_PAUSE_SECONDS = 2.0


def commands(host: str, port: int) -> dict[str, list[str]]:
    """What runs, by name."""
    granian = [sys.executable, "-m", "granian", "--host", host, "--workers", "1", "--log-level", "warning", "--no-ws"]
    return {
        "pages": [
            *granian, "--port", str(port), "--interface", "wsgi", "--blocking-threads", PAGE_THREADS,
            "yichuan.config.wsgi:application",
        ],
        "feed": [*granian, "--port", str(port + 1), "--interface", "asgi", "yichuan.feed.application:application"],
        "ticker": [sys.executable, "-m", "yichuan.operations.ticker"],
    }  # fmt: skip


def run(host: str, port: int) -> None:
    """Run until SIGTERM or SIGINT, then end every process that was started, by its own id."""
    stopping: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    wanted = commands(host, port)
    running = {name: subprocess.Popen(command) for name, command in wanted.items()}  # noqa: S603 - our own commands
    try:
        while not stopping:
            time.sleep(CHECK_SECONDS)
            for name, process in running.items():
                if process.poll() is not None and not stopping:
                    click.echo(f"{name} ended with {process.returncode}; starting it again", err=True)
                    time.sleep(RESTART_PAUSE_SECONDS)
                    running[name] = subprocess.Popen(wanted[name])  # noqa: S603
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
