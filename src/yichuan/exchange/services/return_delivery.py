"""Returning (退回) with a reason (J-33)."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid
from yichuan.common.outbox import publish
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, Receipt
from yichuan.exchange.services.locking import locked
from yichuan.exchange.services.receipts import sign_soon, write_receipt
from yichuan.people.models import Account

LONGEST_REASON = 400


def return_delivery(*, actor: Account, delivery_id: uuid.UUID, reason: str) -> Delivery:
    """Return one delivery to its sender. A command. What was received already is not returned."""
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": "没有退回：请写退回理由，发文单位会看到。"})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": f"退回理由请不超过 {LONGEST_REASON} 个字，现在有 {len(reason)} 个字。"})
    if hides_something(reason, lines=True):
        raise Invalid({"reason": "退回理由里有看不见的字符，请重新填写。"})
    with command():
        delivery, transition = locked(actor, delivery_id, "return")
        delivery.state = transition.target
        delivery.returned_at = clock.now()
        delivery.return_reason = reason
        delivery.save(update_fields=["state", "returned_at", "return_reason"])
        record(verb=transition.audit, actor=actor, unit_id=delivery.unit_id, subject=delivery)
        receipt = write_receipt(delivery, Receipt.Kind.RETURNED, actor, reason=reason)
        publish("inbox", [delivery.unit_id], subject_id=delivery.pk)
    sign_soon(receipt)
    return delivery
