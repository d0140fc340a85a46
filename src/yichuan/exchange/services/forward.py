"""An office passes a document that it got directly to its unit's registry, which must register it (R9, G-19)."""

import uuid

from django.db import IntegrityError

from yichuan.audit.services.record import record
from yichuan.common.errors import Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.check import delivered_key, require_sound
from yichuan.exchange.services.follow import put_in_place
from yichuan.exchange.services.locking import locked, visible
from yichuan.exchange.services.requests import optional_words
from yichuan.exchange.services.wrapping import until_still, wrap
from yichuan.exchange.states import DELIVERY, DeliveryState
from yichuan.org.selectors import box_of
from yichuan.people.models import Account


def forward(*, actor: Account, delivery_id: uuid.UUID, note: str = "") -> Delivery:
    """Pass one delivery of an office on; returns the registry's. A command.

    The allowance and what was printed go along. Raises `Invalid` on `note`; `Refused` where it lies at the registry
    already.
    """
    note = optional_words(note, "note", "转来说明")
    try:
        return until_still(lambda: _forwarded(actor, delivery_id, note))
    except IntegrityError as error:  # another office passed the same on in the same moment
        raise _held() from error


def _held() -> Refused:
    return Refused("registry_has_it", "本单位收发室已经有这件公文，不用再转。需要登记时请直接告知收发室。")


def _forwarded(actor: Account, delivery_id: uuid.UUID, note: str) -> Delivery:
    delivery = visible(actor, delivery_id)
    DELIVERY.find("forward", delivery.state)
    if delivery.office_id is None:
        raise Refused("at_registry", "这件公文就在收发室，不用再转。")
    check(actor, ExchangePermission.FORWARD, delivery)
    require_sound(delivery)
    made = wrap(box_of(delivery.unit_id), delivery.dispatch.document, delivered_key(delivery))
    with command():
        made.hold()
        delivery, transition = locked(actor, delivery_id, "forward")
        held = Delivery.objects.filter(dispatch_id=delivery.dispatch_id, box=made.box)
        if held.exclude(state=DeliveryState.REPLACED).exists():
            raise _held()
        delivery.state = transition.target
        delivery.save(update_fields=["state"])
        new = put_in_place(delivery, made, counted_day=delivery.counted_day, note=note)
        detail = {
            "number": delivery.dispatch.document.number,
            "office": delivery.office.name if delivery.office else "",
        }
        record(verb=transition.audit, actor=actor, unit_id=delivery.unit_id, subject=delivery, detail=detail)
        publish("arrival", [new.unit_id], subject_id=new.dispatch_id)
    return new
