"""Reading the units' own seal rules (J-26): the newest of each, and who has filed none."""

import uuid

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from yichuan.org.models import Unit
from yichuan.seals.models import Seal, SealRules


def newest_rules(unit_id: uuid.UUID) -> SealRules | None:
    """The edition that is in force in the unit."""
    return editions(unit_id).first()


def editions(unit_id: uuid.UUID) -> QuerySet[SealRules]:
    """Every edition of the unit, the newest first."""
    return SealRules.objects.filter(unit_id=unit_id).select_related("filed_by", "unit").order_by("-filed_at")


def units_with_rules(*, missing: bool) -> QuerySet[Unit]:
    """Open units in order, each with `filed_at` of its newest rules and `has_seal`; or only those without rules."""
    newest = SealRules.objects.filter(unit=OuterRef("pk")).order_by("-filed_at")
    units = Unit.objects.filter(closed_at=None).annotate(
        filed_at=Subquery(newest.values("filed_at")[:1]),
        rules_id=Subquery(newest.values("pk")[:1]),
        has_seal=Exists(Seal.objects.filter(unit=OuterRef("pk"), withdrawn_at=None)),
    )
    return (units.filter(filed_at=None) if missing else units).order_by("order", "pk")
