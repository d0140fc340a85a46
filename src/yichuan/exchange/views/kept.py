"""保管的公文: what this unit keeps for closed ones, to look at and to export."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from yichuan.common.permissions import requires
from yichuan.compose.services.preview import page_sizes
from yichuan.compose.services.read import draw_page, read_attachment
from yichuan.compose.views.drafts import page_number
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.export_kept import export_kept
from yichuan.exchange.services.kept import kept_box, kept_boxes, kept_document, made_in, received_in
from yichuan.web.requests import actor_of, posted, streamed, svg, unit_of

PER_PAGE = 14


@requires(ExchangePermission.SEE_KEPT)
@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """保管的公文: the closed units whose boxes this unit keeps."""
    page = Paginator(kept_boxes(unit_of(request).pk), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "exchange/kept.html", {"page": page})


@requires(ExchangePermission.SEE_KEPT)
@require_GET
def box(request: HttpRequest, box_id: uuid.UUID) -> HttpResponse:
    """What lies in one kept box: received, or made."""
    found = kept_box(actor_of(request), box_id)
    made = request.GET.get("kind") == "made"
    rows = made_in(found) if made else received_in(found)
    context = {
        "box": found,
        "made": made,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_export": actor_of(request).has_perm(ExchangePermission.EXPORT_KEPT, found),
    }
    return render(request, "exchange/kept_box.html", context)


@requires(ExchangePermission.SEE_KEPT)
@require_GET
def document(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """One kept document with its pages and attachments."""
    found = kept_document(actor_of(request), document_id)
    context = {
        "box": found.box,
        "document": found.document,
        "delivery": found.delivery,
        "attachments": list(found.document.attachments.all()),
        "sizes": page_sizes(found.body()),
    }
    return render(request, "exchange/kept_document.html", context)


@requires(ExchangePermission.SEE_KEPT)
@require_GET
def page(request: HttpRequest, document_id: uuid.UUID, page: int) -> HttpResponse:
    """One page of it, as SVG."""
    found = kept_document(actor_of(request), document_id)
    return svg(draw_page(found.body(), found.document.body, page_number(page)))


@requires(ExchangePermission.SEE_KEPT)
@require_GET
def attachment(request: HttpRequest, document_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponseBase:
    """One attachment of it."""
    found = kept_document(actor_of(request), document_id)
    read, pieces = read_attachment(found.document, found.key, attachment_id)
    return streamed(pieces, size=read.size, name=read.name, media_type=read.media_type)


@requires(ExchangePermission.EXPORT_KEPT)
@posted("exchange:kept_box")
def export(request: HttpRequest, box_id: uuid.UUID) -> HttpResponseBase:
    """导出: the whole box as one ZIP, made while it is sent."""
    made = export_kept(actor=actor_of(request), box_id=box_id)
    answer = StreamingHttpResponse(made.stream(), content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(True, made.name) or "attachment"
    answer["Cache-Control"] = "no-store, private"
    return answer
