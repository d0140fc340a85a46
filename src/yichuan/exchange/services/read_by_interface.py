"""Reading through the interface (J-36): the sealed OFD as it was sent, for the unit's own office system."""

import uuid

from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.check import check_opened, opened, refuse_unsound
from yichuan.exchange.services.locking import held_one, visible
from yichuan.exchange.services.receipts import sign_soon
from yichuan.exchange.services.receiving import read_it, write
from yichuan.people.models import Account


def read(*, actor: Account, delivery_id: uuid.UUID) -> tuple[Delivery, bytes]:
    """The delivery as it stands now, and its body byte for byte. A command.

    The first reading, print or copy is receiving (J-36).
    Reading again gives the same bytes and is on record again. Raises `Refused` `not_sound` where a check failed:
    such a document can only be returned.
    """
    seen = opened(visible(actor, delivery_id, ExchangePermission.READ))
    [panel] = check_opened([seen], anew=True)
    refuse_unsound(panel)
    with command():
        delivery = held_one(actor, seen.delivery)
        receipts = write([read_it(delivery, actor, clock.now())])
    sign_soon(receipts)
    return delivery, seen.body
