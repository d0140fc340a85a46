"""纸质件: what is to come to a desk on paper, and what a unit sent on paper and how far it is (J-28, D4, D6)."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.exchange.models import Dispatch, PaperRecipient
from yichuan.exchange.paper_forms import cover_sheet, delivery_list
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_paper import awaited, paper_sent, paper_sheet, tallies, with_papers
from yichuan.exchange.services.paper_arrived import paper_arrived
from yichuan.exchange.services.post_paper import GONE, post_paper
from yichuan.web.requests import actor_of, desk_of, file, posted

PER_PAGE = 12


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def paper_in(request: HttpRequest) -> HttpResponse:
    """寄来未收到: the papers that this desk waits for."""
    return _paper_in(request)


def _paper_in(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    desk = desk_of(request)
    page = Paginator(awaited(desk.unit_id, desk.office_id), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = with_papers(page.object_list)
    may = actor_of(request).has_perm(ExchangePermission.RECORD_PAPER, desk)
    context = {"page": page, "may_record": may, "refusal": refusal}
    return render(request, "exchange/paper_in.html", context, status=refusal.status if refusal else 200)


@requires(ExchangePermission.RECORD_PAPER)
@posted("exchange:delivery")
def arrived(request: HttpRequest, delivery_id: uuid.UUID, item_id: uuid.UUID) -> HttpResponse:
    """收到登记, from the document's page or from the list."""
    remark, from_list = request.POST.get("remark", ""), request.POST.get("back") == "list"
    try:
        paper_arrived(actor=actor_of(request), delivery_id=delivery_id, item_id=item_id, remark=remark)
    except Refused as refusal:
        if refusal.status in (403, 404) or not from_list:
            raise
        return _paper_in(request, refusal)
    return redirect("exchange:paper_in") if from_list else redirect("exchange:delivery", delivery_id)


@requires(ExchangePermission.TRACK)
@require_GET
def paper_out(request: HttpRequest) -> HttpResponse:
    """寄出未收到: the unit's dispatches of which something on paper is still on its way."""
    page = Paginator(paper_sent(desk_of(request).unit_id), PER_PAGE).get_page(request.GET.get("page"))
    found = tallies(page.object_list)
    rows = [{"dispatch": dispatch, "tally": found[dispatch.pk]} for dispatch in page.object_list]
    return render(request, "exchange/paper_out.html", {"page": page, "rows": rows})


def _own(request: HttpRequest, dispatch_id: uuid.UUID) -> Dispatch:
    dispatch = Dispatch.objects.select_related("document", "unit", "sender").filter(pk=dispatch_id).first()
    if dispatch is None or not actor_of(request).has_perm(ExchangePermission.TRACK, dispatch):
        raise NotFound("no_dispatch", GONE)
    return dispatch


@requires(ExchangePermission.TRACK)
@require_GET
def dispatch_paper(request: HttpRequest, dispatch_id: uuid.UUID) -> HttpResponse:
    """纸质件 of one dispatch: what each recipient gets, what was posted, what came."""
    return _sheet_page(request, _own(request, dispatch_id))


def _sheet_page(request: HttpRequest, dispatch: Dispatch, refusal: Refused | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "dispatch": dispatch,
        "document": dispatch.document,
        "sheet": paper_sheet(dispatch),
        "may_record": actor_of(request).has_perm(ExchangePermission.RECORD_PAPER, dispatch),
        "refusal": refusal,
        "remark": request.POST.get("remark", "")[:300],
        "ticked": [*request.POST.getlist("item"), *request.POST.getlist("recipient")],
    }
    return render(request, "exchange/dispatch_paper.html", context, status=refusal.status if refusal else 200)


@requires(ExchangePermission.RECORD_PAPER)
@posted("exchange:dispatch_paper")
def note_posted(request: HttpRequest, dispatch_id: uuid.UUID) -> HttpResponse:
    """登记寄出: those that are ticked."""
    dispatch = _own(request, dispatch_id)
    try:
        post_paper(
            actor=actor_of(request),
            dispatch_id=dispatch.pk,
            items=_ids(request.POST.getlist("item")),
            recipients=_ids(request.POST.getlist("recipient")),
            remark=request.POST.get("remark", ""),
        )
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _sheet_page(request, dispatch, refusal)
    return redirect("exchange:dispatch_paper", dispatch.pk)


def _ids(values: list[str]) -> list[uuid.UUID]:
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(value))
        except ValueError:
            continue  # no paper of this dispatch either
    return found


@requires(ExchangePermission.TRACK)
@require_GET
def print_list(request: HttpRequest, dispatch_id: uuid.UUID) -> HttpResponse:
    """送达名单, to print."""
    dispatch = _own(request, dispatch_id)
    sheet = paper_sheet(dispatch)
    if not sheet:
        raise NotFound("no_paper", "这次发送没有纸质件。")
    name = f"送达名单 {dispatch.document.number}.pdf"
    return file(delivery_list(dispatch, sheet), name=name, media_type="application/pdf", inline=True)


@requires(ExchangePermission.TRACK)
@require_GET
def print_cover(request: HttpRequest, dispatch_id: uuid.UUID, recipient_id: uuid.UUID) -> HttpResponse:
    """公文送达单 of one recipient that is not connected, to print."""
    dispatch = _own(request, dispatch_id)
    recipient = PaperRecipient.objects.filter(pk=recipient_id, dispatch=dispatch).first()
    if recipient is None:
        raise NotFound("no_recipient", "这次发送里没有这个单位。")
    attachments = [f"{each.name} {each.copies} 份" for each in dispatch.document.paper_attachments.all()]
    name = f"公文送达单 {dispatch.document.number} {recipient.name}.pdf"
    return file(cover_sheet(dispatch, recipient, attachments), name=name, media_type="application/pdf", inline=True)
