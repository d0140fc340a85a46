"""What was sent: how far each recipient is, their receipts, taking it back, answering requests (J-31, J-36, J-37)."""

import uuid
from collections import Counter
from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet, UUIDField
from django.http import HttpRequest
from ninja import Router
from pydantic import Field, StringConstraints

from yichuan.common.errors import NotFound
from yichuan.common.prepared import Prepared
from yichuan.exchange.models import DeliveryRequest, Dispatch, PaperRecipient, Receipt
from yichuan.exchange.models.deliveries import name_of_its_day
from yichuan.exchange.permissions import ExchangePermission as May
from yichuan.exchange.services.grant_request import grant
from yichuan.exchange.services.refuse_request import refuse
from yichuan.exchange.services.requests import to_answer
from yichuan.exchange.services.withdraw import withdraw
from yichuan.exchange.states import DeliveryState, RequestState
from yichuan.interface.api.base import Given, Told, client_of, operation
from yichuan.interface.api.told import ReceiptOut, ReceiptsOut, RequestOut, RequestsOut, UnitOut
from yichuan.interface.selectors import BoardRow, board_rows

router = Router(tags=["发送跟踪 Dispatches"])
Text = Annotated[str, StringConstraints(max_length=4000)]
THERE = ("no_dispatch",)
ANSWERS = ("no_request", "wrong_state")
LABELS = {state.value: state.label for state in DeliveryState}


class RecipientOut(Told):
    """How far one recipient is."""

    delivery: uuid.UUID
    unit: UnitOut
    addressee_name: str
    role: str
    allowance: int
    printed: int
    state: str
    state_label: str
    counted_day: date
    signed_for_at: datetime | None
    received_at: datetime | None
    returned_at: datetime | None
    return_reason: str


class UnconnectedOut(Told):
    """A recipient that gets paper only (D6)."""

    name: str
    role: str
    address: str
    copies: int
    posted_at: datetime | None


class DispatchOut(Told):
    """One sending and its board; `counts` says how many recipients stand in each state."""

    id: uuid.UUID
    document: uuid.UUID
    number: str | None
    title: str
    sent_at: datetime
    counted_day: date
    without_call: bool
    withdrawn_at: datetime | None
    withdrawn_reason: str
    counts: dict[str, int]
    recipients: list[RecipientOut]
    unconnected: list[UnconnectedOut]

    @classmethod
    def of(cls, dispatch: Dispatch, *, connected: bool = False) -> "DispatchOut":
        """`connected`: that it is known to have no recipient that is not."""
        rows = board_rows(dispatch.pk)
        stand = Counter(row.state for row in rows)
        return cls(
            id=dispatch.pk,
            document=dispatch.document_id,
            number=dispatch.document.number,
            title=dispatch.document.title,
            sent_at=dispatch.sent_at,
            counted_day=dispatch.counted_day,
            without_call=dispatch.without_call,
            withdrawn_at=dispatch.withdrawn_at,
            withdrawn_reason=dispatch.withdrawn_reason,
            counts={state.value: stand[state.value] for state in DeliveryState},
            recipients=[_recipient(each, dispatch.counted_day) for each in rows],
            unconnected=[] if connected else [UnconnectedOut(**each) for each in _unconnected(dispatch=dispatch.pk)],
        )


def _recipient(row: BoardRow, counted_day: date) -> RecipientOut:
    return RecipientOut(
        delivery=row.delivery,
        unit=UnitOut(id=row.unit_id, code=row.code, short_name=row.short_name, name=row.name),
        addressee_name=name_of_its_day(row.addressee, row.short_name, row.closed_at, row.addressee_office),
        role=row.role,
        allowance=row.allowance,
        printed=row.printed,
        state=row.state,
        state_label=LABELS[row.state],
        counted_day=row.counted_day or counted_day,
        signed_for_at=row.signed_for_at,
        received_at=row.received_at,
        returned_at=row.returned_at,
        return_reason=row.return_reason,
    )


def _unconnected_rows(dispatch: uuid.UUID) -> QuerySet[PaperRecipient, Any]:
    return PaperRecipient.objects.filter(dispatch=dispatch).values("name", "role", "address", "copies", "posted_at")


_unconnected = Prepared(_unconnected_rows, dispatch=UUIDField())


def own_dispatch(request: HttpRequest, dispatch_id: uuid.UUID) -> Dispatch:
    """A dispatch of the client's unit; another's looks as if it did not exist."""
    return tracked(request, Dispatch.objects.select_related("document").filter(pk=dispatch_id).first())


def tracked(request: HttpRequest, dispatch: Dispatch | None) -> Dispatch:
    """The same of one that is at hand already."""
    if dispatch is None or not client_of(request).account.has_perm(May.TRACK, dispatch):
        raise NotFound("no_dispatch", "没有这次发送，或者不是你单位的。")
    return dispatch


