"""One entry of the verification seal's password for one press: what the page's question found, its request uses."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from support.printing import WORDS, hold
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.exchange.services import print_original as service
from yichuan.exchange.services import print_several as several
from yichuan.exchange.services.print_numbers import AGAIN_AT_MOST
from yichuan.exchange.services.print_original import print_original, require_printable
from yichuan.exchange.services.print_several import print_several, require_some_printable
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.devices.soft import SoftDevice
from yichuan.seals.models import VerificationSeal
from yichuan.seals.services import open_verification as opening

UNIT = "市环保局"
ASK = {"X-Ask-First": "1", "HX-Request": "true"}


@pytest.fixture(autouse=True)
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which passwords were stretched. No file is typeset: these tests are about who may have one."""
    asked: list[str] = []
    real = opening.from_password

    def counted(sealed: bytes, password: str, context: str) -> bytes:
        asked.append(password)
        return real(sealed, password, context)

    monkeypatch.setattr(opening, "from_password", counted)
    monkeypatch.setattr(service, "original_files", lambda *_: b"%PDF-")
    return asked


def _press(world: World, copies: int = 1, allowance: int = 3) -> dict[str, Any]:
    """What the holder asks for by one press."""
    hold(world.units[UNIT], world.clerk[UNIT])
    delivery = world.signed_for(UNIT, allowance=allowance)
    return {"actor": world.clerk[UNIT], "delivery_id": delivery.pk, "copies": copies, "request": uuid.uuid4()}


def test_a_press_of_the_page_stretches_the_password_once_and_sends_it_once(world: World, tried: list[str]) -> None:
    press = _press(world)
    clerk, address = world.browser(world.clerk[UNIT]), f"/deliveries/{press['delivery_id']}/print/"
    said = {"copies": "1", "key": str(press["request"])}
    asked = clerk.post(address, said | {"password": WORDS}, headers=ASK)
    assert (asked.status_code, asked.headers["Cache-Control"]) == (200, "no-store, private")
    assert asked.headers["Content-Type"].startswith("text/plain")
    assert WORDS not in asked.content.decode()
    made = clerk.post(address, said | {"password": "", "ticket": asked.content.decode()})
    assert made.headers["Content-Type"] == "application/pdf"
    assert tried == [WORDS]
    copy = PrintedCopy.objects.get()
    assert (copy.state, copy.number, copy.verification_id is not None) == ("issued", 1, True)
    assert not Entry.objects.filter(detail__icontains=asked.content.decode()[-32:]).exists()


def test_the_same_press_again_makes_the_same_numbers_and_no_others(world: World) -> None:
    press = _press(world)
    ticket = require_printable(**press, password=WORDS)
    assert [print_original(**press, ticket=ticket).numbers for _ in range(2)] == [(1,), (1,)]
    assert PrintedCopy.objects.count() == 1
    with pytest.raises(Refused) as refusal:
        print_original(**press | {"request": uuid.uuid4()}, ticket=ticket)
    assert (refusal.value.code, refusal.value.field) == ("print_ticket", "password")


@pytest.mark.parametrize("other", ["copies", "delivery", "several", "seal"])
def test_a_ticket_is_of_no_use_for_anything_else(world: World, other: str) -> None:
    press = _press(world)
    ticket = require_printable(**press, password=WORDS)
    if other == "copies":
        press["copies"] = 2
    elif other == "delivery":
        press["delivery_id"] = world.signed_for(UNIT).pk
    elif other == "seal":
        VerificationSeal.objects.update(holder=world.clerk["市卫生局"])
        press["actor"] = world.clerk["市卫生局"]
        Delivery.objects.filter(pk=press["delivery_id"]).update(unit=world.units["市卫生局"])
    with pytest.raises(Refused) as refusal:
        if other == "several":
            wanted = {press["delivery_id"]: 1}
            print_several(actor=press["actor"], wanted=wanted, request=press["request"], password=None, ticket=ticket)
        else:
            print_original(**press, ticket=ticket)
    assert refusal.value.code in ("print_ticket", "no_delivery", "no_verification_seal")
    assert not PrintedCopy.objects.exists()


def test_several_documents_are_printed_with_the_ticket_of_their_press(
    world: World, tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(several, "in_one", lambda files, title: b"".join(files))
    hold(world.units[UNIT], world.clerk[UNIT])
    wanted = {world.signed_for(UNIT).pk: 1, world.signed_for(UNIT).pk: 2}
    press: dict[str, Any] = {"actor": world.clerk[UNIT], "wanted": wanted, "request": uuid.uuid4()}
    ticket = require_some_printable(**press, password=WORDS)
    with pytest.raises(Refused):
        print_several(**press | {"wanted": dict.fromkeys(wanted, 2)}, password=None, ticket=ticket)
    assert not PrintedCopy.objects.exists()
    made = print_several(**press, password=None, ticket=ticket)
    assert [each.numbers for each in made.files] == [(1,), (1, 2)]
    assert tried == [WORDS]


@pytest.mark.parametrize(("made", "used"), [(0, 11), (11, 0)])
def test_a_ticket_is_over_when_the_press_would_not_tell_its_numbers_again(world: World, made: int, used: int) -> None:
    press, now = _press(world), clock.now()
    assert timedelta(minutes=9) < AGAIN_AT_MOST < timedelta(minutes=11)
    with clock.fixed_at(now + timedelta(minutes=made)):
        ticket = require_printable(**press, password=WORDS)
    with clock.fixed_at(now + timedelta(minutes=used)), pytest.raises(Refused) as refusal:
        print_original(**press, ticket=ticket)
    assert refusal.value.code == "print_ticket"
    assert "请重新输入" in refusal.value.message


@pytest.mark.parametrize(
    "written",
    ["x", "1.", ".00", "0." + "00" * 44, "99999999999." + "00" * 44, "1." + "0" * 41, "１." + "00" * 44, "\0"],
)
def test_what_is_no_ticket_is_refused(world: World, written: str, tried: list[str]) -> None:
    press = _press(world)
    with pytest.raises(Refused) as refusal:
        print_original(**press, ticket=written, password=WORDS)
    assert refusal.value.code == "print_ticket"
    assert not tried


def test_an_altered_ticket_is_refused_and_a_device_that_is_away_is_said_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    press = _press(world)
    ticket = require_printable(**press, password=WORDS)
    for place in (5, 12, len(ticket) - 1):
        other = "0" if ticket[place] != "0" else "1"
        with pytest.raises(Refused) as refusal:
            print_original(**press, ticket=ticket[:place] + other + ticket[place + 1 :])
        assert refusal.value.code == "print_ticket"

    def away(*_: object) -> bytes:
        raise DeviceError("unavailable", "the device is away")

    monkeypatch.setattr(SoftDevice, "unwrap", away)
    with pytest.raises(Refused) as refusal:
        print_original(**press, ticket=ticket)
    assert refusal.value.status == 503


def test_what_befalls_the_seal_after_the_question_still_counts(world: World) -> None:
    press = _press(world)
    ticket = require_printable(**press, password=WORDS)
    VerificationSeal.objects.update(taken_at=None)
    with pytest.raises(Refused) as refusal:
        print_original(**press, ticket=ticket)
    assert refusal.value.code == "not_taken"


def test_a_wrong_password_gets_no_ticket(world: World) -> None:
    press = _press(world)
    with pytest.raises(Refused) as refusal:
        require_printable(**press, password="Wrong-words-1")
    assert refusal.value.code == "verification_wrong"
