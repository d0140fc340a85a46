"""The decrypted copy (脱密下载, R5, J-35): plainly a copy, once a request, on record."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common.outbox import publish
from yichuan.common.transactions import command
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.check import require_sound
from yichuan.exchange.services.locking import locked, visible
from yichuan.exchange.services.print_files import copy_file
from yichuan.exchange.services.receipts import sign_soon
from yichuan.exchange.services.receiving import mark_received
from yichuan.people.models import Account


def take_copy(*, actor: Account, delivery_id: uuid.UUID) -> bytes:
    """A PDF of the document, marked 副本 on every page. A command; the first one counts as receiving (J-36)."""
    delivery = visible(actor, delivery_id, ExchangePermission.COPY)
    require_sound(delivery)
    with command():
        locked(actor, delivery_id, "copy")  # refused before the work of drawing, and checked again after it
    pdf = copy_file(delivery, actor)
    with command():
        delivery, transition = locked(actor, delivery_id, "copy")
        receipt = mark_received(delivery, actor, "脱密下载")
        record(verb=transition.audit, actor=actor, unit_id=delivery.unit_id, subject=delivery)
        publish("copied", [delivery.dispatch.unit_id, delivery.unit_id], subject_id=delivery.pk)
    if receipt is not None:
        sign_soon([receipt])
    return pdf
