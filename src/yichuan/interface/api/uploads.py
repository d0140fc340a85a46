"""Large files in parts that go on after a cut: the tus protocol 1.0.0, for office systems."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router

from yichuan.common.errors import Refused
from yichuan.compose.permissions import ComposePermission as May
from yichuan.compose.views.tus import PART, answer, spoken
from yichuan.interface.api.base import client_of, operation
from yichuan.interface.problems import of_refusal

router = Router(tags=["分段上传 Uploads (tus 1.0.0)"])
CODES = ("no_upload", "too_large")


def _header(name: str, description: str, *, required: bool = True) -> dict[str, Any]:
    kind = {"type": "string", "pattern": "^[0-9]{1,15}$"} if required else {"type": "string"}
    return {"in": "header", "name": name, "required": required, "schema": kind, "description": description}


@operation(
    router, "POST", "/uploads/", permission=May.WRITE, answer="", status=201, codes=("uploads_waiting", "no_box"),
    summary="开始上传 Begin an upload",
    extra={
        "parameters": [
            _header("Upload-Length", "bytes of the file"),
            _header("Upload-Metadata", "`filename` and its base64, as tus writes it", required=False),
        ]
    },
)  # fmt: skip
def begin_upload(request: HttpRequest) -> HttpResponse:
    """`Location` is the upload's address. What is not finished in a day is forgotten."""
    return _speak(request, None)


@operation(
    router, "HEAD", "/uploads/{uuid:upload_id}/", permission=May.WRITE, answer="", codes=CODES,
    summary="传到哪里了 How far it is",
)  # fmt: skip
def see_upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """`Upload-Offset` says from where to go on."""
    return _speak(request, upload_id)


@operation(
    router, "PATCH", "/uploads/{uuid:upload_id}/", permission=May.WRITE, answer="", status=204,
    codes=(*CODES, "upload_offset"), summary="传一段 Send a part",
    extra={
        "parameters": [_header("Upload-Offset", "where this part begins")],
        "requestBody": {"required": True, "content": {PART: {"schema": {"type": "string", "format": "binary"}}}},
    },
)  # fmt: skip
def send_part(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """Up to 8 MB. A part in the wrong place is refused, so that sending one twice does no harm."""
    return _speak(request, upload_id)


@operation(
    router, "DELETE", "/uploads/{uuid:upload_id}/", permission=May.WRITE, answer="", status=204, codes=CODES,
    summary="放弃上传 Give it up",
)  # fmt: skip
def give_up_upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """What arrived of it is swept."""
    return _speak(request, upload_id)


def _speak(request: HttpRequest, upload_id: uuid.UUID | None) -> HttpResponse:
    client = client_of(request)
    try:
        response = answer(request, actor=client.account, unit=client.unit, upload_id=upload_id)
    except Refused as refusal:
        response = of_refusal(refusal)
    return spoken(response, address=lambda each: reverse("interface:see_upload", kwargs={"upload_id": each}))
