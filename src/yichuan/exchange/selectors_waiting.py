"""What nobody at a desk has signed for, as every page says it: without the title, which rests encrypted, so that it
stands also while the key device does not answer."""

import uuid

from django.db.models import QuerySet, Subquery, UUIDField

from yichuan.common.prepared import Prepared
from yichuan.exchange.models import Delivery
from yichuan.exchange.selectors_search import at_desk, desk_rows
from yichuan.exchange.states import DeliveryState
from yichuan.web.numbers import Number, Numbers, Question


def _unsigned(desk: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return desk.filter(state=DeliveryState.DELIVERED)


def _both_ends(desk: QuerySet[Delivery]) -> QuerySet[Delivery]:
    said = _unsigned(desk).select_related("dispatch__document", "dispatch__sender", "dispatch__unit")
    of_dispatch = ("dispatch__sender__short_name", "dispatch__unit__short_name", "dispatch__unit__closed_at")
    longest = _unsigned(desk).order_by("arrived_at", "id").values("pk")[:1]
    return said.only("arrived_at", "dispatch__document__number", *of_dispatch).annotate(longest=Subquery(longest))[:1]


_ends = at_desk(Prepared, _both_ends)
_at_registry = Question(lambda unit: _unsigned(desk_rows(unit, None)), unit=UUIDField())
_at_office = Question(lambda unit, office: _unsigned(desk_rows(unit, office)), unit=UUIDField(), office=UUIDField())


def unsigned_number(unit_id: uuid.UUID, office_id: uuid.UUID | None = None) -> Number:
    """How many there are: counted from the index, and no further than a list."""
    return _at_registry(unit=unit_id) if office_id is None else _at_office(unit=unit_id, office=office_id)


def unsigned_count(unit_id: uuid.UUID, office_id: uuid.UUID | None = None) -> int:
    """The same where nothing else is asked for."""
    return Numbers().one(unsigned_number(unit_id, office_id))


def newest_and_longest(unit_id: uuid.UUID, office_id: uuid.UUID | None = None) -> tuple[Delivery, uuid.UUID] | None:
    """The newest of it, and the key of the one that has waited longest; None where nothing waits."""
    found = _ends(unit_id, office_id)
    return (found[0], found[0].longest) if found else None
