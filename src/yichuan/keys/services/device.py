"""The centre's key device, from `YICHUAN_KEYS_URL`.

`soft:///path/master.key` takes the master key from a file (mode 0600, made at the first start; keep it outside the data
folder). `soft-password:///path/salt` derives it from the operator's password in `YICHUAN_MASTER_PASSWORD`.
"""

import os
from functools import cache
from pathlib import Path
from urllib.parse import urlparse

from django.conf import settings
from django.db import connection

from yichuan.common.errors import Unavailable
from yichuan.common.secret_files import SecretFileError, kept_secret
from yichuan.keys.devices.base import DeviceError, KeyDevice
from yichuan.keys.devices.soft import SoftDevice, master_from_password
from yichuan.keys.models import SoftKey


@cache
def device() -> KeyDevice:
    """The device of this process. Raises `DeviceError` with what to mend where it cannot be opened."""
    address = urlparse(settings.YICHUAN_KEYS_URL)
    path = Path(address.path)
    if address.scheme == "soft":
        return SoftDevice(_master(path))
    if address.scheme == "soft-password":
        password = os.environ.get("YICHUAN_MASTER_PASSWORD", "")
        if not password:
            raise DeviceError("locked", "YICHUAN_MASTER_PASSWORD is empty: the device stays locked")
        return SoftDevice(master_from_password(password, _master(path)))
    raise DeviceError("failed", f"YICHUAN_KEYS_URL: unknown device {address.scheme!r}; use soft or soft-password")


def _master(path: Path) -> bytes:
    """The master secret. Never made anew beside keys that another one protects."""
    if not path.exists() and _has_keys():
        raise DeviceError(
            "locked", f"{path} is missing, but the database holds keys under it; restore it from its backup"
        )
    try:
        return kept_secret(path)
    except SecretFileError as error:
        raise DeviceError("locked", str(error)) from error


def _has_keys() -> bool:
    return SoftKey._meta.db_table in connection.introspection.table_names() and SoftKey.objects.exists()


def unavailable(error: DeviceError) -> Unavailable:
    """A device's failure as a person reads it."""
    return Unavailable(f"device_{error.code}", "密码设备不可用，没有执行任何操作。请告知运行管理员，恢复后再试。")
