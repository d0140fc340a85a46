"""分办来文 from the office's end: finding what the registry gave it, and opening it under the office's own box."""

import uuid

from yichuan.audit.selectors import recorded_lately
from yichuan.audit.services.record import record
from yichuan.common import clock, memory, sealed
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import Permission, check
from yichuan.common.transactions import command
from yichuan.compose.services.keys import unwrap_from
from yichuan.exchange.models import Assignment
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.look import AGAIN_AFTER
from yichuan.exchange.states import DeliveryState
from yichuan.people.models import Account

GONE = "没有这件分办来文，或者不是分给你处室的。请回到分办来文查看。"
HELD = (DeliveryState.SIGNED_FOR, DeliveryState.RECEIVED)
"""The registry has the document; what it returned or lost to a resend is not handled by its offices meanwhile."""


def given_to(
    actor: Account, assignment_id: uuid.UUID, permission: Permission = ExchangePermission.SEE_INBOX
) -> Assignment:
    """The assignment, for somebody of the office it was given to; any other looks as if it did not exist."""
    rows = Assignment.objects.select_related(
        "delivery__dispatch__document", "delivery__dispatch__sender", "delivery__dispatch__unit", "box", "office",
        "unit", "given_by", "taken_by",
    )  # fmt: skip
    found = rows.filter(pk=assignment_id).first()
    if found is None or not actor.has_perm(ExchangePermission.SEE_INBOX, found):
        raise NotFound("no_assignment", GONE)
    check(actor, permission, found)
    return found


def assigned_key(assignment: Assignment) -> bytes:
    """The document's key out of the office's own wrap. Refused where the registry holds the document no more."""
    state = DeliveryState(assignment.delivery.state)
    if state not in HELD:
        raise Refused("not_held", f"收发室的这件公文现在是「{state.label}」，暂时不能打开。请联系本单位收发室。")
    if assignment.box is None:
        raise NotFound("no_assignment", GONE)
    return unwrap_from(assignment.box, assignment.delivery.dispatch.document, bytes(assignment.wrapped_key))


def assigned_body(assignment: Assignment) -> bytes:
    """The sealed OFD, byte for byte."""
    key, document = assigned_key(assignment), assignment.delivery.dispatch.document
    return memory.remember(
        ("body", document.body, assignment.pk),
        lambda: sealed.read_bytes(key, document.body_context, document.body),
    )


def record_look_at_assigned(actor: Account, assignment: Assignment) -> None:
    """Write down that the office looks at it: once an hour each. A command."""
    verb = "exchange.look_at_assigned"
    if recorded_lately(verb=verb, actor=actor, subject=assignment, since=clock.now() - AGAIN_AFTER):
        return
    with command():
        record(verb="exchange.look_at_assigned", actor=actor, unit_id=assignment.unit_id, subject=assignment)
