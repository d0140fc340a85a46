"""A throw-away centre under `yichuan serve`, whose processes are killed one by one or all at once."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from soak.cluster import Cluster
from soak.store import Store
from support.migrated import sqlite_copy

ROOT = Path(__file__).resolve().parents[1]
UP_SECONDS = 180
PAGE_WORKERS = "2"  # beside SQLite too: one dies while the other writes
MEMORY, ROOM = Path("/dev/shm"), 1 << 30  # noqa: S108 - a folder of our own is made in it
EVERYTHING, DATABASE, KEEPER, STORE = "everything", "database", "keeper", "store"
FOLDER, S3 = "folder", "s3"


@dataclass(frozen=True)
class Kill:
    """One death: seconds since the beginning, what was killed, and how."""

    after: float
    victim: str
    how: str


class Centre:
    """Its home, its temporary folder, its database and store, and the processes that serve it.

    A file that a process leaves in the temporary folder is found by the audit, so each trial has its own.
    """

    def __init__(self, database: str, store: str = FOLDER) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="yichuan-soak-", dir=_fast_folder()))
        self.home, self.secrets, self.temporary = (self.folder / each for each in ("centre", "secrets", "temporary"))
        self.temporary.mkdir()
        self.log = self.folder / "serve.log"
        self.cluster: Cluster | None = None
        self.store: Store | None = None
        self.port = _free_pair()
        self._serving: subprocess.Popen[bytes] | None = None
        try:
            self.cluster = Cluster() if database == "postgres" else None
            self.store = Store() if store == S3 else None
            self._migrated()
            self.run("soak.prepare", str(self.folder), str(self.port), settings="yichuan.config.settings")
            self._names: list[str] = json.loads((self.folder / "processes.json").read_text())
        except BaseException:
            self.remove()
            raise

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, settings: str = "soak.settings") -> dict[str, str]:
        """Of a process that works in this centre."""
        found = os.environ | {
            "YICHUAN_HOME": str(self.home),
            "YICHUAN_SECRETS": str(self.secrets),
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"), str(ROOT / "tests"))),
            "TMPDIR": str(self.temporary),
            "YICHUAN_PAGE_WORKERS": PAGE_WORKERS,
        }
        for name in ("YICHUAN_DATABASE_URL", "YICHUAN_BLOBS_URL", "YICHUAN_BLOBS_KEY", "YICHUAN_BLOBS_KEY_FILE"):
            found.pop(name, None)
        found |= {"YICHUAN_DATABASE_URL": self.cluster.url} if self.cluster else {}
        return found | (self.store.environment() if self.store else {})

    def run(self, module: str, *arguments: str, settings: str = "soak.settings", timeout: float = 600) -> str:
        """What a module of ours prints that runs in this centre's environment."""
        done = subprocess.run(  # noqa: S603 - our own modules
            [sys.executable, "-m", module, *arguments],
            env=self.environment(settings), stdout=subprocess.PIPE, check=True, timeout=timeout, text=True,
        )  # fmt: skip
        return done.stdout

    def _migrated(self) -> None:
        if self.cluster is None:
            sqlite_copy(self.home / "centre.sqlite3")
        else:
            self.cluster.migrated()

    def serve(self) -> None:
        """Start `yichuan serve`; returns at once."""
        with self.log.open("ab") as log:
            self._serving = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "yichuan.cli", "serve", "--port", str(self.port)],
                env=self.environment(), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def await_up(self) -> None:
        """Until the pages answer. Raises RuntimeError where they do not come up again."""
        deadline = time.monotonic() + UP_SECONDS
        while time.monotonic() < deadline:
            if self._serving is not None and self._serving.poll() is not None:
                raise RuntimeError(f"yichuan serve ended with {self._serving.returncode}:\n{self.tail()}")
            if self.is_up():
                return
            time.sleep(0.2)
        raise RuntimeError(f"the pages did not come up again in {UP_SECONDS} s:\n{self.tail()}")

    def is_up(self) -> bool:
        """Whether the pages answer."""
        try:
            with urllib.request.urlopen(f"{self.url}/login/", timeout=30) as answer:  # noqa: S310 - loopback
                return bool(answer.status == 200)
        except OSError:
            return False

    def tail(self) -> str:
        """The end of what the processes said."""
        return self.log.read_text(errors="replace")[-3000:]

    def names(self) -> list[str]:
        """What can be killed: the processes of `yichuan serve`, all of them at once, the database, the S3 store."""
        outside = [*([DATABASE] if self.cluster else []), *([STORE] if self.store else [])]
        return [*self._names, KEEPER, EVERYTHING, *outside]

    def kill(self, victim: str, chance: random.Random) -> str:
        """Kill it at this instant with SIGKILL, and start again what nobody else starts; says how it was killed."""
        if victim == DATABASE and self.cluster is not None:
            self.cluster.stop_at_once()
            self.cluster.start_again()
            return "pg_ctl stop -m immediate"
        if victim == STORE and self.store is not None:
            return self.store.kill(chance)
        if victim == EVERYTHING:
            groups = list(self._processes().values())
            self._kill_serving()
            for group in groups:
                _kill_group(group)
            self.serve()
            return "SIGKILL to every process"
        group = self._processes().get(victim)
        if group is None:
            return "was not running"
        members = [pid for pid, parts in _stats().items() if parts[1] == group]
        one = chance.choice(members) if members and chance.random() < 0.5 else None
        if one is None:
            _kill_group(group)
            return f"SIGKILL to all {len(members)}"
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
        return f"SIGKILL to one of {len(members)}"

    def await_whole(self) -> list[str]:
        """Which processes of `yichuan serve` are not started again though they were given their time."""
        deadline = time.monotonic() + UP_SECONDS
        while time.monotonic() < deadline:
            missing = set(self._names) - set(self._processes())
            if not self._feed_listens():
                missing.add("feed")
            if not missing:
                break
            time.sleep(0.2)
        return sorted(missing)

    def _feed_listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port + 1), timeout=5):
                return True
        except OSError:
            return False

    def _processes(self) -> dict[str, int]:
        """By name, the keeper and what it keeps; each leads a group of its own."""
        stats, serving = _stats(), self._serving.pid if self._serving else 0
        found = {}
        for keeper in (pid for pid, (parent, _) in stats.items() if parent == serving):
            found[KEEPER] = keeper
            for pid in (pid for pid, (parent, _) in stats.items() if parent == keeper):
                with contextlib.suppress(OSError):
                    found[Path(f"/proc/{pid}/comm").read_text().strip()] = pid
        return found

    def _kill_serving(self) -> None:
        if self._serving is not None:
            self._serving.kill()
            self._serving.wait()
            self._serving = None

    def stop(self) -> None:
        """In order, as an operator would."""
        if self._serving is not None:
            groups = list(self._processes().values())
            self._serving.terminate()
            try:
                self._serving.wait(30)
            except subprocess.TimeoutExpired:
                self._kill_serving()
                for group in groups:
                    _kill_group(group)
            self._serving = None

    def remove(self) -> None:
        """All of it, whatever happened."""
        try:
            self.stop()
        finally:
            for each in (self.cluster, self.store):
                if each is not None:
                    each.remove()
            shutil.rmtree(self.folder, ignore_errors=True)


def _fast_folder() -> Path | None:
    """In memory where there is room. What a killed process has written the kernel keeps, there as on a disk; without
    waiting for a disk more happens between two deaths."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if roomy else None


def _stats() -> dict[int, tuple[int, int]]:
    """Of every process its parent and its group."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text(errors="replace").rpartition(")")[2].split()
            if fields[0] != "Z":
                found[int(path.parent.name)] = (int(fields[1]), int(fields[2]))
    return found


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _free_pair() -> int:
    """A port whose next one is free as well: pages and feed."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            with contextlib.suppress(OSError):
                second.bind(("127.0.0.1", port + 1))
                return port
