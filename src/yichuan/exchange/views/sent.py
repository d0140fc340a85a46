"""发送跟踪: the list of what the unit sent."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yichuan.common import clock
from yichuan.common.permissions import requires
from yichuan.exchange.listing import SENT, SENT_COLUMNS, sent_parts, wanted_of
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import sent_rows, with_progress
from yichuan.exchange.selectors_chasing import mark_dispatches
from yichuan.exchange.selectors_search import Wanted, dispatches
from yichuan.exchange.services.show_found import compared_own
from yichuan.web.list_page import ListPage
from yichuan.web.lists import bounded
from yichuan.web.requests import unit_of


@requires(ExchangePermission.TRACK)
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """What the unit sent and how far each is, filtered, the latest first."""
    return render(request, "exchange/sent.html", sent_context(request))


def sent_context(request: HttpRequest) -> dict[str, Any]:
    """Everything the list shows."""
    unit = unit_of(request)
    shown = ListPage(request, SENT, sent_parts(), SENT_COLUMNS, reverse("exchange:sent"))
    wanted = wanted_of(shown.narrowing)
    found = dispatches(unit.pk, wanted)
    page = shown.page(found.rows, sent_rows)
    rows = compared_own(wanted.sought, list(page.object_list))
    shown.keep(mark_dispatches(with_progress(rows), clock.now()))
    everything = bounded(dispatches(unit.pk, Wanted()).rows) if shown.narrowing else page.paginator.count
    return shown.context(found.cut, everything) | {
        "faults": [*shown.narrowing.faults, *wanted.sought.faults],
        "settings_url": reverse("exchange:sent_settings"),
        "export_url": reverse("exchange:export_sent"),
    }
