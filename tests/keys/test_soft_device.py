"""The soft device: keys that open under one master key only, and never leave."""

import time

import pytest
from django.db import transaction

from yichuan.keys.devices.base import DeviceError
from yichuan.keys.devices.soft import CHECK, SoftDevice, master_from_password
from yichuan.keys.models import SoftKey

MASTER = bytes(range(32))
pytestmark = pytest.mark.django_db


def _code(call: object, *arguments: object) -> str:
    with pytest.raises(DeviceError) as refusal:
        call(*arguments)  # type: ignore[operator]
    return refusal.value.code


def test_it_signs_with_the_key_it_made() -> None:
    public = SoftDevice(MASTER).make_signing_key("seal:1")
    again = SoftDevice(MASTER)  # another process
    assert again.public_key("seal:1") == public
    assert public.verify(again.sign("seal:1", b"message"), b"message")
    assert not public.verify(again.sign("seal:1", b"message"), b"other")


def test_a_wrap_opens_for_its_own_key_and_context_only() -> None:
    device = SoftDevice(MASTER)
    for label in ("box:1", "box:2"):
        device.make_wrapping_key(label)
    wrapped = device.wrap("box:1", b"k" * 16, b"document:1")
    assert device.unwrap("box:1", wrapped, b"document:1") == b"k" * 16
    assert b"k" * 16 not in wrapped
    assert _code(device.unwrap, "box:1", wrapped, b"document:2") == "wrong_context"
    assert _code(device.unwrap, "box:2", wrapped, b"document:1") == "wrong_context"
    assert _code(device.unwrap, "box:1", wrapped[:-1], b"document:1") == "wrong_context"
    assert _code(device.unwrap, "box:1", b"", b"document:1") == "wrong_context"


def test_another_master_key_opens_nothing() -> None:
    SoftDevice(MASTER).make_signing_key("seal:1")
    thief = SoftDevice(bytes(32))
    assert _code(thief.sign, "seal:1", b"message") == "locked"
    assert _code(thief.public_key, "seal:1") == "locked"


def test_a_row_moved_to_another_label_opens_nothing() -> None:
    device = SoftDevice(MASTER)
    device.make_signing_key("seal:1")
    SoftKey.objects.filter(label="seal:1").update(label="ca:root")
    assert _code(SoftDevice(MASTER).sign, "ca:root", b"message") == "locked"


def test_what_lies_in_the_database_is_not_the_key() -> None:
    device = SoftDevice(MASTER)
    device.make_signing_key("seal:1")
    device.make_wrapping_key("box:1")
    for row in SoftKey.objects.exclude(kind=CHECK):
        key = device._get(row.label, (row.kind,))
        secret = key if isinstance(key, bytes) else key.to_der()
        assert secret not in bytes(row.sealed)


def test_a_label_is_taken_once() -> None:
    device = SoftDevice(MASTER)
    public = device.make_signing_key("seal:1")
    assert _code(device.make_signing_key, "seal:1") == "label_taken"
    assert _code(device.make_wrapping_key, "seal:1") == "label_taken"
    assert SoftDevice(MASTER).public_key("seal:1") == public


def test_a_key_of_another_kind_or_of_no_label_is_named() -> None:
    device = SoftDevice(MASTER)
    device.make_signing_key("seal:1")
    device.make_wrapping_key("box:1")
    device.sign("seal:1", b"")
    for call, label in ((device.sign, "nobody"), (device.sign, "box:1"), (device.wrap, "seal:1")):
        assert _code(call, label, b"k" * 16, *([b"context"] if call == device.wrap else [])) == "no_such_key"
    assert device.has("seal:1")
    assert not device.has("nobody")


def test_a_key_whose_transaction_did_not_hold_is_made_again_and_works() -> None:
    device = SoftDevice(MASTER)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        lost = device.make_signing_key("seal:1")
        device.sign("seal:1", b"message")
        raise ZeroDivisionError
    made = device.make_signing_key("seal:1")
    assert made != lost
    assert made.verify(device.sign("seal:1", b"message"), b"message")


