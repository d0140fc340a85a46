"""The sender grants a request (J-37): more prints are allowed at once, a resend arrives as a delivery of its own."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command, require_transaction
from yichuan.exchange.models import Delivery, DeliveryRequest
from yichuan.exchange.services.requests import check_askable, locked_request, room_for_more, to_answer
from yichuan.exchange.services.resend import send_again, wrapped_anew
from yichuan.exchange.services.wrapping import until_still
from yichuan.people.models import Account


def grant(*, actor: Account, request_id: uuid.UUID, copies: int | None = None) -> DeliveryRequest:
    """Grant one open request. A command; of more prints `copies` may be fewer than were asked for.

    Raises `Invalid` on `copies`; `Refused` where it was answered meanwhile, or the delivery left the states in which
    the same might be asked.
    """
    found = to_answer(actor, request_id)
    check_askable(found.delivery, DeliveryRequest.Kind(found.kind))
    if found.kind == DeliveryRequest.Kind.PRINTS:
        return _allow_more(actor, found, found.copies if copies is None else copies)
    return until_still(lambda: _resend(actor, found))


def _allow_more(actor: Account, found: DeliveryRequest, copies: int) -> DeliveryRequest:
    with command():
        request = _granted(actor, found)
        delivery, room = request.delivery, room_for_more(request.delivery)
        if not 1 <= copies <= min(request.copies, room):
            said = f"对方申请 {request.copies} 份，最多还能追加 {room} 份。"
            raise Invalid({"copies": f"同意的份数应是 1 到 {min(request.copies, room)} 之间的整数：{said}"})
        delivery.allowance += copies
        delivery.save(update_fields=["allowance"])
        request.granted = copies
        return _answered(actor, request, {"count": copies, "allowance": delivery.allowance})


def _resend(actor: Account, found: DeliveryRequest) -> DeliveryRequest:
    made = wrapped_anew(found.delivery)
    with command():
        made.hold()
        request = _granted(actor, found)
        request.led_to = send_again(actor, request.delivery, made)
        return _answered(actor, request, {})


def _granted(actor: Account, found: DeliveryRequest) -> DeliveryRequest:
    """The locked request in its new state; the delivery still is where this may be granted."""
    request, transition = locked_request(found, "grant")
    check_askable(request.delivery, DeliveryRequest.Kind(request.kind))
    check(actor, transition.permission, request.delivery.dispatch)
    request.state = transition.target
    request.save(update_fields=["state"])
    return request


def _answered(actor: Account, request: DeliveryRequest, detail: dict[str, int]) -> DeliveryRequest:
    require_transaction()
    request.answered_by, request.answered_at = actor, clock.now()
    request.save(update_fields=["answered_by", "answered_at", "granted", "led_to"])
    delivery: Delivery = request.delivery
    record(
        verb="exchange.grant_request",
        actor=actor,
        unit_id=delivery.dispatch.unit_id,
        subject=delivery,
        detail={"request": request.kind, **detail},
    )
    publish("answered", [delivery.unit_id], subject_id=delivery.pk)
    return request
