"""Signing for (签收): says that it arrived, not that it was handled (G-20, J-33)."""

import uuid

from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.check import require_sound
from yichuan.exchange.services.locking import held_one, visible
from yichuan.exchange.services.receipts import sign_soon
from yichuan.exchange.services.receiving import sign_for_it, write
from yichuan.people.models import Account


def sign_for(*, actor: Account, delivery_id: uuid.UUID) -> Delivery:
    """Sign for one delivery. A command. A document whose seal does not hold cannot be signed for, only returned."""
    seen = visible(actor, delivery_id)
    require_sound(seen)
    with command():
        delivery = held_one(actor, seen)
        receipts = write([sign_for_it(delivery, actor, clock.now())])
    sign_soon(receipts)
    return delivery
