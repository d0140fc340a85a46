"""Asking the sender for a resend or for more prints (J-37): with the reason, one open request of a kind."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, DeliveryRequest
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.locking import visible
from yichuan.exchange.services.requests import check_askable, room_for_more, words
from yichuan.exchange.states import RequestState
from yichuan.people.models import Account


def ask(*, actor: Account, delivery_id: uuid.UUID, kind: str, copies: int, reason: str) -> DeliveryRequest:
    """Ask the sender for `kind` (`resend`, `prints`); `copies` more prints, 0 for a resend. A command.

    Raises `Invalid` on `kind`, `copies`, `reason`; `Refused` where the state does not fit or the same is asked already.
    """
    if kind not in DeliveryRequest.Kind.values:
        raise Invalid({"kind": "请选择申请重发还是追加份数。"})
    wanted = DeliveryRequest.Kind(kind)
    reason = words(reason, "reason", "申请原因")
    visible(actor, delivery_id)
    with command():
        Delivery.objects.select_for_update().get(pk=delivery_id)
        delivery = visible(actor, delivery_id)
        check_askable(delivery, wanted)
        check(actor, ExchangePermission.ASK, delivery)
        if DeliveryRequest.objects.filter(delivery=delivery, kind=wanted, state=RequestState.ASKED).exists():
            raise Refused("asked_already", f"已经{wanted.label}，发文单位还没有答复，不用再提。")
        request = DeliveryRequest.objects.create(
            delivery=delivery,
            kind=wanted,
            copies=_copies(delivery, copies) if wanted == DeliveryRequest.Kind.PRINTS else 0,
            reason=reason,
            state=RequestState.ASKED,
            asked_by=actor,
            asked_at=clock.now(),
        )
        detail = {"request": str(wanted), **({"count": request.copies} if request.copies else {})}
        record(verb="exchange.ask", actor=actor, unit_id=delivery.unit_id, subject=delivery, detail=detail)
        publish("asked", [delivery.dispatch.unit_id], subject_id=delivery.dispatch_id)
    return request


def _copies(delivery: Delivery, copies: int) -> int:
    most = room_for_more(delivery)
    if most == 0:
        raise Invalid({"copies": f"允许打印的份数已经是最多的 {delivery.allowance} 份，不能再追加。"})
    if not 1 <= copies <= most:
        raise Invalid({"copies": f"追加份数应是 1 到 {most} 之间的整数。"})
    return copies
