"""Whether other units may send straight to an office (D2)."""

import uuid

import pytest

from support.offices import an_office
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import NotFound, Refused
from yichuan.exchange.models import Delivery
from yichuan.exchange.recipients import find
from yichuan.org.duties import Duty
from yichuan.org.models import Box
from yichuan.org.services.addressable import set_addressable
from yichuan.org.services.offices import open_office_box


def test_what_a_unit_does_not_allow_is_neither_offered_nor_sent_to(world: World) -> None:
    admin, office = world.holder(Duty.UNIT_ADMIN, "市环保局"), an_office(world, "监测科", "市环保局")
    open_office_box(actor=admin, office_id=office.pk)
    client = world.browser(admin)
    assert "外单位可以直接发到" in client.get("/offices/").content.decode()
    assert client.post(f"/offices/{office.pk}/addressable/", {"allowed": "no"}).status_code == 302
    assert "外单位只能发到机要室" in client.get("/offices/").content.decode()
    assert [found["text"] for found in find("环保", world.sender)] == ["市环保局"]
    given = {"key": str(uuid.uuid4()), "main": [f"office:{office.pk}"], "allowance": "2", "declared": "on"}
    answer = world.browser(world.sending_clerk).post(f"/documents/{world.sealed().pk}/send/", given)
    assert answer.status_code == 422
    assert "市环保局监测科不直接接收外单位公文，请改发市环保局。" in answer.content.decode()
    assert not Delivery.objects.exists()


def test_it_is_logged_once_and_can_be_allowed_again(world: World) -> None:
    admin, office = world.holder(Duty.UNIT_ADMIN, "市环保局"), an_office(world, "监测科", "市环保局")
    open_office_box(actor=admin, office_id=office.pk)
    for allowed in (False, False, True):
        set_addressable(actor=admin, office_id=office.pk, allowed=allowed)
    said = [entry.detail["addressable"] for entry in Entry.objects.filter(verb="org.set_addressable").order_by("pk")]
    assert said == [False, True]
    assert Box.objects.get(office=office).addressable


def test_an_office_without_a_box_and_another_units_office_are_refused(world: World) -> None:
    admin, office = world.holder(Duty.UNIT_ADMIN, "市环保局"), an_office(world, "监测科", "市环保局")
    with pytest.raises(Refused) as refusal:
        set_addressable(actor=admin, office_id=office.pk, allowed=True)
    assert refusal.value.code == "no_box"
    with pytest.raises(NotFound):
        set_addressable(actor=world.holder(Duty.UNIT_ADMIN, "市卫生局"), office_id=office.pk, allowed=True)
