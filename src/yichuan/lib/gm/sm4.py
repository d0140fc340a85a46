"""SM4-GCM (GB/T 32907, RFC 8998): single values, and streams of any size in constant memory.

Stream format, version 1:

    header   "YCS" 01, then 32 random bytes of salt
    chunks   SM4-GCM of 64 KiB of plain text each (ciphertext ‖ 16-byte tag); the last holds what is left, 0 to 64 KiB

    subkey ‖ prefix = HKDF-SM3(key, salt, "yichuan sm4-gcm stream 1\\0" ‖ context)    16 + 7 bytes
    nonce           = prefix ‖ chunk index (4 bytes, big endian) ‖ 01 for the last chunk, else 00
    AAD             = header

Every file has its own subkey, so an index never repeats under one key; a chunk moved, dropped, repeated or put after
the end has another nonce and does not open (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár).
"""

import functools
import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from yichuan.lib.gm._libgcrypt import Libgcrypt, loaded
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm3 import kdf

KEY_SIZE = 16
CHUNK_SIZE = 64 * 1024

_NONCE_SIZE = 12
_TAG_SIZE = 16
_MAGIC = b"YCS\x01"
_SALT_SIZE = 32
_HEADER_SIZE = len(_MAGIC) + _SALT_SIZE
_PREFIX_SIZE = 7
_LABEL = b"yichuan sm4-gcm stream 1\0"
_MOST_CHUNKS = 1 << 32
_LARGE = 1024  # from here on libgcrypt is faster, its ten calls included


def new_key() -> bytes:
    """A random SM4 key, 16 bytes."""
    return secrets.token_bytes(KEY_SIZE)


def _check_key(key: bytes) -> None:
    if len(key) != KEY_SIZE:
        raise GmError("key_size", f"key has {len(key)} bytes; an SM4 key has {KEY_SIZE}")


