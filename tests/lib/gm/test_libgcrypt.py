"""SM4-GCM and SM3 by libgcrypt: the same bytes as OpenSSL's, or not used at all."""

from __future__ import annotations

import ctypes
import secrets
from collections.abc import Iterator

import pytest

from yichuan.lib.gm import _libgcrypt, sm3, sm4
from yichuan.lib.gm._libgcrypt import Libgcrypt
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm4 import decrypt_gcm, decrypt_stream, encrypt_gcm, encrypt_stream, new_key

KEY, NONCE, AAD = new_key(), secrets.token_bytes(12), b"document 44, body"
SIZES = (1024, 1025, 4096 + 7, 65536, 65536 * 3 + 1)


@pytest.fixture
def openssl_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sm4, "_fast", lambda: None)


@pytest.fixture
def asked_anew() -> Iterator[None]:
    def forget() -> None:
        for each in (sm3._fast, sm4._fast, _libgcrypt.loaded):
            each.cache_clear()

    forget()
    yield
    forget()


def fast() -> Libgcrypt:
    found = sm4._fast()
    if found is None:
        pytest.skip("this system has no libgcrypt with SM4")
    return found


@pytest.mark.parametrize("size", SIZES)
def test_both_libraries_seal_alike_and_each_opens_what_the_other_sealed(size: int) -> None:
    plain = secrets.token_bytes(size)
    sealed = fast().encrypt(KEY, NONCE, plain, AAD)
    assert sealed == sm4._encrypt(KEY, NONCE, plain, AAD) == encrypt_gcm(KEY, NONCE, plain, AAD)
    assert fast().decrypt(KEY, NONCE, sealed, AAD) == sm4._decrypt(KEY, NONCE, sealed, AAD) == plain


@pytest.mark.parametrize("size", SIZES)
def test_both_libraries_find_the_same_digest(size: int) -> None:
    data = secrets.token_bytes(size)
    found = sm3._fast()
    if found is None:
        pytest.skip("this system has no libgcrypt with SM3")
    assert found.sm3(data) == sm3._sm3(data) == sm3.sm3(data) == sm3.sm3(memoryview(data))  # type: ignore[arg-type]


@pytest.mark.parametrize("size", SIZES)
def test_what_comes_in_pieces_gives_the_same_digest_and_goes_on_after_it_was_asked(size: int) -> None:
    data, running = secrets.token_bytes(size), sm3.Sm3()
    for end, piece in ((500, data[:500]), (size, memoryview(data)[500:])):
        running.update(piece)  # type: ignore[arg-type]
        assert running.digest() == running.digest() == sm3._sm3(data[:end])


@pytest.mark.parametrize("at", [0, 1023, 1024, -1])
def test_what_was_altered_does_not_open(at: int) -> None:
    sealed = bytearray(encrypt_gcm(KEY, NONCE, bytes(1024), AAD))
    sealed[at] ^= 1
    assert fast().decrypt(KEY, NONCE, bytes(sealed), AAD) is None
    with pytest.raises(GmError, match="does not open"):
        decrypt_gcm(KEY, NONCE, bytes(sealed), AAD)


def test_another_key_nonce_or_context_does_not_open() -> None:
    sealed = encrypt_gcm(KEY, NONCE, bytes(2048), AAD)
    for key, nonce, aad in ((new_key(), NONCE, AAD), (KEY, bytes(12), AAD), (KEY, NONCE, b"another")):
        assert fast().decrypt(key, nonce, sealed, aad) is None


def test_a_stream_opens_where_there_is_no_libgcrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = secrets.token_bytes(200_000)
    sealed = b"".join(encrypt_stream(KEY, [plain], context=AAD))
    monkeypatch.setattr(sm4, "_fast", lambda: None)
    assert b"".join(decrypt_stream(KEY, [sealed], context=AAD)) == plain


@pytest.mark.usefixtures("openssl_alone")
def test_openssl_alone_refuses_what_was_altered() -> None:
    sealed = bytearray(encrypt_gcm(KEY, NONCE, bytes(2048), AAD))
    sealed[5] ^= 1
    with pytest.raises(GmError, match="does not open"):
        decrypt_gcm(KEY, NONCE, bytes(sealed), AAD)


@pytest.mark.usefixtures("asked_anew")
def test_a_system_without_the_library_goes_on_with_openssl(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert _libgcrypt.loaded() is None
    assert decrypt_gcm(KEY, NONCE, encrypt_gcm(KEY, NONCE, bytes(2048), AAD), AAD) == bytes(2048)
    assert sm3.sm3(bytes(1 << 20)) == sm3.Sm3(bytes(1 << 20)).digest()


@pytest.mark.usefixtures("asked_anew")
@pytest.mark.parametrize("amiss", ["encrypt", "decrypt", "refused"])
def test_a_library_that_does_not_do_as_openssl_does_is_not_used(monkeypatch: pytest.MonkeyPatch, amiss: str) -> None:
    class Amiss:
        def encrypt(self, key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
            if amiss == "refused":
                raise GmError("libgcrypt", "not approved")
            sealed = sm4._encrypt(key, nonce, plain, aad)
            return sealed[::-1] if amiss == "encrypt" else sealed

        def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
            return sm4._decrypt(key, nonce, sealed, aad) or b"opened all the same"

    monkeypatch.setattr(sm4, "loaded", Amiss)
    assert sm4._fast() is None


@pytest.mark.usefixtures("asked_anew")
@pytest.mark.parametrize("refused", [False, True])
def test_a_library_with_another_sm3_is_not_used(monkeypatch: pytest.MonkeyPatch, refused: bool) -> None:
    class Amiss:
        def sm3(self, data: bytes) -> bytes:
            if refused:
                raise GmError("libgcrypt", "not approved")
            return bytes(32)

    monkeypatch.setattr(sm3, "loaded", Amiss)
    assert sm3._fast() is None
    assert sm3.sm3(bytes(1 << 20)) == sm3.Sm3(bytes(1 << 20)).digest()
