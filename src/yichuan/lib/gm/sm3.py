"""SM3 (GB/T 32905) with HMAC (RFC 2104) and HKDF (RFC 5869) over it."""

import functools
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from yichuan.lib.gm._libgcrypt import Libgcrypt, RunningSm3, loaded
from yichuan.lib.gm.errors import GmError

DIGEST_SIZE = 32
_LARGE = 16 * 1024  # from here on libgcrypt is faster by a fifth
_EMPTY = hashes.Hash(hashes.SM3())  # a copy of it costs half of what a new one does


class Sm3:
    """SM3 over data that comes in pieces. `digest()` may be asked for at any time and does not end the hash."""

    digest_size = DIGEST_SIZE

    def __init__(self, data: bytes = b"") -> None:
        fast = _fast()  # what comes in pieces is large, or it would come at once
        self._hash: RunningSm3 | hashes.Hash = _EMPTY.copy() if fast is None else fast.running_sm3()
        self.update(data)

    def update(self, data: bytes) -> None:
        """Takes in `data`."""
        self._hash.update(bytes(data))

    def digest(self) -> bytes:
        """The 32 bytes of the hash of everything taken in so far."""
        return self._hash.copy().finalize()


def sm3(data: bytes) -> bytes:
    """The 32 bytes of SM3 over `data`."""
    if len(data) >= _LARGE and (fast := _fast()) is not None:
        return fast.sm3(bytes(data))
    return _sm3(data)


def _sm3(data: bytes) -> bytes:
    state = _EMPTY.copy()
    state.update(data)
    return state.finalize()


@functools.cache
def _fast() -> Libgcrypt | None:
    """libgcrypt, for what is large; None where it is missing, or its SM3 gives another digest than OpenSSL's."""
    fast, data = loaded(), bytes(range(251)) * 70
    try:
        same = fast is not None and fast.sm3(data) == _sm3(data)
    except GmError:  # where only approved algorithms are allowed SM3 is refused
        same = False
    return fast if same else None


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC with SM3, 32 bytes. Compare values with `hmac.compare_digest`."""
    state = hmac.HMAC(key, hashes.SM3())
    state.update(data)
    return state.finalize()


def hmac_sm3_under(key: bytes) -> Callable[[bytes], bytes]:
    """`hmac_sm3` of many data under one key, which is taken in once: a third less work for a short one."""
    keyed = hmac.HMAC(key, hashes.SM3())

    def of(data: bytes) -> bytes:
        state = keyed.copy()
        state.update(data)
        return state.finalize()

    return of


def kdf(key: bytes, info: bytes, length: int, *, salt: bytes = b"") -> bytes:
    """HKDF with SM3: `length` bytes (at most 8160) from a key of full strength, bound to the use that `info` names."""
    return HKDF(algorithm=hashes.SM3(), length=length, salt=salt, info=info).derive(key)