def encrypt_gcm(key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    """SM4-GCM with a nonce of the caller's (12 bytes, never twice under one key): ciphertext ‖ 16-byte tag."""
    _check_key(key)
    if len(plain) >= _LARGE and (fast := _fast()) is not None:
        return fast.encrypt(key, nonce, bytes(plain), aad)
    return _encrypt(key, nonce, plain, aad)


def _encrypt(key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    encryptor = Cipher(SM4(key), GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def decrypt_gcm(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    """The plain text of ciphertext ‖ tag. GmError `sm4_open`: another key, nonce or AAD, or altered bytes."""
    _check_key(key)
    if len(sealed) < _TAG_SIZE:
        raise GmError("sm4_open", f"sealed has {len(sealed)} bytes, fewer than its tag")
    if len(sealed) >= _LARGE and (fast := _fast()) is not None:
        plain = fast.decrypt(key, nonce, bytes(sealed), aad)
    else:
        plain = _decrypt(key, nonce, sealed, aad)
    if plain is None:
        raise GmError("sm4_open", "sealed does not open: another key or context, or altered bytes")
    return plain


def _decrypt(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes | None:
    decryptor = Cipher(SM4(key), GCM(nonce, sealed[-_TAG_SIZE:])).decryptor()
    decryptor.authenticate_additional_data(aad)
    try:
        return decryptor.update(memoryview(sealed)[:-_TAG_SIZE]) + decryptor.finalize()
    except (InvalidTag, ValueError):  # the latter where an earlier call left an error in OpenSSL's queue
        return None


@functools.cache
def _fast() -> Libgcrypt | None:
    """libgcrypt, for what is large; None where it is missing, or its SM4-GCM gives other bytes than OpenSSL's."""
    fast, key, nonce, aad = loaded(), bytes(range(KEY_SIZE)), bytes(range(_NONCE_SIZE)), b"yichuan"
    plain = bytes(range(251)) * 261  # as long as a chunk: the blocks taken together and those left over
    expected = _encrypt(key, nonce, plain, aad)
    try:
        same = fast is not None and (
            fast.encrypt(key, nonce, plain, aad) == expected
            and fast.decrypt(key, nonce, expected, aad) == plain
            and fast.decrypt(key, nonce, expected[:-1] + bytes([expected[-1] ^ 1]), aad) is None
        )
    except GmError:  # where only approved algorithms are allowed SM4 is refused
        same = False
    return fast if same else None


def seal(key16: bytes, plain: bytes, aad: bytes) -> bytes:
    """`plain` encrypted and bound to `aad`, for values that fit in memory: nonce (12 random bytes) ‖ ciphertext ‖ tag.

    At most 2^32 values under one key (random nonces, NIST SP 800-38D 8.3). GmError `key_size`.
    """
    nonce = secrets.token_bytes(_NONCE_SIZE)
    return nonce + encrypt_gcm(key16, nonce, plain, aad)


def open_sealed(key16: bytes, sealed: bytes, aad: bytes) -> bytes:
    """What `seal` put away. GmError: `sm4_open` (another key or aad, or altered), `key_size`."""
    return decrypt_gcm(key16, sealed[:_NONCE_SIZE].ljust(_NONCE_SIZE), sealed[_NONCE_SIZE:], aad)


def encrypt_stream(key16: bytes, chunks: Iterable[bytes], *, context: bytes) -> Iterator[bytes]:
    """`chunks` (of any sizes) encrypted in the stream format above; the pieces given out are to be joined.

    `context` says what the stream is (document, file, use) and must be given again to decrypt. Memory stays at a few
    chunks. A stream holds at most 256 TiB. GmError: `key_size` at once, `stream_too_long` while running.
    """
    _check_key(key16)
    return _encrypted(key16, chunks, context)


def decrypt_stream(key16: bytes, chunks: Iterable[bytes], *, context: bytes) -> Iterator[bytes]:
    """The plain text of a stream, in pieces of at most 64 KiB, each verified before it is given out.

    The end is verified with the last piece: whoever stores the pieces throws all of them away when an error comes.
    GmError: `key_size` at once; while running `stream_header` (not such a stream), `stream_truncated` (whole chunks are
    missing at the end), `stream_altered` (another key or context, or bytes changed, moved, missing or added).
    """
    _check_key(key16)
    return _decrypted(key16, chunks, context)


class _StreamKey:
    """The subkey of one stream and the nonces of its chunks."""

    def __init__(self, key: bytes, header: bytes, context: bytes) -> None:
        material = kdf(key, _LABEL + context, KEY_SIZE + _PREFIX_SIZE, salt=header[len(_MAGIC) :])
        self._subkey, self._prefix = material[:KEY_SIZE], material[KEY_SIZE:]
        self._header = header

    def _nonce(self, index: int, last: bool) -> bytes:
        if index >= _MOST_CHUNKS:
            raise GmError("stream_too_long", "the stream is longer than 256 TiB; split it")
        return self._prefix + index.to_bytes(4, "big") + bytes([last])

    def encrypt(self, index: int, last: bool, plain: bytes) -> bytes:
        return encrypt_gcm(self._subkey, self._nonce(index, last), plain, self._header)

    def decrypt(self, index: int, last: bool, sealed: bytes) -> bytes:
        return decrypt_gcm(self._subkey, self._nonce(index, last), sealed, self._header)

    def opens(self, index: int, last: bool, sealed: bytes) -> bool:
        try:
            self.decrypt(index, last, sealed)
        except GmError:
            return False
        return True


def _encrypted(key: bytes, chunks: Iterable[bytes], context: bytes) -> Iterator[bytes]:
    header = _MAGIC + secrets.token_bytes(_SALT_SIZE)
    stream = _StreamKey(key, header, context)
    yield header
    for index, (block, last) in enumerate(_blocks(chunks, CHUNK_SIZE)):
        yield stream.encrypt(index, last, block)


def _decrypted(key: bytes, chunks: Iterable[bytes], context: bytes) -> Iterator[bytes]:
    source = iter(chunks)
    header, rest = _header(source)
    stream = _StreamKey(key, header, context)
    for index, (block, last) in enumerate(_blocks(_prepended(rest, source), CHUNK_SIZE + _TAG_SIZE)):
        try:
            plain = stream.decrypt(index, last, block)
        except GmError as error:
            if last and stream.opens(index, False, block):
                raise GmError("stream_truncated", f"the stream ends after chunk {index}, before its end") from None
            raise GmError(
                "stream_altered",
                f"chunk {index} does not open: another key or context, or bytes changed, moved, missing or added",
            ) from error
        yield plain


def _header(source: Iterator[bytes]) -> tuple[bytes, memoryview]:
    """The header, and what came with it in the same piece."""
    start = bytearray()
    for chunk in source:
        need = _HEADER_SIZE - len(start)
        start += memoryview(chunk)[:need]
        if len(start) == _HEADER_SIZE:
            if not start.startswith(_MAGIC):
                break
            return bytes(start), memoryview(chunk)[need:]
    raise GmError("stream_header", "the data does not begin as an encrypted stream of version 1")


def _prepended(first: memoryview, rest: Iterator[bytes]) -> Iterator[bytes | memoryview]:
    yield first
    yield from rest


def _blocks(chunks: Iterable[bytes | memoryview], size: int) -> Iterator[tuple[bytes, bool]]:
    """`chunks` cut anew into blocks of `size` with a mark on the last, which alone may be shorter (or empty)."""
    buffer = bytearray()
    for chunk in chunks:
        view = memoryview(chunk)
        while len(view):
            if len(buffer) == size:
                yield bytes(buffer), False
                buffer.clear()
            room = size - len(buffer)
            buffer += view[:room]
            view = view[room:]
    yield bytes(buffer), True
