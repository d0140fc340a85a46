"""The only place that talks to the system's libcrypto 3: SM2 keys as owned handles.

`cryptography` has no SM2, and the pure Python packages are fifty times slower and partly unsafe.

Rules kept here so that nobody else has to think of them:

* every return code is checked, and OpenSSL's error queue (one a thread) is left empty;
* a context lives for one call, so a `Key` may be used by many threads at once;
* nothing is locked, so a fork at any moment leaves the child in order (libcrypto reseeds its generator by itself);
* a `Key` frees its EVP_PKEY when it goes.
"""

import ctypes
import functools
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import byref, c_char_p, c_int, c_long, c_size_t, c_ulong, c_void_p
from typing import Self

from yichuan.lib.gm.errors import GmError

_BYTES_OUT, _SIZE_OUT = ctypes.POINTER(c_void_p), ctypes.POINTER(c_size_t)

# name: (result, *arguments)
_PROTOTYPES: dict[str, tuple[object, ...]] = {
    "CRYPTO_clear_free": (None, c_void_p, c_size_t, c_char_p, c_int),
    "ERR_clear_error": (None,),
    "ERR_error_string_n": (None, c_ulong, c_char_p, c_size_t),
    "ERR_get_error": (c_ulong,),
    "EVP_DigestSign": (c_int, c_void_p, c_char_p, _SIZE_OUT, c_char_p, c_size_t),
    "EVP_DigestSignInit": (c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    "EVP_DigestVerify": (c_int, c_void_p, c_char_p, c_size_t, c_char_p, c_size_t),
    "EVP_DigestVerifyInit": (c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    "EVP_MD_CTX_free": (None, c_void_p),
    "EVP_MD_CTX_new": (c_void_p,),
    "EVP_MD_CTX_set_pkey_ctx": (None, c_void_p, c_void_p),
    "EVP_MD_fetch": (c_void_p, c_void_p, c_char_p, c_char_p),
    "EVP_PKCS82PKEY": (c_void_p, c_void_p),
    "EVP_PKEY2PKCS8": (c_void_p, c_void_p),
    "EVP_PKEY_CTX_free": (None, c_void_p),
    "EVP_PKEY_CTX_new": (c_void_p, c_void_p, c_void_p),
    "EVP_PKEY_CTX_new_from_name": (c_void_p, c_void_p, c_char_p, c_char_p),
    "EVP_PKEY_CTX_set1_id": (c_int, c_void_p, c_char_p, c_int),
    "EVP_PKEY_decrypt": (c_int, c_void_p, c_char_p, _SIZE_OUT, c_char_p, c_size_t),
    "EVP_PKEY_decrypt_init": (c_int, c_void_p),
    "EVP_PKEY_encrypt": (c_int, c_void_p, c_char_p, _SIZE_OUT, c_char_p, c_size_t),
    "EVP_PKEY_encrypt_init": (c_int, c_void_p),
    "EVP_PKEY_free": (None, c_void_p),
    "EVP_PKEY_generate": (c_int, c_void_p, _BYTES_OUT),
    "EVP_PKEY_is_a": (c_int, c_void_p, c_char_p),
    "EVP_PKEY_keygen_init": (c_int, c_void_p),
    "EVP_PKEY_pairwise_check": (c_int, c_void_p),
    "EVP_PKEY_set_utf8_string_param": (c_int, c_void_p, c_char_p, c_char_p),
    "EVP_aes_256_cbc": (c_void_p,),
    "PKCS5_pbe2_set_iv": (c_void_p, c_void_p, c_int, c_char_p, c_int, c_char_p, c_int),
    "PKCS8_PRIV_KEY_INFO_free": (None, c_void_p),
    "PKCS8_decrypt": (c_void_p, c_void_p, c_char_p, c_int),
    "PKCS8_set0_pbe": (c_void_p, c_char_p, c_int, c_void_p, c_void_p),
    "X509_SIG_free": (None, c_void_p),
    "d2i_AutoPrivateKey": (c_void_p, c_void_p, _BYTES_OUT, c_long),
    "d2i_PUBKEY": (c_void_p, c_void_p, _BYTES_OUT, c_long),
    "d2i_X509_SIG": (c_void_p, c_void_p, _BYTES_OUT, c_long),
    "i2d_PKCS8_PRIV_KEY_INFO": (c_int, c_void_p, _BYTES_OUT),
    "i2d_PUBKEY": (c_int, c_void_p, _BYTES_OUT),
    "i2d_X509_SIG": (c_int, c_void_p, _BYTES_OUT),
}

_SIGNATURE_ROOM = 80  # a DER SEQUENCE of two 33-byte INTEGERs takes 72
_PBKDF2_ROUNDS = 600_000
_NID_HMAC_WITH_SHA256 = 799


@functools.cache
def library() -> ctypes.CDLL:
    """libcrypto.so.3 with its prototypes set. GmError `libcrypto_missing` where the system has none."""
    try:
        lib = ctypes.CDLL("libcrypto.so.3")
        for name, (result, *arguments) in _PROTOTYPES.items():
            function = getattr(lib, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise GmError(
            "libcrypto_missing", f"OpenSSL 3 cannot be used ({error}); install the system package libssl3"
        ) from error
    return lib


@functools.cache
def _sm3() -> int:
    digest: int | None = library().EVP_MD_fetch(None, b"SM3", None)
    if not digest:
        raise failure("sm3_missing", "this libcrypto was built without SM3; use a build with SM2, SM3 and SM4")
    return digest


def failure(code: str, message: str) -> GmError:
    """A GmError carrying OpenSSL's own reasons; empties this thread's error queue."""
    lib, reasons = library(), []
    text = ctypes.create_string_buffer(256)
    while number := lib.ERR_get_error():
        lib.ERR_error_string_n(number, text, len(text))
        reasons.append(text.value.decode("ascii", "replace"))
    return GmError(code, f"{message} [{'; '.join(reasons)}]" if reasons else message)


def _encoded(encode: Callable[..., int], handle: int) -> bytes:
    """The DER that an i2d function writes. The library's copy is wiped, as it may be a private key."""
    lib, out = library(), c_void_p()
    size = encode(handle, byref(out))
    if size <= 0 or not out.value:
        raise failure("encoding", "the key could not be encoded")
    try:
        return ctypes.string_at(out.value, size)
    finally:
        lib.CRYPTO_clear_free(out, size, None, 0)


def _decoded(decode: Callable[..., int | None], der: bytes, code: str, message: str) -> int:
    """The object that a d2i function reads; bytes left over are refused. The caller frees it."""
    buffer = ctypes.create_string_buffer(der, len(der))
    start = ctypes.addressof(buffer)
    position = c_void_p(start)
    library().ERR_clear_error()
    handle = decode(None, byref(position), len(der))
    if not handle:
        raise failure(code, message)
    if position.value != start + len(der):
        free = library().X509_SIG_free if decode is library().d2i_X509_SIG else library().EVP_PKEY_free
        free(handle)
        raise GmError(code, f"{message}: bytes follow its end")
    return handle


class Key:
    """One EVP_PKEY of type SM2, private or public only."""

    def __init__(self, handle: int) -> None:
        """Takes ownership of `handle`; frees it and raises `not_sm2` when it is a key of another kind."""
        lib = library()
        self._free = lib.EVP_PKEY_free
        self._handle = handle
        if lib.EVP_PKEY_is_a(handle, b"SM2") != 1:
            raise GmError("not_sm2", "the key is not on the SM2 curve (1.2.156.10197.1.301); use an SM2 key")

    def __del__(self) -> None:
        if handle := getattr(self, "_handle", None):
            self._handle = 0
            self._free(handle)

    @classmethod
    def generate(cls) -> Self:
        lib = library()
        context = lib.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)
        if not context:
            raise failure("sm2_missing", "this libcrypto was built without SM2; use a build with SM2, SM3 and SM4")
        try:
            key = c_void_p()
            done = lib.EVP_PKEY_keygen_init(context) == 1 and lib.EVP_PKEY_generate(context, byref(key)) == 1
        finally:
            lib.EVP_PKEY_CTX_free(context)
        if not done or not key.value:
            raise failure("sm2_keygen", "no SM2 key could be made")
        return cls(key.value)

    @classmethod
    def from_public_der(cls, spki: bytes) -> Self:
        key = cls(_decoded(library().d2i_PUBKEY, spki, "bad_public_key", "the public key is not a valid SPKI of SM2"))
        if library().EVP_PKEY_set_utf8_string_param(key._handle, b"point-format", b"uncompressed") != 1:
            raise failure("bad_public_key", "the public key's point cannot be written uncompressed")
        return key

    @classmethod
    def from_private_der(cls, der: bytes) -> Self:
        message = "the private key is neither PKCS#8 nor SEC1 of SM2"
        return cls(_decoded(library().d2i_AutoPrivateKey, der, "bad_private_key", message))._paired()

    @classmethod
    def from_encrypted_der(cls, der: bytes, password: bytes) -> Self:
        """PKCS#8 EncryptedPrivateKeyInfo; a wrong password is `wrong_password`."""
        lib = library()
        sealed = _decoded(lib.d2i_X509_SIG, der, "bad_private_key", "the private key is not encrypted PKCS#8")
        try:
            plain = lib.PKCS8_decrypt(sealed, password, len(password))
        finally:
            lib.X509_SIG_free(sealed)
        if not plain:
            raise failure("wrong_password", "the private key does not open; check its password")
        try:
            handle = lib.EVP_PKCS82PKEY(plain)
        finally:
            lib.PKCS8_PRIV_KEY_INFO_free(plain)
        if not handle:
            raise failure("bad_private_key", "the private key is not a PKCS#8 key of SM2")
        return cls(handle)._paired()

    def _paired(self) -> Self:
        """OpenSSL believes the public half written beside a private key; a false one would leak or confuse."""
        with self._context() as context:
            if library().EVP_PKEY_pairwise_check(context) != 1:
                raise failure("bad_private_key", "the private key and the public key beside it do not belong together")
        return self

    def public_der(self) -> bytes:
        return _encoded(library().i2d_PUBKEY, self._handle)

    def private_der(self) -> bytes:
        with self._pkcs8() as info:
            return _encoded(library().i2d_PKCS8_PRIV_KEY_INFO, info)

    def encrypted_der(self, password: bytes) -> bytes:
        """PKCS#8 under PBES2: AES-256-CBC, PBKDF2 with HMAC-SHA-256 (what every tool reads), 600,000 rounds."""
        lib = library()
        salt = secrets.token_bytes(16)
        scheme = lib.PKCS5_pbe2_set_iv(
            lib.EVP_aes_256_cbc(), _PBKDF2_ROUNDS, salt, len(salt), None, _NID_HMAC_WITH_SHA256
        )
        with self._pkcs8() as info:
            sealed = scheme and lib.PKCS8_set0_pbe(password, len(password), info, scheme)
            if not sealed:
                raise failure("encoding", "the private key could not be encrypted")
            try:
                return _encoded(lib.i2d_X509_SIG, sealed)
            finally:
                lib.X509_SIG_free(sealed)

    @contextmanager
    def _pkcs8(self) -> Iterator[int]:
        lib = library()
        info = lib.EVP_PKEY2PKCS8(self._handle)
        if not info:
            raise failure("encoding", "the private key could not be encoded")
        try:
            yield info
        finally:
            lib.PKCS8_PRIV_KEY_INFO_free(info)

    @contextmanager
    def _context(self) -> Iterator[int]:
        lib = library()
        lib.ERR_clear_error()
        context = lib.EVP_PKEY_CTX_new(self._handle, None)
        if not context:
            raise failure("sm2_context", "the SM2 key cannot be used")
        try:
            yield context
        finally:
            lib.EVP_PKEY_CTX_free(context)

    @contextmanager
    def _digest_context(self, init: Callable[..., int], user_id: bytes) -> Iterator[int]:
        # OpenSSL 3.0 has no default user id: without set1_id it signs over an empty one.
        lib = library()
        with self._context() as context:
            digest = lib.EVP_MD_CTX_new()
            if not digest:
                raise failure("sm2_context", "no digest context")
            try:
                if lib.EVP_PKEY_CTX_set1_id(context, user_id, len(user_id)) != 1:
                    raise failure("user_id", "the SM2 user id cannot be used")
                lib.EVP_MD_CTX_set_pkey_ctx(digest, context)
                if init(digest, None, _sm3(), None, self._handle) != 1:
                    raise failure("sm2_context", "SM2 with SM3 is not available in this libcrypto")
                yield digest
            finally:
                lib.EVP_MD_CTX_free(digest)

    def sign(self, message: bytes, user_id: bytes) -> bytes:
        lib = library()
        with self._digest_context(lib.EVP_DigestSignInit, user_id) as context:
            out, size = ctypes.create_string_buffer(_SIGNATURE_ROOM), c_size_t(_SIGNATURE_ROOM)
            if lib.EVP_DigestSign(context, out, byref(size), message, len(message)) != 1:
                raise failure("sm2_sign", "the SM2 signature could not be made; is the key a private one?")
            return out.raw[: size.value]

    def verify(self, signature: bytes, message: bytes, user_id: bytes) -> bool:
        lib = library()
        with self._digest_context(lib.EVP_DigestVerifyInit, user_id) as context:
            good: bool = lib.EVP_DigestVerify(context, signature, len(signature), message, len(message)) == 1
            lib.ERR_clear_error()
            return good

    def encrypt(self, plain: bytes) -> bytes:
        return self._transform(library().EVP_PKEY_encrypt_init, library().EVP_PKEY_encrypt, plain, "sm2_encrypt")

    def decrypt(self, cipher: bytes) -> bytes:
        return self._transform(library().EVP_PKEY_decrypt_init, library().EVP_PKEY_decrypt, cipher, "sm2_decrypt")

    def _transform(self, init: Callable[..., int], run: Callable[..., int], data: bytes, code: str) -> bytes:
        message = "the SM2 ciphertext does not open: another key, or altered" if code == "sm2_decrypt" else "SM2 fails"
        with self._context() as context:
            size = c_size_t()
            if init(context) != 1 or run(context, None, byref(size), data, len(data)) != 1:
                raise failure(code, message)
            out = ctypes.create_string_buffer(size.value)
            if run(context, out, byref(size), data, len(data)) != 1:
                raise failure(code, message)
            return out.raw[: size.value]
