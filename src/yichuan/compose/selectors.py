"""Reading documents in the making."""

import uuid
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet

from yichuan.compose.models import Attachment, Document, JointSeal
from yichuan.compose.states import DocumentState


def documents_of(unit_id: uuid.UUID, *states: str, number: str = "") -> QuerySet[Document]:
    """The unit's documents in these states (all if none is named), the last changed first; by part of the number."""
    found = Document.objects.filter(unit_id=unit_id).select_related("unit", "author").order_by("-changed_at")
    if number:
        found = found.filter(number__contains=number)
    return found.filter(state__in=states) if states else found


def joint_to_seal(unit_id: uuid.UUID) -> QuerySet[JointSeal]:
    """Joint documents made by other units in which this unit's turn to seal has come, the longest waiting first."""
    earlier = JointSeal.objects.filter(document=OuterRef("document"), order__lt=OuterRef("order"), sealed_at=None)
    return (
        JointSeal.objects.filter(~Exists(earlier), unit_id=unit_id, sealed_at=None, document__state=DocumentState.READY)
        .exclude(document__unit_id=unit_id)
        .select_related("document__unit", "document__author")
        .order_by("document__changed_at")
    )


def blob_names() -> Iterator[str]:
    """Every blob this room refers to, for the sweeper."""
    for content, body in Document.objects.values_list("content", "body").iterator():
        yield from (content, body)
    yield from Attachment.objects.values_list("blob", flat=True).iterator()
