"""A finished document of one's own unit: looking at it, sealing it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.audit.selectors import history
from yichuan.common.errors import Invalid
from yichuan.common.permissions import requires
from yichuan.compose.forms import SealForm
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.selectors import documents_of
from yichuan.compose.services.body_notes import body_notes
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.preview import draft_body, page_sizes
from yichuan.compose.services.read import draw_page, read_attachment, read_body
from yichuan.compose.services.save import own
from yichuan.compose.services.seal import seal_document
from yichuan.compose.states import DOCUMENT, DocumentState
from yichuan.compose.views.drafts import page_number
from yichuan.seals.selectors import ledger, seals_in_use
from yichuan.seals.services.use import Place
from yichuan.web.requests import actor_of, file, svg, unit_of


@requires(ComposePermission.SEE)
@require_GET
def show(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """A document of the own unit with its pages, what can be done with it now, and what was done."""
    document = own(actor_of(request), document_id, ComposePermission.SEE)
    if document.state == DocumentState.DRAFT:
        return redirect("compose:edit", document.pk)
    return render(request, "compose/show.html", _context(request, document))


def _context(request: HttpRequest, document: Document) -> dict[str, Any]:
    user = actor_of(request)
    return {
        "document": document,
        "sizes": page_sizes(read_body(document)),
        "body_notes": body_notes(document),
        "attachments": list(document.attachments.all()),
        "history": history([document.pk]),
        "can_seal": DOCUMENT.allows("seal", document.state) and user.has_perm(ComposePermission.SEAL, document),
        "can_send": DOCUMENT.allows("send", document.state) and user.has_perm(ComposePermission.SEND, document),
        "can_reopen": DOCUMENT.allows("reopen", document.state) and user.has_perm(ComposePermission.WRITE, document),
    }


@requires(ComposePermission.SEE)
@require_GET
def page(request: HttpRequest, document_id: uuid.UUID, page: int) -> HttpResponse:
    """One page of the body as SVG."""
    document = own(actor_of(request), document_id, ComposePermission.SEE)
    return svg(draw_page(read_body(document), document.body, page_number(page)))


@requires(ComposePermission.WRITE)
@require_GET
def draft_page(request: HttpRequest, document_id: uuid.UUID, page: int) -> HttpResponse:
    """One page of the draft as last saved, typeset in memory."""
    document = own(actor_of(request), document_id, ComposePermission.WRITE)
    body = draft_body(document)
    return svg(draw_page(body, document.content, page_number(page)))


@requires(ComposePermission.SEE)
@require_GET
def attachment(request: HttpRequest, document_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """An attachment of a document of the own unit."""
    document = own(actor_of(request), document_id, ComposePermission.SEE)
    found, data = read_attachment(document, own_key(document), attachment_id)
    return file(data, name=found.name, media_type=found.media_type)


@requires(ComposePermission.SEAL)
@require_GET
def to_seal(request: HttpRequest) -> HttpResponse:
    """用印: what waits for the custodian, and the ledger of uses (S8)."""
    unit = unit_of(request)
    context = {
        "waiting": list(documents_of(unit.pk, DocumentState.READY)[:100]),
        "seals": seals_in_use(unit.pk),
        "ledger": ledger(unit.pk, limit=50),
    }
    return render(request, "compose/to_seal.html", context)


@requires(ComposePermission.SEAL)
@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """盖章: the pages, the place of the seal, and the seal."""
    document = own(actor_of(request), document_id, ComposePermission.SEAL)
    if request.method == "GET" and document.state != DocumentState.READY:
        return redirect("compose:show", document.pk)
    DOCUMENT.find("seal", document.state)
    seals, sizes = seals_in_use(document.unit_id), page_sizes(read_body(document))
    form = SealForm(request.POST or None, initial=_place(document, str(seals[0].pk) if seals else ""), sizes=sizes)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        place = Place(given["page"] - 1, given["x"], given["y"])
        try:
            seal_document(actor=actor_of(request), document_id=document.pk, seal_id=given["seal"], places=[place])
            return redirect("compose:show", document.pk)
        except Invalid as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name if name in form.fields else None, message)
    context = {
        "document": document,
        "seals": seals,
        "form": form,
        "sizes": sizes,
        "body_notes": body_notes(document),
    }
    return render(request, "compose/seal.html", context, status=422 if form.errors else 200)


def _place(document: Document, seal: str) -> dict[str, Any]:
    """Where the typesetter computed the seal's centre; the lower right of the last page for an uploaded body."""
    place = document.seal_places[0] if document.seal_places else {"page": document.pages - 1, "x": 140, "y": 220}
    return {"seal": seal, "page": place["page"] + 1, "x": place["x"], "y": place["y"]}
