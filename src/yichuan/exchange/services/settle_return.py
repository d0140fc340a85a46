"""The sender's end of a return (处理退回): off the list of what is to be done. The return itself stays as it is.

Somebody says so, or the correction of what came back is sent (更正重发).
"""

import uuid

from yichuan.audit.services.record import entry, record, record_all
from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command, require_transaction
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.exchange.models import Delivery
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.states import DeliveryState
from yichuan.people.models import Account


def settle_return(*, actor: Account, dispatch_id: uuid.UUID, delivery_id: uuid.UUID) -> Delivery:
    """Say that one returned delivery was dealt with. A command. Said twice, the first time counts."""
    with command():
        found = Delivery.objects.select_for_update(of=("self",)).select_related("dispatch")
        delivery = found.filter(pk=delivery_id, dispatch_id=dispatch_id).first()
        if delivery is None or not actor.has_perm(ExchangePermission.TRACK, delivery.dispatch):
            raise NotFound("no_delivery", "没有这次发送，或者不是你单位的。请回到发送跟踪查看。")
        check(actor, ComposePermission.SEND, delivery.dispatch)
        if delivery.state != DeliveryState.RETURNED:
            raise Refused("not_returned", "这个单位没有退回，不用处理。请刷新页面看最新情况。")
        if delivery.return_settled_at is None:
            delivery.return_settled_at = clock.now()
            delivery.save(update_fields=["return_settled_at"])
            unit_id = delivery.dispatch.unit_id
            record(verb="exchange.settle_return", actor=actor, unit_id=unit_id, subject=delivery)
    return delivery


def settle_corrected(*, actor: Account, corrected: Document, by: Document) -> None:
    """Its correction `by` goes out: every return of `corrected` that still waits was dealt with. A step."""
    require_transaction()
    rows = Delivery.objects.select_for_update(of=("self",)).filter(
        dispatch__document=corrected, state=DeliveryState.RETURNED, return_settled_at=None
    )
    waiting = list(rows.order_by("pk"))
    Delivery.objects.filter(pk__in=[each.pk for each in waiting]).update(return_settled_at=clock.now())
    detail = {"reason": "更正重发", "number": by.number or ""}
    record_all(
        entry(verb="exchange.settle_return", actor=actor, unit_id=by.unit_id, subject=each, detail=detail)
        for each in waiting
    )
