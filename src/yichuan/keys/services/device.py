"""The centre's key device, from `YICHUAN_KEYS_URL`.

`soft:///path/master.key` takes the master key from a file (mode 0600, made at the first start; keep it outside the data
folder). `soft-password:///path/salt` derives it from the operator's password in `YICHUAN_MASTER_PASSWORD`.
"""

import contextlib
import os
import secrets
from functools import cache
from pathlib import Path
from urllib.parse import urlparse

from django.conf import settings

from yichuan.common.errors import Unavailable
from yichuan.keys.devices.base import DeviceError, KeyDevice
from yichuan.keys.devices.soft import SoftDevice, master_from_password

MASTER_BYTES = 32


@cache
def device() -> KeyDevice:
    """The device of this process. Raises `DeviceError` with what to mend where it cannot be opened."""
    address = urlparse(settings.YICHUAN_KEYS_URL)
    path = Path(address.path)
    if address.scheme == "soft":
        return SoftDevice(_kept(path))
    if address.scheme == "soft-password":
        password = os.environ.get("YICHUAN_MASTER_PASSWORD", "")
        if not password:
            raise DeviceError("locked", "YICHUAN_MASTER_PASSWORD is empty: the device stays locked")
        return SoftDevice(master_from_password(password, _kept(path)))
    raise DeviceError("failed", f"YICHUAN_KEYS_URL: unknown device {address.scheme!r}; use soft or soft-password")


def _kept(path: Path) -> bytes:
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise DeviceError("locked", f"{path} can be read by others; run: chmod 600 {path}")
    kept = path.read_bytes()
    if len(kept) != MASTER_BYTES:
        raise DeviceError(
            "locked", f"{path} has {len(kept)} bytes instead of {MASTER_BYTES}; restore it from its backup"
        )
    return kept


def _make(path: Path) -> None:
    """Write the whole secret first, then give it its name: no process ever sees half of it, and the first one wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    arriving = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(MASTER_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(arriving, path)
    finally:
        arriving.unlink(missing_ok=True)


def unavailable(error: DeviceError) -> Unavailable:
    """A device's failure as a person reads it."""
    return Unavailable(f"device_{error.code}", "密码设备不可用，没有执行任何操作。请告知运行管理员，恢复后再试。")
