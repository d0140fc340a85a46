"""Sealed storage: every file of a document rests encrypted under the document's key, from its first line on.

A file gets its own subkey (random salt in the stream's header) and is bound to its context, so that files of one
document cannot be exchanged for one another, nor for another document's (architecture, "the threat page").
"""

import secrets
from collections.abc import Iterable, Iterator

from yichuan.common import blobs
from yichuan.common.errors import Unavailable
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm4 import decrypt_stream, encrypt_stream

KEY_BYTES = 16


def new_key() -> bytes:
    """A fresh document key: 16 bytes, SM4."""
    return secrets.token_bytes(KEY_BYTES)


def write(key: bytes, context: str, chunks: Iterable[bytes]) -> str:
    """Encrypt and store; returns the blob's name. File work: never while locks are held."""
    return blobs.store().put(encrypt_stream(key, chunks, context=context.encode()))


def read(key: bytes, context: str, name: str) -> Iterator[bytes]:
    """The plain chunks of a stored file. Raises `Unavailable` where it was altered on the disk."""
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
