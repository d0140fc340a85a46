"""分办来文: what the registry gave to an office, to read on screen and to take."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yichuan.audit.selectors import history
from yichuan.audit.unreadable import Unreadable
from yichuan.common.errors import Refused
from yichuan.common.permissions import requires
from yichuan.compose.services.preview import page_sizes
from yichuan.compose.services.read import draw_page, read_attachment
from yichuan.compose.views.drafts import page_number
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_asking import assigned_to
from yichuan.exchange.services.assignments import (
    assigned_body,
    assigned_key,
    given_to,
    record_look_at_assigned,
)
from yichuan.exchange.services.take_assignment import take_assignment
from yichuan.web.requests import actor_of, desk_of, posted, streamed, svg

PER_PAGE = 14


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def assigned(request: HttpRequest) -> HttpResponse:
    """The office's list; a registry has none and is led to its inbox."""
    desk = desk_of(request)
    if desk.office_id is None:
        return redirect("exchange:inbox")
    waiting = request.GET.get("state") == "waiting"
    rows = assigned_to(desk.office_id, waiting=waiting)
    open_ones = assigned_to(desk.office_id, waiting=True).count()
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "waiting": waiting,
        "total": assigned_to(desk.office_id).count(),
        "tabs": [{"state": "waiting", "label": "没有接办", "count": open_ones}],
    }
    return render(request, "exchange/assigned.html", context)


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def assignment(request: HttpRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """One of them, with its pages while the registry holds it."""
    found = given_to(actor_of(request), assignment_id)
    refusal, sizes = None, list[tuple[float, float]]()
    try:
        sizes = page_sizes(assigned_body(found))
        record_look_at_assigned(actor_of(request), found)
    except Refused as error:
        refusal = error
    document = found.delivery.dispatch.document
    context = {
        "assignment": found,
        "delivery": found.delivery,
        "document": document,
        "sizes": sizes,
        "refusal": refusal,
        "attachments": [] if refusal else list(document.attachments.all()),
        "history": [act for act in history([found.delivery_id]) if isinstance(act, Unreadable) or act.verb in SHOWN],
        "may_take": found.taken_at is None and actor_of(request).has_perm(ExchangePermission.SIGN_FOR, found),
    }
    return render(request, "exchange/assignment.html", context)


SHOWN = ("exchange.sign_for", "exchange.assign", "exchange.take_assignment")


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def page(request: HttpRequest, assignment_id: uuid.UUID, page: int) -> HttpResponse:
    """One page of it, as SVG."""
    found = given_to(actor_of(request), assignment_id)
    record_look_at_assigned(actor_of(request), found)
    return svg(draw_page(assigned_body(found), found.delivery.dispatch.document.body, page_number(page)))


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def attachment(request: HttpRequest, assignment_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponseBase:
    """One attachment of it, on record as the pages are."""
    found = given_to(actor_of(request), assignment_id)
    read, pieces = read_attachment(found.delivery.dispatch.document, assigned_key(found), attachment_id)
    record_look_at_assigned(actor_of(request), found)
    return streamed(pieces, size=read.size, name=read.name, media_type=read.media_type)


@requires(ExchangePermission.SIGN_FOR)
@posted("exchange:assignment")
def take(request: HttpRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """确认接办."""
    take_assignment(actor=actor_of(request), assignment_id=assignment_id)
    return redirect("exchange:assignment", assignment_id)
