"""What a page does with files that arrived in parts: they become attachments, or the finished body."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.save import own
from yichuan.compose.services.upload_parts import attach_upload
from yichuan.web.requests import actor_of, posted

MOST_AT_ONCE = 30


@requires(ComposePermission.WRITE)
@posted("compose:show")
def attach_uploads(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """添加附件 from finished uploads; answers with the list, and names each file that was refused and why."""
    actor = actor_of(request)
    document = own(actor, document_id, ComposePermission.WRITE)
    errors, kept = [], []
    for upload_id in _uploads(request):
        try:
            kept.append(attach_upload(actor=actor, document_id=document_id, upload_id=upload_id).name)
        except Refused as refusal:
            errors.append(refusal.message)
    context = {
        "document": document,
        "attachments": list(document.attachments.all()),
        "errors": errors,
        "said": f"已添加：{'、'.join(kept)}" if kept else "",
    }
    return render(request, "compose/parts/attachments.html", context, status=422 if errors else 200)


def _uploads(request: HttpRequest) -> list[uuid.UUID]:
    try:
        given = [uuid.UUID(each) for each in request.POST.getlist("upload")[:MOST_AT_ONCE]]
    except ValueError as error:
        raise NotFound("no_upload", "这次上传已经过期或者不存在，请重新选择文件。") from error
    if not given:
        raise Invalid({"file": "请先选择文件。"})
    return list(dict.fromkeys(given))
