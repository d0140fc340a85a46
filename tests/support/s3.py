"""A real S3 store for the tests (`scripts/s3`), and the line to it, which can be cut."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "s3"
TELL = """
import json, os, sys
names = ("YICHUAN_S3_ENDPOINT", "YICHUAN_BLOBS_KEY")
print(json.dumps([os.environ[name] for name in names]), flush=True)
sys.stdin.read()
"""


@dataclass(frozen=True)
class S3Server:
    """Where the store answers, and its owner's key."""

    endpoint: str
    key: str

    def url(self, bucket: str, **options: Any) -> str:
        """The centre's setting for a prefix in the bucket."""
        said = {"endpoint": self.endpoint, "seconds": 2} | options
        return f"s3://{bucket}/bodies?" + "&".join(f"{name}={value}" for name, value in said.items())

    def client(self) -> Any:
        """What the store's administrator has."""
        access, secret = self.key.split()
        config = Config(
            s3={"addressing_style": "path"}, proxies={}, request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )  # fmt: skip
        return boto3.session.Session().client(
            "s3", endpoint_url=self.endpoint, aws_access_key_id=access, aws_secret_access_key=secret,
            region_name="us-east-1", config=config,
        )  # fmt: skip


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """Swift, started once for all the tests that ask for it."""
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), sys.executable, "-c", TELL], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        told = process.stdout.readline()
        if not told:
            said = process.stderr.read()
            if process.wait(10) == 3:  # the script's word for "cannot run here"
                pytest.skip(said.strip())
            pytest.fail(said)
        yield S3Server(*json.loads(told))
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()
        process.stderr.close()


@pytest.fixture
def bucket(s3_server: S3Server, request: pytest.FixtureRequest) -> str:
    """An empty bucket of the test's own."""
    name = f"centre-{abs(hash(request.node.nodeid)):x}"
    s3_server.client().create_bucket(Bucket=name)
    return name


class Line:
    """A loopback port that hands everything on to the store, or fails to.

    `state` is "up"; "down": whoever calls is hung up on; "silent": the call is taken and never answered;
    a number: so many bytes of an answer pass, then the line is cut.
    """

    def __init__(self, endpoint: str) -> None:
        host, port = endpoint.removeprefix("http://").split(":")
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.state: str | int = "up"
        self.calls = 0
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        self._listener.close()
        self.hang_up()

    def hang_up(self) -> None:
        """Cut whatever is connected."""
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            self.calls += 1
            if self.state == "down":
                caller.close()
                continue
            self._open.append(caller)
            if self.state == "silent":
                continue
            store = socket.create_connection(self._target)
            self._open.append(store)
            threading.Thread(target=self._pass_on, args=(caller, store, None), daemon=True).start()
            room = self.state if isinstance(self.state, int) else None
            threading.Thread(target=self._pass_on, args=(store, caller, room), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, room: int | None) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if room is not None:
                    data, room = data[:room], max(0, room - len(data))
                target.sendall(data)
                if room == 0:
                    break
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def line(s3_server: S3Server) -> Iterator[Line]:
    made = Line(s3_server.endpoint)
    yield made
    made.close()
