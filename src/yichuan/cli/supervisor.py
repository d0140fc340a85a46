"""Pages, feed, ticker and sequencer as processes of their own under one command: one that dies is started again."""

import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

import click

from yichuan.cli.tls import TlsFiles

PAGE_THREADS = "4"
CHECK_SECONDS = 0.5
RESTART_PAUSE_SECONDS = 2.0
PORT_PATIENCE_SECONDS = 10.0
MEMORY = {"MALLOC_ARENA_MAX": "2"}  # glibc else keeps what was freed once for each thread: 17 MB after a file of 100 MB
PR_SET_PDEATHSIG = 1  # prctl(2): Linux alone
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
                raise click.ClickException(f"port {port} is taken; stop what runs there, or choose another by --port")
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
            raise click.ClickException(f"{host}:{port} cannot be listened on: {error.strerror}") from error
    return True


def run(host: str, port: int, tls: TlsFiles | None = None, attend: Callable[[float], None] | None = None) -> None:
    """Run until SIGTERM or SIGINT, then end every process that was started, by its own id.

    `attend` is what this process does for so many seconds between its looks at the others.
    """
    stopping: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    wanted = commands(host, port, tls)
    running = {name: _start(command) for name, command in wanted.items()}
    try:
        while not stopping:
            (attend or time.sleep)(CHECK_SECONDS)
            for name, process in running.items():
                if process.poll() is not None and not stopping:
                    click.echo(f"{name} ended with {process.returncode}; starting it again", err=True)
                    _end_group(process, signal.SIGKILL)
                    time.sleep(RESTART_PAUSE_SECONDS)
                    running[name] = _start(wanted[name])
    finally:
        for process in running.values():
            _end_group(process, signal.SIGTERM)
        for process in running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                pass
            finally:
                _end_group(process, signal.SIGKILL)


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    """A process with a group of its own, for it has workers; it ends when this one dies, however that happens."""
    environment = MEMORY | os.environ
    return subprocess.Popen(command, env=environment, start_new_session=True, preexec_fn=end_with_parent)  # noqa: S603


def end_with_parent() -> None:
    """In a process about to begin: it is to end when the one that started it does."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end_group(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    """Signal a process and its workers, also those that outlived it: they would go on holding its port."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
