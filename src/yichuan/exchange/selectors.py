"""Reading deliveries, dispatches and receipts."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from django.db.models import Count, Q, QuerySet, UUIDField

from yichuan.common.among import Several
from yichuan.common.prepared import Prepared, PreparedSql
from yichuan.exchange.models import Delivery, Dispatch, PaperItem, PrintedCopy, Receipt
from yichuan.exchange.selectors_search import Wanted, at_desk, deliveries, dispatches
from yichuan.exchange.states import SUPERSEDED, DeliveryState
from yichuan.web.lists import counting


def with_names(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """With everything that a line of a list says: the names of their day and the present ones."""
    return deliveries.select_related(
        "dispatch__document", "dispatch__sender", "dispatch__unit", "addressee", "unit", "office"
    )


_named = Prepared(
    lambda keys: with_names(Delivery.objects.filter(pk__among=keys)).select_related("box"), keys=Several(UUIDField())
)
_one_named = Prepared(
    lambda key: with_names(Delivery.objects.filter(pk=key)).select_related("box").order_by(), key=UUIDField()
)


def named(keys: Collection[uuid.UUID]) -> list[Delivery]:
    """These deliveries, in no order, with what a line of a list says of each; the caller asks who may see them.

    One is asked for by itself: of a list, whose length it does not know, PostgreSQL plans the eight joins anew each
    time, which takes longer than reading them.
    """
    if len(keys) == 1:
        return _one_named(key=next(iter(keys)))
    return _named(keys=keys)


_lines = Prepared(
    lambda keys: Delivery.objects.filter(pk__among=keys).select_related(
        "dispatch__document", "dispatch__sender", "dispatch__unit", "box"
    ),
    keys=Several(UUIDField()),
)


def lines(keys: Collection[uuid.UUID]) -> list[Delivery]:
    """The same for the list of one desk, whose unit and office need not be said: with document, sender and box."""
    return _lines(keys=keys)


_on_paper: Prepared[tuple[uuid.UUID, int, int]] = Prepared(
    lambda deliveries: (
        PaperItem.objects.filter(delivery__pk__among=deliveries)
        .order_by()
        .values_list("delivery_id")
        .annotate(n=Count("pk"), there=Count("arrived_at"))
    ),
    deliveries=Several(UUIDField()),
)


def with_marks(deliveries: list[Delivery]) -> list[Delivery]:
    """Set how much of each travels on paper and how much of that has arrived: in one query for those a page shows."""
    shown = {delivery.pk: delivery for delivery in deliveries}
    for delivery_id, all_of_it, arrived in _on_paper(deliveries=shown):
        shown[delivery_id].papers, shown[delivery_id].papers_arrived = all_of_it, arrived
    return deliveries


def inbox(
    unit_id: uuid.UUID, office_id: uuid.UUID | None = None, *, state: str = "", sender: str = ""
) -> QuerySet[Delivery]:
    """The deliveries of one desk (the unit's registry, or one office), the latest first; narrowed by state and by the
    sender's names of then or now, or its pinyin."""
    return with_names(deliveries(unit_id, office_id, Wanted(state=state, name=sender)).rows)


_in_each_state = at_desk(PreparedSql, lambda desk: counting({s.value: desk.filter(state=s) for s in DeliveryState}))


def inbox_counts(unit_id: uuid.UUID, office_id: uuid.UUID | None = None) -> dict[str, int]:
    """How many deliveries of one desk stand in each state: counted from the index, and no further than a list."""
    return {name: int(number) for name, number in _in_each_state(unit_id, office_id)}


def unsigned(unit_id: uuid.UUID, office_id: uuid.UUID | None = None, limit: int = 50) -> list[Delivery]:
    """What nobody has signed for yet, the one that waits longest first."""
    return list(inbox(unit_id, office_id, state=DeliveryState.DELIVERED).order_by("arrived_at", "id")[:limit])


def returned_to(unit_id: uuid.UUID, limit: int = 50) -> list[Delivery]:
    """What other units returned to this one and it has not dealt with, the longest ago first."""
    found = Delivery.objects.filter(dispatch__unit_id=unit_id, state=DeliveryState.RETURNED, return_settled_at=None)
    return list(with_names(found).order_by("returned_at", "id")[:limit])


def next_unsigned(delivery: Delivery, wanted: Wanted | None = None) -> Delivery | None:
    """The next delivery to open after this one is handled: of the others, the one that waits longest.

    With a list's own filter it is the next of that list: of one state the one below, else the longest unsigned. Where
    the filter leaves none, it is the next of all.
    """
    return (_next_of(delivery, wanted) if wanted else None) or _next_of(delivery, Wanted())


def _next_of(delivery: Delivery, wanted: Wanted) -> Delivery | None:
    state = wanted.state or DeliveryState.DELIVERED
    rows = deliveries(delivery.unit_id, delivery.office_id, replace(wanted, state=state)).rows.exclude(pk=delivery.pk)
    if state == DeliveryState.DELIVERED:
        return with_names(rows).order_by("arrived_at", "id").first()
    below = Q(arrived_at__lt=delivery.arrived_at) | Q(arrived_at=delivery.arrived_at, pk__lt=delivery.pk)
    return with_names(rows.filter(below)).first() or with_names(rows).first()


def dispatches_of(unit_id: uuid.UUID) -> QuerySet[Dispatch]:
    """The unit's dispatches, the latest first."""
    return dispatches(unit_id, Wanted()).rows.select_related("document")


_sent = Prepared(
    lambda keys: Dispatch.objects.filter(pk__among=keys).select_related("document__box"), keys=Several(UUIDField())
)


def sent_rows(keys: Collection[uuid.UUID]) -> list[Dispatch]:
    """These dispatches, in no order, with their documents."""
    return _sent(keys=keys)


def _state_rows(dispatches: Collection[uuid.UUID]) -> QuerySet[Delivery, tuple[uuid.UUID, str, int]]:
    rows = Delivery.objects.filter(dispatch__pk__among=dispatches).exclude(state__in=SUPERSEDED)
    return rows.values_list("dispatch_id", "state").annotate(n=Count("id")).order_by()


_states = Prepared(_state_rows, dispatches=Several(UUIDField()))


def with_progress(dispatches: Iterable[Dispatch]) -> list[Dispatch]:
    """Set how far these dispatches are: counted for those a page shows, never for all that were ever sent."""
    shown = {dispatch.pk: dispatch for dispatch in dispatches}
    for dispatch_id, state, number in _states(dispatches=shown):
        dispatch = shown[dispatch_id]
        dispatch.total += number
        if state == DeliveryState.RECEIVED:
            dispatch.received = number
        elif state == DeliveryState.SIGNED_FOR:
            dispatch.signed = number
        elif state == DeliveryState.RETURNED:
            dispatch.returned = number
    return list(shown.values())


def copies_of(delivery: Delivery) -> list[PrintedCopy]:
    """The originals that were printed, in the order of their numbers."""
    return list(delivery.copies.filter(state=PrintedCopy.State.ISSUED).select_related("printed_by").order_by("number"))


def receipts_of(delivery: Delivery) -> list[Receipt]:
    """The receipts of one delivery, the latest first."""
    return receipts_of_each({delivery.pk: delivery})[delivery.pk][::-1]


_receipts = Prepared(
    lambda deliveries: Receipt.objects.filter(delivery__pk__among=deliveries).order_by("at", "-kind"),
    deliveries=Several(UUIDField()),
)


def receipts_of_each(deliveries: Mapping[uuid.UUID, Delivery]) -> dict[uuid.UUID, list[Receipt]]:
    """The receipts of several, the earliest first: of one moment that of signing for before that of receiving."""
    found: dict[uuid.UUID, list[Receipt]] = {each: [] for each in deliveries}
    for receipt in _receipts(deliveries=deliveries):
        receipt.delivery = deliveries[receipt.delivery_id]
        found[receipt.delivery_id].append(receipt)
    return found
