"""Reading documents in the making."""

import uuid
from collections.abc import Collection, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet, UUIDField, prefetch_related_objects

from yichuan.common.among import Several
from yichuan.common.prepared import Prepared
from yichuan.compose.models import Attachment, Document, JointSeal, UploadPart
from yichuan.compose.states import DocumentState
from yichuan.web.numbers import Question

HAND_BACKS = "hand_backs__by"


def with_hand_backs(documents: QuerySet[Document]) -> QuerySet[Document]:
    """With who gave each back and why, for `Document.handed_back`: one query more for a whole list."""
    return documents.prefetch_related(HAND_BACKS)


_listed = Prepared(
    lambda keys: Document.objects.filter(pk__among=keys).select_related("unit", "author"), keys=Several(UUIDField())
)
sealed_number = Question(
    lambda unit: Document.objects.filter(unit_id=unit, state=DocumentState.SEALED), unit=UUIDField()
)
"""How many documents of a unit wait for sending."""


def listed(keys: Collection[uuid.UUID]) -> list[Document]:
    """These documents, in no order, with what a line of a list says of each."""
    found = _listed(keys=keys)
    prefetch_related_objects(found, HAND_BACKS)
    return found


def documents_of(unit_id: uuid.UUID, *states: str, number: str = "") -> QuerySet[Document]:
    """The unit's documents in these states (all if none is named), the last changed first; by part of the number."""
    found = Document.objects.filter(unit_id=unit_id).select_related("unit", "author").order_by("-changed_at")
    if number:
        found = found.filter(number__contains=number)
    return found.filter(state__in=states) if states else found


def to_seal(unit_id: uuid.UUID) -> QuerySet[Document]:
    """What waits for the unit's seal, the last changed first: its own documents, and joint ones in its turn."""
    earlier = JointSeal.objects.filter(document=OuterRef("document"), order__lt=OuterRef("order"), sealed_at=None)
    turns = JointSeal.objects.filter(~Exists(earlier), unit_id=unit_id, sealed_at=None)
    joint = Exists(JointSeal.objects.filter(document=OuterRef("pk")))
    own = Q(~joint, unit_id=unit_id, state=DocumentState.READY)
    in_turn = Q(pk__in=list(turns.values_list("document_id", flat=True)), state=DocumentState.READY)
    return Document.objects.filter(own | in_turn).select_related("unit", "author").order_by("-changed_at")


def blob_names() -> Iterator[str]:
    """Every blob this room refers to, for the sweeper."""
    for names in Document.objects.values_list("content", "body", "unsealed").iterator():
        yield from names
    yield from Attachment.objects.values_list("blob", flat=True).iterator()
    yield from UploadPart.objects.values_list("blob", flat=True).iterator()
