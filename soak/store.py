"""An S3 store of the trial's own, OpenStack Swift: its servers are killed, and come again after some seconds."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
from pathlib import Path
from time import monotonic
from time import sleep as wait
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from soak.scripts import script
from support.s3 import S3Server

BUCKET = "soak"
SHORTEST, LONGEST = 1.0, 4.0  # seconds away
SETTLING = 120.0

# What a Swift that lasts runs beside its servers: it brings into the listings what was written while the container
# server was away.
UPDATER = """
import sys
from swift.common import utils
folder = sys.argv[1]
utils.SWIFT_CONF_FILE = folder + "/swift.conf"
from swift.obj.updater import ObjectUpdater
conf = {"devices": folder, "swift_dir": folder, "mount_check": "false", "recon_cache_path": folder}
ObjectUpdater(conf | {"objects_per_second": "1000", "log_address": folder + "/no-syslog"}).run_once()
"""


class Store:
    """The throw-away store of scripts/s3, with its deaths."""

    def __init__(self) -> None:
        self._script = script("s3")
        self._server: Any = self._script.Server()
        try:
            self._server.start()
            self._owner = S3Server(f"http://127.0.0.1:{self._server.port}", f"centre:bodies {self._server.secret}")
            self.client = self._owner.client()
            self.client.create_bucket(Bucket=BUCKET)
        except BaseException:
            self.remove()
            raise

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return Path(self._server.folder)

    def environment(self) -> dict[str, str]:
        """By which a centre finds it."""
        return {
            "YICHUAN_BLOBS_URL": f"s3://{BUCKET}/bodies?endpoint={self._owner.endpoint}",
            "YICHUAN_BLOBS_KEY": self._owner.key,
        }

    def kill(self, chance: random.Random) -> str:
        """SIGKILL to one of its servers or to all; some seconds later they are started again. Says how."""
        processes: dict[str, Any] = self._server.processes
        victims = [chance.choice(list(processes))] if chance.random() < 0.5 else list(processes)
        for name in victims:
            processes[name].send_signal(signal.SIGKILL)
            processes[name].wait()
        if len(victims) == len(processes) and self._answers():
            raise RuntimeError("another store answers in the place of the one that was killed: nothing was tried")
        away = chance.uniform(SHORTEST, LONGEST)
        wait(away)
        for name in victims:
            self._start_again(name)
        who = victims[0] if len(victims) == 1 else f"all {len(victims)}"
        return f"SIGKILL to its servers: {who}; away for {away:.1f} s"

    def await_up(self) -> None:
        """Until it answers again. Raises what it says where it does not."""
        deadline = monotonic() + SETTLING
        while True:
            try:
                self.client.list_objects_v2(Bucket=BUCKET)
                return
            except (ClientError, BotoCoreError):
                if monotonic() > deadline:
                    raise
                wait(0.2)

    def settle(self) -> None:
        """Once it is up, let it bring its listings up to date, as it does by itself from time to time."""
        self.await_up()
        command = [self._script.PYTHON, "-W", "ignore", "-c", UPDATER, str(self.folder)]
        subprocess.run(command, check=True, timeout=SETTLING, stdout=subprocess.DEVNULL)  # noqa: S603 - fixed words

    def remove(self) -> None:
        self._server.remove()

    def _start_again(self, name: str) -> None:
        with (self.folder / "log").open("ab") as log:
            self._server.processes[name] = subprocess.Popen(  # noqa: S603 - the script's own words
                self._server.processes[name].args, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=self._script.die_with_parent,
            )  # fmt: skip

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._server.port)) == 0
