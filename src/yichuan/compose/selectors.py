"""Reading documents in the making."""

import uuid
from collections.abc import Iterator

from django.db.models import QuerySet

from yichuan.compose.models import Attachment, Document


def documents_of(unit_id: uuid.UUID, *states: str, number: str = "") -> QuerySet[Document]:
    """The unit's documents in these states (all if none is named), the last changed first; by part of the number."""
    found = Document.objects.filter(unit_id=unit_id).select_related("unit", "author").order_by("-changed_at")
    if number:
        found = found.filter(number__contains=number)
    return found.filter(state__in=states) if states else found


def blob_names() -> Iterator[str]:
    """Every blob this room refers to, for the sweeper."""
    for content, body in Document.objects.values_list("content", "body").iterator():
        yield from (content, body)
    yield from Attachment.objects.values_list("blob", flat=True).iterator()
