"""Sealed storage: every file of a document rests encrypted under the document's key, from its first line on.

A file gets its own subkey (random salt in the stream's header) and is bound to its context, so that files of one
document cannot be exchanged for one another, nor for another document's (architecture, "the threat page").
"""

import secrets
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from yichuan.common import blobs, memory
from yichuan.common.errors import Unavailable
from yichuan.common.shelf import Shelf
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm3 import DIGEST_SIZE, hmac_sm3, sm3
from yichuan.lib.gm.sm4 import decrypt_stream, encrypt_stream

KEY_BYTES = 16
LOST = frozenset(("blob_altered", "blob_missing"))
"""Codes that say of a stored file that it does not read any more; any other, that the store is away for a while."""
MOST_REMEMBERED = 8 * 1024 * 1024
_shelf = Shelf("bodies", cells=48, cell_bytes=2 * 1024 * 1024)


@dataclass(frozen=True)
class Whole:
    """A stored file in memory: its bytes with their SM3 in hex."""

    data: bytes = field(repr=False)
    digest: str

    def __sizeof__(self) -> int:  # by which `memory` is bounded
        return sys.getsizeof(self.data) + sys.getsizeof(self.digest)


def new_key() -> bytes:
    """A fresh document key: 16 bytes, SM4."""
    return secrets.token_bytes(KEY_BYTES)


def write(key: bytes, context: str, chunks: Iterable[bytes]) -> str:
    """Encrypt and store; returns the blob's name. File work: never while locks are held."""
    return blobs.store().put(encrypt_stream(key, chunks, context=context.encode()))


def read(key: bytes, context: str, name: str) -> Iterator[bytes]:
    """The plain chunks of a stored file. Raises `Unavailable`: of a code in `LOST` where it was altered on
    the disk or is gone, of another where the store does not answer."""
    try:
        yield from decrypt_stream(key, blobs.store().read(name), context=context.encode())
    except GmError as error:
        raise Unavailable("blob_altered", "这件公文在存储里被改动或损坏，不能打开。请立即告知运行管理员。") from error


def write_bytes(key: bytes, context: str, data: bytes) -> str:
    """`write` for something held in memory."""
    return write(key, context, [data])


def read_bytes(key: bytes, context: str, name: str) -> bytes:
    """`read`, joined. Only for bodies whose size was bounded when they came in."""
    return b"".join(read(key, context, name))


def write_whole(key: bytes, context: str, whole: Whole) -> str:
    """`write_bytes` of what is read again soon: the page processes remember it as `read_whole` would find it.

    What is large would push out many others before anybody asks for it: it is opened when it is read.
    """
    name = write_bytes(key, context, whole.data)
    if len(whole.data) <= MOST_REMEMBERED:
        under = _under(key, context, name)
        memory.remember(under, lambda: whole)
        _put(under, whole)
    return name


def read_whole(key: bytes, context: str, name: str) -> Whole:
    """`read_bytes`, opened and digested once for all who read it.

    Who has the key has the file: it is remembered under a name that the key itself makes (HMAC), which each reader
    must have got out of a box of its own. The digest is of these very bytes, never of what the store held another time.
    """
    under = _under(key, context, name)

    def read_now() -> Whole:
        found = _shelf.get(under)
        if found is not None:
            return Whole(found[DIGEST_SIZE:], found[:DIGEST_SIZE].hex())
        data = read_bytes(key, context, name)
        whole = Whole(data, sm3(data).hex())
        _put(under, whole)
        return whole

    return memory.remember(under, read_now)


def _put(under: bytes, whole: Whole) -> None:
    _shelf.put(under, bytes.fromhex(whole.digest), whole.data)


def _under(key: bytes, context: str, name: str) -> bytes:
    return hmac_sm3(key, f"whole:{context}:{name}".encode())
