"""The key under which the centre marks entries of the log, so that who writes into the database alone is seen.

A data key of the centre, wrapped under a key of the device, made with the centre.
"""

import secrets
from collections.abc import Iterator

from yichuan.audit.faults import Fault, FaultKind
from yichuan.audit.models import Entry
from yichuan.common.errors import Unavailable
from yichuan.common.transactions import require_transaction
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import WrappedKey
from yichuan.keys.services.device import device
from yichuan.keys.services.wrapping import unwrap_under, wrap_under

LABEL = "centre:log"
KEY_BYTES = 16
_opened: list[bytes] = []
"""The key, once this process has it."""


def log_key() -> bytes | None:
    """The key, 16 bytes; None where there is none yet, or the device is closed: an entry then goes without a mark.

    The first call of a process asks the device, later ones nobody.
    """
    if not _opened:
        row = WrappedKey.objects.filter(label=LABEL).first()
        if row is None:
            return None
        try:
            _opened.append(unwrap_under(LABEL, bytes(row.wrapped), LABEL.encode()))
        except Unavailable:
            return None
    return _opened[0]


def log_key_faults() -> Iterator[Fault]:
    """A key that somebody took away or altered, which is no closed device (`YICHUAN_LOG_WITNESSES`)."""
    row = WrappedKey.objects.filter(label=LABEL).first()
    lost = row is None and Entry.objects.filter(mark__isnull=False).exists()
    if row is not None:
        try:
            device().unwrap(LABEL, bytes(row.wrapped), LABEL.encode())
        except DeviceError as error:
            lost = error.code in ("wrong_context", "no_such_key")
    if lost:
        said = "日志标记的密钥在数据库里被删除或改动：标记无法核对，新写入的记录也会没有标记。"
        yield Fault(FaultKind.WITNESS, said)


def has_log_key() -> bool:
    """Whether the centre has one."""
    return bool(_opened) or WrappedKey.objects.filter(label=LABEL).exists()


def make_log_key() -> None:
    """Make it where there is none. A step."""
    require_transaction()
    if not has_log_key():
        wrapped = wrap_under(LABEL, secrets.token_bytes(KEY_BYTES), LABEL.encode())
        WrappedKey.objects.create(label=LABEL, wrapped=wrapped)


def forget_log_key() -> None:
    """Ask anew at the next entry: the database is another one."""
    _opened.clear()
