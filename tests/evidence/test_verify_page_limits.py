"""The public verification page keeps to its limits: what it refuses, whom it tells to wait, how often one may ask."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.seals import sealed_ofd
from support.verify_page import PAGE, answer_to, stranger
from support.world import World
from yichuan.cli.supervisor import PAGE_THREADS
from yichuan.common import clock
from yichuan.evidence.models import AddressLooks
from yichuan.evidence.services import examine
from yichuan.evidence.services.examine import MOST_FILES
from yichuan.evidence.services.rates import FILES_A_MINUTE, forget_looks

__all__ = ["stranger"]


@pytest.mark.one_database
def test_nothing_chosen_is_said(world: World, stranger: Client) -> None:
    status, said = answer_to(stranger)
    assert (status, "请选择要核验的文件" in said) == (422, True)


@pytest.mark.one_database
def test_more_than_it_takes_is_refused_before_it_is_read(world: World, stranger: Client) -> None:
    status, said = answer_to(stranger, *[(f"{n}.ofd", b"x") for n in range(MOST_FILES + 1)])
    assert (status, f"最多核验 {MOST_FILES} 个文件" in said) == (422, True)
    assert answer_to(stranger, code="x" * 601)[0] == 422
    answer = stranger.post(PAGE, {"files": SimpleUploadedFile("x.ofd", b"0" * (34 * 1024 * 1024))})
    assert answer.status_code == 413


def test_an_address_may_have_only_so_many_files_a_minute(world: World, stranger: Client) -> None:
    files = [(f"{n}.txt", b"words") for n in range(MOST_FILES)]
    for _ in range(FILES_A_MINUTE // MOST_FILES):
        assert answer_to(stranger, *files)[0] == 200
    status, said = answer_to(stranger, ("x.txt", b"words"))
    assert (status, "核验太频繁" in said) == (429, True)
    assert Client(REMOTE_ADDR="10.1.1.1").post(PAGE, {"code": "x"}).status_code == 200
    with clock.fixed_at(clock.now() + timedelta(minutes=1)):
        assert answer_to(stranger, ("x.txt", b"words"))[0] == 200
    with clock.fixed_at(clock.now() + timedelta(minutes=3)):
        assert forget_looks() == 2
    assert not AddressLooks.objects.exists()


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As many are being verified as may be at once."""
    monkeypatch.setattr(examine, "WAIT_SECONDS", 0.01)
    for _ in range(examine.AT_ONCE):
        examine._room.acquire()
    yield
    for _ in range(examine.AT_ONCE):
        examine._room.release()


def test_where_too_many_are_verified_at_once_the_next_is_told_to_wait(
    world: World, stranger: Client, no_room: None
) -> None:
    status, said = answer_to(stranger, ("x.ofd", sealed_ofd()))
    assert (status, "正在核验的文件较多" in said) == (503, True)


def test_those_who_wait_leave_a_thread_to_everybody_else(
    world: World, stranger: Client, no_room: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examine, "WAIT_SECONDS", 30)
    places = examine.AT_ONCE + examine.WAITING
    assert places < int(PAGE_THREADS)
    for _ in range(places):
        examine._door.acquire()
    try:
        began = time.monotonic()
        status, said = answer_to(stranger, ("x.ofd", sealed_ofd()))
        assert (status, "正在核验的文件较多" in said) == (503, True)
        assert time.monotonic() - began < 15
    finally:
        for _ in range(places):
            examine._door.release()


def test_a_network_of_ipv6_is_one_address_here(world: World) -> None:
    for number in range(FILES_A_MINUTE):
        near = Client(REMOTE_ADDR=f"2001:db8:1:2::{number + 1:x}")
        assert near.post(PAGE, {"code": "x"}).status_code == 200
    assert Client(REMOTE_ADDR="2001:db8:1:2:ffff::1").post(PAGE, {"code": "x"}).status_code == 429
    assert Client(REMOTE_ADDR="2001:db8:1:3::1").post(PAGE, {"code": "x"}).status_code == 200


def test_what_a_client_says_of_its_address_changes_nothing(world: World, stranger: Client) -> None:
    for number in range(FILES_A_MINUTE):
        assert stranger.post(PAGE, {"code": "x"}, headers={"X-Forwarded-For": f"10.9.9.{number}"}).status_code == 200
    assert stranger.post(PAGE, {"code": "x"}, headers={"X-Forwarded-For": "10.8.8.8"}).status_code == 429
