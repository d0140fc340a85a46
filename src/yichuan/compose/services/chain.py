"""The chain of a document: what it corrects, and what corrects it (returned or withdrawn, corrected, sent again)."""

import uuid

from django.conf import settings
from django.utils.module_loading import import_string

from yichuan.compose.models import Document
from yichuan.compose.states import DocumentState

LONGEST = 50


def chain_of(document: Document) -> list[Document]:
    """Every document of the chain that this one stands in, itself among them, the first one first."""
    first = document
    for _ in range(LONGEST):
        if first.corrects is None:
            break
        first = first.corrects
    found, last = [first], [first.pk]
    for _ in range(LONGEST):
        later = list(Document.objects.filter(corrects__in=last).order_by("created_at"))
        if not later:
            break
        found += later
        last = [each.pk for each in later]
    if document.pk not in {each.pk for each in found}:
        found.append(document)  # it is about to be written
    return found


def chain_ids(document: Document) -> set[uuid.UUID]:
    """`chain_of`, by their ids."""
    return {each.pk for each in chain_of(document)}


def came_back(document: Document) -> bool:
    """Whether a recipient returned it: the rooms above know (`YICHUAN_DOCUMENT_RETURNED`)."""
    if document.state != DocumentState.SENT:
        return False
    return bool(import_string(settings.YICHUAN_DOCUMENT_RETURNED)(document.pk))
