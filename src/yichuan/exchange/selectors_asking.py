"""Reading what sender and receiver say to each other: requests, notices, and what a registry gave to its offices."""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from yichuan.exchange.chain import earlier, later
from yichuan.exchange.models import Assignment, Delivery, DeliveryRequest, ReturnNotice
from yichuan.exchange.states import DeliveryState, RequestState
from yichuan.org.models import Box


@dataclass(frozen=True)
class Link:
    """One of a chain of deliveries, and whether it is the one that is looked at."""

    delivery: Delivery
    here: bool


def chain_of(delivery: Delivery) -> list[Link]:
    """The whole chain in order of time; empty where it has one link only."""
    before, after = earlier(delivery), later(delivery)
    if not before and not after:
        return []
    return [
        *(Link(each, False) for each in reversed(before)),
        Link(delivery, True),
        *(Link(each, False) for each in after),
    ]


def requests_of(delivery: Delivery) -> list[DeliveryRequest]:
    """What was asked about one delivery, the latest first."""
    return list(delivery.requests.select_related("asked_by", "answered_by", "led_to").order_by("-asked_at", "-pk"))


def requests_to(unit_id: uuid.UUID, limit: int = 50) -> list[DeliveryRequest]:
    """What others ask of this unit and it has not answered, the longest ago first."""
    found = DeliveryRequest.objects.filter(state=RequestState.ASKED, delivery__dispatch__unit_id=unit_id)
    names = ("delivery__dispatch__document", "delivery__addressee", "delivery__unit")
    return list(found.select_related(*names).order_by("asked_at")[:limit])


def notice_of(delivery: Delivery) -> ReturnNotice | None:
    """The notice of its return, if it was returned."""
    if delivery.state != DeliveryState.RETURNED:
        return None
    return ReturnNotice.objects.filter(delivery=delivery).first()


def assignments_of(delivery: Delivery) -> list[Assignment]:
    """To which offices the registry gave it, in that order."""
    return list(delivery.assignments.select_related("office", "given_by", "taken_by").order_by("given_at", "pk"))


def offices_to_choose(delivery: Delivery) -> list[Box]:
    """The boxes of the unit's open offices to which the document was not given yet."""
    given = Assignment.objects.filter(delivery=delivery).values("office")
    boxes = Box.objects.filter(unit_id=delivery.unit_id, office__isnull=False, closed_at=None, office__closed_at=None)
    return list(boxes.exclude(office__in=given).select_related("office").order_by("office__order", "office__name"))


def assigned_to(office_id: uuid.UUID, *, waiting: bool = False) -> QuerySet[Assignment]:
    """What the registry gave to an office, the latest first; only what it has not taken with `waiting`."""
    rows = Assignment.objects.filter(office_id=office_id).order_by("-given_at", "-pk")
    rows = rows.select_related("delivery__dispatch__document", "delivery__dispatch__sender", "delivery__dispatch__unit")
    return rows.filter(taken_at=None) if waiting else rows
