"""How secrets of custody rest: under a key of the centre in the device, or under what a custodian types.

Each is bound to its context, so that a share lies only where it was put. Nothing of it is ever logged.
"""

import hashlib
import secrets
import unicodedata

from yichuan.keys.services.wrapping import unwrap_under, wrap_under
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm4 import open_sealed, seal

LABEL = "centre:custody"
SALT_BYTES = 16


class WrongPassword(Exception):
    """What was typed does not open the share."""


def under_device(secret: bytes, context: str) -> bytes:
    """16 bytes wrapped by the device. The key for it is made when it is first needed."""
    return wrap_under(LABEL, secret, context.encode())


def from_device(wrapped: bytes, context: str) -> bytes:
    """The inverse. Raises `Unavailable` where the device fails, or the wrap was made for something else."""
    return unwrap_under(LABEL, wrapped, context.encode())


def under_password(secret: bytes, password: str, context: str) -> bytes:
    """The secret under a password: 16 bytes of salt, then SM4-GCM. Takes about 0.2 s: outside of transactions."""
    salt = secrets.token_bytes(SALT_BYTES)
    return salt + seal(_stretched(password, salt), secret, context.encode())


def from_password(sealed: bytes, password: str, context: str) -> bytes:
    """The inverse; as slow. Raises `WrongPassword`."""
    salt, rest = sealed[:SALT_BYTES], sealed[SALT_BYTES:]
    try:
        return open_sealed(_stretched(password, salt), rest, context.encode())
    except GmError as error:
        raise WrongPassword from error


def _stretched(password: str, salt: bytes) -> bytes:
    """scrypt, 64 MiB; the same characters give the same key, whatever keyboard composed them."""
    said = unicodedata.normalize("NFC", password).encode()
    return hashlib.scrypt(said, salt=salt, n=2**16, r=8, p=1, maxmem=2**27, dklen=16)
