"""A receiver's request on its way, for tests of both sides."""

from support.world import World
from yichuan.exchange.models import Delivery, DeliveryRequest
from yichuan.exchange.services.ask_request import ask


def asked_for_prints(world: World, delivery: Delivery, copies: int = 2) -> DeliveryRequest:
    """市环保局 asks for more originals."""
    clerk = world.clerk["市环保局"]
    return ask(actor=clerk, delivery_id=delivery.pk, kind="prints", copies=copies, reason="打印机卡纸，损坏两份")


def asked_for_resend(world: World, delivery: Delivery) -> DeliveryRequest:
    """市环保局 asks that it be sent again."""
    return ask(actor=world.clerk["市环保局"], delivery_id=delivery.pk, kind="resend", copies=0, reason="正文打不开")
