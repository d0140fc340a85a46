"""电话提醒签收 (G-20): an urgent document nobody signs for, whom to telephone, and the call on record."""

from datetime import timedelta
from typing import Any

import pytest

from support.chasing import arrived, at, friday
from support.offices import an_office, of_office
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery, PhoneCall
from yichuan.exchange.selectors_chasing import to_telephone_offices, to_telephone_units
from yichuan.exchange.services.call_receiver import call_receiver
from yichuan.exchange.services.calls import CallRecord
from yichuan.exchange.services.sign_for import sign_for
from yichuan.org.duties import Duty

HERE = "市环保局"
CALL = CallRecord("文环保", "3366001", "文市府", friday(9, 40), "请马上签收")


@pytest.fixture
def urgent(world: World, settings: Any) -> Delivery:
    """An urgent document that arrived on Friday at 9, under the province's rules."""
    settings.YICHUAN_PROFILE = "guangdong-2012"
    [delivery] = arrived(world)
    Document.objects.filter(pk=delivery.dispatch.document_id).update(urgency="特急")
    return delivery


def to_office(world: World, delivery: Delivery) -> Delivery:
    delivery.office = an_office(world, "监测站", HERE)
    delivery.save()
    return delivery


def test_the_sender_telephones_a_registry_that_lets_an_urgent_document_lie(world: World, urgent: Delivery) -> None:
    assert not to_telephone_units(world.sender.pk, friday(9, 30))
    assert list(to_telephone_units(world.sender.pk, friday(9, 31))) == [urgent]
    assert not to_telephone_offices(urgent.unit_id, friday(9, 31))
    with at(friday(9, 45)):
        call = call_receiver(actor=world.sending_clerk, delivery_id=urgent.pk, call=CALL)
    assert (call.kind, call.unit_id, call.called) == (PhoneCall.Kind.REMINDER, world.sender.pk, "文环保")
    assert not to_telephone_units(world.sender.pk, friday(9, 46))
    entry = Entry.objects.get(verb="exchange.record_call")
    assert (entry.unit_id, entry.subject_id) == (world.sender.pk, urgent.pk)


def test_the_registry_telephones_its_own_office(world: World, urgent: Delivery) -> None:
    to_office(world, urgent)
    assert list(to_telephone_offices(urgent.unit_id, friday(9, 31))) == [urgent]
    assert not to_telephone_units(world.sender.pk, friday(9, 31))
    with at(friday(9, 45)):
        call = call_receiver(actor=world.clerk[HERE], delivery_id=urgent.pk, call=CALL)
    assert call.unit_id == urgent.unit_id
    assert not to_telephone_offices(urgent.unit_id, friday(9, 46))


def test_an_ordinary_document_is_nothing_to_telephone_about(world: World, urgent: Delivery) -> None:
    Document.objects.filter(pk=urgent.dispatch.document_id).update(urgency="平件")
    assert not to_telephone_units(world.sender.pk, friday(12))


def test_others_do_not_telephone(world: World, urgent: Delivery) -> None:
    receiver = of_office(an_office(world, "法规科", HERE), Duty.RECEIVER, "office-receiver")
    for stranger in (world.clerk["市卫生局"], world.clerk[HERE], receiver):
        with pytest.raises(NotFound):
            call_receiver(actor=stranger, delivery_id=urgent.pk, call=CALL)


def test_after_it_was_signed_for_there_is_nothing_to_record(world: World, urgent: Delivery) -> None:
    sign_for(actor=world.clerk[HERE], delivery_id=urgent.pk)
    with pytest.raises(Refused, match="不用再打电话"), at(friday(9, 45)):
        call_receiver(actor=world.sending_clerk, delivery_id=urgent.pk, call=CALL)


def test_a_call_of_the_future_is_refused_beside_its_field(world: World, urgent: Delivery) -> None:
    with pytest.raises(Invalid) as refused, at(CALL.at - timedelta(minutes=1)):
        call_receiver(actor=world.sending_clerk, delivery_id=urgent.pk, call=CALL)
    assert list(refused.value.errors) == ["call_at"]


def test_the_page_takes_the_call_and_shows_it_in_the_course(world: World, urgent: Delivery) -> None:
    clerk, address = world.browser(world.sending_clerk), f"/deliveries/{urgent.pk}/call/"
    fields = {"call_called": "文环保", "call_phone": "3366001", "call_caller": "文", "call_at": "2008-06-06T09:40"}
    with at(friday(9, 45)):
        assert "登记电话提醒" in clerk.get(address).content.decode()
        refused = clerk.post(address, fields | {"call_called": ""})
        assert refused.status_code == 422 and "没有登记" in refused.content.decode()
        done = clerk.post(address, fields)
        assert done.status_code == 302
        assert "文环保" in clerk.get(done.headers["Location"]).content.decode()


def test_the_registry_finds_on_its_page_whom_to_telephone(world: World, urgent: Delivery) -> None:
    to_office(world, urgent)
    with at(friday(9, 45)):
        page = world.browser(world.clerk[HERE]).get("/reminders/").content.decode()
    assert "请电话提醒处室签收急件" in page and f"/deliveries/{urgent.pk}/call/" in page
