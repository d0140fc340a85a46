"""SM2 encryption (GM/T 0009 DER) against published answers and other implementations."""

from __future__ import annotations

from pathlib import Path

import gmssl_pyx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.gm import openssl_output, scalar
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PrivateKey

KEY = PrivateKey.generate()
PLAIN = bytes(range(16))


@given(st.binary(min_size=1, max_size=2000))
def test_what_is_encrypted_opens(plain: bytes) -> None:
    assert KEY.decrypt(KEY.public.encrypt(plain)) == plain


def test_a_single_byte_never_goes_in_the_clear() -> None:
    # the key stream of one byte is zero one time in 256; GB/T 32918.4, 6.1 A5: draw again
    for _ in range(600):
        assert not KEY.public.encrypt(b"\x5a").endswith(b"\x5a")


def test_every_changed_byte_is_refused() -> None:
    cipher = KEY.public.encrypt(PLAIN)
    for position in range(len(cipher)):
        altered = bytearray(cipher)
        altered[position] ^= 1
        with pytest.raises(GmError) as caught:
            KEY.decrypt(bytes(altered))
        assert caught.value.code == "sm2_decrypt"


@pytest.mark.parametrize("cipher", [b"", b"\x30\x00", b"0" * 100])
def test_what_is_no_ciphertext_is_named(cipher: bytes) -> None:
    with pytest.raises(GmError) as caught:
        KEY.decrypt(cipher)
    assert caught.value.code == "sm2_decrypt"


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(GmError, match="another key") as caught:
        PrivateKey.generate().decrypt(KEY.public.encrypt(PLAIN))
    assert caught.value.code == "sm2_decrypt"


def test_nothing_to_encrypt_is_named() -> None:
    with pytest.raises(GmError, match="one byte or more") as caught:
        KEY.public.encrypt(b"")
    assert caught.value.code == "empty_plain"


def test_the_openssl_command_opens_ours_and_we_open_its_own(tmp_path: Path) -> None:
    key, public = tmp_path / "key.pem", tmp_path / "public.der"
    key.write_bytes(KEY.to_pem())
    public.write_bytes(KEY.public.der)
    assert openssl_output("pkeyutl", "-decrypt", "-inkey", key, stdin=KEY.public.encrypt(PLAIN)) == PLAIN
    theirs = openssl_output("pkeyutl", "-encrypt", "-pubin", "-inkey", public, "-keyform", "DER", stdin=PLAIN)
    assert KEY.decrypt(theirs) == PLAIN


def test_gmssl_opens_ours_and_we_open_its_own() -> None:
    assert gmssl_pyx.sm2_decrypt(scalar(KEY), KEY.public.encrypt(PLAIN)) == PLAIN
    assert KEY.decrypt(gmssl_pyx.sm2_encrypt(KEY.public.point[1:], PLAIN)) == PLAIN
