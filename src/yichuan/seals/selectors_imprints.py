"""Reading imprints."""

from django.db.models import QuerySet

from yichuan.org.models import Unit, UnitName
from yichuan.seals.models import Imprint


def imprints_of(unit: Unit) -> QuerySet[Imprint]:
    """The unit's imprints, the latest first, without their pictures."""
    near = Imprint.objects.filter(unit=unit).select_related("unit_name", "made_by", "approved_by")
    return near.defer("ofd", "svg", "scan").order_by("-made_at", "-pk")


def present_names(unit: Unit) -> QuerySet[UnitName]:
    """The names that the unit carries now, its own first: each may have a seal (J-9)."""
    return UnitName.objects.filter(unit=unit, valid_to=None).order_by("-main", "valid_from", "pk")


def imprints_to_approve(unit: Unit) -> int:
    """How many wait for the unit's head."""
    return Imprint.objects.filter(unit=unit, approved_at=None).count()
