"""Signing for (签收): says that it arrived, not that it was handled (G-20, J-33)."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.outbox import publish
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, Receipt
from yichuan.exchange.services.check import require_sound
from yichuan.exchange.services.locking import locked, visible
from yichuan.exchange.services.receipts import sign_soon, write_receipt
from yichuan.people.models import Account


def sign_for(*, actor: Account, delivery_id: uuid.UUID) -> Delivery:
    """Sign for one delivery. A command. A document whose seal does not hold cannot be signed for, only returned."""
    seen = visible(actor, delivery_id)
    require_sound(seen)
    with command():
        delivery, transition = locked(actor, delivery_id, "sign_for", seen)
        delivery.state = transition.target
        delivery.signed_for_at = clock.now()
        delivery.signed_for_by = actor
        delivery.save(update_fields=["state", "signed_for_at", "signed_for_by"])
        record(verb=transition.audit, actor=actor, unit_id=delivery.unit_id, subject=delivery)
        receipt = write_receipt(delivery, Receipt.Kind.SIGNED_FOR, actor)
        publish("inbox", [delivery.unit_id], subject_id=delivery.pk)
    sign_soon(receipt)
    return delivery
