"""发送跟踪: the tracking board, one recipient's course."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yichuan.audit.models import Entry
from yichuan.audit.selectors import history
from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.compose.permissions import ComposePermission
from yichuan.exchange.half_days import last_ended
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import copies_of, receipts_of, with_names
from yichuan.exchange.selectors_board import board, dispatch_with_names
from yichuan.exchange.selectors_paper import paper_sums, papers_of
from yichuan.exchange.services.call_receiver import calls_shown
from yichuan.exchange.services.receipts import verify_receipt
from yichuan.exchange.services.settle_return import settle_return
from yichuan.exchange.states import DeliveryState
from yichuan.people.models import Account
from yichuan.web.requests import actor_of, posted


def _dispatch(actor: Account, dispatch_id: uuid.UUID) -> Dispatch:
    dispatch = dispatch_with_names(dispatch_id)
    if dispatch is None or not actor.has_perm(ExchangePermission.TRACK, dispatch):
        raise NotFound("no_dispatch", "没有这次发送，或者不是你单位的。请回到发送跟踪查看。")
    return dispatch


@requires(ExchangePermission.TRACK)
@require_GET
def board_page(request: HttpRequest, dispatch_id: uuid.UUID) -> HttpResponse:
    """The tracking board of one dispatch; over htmx only the board, which refreshes itself."""
    template = "exchange/parts/board.html" if request.headers.get("HX-Request") else "exchange/board.html"
    return render(request, template, board_context(request, dispatch_id))


def board_context(request: HttpRequest, dispatch_id: uuid.UUID) -> dict[str, Any]:
    """Everything that the page of the board shows. Raises `NotFound` for another unit's."""
    dispatch = _dispatch(actor_of(request), dispatch_id)
    ended = last_ended(clock.now())
    shown = board(dispatch.pk, ended.asked if ended else None)
    return {
        "dispatch": dispatch,
        "document": dispatch.document,
        "board": shown,
        "sheet": paper_sums(dispatch),
        "may_urge": shown.counts[DeliveryState.DELIVERED]
        and actor_of(request).has_perm(ComposePermission.SEND, dispatch),
    }


@requires(ExchangePermission.TRACK)
@require_GET
def recipient(request: HttpRequest, dispatch_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    """One recipient's course: times, copies, reason of a return, receipts with their signatures checked."""
    return recipient_page(request, dispatch_id, delivery_id)


def recipient_of(actor: Account, dispatch_id: uuid.UUID, delivery_id: uuid.UUID) -> Delivery:
    """One delivery of a dispatch, for the unit that sent it."""
    dispatch = _dispatch(actor, dispatch_id)
    found = with_names(Delivery.objects.filter(pk=delivery_id, dispatch=dispatch))
    delivery = found.select_related("box", "signed_for_by").first()
    if delivery is None:
        raise NotFound("no_delivery", "这次发送里没有这个单位。")
    return delivery


def recipient_page(
    request: HttpRequest, dispatch_id: uuid.UUID, delivery_id: uuid.UUID, refusal: Refused | None = None
) -> HttpResponse:
    """The recipient's page, with the refusal of what was pressed on it."""
    delivery = recipient_of(actor_of(request), dispatch_id, delivery_id)
    dispatch = delivery.dispatch
    receipts = [{"receipt": receipt, "valid": verify_receipt(receipt)} for receipt in receipts_of(delivery)]
    context = {
        "dispatch": dispatch,
        "document": dispatch.document,
        "delivery": delivery,
        "copies": copies_of(delivery),
        "papers": papers_of(delivery),
        "receipts": receipts,
        "calls": calls_shown(delivery, to_sender=True),
        "returned_by": _returned_by(delivery),
        "may_settle": actor_of(request).has_perm(ComposePermission.SEND, dispatch),
        "refusal": refusal,
    }
    return render(request, "exchange/recipient.html", context, status=refusal.status if refusal else 200)


def _returned_by(delivery: Delivery) -> str:
    acts = (each for each in history([delivery.pk]) if isinstance(each, Entry))
    return next((each.actor_name for each in acts if each.verb == "exchange.return"), "")


@requires(ComposePermission.SEND)
@posted("exchange:recipient", keep=2)
def settle(request: HttpRequest, dispatch_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    """处理退回: the sender has dealt with it, and it leaves the workbench."""
    settle_return(actor=actor_of(request), dispatch_id=dispatch_id, delivery_id=delivery_id)
    return redirect("exchange:recipient", dispatch_id, delivery_id)
