"""What reports of damage and loss say of a seal as it stands now."""

from django.db.models import QuerySet

from yichuan.seals.kinds import Cause
from yichuan.seals.models import LossReport, Seal, SealUse
from yichuan.seals.services.parties import Role

OF_UNIT_CHANGES = frozenset((Cause.RENAME, Cause.MERGER, Cause.DEREGISTRATION))


def standing_reports(seal: Seal) -> QuerySet[LossReport]:
    """The reports for which the seal was suspended; none once it was found again."""
    if seal.suspended_at is None:
        return LossReport.objects.none()
    return LossReport.objects.filter(seal=seal, reported_at__gte=seal.suspended_at).order_by("reported_at")


def used_since(seal: Seal) -> bool:
    """Whether it sealed anything after the time since which it is missing."""
    first = standing_reports(seal).order_by("lost_at").first()
    uses = SealUse.objects.filter(seal=seal).exclude(state=SealUse.State.FAILED)
    return first is not None and uses.filter(begun_at__gte=first.lost_at).exists()


def taker_of(seal: Seal) -> Role:
    """Who takes in the old carrier (J-25): after changes of the unit the secretariat, else the operator."""
    return Role.SUPERVISING if seal.cause in OF_UNIT_CHANGES else Role.OPERATING
