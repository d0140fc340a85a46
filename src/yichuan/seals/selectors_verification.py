"""Which verification seal a unit prints with, and who holds it (J-34)."""

import uuid

from django.db.models import Case, IntegerField, QuerySet, Value, When

from yichuan.people.models import Account
from yichuan.seals.kinds import SealState
from yichuan.seals.models import VerificationSeal

STANDING = (SealState.IN_USE, SealState.SUSPENDED)


def printing_seals(unit_id: uuid.UUID, name_id: int) -> QuerySet[VerificationSeal]:
    """The verification seals of a unit: of the name (`UnitName`) that is meant first, those in use before suspended
    ones, the newest first."""
    rows = VerificationSeal.objects.filter(seal__unit_id=unit_id, seal__state__in=STANDING)
    meant = Case(When(seal__unit_name_id=name_id, then=Value(0)), default=Value(1), output_field=IntegerField())
    in_use = Case(When(seal__state=SealState.IN_USE, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.select_related("seal", "holder").order_by(in_use, meant, "-seal__issued_at")


def seal_to_print_with(account: Account, unit_id: uuid.UUID, name_id: int) -> VerificationSeal | None:
    """The one that this person holds, else the first that another holds; None where the unit has none."""
    found = list(printing_seals(unit_id, name_id))
    own = (each for each in found if each.holder_id == account.pk)
    return next(own, found[0] if found else None)
