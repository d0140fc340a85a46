"""What every key device keeps to, whatever holds the keys (keys/devices/base.py)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from support.at_once import at_once
from support.key_drivers.driver import Driver
from support.key_drivers.kinds import P256, Kind, Sm2
from yichuan.keys.devices.base import Ability, DeviceError, KeyDevice
from yichuan.keys.models import DeviceKey, SoftKey

ONE, TWO = b"1" * 16, b"2" * 16
KEY = bytes(range(100, 116))
pytestmark = pytest.mark.django_db


@pytest.fixture(params=[Sm2(), P256()], ids=["sm2", "p256"])
def kind(request: pytest.FixtureRequest, driver: Driver) -> Kind:
    """A kind of signing keys; of one that the device cannot make it only has to say so."""
    wanted: Kind = request.param
    device = driver.device()
    if wanted.ability in device.describe().abilities:
        return wanted
    assert code(lambda: wanted.make(device, "seal:1")) == "unsupported"
    assert code(lambda: wanted.public(device, "seal:1")) == "no_such_key"
    return next(other for other in (Sm2(), P256()) if other.ability in device.describe().abilities)


@pytest.fixture
def wraps(driver: Driver) -> bool:
    return Ability.WRAPPING in driver.device().describe().abilities


def code(call: Callable[[], object]) -> str:
    with pytest.raises(DeviceError) as refusal:
        call()
    return refusal.value.code


def at_rest() -> bytes:
    """All that devices leave in the database."""
    rows = [bytes(row.public) + bytes(row.wrapped) for row in DeviceKey.objects.all()]
    return b"\0".join([*rows, *(bytes(row.sealed) for row in SoftKey.objects.all())])


def test_it_signs_with_the_key_it_made_in_every_process(driver: Driver, kind: Kind) -> None:
    public = kind.make(driver.device(), "seal:1")
    other = driver.device()
    assert kind.public(other, "seal:1") == public
    signature = other.sign("seal:1", b"message")
    assert kind.good(public, signature, b"message")
    assert not kind.good(public, signature, b"another")


def test_a_key_under_a_password_answers_to_it_alone(driver: Driver, kind: Kind) -> None:
    public = kind.make(driver.device(), "seal:1", ONE)
    device = driver.device()
    assert kind.public(device, "seal:1") == public
    assert kind.good(public, device.sign("seal:1", b"text", password=ONE), b"text")
    for wrong in (None, TWO, b""):
        assert code(lambda given=wrong: device.sign("seal:1", b"text", password=given)) == "wrong_password"


def test_a_key_without_a_password_takes_none(driver: Driver, kind: Kind) -> None:
    device = driver.device()
    kind.make(device, "seal:1")
    assert code(lambda: device.sign("seal:1", b"text", password=ONE)) == "wrong_password"
    assert code(lambda: device.change_password("seal:1", old=ONE, new=TWO)) == "wrong_password"


def test_a_changed_password_shuts_the_old_one_out(driver: Driver, kind: Kind) -> None:
    device = driver.device()
    public = kind.make(device, "seal:1", ONE)
    device.change_password("seal:1", old=ONE, new=TWO)
    for each in (device, driver.device()):
        assert kind.good(public, each.sign("seal:1", b"text", password=TWO), b"text")
        assert code(lambda device=each: device.sign("seal:1", b"text", password=ONE)) == "wrong_password"


def test_a_change_of_password_that_fails_leaves_the_old_one(driver: Driver, kind: Kind) -> None:
    device = driver.device()
    public = kind.make(device, "seal:1", ONE)
    assert code(lambda: device.change_password("seal:1", old=TWO, new=TWO)) == "wrong_password"
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        device.change_password("seal:1", old=ONE, new=TWO)
        raise ZeroDivisionError
    assert kind.good(public, device.sign("seal:1", b"text", password=ONE), b"text")
    assert code(lambda: device.sign("seal:1", b"text", password=TWO)) == "wrong_password"


@pytest.mark.parametrize("password", [None, ONE], ids=["open", "password"])
def test_no_key_lies_in_the_database_or_the_log(
    driver: Driver, kind: Kind, password: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    device = driver.device()
    public = kind.make(device, "seal:1", password)
    device.sign("seal:1", b"text", password=password)
    if password:
        device.change_password("seal:1", old=ONE, new=TWO)
    said = caplog.text.encode() + repr(device).encode() + at_rest()
    assert not kind.holds(said, public)
    assert ONE not in said
    assert TWO not in said


def test_the_search_for_a_key_would_find_one() -> None:
    scalar = bytes(range(1, 33))
    for kind in (Sm2(), P256()):
        point = kind.point(scalar)
        assert point is not None
        assert kind.holds(b"before" + scalar + b"after", b"spki" + point)
        assert not kind.holds(bytes(40) + scalar[::-1], b"spki" + point)


def test_nothing_of_the_interface_gives_a_key_out(driver: Driver) -> None:
    offered = {name for name in dir(driver.device()) if not name.startswith("_")}
    assert offered == {name for name in vars(KeyDevice) if not name.startswith("_")}


def test_a_label_is_taken_once(driver: Driver, kind: Kind, wraps: bool) -> None:
    device = driver.device()
    public = kind.make(device, "seal:1")
    for password in (None, ONE):
        assert code(lambda given=password: kind.make(driver.device(), "seal:1", given)) == "label_taken"
    if wraps:
        assert code(lambda: device.make_wrapping_key("seal:1")) == "label_taken"
    assert kind.public(driver.device(), "seal:1") == public


def test_a_key_of_no_label_or_another_kind_is_named(driver: Driver, kind: Kind, wraps: bool) -> None:
    device = driver.device()
    kind.make(device, "seal:1")
    assert device.has("seal:1")
    assert not device.has("nobody")
    assert code(lambda: device.sign("nobody", b"text")) == "no_such_key"
    assert code(lambda: device.sign("nobody", b"text", password=ONE)) == "no_such_key"
    assert code(lambda: kind.public(device, "nobody")) == "no_such_key"
    assert code(lambda: device.change_password("nobody", old=ONE, new=TWO)) == "no_such_key"
    assert code(lambda: device.wrap("seal:1", KEY, b"context")) in ("no_such_key", "unsupported")
    if wraps:
        device.make_wrapping_key("box:1")
        assert code(lambda: device.sign("box:1", b"text")) == "no_such_key"


def test_a_wrap_opens_for_its_own_key_and_context_alone(driver: Driver, wraps: bool) -> None:
    device = driver.device()
    if not wraps:
        assert code(lambda: device.make_wrapping_key("box:1")) == "unsupported"
        return
    device.make_wrapping_key("box:1")
    device.make_wrapping_key("box:2")
    wrapped = device.wrap("box:1", KEY, b"document:1")
    assert driver.device().unwrap("box:1", wrapped, b"document:1") == KEY
    assert KEY not in wrapped
    assert wrapped != device.wrap("box:1", KEY, b"document:1")
    for label, given, context in (
        ("box:1", wrapped, b"document:2"),
        ("box:2", wrapped, b"document:1"),
        ("box:1", wrapped[:-1], b"document:1"),
        ("box:1", bytes([wrapped[0] ^ 1]) + wrapped[1:], b"document:1"),
        ("box:1", wrapped[:-1] + bytes([wrapped[-1] ^ 1]), b"document:1"),
        ("box:1", wrapped[:5], b"document:1"),
        ("box:1", b"", b"document:1"),
    ):
        assert code(lambda args=(label, given, context): device.unwrap(*args)) == "wrong_context"
    assert device.unwrap("box:1", wrapped, b"document:1") == KEY


def test_a_destroyed_key_does_nothing_more_and_its_label_is_free(driver: Driver, kind: Kind, wraps: bool) -> None:
    device = driver.device()
    public = kind.make(device, "seal:1")
    kind.make(device, "seal:2", ONE)
    if wraps:
        device.make_wrapping_key("box:1")
        wrapped = device.wrap("box:1", KEY, b"context")
    for label in ("seal:1", "seal:2", "box:1"):
        device.destroy(label)
        device.destroy(label)
        assert not device.has(label)
    assert code(lambda: device.sign("seal:1", b"text")) == "no_such_key"
    assert code(lambda: device.sign("seal:2", b"text", password=ONE)) == "no_such_key"
    assert code(lambda: kind.public(device, "seal:1")) == "no_such_key"
    assert kind.make(device, "seal:1") != public
    if wraps:
        device.make_wrapping_key("box:1")
        assert code(lambda: device.unwrap("box:1", wrapped, b"context")) == "wrong_context"


def test_a_key_whose_transaction_did_not_hold_is_made_again(driver: Driver, kind: Kind) -> None:
    device = driver.device()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        kind.make(device, "seal:1")
        raise ZeroDivisionError
    assert not device.has("seal:1")
    made = kind.make(device, "seal:1")
    assert kind.good(made, device.sign("seal:1", b"text"), b"text")


def test_a_locked_device_does_nothing(driver: Driver, kind: Kind) -> None:
    public = kind.make(driver.device(), "seal:1")
    locked = driver.locked()
    for attempt in range(2):
        assert code(locked.describe) == "locked", attempt
    assert code(lambda: locked.sign("seal:1", b"text")) == "locked"
    assert code(lambda: kind.make(locked, "seal:2")) == "locked"
    assert not driver.device().has("seal:2")
    assert kind.good(public, driver.device().sign("seal:1", b"text"), b"text")


@pytest.mark.django_db(transaction=True)
def test_eight_threads_sign_and_wrap_at_once(driver: Driver, kind: Kind, wraps: bool) -> None:
    device = driver.device()
    keys = {number: kind.make(device, f"seal:{number}", ONE if number % 2 else None) for number in range(4)}
    if wraps:
        device.make_wrapping_key("box:1")

    def work(number: int) -> None:
        at, text = number % 4, b"%d" % number
        for _ in range(5):
            signature = device.sign(f"seal:{at}", text, password=ONE if at % 2 else None)
            assert kind.good(keys[at], signature, text)
            if wraps:
                assert device.unwrap("box:1", device.wrap("box:1", KEY, text), text) == KEY

    assert at_once(work, 8) == []


@pytest.mark.django_db(transaction=True)
def test_of_several_who_want_a_label_one_gets_it(driver: Driver, kind: Kind) -> None:
    made: list[bytes] = []

    def work(_: int) -> None:
        made.append(kind.make(driver.device(), "seal:1"))

    raised = at_once(work, 4)
    assert [getattr(error, "code", error) for error in raised] == ["label_taken"] * 3
    assert kind.good(made[0], driver.device().sign("seal:1", b"text"), b"text")