@operation(
    router, "GET", "/dispatches/{uuid:dispatch_id}", permission=May.TRACK, answer=DispatchOut, codes=THERE,
    summary="发送跟踪 The tracking board",
)  # fmt: skip
def get_dispatch(request: HttpRequest, dispatch_id: uuid.UUID) -> DispatchOut:
    """When it was sent, and how far each recipient is."""
    return DispatchOut.of(own_dispatch(request, dispatch_id))


@operation(
    router, "GET", "/dispatches/{uuid:dispatch_id}/receipts", permission=May.TRACK, answer=ReceiptsOut, codes=THERE,
    summary="各收件单位的回执 The receipts of all recipients",
)  # fmt: skip
def get_dispatch_receipts(request: HttpRequest, dispatch_id: uuid.UUID) -> ReceiptsOut:
    """Each with its signature and the key that verifies it (R6)."""
    rows = Receipt.objects.filter(delivery__dispatch=own_dispatch(request, dispatch_id)).select_related("delivery__box")
    return ReceiptsOut(items=[ReceiptOut.of(each) for each in rows.order_by("at", "pk")])


@operation(
    router, "GET", "/dispatches/{uuid:dispatch_id}/requests", permission=May.TRACK, answer=RequestsOut, codes=THERE,
    summary="收件单位的申请 What recipients asked for",
)  # fmt: skip
def get_dispatch_requests(request: HttpRequest, dispatch_id: uuid.UUID) -> RequestsOut:
    """The latest first; those in the state `asked` wait for an answer."""
    rows = DeliveryRequest.objects.filter(delivery__dispatch=own_dispatch(request, dispatch_id))
    return RequestsOut(items=[RequestOut.of(each) for each in rows.select_related("delivery").order_by("-asked_at")])


class WithdrawIn(Given):
    """Why it is taken back."""

    reason: Text = Field(examples=["附件有误，更正后重发。"])


def _withdrawn(request: HttpRequest, dispatch_id: uuid.UUID, given: WithdrawIn) -> DispatchOut | None:
    dispatch = own_dispatch(request, dispatch_id)
    return DispatchOut.of(dispatch) if dispatch.withdrawn_by_id == client_of(request).account_id else None


@operation(
    router, "POST", "/dispatches/{uuid:dispatch_id}/withdraw", permission=May.WITHDRAW, answer=DispatchOut, key=True,
    codes=(*THERE, "wrong_state"), done=_withdrawn, summary="撤回 Take it back",
)  # fmt: skip
def withdraw_dispatch(request: HttpRequest, dispatch_id: uuid.UUID, given: WithdrawIn) -> DispatchOut:
    """Until the first recipient has signed for it."""
    withdraw(actor=client_of(request).account, dispatch_id=dispatch_id, reason=given.reason)
    return DispatchOut.of(own_dispatch(request, dispatch_id))


class GrantIn(Given):
    """How many more prints; null for as many as were asked for. Nothing to say of a resend."""

    copies: Annotated[int, Field(ge=1, le=10_000)] | None = None


class RefuseIn(Given):
    """What the receiver is told."""

    answer: Text = Field(examples=["份数已经够用。"])


def _answered(request: HttpRequest, request_id: uuid.UUID, state: RequestState) -> RequestOut | None:
    found = to_answer(client_of(request).account, request_id)
    by_us = found.state == state and found.answered_by_id == client_of(request).account_id
    return RequestOut.of(found) if by_us else None


def _granted(request: HttpRequest, request_id: uuid.UUID, given: GrantIn) -> RequestOut | None:
    return _answered(request, request_id, RequestState.GRANTED)


def _refused(request: HttpRequest, request_id: uuid.UUID, given: RefuseIn) -> RequestOut | None:
    return _answered(request, request_id, RequestState.REFUSED)


@operation(
    router, "POST", "/requests/{uuid:request_id}/grant", permission=May.ANSWER, answer=RequestOut, key=True,
    codes=ANSWERS, done=_granted, summary="同意申请 Grant a request",
)  # fmt: skip
def grant_request(request: HttpRequest, request_id: uuid.UUID, given: GrantIn) -> RequestOut:
    """More prints are allowed at once; a resend arrives as a delivery of its own (`led_to`)."""
    return RequestOut.of(grant(actor=client_of(request).account, request_id=request_id, copies=given.copies))


@operation(
    router, "POST", "/requests/{uuid:request_id}/refuse", permission=May.ANSWER, answer=RequestOut, key=True,
    codes=ANSWERS, done=_refused, summary="不同意申请 Refuse a request",
)  # fmt: skip
def refuse_request(request: HttpRequest, request_id: uuid.UUID, given: RefuseIn) -> RequestOut:
    """With words that the receiver reads."""
    return RequestOut.of(refuse(actor=client_of(request).account, request_id=request_id, answer=given.answer))
