"""发送 and 发送跟踪: the sending form, the list of what was sent, the tracking board."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.audit.selectors import history
from yichuan.common import profile
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.save import own
from yichuan.compose.states import DocumentState
from yichuan.exchange.forms import Chosen, SendForm
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.recipients import find, picker_data
from yichuan.exchange.selectors import board, copies_of, dispatches_of, receipts_of, with_names, with_progress
from yichuan.exchange.selectors_paper import paper_sheet, papers_of
from yichuan.exchange.services.receipts import verify_receipt
from yichuan.exchange.services.send import send
from yichuan.exchange.services.settle_return import settle_return
from yichuan.people.models import Account
from yichuan.web.requests import actor_of, no_store, posted, searched, unit_of

PER_PAGE = 14
FIELDS = ("main", "copy", "allowance")
OWN = "allowance-"


@requires(ComposePermission.SEND)
@require_http_methods(["GET", "POST"])
def send_page(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """发送: recipients, allowance, and the button that sends once."""
    document = own(actor_of(request), document_id, ComposePermission.SEND)
    values = {name: request.POST.getlist(name) for name in ("main", "copy")}
    chosen = Chosen([*values["main"], *values["copy"]])
    context: dict[str, Any] = {
        "document": document,
        "picker": picker_data(document.unit, chosen.units.values()),
        "key": uuid.uuid4(),
        "errors": {},
        "field_errors": dict.fromkeys(FIELDS, ""),
        "chosen": values,
        "allowance": profile.current().default_allowance,
        "rules": profile.current(),
    }
    if request.method == "GET":
        if document.state == DocumentState.SENT:
            return redirect("exchange:board", document.dispatch.pk)
        if document.state != DocumentState.SEALED:
            return redirect("compose:show", document.pk)
        return render(request, "exchange/send.html", context)
    form = SendForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("stale_form", "这张发送单失效了，请刷新页面。")
        dispatch = send(
            actor=actor_of(request),
            document=document,
            recipients=form.recipients(document.unit),
            idempotency_key=form.cleaned_data["key"],
        )
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        context["errors"] = refusal.errors if isinstance(refusal, Invalid) else {"": refusal.message}
        context["field_errors"] = {name: context["errors"].get(name, "") for name in FIELDS}
        context["allowance"] = request.POST.get("allowance", "")[:20]
        context["own_allowances"] = _own_allowances(request)
        return render(request, "exchange/send.html", context, status=refusal.status)
    return redirect("exchange:board", dispatch.pk)


def _own_allowances(request: HttpRequest) -> list[dict[str, str]]:
    """What was asked for single units, so that a refused form loses none of it."""
    given = {name[len(OWN) :]: number for name, number in request.POST.items() if name.startswith(OWN) and number}
    names = Chosen(given).named()
    return [
        {"value": value, "text": names[value], "number": str(number)[:20]}
        for value, number in given.items()
        if value in names
    ]


@requires(ComposePermission.SEND)
@require_GET
def find_recipients(request: HttpRequest) -> HttpResponse:
    """The units and offices that match what was typed into the picker of a large centre."""
    return no_store(JsonResponse({"units": find(searched(request, "q"), unit_of(request))}))


@requires(ExchangePermission.TRACK)
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """发送跟踪: what the unit sent and how far each is."""
    unit, number = unit_of(request), searched(request, "number")
    page = Paginator(dispatches_of(unit.pk, number=number), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = with_progress(page.object_list)
    context = {"page": page, "number": number, "total": dispatches_of(unit.pk).count() if number else 0}
    return render(request, "exchange/sent.html", context)


def _dispatch(actor: Account, dispatch_id: uuid.UUID) -> Dispatch:
    dispatch = Dispatch.objects.select_related("document", "unit", "sender", "sent_by").filter(pk=dispatch_id).first()
    if dispatch is None or not actor.has_perm(ExchangePermission.TRACK, dispatch):
        raise NotFound("no_dispatch", "没有这次发送，或者不是你单位的。请回到发送跟踪查看。")
    return dispatch


@requires(ExchangePermission.TRACK)
@require_GET
def board_page(request: HttpRequest, dispatch_id: uuid.UUID) -> HttpResponse:
    """The tracking board of one dispatch; over htmx only the board, which refreshes itself."""
    dispatch = _dispatch(actor_of(request), dispatch_id)
    template = "exchange/parts/board.html" if request.headers.get("HX-Request") else "exchange/board.html"
    context = {
        "dispatch": dispatch,
        "document": dispatch.document,
        "board": board(dispatch),
        "sheet": paper_sheet(dispatch),
    }
    return render(request, template, context)


@requires(ExchangePermission.TRACK)
@require_GET
def recipient(request: HttpRequest, dispatch_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    """One recipient's course: times, copies, reason of a return, receipts with their signatures checked."""
    dispatch = _dispatch(actor_of(request), dispatch_id)
    delivery = (
        with_names(Delivery.objects.filter(pk=delivery_id, dispatch=dispatch))
        .select_related("box", "signed_for_by")
        .first()
    )
    if delivery is None:
        raise NotFound("no_delivery", "这次发送里没有这个单位。")
    receipts = [{"receipt": receipt, "valid": verify_receipt(receipt)} for receipt in receipts_of(delivery)]
    context = {
        "dispatch": dispatch,
        "document": dispatch.document,
        "delivery": delivery,
        "copies": copies_of(delivery),
        "papers": papers_of(delivery),
        "receipts": receipts,
        "returned_by": next((each.actor_name for each in history([delivery.pk]) if each.verb == "exchange.return"), ""),
        "may_settle": actor_of(request).has_perm(ComposePermission.SEND, dispatch),
    }
    return render(request, "exchange/recipient.html", context)


@requires(ComposePermission.SEND)
@posted("exchange:recipient", keep=2)
def settle(request: HttpRequest, dispatch_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    """处理退回: the sender has dealt with it, and it leaves the workbench."""
    settle_return(actor=actor_of(request), dispatch_id=dispatch_id, delivery_id=delivery_id)
    return redirect("exchange:recipient", dispatch_id, delivery_id)
