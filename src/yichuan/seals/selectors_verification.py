"""Which verification seal a unit prints with, and who holds it (J-34)."""

import uuid

from django.db.models import UUIDField

from yichuan.common.prepared import Prepared
from yichuan.people.models import Account
from yichuan.seals.kinds import SealState
from yichuan.seals.models import VerificationSeal

STANDING = (SealState.IN_USE, SealState.SUSPENDED)

_of_unit = Prepared(
    lambda unit: (
        VerificationSeal.objects.filter(seal__unit_id=unit, seal__state__in=STANDING)
        .select_related("seal", "holder")
        .order_by("-seal__issued_at")
    ),
    unit=UUIDField(),
)


def printing_seals(unit_id: uuid.UUID, name_id: int) -> list[VerificationSeal]:
    """The verification seals of a unit: those in use before suspended ones, of the name (`UnitName`) that is meant
    first, the newest first."""
    found = _of_unit(unit=unit_id)
    return sorted(found, key=lambda each: (each.seal.state != SealState.IN_USE, each.seal.unit_name_id != name_id))


def seal_to_print_with(account: Account, unit_id: uuid.UUID, name_id: int) -> VerificationSeal | None:
    """The one that this person holds, else the first that another holds; None where the unit has none."""
    found = printing_seals(unit_id, name_id)
    own = (each for each in found if each.holder_id == account.pk)
    return next(own, found[0] if found else None)
