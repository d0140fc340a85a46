"""Taking a sent document back (撤回) as long as nobody has signed for it, on record with everyone it had reached."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from yichuan.audit.services.record import entry, record_all
from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command, require_transaction
from yichuan.compose.models import Document
from yichuan.compose.services.mark_withdrawn import mark_withdrawn
from yichuan.compose.services.reasons import given_reason
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.states import DELIVERY, DeliveryState
from yichuan.people.models import Account

NAMED_AT_MOST = 3
Share = TypeVar("Share", bound="Reached")


def withdraw(*, actor: Account, dispatch_id: uuid.UUID, reason: str) -> Dispatch:
    """Take back what was sent, from all recipients at once, until the first has signed for it. A command.

    What a recipient returned already stays returned. Raises Invalid on `reason`; NotFound; Refused `wrong_state`,
    which names who has signed for it.
    """
    _own(actor, dispatch_id)
    reason = given_reason(reason, noun="撤回原因")
    with command():
        Dispatch.objects.select_for_update(no_key=True).filter(pk=dispatch_id).first()  # as papers do: it comes first
        dispatch = _own(actor, dispatch_id)
        dispatch.document = Document.objects.select_for_update().get(pk=dispatch.document_id)
        deliveries = _locked(dispatch)
        mark_withdrawn(actor, dispatch.document, reason)
        open_ones = _open(deliveries)
        check(actor, ExchangePermission.WITHDRAW, dispatch)
        at = clock.now()
        Delivery.objects.filter(pk__in=[each.pk for each in open_ones]).update(state=DeliveryState.WITHDRAWN)
        dispatch.withdrawn_at, dispatch.withdrawn_by, dispatch.withdrawn_reason = at, actor, reason
        dispatch.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        _tell(actor, dispatch, open_ones)
    return dispatch


class Reached(Protocol):
    """A delivery as far as taking back looks at it."""

    @property
    def state(self) -> str: ...
    @property
    def signed_for_at(self) -> datetime | None: ...
    @property
    def addressee_then(self) -> str: ...


def why_not(dispatch: Dispatch, deliveries: Sequence[Reached]) -> str:
    """Why it cannot be taken back any more, for the page of the sender; "" where it can."""
    if dispatch.withdrawn_at is not None:
        return "这件公文已经撤回。"
    try:
        _open(deliveries)
    except Refused as refusal:
        return refusal.message
    return ""


def _own(actor: Account, dispatch_id: uuid.UUID) -> Dispatch:
    """The dispatch of the actor's own unit; another's looks as if it did not exist."""
    dispatch = Dispatch.objects.filter(pk=dispatch_id).first()
    if dispatch is None or not actor.has_perm(ExchangePermission.TRACK, dispatch):
        raise NotFound("no_dispatch", "没有这次发送，或者不是你单位的。请回到发送跟踪查看。")
    return dispatch


def _locked(dispatch: Dispatch) -> list[Delivery]:
    """Every delivery of it under lock; looked up twice, since one that was passed on while this waited is another."""
    require_transaction()
    for _ in range(2):
        found = list(dispatch.deliveries.select_for_update(of=("self",)).select_related("addressee").order_by("pk"))
    return found


def _open(deliveries: Sequence[Share]) -> list[Share]:
    """Those that go back; Refused where one was signed for, or none is left."""
    signed = [each for each in deliveries if each.signed_for_at is not None]
    signed += [each for each in deliveries if each.signed_for_at is None and each.state in _TAKEN]
    if signed:
        names = "、".join(each.addressee_then for each in signed[:NAMED_AT_MOST])
        more = f"等 {len(signed)} 个单位" if len(signed) > NAMED_AT_MOST else ""
        state = DeliveryState(signed[0].state)
        label = state.label if state in _TAKEN else DeliveryState.SIGNED_FOR.label
        raise Refused(
            "wrong_state", f"{names}{more}{label}，不能再撤回。内容有错时请与收文单位联系，由其退回后更正重发。"
        )
    found = [each for each in deliveries if DELIVERY.allows("withdraw", each.state)]
    if all(each.state == DeliveryState.RETURNED for each in deliveries):
        raise Refused("wrong_state", "收件单位都已退回，不用再撤回。改好以后请更正重发。")
    if not found:
        DELIVERY.find("withdraw", deliveries[0].state)
    return found


_TAKEN = (DeliveryState.SIGNED_FOR, DeliveryState.RECEIVED)


def _tell(actor: Account, dispatch: Dispatch, withdrawn: list[Delivery]) -> None:
    """Into the course of each recipient, and onto their screens."""
    detail = {"number": dispatch.document.number}
    record_all(
        entry(verb="exchange.withdraw", actor=actor, unit_id=each.unit_id, subject=each, detail=detail)
        for each in withdrawn
    )
    for kind in ("inbox", "withdrawn"):
        publish(kind, [each.unit_id for each in withdrawn], subject_id=dispatch.pk)
