"""Signatures verified once: remembering never changes an answer, and never fills the memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.gm import pki
from yichuan.lib.gm import _known
from yichuan.lib.gm._known import signed_with
from yichuan.lib.gm.sm2 import PublicKey

MESSAGE = b"to be signed"
KEY = pki().signer.key
SIGNATURE = KEY.sign(MESSAGE)


def test_an_answer_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    original = PublicKey.verify
    monkeypatch.setattr(_known, "_answers", {})
    monkeypatch.setattr(PublicKey, "verify", lambda self, *given: asked.append(given[1]) or original(self, *given))
    assert [signed_with(KEY.public, SIGNATURE, MESSAGE) for _ in range(3)] == [True, True, True]
    assert [signed_with(KEY.public, SIGNATURE, b"other") for _ in range(3)] == [False, False, False]
    assert asked == [MESSAGE, b"other"]


@given(st.integers(0, len(SIGNATURE) - 1), st.integers(1, 255))
def test_a_changed_signature_is_another_question(position: int, change: int) -> None:
    assert signed_with(KEY.public, SIGNATURE, MESSAGE)
    altered = bytearray(SIGNATURE)
    altered[position] ^= change
    assert not signed_with(KEY.public, bytes(altered), MESSAGE)
    assert not signed_with(pki().root.key.public, SIGNATURE, MESSAGE)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_known, "_answers", {})
    monkeypatch.setattr(_known, "_MOST", 5)
    for number in range(20):
        signed_with(KEY.public, SIGNATURE, bytes([number]))
    assert len(_known._answers) <= 5
    signed_with(KEY.public, b"\0" * 1000, MESSAGE)
    assert all(len(name[1]) < 100 for name in _known._answers)
