"""Documents as the custodians of a seal are shown them (the port `seals.ports.documents_to_seal`)."""

import uuid
from collections.abc import Iterable

from yichuan.compose.models import Document
from yichuan.compose.services.joint import turn_of
from yichuan.compose.services.preview import page_sizes
from yichuan.compose.services.read import attachments_digest, read_body
from yichuan.compose.states import DOCUMENT
from yichuan.seals.ports import ToSeal


def documents_to_seal(ids: Iterable[uuid.UUID], *, pages: bool) -> dict[uuid.UUID, ToSeal]:
    """These documents by their id; with `pages` the bodies are opened for the sizes of their pages.

    Who may see them is the caller's to ask: custodians see what they are asked to seal.
    """
    found = Document.objects.filter(pk__in=list(ids)).prefetch_related("attachments")
    return {
        document.pk: ToSeal(
            id=document.pk,
            unit_id=turn.unit_id if (turn := turn_of(document)) else document.unit_id,
            number=document.number or "",
            title=document.title,
            digest=document.body_digest,
            attachments=attachments_digest(document),
            ready=DOCUMENT.allows("seal", document.state),
            sizes=tuple(page_sizes(read_body(document))) if pages and document.body else (),
        )
        for document in found
    }
