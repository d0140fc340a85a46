"""Sending again (重发, J-37): the same document into the same box, under a fresh wrap, as a delivery of its own."""

from yichuan.audit.services.record import record
from yichuan.common import clock, sealed
from yichuan.common.calendar import counted_day
from yichuan.common.errors import Refused
from yichuan.common.outbox import publish
from yichuan.common.transactions import require_transaction
from yichuan.compose.services.keys import own_key
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.attached import altered_attachments
from yichuan.exchange.services.follow import put_in_place
from yichuan.exchange.services.wrapping import Wrap, wrap
from yichuan.exchange.states import DELIVERY
from yichuan.lib.gm.sm3 import sm3
from yichuan.org.models import Box
from yichuan.people.models import Account


def wrapped_anew(delivery: Delivery) -> Wrap:
    """The key out of the sender's own box and into the receiver's. Device and file work, outside of any transaction.

    Refused where what rests in the centre is no longer what was sent: then sending it again mends nothing.
    """
    document = delivery.dispatch.document
    box = Box.objects.get(pk=delivery.box_id)
    if box.held_for_id is not None:
        raise Refused("box_closed", "收件单位已经注销，交换箱只供保管，不能重发。")
    key = own_key(document)
    _require_whole(delivery, key)
    return wrap(box, document, key)


def _require_whole(delivery: Delivery, key: bytes) -> None:
    document = delivery.dispatch.document
    try:
        whole = sm3(sealed.read_bytes(key, document.body_context, document.body)).hex() == document.body_digest
    except Refused as refusal:
        if refusal.code not in sealed.LOST:
            raise
        whole = False
    if not whole or altered_attachments(delivery, key, anew=True):
        raise Refused(
            "not_whole",
            "这件公文在中心的存储里已经损坏，重发也打不开。请不同意这份申请并说明，由对方退回，更正后重新发文；"
            "同时告知运行管理员。",
        )


def send_again(actor: Account, old: Delivery, made: Wrap) -> Delivery:
    """The new delivery, on record; the old one leads to it. A step, on the locked old one, with its box held."""
    require_transaction()
    transition = DELIVERY.find("resend", old.state)
    old.state = transition.target
    old.save(update_fields=["state"])
    new = put_in_place(old, made, counted_day=counted_day(clock.now()))
    detail = {"number": old.dispatch.document.number, "left": new.allowance - new.printed}
    record(verb=transition.audit, actor=actor, unit_id=old.dispatch.unit_id, subject=old, detail=detail)
    publish("arrival", [new.unit_id], subject_id=new.dispatch_id)
    return new
