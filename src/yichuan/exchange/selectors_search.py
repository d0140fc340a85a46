"""Narrowing the lists: an inbox and what a unit sent, however full they are.

State, day, number, title and text go by an index. What has none (a name, the urgency, a mark) is looked for among the
newest `SCANNED` rows that the others leave; where there are more, the list says so.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from yichuan.compose.models import Document
from yichuan.compose.search import FRESH, Sought, documents_with, holding
from yichuan.exchange.models import Delivery, Dispatch, PaperItem
from yichuan.exchange.states import DeliveryState
from yichuan.org.models import Unit, UnitName
from yichuan.web.lists import newest

SCANNED = 20_000
MOST_NAMES = 300
MARKS = {"no_call": "未经电话通知", "paper": "纸质未到", "dual": "有纸质件"}
STANDINGS = {"returned": "有退回", "waiting": "有未签收", "withdrawn": "已撤回"}

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed by. `name`: of the other unit (its names, pinyin, initials); `begin` up to `end`
    (exclusive); `mark` of `MARKS`; `standing` of `STANDINGS`."""

    sought: Sought = field(default_factory=Sought)
    state: str = ""
    name: str = ""
    begin: datetime | None = None
    end: datetime | None = None
    urgency: str = ""
    mark: str = ""
    standing: str = ""


@dataclass(frozen=True)
class Found(Generic[Row]):
    """Rows in the order of the list. `cut`: only the newest `SCANNED` of them were looked through."""

    rows: QuerySet[Row]
    cut: bool = False


def desk_rows(unit_id: uuid.UUID, office_id: uuid.UUID | None) -> QuerySet[Delivery]:
    """What one desk holds: an office's own, or what belongs to no office; the latest first."""
    found = Delivery.objects.filter(unit_id=unit_id).order_by("-arrived_at", "-id")
    return found.filter(office=None) if office_id is None else found.filter(office_id=office_id)


def deliveries(unit_id: uuid.UUID, office_id: uuid.UUID | None, wanted: Wanted) -> Found[Delivery]:
    """The deliveries of one desk, narrowed; the latest first."""
    desk = desk_rows(unit_id, office_id)
    rows = _between(desk, "arrived_at", wanted)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.mark == "paper":
        rows = rows.filter(paper_open=True)
    fresh = Document.objects.filter(pk__in=desk.values("dispatch__document_id")[:FRESH], indexed_at=None)
    found = _with_words(rows, "dispatch__document", wanted.sought, fresh)
    further = Q(dispatch__document__urgency=wanted.urgency) if wanted.urgency else Q()
    if wanted.mark == "no_call":
        further &= Q(dispatch__without_call=True)
    if wanted.mark == "dual":
        further &= Q(Exists(PaperItem.objects.filter(delivery=OuterRef("pk"))))
    if wanted.name:
        further &= _sender(wanted.name)
    return _scanned(found, further)


def matching(unit_id: uuid.UUID, office_id: uuid.UUID | None, query: str) -> QuerySet[Delivery]:
    """The deliveries of one desk whose number, title or text holds all words of `query`, the latest first.

    Of words in a text they are candidates: all pairs of characters stand in it, seldom apart from one another.
    """
    return deliveries(unit_id, office_id, Wanted(Sought(text=query))).rows


def dispatches(unit_id: uuid.UUID, wanted: Wanted) -> Found[Dispatch]:
    """The unit's dispatches, narrowed; the latest first."""
    own = Dispatch.objects.filter(unit_id=unit_id).order_by("-sent_at")
    rows = _between(own, "sent_at", wanted)
    fresh = Document.objects.filter(pk__in=own.values("document_id")[:FRESH], indexed_at=None)
    found = _with_words(rows, "document", wanted.sought, fresh)
    further = Q(document__urgency=wanted.urgency) if wanted.urgency else Q()
    if wanted.standing == "withdrawn":
        further &= Q(withdrawn_at__isnull=False)
    elif wanted.standing:
        state = DeliveryState.RETURNED if wanted.standing == "returned" else DeliveryState.DELIVERED
        further &= Q(Exists(Delivery.objects.filter(dispatch=OuterRef("pk"), state=state)))
    if wanted.name:
        units, names = like(wanted.name)
        to = Delivery.objects.filter(Q(unit_id__in=units) | Q(addressee_id__in=names), dispatch=OuterRef("pk"))
        further &= Q(Exists(to))
    return _scanned(found, further)


def like(name: str) -> tuple[list[uuid.UUID], list[int]]:
    """The units, open or closed, of which a name, the pinyin or the initials hold `name`; names of any day."""
    letters = name.lower()
    named = Q(short_name__contains=name) | Q(name__contains=name)
    own = named | Q(pinyin__contains=letters) | Q(initials__contains=letters) if letters.isascii() else named
    units = list(Unit.objects.filter(own).order_by("order").values_list("pk", flat=True)[:MOST_NAMES])
    names = UnitName.objects.filter(named).order_by("pk").values_list("pk", flat=True)[:MOST_NAMES]
    return units, list(names)


def _between(rows: QuerySet[Row], column: str, wanted: Wanted) -> QuerySet[Row]:
    if wanted.begin:
        rows = rows.filter(**{f"{column}__gte": wanted.begin})
    return rows.filter(**{f"{column}__lt": wanted.end}) if wanted.end else rows


def _with_words(rows: QuerySet[Row], path: str, sought: Sought, fresh: QuerySet[Document]) -> Found[Row]:
    """Those whose document holds what is sought; of the few that are not in the search yet the titles are opened."""
    if not sought:
        return Found(rows)
    if sought.faults:
        return Found(rows.none())
    terms = sought.terms()
    known = documents_with(terms)
    new = [each.pk for each in fresh if sought.fits(each) and sought.fits_text(each, "")]
    if known is not None:
        return Found(rows.filter(**{f"{path}__in": [*known, *new]}))
    within, cut = newest(rows, SCANNED)
    return Found(within.filter(Q(**{f"{path}__in": new}) | holding(f"{path}_id", terms, of_many=cut)), cut)


def _sender(name: str) -> Q:
    units, names = like(name)
    return Q(dispatch__unit_id__in=units) | Q(dispatch__sender_id__in=names)


def _scanned(found: Found[Row], further: Q) -> Found[Row]:
    if not further:
        return found
    within, cut = newest(found.rows, SCANNED)
    return Found(within.filter(further), cut or found.cut)
