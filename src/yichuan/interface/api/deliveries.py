"""The box of an office system: what came, its checks, signing for it, reading it, returning it (J-33, J-36)."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Annotated

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Query, Router
from pydantic import Field, StringConstraints

from yichuan.common import clock
from yichuan.compose.services.read import read_attachment
from yichuan.exchange.models import Delivery, DeliveryRequest
from yichuan.exchange.permissions import ExchangePermission as May
from yichuan.exchange.selectors import receipts_of
from yichuan.exchange.services.ask_request import ask
from yichuan.exchange.services.check import check_delivery, delivered_key
from yichuan.exchange.services.locking import visible
from yichuan.exchange.services.look import record_look
from yichuan.exchange.services.read_by_interface import read
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.states import DeliveryState, RequestState
from yichuan.interface.api.base import Given, client_of, desk_of, operation
from yichuan.interface.api.cursors import Cursor, read_cursor
from yichuan.interface.api.told import (
    BoxOut,
    ChecksOut,
    DeliveryLine,
    DeliveryOut,
    ReceiptOut,
    ReceiptsOut,
    RequestOut,
    RequestsOut,
)
from yichuan.interface.selectors import deliveries_named, happened
from yichuan.web.requests import file, streamed

router = Router(tags=["收文 Deliveries"])
MOST = 200
OVERLAP = timedelta(seconds=10)
"""How long a sending may take from its time to its commit: a cursor never runs past that."""
BEGINNING = Cursor(datetime(1970, 1, 1, tzinfo=UTC), uuid.UUID(int=0), datetime(1970, 1, 1, tzinfo=UTC))
OFD, BYTES = "application/ofd", "application/octet-stream"
Text = Annotated[str, StringConstraints(max_length=4000)]
THERE = ("no_delivery",)
ACTS = (*THERE, "wrong_state")


@operation(
    router, "GET", "/deliveries", permission=May.SEE_INBOX, answer=BoxOut,
    summary="收文箱：新到的和有变化的 The box: what arrived and what changed", codes=("bad_cursor",),
)  # fmt: skip
def list_deliveries(
    request: HttpRequest,
    since: Annotated[
        str, Query(max_length=200, description="`next` of the answer before; without it, all there is")
    ] = "",
    state: Annotated[DeliveryState | None, Query(description="only what arrived and is in this state now")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> BoxOut:
    """Ask again and again with `since=next`. What happened in the last seconds may be told twice, nothing is left out.

    A line tells a delivery as it stands now, whatever happened to it; what is told twice is told alike.
    """
    client = client_of(request)
    desk, now = desk_of(client), clock.now()
    begun = read_cursor(since) if since else BEGINNING
    floor = begun.floor if begun.floor > BEGINNING.floor else now - OVERLAP
    found = happened(desk, (begun.at, begun.id), limit + 1, state.value if state else "")
    page, more = found[:limit], len(found) > limit
    there = deliveries_named(desk, [each for _, each in page])
    last = Cursor(*page[-1], floor) if page else Cursor(begun.at, begun.id, floor)
    if not more:  # the next listing begins anew, before whatever is being committed at this moment
        border = Cursor(floor, uuid.UUID(int=0), BEGINNING.floor)
        last = Cursor(last.at, last.id, BEGINNING.floor) if last.at <= floor else border
    told = dict.fromkeys(each for _, each in page if each in there)
    return BoxOut(items=[DeliveryLine.of(there[each]) for each in told], next=last.written(), more=more)


@operation(
    router, "GET", "/deliveries/{uuid:delivery_id}", permission=May.SEE_INBOX, answer=DeliveryOut, codes=THERE,
    summary="一件来文 One delivery",
)  # fmt: skip
def get_delivery(request: HttpRequest, delivery_id: uuid.UUID) -> DeliveryOut:
    """What it is, where it stands, its attachments, and what the client may do with it now."""
    return _told(request, _visible(request, delivery_id))


@operation(
    router, "GET", "/deliveries/{uuid:delivery_id}/checks", permission=May.SEE_INBOX, answer=ChecksOut, codes=THERE,
    summary="逐项校验 The checks, each by name",
)  # fmt: skip
def get_checks(request: HttpRequest, delivery_id: uuid.UUID) -> ChecksOut:
    """What the page shows before signing for (J-33): sender, addressee, content, seal, certificate, time."""
    return ChecksOut.of(check_delivery(visible(client_of(request).account, delivery_id)))


def _signed_for(request: HttpRequest, delivery_id: uuid.UUID) -> DeliveryOut | None:
    delivery = _visible(request, delivery_id)
    return _told(request, delivery) if delivery.signed_for_by_id == client_of(request).account_id else None


@operation(
    router, "POST", "/deliveries/{uuid:delivery_id}/sign-for", permission=May.SIGN_FOR, answer=DeliveryOut, key=True,
    codes=(*ACTS, "not_sound"), done=_signed_for, summary="签收 Sign for",
)  # fmt: skip
def sign_for_delivery(request: HttpRequest, delivery_id: uuid.UUID) -> DeliveryOut:
    """It says that it arrived. Refused where a check failed: such a document can only be returned."""
    return _told(request, sign_for(actor=client_of(request).account, delivery_id=delivery_id))


@operation(
    router, "POST", "/deliveries/{uuid:delivery_id}/read", permission=May.READ, answer=OFD, key=True,
    codes=(*ACTS, "not_sound"), summary="读取公文，计为接收 Read the body: this is receiving",
)  # fmt: skip
def read_delivery(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """The sealed OFD, byte for byte as it was sent. The first reading is the time of receiving (J-36).

    Reading again, with the same key or another, gives the same bytes.
    """
    delivery, body = read(actor=client_of(request).account, delivery_id=delivery_id)
    return file(body, name=f"{delivery.dispatch.document.number}.ofd", media_type=OFD)


class ReturnIn(Given):
    """Why it goes back."""

    reason: Text = Field(examples=["不属于本单位职责，请改送市卫生局。"])


def _returned(request: HttpRequest, delivery_id: uuid.UUID, given: ReturnIn) -> DeliveryOut | None:
    delivery = _visible(request, delivery_id)
    same = delivery.state == DeliveryState.RETURNED and delivery.return_reason == given.reason.strip()
    return _told(request, delivery) if same else None


@operation(
    router, "POST", "/deliveries/{uuid:delivery_id}/return", permission=May.RETURN, answer=DeliveryOut, key=True,
    codes=ACTS, done=_returned, summary="退回 Return, with the reason",
)  # fmt: skip
def return_to_sender(request: HttpRequest, delivery_id: uuid.UUID, given: ReturnIn) -> DeliveryOut:
    """Before it is received. The sender reads the reason."""
    return_delivery(actor=client_of(request).account, delivery_id=delivery_id, reason=given.reason)
    return _told(request, _visible(request, delivery_id))


@operation(
    router, "GET", "/deliveries/{uuid:delivery_id}/attachments/{uuid:attachment_id}", permission=May.SEE_INBOX,
    answer=BYTES, codes=(*THERE, "no_attachment"), summary="附件 An attachment",
)  # fmt: skip
def get_attachment(request: HttpRequest, delivery_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponseBase:
    """Its bytes. That it was looked at is on record; like on the page, that is not receiving."""
    delivery = _visible(request, delivery_id)
    found, pieces = read_attachment(delivery.dispatch.document, delivered_key(delivery), attachment_id)
    record_look(client_of(request).account, delivery, f"attachment {found.order}")
    return streamed(pieces, size=found.size, name=found.name, media_type=BYTES)


@operation(
    router, "GET", "/deliveries/{uuid:delivery_id}/receipts", permission=May.SEE_INBOX, answer=ReceiptsOut,
    codes=THERE, summary="本单位给出的回执 The receipts given",
)  # fmt: skip
def get_receipts(request: HttpRequest, delivery_id: uuid.UUID) -> ReceiptsOut:
    """What the sender was told, with signature and key."""
    delivery = _visible(request, delivery_id)
    return ReceiptsOut(items=[ReceiptOut.of(each) for each in reversed(receipts_of(delivery))])


class AskIn(Given):
    """What is asked for: `resend`, or `prints` with so many `copies`."""

    kind: DeliveryRequest.Kind
    copies: Annotated[int, Field(ge=0, le=10_000)] = 0
    reason: Text = Field(examples=["打印机卡纸，作废两份。"])


def _asked(request: HttpRequest, delivery_id: uuid.UUID, given: AskIn) -> RequestOut | None:
    rows = DeliveryRequest.objects.filter(delivery_id=delivery_id, asked_by=client_of(request).account)
    row = rows.filter(kind=given.kind, state=RequestState.ASKED, reason=given.reason.strip()).first()
    return RequestOut.of(row) if row is not None else None


@operation(
    router, "POST", "/deliveries/{uuid:delivery_id}/requests", permission=May.ASK, answer=RequestOut, status=201,
    key=True, codes=(*ACTS, "asked_already"), done=_asked,
    summary="申请重发、追加份数 Ask for a resend or for more prints",
)  # fmt: skip
def ask_sender(request: HttpRequest, delivery_id: uuid.UUID, given: AskIn) -> RequestOut:
    """With the reason; one open request of a kind (J-37)."""
    made = ask(
        actor=client_of(request).account, delivery_id=delivery_id, kind=given.kind, copies=given.copies,
        reason=given.reason,
    )  # fmt: skip
    return RequestOut.of(made)


@operation(
    router, "GET", "/deliveries/{uuid:delivery_id}/requests", permission=May.SEE_INBOX, answer=RequestsOut,
    codes=THERE, summary="提出的申请和答复 What was asked for and the answers",
)  # fmt: skip
def get_requests(request: HttpRequest, delivery_id: uuid.UUID) -> RequestsOut:
    """The latest first."""
    delivery = _visible(request, delivery_id)
    return RequestsOut(items=[RequestOut.of(each) for each in delivery.requests.order_by("-asked_at")])


def _visible(request: HttpRequest, delivery_id: uuid.UUID) -> Delivery:
    return visible(client_of(request).account, delivery_id)


def _told(request: HttpRequest, delivery: Delivery) -> DeliveryOut:
    return DeliveryOut.of_actor(delivery, client_of(request).account)
