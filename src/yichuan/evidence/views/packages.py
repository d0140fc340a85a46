"""证据包: a sent document with everything its verification needs, for its sender."""

import uuid

from django.http import HttpRequest, HttpResponse

from yichuan.common.permissions import requires
from yichuan.compose.permissions import ComposePermission
from yichuan.evidence.services.pack import pack
from yichuan.web.requests import actor_of, file, posted


@requires(ComposePermission.SEND)
@posted("compose:show")
def package(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """导出证据包."""
    document, data = pack(actor=actor_of(request), document_id=document_id)
    return file(data, name=f"{document.number} 证据包.zip", media_type="application/zip")
