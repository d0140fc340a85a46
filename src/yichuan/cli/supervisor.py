"""Pages, feed, ticker and sequencer as processes of their own under one command: one that dies is started again.

`yichuan serve` starts the keeper, which forks the four, and is itself no more than the keeper's guard.
"""

import contextlib
import ctypes
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import click

from yichuan.cli.tls import TlsFiles

PAGE_THREADS = "4"
CHECK_SECONDS = 0.5
YOUNG_SECONDS, PAUSE_SECONDS = 3.0, 2.0
PORT_PATIENCE_SECONDS = 10.0
ENDING_SECONDS = 15.0  # longer than the keeper gives those that it keeps
MEMORY = {"MALLOC_ARENA_MAX": "2"}  # glibc else keeps what was freed once for each thread: 17 MB after a file of 100 MB
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # prctl(2): Linux alone
_LIBC = ctypes.CDLL(None)  # looked up before any fork


def commands(host: str, port: int, tls: TlsFiles | None = None) -> dict[str, list[str]]:
    """What runs, by name."""
    from django.conf import settings

    granian = [sys.executable, "-m", "granian", "--host", host, "--log-level", "warning", "--no-ws"]
    if tls is not None:
        granian += ["--ssl-certificate", str(tls.certificate), "--ssl-keyfile", str(tls.key)]
        granian += ["--ssl-protocol-min", "tls1.2"]
    return {
        "pages": [
            *granian, "--port", str(port), "--interface", "wsgi", "--blocking-threads", PAGE_THREADS,
            "--workers", str(settings.YICHUAN_PAGE_WORKERS), "--respawn-failed-workers",  # the others go on meanwhile
            "yichuan.config.wsgi:application",
        ],
        "feed": [
            *granian, "--port", str(port + 1), "--interface", "asgi", "--workers", "1",
            "--workers-kill-timeout", "1",  # open pages would hold its ending up, and a stream has nothing to finish
            "yichuan.feed.application:application",
        ],
        "ticker": [sys.executable, "-m", "yichuan.operations.ticker"],
        "sequencer": [sys.executable, "-m", "yichuan.operations.sequencer"],
    }  # fmt: skip


def require_free(host: str, *ports: int) -> None:
    """Wait until nothing listens on the ports: a centre that was just killed may hold them a moment longer.

    Granian would share a port with whoever has it, and every second request would go to the other centre. Raises
    click.ClickException.
    """
    until = time.monotonic() + PORT_PATIENCE_SECONDS
    for port in ports:
        while not _is_free(host, port):
            if time.monotonic() > until:
                raise click.ClickException(f"端口 {port} 已被占用；请停下占用它的程序，或者用 --port 换一个")
            time.sleep(CHECK_SECONDS)


def _is_free(host: str, port: int) -> bool:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise click.ClickException(f"不能在 {host}:{port} 上监听：{error.strerror}") from error
    return True


def run(host: str, port: int, tls: TlsFiles | None = None, attend: Callable[[float], None] | None = None) -> None:
    """Run until SIGTERM or SIGINT, then end every process that was started.

    The keeper starts them and starts again whoever dies; where it dies itself they end too, and another begins.
    `attend` is what this process does for so many seconds between its looks at the keeper.
    """
    stopping: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    command = [sys.executable, "-m", "yichuan.cli.keeper", json.dumps(commands(host, port, tls))]
    keeper, born = _start(command), time.monotonic()
    try:
        while not stopping:
            (attend or time.sleep)(CHECK_SECONDS)
            if keeper.poll() is not None and not stopping:
                click.echo(f"看护进程退出（{keeper.returncode}），另起一个", err=True)
                _end_session(keeper)
                time.sleep(pause_after(time.monotonic() - born))
                keeper, born = _start(command), time.monotonic()
    finally:
        keeper.terminate()
        try:
            keeper.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            keeper.kill()
            keeper.wait()
            _end_session(keeper)


def pause_after(lived: float) -> float:
    """Seconds until one that lived so many seconds is started again: at once, unless it died young, for then what it
    needs may be away."""
    return PAUSE_SECONDS if lived < YOUNG_SECONDS else 0.0


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    """A process in a session of its own, as whatever it starts; it ends when this one dies, however that happens."""
    environment = MEMORY | os.environ
    return subprocess.Popen(command, env=environment, start_new_session=True, preexec_fn=end_with_parent)  # noqa: S603


def _end_session(keeper: "subprocess.Popen[bytes]") -> None:
    """Those that outlived their keeper: while they finish they would go on holding its ports, and answer nobody."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            session = int(stat.read_text(errors="replace").rpartition(")")[2].split()[3])
            if session == keeper.pid:
                os.kill(int(stat.parent.name), signal.SIGKILL)


def end_with_parent(name: str = "") -> None:
    """In a process about to begin: it ends when the one that started it does, and bears this name (`ps -o comm`)."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if name:
        _LIBC.prctl(PR_SET_NAME, name.encode()[:15])
