"""Reading deliveries, dispatches and receipts."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from yichuan.exchange.models import Delivery, Dispatch, PrintedCopy, Receipt
from yichuan.exchange.states import DeliveryState


def with_names(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """With everything that a line of a list says: the names of their day and the present ones."""
    return deliveries.select_related(
        "dispatch__document", "dispatch__sender", "dispatch__unit", "addressee", "unit", "office"
    )


def _at(unit_id: uuid.UUID, office_id: uuid.UUID | None) -> QuerySet[Delivery]:
    """What one desk holds: an office's own, or what belongs to no office."""
    found = Delivery.objects.filter(unit_id=unit_id)
    return found.filter(office=None) if office_id is None else found.filter(office_id=office_id)


def inbox(
    unit_id: uuid.UUID, office_id: uuid.UUID | None = None, *, state: str = "", number: str = "", sender: str = ""
) -> QuerySet[Delivery]:
    """The deliveries of one desk (the unit's registry, or one office), the latest first; narrowed by state, part of
    the number, the sender's names of then or now, or its pinyin."""
    found = with_names(_at(unit_id, office_id)).order_by("-arrived_at", "-id")
    if state:
        found = found.filter(state=state)
    if number:
        found = found.filter(dispatch__document__number__contains=number)
    if sender:
        named = Q(dispatch__unit__short_name__contains=sender) | Q(dispatch__unit__name__contains=sender)
        named |= Q(dispatch__sender__short_name__contains=sender) | Q(dispatch__sender__name__contains=sender)
        letters = sender.lower()
        spelled = Q(dispatch__unit__pinyin__startswith=letters) | Q(dispatch__unit__initials__contains=letters)
        found = found.filter(named | spelled)
    return found


def inbox_counts(unit_id: uuid.UUID, office_id: uuid.UUID | None = None) -> dict[str, int]:
    """How many deliveries of one desk stand in each state."""
    counts = dict.fromkeys((state.value for state in DeliveryState), 0)
    rows = _at(unit_id, office_id).values_list("state").annotate(n=Count("id")).order_by()
    return counts | dict(rows)


def unsigned(unit_id: uuid.UUID, office_id: uuid.UUID | None = None, limit: int = 50) -> list[Delivery]:
    """What nobody has signed for yet, the one that waits longest first."""
    return list(inbox(unit_id, office_id, state=DeliveryState.DELIVERED).order_by("arrived_at", "id")[:limit])


def returned_to(unit_id: uuid.UUID, limit: int = 50) -> list[Delivery]:
    """What other units returned to this one and it has not dealt with, the longest ago first."""
    found = Delivery.objects.filter(dispatch__unit_id=unit_id, state=DeliveryState.RETURNED, return_settled_at=None)
    return list(with_names(found).order_by("returned_at", "id")[:limit])


def unsigned_count(unit_id: uuid.UUID, office_id: uuid.UUID | None = None) -> int:
    """How many deliveries of one desk nobody has signed for: what every page shows, from the index alone."""
    return _at(unit_id, office_id).filter(state=DeliveryState.DELIVERED).count()


def next_unsigned(delivery: Delivery) -> Delivery | None:
    """The next delivery to open after this one is handled: of the others, the one that waits longest."""
    waiting = inbox(delivery.unit_id, delivery.office_id, state=DeliveryState.DELIVERED).exclude(pk=delivery.pk)
    return waiting.order_by("arrived_at", "id").first()


def dispatches_of(unit_id: uuid.UUID, *, number: str = "") -> QuerySet[Dispatch]:
    """The unit's dispatches, the latest first; by part of the number."""
    found = Dispatch.objects.filter(unit_id=unit_id).select_related("document").order_by("-sent_at")
    return found.filter(document__number__contains=number) if number else found


def with_progress(dispatches: Iterable[Dispatch]) -> list[Dispatch]:
    """Set how far these dispatches are: counted for those a page shows, never for all that were ever sent."""
    shown = {dispatch.pk: dispatch for dispatch in dispatches}
    rows = Delivery.objects.filter(dispatch__in=shown).values_list("dispatch_id", "state").annotate(n=Count("id"))
    for dispatch_id, state, number in rows.order_by():
        dispatch = shown[dispatch_id]
        dispatch.total += number
        if state == DeliveryState.RECEIVED:
            dispatch.received = number
        elif state == DeliveryState.SIGNED_FOR:
            dispatch.signed = number
        elif state == DeliveryState.RETURNED:
            dispatch.returned = number
    return list(shown.values())


@dataclass(frozen=True)
class Board:
    """A dispatch's tracking board: its deliveries by batch, and the sums over them."""

    deliveries: list[Delivery]
    counts: dict[str, int]
    allowance: int
    printed: int
    receipts: int

    @property
    def passed_on(self) -> list[Delivery]:
        """Those that another unit holds than they were addressed to: it was merged or deregistered since."""
        return [delivery for delivery in self.deliveries if delivery.passed_on]

    @property
    def signed(self) -> int:
        """How many have signed for it, whatever came after."""
        return sum(delivery.signed_for_at is not None for delivery in self.deliveries)


def board(dispatch: Dispatch) -> Board:
    """Everything the sender's tracking board shows."""
    deliveries = list(dispatch.deliveries.select_related("unit", "addressee").order_by("unit__batch", "unit__order"))
    counts = dict.fromkeys((state.value for state in DeliveryState), 0)
    for delivery in deliveries:
        counts[delivery.state] += 1
    return Board(
        deliveries=deliveries,
        counts=counts,
        allowance=sum(delivery.allowance for delivery in deliveries),
        printed=sum(delivery.printed for delivery in deliveries),
        receipts=Receipt.objects.filter(delivery__dispatch=dispatch).exclude(signature=None).count(),
    )


def copies_of(delivery: Delivery) -> list[PrintedCopy]:
    """The originals that were printed, in the order of their numbers."""
    return list(delivery.copies.filter(state=PrintedCopy.State.ISSUED).select_related("printed_by").order_by("number"))


def receipts_of(delivery: Delivery) -> list[Receipt]:
    """The receipts of one delivery, the latest first."""
    return list(delivery.receipts.order_by("-at"))
