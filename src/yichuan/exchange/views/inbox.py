"""收文: the list, signing for several at once, and the document page of one delivery."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yichuan.audit.selectors import history
from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import requires
from yichuan.compose.services.read import draw_page, read_attachment
from yichuan.compose.views.drafts import page_number
from yichuan.exchange.models import Delivery
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import copies_of, inbox, inbox_counts, next_unsigned, receipts_of
from yichuan.exchange.services.check import Panel, check_delivery, delivered_body, delivered_key
from yichuan.exchange.services.locking import visible
from yichuan.exchange.services.look import record_look
from yichuan.exchange.services.print_original import print_original
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.take_copy import take_copy
from yichuan.exchange.states import DELIVERY, DeliveryState
from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import Package
from yichuan.web.requests import actor_of, file, svg, unit_of

PER_PAGE = 14


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def inbox_page(request: HttpRequest) -> HttpResponse:
    """收文: filtered, the latest first; a filter always shows what it hides."""
    return render(request, "exchange/inbox.html", _inbox_context(request))


def _inbox_context(request: HttpRequest) -> dict[str, Any]:
    unit = unit_of(request)
    wanted = {name: request.GET.get(name, "").replace("\0", "").strip()[:60] for name in ("state", "number", "sender")}
    if wanted["state"] not in {state.value for state in DeliveryState}:
        wanted["state"] = ""
    counts = inbox_counts(unit.pk)
    page = Paginator(inbox(unit.pk, **wanted), PER_PAGE).get_page(request.GET.get("page"))
    total = sum(counts.values())
    return {
        "page": page,
        "wanted": wanted,
        "filters": _filters(wanted),
        "hidden": total - page.paginator.count,
        "tabs": [{"state": state.value, "label": state.label, "count": counts[state]} for state in DeliveryState],
        "total": total,
        "can_sign": actor_of(request).has_perm(ExchangePermission.SIGN_FOR, unit),
    }


def _filters(wanted: dict[str, str]) -> list[dict[str, str]]:
    """What narrows the list now, each with the address of the list without it."""
    words = {state.value: state.label for state in DeliveryState}
    says = {"state": "状态", "number": "文号含", "sender": "来文单位含"}
    shown = []
    for name, value in wanted.items():
        if value:
            rest = {other: text for other, text in wanted.items() if text and other != name}
            said = words[value] if name == "state" else value
            shown.append(
                {"label": f"{says[name]}：{said}", "without_url": f"{reverse('exchange:inbox')}?{urlencode(rest)}"}
            )
    return shown


@requires(ExchangePermission.SIGN_FOR)
@require_POST
def sign_for_several(request: HttpRequest) -> HttpResponse:
    """批量签收: each one on its own; what failed is named and stays in the list."""
    done, failed = 0, []
    for value in request.POST.getlist("delivery")[:200]:
        try:
            sign_for(actor=actor_of(request), delivery_id=uuid.UUID(value))
            done += 1
        except (Refused, ValueError) as refusal:
            failed.append({"id": value, "why": getattr(refusal, "message", "编号不对，请刷新页面。")})
    numbers = dict(
        Delivery.objects.filter(
            pk__in=[f["id"] for f in failed if _is_uuid(f["id"])], unit=unit_of(request)
        ).values_list("pk", "dispatch__document__number")
    )
    context = _inbox_context(request)
    why = {failure["id"]: failure["why"] for failure in failed}
    for delivery in context["page"]:
        delivery.why = why.get(str(delivery.pk))
    named = [
        {"label": (numbers.get(uuid.UUID(value)) if _is_uuid(value) else None) or "一件公文", "why": reason}
        for value, reason in why.items()
    ]
    context["batch"] = {"verb": "签收", "done": done, "failed": named, "at": clock.now()}
    return render(request, "exchange/inbox.html", context)


def _is_uuid(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def delivery_page(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """The document page of one delivery: pages, checks, actions, history."""
    delivery = visible(actor_of(request), delivery_id)
    context = _delivery_context(request, delivery)
    record_look(actor_of(request), delivery)
    return render(request, "exchange/delivery.html", context | {"sizes": _sizes(delivery, context["panel"])})


def _sizes(delivery: Delivery, panel: Panel) -> list[tuple[float, float]]:
    """The sheets to show; none of a body that cannot be read, whose page still offers to return it."""
    if not panel.report.readable:
        return []
    return [(page.width_mm, page.height_mm) for page in read_document(Package.open(delivered_body(delivery))).pages]


def _delivery_context(request: HttpRequest, delivery: Delivery) -> dict[str, Any]:
    user = actor_of(request)
    panel = check_delivery(delivery)
    may = {
        row.verb: user.has_perm(row.permission, delivery) and DELIVERY.allows(row.verb, delivery.state)
        for row in DELIVERY.rows
    }
    subjects = [delivery.pk, delivery.dispatch_id]
    return {
        "delivery": delivery,
        "document": delivery.dispatch.document,
        "panel": panel,
        "may": may,
        "left": delivery.allowance - delivery.printed,
        "copies": copies_of(delivery),
        "receipts": receipts_of(delivery),
        "attachments": list(delivery.dispatch.document.attachments.all()),
        "history": history(subjects),
        "next": next_unsigned(delivery),
        "waiting": inbox_counts(delivery.unit_id)[DeliveryState.DELIVERED],
    }


def _answer(request: HttpRequest, delivery_id: uuid.UUID, refusal: Refused | None = None) -> HttpResponse:
    """Over htmx the side of the document page, otherwise the whole page again."""
    if refusal is None and not request.headers.get("HX-Request"):
        return redirect("exchange:delivery", delivery_id)
    delivery = visible(actor_of(request), delivery_id)
    context = _delivery_context(request, delivery) | {"refusal": refusal}
    if request.headers.get("HX-Request"):
        return render(request, "exchange/parts/side.html", context, status=422 if refusal else 200)
    context["sizes"] = _sizes(delivery, context["panel"])
    return render(request, "exchange/delivery.html", context, status=refusal.status if refusal else 200)


@requires(ExchangePermission.SIGN_FOR)
@require_POST
def sign(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """签收."""
    try:
        sign_for(actor=actor_of(request), delivery_id=delivery_id)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _answer(request, delivery_id, refusal)
    return _answer(request, delivery_id)


@requires(ExchangePermission.RETURN)
@require_POST
def send_back(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """退回, with its reason."""
    try:
        return_delivery(actor=actor_of(request), delivery_id=delivery_id, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _answer(request, delivery_id, refusal)
    return _answer(request, delivery_id)


@requires(ExchangePermission.PRINT)
@require_POST
def print_originals(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """打印原件: the print file, or the page with the reason why not."""
    delivery = visible(actor_of(request), delivery_id)
    try:
        copies = int(request.POST.get("copies", ""))
    except ValueError:
        refusal = Invalid({"copies": "份数应是 1 以上的整数。"})
        return _answer(request, delivery_id, refusal)
    try:
        made = print_original(actor=actor_of(request), delivery_id=delivery_id, copies=copies)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _answer(request, delivery_id, refusal)
    numbers = f"{made.numbers[0]}-{made.numbers[-1]}" if len(made.numbers) > 1 else f"{made.numbers[0]}"
    name = f"{delivery.dispatch.document.number} 原件 第{numbers}份.pdf"
    return file(made.pdf, name=name, media_type="application/pdf", inline=True)


@requires(ExchangePermission.COPY)
@require_POST
def decrypted_copy(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """脱密下载."""
    delivery = visible(actor_of(request), delivery_id)
    try:
        pdf = take_copy(actor=actor_of(request), delivery_id=delivery_id)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _answer(request, delivery_id, refusal)
    return file(pdf, name=f"{delivery.dispatch.document.number} 副本.pdf", media_type="application/pdf")


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def side(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """The side of the document page again, after a file was fetched."""
    return render(
        request, "exchange/parts/side.html", _delivery_context(request, visible(actor_of(request), delivery_id))
    )


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def page(request: HttpRequest, delivery_id: uuid.UUID, page: int) -> HttpResponse:
    """One page of what was delivered, as SVG."""
    delivery = visible(actor_of(request), delivery_id)
    return svg(draw_page(delivered_body(delivery), delivery.dispatch.document.body, page_number(page)))


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def attachment(request: HttpRequest, delivery_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """An attachment; like the pages it can be looked at before signing for, and like them that is recorded."""
    delivery = visible(actor_of(request), delivery_id)
    found, data = read_attachment(delivery.dispatch.document, delivered_key(delivery), attachment_id)
    record_look(actor_of(request), delivery, f"attachment {found.order}")
    return file(data, name=found.name, media_type=found.media_type)
