"""The known-answer test notices a libcrypto that lacks an algorithm or computes it wrongly."""

from __future__ import annotations

import ctypes

import pytest
from cryptography.exceptions import UnsupportedAlgorithm

from yichuan.lib.gm import _libcrypto, selftest
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PrivateKey


def test_this_system_passes() -> None:
    selftest.run()


def test_a_system_without_libcrypto_3_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> ctypes.CDLL:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", missing)
    _libcrypto.library.cache_clear()
    try:
        with pytest.raises(GmError, match="libssl3") as caught:
            PrivateKey.generate()
        assert caught.value.code == "libcrypto_missing"
        with pytest.raises(GmError, match=r"SM2 signature.*libssl3") as caught:
            selftest.run()
        assert caught.value.code == "selftest"
    finally:
        _libcrypto.library.cache_clear()


@pytest.mark.parametrize(
    ("broken", "named"),
    [("sm3", "SM3"), ("encrypt_gcm", "SM4-GCM"), ("decrypt_gcm", "SM4-GCM")],
)
def test_a_wrong_answer_names_the_algorithm(monkeypatch: pytest.MonkeyPatch, broken: str, named: str) -> None:
    monkeypatch.setattr(selftest, broken, lambda *_: bytes(32))
    with pytest.raises(GmError, match=f"{named}.*wrong answers") as caught:
        selftest.run()
    assert caught.value.code == "selftest"


@pytest.mark.parametrize(("method", "answer"), [("verify", True), ("verify", False), ("decrypt", b"other")])
def test_a_wrong_sm2_is_noticed(monkeypatch: pytest.MonkeyPatch, method: str, answer: object) -> None:
    monkeypatch.setattr(_libcrypto.Key, method, lambda *_: answer)
    with pytest.raises(GmError, match=r"SM2.*wrong answers"):
        selftest.run()


def test_a_cryptography_without_sm4_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_: bytes) -> bytes:
        raise UnsupportedAlgorithm("SM4")

    monkeypatch.setattr(selftest, "encrypt_gcm", unsupported)
    with pytest.raises(GmError, match=r"SM4-GCM.*not available") as caught:
        selftest.run()
    assert caught.value.code == "selftest"
