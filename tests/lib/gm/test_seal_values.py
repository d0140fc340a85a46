"""Small values under SM4-GCM."""

from __future__ import annotations

import gmssl_pyx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm4 import decrypt_gcm, encrypt_gcm, encrypt_stream, new_key, open_sealed, seal

KEY = new_key()


def test_the_published_answer_comes_out() -> None:
    # RFC 8998, A.1
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex("".join(digit * 16 for digit in "abcdefea"))
    sealed = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert encrypt_gcm(key, nonce, plain, aad) == sealed
    assert decrypt_gcm(key, nonce, sealed, aad) == plain


@given(st.binary(max_size=300), st.binary(max_size=50))
def test_what_is_sealed_opens_and_gmssl_agrees(plain: bytes, aad: bytes) -> None:
    sealed = seal(KEY, plain, aad)
    assert open_sealed(KEY, sealed, aad) == plain
    if plain:
        ciphertext, tag = gmssl_pyx.sm4_gcm_encrypt(KEY, sealed[:12], aad, plain)
        assert sealed[12:] == ciphertext + tag


def test_every_changed_byte_and_every_cut_is_refused() -> None:
    sealed = seal(KEY, b"wrapped key", b"box 3")
    altered = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    for wrong in [*altered, *(sealed[:length] for length in range(len(sealed))), sealed + b"\0"]:
        with pytest.raises(GmError) as caught:
            open_sealed(KEY, wrong, b"box 3")
        assert caught.value.code == "sm4_open"


def test_another_key_or_aad_is_refused() -> None:
    sealed = seal(KEY, b"wrapped key", b"box 3")
    for key, aad in ((new_key(), b"box 3"), (KEY, b"box 4")):
        with pytest.raises(GmError) as caught:
            open_sealed(key, sealed, aad)
        assert caught.value.code == "sm4_open"


def test_the_same_value_is_never_sealed_alike() -> None:
    assert len({seal(KEY, b"same", b"") for _ in range(100)}) == 100


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_a_key_of_another_size_is_named_before_anything_runs(size: int) -> None:
    for attempt in (
        lambda: seal(bytes(size), b"", b""),
        lambda: open_sealed(bytes(size), b"", b""),
        lambda: encrypt_stream(bytes(size), [], context=b""),
    ):
        with pytest.raises(GmError, match="16") as caught:
            attempt()
        assert caught.value.code == "key_size"
