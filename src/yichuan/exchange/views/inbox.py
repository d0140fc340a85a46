"""收文: the list, and signing for several at once."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.exchange.listing import INBOX, INBOX_COLUMNS, inbox_parts, keep_filter, wanted_of
from yichuan.exchange.models import Delivery
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import inbox_counts, lines, with_marks
from yichuan.exchange.selectors_search import deliveries, desk_rows
from yichuan.exchange.services.locking import GONE
from yichuan.exchange.services.print_several import MOST_DOCUMENTS
from yichuan.exchange.services.show_found import compared
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.states import DeliveryState
from yichuan.web.list_page import ListPage
from yichuan.web.lists import said
from yichuan.web.requests import actor_of, desk_of, posted

MOST_AT_ONCE = 200
SIGNED = (DeliveryState.SIGNED_FOR, DeliveryState.RECEIVED)
VERBS = {
    "can_sign": ExchangePermission.SIGN_FOR,
    "can_print": ExchangePermission.PRINT,
    "can_copy": ExchangePermission.COPY,
}
TICKABLE = {"can_sign": (DeliveryState.DELIVERED,), "can_print": SIGNED, "can_copy": (DeliveryState.RECEIVED,)}
"""Rows of these states can be ticked by who may do this with them."""
CALM = (DeliveryState.DELIVERED, DeliveryState.SIGNED_FOR, DeliveryState.RECEIVED, DeliveryState.RETURNED)
"""The tabs that always stand; those of the other states only where there is something in them."""


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def inbox_page(request: HttpRequest) -> HttpResponse:
    """收文: filtered, the latest first; a filter always shows what it hides."""
    return render(request, "exchange/inbox.html", inbox_context(request))


def inbox_context(request: HttpRequest) -> dict[str, Any]:
    """Everything the list shows."""
    desk = desk_of(request)
    shown = ListPage(request, INBOX, inbox_parts(), INBOX_COLUMNS, reverse("exchange:inbox"))
    keep_filter(request, shown.narrowing)
    wanted = wanted_of(shown.narrowing)
    found = deliveries(desk.unit_id, desk.office_id, wanted)
    page = shown.page(found.rows, lines)
    shown.keep(with_marks(compared(actor_of(request), wanted.sought, list(page.object_list))))
    counts = inbox_counts(desk.unit_id, desk.office_id)
    may = {verb: actor_of(request).has_perm(permission, desk) for verb, permission in VERBS.items()}
    return (
        shown.context(found.cut, sum(counts.values()))
        | {
            "tabs": [
                {"state": state.value, "label": state.label, "count": said(counts[state])}
                for state in DeliveryState
                if counts[state] or state in CALM
            ],
            "faults": [*shown.narrowing.faults, *wanted.sought.faults],
            "sign_url": f"{reverse('exchange:sign_for_several')}?{request.GET.urlencode()}",
            "settings_url": reverse("exchange:inbox_settings"),
            "export_url": reverse("exchange:export_inbox"),
            "tickable": {state for verb, states in TICKABLE.items() if may[verb] for state in states},
        }
        | may
    )


@requires(ExchangePermission.SIGN_FOR)
@posted("exchange:inbox")
def sign_for_several(request: HttpRequest) -> HttpResponse:
    """批量签收: each one on its own; what failed is named and stays in the list."""
    desk, done, why = desk_of(request), list[uuid.UUID](), dict[uuid.UUID, str]()
    chosen = ticked(request)
    handled = desk_rows(desk.unit_id, desk.office_id).filter(pk__in=chosen, state__in=SIGNED)
    others = set(handled.values_list("pk", flat=True))  # ticked for the other buttons
    for delivery_id in (each for each in chosen if each not in others):
        try:
            sign_for(actor=actor_of(request), delivery_id=delivery_id)
            done.append(delivery_id)
        except Refused as refusal:
            why[delivery_id] = refusal.message
    own = Delivery.objects.filter(pk__in=why, unit_id=desk.unit_id, office_id=desk.office_id)
    numbers = dict(own.values_list("pk", "dispatch__document__number"))
    context = inbox_context(request)
    for delivery in context["page"]:
        delivery.why = why.get(delivery.pk)
    named = [
        {"label": numbers.get(delivery_id) or "一件公文", "why": reason, "value": delivery_id}
        for delivery_id, reason in why.items()
    ]
    context["batch"] = {"verb": "签收", "done": len(done), "failed": named, "at": clock.now()}
    if done and context["can_print"]:
        chosen_again = urlencode([("delivery", each) for each in done[:MOST_DOCUMENTS]])
        context["batch"] |= {
            "next_url": f"{reverse('exchange:choose_prints')}?{chosen_again}",
            "next_label": "打印原件",
        }
    return render(request, "exchange/inbox.html", context)


def ticked(request: HttpRequest) -> list[uuid.UUID]:
    """The deliveries that were ticked, each once."""
    try:
        chosen = [uuid.UUID(value) for value in request.POST.getlist("delivery")[:MOST_AT_ONCE]]
    except ValueError as error:
        raise NotFound("no_delivery", GONE) from error
    return list(dict.fromkeys(chosen))
