"""发文, the unit's own documents: narrowed, however many they are."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from yichuan.compose.models import Document
from yichuan.compose.search import FRESH, Sought, holders
from yichuan.compose.states import DocumentState
from yichuan.web.lists import bounded, newest

SCANNED = 20_000


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed by: `begin` up to `end` (exclusive) of the last change."""

    sought: Sought = field(default_factory=Sought)
    state: str = ""
    author: str = ""
    urgency: str = ""
    begin: datetime | None = None
    end: datetime | None = None


def outgoing(unit_id: uuid.UUID, wanted: Wanted) -> QuerySet[Document]:
    """The unit's documents, the last changed first. Names and urgencies are looked for among the newest `SCANNED`."""
    own = Document.objects.filter(unit_id=unit_id).select_related("unit", "author").order_by("-changed_at")
    rows = own.filter(state=wanted.state) if wanted.state else own
    if wanted.begin:
        rows = rows.filter(changed_at__gte=wanted.begin)
    if wanted.end:
        rows = rows.filter(changed_at__lt=wanted.end)
    if wanted.sought:
        rows = _with_words(rows, wanted.sought, own.filter(indexed_at=None)[:FRESH])
    if wanted.author or wanted.urgency:
        further = Q(author__name__contains=wanted.author) if wanted.author else Q()
        further &= Q(urgency=wanted.urgency) if wanted.urgency else Q()
        rows = newest(rows, SCANNED)[0].filter(further)
    return rows


def outgoing_counts(unit_id: uuid.UUID) -> dict[str, int]:
    """How many of the unit's documents stand in each state, counted as far as a list counts."""
    own = Document.objects.filter(unit_id=unit_id)
    return {state.value: bounded(own.filter(state=state)) for state in DocumentState}


def _with_words(rows: QuerySet[Document], sought: Sought, fresh: QuerySet[Document]) -> QuerySet[Document]:
    """Those that were sent, from the search; of the others, which are not in it, the titles are opened."""
    if sought.faults:
        return rows.none()
    new = [each.pk for each in fresh if sought.fits(each)]
    return rows.filter(Q(pk__in=new) | holders(sought.terms()).among("pk"))
