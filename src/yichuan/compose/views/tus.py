"""Resumable uploads by the tus protocol 1.0.0 (core, creation, termination): for pages, and for the interface.

`answer` knows the protocol and nothing of who asks; whoever mounts it says the actor, the unit and the address.
"""

import base64
import binascii
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.compose.models import Upload
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services import upload_parts
from yichuan.org.models import Unit
from yichuan.people.models import Account
from yichuan.web.requests import actor_of, unit_of

VERSION = "1.0.0"
PART = "application/offset+octet-stream"
PIECE = 256 * 1024
METHODS = ["POST", "HEAD", "PATCH", "DELETE", "OPTIONS"]


@requires(ComposePermission.WRITE)
@require_http_methods(METHODS)
def uploads(request: HttpRequest, upload_id: uuid.UUID | None = None) -> HttpResponse:
    """Files of the pages; what is refused says why, for the line of its file."""
    try:
        response = answer(request, actor=actor_of(request), unit=unit_of(request), upload_id=upload_id)
    except Refused as refusal:
        response = JsonResponse({"code": refusal.code, "message": refusal.message}, status=refusal.status)
    return spoken(response, address=lambda each: reverse("compose:upload_part", args=[each]))


def answer(request: HttpRequest, *, actor: Account, unit: Unit, upload_id: uuid.UUID | None) -> HttpResponse:
    """One request of the protocol. Raises `Refused` and its kin. `spoken` adds what every answer bears."""
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        response["Tus-Version"], response["Tus-Extension"] = VERSION, "creation,termination"
        response["Tus-Max-Size"] = str(upload_parts.LARGEST)
        return response
    if request.method == "POST" and upload_id is None:
        name = _metadata(request).get("filename", "")
        kind = _metadata(request).get("filetype", "")
        size = _number(request, "Upload-Length")
        return _of(upload_parts.begin_upload(actor=actor, unit=unit, name=name, size=size, media_type=kind), status=201)
    if upload_id is None:
        raise NotFound("no_upload", upload_parts.GONE)
    if request.method == "DELETE":
        upload_parts.cancel(actor=actor, upload_id=upload_id)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        if request.content_type != PART:
            raise Invalid({"Content-Type": f"上传的内容类型应是 {PART}。"})
        offset = _number(request, "Upload-Offset")
        data = _read(request)
        return _of(upload_parts.append(actor=actor, upload_id=upload_id, offset=offset, data=data), status=204)
    return _of(upload_parts.own_upload(actor, upload_id), status=200)


def spoken(response: HttpResponse, *, address: Any) -> HttpResponse:
    """The answer with the protocol's headers; `address` gives the path of a new upload."""
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    made = getattr(response, "made", None)
    if made is not None:
        response["Location"] = address(made)
    return response


def _of(upload: Upload, *, status: int) -> HttpResponse:
    response = HttpResponse(status=status)
    response["Upload-Offset"] = str(upload.received)
    response["Upload-Length"] = str(upload.size)
    if status == 201:
        response.made = upload.pk  # type: ignore[attr-defined]
    return response


def _read(request: HttpRequest) -> bytes:
    """The part, bounded. What came before a cut is kept: the next request asks how far it got."""
    pieces, size = [], 0
    while True:
        try:
            piece = request.read(PIECE)
        except OSError:  # the other side went away in the middle
            break
        if not piece:
            break
        size += len(piece)
        if size > upload_parts.LARGEST_PART:
            raise Invalid({"file": f"一次最多上传 {upload_parts.LARGEST_PART // 2**20} MB，请分成小段。"})
        pieces.append(piece)
    return b"".join(pieces)


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise Invalid({header: f"请求头 {header} 应是字节数。"})
    return int(text)


def _metadata(request: HttpRequest) -> dict[str, str]:
    """`Upload-Metadata`: keys, each with its value in base64."""
    found = {}
    for pair in request.headers.get("Upload-Metadata", "")[:2000].split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Invalid({"Upload-Metadata": "请求头 Upload-Metadata 写得不对，值应是 base64。"}) from error
    return found
