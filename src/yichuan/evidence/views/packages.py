"""证据包: what befell a document with everything that proves it, for its sender, a receiver, and the auditor."""

import uuid

from django.http import HttpRequest, HttpResponse

from yichuan.audit.permissions import AuditPermission
from yichuan.common.permissions import requires
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.evidence.services.pack import pack, pack_for_audit, pack_received
from yichuan.exchange.permissions import ExchangePermission
from yichuan.web.requests import actor_of, file, posted


@requires(ComposePermission.SEND)
@posted("compose:show")
def package(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """导出证据包: the sender's, with the body."""
    return _file(*pack(actor=actor_of(request), document_id=document_id))


@requires(ExchangePermission.COPY)
@posted("exchange:delivery")
def received(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """导出证据包: a receiver's, with the receipts it gave."""
    return _file(*pack_received(actor=actor_of(request), delivery_id=delivery_id))


@requires(AuditPermission.SEE_LOG)
@posted("audit:log", keep=0)
def audited(request: HttpRequest, subject_id: uuid.UUID) -> HttpResponse:
    """导出证据包: the auditor's, of the document that this object of the log belongs to."""
    return _file(*pack_for_audit(actor=actor_of(request), subject_id=subject_id))


def _file(document: Document, data: bytes) -> HttpResponse:
    return file(data, name=f"{document.number or document.pk} 证据包.zip", media_type="application/zip")
