"""The clerk's pages for making a document: form with preview, attachments, finishing."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from yichuan.common import profile
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.ids import new_id
from yichuan.common.permissions import requires
from yichuan.compose.drafting.content import Fields, to_gongwen
from yichuan.compose.drafting.hints import hints
from yichuan.compose.drafting.importing import read_draft
from yichuan.compose.forms import DraftForm
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services import uploads
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import finish as finish_document
from yichuan.compose.services.finish import reopen as reopen_document
from yichuan.compose.services.preview import draft_body, page_sizes
from yichuan.compose.services.save import begin, own, save
from yichuan.compose.states import DocumentState
from yichuan.org.models import Unit
from yichuan.web.requests import actor_of, posted, unit_of


@requires(ComposePermission.WRITE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """制作公文, empty."""
    unit = unit_of(request)
    form = DraftForm(request.POST or None, initial=_blank(unit))
    wanted = _named(request)
    if request.method == "POST" and form.is_valid():
        try:
            document = _begun(request, unit, form, wanted)
        except Refused as refusal:
            _show(form, refusal)
        else:
            return redirect("compose:edit", document.pk)
    context = {"form": form, "new_id": wanted}
    return render(request, "compose/edit.html", context, status=422 if form.errors else 200)


def _named(request: HttpRequest) -> uuid.UUID:
    """The id that the form's document is to have: what is pressed and what saves by itself begin one between them."""
    try:
        return uuid.UUID(request.POST.get("new_id", ""))
    except ValueError:
        return new_id()


def _begun(request: HttpRequest, unit: Unit, form: DraftForm, wanted: uuid.UUID) -> Document:
    """Begin under this id, or save where that was done a moment ago."""
    actor, fields, there = actor_of(request), form.to_fields(), Document.objects.filter(pk=wanted)
    if not there.exists():
        try:
            return begin(actor=actor, unit=unit, fields=fields, document_id=wanted)
        except Invalid:
            if not there.exists():
                raise
    return save(actor=actor, document_id=wanted, fields=fields)


@requires(ComposePermission.WRITE)
@posted("compose:new", keep=0)
def keep_new(request: HttpRequest, new_id: uuid.UUID) -> HttpResponseBase:
    """The form of a new document while one types: begun once it has a title, then saved under the same id.

    Nothing is answered before that; where the page is loaded anew, it is the draft's own.
    """
    form = DraftForm(request.POST)
    if not request.POST.get("title", "").strip():
        return HttpResponse(status=204)
    document = Document.objects.filter(pk=new_id).first()
    if document is not None:
        return edit(request, new_id)
    if form.is_valid():
        try:
            unit, fields = unit_of(request), form.to_fields()
            document = begin(actor=actor_of(request), unit=unit, fields=fields, document_id=new_id)
        except Refused as refusal:
            _show(form, refusal)
    if document is None:
        errors = {name: str(texts[0]) for name, texts in form.errors.items()}
        return render(request, "compose/parts/preview.html", {"form": form} | _noted(form, errors), status=422)
    answer = render(request, "compose/parts/begun.html", edit_context(document, form) | {"begun": True})
    answer["HX-Replace-Url"] = reverse("compose:edit", args=[document.pk])
    return answer


@requires(ComposePermission.WRITE)
@posted("compose:new", keep=0)
def import_file(request: HttpRequest) -> HttpResponse:
    """导入文件: a draft begun from a DOCX or plain text."""
    unit = unit_of(request)
    file = request.FILES.get("file")
    try:
        if getattr(request, "upload_too_large", False):
            raise Invalid({"file": "文件太大，没有导入。每个文件不超过 64 MB。"})
        if file is None:
            raise Invalid({"file": "请先选择要导入的文件。"})
        found = read_draft(file.name or "", file.read(), _blank(unit))
        document = begin(actor=actor_of(request), unit=unit, fields=found.fields, original=found.original)
    except Invalid as refusal:
        context = {"form": DraftForm(initial=_blank(unit)), "import_error": refusal.message, "new_id": new_id()}
        return render(request, "compose/edit.html", context, status=422)
    return redirect("compose:edit", document.pk)


