"""A finished document of one's own unit: looking at it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yichuan.audit.selectors import history
from yichuan.common.errors import Refused
from yichuan.common.permissions import requires
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.body_notes import body_notes
from yichuan.compose.services.chain import came_back, chain_of
from yichuan.compose.services.correct import can_correct
from yichuan.compose.services.joint import turn_of
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.preview import draft_body, page_sizes
from yichuan.compose.services.read import draw_page, read_attachment, read_body
from yichuan.compose.services.save import own
from yichuan.compose.states import DOCUMENT, DocumentState
from yichuan.compose.views.drafts import page_number
from yichuan.web.requests import actor_of, streamed, svg


@requires(ComposePermission.SEE)
@require_GET
def show(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """A document of the own unit with its pages, what can be done with it now, and what was done."""
    document = own(actor_of(request), document_id, ComposePermission.SEE)
    return shown(request, document)


def shown(request: HttpRequest, document: Document, refusal: Refused | None = None) -> HttpResponse:
    """The page of a document that the person may see, with what was refused there; a draft's is its form."""
    if document.state == DocumentState.DRAFT:
        return redirect("compose:edit", document.pk)
    context = _context(request, document) | {"refusal": refusal}
    return render(request, "compose/show.html", context, status=refusal.status if refusal else 200)


def _subjects(document: Document) -> list[uuid.UUID]:
    """What the log tells the document's course by: itself, and its sending once it was sent."""
    sent = document.state in (DocumentState.SENT, DocumentState.WITHDRAWN)
    return [document.pk, document.dispatch.pk] if sent else [document.pk]


def _context(request: HttpRequest, document: Document) -> dict[str, Any]:
    user, turn = actor_of(request), turn_of(document)
    state = DocumentState(document.state)
    gives_back = {row.source: row.permission for row in DOCUMENT.rows if row.verb == "hand_back"}.get(state)
    return {
        "document": document,
        "sizes": page_sizes(read_body(document)),
        "body_notes": body_notes(document),
        "attachments": list(document.attachments.all()),
        "history": history(_subjects(document)),
        "turns": document.joint_seals.all(),
        "turn": turn,
        "can_seal": DOCUMENT.allows("seal", document.state) and user.has_perm(ComposePermission.SEAL, turn or document),
        "can_send": DOCUMENT.allows("send", document.state) and user.has_perm(ComposePermission.SEND, document),
        "can_pack": user.has_perm(ComposePermission.SEND, document),
        "can_hand_back": gives_back is not None
        and (document.state == DocumentState.READY or bool(document.unsealed))
        and user.has_perm(gives_back, turn or document),
        "can_correct": user.has_perm(ComposePermission.WRITE, document) and can_correct(document),
        "chain": [(each, came_back(each)) for each in chain_of(document)],
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
def attachment(request: HttpRequest, document_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponseBase:
    """An attachment of a document of the own unit."""
    document = own(actor_of(request), document_id, ComposePermission.SEE)
    found, pieces = read_attachment(document, own_key(document), attachment_id)
    return streamed(pieces, size=found.size, name=found.name, media_type=found.media_type)
