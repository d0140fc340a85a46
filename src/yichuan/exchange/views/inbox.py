"""收文: the list, and signing for several at once."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.exchange.models import Delivery
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import inbox, inbox_counts
from yichuan.exchange.services.locking import GONE
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.states import DeliveryState
from yichuan.web.requests import actor_of, desk_of, posted, searched

PER_PAGE = 14
MOST_AT_ONCE = 200


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def inbox_page(request: HttpRequest) -> HttpResponse:
    """收文: filtered, the latest first; a filter always shows what it hides."""
    return render(request, "exchange/inbox.html", _inbox_context(request))


def _inbox_context(request: HttpRequest) -> dict[str, Any]:
    desk = desk_of(request)
    wanted = {name: searched(request, name) for name in ("state", "number", "sender")}
    if wanted["state"] not in {state.value for state in DeliveryState}:
        wanted["state"] = ""
    counts = inbox_counts(desk.unit_id, desk.office_id)
    page = Paginator(inbox(desk.unit_id, desk.office_id, **wanted), PER_PAGE).get_page(request.GET.get("page"))
    total = sum(counts.values())
    return {
        "page": page,
        "wanted": wanted,
        "filters": _filters(wanted),
        "hidden": total - page.paginator.count,
        "tabs": [{"state": state.value, "label": state.label, "count": counts[state]} for state in DeliveryState],
        "total": total,
        "can_sign": actor_of(request).has_perm(ExchangePermission.SIGN_FOR, desk),
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
@posted("exchange:inbox")
def sign_for_several(request: HttpRequest) -> HttpResponse:
    """批量签收: each one on its own; what failed is named and stays in the list."""
    done, why = 0, dict[uuid.UUID, str]()
    for delivery_id in _ticked(request):
        try:
            sign_for(actor=actor_of(request), delivery_id=delivery_id)
            done += 1
        except Refused as refusal:
            why[delivery_id] = refusal.message
    desk = desk_of(request)
    own = Delivery.objects.filter(pk__in=why, unit_id=desk.unit_id, office_id=desk.office_id)
    numbers = dict(own.values_list("pk", "dispatch__document__number"))
    context = _inbox_context(request)
    for delivery in context["page"]:
        delivery.why = why.get(delivery.pk)
    named = [
        {"label": numbers.get(delivery_id) or "一件公文", "why": reason, "value": delivery_id}
        for delivery_id, reason in why.items()
    ]
    context["batch"] = {"verb": "签收", "done": done, "failed": named, "at": clock.now()}
    return render(request, "exchange/inbox.html", context)


def _ticked(request: HttpRequest) -> list[uuid.UUID]:
    """The deliveries that were ticked, each once."""
    try:
        ticked = [uuid.UUID(value) for value in request.POST.getlist("delivery")[:MOST_AT_ONCE]]
    except ValueError as error:
        raise NotFound("no_delivery", GONE) from error
    return list(dict.fromkeys(ticked))
