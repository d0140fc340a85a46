"""What an office system is shown of its box: what arrived and what changed, in the order in which it happened."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, Q, QuerySet, UUIDField

from yichuan.audit.models import Entry
from yichuan.audit.unreadable import moments
from yichuan.common.prepared import Prepared
from yichuan.exchange.models import Delivery, DeliveryRequest
from yichuan.exchange.selectors import with_names
from yichuan.exchange.states import SUPERSEDED
from yichuan.org.models import Box, Office, Unit
from yichuan.org.selectors import Desk
from yichuan.org.selectors.addressing import NamedUnit, units_called

Happened = tuple[datetime, uuid.UUID]
LOOKED = "exchange.look"
Row = TypeVar("Row", bound=Model)


def of_desk(desk: Desk) -> QuerySet[Delivery]:
    """The deliveries of one desk, with what a line says."""
    found = with_names(Delivery.objects.filter(unit_id=desk.unit_id))
    return found.filter(office=None) if desk.office_id is None else found.filter(office_id=desk.office_id)


def happened(desk: Desk, after: Happened, limit: int, state: str = "") -> list[Happened]:
    """When something happened to which delivery, the earliest first: at most `limit`, each of three indexes once.

    An arrival is found by its time, an act by the log's entry on it, an answer to a request by its own time. With
    `state` only arrivals of what is in that state now.
    """
    arrivals = Delivery.objects.filter(unit_id=desk.unit_id)
    arrivals = arrivals.filter(office=None) if desk.office_id is None else arrivals.filter(office_id=desk.office_id)
    if state:
        return _first(arrivals.filter(state=state), "arrived_at", "id", after, limit)
    entries = Entry.objects.filter(unit_id=desk.unit_id, subject_kind="exchange.delivery").exclude(verb=LOOKED)
    answered = DeliveryRequest.objects.filter(delivery__unit_id=desk.unit_id)
    found = [
        *_first(arrivals, "arrived_at", "id", after, limit),
        *moments(_later(entries, "at", "subject_id", after)[:limit]),
        *_first(answered, "answered_at", "delivery_id", after, limit),
    ]
    return sorted(set(found))[:limit]


def _first(rows: QuerySet[Row], at: str, key: str, after: Happened, limit: int) -> list[Happened]:
    return list(_later(rows, at, key, after).values_list(at, key)[:limit])


def _later(rows: QuerySet[Row], at: str, key: str, after: Happened) -> QuerySet[Row]:
    since, last = after
    later = Q(**{f"{at}__gt": since}) | Q(**{at: since, f"{key}__gt": last})
    return rows.filter(later, **{f"{at}__gte": since}).order_by(at, key)


def deliveries_named(desk: Desk, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Delivery]:
    """Those of them that lie at this desk."""
    return {each.pk: each for each in of_desk(desk).filter(pk__in=set(ids))}


def units_named(texts: Iterable[str]) -> dict[str, list[NamedUnit]]:
    """The units that each text may mean: by id or code whichever unit it is, by its present name an open one."""
    meant: dict[str, list[NamedUnit]] = {text: [] for text in texts}
    ids = {text: named for text in meant if (named := _uuid(text)) is not None}
    found = units_called(meant, ids.values())
    for unit in found:
        for said in {unit.code} if unit.closed_at is not None else {unit.code, unit.short_name, unit.name}:
            if said in meant:
                meant[said].append(unit)
    by_id = {unit.id: unit for unit in found} if ids else {}
    for text, unit_id in ids.items():
        if unit_id in by_id and by_id[unit_id] not in meant[text]:
            meant[text].append(by_id[unit_id])
    return meant


class BoardRow(NamedTuple):
    """One recipient of a dispatch, with what its unit is called, then and now."""

    delivery: uuid.UUID
    role: str
    allowance: int
    printed: int
    state: str
    counted_day: date | None
    signed_for_at: datetime | None
    received_at: datetime | None
    returned_at: datetime | None
    return_reason: str
    addressee: str
    addressee_office: str
    unit_id: uuid.UUID
    code: str
    short_name: str
    name: str
    closed_at: datetime | None


def board_rows(dispatch_id: uuid.UUID) -> list[BoardRow]:
    """The tracking board, in the order of `exchange.selectors_board`, for whom it is told row by row."""
    return [BoardRow(*row) for row in _board(dispatch=dispatch_id)]


def _board_rows(dispatch: uuid.UUID) -> QuerySet[Delivery, tuple[Any, ...]]:
    rows = Delivery.objects.filter(dispatch=dispatch).exclude(state__in=SUPERSEDED)
    return rows.order_by("unit__batch", "unit__order").values_list(
        "pk", "role", "allowance", "printed", "state", "counted_day", "signed_for_at", "received_at", "returned_at",
        "return_reason", "addressee__short_name", "addressee_office",
        "unit_id", "unit__code", "unit__short_name", "unit__name", "unit__closed_at",
    )  # fmt: skip


_board = Prepared(_board_rows, dispatch=UUIDField())


def offices_named(units: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Office]]:
    """The present offices of these units."""
    found: dict[uuid.UUID, list[Office]] = {}
    for office in Office.objects.filter(unit_id__in=set(units), closed_at=None):
        found.setdefault(office.unit_id, []).append(office)
    return found


def addressable_offices(units: Iterable[Unit]) -> dict[uuid.UUID, list[Office]]:
    """The offices of each unit that letters may be addressed to (D2)."""
    boxes = Box.objects.filter(unit__in=list(units), closed_at=None, office__closed_at=None, addressable=True)
    found: dict[uuid.UUID, list[Office]] = {}
    for box in boxes.exclude(office=None).select_related("office").order_by("office__order", "office__name"):
        if box.office is not None:
            found.setdefault(box.unit_id, []).append(box.office)
    return found


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
