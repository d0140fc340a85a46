"""Reading through the interface (J-36): the sealed OFD as it was sent, for the unit's own office system."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common.outbox import publish
from yichuan.common.transactions import command
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.check import delivered_body, require_sound
from yichuan.exchange.services.locking import locked, visible
from yichuan.exchange.services.print_original import mark_received
from yichuan.exchange.services.receipts import sign_soon
from yichuan.people.models import Account


def read(*, actor: Account, delivery_id: uuid.UUID) -> bytes:
    """The body, byte for byte. A command; the first reading, print or copy is receiving (J-36).

    Reading again gives the same bytes and is on record again. Raises `Refused` `not_sound` where a check failed:
    such a document can only be returned.
    """
    seen = visible(actor, delivery_id, ExchangePermission.READ)
    require_sound(seen)
    body = delivered_body(seen)
    with command():
        delivery, transition = locked(actor, delivery_id, "read", seen)
        receipt = mark_received(delivery, actor, "接口读取")
        record(verb=transition.audit, actor=actor, unit_id=delivery.unit_id, subject=delivery)
        publish("copied", [delivery.dispatch.unit_id, delivery.unit_id], subject_id=delivery.pk)
    if receipt is not None:
        sign_soon(receipt)
    return body
