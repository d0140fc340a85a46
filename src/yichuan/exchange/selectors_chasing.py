"""Reading what nobody has signed for, who was reminded of it, and whom to telephone (R8, G-20)."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, DateTimeField, Exists, Min, OuterRef, QuerySet, UUIDField
from django.db.models.functions import Coalesce

from yichuan.common import profile
from yichuan.common.among import Several
from yichuan.common.prepared import Prepared
from yichuan.exchange.half_days import HalfDay, last_ended
from yichuan.exchange.models import Delivery, Dispatch, PhoneCall, Reminder
from yichuan.exchange.selectors import with_names
from yichuan.exchange.states import DeliveryState


@dataclass(frozen=True)
class Waiting:
    """A desk (a unit's registry, or with `office_id` an office) and what lies there that nobody has signed for."""

    unit_id: uuid.UUID
    office_id: uuid.UUID | None
    number: int
    oldest_at: datetime

    @property
    def desk(self) -> uuid.UUID:
        """What a reminder names the desk by."""
        return self.office_id or self.unit_id


def not_signed_for(before: datetime | None = None) -> QuerySet[Delivery]:
    """What nobody has signed for, over all units that are open; what arrived before a moment, if one is given."""
    found = Delivery.objects.filter(state=DeliveryState.DELIVERED, unit__closed_at=None)
    return found.filter(arrived_at__lt=before) if before else found


def sent_by(sender_id: uuid.UUID, waiting: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Of what waits, what this unit sent.

    The sender is compared as an expression, so that no database begins with all that the unit has ever sent.
    """
    return waiting.alias(sender=Coalesce("dispatch__unit_id", "dispatch__unit_id")).filter(sender=sender_id)


def waiting_desks(before: datetime, unit_ids: list[uuid.UUID] | None = None) -> list[Waiting]:
    """The desks with something unsigned that arrived before this moment, the longest waiting first."""
    found = not_signed_for(before)
    if unit_ids is not None:
        found = found.filter(unit__in=unit_ids)
    rows = found.values_list("unit_id", "office_id").annotate(n=Count("id"), oldest=Min("arrived_at"))
    return [Waiting(*row) for row in rows.order_by("oldest", "unit_id", "office_id")]


def overdue(now: datetime) -> QuerySet[Delivery]:
    """What should have been signed for by the end of a half day and was not."""
    ended = last_ended(now)
    return not_signed_for(ended.asked) if ended else Delivery.objects.none()


def _late_rows(before: datetime, dispatches: Collection[uuid.UUID]) -> QuerySet[Delivery, tuple[uuid.UUID, int]]:
    rows = not_signed_for(before).filter(dispatch__pk__among=dispatches)
    return rows.values_list("dispatch_id").annotate(n=Count("id")).order_by()


_late = Prepared(_late_rows, before=DateTimeField(), dispatches=Several(UUIDField()))


def mark_dispatches(dispatches: Iterable[Dispatch], now: datetime) -> list[Dispatch]:
    """Set on each of these how many of its recipients should have signed by now; two queries."""
    shown, ended = list(dispatches), last_ended(now)
    late = dict(_late(before=ended.asked, dispatches=[each.pk for each in shown])) if ended else {}
    for dispatch in shown:
        dispatch.late = late.get(dispatch.pk, 0)
    return shown


def overdue_of_dispatches(sender_id: uuid.UUID, now: datetime) -> list[tuple[uuid.UUID, int]]:
    """The sender's dispatches with overdue recipients, and how many each has, the longest waiting first."""
    rows = overdue(now).filter(dispatch__unit_id=sender_id).values_list("dispatch_id")
    return list(
        rows.annotate(n=Count("id"), oldest=Min("arrived_at")).order_by("oldest").values_list("dispatch_id", "n")
    )


def reminders_of(unit_id: uuid.UUID, office_id: uuid.UUID | None) -> QuerySet[Reminder]:
    """The reminders of an office, or those of the whole unit, the latest first."""
    found = Reminder.objects.filter(unit_id=unit_id).select_related("office")
    found = found.filter(office_id=office_id) if office_id else found
    return found.order_by("-day", "-half", "-sent_at", "-id")


def open_reminders(unit_id: uuid.UUID, *, steps: tuple[str, ...], office_id: uuid.UUID | None = None) -> list[Reminder]:
    """The latest open reminder of each desk of the unit (or of one office) among these steps that told somebody."""
    found = reminders_of(unit_id, office_id).filter(settled_at=None, step__in=steps)
    latest: dict[uuid.UUID, Reminder] = {}
    for reminder in found:
        if reminder.told:
            latest.setdefault(reminder.desk, reminder)
    return list(latest.values())


def reported(half: HalfDay) -> QuerySet[Reminder]:
    """The desks that had not signed at the end of a half day, as the supervising office was told."""
    found = Reminder.objects.filter(day=half.day, half=half.half, step=Reminder.Step.SUPERVISOR)
    return found.select_related("unit", "office").order_by("unit__order", "office__order", "id")


def signed(half: HalfDay) -> QuerySet[Delivery]:
    """What was signed for within a half day."""
    return Delivery.objects.filter(signed_for_at__gte=half.start, signed_for_at__lt=half.end)


def to_telephone_offices(unit_id: uuid.UUID, now: datetime) -> QuerySet[Delivery]:
    """Whom the unit's registry telephones (G-20): its own offices with an urgent document not signed for in time."""
    return _urgent(now, "unit_id").filter(unit_id=unit_id, office__isnull=False)


def to_telephone_units(sender_id: uuid.UUID, now: datetime) -> QuerySet[Delivery]:
    """Whom the sender telephones: the registries that have not signed in time for what it sent as urgent."""
    return sent_by(sender_id, _urgent(now, "dispatch__unit_id").filter(office=None))


def _urgent(now: datetime, caller: str) -> QuerySet[Delivery]:
    """Urgent deliveries not signed for in time, about which the unit `caller` has not telephoned yet."""
    rules = profile.current()
    called = PhoneCall.objects.filter(delivery=OuterRef("pk"), kind=PhoneCall.Kind.REMINDER, unit_id=OuterRef(caller))
    found = with_names(not_signed_for(now - rules.hours.urgent))
    found = found.filter(~Exists(called), dispatch__document__urgency__in=rules.urgencies[1:])
    return found.order_by("arrived_at", "id")
