"""How the password of a verification seal rests: under Argon2id, where what lay under scrypt goes when it is opened."""

import hashlib
import unicodedata
from typing import Any

import pytest
from argon2 import low_level
from hypothesis import given
from hypothesis import strategies as st

from support.printing import WORDS, hold
from support.world import World
from yichuan.common.errors import Refused
from yichuan.seals.models import VerificationSeal
from yichuan.seals.services import open_verification as opening
from yichuan.seals.services import shares
from yichuan.seals.services.issue import password_context
from yichuan.seals.services.open_verification import open_verification
from yichuan.seals.services.shares import WrongPassword, from_password, quick_to_open, under_password

UNIT = "市环保局"
SECRET, CONTEXT = bytes(range(16)), "seals:verification"
SEALED_BEFORE = {
    "scrypt": (
        "937d57d55d5a4228798153cddc2135c503094bfb2612cf8dd35502a5bb4f0f7a810d1398b748f7f5bcd3112512217dc0"
        "b0ea09f95f6a9326ad4cb0e1"
    ),
    "argon2id": (
        "6172676f6e326964203139343536203220313a93317c3e36a8b71198904d9269ab50c7d325b3c0afa9da3abb9df4acce"
        "772cc00e989d86bda69c81b7e243c9f7fe8d823e7afce3bcf6e703db2e495f"
    ),
}


def _under_scrypt(world: World) -> tuple[VerificationSeal, bytes]:
    """A verification seal as it was taken over before Argon2id, and what opens it."""
    kept = hold(world.units[UNIT], world.clerk[UNIT])
    context = password_context(kept.pk)
    secret = from_password(bytes(kept.sealed_password), WORDS, context)
    kept.sealed_password = under_password(secret, WORDS, context)
    kept.save(update_fields=["sealed_password"])
    return kept, secret


@pytest.fixture
def _whole_stretching(monkeypatch: pytest.MonkeyPatch, cheap_stretching: dict[str, Any]) -> None:
    """As slow as it is outside of tests."""
    monkeypatch.setattr(hashlib, "scrypt", cheap_stretching["scrypt"])
    monkeypatch.setattr(low_level, "hash_secret_raw", cheap_stretching["argon2"])


@pytest.mark.usefixtures("_whole_stretching")
@pytest.mark.parametrize("under", list(SEALED_BEFORE))
def test_what_was_sealed_in_either_way_opens_for_good(under: str) -> None:
    """Bytes that an earlier version wrote: neither function nor mark may change under them."""
    sealed = bytes.fromhex(SEALED_BEFORE[under])
    assert from_password(sealed, "Verify-words-1", CONTEXT) == SECRET
    assert quick_to_open(sealed) == (under == "argon2id")


@given(st.binary(min_size=16, max_size=16), st.text(min_size=1, max_size=200), st.text(max_size=80))
def test_whatever_was_put_under_a_password_comes_back_however_it_was_typed(
    secret: bytes, password: str, context: str
) -> None:
    sealed = shares.under_password_asked_often(secret, unicodedata.normalize("NFC", password), context)
    assert quick_to_open(sealed)
    assert secret not in sealed
    assert from_password(sealed, unicodedata.normalize("NFD", password), context) == secret


@pytest.mark.parametrize("under", list(SEALED_BEFORE))
@pytest.mark.parametrize("wrong", ["password", "context", "byte", "mark", "cut"])
def test_another_password_place_or_byte_opens_nothing(under: str, wrong: str) -> None:
    sealed = bytes.fromhex(SEALED_BEFORE[under])
    altered = {
        "byte": sealed[:-1] + bytes([sealed[-1] ^ 1]),
        "mark": sealed.removeprefix(shares.ARGON2ID) if quick_to_open(sealed) else shares.ARGON2ID + sealed,
        "cut": sealed[: len(shares.ARGON2ID) + 16],
    }
    words = "verify-words-1" if wrong == "password" else "Verify-words-1"
    with pytest.raises(WrongPassword):
        from_password(altered.get(wrong, sealed), words, "elsewhere" if wrong == "context" else CONTEXT)


def test_what_lay_under_scrypt_lies_under_argon2id_once_its_own_password_has_opened_it(world: World) -> None:
    kept, secret = _under_scrypt(world)
    assert open_verification(kept, WORDS) == secret
    now = VerificationSeal.objects.get(pk=kept.pk)
    assert quick_to_open(bytes(now.sealed_password))
    assert open_verification(now, WORDS) == secret
    again = VerificationSeal.objects.get(pk=kept.pk)
    assert bytes(again.sealed_password) == bytes(now.sealed_password), "what lies there stays"
    with pytest.raises(Refused):
        open_verification(again, "Wrong-words-1")


def test_a_wrong_password_renews_nothing(world: World) -> None:
    kept, _ = _under_scrypt(world)
    with pytest.raises(Refused) as refusal:
        open_verification(kept, "Wrong-words-1")
    assert refusal.value.code == "verification_wrong"
    now = VerificationSeal.objects.get(pk=kept.pk)
    assert (bytes(now.sealed_password), now.failures) == (bytes(kept.sealed_password), 1)


def test_what_another_put_there_meanwhile_is_not_written_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, secret = _under_scrypt(world)

    def renewed_by_another(sealed: bytes, password: str, context: str) -> bytes:
        VerificationSeal.objects.update(sealed_password=b"another hand's")
        return from_password(sealed, password, context)

    monkeypatch.setattr(opening, "from_password", renewed_by_another)
    assert open_verification(kept, WORDS) == secret
    assert bytes(VerificationSeal.objects.get(pk=kept.pk).sealed_password) == b"another hand's"
