"""The receiver takes its request back before it was answered."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.exchange.models import DeliveryRequest
from yichuan.exchange.services.requests import asked_by, locked_request
from yichuan.people.models import Account


def withdraw_request(*, actor: Account, request_id: uuid.UUID) -> DeliveryRequest:
    """Take one open request back. A command."""
    found = asked_by(actor, request_id)
    with command():
        request, transition = locked_request(found, "withdraw")
        check(actor, transition.permission, request.delivery)
        request.state = transition.target
        request.answered_by, request.answered_at = actor, clock.now()
        request.save(update_fields=["state", "answered_by", "answered_at"])
        delivery, detail = request.delivery, {"request": request.kind}
        record(verb=transition.audit, actor=actor, unit_id=delivery.unit_id, subject=delivery, detail=detail)
        publish("asked", [delivery.dispatch.unit_id], subject_id=delivery.dispatch_id)
    return request
