"""The keeper of an opened master key: one process that k operators open each morning, asked by the others of its host.

It listens on a local socket that its own user alone may open. Shares that were given rest in its memory alone until
there are k, for ten minutes at most. One JSON object a line each way:

    {"ask": "state"}                            → {"open": false, "need": 2, "given": ["张三"], "names": [...]}
    {"ask": "share", "index": 1, "share": hex}  → the same, or {"error": code, "message": text}
    {"ask": "master"}                           → {"master": hex}, or {"error": "locked", ...}
"""

import json
import os
import selectors
import socket
import struct
import time
from pathlib import Path
from typing import Any

from yichuan.keys.operators import Operators
from yichuan.keys.shares import ShareError, fits

PATIENCE_SECONDS = 2.0
FORGET_SECONDS = 600.0
MOST_BYTES = 4096


class Agent:
    """Answers within `attend`, in the caller's thread."""

    def __init__(self, path: Path, operators: Operators) -> None:
        """Listen at `path`. OSError: it cannot be, or another one listens there."""
        self._path, self._operators = path, operators
        self._given: dict[int, bytes] = {}
        self._first_at = 0.0
        self._master = b""
        self.opened_by: list[str] = []
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists():
            if asked(path, {"ask": "state"}) is not None:
                raise OSError(f"another `yichuan serve` keeps the master key at {path}")
            path.unlink()
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            self._listening.bind(str(path))
        finally:
            os.umask(before)
        self._listening.listen(16)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listening, selectors.EVENT_READ)

    @property
    def is_open(self) -> bool:
        """Whether k operators have opened it."""
        return bool(self._master)

    def give(self, index: int, share: bytes) -> None:
        """Take a share in; the k-th opens. ShareError: it is none of this split."""
        if self.is_open:
            return
        if not fits(index, share, self._operators.check):
            raise ShareError("wrong_share", f"share {index} belongs to another split", [index])
        if not self._given or time.monotonic() - self._first_at > FORGET_SECONDS:
            self._given, self._first_at = {}, time.monotonic()
        given = {**self._given, index: share}
        if len(given) >= self._operators.need:
            self._master = self._operators.master(given)
            self.opened_by = [self._operators.names[each - 1] for each in sorted(given)]
            given = {}
        self._given = given

    def attend(self, seconds: float) -> None:
        """Answer who asks, for `seconds`."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._selector.select(left):
                connection, _ = self._listening.accept()
                with connection:
                    self._serve(connection)

    def close(self) -> None:
        """Forget everything and listen no more."""
        self._master, self._given = b"", {}
        self._selector.close()
        self._listening.close()
        self._path.unlink(missing_ok=True)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE_SECONDS)
        try:
            if _user_of(connection) not in (os.getuid(), 0):
                return
            connection.sendall(_line(self._answer(_read(connection))))
        except (OSError, ValueError, KeyError, TypeError):
            return  # whoever asks like that gets no answer

    def _answer(self, asking: dict[str, Any]) -> dict[str, Any]:
        if asking["ask"] == "master":
            if not self.is_open:
                return {"error": "locked", "message": self.words()}
            return {"master": self._master.hex()}
        if asking["ask"] == "share":
            try:
                self.give(int(asking["index"]), bytes.fromhex(asking["share"]))
            except ShareError as error:
                return {"error": error.code, "message": str(error)}
        given = [self._operators.names[index - 1] for index in sorted(self._given)]
        return {"open": self.is_open, "need": self._operators.need, "given": given, "names": self._operators.names}

    def words(self) -> str:
        """How it stands, in a line."""
        return f"{self._operators.need} 位值守人中已有 {len(self._given)} 位给出份额，请运行：yichuan unlock"


def asked(path: Path, asking: dict[str, Any]) -> dict[str, Any] | None:
    """What the agent at `path` answers; None where nobody listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(PATIENCE_SECONDS * 5)
        try:
            connection.connect(str(path))
            connection.sendall(_line(asking))
            return _read(connection)
        except (OSError, ValueError):
            return None


def _user_of(connection: socket.socket) -> int:
    size = struct.calcsize("3i")
    _, user, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return int(user)


def _read(connection: socket.socket) -> dict[str, Any]:
    text = b""
    while not text.endswith(b"\n"):
        piece = connection.recv(MOST_BYTES)
        text += piece
        if not piece or len(text) > MOST_BYTES:
            raise ValueError("no whole line")
    told = json.loads(text)
    if not isinstance(told, dict):
        raise ValueError("no object")
    return told


def _line(told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode() + b"\n"
