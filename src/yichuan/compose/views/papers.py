"""纸质附件 of a document: named on its page, on its form and on the sending page, always in the same panel."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import requires
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.name_papers import drop_paper, name_paper
from yichuan.compose.services.save import own
from yichuan.compose.templatetags.papers import panel
from yichuan.web.requests import actor_of, posted


@requires(ComposePermission.WRITE)
@posted("compose:show")
def name(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """登记一种."""
    copies = request.POST.get("paper_copies", "").strip()
    number = int(copies) if copies.isdecimal() and len(copies) < 5 else 0
    called = request.POST.get("paper_name", "")[:300]
    actor = actor_of(request)
    return _answer(
        request, document_id, lambda: name_paper(actor=actor, document_id=document_id, name=called, copies=number)
    )


@requires(ComposePermission.WRITE)
@posted("compose:show")
def drop(request: HttpRequest, document_id: uuid.UUID, paper_id: int) -> HttpResponse:
    """去掉."""
    actor = actor_of(request)
    return _answer(request, document_id, lambda: drop_paper(actor=actor, document_id=document_id, paper_id=paper_id))


def _answer(request: HttpRequest, document_id: uuid.UUID, act: Callable[[], object]) -> HttpResponse:
    """The panel again over htmx, with what was typed where it was refused; without it back to the document."""
    errors: dict[str, str] = {}
    try:
        act()
    except Refused as refusal:
        if refusal.status in (403, 404) or not request.headers.get("HX-Request"):
            raise
        errors = refusal.errors if isinstance(refusal, Invalid) else {"paper_name": refusal.message}
    if not request.headers.get("HX-Request"):
        return redirect("compose:show", document_id)
    document = own(actor_of(request), document_id, ComposePermission.SEE)
    context = panel(document, actor_of(request)) | {"errors": errors}
    if errors:
        context["typed"] = {"name": request.POST.get("paper_name", ""), "copies": request.POST.get("paper_copies", "")}
    return render(request, "compose/parts/papers.html", context, status=422 if errors else 200)
