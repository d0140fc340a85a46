"""The centre's key devices, from `YICHUAN_KEYS_URL` and `YICHUAN_P256_KEYS_URL` (docs/devices.md).

    soft:///path/master.key                 keys in the database; the master key in a file, made at the first start
    soft-password:///path/salt              the same; master key from the operator's password, YICHUAN_MASTER_PASSWORD
    soft-shares:///path/operators.json      the same; master key under the passwords of k of n operators
    pkcs11:///path/library.so?token=NAME    a PKCS#11 token; its PIN in YICHUAN_KEYS_PIN or YICHUAN_KEYS_PIN_FILE
    sdf:///path/libsdf.so?codes=/path       a device of GM/T 0018

The second setting names another device for keys on P-256, which sign PDF; without it the first holds those too.
"""

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from urllib.parse import ParseResult, parse_qs, urlparse

from django.conf import settings

from yichuan.common.errors import Unavailable
from yichuan.common.secret_files import SecretFileError, given_secret, kept_secret
from yichuan.keys.agent import asked
from yichuan.keys.devices.base import DeviceError, KeyDevice
from yichuan.keys.devices.soft import SoftDevice, holds_keys, master_from_password

SCHEMES = ("soft", "soft-password", "soft-shares", "pkcs11", "sdf")
_given: list[bytes] = []
"""The master key that operators opened in this process."""


@cache
def device() -> KeyDevice:
    """The device of this process. Raises `DeviceError` with what to mend where it cannot be opened."""
    return _opened("YICHUAN_KEYS")


def p256_device() -> KeyDevice:
    """The device that holds the keys on P-256. As `device`."""
    return _second_device() if settings.YICHUAN_P256_KEYS_URL else device()


@cache
def _second_device() -> KeyDevice:
    return _opened("YICHUAN_P256_KEYS")


def _opened(name: str) -> KeyDevice:
    address = urlparse(getattr(settings, f"{name}_URL"))
    path = Path(address.path)
    if address.scheme == "soft":
        return SoftDevice(_master(path))
    if address.scheme == "soft-password":
        password = os.environ.get("YICHUAN_MASTER_PASSWORD", "")
        if not password:
            raise DeviceError("locked", "YICHUAN_MASTER_PASSWORD is empty: the device stays locked")
        return SoftDevice(master_from_password(password, _master(path)))
    if address.scheme == "soft-shares":
        return SoftDevice(_master_of_operators())
    if address.scheme == "pkcs11":
        return _token(name, address)
    if address.scheme == "sdf":
        from yichuan.keys.devices.sdf import open_sdf

        return open_sdf(address)
    raise DeviceError("failed", f"{name}_URL: unknown device {address.scheme!r}; there are {', '.join(SCHEMES)}")


def agent_path() -> Path:
    """Where the process that operators opened answers the others."""
    return Path(settings.HOME) / "unlock.sock"


def give_master(master: bytes) -> None:
    """Operators opened the master key in this process, which is none of `yichuan serve`."""
    _given[:] = [master]
    device.cache_clear()


def _master_of_operators() -> bytes:
    if _given:
        return _given[0]
    told = asked(agent_path(), {"ask": "master"})
    if told is None:
        raise DeviceError("locked", "nobody keeps the operators' master key open here; start: yichuan serve")
    if "master" not in told:
        raise DeviceError("locked", str(told["message"]))
    return bytes.fromhex(told["master"])


def _token(name: str, address: ParseResult) -> KeyDevice:
    from yichuan.keys.devices.pkcs11 import AT_ONCE, SECONDS, Pkcs11Device

    said = {key: values[-1] for key, values in parse_qs(address.query).items()}
    if "pin" in said:
        raise DeviceError(
            "failed", f"take the PIN out of {name}_URL, which logs may show; it goes into {name}_PIN_FILE"
        )
    try:
        seconds, at_once = float(said.get("seconds", SECONDS)), int(said.get("at_once", AT_ONCE))
        return Pkcs11Device(Path(address.path), said["token"], _pin(name), seconds=seconds, at_once=at_once)
    except (KeyError, ValueError) as error:
        raise DeviceError("failed", f"{name}_URL: write pkcs11:///path/library.so?token=NAME") from error


def _pin(name: str) -> str:
    try:
        return given_secret(f"{name}_PIN")
    except SecretFileError as error:
        raise DeviceError("locked", f"no PIN: {error}") from error


def _master(path: Path) -> bytes:
    """The master secret. Never made anew beside keys that another one protects."""
    if not path.exists() and holds_keys():
        raise DeviceError(
            "locked", f"{path} is missing, but the database holds keys under it; restore it from its backup"
        )
    try:
        return kept_secret(path)
    except SecretFileError as error:
        raise DeviceError("locked", str(error)) from error


def look_ahead(labels: Iterable[str]) -> None:
    """Say which wrapping keys are used next: the soft device reads them at once, the others hold theirs themselves.

    For many boxes; without it nothing is different but the time. Raises `Unavailable`.
    """
    try:
        device().look_ahead(labels)
    except DeviceError as error:
        raise unavailable(error) from error


def unavailable(error: DeviceError) -> Unavailable:
    """A device's failure as a person reads it."""
    return Unavailable(f"device_{error.code}", "密码设备不可用，没有执行任何操作。请告知运行管理员，恢复后再试。")
