"""Devices outside of the process that are slow, gone, or break off in the middle of their work."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest
from django.db import connections

from support.at_once import at_once
from support.key_drivers.driver import OutsideDriver
from support.key_drivers.kinds import P256, Kind, Sm2
from yichuan.keys.devices.base import Ability, DeviceError, KeyDevice
from yichuan.keys.models import DeviceKey

ONE, TWO, KEY = b"1" * 16, b"2" * 16, bytes(range(100, 116))
pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(outside: OutsideDriver) -> Kind:
    abilities = outside.device().describe().abilities
    return Sm2() if Ability.SM2 in abilities else P256()


def code(call: Callable[[], object]) -> str:
    with pytest.raises(DeviceError) as refusal:
        call()
    return refusal.value.code


def every_work(device: KeyDevice, kind: Kind, *, wraps: bool) -> list[Callable[[], object]]:
    works: list[Callable[[], object]] = [
        lambda: device.sign("seal:1", b"text"),
        lambda: device.sign("seal:2", b"text", password=ONE),
        lambda: kind.make(device, "seal:new"),
        lambda: kind.make(device, "seal:new", ONE),
    ]
    if wraps:
        works += [lambda: device.wrap("box:1", KEY, b"context"), lambda: device.make_wrapping_key("box:new")]
    return works


def prepared(outside: OutsideDriver, device: KeyDevice, kind: Kind) -> tuple[bytes, bool]:
    wraps = Ability.WRAPPING in device.describe().abilities
    public = kind.make(device, "seal:1")
    kind.make(device, "seal:2", ONE)
    if wraps:
        device.make_wrapping_key("box:1")
    return public, wraps


def sound_again(device: KeyDevice, kind: Kind, public: bytes) -> None:
    """Nothing half-made is left, and all works as before."""
    assert not device.has("seal:new")
    assert not device.has("box:new")
    assert kind.good(public, device.sign("seal:1", b"text"), b"text")
    device.sign("seal:2", b"text", password=ONE)
    made = kind.make(device, "seal:new", ONE)
    assert kind.good(made, device.sign("seal:new", b"text", password=ONE), b"text")


def test_a_slow_device_is_waited_for_only_so_long(outside: OutsideDriver, kind: Kind) -> None:
    device = outside.impatient()
    public, wraps = prepared(outside, device, kind)
    rows = DeviceKey.objects.count()
    with outside.slow():
        for work in every_work(device, kind, wraps=wraps):
            begun = time.monotonic()
            assert code(work) == "slow"
            assert time.monotonic() - begun < 3
    assert DeviceKey.objects.count() == rows
    sound_again(device, kind, public)


@pytest.mark.django_db(transaction=True)
def test_more_callers_than_a_slow_device_has_hands_are_all_told(outside: OutsideDriver, kind: Kind) -> None:
    device = outside.impatient()
    kind.make(device, "seal:1")
    with outside.slow():
        begun = time.monotonic()
        raised = at_once(lambda _: device.sign("seal:1", b"text"), 20)  # type: ignore[arg-type, func-returns-value]
        assert time.monotonic() - begun < 10
    assert [getattr(error, "code", error) for error in raised] == ["slow"] * 20


def test_a_device_that_was_taken_out_says_so_and_works_when_it_is_back(outside: OutsideDriver, kind: Kind) -> None:
    device = outside.device()
    public, wraps = prepared(outside, device, kind)
    with outside.removed():
        assert code(device.describe) == "removed"
        for work in every_work(device, kind, wraps=wraps):
            assert code(work) == "removed"
        assert code(outside.device().describe) == "removed"
    sound_again(device, kind, public)


def test_work_that_breaks_off_in_its_middle_leaves_nothing(outside: OutsideDriver, kind: Kind) -> None:
    device = outside.device()
    public, wraps = prepared(outside, device, kind)
    rows = DeviceKey.objects.count()
    with outside.failing():
        for work in every_work(device, kind, wraps=wraps)[: 5 if wraps else 4]:
            assert code(work) == "failed"
    assert DeviceKey.objects.count() == rows
    sound_again(device, kind, public)


def test_a_password_is_changed_whole_or_not_on_a_failing_device(outside: OutsideDriver, kind: Kind) -> None:
    device = outside.device()
    kind.make(device, "seal:1", ONE)
    with outside.failing():
        try:
            device.change_password("seal:1", old=ONE, new=TWO)
            good, bad = TWO, ONE
        except DeviceError:
            good, bad = ONE, TWO
    device.sign("seal:1", b"text", password=good)
    assert code(lambda: device.sign("seal:1", b"text", password=bad)) == "wrong_password"


@pytest.mark.django_db(transaction=True)
def test_a_child_process_uses_the_device_of_its_parent(outside: OutsideDriver, kind: Kind) -> None:
    device = outside.device()
    public = kind.make(device, "seal:1")
    device.sign("seal:1", b"text")
    connections.close_all()
    told, telling = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(telling, device.sign("seal:1", b"of the child"))
        finally:
            os._exit(0)
    os.close(telling)
    with os.fdopen(told, "rb") as reading:
        signature = reading.read()
    os.waitpid(child, 0)
    assert kind.good(public, signature, b"of the child")
    assert kind.good(public, device.sign("seal:1", b"of the parent"), b"of the parent")
