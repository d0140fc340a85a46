"""收到登记: the receiver confirms that a paper twin or a paper attachment has come (J-28, D4)."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, Dispatch, PaperItem
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.locking import GONE, visible
from yichuan.exchange.services.paper import note_awaited, note_open
from yichuan.exchange.services.paper_words import remark_of
from yichuan.exchange.states import DeliveryState
from yichuan.people.models import Account

AWAITED = (DeliveryState.DELIVERED, DeliveryState.SIGNED_FOR, DeliveryState.RECEIVED)
"""In these states a delivery's papers are still to come: what was returned, withdrawn or replaced awaits none."""


def paper_arrived(*, actor: Account, delivery_id: uuid.UUID, item_id: uuid.UUID, remark: str = "") -> PaperItem:
    """Note that one paper of this delivery has come, with what is to be said of it. A command.

    The sender need not have noted the posting. Noted twice, the first time stands.
    """
    said = remark_of(remark)
    with command():
        whole = Dispatch.objects.filter(deliveries=delivery_id).values("pk")
        # Before its deliveries, as posting and taking back do; those that insert a row about it need not wait.
        Dispatch.objects.select_for_update(no_key=True).filter(pk__in=whole).first()
        if Delivery.objects.select_for_update().filter(pk=delivery_id).first() is None:
            raise NotFound("no_delivery", GONE)
        delivery = visible(actor, delivery_id)
        item = PaperItem.objects.filter(pk=item_id, delivery=delivery).first()
        if item is None:
            raise NotFound("no_paper", "这件公文没有这一份纸质件。请刷新页面。")
        if item.arrived_at is not None:
            return item
        if delivery.state not in AWAITED:
            raise Refused("wrong_state", f"公文{delivery.get_state_display()}，不用再登记纸质件。")
        check(actor, ExchangePermission.RECORD_PAPER, delivery)
        item.arrived_at, item.recorded_by, item.remark = clock.now(), actor, said
        item.save(update_fields=["arrived_at", "recorded_by", "remark"])
        note_awaited([delivery.pk])
        note_open(delivery.dispatch_id)
        detail = {"name": item.name, "reason": said}
        record(verb="exchange.paper_arrived", actor=actor, unit_id=delivery.unit_id, subject=delivery, detail=detail)
        publish("receipt", [delivery.dispatch.unit_id], subject_id=delivery.dispatch_id)
    return item
