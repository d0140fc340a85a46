"""Files that come with a document: small ones in one request, others by an upload in parts."""

import uuid
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Query

from yichuan.common.errors import Invalid
from yichuan.compose.models import Attachment, Upload
from yichuan.compose.permissions import ComposePermission as May
from yichuan.compose.services.take_sealed import take_sealed
from yichuan.compose.services.upload_parts import attach_upload, own_upload, read_upload
from yichuan.compose.services.uploads import attach, detach, upload_body
from yichuan.compose.states import DocumentState
from yichuan.interface.api.base import StrictParser, Told, WrongContentType, client_of, operation
from yichuan.interface.api.documents import CHANGES, own_document, router, told
from yichuan.interface.api.told import AttachmentOut, DocumentOut
from yichuan.lib.gm.sm3 import sm3

Name = Annotated[str, Query(max_length=200, description="the file's name, where the body is the file itself")]
BYTES, JSON = "application/octet-stream", "application/json"
UPLOADS = ("no_upload", "upload_unfinished", "upload_taken")
REFUSED = (*CHANGES, *UPLOADS, "wrong_content_type", "not_json", "too_large")
FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            BYTES: {"schema": {"type": "string", "format": "binary"}},
            JSON: {
                "schema": {
                    "type": "object",
                    "required": ["upload"],
                    "properties": {"upload": {"type": "string", "format": "uuid"}},
                    "additionalProperties": False,
                },
                "example": {"upload": "0193e0c4-7c1e-7b5a-9d55-3f0f6f1f6f10"},
            },
        },
    }
}


class GoneOut(Told):
    """Whether it is gone: always."""

    gone: bool = True


def _upload(request: HttpRequest) -> uuid.UUID | None:
    """The upload that is meant; None where the body is the file itself."""
    if request.content_type == BYTES:
        return None
    if request.content_type != JSON:
        raise WrongContentType("wrong_content_type", f"内容类型应是 {BYTES}（文件本身），或者 {JSON}（上传编号）。")
    given = StrictParser().parse_body(request)
    try:
        if set(given) != {"upload"}:
            raise ValueError(given)
        return uuid.UUID(given["upload"])
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid({"upload": '请写上传的编号：{"upload": "…"}。'}) from error


def _file(request: HttpRequest, name: str) -> tuple[str, bytes]:
    """Name and bytes of the file."""
    upload_id = _upload(request)
    if upload_id is None:
        return name, request.body
    return read_upload(actor=client_of(request).account, upload_id=upload_id, most=settings.YICHUAN_UPLOAD_LIMIT)


def _attached(request: HttpRequest, document_id: uuid.UUID, name: str = "") -> AttachmentOut | None:
    files = list(own_document(request, document_id).attachments.all())
    upload_id = _upload(request)
    if upload_id is None:
        digest = sm3(request.body).hex()
        return next((AttachmentOut.of(each) for each in files if (each.name, each.digest) == (name, digest)), None)
    upload = own_upload(client_of(request).account, upload_id)
    found = [each for each in files if (each.name, each.size) == (upload.name, upload.size)]
    return AttachmentOut.of(found[-1]) if found and upload.state == Upload.State.TAKEN else None


@operation(
    router, "POST", "/documents/{uuid:document_id}/attachments", permission=May.WRITE, answer=AttachmentOut,
    status=201, key=True, codes=REFUSED, done=_attached, extra=FILE, summary="添加附件 Add an attachment",
)  # fmt: skip
def add_attachment(request: HttpRequest, document_id: uuid.UUID, name: Name = "") -> AttachmentOut:
    """Before it is sealed. The file itself (up to 8 MB, with its `name`), or the id of a finished upload."""
    upload_id = _upload(request)
    actor = client_of(request).account
    if upload_id is not None:
        made: Attachment = attach_upload(actor=actor, document_id=document_id, upload_id=upload_id)
    else:
        made = attach(actor=actor, document_id=document_id, name=name, data=request.body)
    return AttachmentOut.of(made)


@operation(
    router, "DELETE", "/documents/{uuid:document_id}/attachments/{uuid:attachment_id}", permission=May.WRITE,
    answer=GoneOut, codes=CHANGES, summary="去掉附件 Remove an attachment",
)  # fmt: skip
def remove_attachment(request: HttpRequest, document_id: uuid.UUID, attachment_id: uuid.UUID) -> GoneOut:
    """Before it is sealed; again changes nothing, so this asks for no key."""
    detach(actor=client_of(request).account, document_id=document_id, attachment_id=attachment_id)
    return GoneOut()


def _has_body(request: HttpRequest, document_id: uuid.UUID, name: str = "") -> DocumentOut | None:
    document = own_document(request, document_id)
    same = document.state != DocumentState.DRAFT and document.body_digest == sm3(_file(request, name)[1]).hex()
    return told(document) if same else None


@operation(
    router, "POST", "/documents/{uuid:document_id}/body", permission=May.WRITE, answer=DocumentOut, key=True,
    codes=REFUSED, done=_has_body, extra=FILE, summary="上传成品 A finished body",
)  # fmt: skip
def upload_finished(request: HttpRequest, document_id: uuid.UUID, name: Name = "公文.ofd") -> DocumentOut:
    """A finished OFD without a seal in place of the typeset one; the custodian then seals it on the page."""
    name, data = _file(request, name)
    return told(upload_body(actor=client_of(request).account, document_id=document_id, name=name, data=data))


@operation(
    router, "POST", "/documents/{uuid:document_id}/sealed-body", permission=May.WRITE, answer=DocumentOut, key=True,
    codes=(*REFUSED, "joint", "refused"), done=_has_body, extra=FILE,
    summary="上传已盖章的成品 A body that is sealed already",
)  # fmt: skip
def upload_sealed(request: HttpRequest, document_id: uuid.UUID, name: Name = "公文.ofd") -> DocumentOut:
    """An OFD that the unit's own seal signed: it is verified, the use goes into the ledger, it waits to be sent."""
    name, data = _file(request, name)
    return told(take_sealed(actor=client_of(request).account, document_id=document_id, name=name, data=data))
