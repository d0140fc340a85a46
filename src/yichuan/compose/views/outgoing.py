"""发文: the list of a unit's own documents."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yichuan.common.permissions import requires
from yichuan.compose.listing import OUTGOING, OUTGOING_COLUMNS, outgoing_parts
from yichuan.compose.outgoing import Wanted, outgoing_counts
from yichuan.compose.outgoing import outgoing as narrowed
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.search import Sought
from yichuan.compose.selectors import listed
from yichuan.compose.states import DocumentState
from yichuan.web.list_page import ListPage
from yichuan.web.lists import Narrowing, said
from yichuan.web.requests import actor_of, unit_of

CALM = (DocumentState.DRAFT, DocumentState.READY, DocumentState.SEALED, DocumentState.SENT)
"""The tabs that always stand; another only where there is something in it."""


@requires(ComposePermission.SEE)
@require_GET
def outgoing(request: HttpRequest) -> HttpResponse:
    """The unit's documents, filtered, the last changed first."""
    unit = unit_of(request)
    shown = ListPage(request, OUTGOING, outgoing_parts(), OUTGOING_COLUMNS, reverse("compose:outgoing"))
    wanted = wanted_of(shown.narrowing)
    page = shown.page(narrowed(unit.pk, wanted), listed)
    shown.keep([each for each in page.object_list if wanted.sought.fits(each)])
    counts = outgoing_counts(unit.pk)
    context = shown.context(False, sum(counts.values())) | {
        "tabs": [
            {"state": state.value, "label": state.label, "count": said(counts[state])}
            for state in DocumentState
            if counts[state] or state in CALM
        ],
        "faults": [*shown.narrowing.faults, *wanted.sought.faults],
        "can_write": actor_of(request).has_perm(ComposePermission.WRITE, unit),
        "can_send": actor_of(request).has_perm(ComposePermission.SEND, unit),
        "settings_url": reverse("exchange:outgoing_settings"),
        "export_url": reverse("exchange:export_outgoing"),
    }
    return render(request, "compose/outgoing.html", context)


def wanted_of(narrowing: Narrowing) -> Wanted:
    """The filter as the list takes it."""
    return Wanted(
        sought=Sought(number=narrowing["number"], title=narrowing["title"]),
        state=narrowing["state"],
        author=narrowing["author"],
        urgency=narrowing["urgency"],
        begin=narrowing.begin,
        end=narrowing.end,
    )
