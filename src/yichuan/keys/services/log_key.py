"""The key under which the centre marks entries of the log, so that who writes into the database alone is seen.

A data key of the centre, wrapped under a key of the device, made with the centre.
"""

import secrets

from yichuan.common.errors import Unavailable
from yichuan.common.transactions import require_transaction
from yichuan.keys.models import WrappedKey
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
