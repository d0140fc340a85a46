"""`{% load answers %}`: what a receiver may ask and answer on the document page, and what the sender is shown of it."""

from dataclasses import dataclass, field
from typing import Any

from django import template

from yichuan.exchange.models import Assignment, Delivery, DeliveryRequest, ReturnNotice
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.return_reasons import ReturnReason
from yichuan.exchange.selectors_asking import (
    Link,
    assigned_to,
    assignments_of,
    chain_of,
    notice_of,
    offices_to_choose,
    requests_of,
)
from yichuan.exchange.services.assignments import HELD
from yichuan.exchange.services.requests import PRINTABLE, room_for_more
from yichuan.exchange.services.return_notice import verify_notice
from yichuan.exchange.states import DELIVERY, DeliveryState, RequestState
from yichuan.org.models import Box
from yichuan.org.selectors import Desk
from yichuan.people.models import Account

register = template.Library()


@dataclass(frozen=True)
class Answers:
    """What the receiver may do beside signing for, printing and returning; and what was said so far."""

    resend: bool
    prints: bool
    forward: bool
    room: int
    offices: list[Box] = field(default_factory=list)
    requests: list[DeliveryRequest] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether there is anything to choose from."""
        return bool(self.resend or self.prints or self.forward or self.offices)


@register.simple_tag
def answers_of(actor: Account, delivery: Delivery) -> Answers:
    """For the document page, asked again by each service."""
    requests = requests_of(delivery)
    open_kinds = {each.kind for each in requests if each.state == RequestState.ASKED}
    ask, room = actor.has_perm(ExchangePermission.ASK, delivery), room_for_more(delivery)
    at_office = delivery.office_id is not None
    assign = not at_office and delivery.state in HELD and actor.has_perm(ExchangePermission.ASSIGN, delivery)
    forward = at_office and DELIVERY.allows("forward", delivery.state)
    return Answers(
        resend=ask and DELIVERY.allows("resend", delivery.state) and "resend" not in open_kinds,
        prints=ask and delivery.state in PRINTABLE and room > 0 and "prints" not in open_kinds,
        forward=forward and actor.has_perm(ExchangePermission.FORWARD, delivery),
        room=room,
        offices=offices_to_choose(delivery) if assign else [],
        requests=requests,
        assignments=[] if at_office else assignments_of(delivery),
    )


@register.simple_tag
def chain(delivery: Delivery) -> list[Link]:
    """The deliveries that lead to one another, if there is more than this one."""
    return chain_of(delivery)


@register.filter
def successor(links: list[Link]) -> Delivery | None:
    """The last of a chain, unless it is the one that is looked at."""
    return None if not links or links[-1].here else links[-1].delivery


@register.simple_tag
def return_notice(delivery: Delivery) -> ReturnNotice | None:
    """The notice of the return, or None."""
    return notice_of(delivery)


@register.filter
def notice_holds(notice: ReturnNotice) -> bool:
    """Whether the paper is as the returning box's key signed it."""
    return verify_notice(notice)


@register.simple_tag
def requests_about(actor: Account, delivery: Delivery) -> dict[str, Any]:
    """What the receiver asked, for the sender: the open ones, the answered ones, and whether this person answers."""
    found = requests_of(delivery)
    return {
        "open": [each for each in found if each.state == RequestState.ASKED],
        "answered": [each for each in found if each.state != RequestState.ASKED],
        "may": actor.has_perm(ExchangePermission.ANSWER, delivery.dispatch),
        "room": room_for_more(delivery),
    }


@register.simple_tag
def return_reasons() -> list[ReturnReason]:
    """The usual reasons of a return."""
    return list(ReturnReason)


@register.simple_tag(takes_context=True)
def ticked(context: dict[str, Any], name: str) -> list[str]:
    """What was ticked in a form that was refused."""
    return list(context["request"].POST.getlist(name))


@register.filter
def alive(delivery: Delivery) -> bool:
    """Whether it lies with the receiver to be handled."""
    return delivery.state in (DeliveryState.DELIVERED, *PRINTABLE)


@register.simple_tag
def assigned_waiting(desk: Desk | None) -> int | None:
    """How many documents the registry gave to this office and nobody has taken; None at a registry."""
    if desk is None or desk.office_id is None:
        return None
    return assigned_to(desk.office_id, waiting=True).count()