def test_a_password_gives_the_same_master_key_again_with_its_salt_only() -> None:
    first = master_from_password("long words", b"salt" * 8)
    assert first == master_from_password("long words", b"salt" * 8)
    assert (
        len({first, master_from_password("long words", b"SALT" * 8), master_from_password("other", b"salt" * 8)}) == 3
    )


def test_no_key_is_made_under_another_master_than_the_first() -> None:
    SoftDevice(MASTER).make_signing_key("seal:1")
    assert _code(SoftDevice(bytes(32)).make_wrapping_key, "box:1") == "locked"
    assert not SoftKey.objects.filter(label="box:1").exists()


@pytest.mark.parametrize("label", ["seal:1", "box:1"])
def test_a_destroyed_key_does_nothing_more(label: str) -> None:
    device = SoftDevice(MASTER)
    device.make_signing_key("seal:1")
    device.make_wrapping_key("box:1")
    wrapped = device.wrap("box:1", b"k" * 16, b"document:1")
    device.destroy(label)
    device.destroy(label)
    assert not device.has(label)
    for each in (device, SoftDevice(MASTER)):
        if label == "seal:1":
            assert _code(each.sign, label, b"message") == "no_such_key"
        else:
            assert _code(each.unwrap, label, wrapped, b"document:1") == "no_such_key"
    device.destroy(CHECK)
    assert SoftKey.objects.filter(label=CHECK).exists()


def test_other_processes_notice_within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    device, other = SoftDevice(MASTER), SoftDevice(MASTER)
    device.make_signing_key("seal:1")
    other.sign("seal:1", b"message")
    device.destroy("seal:1")
    later = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert _code(other.sign, "seal:1", b"message") == "no_such_key"
    public = device.make_signing_key("seal:1")
    assert public.verify(other.sign("seal:1", b"message"), b"message")


def test_a_key_whose_destruction_did_not_stand_is_there_again() -> None:
    device = SoftDevice(MASTER)
    public = device.make_signing_key("seal:1")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        device.destroy("seal:1")
        raise ZeroDivisionError
    assert public.verify(device.sign("seal:1", b"message"), b"message")


def test_a_key_under_a_password_answers_to_it_alone() -> None:
    device, password, wrong = SoftDevice(bytes(32)), b"p" * 16, b"q" * 16
    public = device.make_signing_key("seal:1", password=password)
    assert device.public_key("seal:1") == public
    assert public.verify(device.sign("seal:1", b"text", password=password), b"text")
    for given in (None, wrong):
        with pytest.raises(DeviceError) as refusal:
            device.sign("seal:1", b"text", password=given)
        assert refusal.value.code == "wrong_password"
    assert password not in bytes(SoftKey.objects.get(label="seal:1").sealed)


def test_a_changed_password_shuts_the_old_one_out_and_a_wrong_one_changes_nothing() -> None:
    device, old, new = SoftDevice(bytes(32)), b"o" * 16, b"n" * 16
    public = device.make_signing_key("seal:1", password=old)
    with pytest.raises(DeviceError):
        device.change_password("seal:1", old=new, new=new)
    assert public.verify(device.sign("seal:1", b"text", password=old), b"text")
    device.change_password("seal:1", old=old, new=new)
    assert public.verify(device.sign("seal:1", b"text", password=new), b"text")
    with pytest.raises(DeviceError):
        device.sign("seal:1", b"text", password=old)
    assert device.public_key("seal:1") == public


def test_an_opened_key_is_not_in_what_is_written_of_the_device() -> None:
    device = SoftDevice(bytes(32))
    device.make_wrapping_key("box")
    device.wrap("box", bytes(16), b"")
    assert "key=" not in repr(device._open["box"])
