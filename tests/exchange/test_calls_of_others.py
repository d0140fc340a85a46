"""Telephone reminders: who called sees the own calls; what a unit says to its own offices is not the sender's."""

from typing import Any

from support.chasing import arrived, at, friday
from support.offices import an_office
from support.world import World
from yichuan.compose.models import Document
from yichuan.exchange.models import PhoneCall
from yichuan.exchange.services.call_receiver import call_receiver
from yichuan.exchange.services.calls import CallRecord

HERE = "市环保局"


def test_the_sender_does_not_read_what_the_receiving_unit_said_inside(world: World, settings: Any) -> None:
    settings.YICHUAN_PROFILE = "guangdong-2012"
    [delivery] = arrived(world)
    Document.objects.filter(pk=delivery.dispatch.document_id).update(urgency="特急")
    delivery.office = an_office(world, "监测站", HERE)
    delivery.save()
    inside = CallRecord("站长家里", "13800138000", "文环保", friday(9, 40), "值班的人不在岗")
    asked = CallRecord("监测站值班", "3366002", "文市府", friday(9, 41), "请马上签收")
    with at(friday(9, 45)):
        call_receiver(actor=world.clerk[HERE], delivery_id=delivery.pk, call=inside)
        call_receiver(actor=world.sending_clerk, delivery_id=delivery.pk, call=asked)
        assert PhoneCall.objects.filter(delivery=delivery).count() == 2
        sender, receiver = world.browser(world.sending_clerk), world.browser(world.clerk[HERE])
        for address in (f"/sent/{delivery.dispatch_id}/{delivery.pk}/", f"/deliveries/{delivery.pk}/call/"):
            page = sender.get(address).content.decode()
            assert asked.said in page, address
            assert inside.said not in page and inside.phone not in page, address
        page = receiver.get(f"/deliveries/{delivery.pk}/call/").content.decode()
        assert inside.said in page and asked.said in page
