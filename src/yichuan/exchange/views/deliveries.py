"""The document page of one delivery: pages, checks, history, and what its receiver does with it."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yichuan.audit.selectors import history
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import requires
from yichuan.compose.services.preview import page_sizes
from yichuan.compose.services.read import draw_page, read_attachment
from yichuan.compose.views.drafts import page_number
from yichuan.exchange.listing import kept_filter
from yichuan.exchange.models import Delivery
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.return_reasons import in_words
from yichuan.exchange.selectors import copies_of, next_unsigned, receipts_of
from yichuan.exchange.selectors_paper import papers_of
from yichuan.exchange.selectors_waiting import unsigned_count
from yichuan.exchange.services.check import Panel, check_delivery, delivered_body, delivered_key
from yichuan.exchange.services.locking import visible
from yichuan.exchange.services.look import record_look
from yichuan.exchange.services.paper_arrived import AWAITED
from yichuan.exchange.services.print_original import print_original, require_printable
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.take_copy import take_copy
from yichuan.exchange.states import DELIVERY
from yichuan.exchange.views.withdrawn import withdrawn_page
from yichuan.web.requests import actor_of, file, for_this_page, posted, streamed, svg


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def show(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """The whole page. Opening it is recorded, and is not receiving."""
    delivery = visible(actor_of(request), delivery_id)
    record_look(actor_of(request), delivery)
    return _page(request, delivery)


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def side(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """The side of the page again, after a file was fetched."""
    delivery = visible(actor_of(request), delivery_id)
    if delivery.taken_back:
        return withdrawn_page(request, delivery)
    return render(request, "exchange/parts/side.html", _context(request, delivery))


@requires(ExchangePermission.SIGN_FOR)
@posted("exchange:delivery")
def sign(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """签收."""
    return answer(request, delivery_id, lambda: sign_for(actor=actor_of(request), delivery_id=delivery_id))


@requires(ExchangePermission.RETURN)
@posted("exchange:delivery")
def send_back(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """退回, with the reasons that were chosen and what was written besides."""
    reason = in_words(request.POST.getlist("standard"), request.POST.get("reason", ""))
    return answer(
        request,
        delivery_id,
        lambda: return_delivery(actor=actor_of(request), delivery_id=delivery_id, reason=reason),
        form="return",
    )


@requires(ExchangePermission.PRINT)
@posted("exchange:delivery")
def print_originals(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """打印原件: the print file, or the page with the reason why not; with X-Ask-First whether there would be one,
    and the ticket that makes it."""

    def make() -> HttpResponse:
        try:
            copies = int(request.POST.get("copies", ""))
        except ValueError as error:
            raise Invalid({"copies": "份数应是 1 以上的整数。"}) from error
        try:
            key = uuid.UUID(request.POST.get("key", ""))
        except ValueError as error:
            raise Refused("stale_form", "这张打印单失效了，请刷新页面再打印。") from error
        asked: dict[str, Any] = {"actor": actor_of(request), "delivery_id": delivery_id, "copies": copies}
        asked |= {"request": key, "password": request.POST.get("password", "")}
        if request.headers.get("X-Ask-First"):
            return for_this_page(require_printable(**asked))
        made = print_original(**asked, ticket=request.POST.get("ticket", ""))
        first, last = made.numbers[0], made.numbers[-1]
        name = f"{made.number} 原件 第{first if first == last else f'{first}-{last}'}份.pdf"
        return file(made.pdf, name=name, media_type="application/pdf", inline=True)

    return answer(request, delivery_id, make)


@requires(ExchangePermission.COPY)
@posted("exchange:delivery")
def decrypted_copy(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """脱密下载."""

    def make() -> HttpResponse:
        delivery = visible(actor_of(request), delivery_id)
        pdf = take_copy(actor=actor_of(request), delivery_id=delivery_id)
        return file(pdf, name=f"{delivery.dispatch.document.number} 副本.pdf", media_type="application/pdf")

    return answer(request, delivery_id, make)


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def page(request: HttpRequest, delivery_id: uuid.UUID, page: int) -> HttpResponse:
    """One page of what was delivered, as SVG."""
    delivery = visible(actor_of(request), delivery_id)
    record_look(actor_of(request), delivery)
    return svg(draw_page(delivered_body(delivery), delivery.dispatch.document.body, page_number(page)))


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def attachment(request: HttpRequest, delivery_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponseBase:
    """An attachment; like the pages it can be looked at before signing for, and like them that is recorded."""
    delivery = visible(actor_of(request), delivery_id)
    found, pieces = read_attachment(delivery.dispatch.document, delivered_key(delivery), attachment_id)
    record_look(actor_of(request), delivery, f"attachment {found.order}")
    return streamed(pieces, size=found.size, name=found.name, media_type=found.media_type)


def answer(request: HttpRequest, delivery_id: uuid.UUID, act: Callable[[], object], *, form: str = "") -> HttpResponse:
    """Do it. A file is the answer itself; otherwise the side over htmx, the page without; a refusal stands on it, and
    the `form` that was refused stays open."""
    refusal = None
    try:
        made = act()
    except Refused as error:
        if error.status in (403, 404):
            raise
        refusal = error
    else:
        if isinstance(made, HttpResponse):
            return made
        if not request.headers.get("HX-Request"):
            return redirect("exchange:delivery", delivery_id)
    delivery = visible(actor_of(request), delivery_id)
    if not request.headers.get("HX-Request") or delivery.taken_back:
        return _page(request, delivery, refusal, form)
    context = _context(request, delivery) | {"refusal": refusal, "refused": form if refusal else ""}
    return render(request, "exchange/parts/side.html", context, status=422 if refusal else 200)


def _page(request: HttpRequest, delivery: Delivery, refusal: Refused | None = None, form: str = "") -> HttpResponse:
    if delivery.taken_back:
        return withdrawn_page(request, delivery, refusal)
    context = _context(request, delivery)
    context |= {"refusal": refusal, "refused": form if refusal else "", "sizes": _sizes(delivery, context["panel"])}
    return render(request, "exchange/delivery.html", context, status=refusal.status if refusal else 200)


def _context(request: HttpRequest, delivery: Delivery) -> dict[str, Any]:
    user = actor_of(request)
    may = {
        row.verb: user.has_perm(row.permission, delivery) and DELIVERY.allows(row.verb, delivery.state)
        for row in DELIVERY.rows
    }
    return {
        "delivery": delivery,
        "document": delivery.dispatch.document,
        "panel": check_delivery(delivery),
        "may": may,
        "left": delivery.allowance - delivery.printed,
        "papers": papers_of(delivery),
        "may_record": user.has_perm(ExchangePermission.RECORD_PAPER, delivery) and delivery.state in AWAITED,
        "copies": copies_of(delivery),
        "receipts": receipts_of(delivery),
        "may_pack": user.has_perm(ExchangePermission.COPY, delivery),
        "attachments": list(delivery.dispatch.document.attachments.all()),
        "history": history([delivery.pk, delivery.dispatch_id]),
        "print_key": uuid.uuid4(),
        "next": next_unsigned(delivery, kept_filter(request.session)),
        "waiting": unsigned_count(delivery.unit_id, delivery.office_id),
    }


def _sizes(delivery: Delivery, panel: Panel) -> list[tuple[float, float]]:
    """The sheets to show; none of a body that cannot be read, whose page still offers to return it."""
    if not panel.report.readable:
        return []
    return page_sizes(delivered_body(delivery))