@requires(ComposePermission.WRITE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """制作公文: form, preview, notes. A POST saves; over htmx it answers with preview and notes alone."""
    document = own(actor_of(request), document_id, ComposePermission.WRITE)
    if document.state != DocumentState.DRAFT:
        return redirect("compose:show", document.pk)
    if request.method == "GET":
        fields, _ = read_content(document)
        return render(request, "compose/edit.html", edit_context(document, DraftForm(initial=fields)))
    form = DraftForm(request.POST)
    if form.is_valid():
        try:
            document = _save(request, document, form)
        except Refused as refusal:
            _show(form, refusal)
    template = "compose/parts/preview.html" if request.headers.get("HX-Request") else "compose/edit.html"
    return render(request, template, edit_context(document, form), status=422 if form.errors else 200)


def _save(request: HttpRequest, document: Document, form: DraftForm) -> Document:
    """Save what the form holds, unless somebody saved since the form was shown."""
    seen = request.POST.get("seen", "")
    return save(actor=actor_of(request), document_id=document.pk, fields=form.to_fields(), seen=seen)


def edit_context(document: Document, form: DraftForm, *, saved: bool = False) -> dict[str, Any]:
    """The pages as last saved, if they can be typeset, and everything that is to be changed in the form."""
    kept = read_content(document)
    context: dict[str, Any] = {
        "document": document,
        "form": form,
        "scans": profile.current().exchange.scans,
        "attachments": list(document.attachments.all()),
        "imported": kept[1].get("import_notes", ()),
        "seen": form.data.get("seen", document.content) if form.non_field_errors() else document.content,
    }
    errors: dict[str, str] = {}
    try:
        context |= {"sizes": page_sizes(draft_body(document)), "version": f"v={document.content[:16]}"}
    except Invalid as refusal:
        errors = dict(refusal.errors)
    if form.errors:  # not saved, or not finished: what stands in the form counts, not what was saved before
        errors = _refused_by_the_layout(document, form) | {name: str(texts[0]) for name, texts in form.errors.items()}
    names = {name: field.label for name, field in form.fields.items()}
    if not errors:
        context["hints"] = [each | {"label": names.get(each["field"], "公文")} for each in hints(to_gongwen(*kept))]
    return context | _noted(form, errors) | {"not_saved": bool(form.errors) and not saved}


def _noted(form: DraftForm, errors: dict[str, str]) -> dict[str, Any]:
    """What is to be changed, field by field, as the page lists it."""
    names = {name: field.label for name, field in form.fields.items()}
    notes = [{"field": name, "label": names.get(name, "公文"), "text": text} for name, text in errors.items()]
    return {"notes": notes, "to_change": f"{len(errors)} 处要改"}


def _refused_by_the_layout(document: Document, form: DraftForm) -> dict[str, str]:
    """What would keep the form's own text from being typeset, whether or not it could be saved."""
    try:
        to_gongwen(form.to_fields(), read_content(document)[1])
    except Invalid as refusal:
        return dict(refusal.errors)
    return {}


@requires(ComposePermission.WRITE)
@posted("compose:show")
def finish(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """完成制作: save what the form holds, then typeset it for good."""
    form, saved = DraftForm(request.POST), False
    document = own(actor_of(request), document_id, ComposePermission.WRITE)
    if form.is_valid():
        try:
            document = _save(request, document, form)
            saved = True
            finish_document(actor=actor_of(request), document_id=document_id)
            return redirect("compose:show", document_id)
        except Refused as refusal:
            _show(form, refusal)
    return render(request, "compose/edit.html", edit_context(document, form, saved=saved), status=422)


@requires(ComposePermission.WRITE)
@posted("compose:show")
def reopen(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """退回修改: back to the form."""
    reopen_document(actor=actor_of(request), document_id=document_id)
    return redirect("compose:edit", document_id)


@requires(ComposePermission.WRITE)
@posted("compose:show")
def attach(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """Add attachments; answers with the list and what was refused."""
    document = own(actor_of(request), document_id, ComposePermission.WRITE)
    errors, kept = [], []
    files = request.FILES.getlist("file")  # only reading them tells whether they were too large
    if getattr(request, "upload_too_large", False):
        errors.append("文件太大，没有保存。每次上传的文件合计不超过 64 MB。")
    for file in files:
        name = file.name or ""
        try:
            uploads.attach(actor=actor_of(request), document_id=document_id, name=name, data=file.read())
        except Refused as refusal:
            errors.append(refusal.message if name in refusal.message else f"「{name[:60]}」：{refusal.message}")
        else:
            kept.append(name)
    if not files and not errors:
        errors.append("请先选择文件。")
    return _attachments(request, document, errors, f"已添加：{'、'.join(kept)}" if kept else "")


def _attachments(request: HttpRequest, document: Document, errors: list[str], said: str) -> HttpResponse:
    """The list of attachments over htmx; the whole page for a browser that posted the form itself."""
    context = {"document": document, "attachments": list(document.attachments.all()), "errors": errors, "said": said}
    if not request.headers.get("HX-Request"):
        if not errors:
            return redirect("compose:show", document.pk)
        fields, _ = read_content(document)
        whole = edit_context(document, DraftForm(initial=fields)) | context
        return render(request, "compose/edit.html", whole, status=422)
    return render(request, "compose/parts/attachments.html", context, status=422 if errors else 200)


@requires(ComposePermission.WRITE)
@posted("compose:show")
def detach(request: HttpRequest, document_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """Remove one attachment; answers with the list."""
    document = own(actor_of(request), document_id, ComposePermission.WRITE)
    uploads.detach(actor=actor_of(request), document_id=document_id, attachment_id=attachment_id)
    return _attachments(request, document, [], "附件已去掉。")


@requires(ComposePermission.WRITE)
@posted("compose:show")
def upload(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """上传成品: a finished OFD becomes the body."""
    document = own(actor_of(request), document_id, ComposePermission.WRITE)
    file = request.FILES.get("file")
    try:
        if getattr(request, "upload_too_large", False):
            raise Invalid({"file": "文件太大，没有保存。每个文件不超过 64 MB。"})
        if file is None:
            raise Invalid({"file": "请先选择 OFD 文件。"})
        uploads.upload_body(actor=actor_of(request), document_id=document_id, name=file.name or "", data=file.read())
    except Invalid as refusal:
        fields, _ = read_content(document)
        context = edit_context(document, DraftForm(initial=fields)) | {"upload_error": refusal.message}
        return render(request, "compose/edit.html", context, status=422)
    return redirect("compose:show", document_id)


def _blank(unit: Unit) -> Fields:
    today = localdate()
    return {
        "kind": "通知",
        "urgency": "平件",
        "issuer_mark": f"{unit.name}文件",
        "issuer": unit.name,
        "date": today.isoformat(),
        "printer": unit.name,
        "print_date": today.isoformat(),
    }


def _show(form: DraftForm, refusal: Refused) -> None:
    """Put a refusal where it belongs in the form; one that is not about what was typed goes on its way."""
    if not isinstance(refusal, Invalid) and refusal.code != "changed_elsewhere":
        raise refusal
    errors = refusal.errors if isinstance(refusal, Invalid) else {"": refusal.message}
    for name, message in errors.items():
        form.add_error(name if name in form.fields else None, message)


def page_number(page: int) -> int:
    """Pages count from 1 in addresses, from 0 in the library."""
    if page < 1:
        raise NotFound("no_page", "没有这一页。")
    return page - 1
