"""SM3 with HMAC and HKDF: published answers and another implementation."""

from __future__ import annotations

import gmssl_pyx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuan.lib.gm.sm3 import Sm3, hmac_sm3, kdf, sm3


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        # GB/T 32905, A.1 and A.2
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_the_published_digests_come_out(message: bytes, digest: str) -> None:
    assert sm3(message).hex() == digest


@given(st.lists(st.binary(max_size=200)))
def test_pieces_hash_as_the_whole_does(pieces: list[bytes]) -> None:
    state = Sm3()
    for count, piece in enumerate(pieces):
        assert state.digest() == sm3(b"".join(pieces[:count]))
        state.update(piece)
    assert state.digest() == state.digest() == sm3(b"".join(pieces)) == gmssl_pyx.sm3_hash(b"".join(pieces))


@given(st.binary(min_size=1, max_size=100), st.binary(max_size=200))
def test_hmac_agrees_with_gmssl(key: bytes, data: bytes) -> None:
    assert hmac_sm3(key, data) == gmssl_pyx.sm3_hmac(key, data)


@given(st.binary(min_size=1, max_size=64), st.binary(max_size=64), st.binary(max_size=64), st.integers(1, 200))
def test_hkdf_follows_rfc_5869(key: bytes, salt: bytes, info: bytes, length: int) -> None:
    extracted = hmac_sm3(salt or bytes(32), key)
    expected, block, number = b"", b"", 1
    while len(expected) < length:
        block = hmac_sm3(extracted, block + info + bytes([number]))
        expected, number = expected + block, number + 1
    assert kdf(key, info, length, salt=salt) == expected[:length]
