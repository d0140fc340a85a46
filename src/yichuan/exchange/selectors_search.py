"""Narrowing the lists: an inbox and what a unit sent, however full they are.

State, day, number, title and text go by an index. What has none (a name, the urgency, a mark) is looked for among the
newest `SCANNED` rows that the others leave; where there are more, the list says so.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, UUIDField

from yichuan.common.prepared import Prepared, PreparedSql
from yichuan.compose.models import Document
from yichuan.compose.search import FRESH, Holders, Sought, holders
from yichuan.compose.services.index import INDEXED
from yichuan.exchange.models import Delivery, Dispatch, PaperItem
from yichuan.exchange.states import DeliveryState
from yichuan.org.models import Unit, UnitName
from yichuan.web.lists import newest

SCANNED = 20_000
MOST_NAMES = 300
MARKS = {"no_call": "未经电话通知", "paper": "纸质未到", "dual": "有纸质件"}
STANDINGS = {"returned": "有退回", "waiting": "有未签收", "withdrawn": "已撤回"}

Row = TypeVar("Row", bound=Model)
Fresh = Mapping[uuid.UUID, Document]
AtDesk = Callable[[uuid.UUID, uuid.UUID | None], list[Any]]


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


def at_desk(kind: type[Prepared[Any]] | type[PreparedSql], write: Callable[[QuerySet[Delivery]], Any]) -> AtDesk:
    """What `write` asks of a desk's rows, written once for registries and once for offices."""
    registry = kind(lambda unit: write(desk_rows(unit, None)), unit=UUIDField())
    an_office = kind(lambda unit, office: write(desk_rows(unit, office)), unit=UUIDField(), office=UUIDField())

    def asked(unit: uuid.UUID, office: uuid.UUID | None) -> list[Any]:
        return registry(unit=unit) if office is None else an_office(unit=unit, office=office)

    return asked


def deliveries(unit_id: uuid.UUID, office_id: uuid.UUID | None, wanted: Wanted) -> Found[Delivery]:
    """The deliveries of one desk, narrowed; the latest first."""
    desk = desk_rows(unit_id, office_id)
    rows = _between(desk, "arrived_at", wanted)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.mark == "paper":
        rows = rows.filter(paper_open=True)
    found = _with_words(
        rows,
        wanted.sought,
        partial(_fresh_at, unit_id, office_id),
        partial(Holders.among, column="dispatch_id", through=Dispatch),
    )
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
    rows = _between(_sent_by(unit_id), "sent_at", wanted)
    found = _with_words(rows, wanted.sought, partial(_fresh_of, unit_id), partial(Holders.among, column="document_id"))
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


def _sent_by(unit_id: uuid.UUID) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(unit_id=unit_id).order_by("-sent_at")


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


def _with_words(
    rows: QuerySet[Row], sought: Sought, fresh: Callable[[], Fresh], among: Callable[[Holders], Q]
) -> Found[Row]:
    """Those whose document holds what is sought; of the few that are not in the search yet the titles are opened."""
    if not sought:
        return Found(rows)
    if sought.faults:
        return Found(rows.none())
    held = holders(sought.terms())
    new = [row for row, document in fresh().items() if sought.fits(document) and sought.fits_text(document, "")]
    within, cut = (rows, False) if held.seldom else newest(rows, SCANNED)
    return Found(within.filter(Q(pk__in=new) | among(held)), cut)


def _not_indexed(desk: QuerySet[Row], document: str) -> QuerySet[Row]:
    """Of the newest rows those whose document is not in the search yet."""
    new = {f"{document}__indexed_at": None, f"{document}__state__in": INDEXED}
    return desk.model._default_manager.filter(pk__in=desk.values("pk")[:FRESH], **new).select_related(document)


_fresh_deliveries = at_desk(Prepared, lambda desk: _not_indexed(desk, "dispatch__document"))
_fresh_dispatches = Prepared(lambda unit: _not_indexed(_sent_by(unit), "document"), unit=UUIDField())


def _fresh_at(unit_id: uuid.UUID, office_id: uuid.UUID | None) -> Fresh:
    return {row.pk: row.dispatch.document for row in _fresh_deliveries(unit_id, office_id)}


def _fresh_of(unit_id: uuid.UUID) -> Fresh:
    return {row.pk: row.document for row in _fresh_dispatches(unit=unit_id)}


def _sender(name: str) -> Q:
    units, names = like(name)
    return Q(dispatch__unit_id__in=units) | Q(dispatch__sender_id__in=names)


def _scanned(found: Found[Row], further: Q) -> Found[Row]:
    if not further:
        return found
    within, cut = newest(found.rows, SCANNED)
    return Found(within.filter(further), cut or found.cut)
