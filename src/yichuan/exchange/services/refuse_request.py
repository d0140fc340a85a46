"""The sender refuses a request, with words (J-37)."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.exchange.models import DeliveryRequest
from yichuan.exchange.services.requests import locked_request, to_answer, words
from yichuan.people.models import Account


def refuse(*, actor: Account, request_id: uuid.UUID, answer: str) -> DeliveryRequest:
    """Refuse one open request. A command; the receiver reads the words. Raises `Invalid` on `answer`."""
    answer = words(answer, "answer", "答复")
    found = to_answer(actor, request_id)
    with command():
        request, transition = locked_request(found, "refuse")
        delivery = request.delivery
        check(actor, transition.permission, delivery.dispatch)
        request.state, request.answer = transition.target, answer
        request.answered_by, request.answered_at = actor, clock.now()
        request.save(update_fields=["state", "answer", "answered_by", "answered_at"])
        detail = {"request": request.kind}
        record(verb=transition.audit, actor=actor, unit_id=delivery.dispatch.unit_id, subject=delivery, detail=detail)
        publish("answered", [delivery.unit_id], subject_id=delivery.pk)
    return request
