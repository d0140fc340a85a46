"""Archives that are made while they are sent: nothing of them rests anywhere."""

import io
import re
from datetime import datetime

from django.utils.timezone import localtime

from yichuan.common import profile


class Outlet(io.RawIOBase):
    """Where an archive is written to: kept only until it is taken on."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """It takes bytes, and cannot go back: the archive is written for a stream."""
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        """Keep what is written."""
        self._parts.append(bytes(data))
        return len(self._parts[-1])

    def taken(self) -> bytes:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def moment_in_full(at: datetime | None) -> str:
    """A time as a table keeps it, in the centre's zone; "" where there is none."""
    return f"{localtime(at, profile.current().zone):%Y-%m-%d %H:%M:%S}" if at else ""


def safe_name(name: str) -> str:
    """A name as every system can keep it."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]', "_", name).strip(" .")[:80] or "_"
