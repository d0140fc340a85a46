"""The receiving time is the first print, decrypted copy or reading through the interface, and stays that (R6, J-36)."""

import json
from datetime import timedelta

import pytest

from support.printing import print_original
from support.world import World
from yichuan.common import clock
from yichuan.exchange.models import Delivery, Receipt
from yichuan.exchange.services import print_original as printing
from yichuan.exchange.services import take_copy as copying
from yichuan.exchange.services.look import record_look
from yichuan.exchange.services.read_by_interface import read
from yichuan.exchange.services.take_copy import take_copy
from yichuan.org.duties import Duty
from yichuan.people.models import Account

UNIT = "市环保局"
WAYS = {"print": "打印原件", "copy": "脱密下载", "read": "接口读取"}


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page is drawn: only the time of the act counts here."""
    monkeypatch.setattr(printing, "original_files", lambda *_: b"%PDF-")
    monkeypatch.setattr(copying, "copy_file", lambda *_: b"%PDF-")


def _take(way: str, world: World, delivery: Delivery, system: Account) -> None:
    clerk = world.clerk[UNIT]
    if way == "print":
        print_original(actor=clerk, delivery_id=delivery.pk, copies=1)
    elif way == "copy":
        take_copy(actor=clerk, delivery_id=delivery.pk)
    else:
        read(actor=system, delivery_id=delivery.pk)


@pytest.mark.parametrize("first", WAYS)
def test_whichever_comes_first_is_the_receiving_time(world: World, first: str) -> None:
    delivery, system = world.signed_for(UNIT), world.holder(Duty.OFFICE_SYSTEM, UNIT)
    record_look(world.clerk[UNIT], delivery)
    delivery.refresh_from_db()
    assert delivery.received_at is None, "looking is not receiving"
    at = clock.now().replace(microsecond=0)
    for minutes, way in enumerate([first, *(way for way in WAYS if way != first)]):
        with clock.fixed_at(at + timedelta(minutes=minutes)):
            _take(way, world, delivery, system)
    delivery.refresh_from_db()
    assert delivery.received_at == at
    receipt = Receipt.objects.get(delivery=delivery, kind="received")
    said = json.loads(bytes(receipt.payload))
    assert receipt.at == at
    assert said["by_way_of"] == WAYS[first]
