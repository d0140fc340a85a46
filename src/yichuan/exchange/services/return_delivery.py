"""Returning (退回) with a reason (J-33), and with a notice of its own (退文告知单) that both sides keep."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.outbox import publish
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, Receipt
from yichuan.exchange.services.locking import locked, visible
from yichuan.exchange.services.receipts import sign_soon, write_receipt
from yichuan.exchange.services.requests import end_requests, optional_words
from yichuan.exchange.services.return_notice import failed_checks, make_soon, open_notice
from yichuan.people.models import Account


def return_delivery(*, actor: Account, delivery_id: uuid.UUID, reason: str) -> Delivery:
    """Return one delivery to its sender. A command. What was received already is not returned."""
    if not reason.strip():
        raise Invalid({"reason": "没有退回：请选择或者写明退回理由，发文单位会看到。"})
    reason = optional_words(reason, "reason", "退回理由")
    said = failed_checks(visible(actor, delivery_id))
    failed = {"failed": said} if said else {}
    with command():
        delivery, transition = locked(actor, delivery_id, "return")
        delivery.state = transition.target
        delivery.returned_at = clock.now()
        delivery.return_reason = reason
        delivery.save(update_fields=["state", "returned_at", "return_reason"])
        record(verb=transition.audit, actor=actor, unit_id=delivery.unit_id, subject=delivery)
        receipt = write_receipt(delivery, Receipt.Kind.RETURNED, actor, reason=reason, **failed)
        notice = open_notice(delivery)
        end_requests(delivery, "公文已经退回。")
        publish("inbox", [delivery.unit_id], subject_id=delivery.pk)
    sign_soon([receipt])
    make_soon(notice)
    return delivery
