"""A receiver's requests on their way, and what a registry gives to an office, for tests of both sides."""

from support.offices import an_office
from support.over_the_years import box_of_office
from support.world import World
from yichuan.exchange.models import Assignment, Delivery, DeliveryRequest
from yichuan.exchange.services.ask_request import ask
from yichuan.exchange.services.assign import assign


def asked_for_prints(world: World, delivery: Delivery, copies: int = 2) -> DeliveryRequest:
    """市环保局 asks for more originals."""
    clerk = world.clerk["市环保局"]
    return ask(actor=clerk, delivery_id=delivery.pk, kind="prints", copies=copies, reason="打印机卡纸，损坏两份")


def asked_for_resend(world: World, delivery: Delivery) -> DeliveryRequest:
    """市环保局 asks that it be sent again."""
    return ask(actor=world.clerk["市环保局"], delivery_id=delivery.pk, kind="resend", copies=0, reason="正文打不开")


def given_to_an_office(world: World, delivery: Delivery) -> Assignment:
    """市环保局 gives it to its 监测科, which has a box for it."""
    office = an_office(world, "监测科", "市环保局")
    box_of_office(office)
    return assign(actor=world.clerk["市环保局"], delivery_id=delivery.pk, office_id=office.pk)
