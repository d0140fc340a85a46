"""The steps of making beside the form: handing back, correcting, bodies that are sealed already."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import requires
from yichuan.compose.forms import DraftForm, ScanForm
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.content import read_content
from yichuan.compose.services.correct import correct
from yichuan.compose.services.hand_back import hand_back
from yichuan.compose.services.save import own
from yichuan.compose.services.take_scan import NO_SEAL, take_scan, why_no_scan
from yichuan.compose.services.take_sealed import take_sealed
from yichuan.compose.states import DocumentState
from yichuan.compose.views.documents import shown
from yichuan.compose.views.drafts import edit_context
from yichuan.web.requests import actor_of, posted

TOO_LARGE = "文件太大，没有保存。每次上传的文件合计不超过 64 MB。"


@requires(ComposePermission.SEE)
@posted("compose:show")
def give_back(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """退回上一步, with its reason; the step itself decides who may."""
    try:
        hand_back(actor=actor_of(request), document_id=document_id, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return shown(request, own(actor_of(request), document_id, ComposePermission.SEE), refusal)
    return redirect("compose:outgoing")


@requires(ComposePermission.WRITE)
@posted("compose:show")
def begin_correction(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """更正重发: the form of the new draft."""
    try:
        document = correct(actor=actor_of(request), document_id=document_id)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return shown(request, own(actor_of(request), document_id, ComposePermission.SEE), refusal)
    return redirect("compose:edit", document.pk)


@requires(ComposePermission.WRITE)
@posted("compose:show")
def upload_sealed(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """上传已盖章的公文: an OFD with the unit's own seal on it, which then waits to be sent."""
    document = own(actor_of(request), document_id, ComposePermission.WRITE)
    file = request.FILES.get("file")
    try:
        if getattr(request, "upload_too_large", False):
            raise Invalid({"file": TOO_LARGE})
        if file is None:
            raise Invalid({"file": "请先选择已经盖章的 OFD 文件。"})
        take_sealed(actor=actor_of(request), document_id=document_id, name=file.name or "", data=file.read())
    except Refused as refusal:
        if refusal.status in (403, 404) or document.state != DocumentState.DRAFT:
            raise
        context = edit_context(document, DraftForm(initial=read_content(document)[0]))
        context["upload_error"] = refusal.message
        return render(request, "compose/edit.html", context, status=refusal.status)
    return redirect("compose:show", document_id)


@requires(ComposePermission.WRITE)
@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """上传盖章纸质件扫描: the PDF and the text; where the unit must seal, why and what to do instead."""
    document = own(actor_of(request), document_id, ComposePermission.WRITE)
    if document.state != DocumentState.DRAFT and request.method == "GET":
        return redirect("compose:show", document.pk)
    form = ScanForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _take(request, document, form)
            return redirect("compose:show", document_id)
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            for name, text in (refusal.errors if isinstance(refusal, Invalid) else {"": refusal.message}).items():
                form.add_error(name if name in form.fields else None, text)
            status = refusal.status
    why_not = why_no_scan(document.unit)
    context = {"document": document, "form": form, "why_not": why_not, "no_seal": NO_SEAL}
    return render(request, "compose/scan.html", context, status=422 if status == 200 and form.errors else status)


def _take(request: HttpRequest, document: Document, form: ScanForm) -> None:
    if getattr(request, "upload_too_large", False):
        raise Invalid({"scan": TOO_LARGE})
    scan, text = form.cleaned_data["scan"], form.cleaned_data["text"]
    take_scan(
        actor=actor_of(request),
        document_id=document.pk,
        scan_name=scan.name or "",
        scan=scan.read(),
        text_name=text.name or "",
        text=text.read(),
    )
