"""The ledger of uses (用印登记, S8), searched as a custodian or a leader asks of it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from yichuan.seals.models import Approval, Seal, SealUse


@dataclass(frozen=True)
class Wanted:
    """What of the ledger is looked for; nothing given: all of it. Days are local, both included."""

    seal_id: uuid.UUID | None = None
    number: str = ""
    person: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None


def uses(unit_id: uuid.UUID, wanted: Wanted) -> QuerySet[SealUse]:
    """The unit's uses of its seals that match, the latest first; a person is whoever sealed or agreed to it."""
    seals = Seal.objects.filter(unit_id=unit_id)
    if wanted.seal_id is not None:
        seals = seals.filter(pk=wanted.seal_id)
    found = SealUse.objects.filter(seal__in=seals).select_related("seal", "custodian").order_by("-begun_at", "pk")
    if wanted.number:
        found = found.filter(number__icontains=wanted.number)
    if wanted.state in SealUse.State:
        found = found.filter(state=wanted.state)
    if wanted.since is not None:
        found = found.filter(begun_at__gte=_start(wanted.since))
    if wanted.until is not None:
        found = found.filter(begun_at__lt=_start(wanted.until + timedelta(days=1)))
    if wanted.person:
        agreed = Approval.objects.filter(
            opening=OuterRef("opening"), agreed=True, custodian__account__name__icontains=wanted.person
        )
        found = found.filter(Q(custodian__name__icontains=wanted.person) | Exists(agreed))
    return found


def seals_ever(unit_id: uuid.UUID) -> QuerySet[Seal]:
    """Every seal that the unit had or has, for the choice."""
    return Seal.objects.filter(unit_id=unit_id).only("name", "bottom_line", "state").order_by("-issued_at")


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
