"""How secrets of custody rest: under a key of the centre in the device, or under what a custodian types.

Each is bound to its context, so that a share lies only where it was put. Nothing of it is ever logged.

A custodian's share is opened seldom and lies under scrypt. A verification seal is opened at every print and lies under
Argon2id, as the passwords of logins do; what lies under it begins with its mark, which names the function whole: when
logins ask for more one day, what was sealed before still opens.
"""

import hashlib
import secrets
import unicodedata

from argon2 import low_level

from yichuan.keys.services.wrapping import unwrap_under, wrap_under
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm4 import open_sealed, seal

LABEL = "centre:custody"
SALT_BYTES = 16
ARGON2ID = b"argon2id 19456 2 1:"
"""The mark: KiB, passes, lanes. No salt of scrypt begins so but once in 2^152."""


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


def under_password_asked_often(secret: bytes, password: str, context: str) -> bytes:
    """`under_password` behind the mark of Argon2id: about 40 ms."""
    salt = secrets.token_bytes(SALT_BYTES)
    return ARGON2ID + salt + seal(_stretched_quicker(password, salt), secret, context.encode())


def quick_to_open(sealed: bytes) -> bool:
    """Whether it lies under Argon2id already."""
    return sealed.startswith(ARGON2ID)


def from_password(sealed: bytes, password: str, context: str) -> bytes:
    """The inverse of both; each as slow as its own. Raises `WrongPassword`."""
    stretched = _stretched_quicker if quick_to_open(sealed) else _stretched
    sealed = sealed.removeprefix(ARGON2ID)
    salt, rest = sealed[:SALT_BYTES], sealed[SALT_BYTES:]
    try:
        return open_sealed(stretched(password, salt), rest, context.encode())
    except GmError as error:
        raise WrongPassword from error


def _stretched(password: str, salt: bytes) -> bytes:
    """scrypt, 64 MiB."""
    return hashlib.scrypt(_typed(password), salt=salt, n=2**16, r=8, p=1, maxmem=2**27, dklen=16)


def _stretched_quicker(password: str, salt: bytes) -> bytes:
    """Argon2id (RFC 9106), 19 MiB, two passes, one lane: the least that OWASP advises."""
    return low_level.hash_secret_raw(
        _typed(password), salt, time_cost=2, memory_cost=19456, parallelism=1, hash_len=16, type=low_level.Type.ID
    )


def _typed(password: str) -> bytes:
    """The same characters give the same key, whatever keyboard composed them."""
    return unicodedata.normalize("NFC", password).encode()
