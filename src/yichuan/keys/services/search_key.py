"""The key under which words are put into the search: a data key of the centre, wrapped under a key of the device.

It is another one than that of the short texts, so that neither opens what the other protects.
"""

import secrets
from functools import cache

from yichuan.keys.models import WrappedKey
from yichuan.keys.services.wrapping import unwrap_under, wrap_under

LABEL = "centre:search"
KEY_BYTES = 16


def search_key() -> bytes:
    """The key, 16 bytes; made at first need, once for the centre. Device work: never while locks are held.

    Raises Unavailable.
    """
    row = WrappedKey.objects.filter(label=LABEL).first() or _make()
    return _opened(bytes(row.wrapped))


def _make() -> WrappedKey:
    """Of two processes that make it at the same moment, one's stays."""
    wrapped = wrap_under(LABEL, secrets.token_bytes(KEY_BYTES), LABEL.encode())
    return WrappedKey.objects.get_or_create(label=LABEL, defaults={"wrapped": wrapped})[0]


@cache
def _opened(wrapped: bytes) -> bytes:
    return unwrap_under(LABEL, wrapped, LABEL.encode())
