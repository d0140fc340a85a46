"""Papers of an application for a seal, and the head's signature under it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yichuan.common.errors import Refused
from yichuan.common.permissions import requires
from yichuan.people.views.signing import Said, answers_json
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services import application_papers
from yichuan.seals.services.said import LONGEST
from yichuan.seals.services.sign_application import sign_application
from yichuan.seals.views.applications import act
from yichuan.web.requests import actor_of, file, posted


@requires(SealsPermission.APPLY)
@posted("seals:application")
def attach(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Add the chosen papers, each on its own; the first that is refused is named, those before it are kept."""

    def add() -> None:
        files = request.FILES.getlist("file")  # only reading them tells whether they were too large
        role = request.POST.get("role", "")
        if getattr(request, "upload_too_large", False):
            raise Refused("too_large", "文件太大，没有保存。每个文件不超过 20 MB，一次合计不超过 64 MB。")
        if not files:
            raise Refused("no_file", "没有添加：请先选择文件。")
        for each in files:
            application_papers.attach(
                actor=actor_of(request),
                application_id=application_id,
                role=role,
                name=each.name or "",
                data=each.read(),
            )

    return act(request, application_id, add)


@requires(SealsPermission.APPLY)
@posted("seals:application")
def detach(request: HttpRequest, application_id: uuid.UUID, paper_id: uuid.UUID) -> HttpResponse:
    """Leave a paper out."""
    ids = {"application_id": application_id, "paper_id": paper_id}
    return act(request, application_id, lambda: application_papers.detach(actor=actor_of(request), **ids))


@requires(SealsPermission.SEE)
@require_GET
def paper(request: HttpRequest, application_id: uuid.UUID, paper_id: uuid.UUID) -> HttpResponse:
    """Look at a paper where the browser can show it, else keep it. Either is recorded."""
    ids = {"application_id": application_id, "paper_id": paper_id}
    found, data = application_papers.read(actor=actor_of(request), **ids)
    inline = "download" not in request.GET and found.media_type in ("application/pdf", "image/png", "image/jpeg")
    return file(data, name=found.name, media_type=found.media_type, inline=inline)


@requires(SealsPermission.SIGN_APPLICATION)
@posted("seals:application")
@answers_json
def sign(request: HttpRequest, said: Said, application_id: uuid.UUID) -> dict[str, Any]:
    """负责人签字: the signed challenge; where to go on."""
    sign_application(
        request,
        actor=actor_of(request),
        application_id=application_id,
        challenge_id=said.id("challenge"),
        certificate=said.certificate("certificate"),
        signature=said.signature("signature"),
        words=said.text("words", LONGEST * 2),
    )
    return {"to": reverse("seals:application", args=[application_id])}
