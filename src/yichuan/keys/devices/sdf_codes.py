"""The access codes of an SDF device's prepared key pairs: a file of mode 0600, `index code` a line.

The vendor's tool gives every key pair its code. A code stays in the file while its pair is free or its key has no
password of its own; it is struck out when a password takes its place, and when the key is destroyed.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yichuan.common.secret_files import write_secret
from yichuan.keys.devices.base import DeviceError

_LINE = re.compile(r"([1-9]\d{0,5})[ \t]+([!-~]{8,64})")


class AccessCodes:
    """The codes as they stand in the file now; other processes strike them out too."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def indices(self) -> list[int]:
        """The indices with a code, in their order."""
        return sorted(self._read())

    def of(self, index: int) -> bytes:
        """The code of a key. DeviceError `locked` where the file has none."""
        try:
            return self._read()[index].encode()
        except KeyError:
            raise DeviceError("locked", f"{self._path} has no access code for index {index}; add its line") from None

    def require_writable(self) -> None:
        """DeviceError `failed` where a code could not be struck out later."""
        if not (os.access(self._path, os.W_OK) and os.access(self._path.parent, os.W_OK)):
            raise DeviceError("failed", f"{self._path} cannot be written: a code could not be struck out of it")

    def strike(self, *indices: int) -> None:
        """Take codes out for good."""
        with self._alone():
            kept = self._read()
            left = {index: code for index, code in kept.items() if index not in indices}
            if left != kept:
                write_secret(self._path, "".join(f"{index} {code}\n" for index, code in sorted(left.items())).encode())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _read(self) -> dict[int, str]:
        try:
            if self._path.stat().st_mode & 0o077:
                raise DeviceError("locked", f"{self._path} can be read by others; run: chmod 600 {self._path}")
            lines = self._path.read_text(encoding="ascii").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise DeviceError("locked", f"the access codes cannot be read: {error}") from error
        found: dict[int, str] = {}
        for number, line in enumerate(lines, 1):
            match = _LINE.fullmatch(line.strip())
            if line.strip() and (match is None or int(match[1]) in found):
                raise DeviceError("locked", f"{self._path}, line {number}: write `index code`, each index once")
            if match is not None:
                found[int(match[1])] = match[2]
        return found
