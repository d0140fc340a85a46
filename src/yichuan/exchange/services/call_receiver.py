"""电话提醒签收 (G-20): a call to those who have not signed for a document, on record."""

import uuid

from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.outbox import publish
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, PhoneCall
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.calls import CallRecord, check_call, record_call
from yichuan.exchange.states import DeliveryState
from yichuan.org.selectors import Desk
from yichuan.people.models import Account

GONE = "没有这件公文，或者不归你单位打电话提醒。请回到工作台查看。"


def to_be_called(actor: Account, delivery_id: uuid.UUID) -> tuple[Delivery, bool]:
    """The delivery, and whether the actor calls as its sender; else as the registry of the unit whose office has it.

    Raises `NotFound` for everybody else.
    """
    found = Delivery.objects.select_related("dispatch__document", "dispatch__unit", "addressee", "unit", "office")
    delivery = found.filter(pk=delivery_id).first()
    if delivery is not None and actor.has_perm(ExchangePermission.RECORD_CALL, Desk(delivery.dispatch.unit)):
        return delivery, True
    if delivery is not None and delivery.office and actor.has_perm(ExchangePermission.RECORD_CALL, Desk(delivery.unit)):
        return delivery, False
    raise NotFound("no_delivery", GONE)


def calls_shown(delivery: Delivery, *, to_sender: bool) -> list[PhoneCall]:
    """The calls about one delivery, the first first. To its sender those that the sender made: what a unit says to its
    own offices stays in the unit."""
    calls = delivery.calls.order_by("at")
    return list(calls.filter(unit=delivery.dispatch.unit_id) if to_sender else calls)


def call_receiver(*, actor: Account, delivery_id: uuid.UUID, call: CallRecord) -> PhoneCall:
    """Put on record that a desk was telephoned because it has not signed. A command; `Invalid` says field by field."""
    with command():
        if Delivery.objects.select_for_update().filter(pk=delivery_id).first() is None:
            raise NotFound("no_delivery", GONE)
        delivery, by_sender = to_be_called(actor, delivery_id)
        if delivery.state != DeliveryState.DELIVERED:
            said = DeliveryState(delivery.state).label
            raise Refused("signed_already", f"这件公文{said}，不用再打电话提醒。请刷新页面看最新情况。")
        check_call(call, clock.now())
        row = record_call(actor=actor, dispatch=delivery.dispatch, call=call, delivery=delivery, by_sender=by_sender)
        publish("reminder_settled", {row.unit_id}, subject_id=delivery.pk)
    return row
