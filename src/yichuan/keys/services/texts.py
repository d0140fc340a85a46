"""Short texts that rest encrypted in the database: titles and names of attachments.

They are shown in lists of a thousand rows, so they lie under one data key of the centre, which the device unwraps once
a process. What this protects against, and what it does not, stands on the threat page.
"""

import secrets
from functools import cache

from yichuan.common.transactions import require_transaction
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import WrappedKey
from yichuan.keys.services.device import device, unavailable
from yichuan.lib.gm.sm4 import open_sealed, seal

LABEL = "centre:texts"


def open_text_key() -> None:
    """Make the data key, once for the centre. A step."""
    require_transaction()
    device().make_wrapping_key(LABEL)
    WrappedKey.objects.create(label=LABEL, wrapped=device().wrap(LABEL, secrets.token_bytes(16), LABEL.encode()))


def seal_text(text: str, context: str) -> bytes:
    """Encrypt a short text for a column; `context` names the column."""
    return seal(_key(), text.encode(), context.encode())


def open_text(sealed: bytes, context: str) -> str:
    """The text again."""
    return open_sealed(_key(), sealed, context.encode()).decode()


@cache
def _key() -> bytes:
    row = WrappedKey.objects.get(label=LABEL)
    try:
        return device().unwrap(LABEL, bytes(row.wrapped), LABEL.encode())
    except DeviceError as error:
        raise unavailable(error) from error
